package ips.core.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConversationTest {
    private final HttpPool pool = new HttpPool(new HttpAsked(true, true));
    private final HttpConversation http = new HttpConversation(pool);
    private final ByteRange range = new ByteRange();

    private void send(boolean toServer, byte[] bytes, int segment) {
        for (int at = 0; at < bytes.length; at += segment) {
            int length = Math.min(segment, bytes.length - at);
            http.bytes(toServer, range.set(new FrameBuffer(bytes), at, length));
        }
    }

    private void send(boolean toServer, String text) {
        send(toServer, text.getBytes(ISO_8859_1), 7);
    }

    private String part(int transaction, String word, boolean toServer) {
        HttpTransaction each = http.live().get(transaction);
        ByteRange found = HttpBuffers.of(each, word, toServer, 0, new ByteRange());
        if (found == null) {
            return null;
        }
        byte[] bytes = new byte[found.length];
        found.buffer.getBytes(found.offset, bytes);
        return new String(bytes, ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/./b/../c?x=../y, /a/c?x=../y",
        "/a%2fb/%2e%2e/c, /a/c",
        "/%2527, /%27",
        "/a+b%u0041\\d//e?x//%u0041\\, /a+bA/d/e?x//%u0041\\",
        "/caf%c3%a9/%ef%bc%a1%e4%b8%ad%c0%ae, /caf\u00e9/A?.",
        "./../x/./, x",
        "/%zz%4%u00zz, /%zz%4%u00zz",
        "http://user@Example.com:80/x?y#z, /x?y#z",
        "/a/b/.., /a",
        "/../../x, /x",
        "/.a/..b/..., /.a/..b/...",
        "/a/., /a",
        "mailto:x@y, x@y",
        "http:/x, /x",
        "http:///x/y, /x/y",
        "a.example:80, 80",
        "/\u00e9\u00ff, /??",
        "*, *"
    })
    void normalisesTheUriOnce(String uri, String normalised) {
        send(true, "GET " + uri + " HTTP/1.1\r\n\r\n");

        assertEquals(normalised, part(0, "http_uri", true));
        assertEquals(uri, part(0, "http_uri_raw", true));
    }

    @Test
    void givesThePartsOfARequest() {
        send(
                true,
                "POST /p HTTP/1.1\r\nHost:  Shop.Example:8080\r\nX-A: 1\r\nCookie: c=1\r\n"
                        + "x-a:2\r\nX-Folded: a\r\n  b\r\nContent-Length: 5\r\n\r\nq=1&r");

        assertEquals("POST", part(0, "http_method", true));
        assertEquals("POST /p HTTP/1.1", part(0, "http_request_line", true));
        assertEquals("HTTP/1.1", part(0, "http_protocol", true));
        assertEquals("shop.example", part(0, "http_host", true));
        assertEquals("Shop.Example:8080", part(0, "http_host_raw", true));
        assertEquals("c=1", part(0, "http_cookie", true));
        assertEquals("5", part(0, "http_content_length", true));
        assertEquals("q=1&r", part(0, "http_request_body", true));
        assertEquals(
                "Host: Shop.Example:8080\r\nX-A: 1, 2\r\nX-Folded: a  b\r\nContent-Length: 5\r\n",
                part(0, "http_header", true));
        assertEquals(
                "\r\nHost\r\nX-A\r\nCookie\r\nX-Folded\r\nContent-Length\r\n\r\n",
                part(0, "http_header_names", true));
        assertNull(part(0, "http_referer", true));
    }

    @ParameterizedTest
    @CsvSource({
        "http://u:p@[2001:DB8::1]:8080/, [2001:db8::1]",
        "http://A.example, a.example",
        "/, b.example"
    })
    void takesTheHostOfAnAbsoluteUriFirst(String uri, String host) {
        send(true, "GET " + uri + " HTTP/1.1\r\nHost: b.example:81\r\n\r\n");

        assertEquals(host, part(0, "http_host", true));
    }

    @ParameterizedTest
    @CsvSource({
        "GET /a b HTTP/1.1, GET, /a, b HTTP/1.1",
        "GET /a\tb HTTP/1.1, GET, /a\tb, HTTP/1.1",
        "GET\t/a\tHTTP/1.1, GET, /a, HTTP/1.1",
        "' GET /a HTTP/1.1', GET, /a, HTTP/1.1",
        "CONNECT a.b:443 HTTP/1.1, CONNECT, '', HTTP/1.1"
    })
    void takesTheFirstLineApartAtBlanks(String line, String method, String uri, String protocol) {
        send(true, line + "\r\nHost: a\r\n\r\n");

        assertEquals(method, part(0, "http_method", true));
        assertEquals(uri, part(0, "http_uri", true));
        assertEquals(protocol, part(0, "http_protocol", true));
    }

    @Test
    void takesTheResponseToALineWithoutProtocolForABodyAlone() {
        send(true, "GET /old\r\n\r\n");
        send(false, "HTTP/1.0 200 OK\r\n\r\n<html>");
        http.end(false);

        assertNull(part(0, "http_stat_code", false));
        assertEquals("HTTP/1.0 200 OK\r\n\r\n<html>", part(0, "file_data", false));
    }

    @Test
    void givesFilesOfAFormOneByOne() {
        String form =
                "--b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\ntext\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n"
                        + "first\r\nfile\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=\"g\"; filename=\"y\"\r\n\r\n"
                        + "second\r\n--b--\r\n";
        send(
                true,
                "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                        + ("Content-Length: " + form.length() + "\r\n\r\n")
                        + form);

        assertEquals("first\r\nfile", part(0, "file_data", true));
        assertEquals("second", file(1));
        assertNull(file(2));
        assertEquals(form, part(0, "http_request_body", true));
    }

    private String file(int index) {
        ByteRange found =
                HttpBuffers.of(http.live().get(0), "file_data", true, index, new ByteRange());
        return found == null
                ? null
                : found.buffer.getStringWithoutLengthAscii(found.offset, found.length);
    }

    /** 300 lines such as {@code <p>row 7 of evil-brotli-433</p>}. */
    private static final byte[] BROTLI =
            Base64.getDecoder()
                    .decode(
                            "wuhERPWkgbA44E32EEphb8Ji0/Q1jxmcnPJ5c8NhqgtxKM9quWuQljQ2VNBFupf12yC8RiBk"
                                    + "wcU9O9NQRQdJELSxL+uAYcB+LUfkNm7uNUSTVRD/I89/vZb58Tekv+e/PP3dQLwOtzjTLXei"
                                    + "kOOYGp3sgMxwl53V8GaCR/ws7hv9x7mnuO9jkFub2lR2P5n1LLvi8IbGx/m7/cTOnacod7Eh"
                                    + "bxn1vgi9PTrFspsd3lj4uH+VTyx7nv5ydyfkDk0tLPouMec2e9+cpLel2disY1ZnVjDLNbsy"
                                    + "70nMG7fMAua5bfVktbaaWs236rEqWqWtbq3ut+4ZdkH7FLsXuz27hd2sXcuuYpdnl3C669xD"
                                    + "TmHnLOfvdHrjtHQaO3Wd+rvVuOW6Xbn3JO6NG24B99zh9uS2cZvzNfDV46voK+3r1tf9vnuG"
                                    + "r6DvNF+vz/h6/xk/LZ7x0+wzfmo946fKyo2fB0+btgHOdHf529HwXxEQ/7jfG3/0nmNac1uG"
                                    + "YGMTqivD+JypZomWHOK6Bud3+jko7jwDdO6xqcnHyabaiOPm6Amws/UO5yqB+8t8Lro97+B3"
                                    + "bmfCZUFzdVimH1fawd/ZdoZ7DUH+2p9ElSOnvJoLZLK7JtWRSBchmePWLDDz/t8C9Vt9Co2P"
                                    + "mrq1Fj+T1ZhSSVHumlQ6Xav4M68Y0P/gN/E4nTltSm9zsQl4ql7RrkQ6ZZZu98a+T4D5nf0M"
                                    + "Ch4zh2vu4xqb+J5qR4wbkkntZVp1nPv8YH85n0V3j52Oym6RsDzOpgBNP25pptWybTLs1Qff"
                                    + "B/5ENcebkuVt1+GxU/uEr+liyMvBNfs4j3lp8fv8j/8nGhz/1Fv+rRR+ljG/uid/A5zp7PK3"
                                    + "0PDfd4D4j7tvA//mtFNiG4ZgbROqKsP4nClniXY5xHUMzi/6OTjuzAE693Ebk63MURNxXB89"
                                    + "AXa22uFcKXB/N5+LTs87+J1bTLg8aFOPs0y3pTf4O9vMcK8myF/5kyhz5HSv5gKZ7KxJFRLp"
                                    + "IzTzuFu7wMxrF9Rv9CnUPmqq1lr8TJZjSl2KcsekUnSt4s+87wH6P47fRKujp0nprS82AU9V"
                                    + "K9qlSKebpdu5se8TYH6xn8HBM+dxrrlt4xDfU82IcU0yqbxMy45znx/s785n0dljp1DZPRKT"
                                    + "jzvbAjTdLtk0WrZ1hr3q4PvAnyjneNNledtxeCxqn/A1fQzNPI5rtvXw7icF");

    private static String rows() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("<p>row " + i + " of evil-brotli-" + i * 7919 % 1000 + "</p>\n");
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1460})
    void undoesBrotli(int segment) {
        send(true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        respond("br", BROTLI, segment);

        assertEquals(rows(), part(0, "http_response_body", false));
        assertEquals(rows(), part(0, "file_data", false));
        assertEquals(0, pool.brokenBodies);
    }

    @Test
    void takesWhatIsNoBrotliAsItCameAndCountsIt() {
        send(true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        respond("br", "plainly evil, whatever it says".getBytes(ISO_8859_1), 1460);

        assertEquals("plainly evil, whatever it says", part(0, "file_data", false));
        assertEquals(1, pool.brokenBodies);
    }

    @Test
    void boundsWhatBrotliMakesOfLittle() {
        // 16 MiB of zeros.
        byte[] bomb =
                HexFormat.of().parseHex("cbffff3ff82700e2b14020f7fe2ffffffff04f00c4611180eefd1f");
        send(true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        respond("br", bomb, 1460);

        assertEquals(128 << 10, part(0, "file_data", false).length());
    }

    @Test
    void countsTrailersAmongTheHeaders() {
        send(
                true,
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nT: v\r\n\r\n");

        assertEquals("Transfer-Encoding: chunked\r\nT: v\r\n", part(0, "http_header", true));
        assertEquals(
                "Transfer-Encoding: chunked\r\n\r\nT: v\r\n\r\n", part(0, "http_header_raw", true));
    }

    @Test
    void readsOnBehindLostBytesAsIfNothingHadBeenBetween() {
        send(true, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
        http.gap(true, 4);
        send(true, "xyzGET /2 HTTP/1.1\r\nX");
        http.gap(true, 4);
        send(true, "\r\nHost: a\r\n\r\n");
        http.gap(true, 50);
        send(true, "GET /3 HTTP/1.1\r\n\r\n");

        assertEquals("abcxyz", part(0, "http_request_body", true));
        assertEquals("/2", part(1, "http_uri", true));
        assertEquals("a", part(1, "http_host", true));
        assertEquals("/3", part(2, "http_uri", true));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1460})
    void countsUnannouncedBytesForTheBodyBeforeThem(int segment) {
        String requests =
                "POST /1 HTTP/1.1\r\n\r\na=1\n\r\nb=2\r\nGET /2 HTTP/1.1\r\n\r\n"
                        + "CUSTOM /3 HTTP/1.1\r\nContent-Length: 1\r\n\r\nx\r\n\r\nGET /4\r\n\r\n";
        String responses =
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nA and more\r\n"
                        + "HTTP/1.1 204 None\r\n\r\nunseen";
        send(true, requests.getBytes(ISO_8859_1), segment);
        send(false, responses.getBytes(ISO_8859_1), segment);
        http.end(false);

        assertEquals("a=1\n\r\nb=2\r\n", part(0, "http_request_body", true));
        assertEquals("/2", part(1, "http_uri", true));
        assertEquals("x", part(2, "http_request_body", true));
        assertEquals("/4", part(3, "http_uri", true));
        assertEquals("A and more\r\n", part(0, "file_data", false));
        assertEquals("unseen", part(1, "file_data", false));
    }

    @ParameterizedTest
    @CsvSource({"+3, abc", "' 3 ', abc", "0x3, abcd", "'3, 9', abcd", "none, abcd"})
    void takesTheFirstNumberForTheLengthOfABody(String length, String body) {
        send(true, "PUT / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n" + body);
        http.end(true);

        assertEquals(body, part(0, "http_request_body", true));
        assertEquals(body, file(0));
    }

    @Test
    void leavesOutWhatFollowsTheBytesOfAChunk() {
        send(
                true,
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5\r\nabcdefff\r\n2;x\r\ngh\r\n0\r\n\r\n");

        assertEquals("abcdegh", part(0, "http_request_body", true));
    }

    @Test
    void keepsTheLinesOfAnAnswerThatIsNoHttp() {
        send(true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        send(false, "no such\nprotocol\r\nhere");
        http.end(false);

        assertEquals("no such\nprotocol\r\nhere", part(0, "http_response_body", false));
    }

    @Test
    void takesWhatIsPutForOneFileWhateverItsType() {
        send(
                true,
                "PUT / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                        + "Content-Length: 8\r\n\r\n--b\r\n--b");

        assertEquals("--b\r\n--b", file(0));
    }

    @Test
    void tellsOfATransactionWhatSuricataTells() {
        send(
                true,
                "GET http://A.Example/ HTTP/1.1\r\nHost: b\r\nUser-Agent: x\r\nuser-agent: y\r\n"
                        + "Referer:\r\n\r\n");

        var details = http.live().get(0).details();

        assertEquals("a.example", details.hostname());
        assertEquals("x, y", details.userAgent());
        assertNull(details.referer());
    }

    @Test
    void readsHeadersAsSuricataDoes() {
        send(
                true,
                "GET / HTTP/1.1\r\n\t First: 1\r\nContent-Length: 0\r\nX: \u000bv\u000b\r\n"
                        + "A\0B: c\r\nSet-Cookie: s\r\nL: a\rM: b\r\ncontent-length: 5\r\n\r\n");

        assertEquals(
                "First: 1\r\nContent-Length: 0\r\nX: \u000bv\u000b\r\n: A\0B: c\r\n"
                        + "Set-Cookie: s\r\nL: a\rM: b\r\n",
                part(0, "http_header", true));
        assertEquals("0", part(0, "http_content_length", true));
        assertNull(part(0, "http_cookie", true));
    }

    @Test
    void readsNoMessagesInATunnel() {
        send(true, "CONNECT a.b:443 HTTP/1.1\r\nHost: x\r\n\r\n");
        send(false, "HTTP/1.1 200 OK\r\n\r\n");
        send(true, "GET /inside HTTP/1.1\r\n\r\n");
        send(false, "answer");

        assertEquals(1, http.live().size());
        assertEquals("a.b", part(0, "http_host_raw", true));
        assertNull(part(0, "http_response_body", false));
    }

    @Test
    void pairsPipelinedRequestsWithTheirResponses() {
        send(true, "GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
        send(
                false,
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nA"
                        + "HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n"
                        + "HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3;x\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\n\r\n");

        assertEquals("A", part(0, "http_response_body", false));
        assertEquals("404", part(1, "http_stat_code", false));
        assertEquals("Not Found", part(1, "http_stat_msg", false));
        assertEquals("abcde", part(2, "file_data", false));
        assertEquals(2, http.live().get(2).number());
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream to = new GZIPOutputStream(out)) {
            to.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream to = new DeflaterOutputStream(out)) {
            to.write(bytes);
        }
        return out.toByteArray();
    }

    private void respond(String encoding, byte[] body, int segment) {
        send(true, "GET / HTTP/1.1\r\n\r\n");
        send(false, "HTTP/1.1 200 OK\r\nContent-Encoding: " + encoding + "\r\n\r\n");
        send(false, body, segment);
        http.end(false);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5000})
    void undoesEachLayerOfCompression(int segment) throws IOException {
        byte[] text = "evil ".repeat(3000).getBytes(ISO_8859_1);
        respond("deflate, gzip", gzip(deflate(text)), segment);

        assertEquals(new String(text, ISO_8859_1), part(0, "http_response_body", false));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5000})
    void takesAsItIsWhatIsNotCompressed(int segment) {
        respond("gzip", "plainly evil".getBytes(ISO_8859_1), segment);

        assertEquals("plainly evil", part(0, "http_response_body", false));
    }

    @Test
    void stopsWhereABombWouldGoOff() throws IOException {
        respond("gzip, gzip", gzip(gzip(new byte[64 << 20])), 1460);

        assertEquals(128 << 10, part(0, "http_response_body", false).length());
        assertTrue(pool.buffers.held() < 1 << 20);
    }

    @Test
    void keepsTheLatestOfRequestsThatAreNeverAnswered() {
        for (int i = 0; i < 1000; i++) {
            send(true, "GET /" + i + " HTTP/1.1\r\n\r\n");
        }

        assertEquals(64, http.live().size());
        assertEquals("/999", part(63, "http_uri", true));
    }

    @Test
    void usesBuffersAgain() {
        long held = 0;
        for (int i = 0; i < 200; i++) {
            http.begin();
            send(true, "POST /" + i + " HTTP/1.1\r\nContent-Length: 60000\r\n\r\n");
            send(true, new byte[60_000], 1460);
            if (i == 0) {
                held = pool.buffers.held();
            }
        }

        assertEquals(held, pool.buffers.held());
        assertEquals(0, pool.buffers.refusals());
    }
}
