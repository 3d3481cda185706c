package ips.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class CompressedBodiesTest extends RequestReading {
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

    private static String gzip(String text) {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return gzip.toString(StandardCharsets.ISO_8859_1);
    }

    private static String hex(String digits) {
        byte[] bytes = HexFormat.of().parseHex(digits);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
