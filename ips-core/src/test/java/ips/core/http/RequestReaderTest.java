package ips.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {
    private static final int STREAMS = 100;

    /** Each part as a line: {@code QUERY id=1}. */
    private static final class Parts implements TextParts {
        private final StringBuilder text = new StringBuilder();
        private final BitSet waiting = new BitSet();
        private int open;
        private String path = "";

        @Override
        public void begin(int stream, DirectBuffer buffer, int offset, int length) {
            assertEquals(0, open++);
            path = TextParts.string(buffer, offset, length);
        }

        @Override
        public void part(PartKind kind, String name, String value) {
            assertEquals(1, open);
            text.append(kind).append(' ').append(name.replace("\n", "\\n"));
            text.append('=').append(value.replace("\n", "\\n")).append('\n');
        }

        @Override
        public void pause(int stream, int slot) {
            assertEquals(0, --open);
            assertFalse(waiting.get(slot));
            waiting.set(slot);
        }

        @Override
        public void resume(int stream, int slot) {
            assertEquals(0, open++);
            assertTrue(waiting.get(slot));
            waiting.clear(slot);
        }

        @Override
        public void end(int stream) {
            assertEquals(0, --open);
        }
    }

    private final Counters counters = new Counters();
    private final Parts parts = new Parts();
    private final RequestReader reader =
            new RequestReader(STREAMS, new HttpConfig(8, 8), parts, counters);
    private final HttpParser parser =
            new HttpParser(STREAMS, new HttpConfig(8, 8), reader, counters);

    private String read(String request) {
        parser.opened(0);
        feed(0, request.getBytes(StandardCharsets.ISO_8859_1), Integer.MAX_VALUE);
        parser.closed(0);
        assertEquals(0, parts.open + parts.waiting.cardinality());
        return parts.text.toString();
    }

    private void feed(int stream, byte[] bytes, int size) {
        Segments.feed(parser, stream, true, bytes, size);
    }

    private String body(String type, String body) {
        return read("POST /p HTTP/1.1\r\nContent-Type: "
                        + type
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                .replace("PATH =/p\n", "");
    }

    @Test
    void takesPathQueryCookiesAndHeadersApart() {
        String told =
                read(
                        "GET http://h/a/b?x=1&y&=z&&u=a=b HTTP/1.1\r\nHost: h\r\nUser-Agent: ua\r\n"
                                + "Cookie: a=1; b=2;c\r\nReferer: http://r/p?q=a+b\r\n"
                                + "X-Other: o\r\n\r\n");

        assertEquals(
                "PATH =http://h/a/b\nQUERY x=1\nQUERY =y\nQUERY =z\nQUERY u=a=b\n"
                        + "USER_AGENT User-Agent=ua\nCOOKIE a=1\nCOOKIE b=2\nCOOKIE =c\n"
                        + "REFERER Referer=http://r/p\nREFERER q=a b\nHEADER X-Other=o\n",
                told);
        assertEquals("/a/b", parts.path);
    }

    @Test
    void looksAtRoutineHeadersThatHoldSignsTheyNeverNeed() {
        String told = read("GET / HTTP/1.1\r\nHost: ${jndi:x}\r\nAccept: a/b, */*;q=0.8\r\n\r\n");

        assertEquals("PATH =/\nHEADER Host=${jndi:x}\n", told);
    }

    @Test
    void takesFormsApart() {
        assertEquals(
                "FORM a=1%27\nFORM b=\nFORM =c\n",
                body("application/x-www-form-urlencoded", "a=1%27&b=&c"));
        assertEquals("/p", parts.path);
    }

    @Test
    void takesJsonApart() {
        assertEquals(
                "JSON user=O'Brien\nJSON =list\nJSON list=x\nJSON list=y\nJSON =$ne\nJSON $ne=\"\\n\u00c3\u00a9\n",
                body(
                                "application/json",
                                "{\"user\": \"O\\u0027Brien\", \"list\": [\"x\", \"y\", 1],"
                                        + " \"$ne\": [null, \"\\\"\\n\\u00e9\"]}")
                        .replace("é", "\u00c3\u00a9"));
    }

    @Test
    void namesAnOperatorOfJsonByTheFieldItIsFor() {
        assertEquals(
                "JSON =user\nJSON user[$ne]=\nJSON =user[$in]\nJSON user[$in]=a\nJSON =age\n"
                        + "JSON =age[$gt]\nJSON =$or\n",
                body(
                        "application/json",
                        "{\"user\": {\"$ne\":\"\", \"$in\": [\"a\"]},"
                                + " \"age\":{\"$gt\":5},\"$or\":[]}"));
    }

    @Test
    void namesAnOperatorThatIsTheDocumentItself() {
        assertEquals("JSON [$gt]=\n", body("application/json", " {\"$gt\":\"\"}"));
        assertEquals(
                "JSON [$gt]=\nJSON =$match\nJSON =$match[$gt]\n",
                body("application/json", "[{\"$match\":{\"$gt\":1}}]"));
    }

    @Test
    void handsOutJsonThatIsNoneWhole() {
        assertEquals("JSON =x\nBODY ='x' or \"x\"\n", body("application/json", "'x' or \"x\""));
    }

    @Test
    void takesMultipartApart() {
        String told =
                body(
                        "multipart/form-data; boundary=\"bb\"",
                        "--bb\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1' or\r\n--x\r\n"
                                + "--bb\r\nContent-Disposition: form-data; name=f;"
                                + " filename=\"../e\"vil.php\"\r\nContent-Type: x/y\r\n\r\n"
                                + "<?php\r\n--bb--\r\n");

        assertEquals(
                "MULTIPART a=1' or\r\\n--x\nHEADER Content-Type=x/y\n"
                        + "FILE_NAME f=../e\"vil.php\nFILE =<?php\n",
                told);
    }

    @Test
    void handsOutTheBeginningOfAFile() {
        String told =
                body(
                        "multipart/form-data; boundary=bb",
                        "--bb\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\n"
                                + "x".repeat(5000)
                                + "\r\n--bb--\r\n");

        assertEquals("FILE_NAME f=a\nFILE =" + "x".repeat(1024) + "\n", told);
    }

    @Test
    void takesAFileWithoutANameForAField() {
        String value = "x".repeat(2000);

        String told =
                body(
                        "multipart/form-data; boundary=bb",
                        "--bb\r\nContent-Disposition: form-data; name=f; filename=\"\"\r\n\r\n"
                                + value
                                + "\r\n--bb--\r\n");

        assertEquals("MULTIPART f=" + value + "\n", told);
    }

    @Test
    void findsTheBoundaryInTheBodyIfTheHeaderNamesAnother() {
        assertEquals(
                "MULTIPART n=v\n",
                body(
                        "multipart/form-data; boundary=other",
                        "--real\nContent-Disposition: form-data; name=n\n\nv\n--real--\n"));
    }

    @Test
    void takesXmlApart() {
        assertEquals(
                "XML a=1 < 2\nXML =it's\nXML =raw <b>\nXML = it's raw <b>\n"
                        + "XML_PROLOG =<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                        + " <![CDATA[raw <b>]]></r> \n",
                body(
                        "text/xml",
                        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM"
                                + " \"file:///etc/passwd\">]><r a='1 &lt; 2'> it&#x27;s "
                                + "<![CDATA[raw <b>]]></r>"));
    }

    @ParameterizedTest
    @CsvSource({
        "<body>a</body>, false",
        "<body onload='x()'>a</body>, true",
        "<img/>, true",
        "<script>a</script>, true"
    })
    void tellsMarkupOfPagesInXmlWhereItCanRunSomething(String element, boolean told) {
        String parts = body("text/xml", "<r>" + element + "</r>");

        assertEquals(told, parts.contains("XML_PROLOG"), parts);
    }

    @Test
    void joinsXmlTextThatCommentsAndCdataSectionsCut() {
        String told =
                body(
                        "text/xml",
                        "<r>1' uni<!-- x -->on<![CDATA[ sel]]>ect &lt;<b/>apart<!--y--></r>");

        assertTrue(told.contains("XML =1' union select <\n"), told);
        assertTrue(told.contains("XML =apart\n"), told);
    }

    @Test
    void handsOutNameAndPasswordOfBasicAuthorization() {
        String told = read("GET / HTTP/1.1\r\nAuthorization: Basic  YTpi\r\n\r\n");

        assertEquals("PATH =/\nHEADER Authorization=YTpi\n", told);
    }

    @Test
    void inflatesAllMembersOfGzipAndWhatIsCompressedForTransfer() {
        String zipped = gzip("a=1&") + gzip("id=1%27") + gzip("&c=d");

        String told = body("x/urlencoded\r\nContent-Encoding: gzip", zipped);
        assertTrue(told.endsWith("FORM a=1\nFORM id=1%27\nFORM c=d\n"), told);
        parts.text.setLength(0);
        told =
                read(
                        "POST /p HTTP/1.1\r\nContent-Type: x/urlencoded\r\n"
                                + "Transfer-Encoding: gzip, chunked\r\n\r\n"
                                + Integer.toHexString(zipped.length())
                                + "\r\n"
                                + zipped
                                + "\r\n0\r\n\r\n");
        assertTrue(told.endsWith("FORM a=1\nFORM id=1%27\nFORM c=d\n"), told);
    }

    @Test
    void aFloodOfBodiesThatSwellIsReadInPart() {
        String bomb = gzip("a".repeat((1 << 20) - 100) + "&id=1%27");
        String head = "x/urlencoded\r\nContent-Encoding: gzip";

        assertTrue(body(head, bomb).endsWith("FORM id=1%27\n"));
        assertEquals(0, counters.get(Counter.HTTP_BODIES_CUT));
        for (int i = 0; i < 10; i++) {
            parts.text.setLength(0);
            body(head, bomb);
        }
        assertTrue(parts.text.length() < 40 * bomb.length(), () -> "" + parts.text.length());
        assertEquals(10, counters.get(Counter.HTTP_BODIES_CUT));

        parts.text.setLength(0);
        assertTrue(
                body(head, gzip("id=1%27")).endsWith("FORM id=1%27\n"),
                "what does not swell is read as ever");

        reader.tick();
        parts.text.setLength(0);
        assertTrue(body(head, bomb).endsWith("FORM id=1%27\n"));
    }

    private static String gzip(String text) {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return gzip.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void takesABodyWithoutATypeForAFormIfItBeginsAsOne() {
        String told = read("POST /p HTTP/1.1\r\nContent-Length: 7\r\n\r\na=1&b=2");

        assertEquals("PATH =/p\nFORM a=1\nFORM b=2\n", told);
    }

    @Test
    void looksAtATypeThatHoldsASignThatTypesNeverNeed() {
        String told = read("GET / HTTP/1.1\r\nContent-Type: text/`id`\r\n\r\n");

        assertEquals("PATH =/\nHEADER Content-Type=text/`id`\n", told);
    }

    @Test
    void looksAtTheHeadersOfAFieldOfAMultipartBody() {
        String told =
                body(
                        "multipart/form-data; boundary=b",
                        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n"
                                + "Content-Type: %{1+1}\r\n\r\nx\r\n--b--\r\n");

        assertEquals("HEADER Content-Type=%{1+1}\nFILE_NAME f=a\nFILE =x\n", told);
    }

    @Test
    void handsOutBodiesOfOtherTypesWhole() {
        assertEquals("BODY =a=b&c\n", body("text/plain", "a=b&c"));
    }

    @Test
    void inflatesGzipAndDeflate() throws IOException {
        byte[] form = "id=1%27+or+1%3D1".getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(form);
        }
        ByteArrayOutputStream deflate = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflate)) {
            out.write(form);
        }

        for (ByteArrayOutputStream body : new ByteArrayOutputStream[] {gzip, deflate}) {
            parts.text.setLength(0);
            body(
                    "application/x-www-form-urlencoded\r\nContent-Encoding: gzip",
                    body.toString(StandardCharsets.ISO_8859_1));

            assertTrue(
                    parts.text.toString().endsWith("FORM id=1%27+or+1%3D1\n"),
                    parts.text::toString);
        }
        body("text/plain\r\nContent-Encoding: gzip", "not at all");
        assertTrue(parts.text.toString().endsWith("BODY =not at all\n"));
        assertEquals(1, counters.get(Counter.HTTP_BODIES_BROKEN));
    }

    @Test
    void undoesBrotli() {
        String head = "application/x-www-form-urlencoded\r\nContent-Encoding: br";

        assertTrue(
                body(head, hex("8b078069643d312532372b6f722b312533443103"))
                        .endsWith("FORM id=1%27+or+1%3D1\n"));
        parts.text.setLength(0);
        String told = body(head, hex("5b881a86df48993abeb5c90a199cea09ab455e2b04cc9a2361f0083113"));

        assertTrue(told.endsWith("+\nFORM id=1\n"), () -> told.substring(told.length() - 40));
        assertEquals(0, counters.get(Counter.HTTP_BODIES_BROKEN));
        assertTrue(body(head, "a=plain").endsWith("FORM a=plain\n"));
        assertEquals(1, counters.get(Counter.HTTP_BODIES_BROKEN));
    }

    private static String hex(String digits) {
        byte[] bytes = HexFormat.of().parseHex(digits);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void looksAtAMebibyteOfABody() {
        String told = body("application/x-www-form-urlencoded", "a=b&".repeat(300_000));

        assertEquals((1 << 20) / 4, told.split("FORM a=b\n", -1).length - 1);
        assertEquals(1, counters.get(Counter.HTTP_BODIES_CUT));
    }

    @Test
    void looksAtWhatStandsBehindAWindowThatIsCompressed() throws IOException {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(("pad=" + "+".repeat(400_000) + "&id=1").getBytes(StandardCharsets.UTF_8));
        }

        String told =
                body(
                        "application/x-www-form-urlencoded\r\nContent-Encoding: gzip",
                        gzip.toString(StandardCharsets.ISO_8859_1));

        assertTrue(told.endsWith("+\nFORM id=1\n"), () -> told.substring(told.length() - 40));
        assertEquals(0, counters.get(Counter.HTTP_BODIES_CUT));
    }

    @Test
    void looksAtABodyThatBreaksOff() {
        String told = read("POST /p HTTP/1.1\r\nContent-Length: 100\r\n\r\nid=1");

        assertTrue(told.endsWith("FORM id=1\n"), told);
    }

    @Test
    void looksAtAChunkedBodyThatBreaksOffBeforeItsTrailers() {
        String told =
                read("POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nid=1\r\n0\r\n");

        assertTrue(told.endsWith("FORM id=1\n"), told);
    }

    @Test
    void looksAtABodyThatATunnelCutsOff() {
        parser.opened(0);
        feed(
                0,
                "POST /p HTTP/1.1\r\nContent-Length: 100\r\n\r\nid=1"
                        .getBytes(StandardCharsets.ISO_8859_1),
                1000);
        byte[] answer = "HTTP/1.1 101 Switching\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        parser.bytes(0, false, new FrameBuffer(answer), 0, answer.length);

        assertTrue(parts.text.toString().endsWith("FORM id=1\n"));
    }

    @Test
    void looksAtBodiesThatHaveToMakeWay() {
        byte[] start =
                "POST /p HTTP/1.1\r\nContent-Length: 9\r\n\r\nid"
                        .getBytes(StandardCharsets.ISO_8859_1);
        for (int stream = 0; stream < 50; stream++) {
            parser.opened(stream);
            feed(stream, start, 1000);
        }

        assertEquals(43, counters.get(Counter.HTTP_BODIES_CUT));
        assertEquals(43, parts.text.toString().split("BODY =id\n", -1).length - 1);
    }

    @Test
    void tellsTheSamePartsHoweverBytesAreCut() {
        for (int seed = 0; seed < 100; seed++) {
            String traffic = HttpTraffic.requests(new Random(seed), false);
            byte[] bytes = traffic.getBytes(StandardCharsets.ISO_8859_1);
            parts.text.setLength(0);
            String whole = read(traffic);
            for (int size : new int[] {1, 3, 50}) {
                parts.text.setLength(0);
                parser.opened(1);
                feed(1, bytes, size);
                parser.closed(1);

                assertEquals(whole, parts.text.toString(), "seed " + seed + " by " + size);
            }
        }
    }
}
