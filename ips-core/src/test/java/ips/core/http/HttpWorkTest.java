package ips.core.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.payload.StepCounter;
import java.nio.charset.StandardCharsets;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reading HTTP costs whoever sends what, in steps, which are the same on any machine. */
class HttpWorkTest {
    /**
     * Steps of parser and reader for each byte sent. Of what is tried here the worst takes some 20;
     * to look at all that was kept again for each byte would take hundreds.
     */
    private static final int STEPS_PER_BYTE = 24;

    private static final int SIZE = 300_000;

    private static final String POST = "POST /p HTTP/1.1\r\nHost: h\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

    private static final ObjIntConsumer<byte[]> CONVERSATION = counted();

    @SuppressWarnings("unchecked")
    private static ObjIntConsumer<byte[]> counted() {
        ObjIntConsumer<byte[]> read =
                new StepCounter("ips.core.http.")
                        .make(ReadConversation.class, ObjIntConsumer.class);
        read.accept("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1), 100);
        return read;
    }

    private static long steps(byte[] sent, int segment) {
        long before = StepCounter.steps();
        CONVERSATION.accept(sent, segment);
        return StepCounter.steps() - before;
    }

    private static void assertBounded(String what, byte[] sent) {
        for (int segment : new int[] {7, 1460, SIZE}) {
            long steps = steps(sent, segment);

            assertTrue(
                    steps <= (long) STEPS_PER_BYTE * sent.length,
                    () -> steps / sent.length + " steps a byte for " + what + " by " + segment);
        }
    }

    /** A beginning, and what follows it again and again. */
    private static Stream<String[]> heads() {
        return Stream.of(
                new String[] {"GET /", "x"},
                new String[] {"GET /", "%25"},
                new String[] {"GET /?", "&"},
                new String[] {"GET /?", "a=b&"},
                new String[] {"GET ", " "},
                new String[] {"", " "},
                new String[] {"", "\n"},
                new String[] {"", "\r"},
                new String[] {"", "\r\n"},
                new String[] {"", "G"},
                new String[] {"", "GET "},
                new String[] {"", "GET /\n"},
                new String[] {"", "GET / HTTP/1.1\n\n"},
                new String[] {"", "GET / HTTP/1.1\n"},
                new String[] {"", "CONNECT h HTTP/1.1\n\n"},
                new String[] {"", "\0\n"},
                new String[] {"GET / HTTP/1.1\n\n", "\1\nGET / HTTP/1.1\n\n"},
                new String[] {"GET / HTTP/1.1\r\nA: ", "x"},
                new String[] {"GET / HTTP/1.1\r\nA: ", " "},
                new String[] {"GET / HTTP/1.1\r\n", ":"},
                new String[] {"GET / HTTP/1.1\r\n", "A\r\n"},
                new String[] {"GET / HTTP/1.1\r\n", "A: b\r\n"},
                new String[] {"GET / HTTP/1.1\r\nA: b", "\r\n c"},
                new String[] {"GET / HTTP/1.1\r\nA: b", "\n "},
                new String[] {"GET / HTTP/1.1\r\n", "Cookie: a=b; c\r\n"},
                new String[] {"GET / HTTP/1.1\r\nCookie: ", "; "},
                new String[] {"GET / HTTP/1.1\r\nReferer: ?", "&"},
                new String[] {"GET / HTTP/1.1\r\n", "Content-Length: 9\r\n"},
                new String[] {"GET / HTTP/1.1\r\nContent-Length: ", "9"},
                new String[] {"GET / HTTP/1.1\r\n", "Transfer-Encoding: chunked, x\r\n"},
                new String[] {"GET / HTTP/1.1\r\nTransfer-Encoding: ", "chunked,"},
                new String[] {"GET / HTTP/1.1\r\n", "Content-Type: multipart/x\r\n"},
                new String[] {CHUNKED, "1\r\nx\r\n"},
                new String[] {CHUNKED, "0"},
                new String[] {CHUNKED + "1", ";"},
                new String[] {CHUNKED + "1", ";a=\"b\""},
                new String[] {CHUNKED, "\r"},
                new String[] {CHUNKED, "\n"},
                new String[] {CHUNKED + "0\r\n", "A: b\r\n"},
                new String[] {CHUNKED, "ffffffffffff\r\n"},
                new String[] {"", CHUNKED + "x\r\n"},
                new String[] {"", CHUNKED + "0\r\n\r\n"});
    }

    @ParameterizedTest
    @MethodSource("heads")
    void takesFewStepsForEachByteOfAHead(String start, String unit) {
        String sent = start + unit.repeat(SIZE / unit.length());

        assertBounded(start + unit, sent.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A type, how the body begins, and what follows again and again. */
    private static Stream<String[]> bodies() {
        return Stream.of(
                new String[] {"text/plain", "", "x"},
                new String[] {"x/urlencoded", "", "&"},
                new String[] {"x/urlencoded", "", "="},
                new String[] {"x/urlencoded", "a=", "b"},
                new String[] {"x/urlencoded", "", "a=b&"},
                new String[] {"application/json", "", "["},
                new String[] {"application/json", "", "{\"a\":"},
                new String[] {"application/json", "", "\"\\"},
                new String[] {"application/json", "\"", "\\u0027"},
                new String[] {"application/json", "", "\""},
                new String[] {"application/json", "", "\"\":"},
                new String[] {"application/json", "", "\"\" "},
                new String[] {"application/json", "", " "},
                new String[] {"application/json", "{\"", "a"},
                new String[] {"application/json", "{\"a\":\"", "b"},
                new String[] {"text/xml", "", "<"},
                new String[] {"text/xml", "", "<!"},
                new String[] {"text/xml", "", "<!["},
                new String[] {"text/xml", "", "<![CDATA["},
                new String[] {"text/xml", "", "<![CDATA[]]>"},
                new String[] {"text/xml", "", "<!DOCTYPE a ["},
                new String[] {"text/xml", "<!DOCTYPE a [", "<!ENTITY b 'c'>"},
                new String[] {"text/xml", "", "<!a>"},
                new String[] {"text/xml", "", "<!--"},
                new String[] {"text/xml", "", "<a b='"},
                new String[] {"text/xml", "<a ", "b='c' "},
                new String[] {"text/xml", "<a b='", "&#x27;"},
                new String[] {"text/xml", "", "&"},
                new String[] {"text/xml", "", "&#"},
                new String[] {"text/xml", "", "<?"},
                new String[] {"text/xml", "<a", "="},
                new String[] {"text/xml", "<a", "/"},
                new String[] {"multipart/x; boundary=b", "", "--b\r\n"},
                new String[] {"multipart/x; boundary=b", "", "--b"},
                new String[] {"multipart/x; boundary=b", "", "--"},
                new String[] {"multipart/x; boundary=b", "", "--b\r\n\r\n"},
                new String[] {"multipart/x; boundary=b", "--b\r\n", "A: b\r\n"},
                new String[] {"multipart/x; boundary=b", "--b\r\n", "name="},
                new String[] {"multipart/x; boundary=b", "--b\r\nX: ", "filename"},
                new String[] {"multipart/x; boundary=b", "--b\r\nX: name=\"", "\""},
                new String[] {"multipart/x; boundary=b", "--b\r\nX: name=\"a\"\r\n\r\n", "-"},
                new String[] {
                    "multipart/x; boundary=b", "--b\r\nX: filename=\"a\"\r\n\r\n", "--c\r\n"
                },
                new String[] {
                    "multipart/x; boundary=b",
                    "--b\r\n",
                    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                },
                new String[] {"multipart/x; boundary=-", "", "-"},
                new String[] {"multipart/x; boundary=" + "-".repeat(70), "", "-"},
                new String[] {"multipart/x", "", "-"},
                new String[] {"multipart/x", "--\r\n", "--\r\n"});
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void takesFewStepsForEachByteOfABody(String type, String start, String unit) {
        String body = start + unit.repeat(SIZE / unit.length());
        String head = POST + "Content-Type: " + type + "\r\nContent-Length: ";
        String sent = head + body.length() + "\r\n\r\n" + body;

        assertBounded(type + " " + start + unit, sent.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "GET / HTTP/1.1\r\nA: ", CHUNKED + "1;", POST + "\r\n"})
    void takesFewStepsForEachOfTenMegabytesWithoutALineEnd(String start) {
        byte[] sent = (start + "x".repeat(10 << 20)).getBytes(StandardCharsets.ISO_8859_1);

        long steps = steps(sent, 1460);

        assertTrue(steps <= (long) STEPS_PER_BYTE * sent.length, steps + " steps for " + start);
    }
}
