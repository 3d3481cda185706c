package ips.core.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.Fuzz;
import ips.core.packet.FrameBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hostile conversations: no exception, and the same parts however they are cut into segments. */
class HttpConversationFuzzTest {
    private static final String[] PIECES = {
        "GET / HTTP/1.1\r\n",
        "POST http://a:b@c/%2e%2e/..?%0 HTTP/1.0\n",
        "HEAD",
        "CONNECT x:1\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 101 \r\n",
        "HTTP/1.1 100 C\r\n\r\n",
        "HTTP/1.1 304\r\n",
        "HTTP/1.1 2x4 a b\r\n",
        "http",
        "\r\n",
        "\r\n\r\n",
        "\n",
        "\r",
        "\r\r",
        " ",
        "\t",
        ":",
        "\0",
        "Host: A.b:1\r\n",
        "Host: [::1\r\n",
        "Host:\r\n",
        "Cookie: a=b\r\n",
        "Set-Cookie: c\r\n",
        "Content-Length: 5\r\n",
        "Content-Length: 99999999999999\r\n",
        "Content-Length: -1\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked, gzip\r\n",
        "Content-Encoding: gzip\r\n",
        "Content-Encoding: deflate, gzip\r\n",
        "Content-Encoding: gzip, , deflate, gzip\r\n",
        "5\r\nabcde\r\n",
        "0\r\n",
        "0\r\n\r\n",
        "ffffffffffffffff\r\n",
        "\u001f\u008b\b\0\0\0\0\0\0\0",
        "\u001f\u008b\b\u001f\1",
        "x\u009c",
        "x\u009c\u00cbH\u00cd\u00c9\u00c9\7\0",
        "a".repeat(300),
        "X".repeat(70_000),
        "/..",
        "/.",
        "%41%",
    };

    private static final String[] WORDS = {
        "http_uri", "http_uri_raw", "http_method", "http_request_line", "http_user_agent",
        "http_host", "http_host_raw", "http_request_body", "http_response_body", "file_data",
        "http_header", "http_header_raw", "http_cookie", "http_content_length", "http_header_names",
        "http_start", "http_protocol", "http_stat_code", "http_stat_msg", "http_response_line",
        "http_location", "http_request_header", "http_response_header",
    };

    private final HttpPool pool = new HttpPool(new HttpAsked(true, true));

    private static byte[] conversation(Random random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? PIECES[0] : PIECES[4]);
        int pieces = random.nextInt(25);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        byte[] bytes = text.toString().getBytes(ISO_8859_1);
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private String parts(byte[] requests, byte[] responses, Random cuts) {
        HttpConversation http = new HttpConversation(pool);
        http.begin();
        feed(http, true, requests, cuts);
        feed(http, false, responses, cuts);
        http.end(true);
        http.end(false);
        StringBuilder all = new StringBuilder();
        for (HttpTransaction each : http.live()) {
            for (String word : WORDS) {
                append(all, each, word, true);
                append(all, each, word, false);
            }
            all.append(each.details());
        }
        http.begin();
        return all.toString();
    }

    private static void feed(HttpConversation http, boolean toServer, byte[] bytes, Random cuts) {
        ByteRange range = new ByteRange();
        for (int at = 0; at < bytes.length; ) {
            int length = cuts == null ? bytes.length : 1 + cuts.nextInt(cuts.nextInt(2000) + 1);
            length = Math.min(length, bytes.length - at);
            http.bytes(toServer, range.set(new FrameBuffer(bytes), at, length));
            at += length;
        }
    }

    private static void append(
            StringBuilder all, HttpTransaction each, String word, boolean toServer) {
        ByteRange found = HttpBuffers.of(each, word, toServer, 0, new ByteRange());
        all.append('\n').append(word).append('=');
        if (found != null) {
            byte[] bytes = new byte[found.length];
            found.buffer.getBytes(found.offset, bytes);
            all.append(new String(bytes, ISO_8859_1));
        }
    }

    @Test
    void readsAnythingAlikeHoweverItIsCut() {
        Random seeds = new Random(Fuzz.SEED);
        for (int i = 0; i < Fuzz.cases(4000); i++) {
            long seed = seeds.nextLong();
            Random random = new Random(seed);
            byte[] requests = conversation(random);
            byte[] responses = conversation(random);

            String whole = parts(requests, responses, null);
            String cut = parts(requests, responses, random);

            assertEquals(whole, cut, "seed " + seed);
        }
        assertTrue(pool.buffers.held() <= HttpPool.BUFFER_BYTES);
        assertEquals(0, pool.buffers.refusals());
    }
}
