package ips.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.Fuzz;
import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

/**
 * Bodies of every form and encoding, most of them broken: whatever they are, their parts are the
 * same by Content-Length and in chunks, at once and cut anywhere, and lie within what was sent. See
 * {@link Fuzz} for more.
 */
class BodiesFuzzTest {
    private static final int BODIES = Fuzz.cases(20_000);

    private static final String[] TYPES = {
        "application/json",
        "multipart/form-data; boundary=bb",
        "multipart/form-data; boundary=\"b;b\"",
        "text/xml; charset=utf-8",
        "application/x-www-form-urlencoded",
        "text/plain",
        ""
    };

    private static final String[] SEEDS = {
        "{\"a\": [\"b\", {\"c\": \"\\u0027\"}], \"d\": 1, \"e\\\\\": null}",
        "--bb\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n"
                + "Content-Type: x/y\r\n\r\nv\r\n--bb\r\nContent-Disposition: form-data;"
                + " name=b\r\n\r\n1\r\n--bb--\r\n",
        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"b\">]><r a=\"b\">t&amp;"
                + "<![CDATA[x]]><!-- c --></r>",
        "a=b&c=d%27+e&&=f&g"
    };

    private static final String[] PIECES = {
        "\"",
        "\\",
        "\\u00",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "--bb",
        "--b;b",
        "\r\n",
        "\n",
        "\r\n\r\n",
        "name=",
        "filename=\"",
        "<",
        ">",
        "<!",
        "<![CDATA[",
        "]]>",
        "&",
        "&#x",
        ";",
        "=",
        "%2",
        "+",
        "\0",
        "-",
        "Content-Disposition: form-data; "
    };

    /** Adds up what it hears. */
    private static final class Sum implements PartListener {
        private long hash;
        private int parts;
        private int open;

        @Override
        public void begin(int stream, DirectBuffer path, int offset, int length) {
            assertEquals(0, open++);
        }

        @Override
        public void part(
                PartKind kind,
                DirectBuffer name,
                int nameOffset,
                int nameLength,
                DirectBuffer value,
                int valueOffset,
                int valueLength) {
            assertEquals(1, open);
            parts++;
            hash = hash * 31 + kind.ordinal();
            add(name, nameOffset, nameLength);
            add(value, valueOffset, valueLength);
        }

        private void add(DirectBuffer buffer, int offset, int length) {
            assertTrue(length >= 0, "a negative length");
            hash = hash * 31 + length;
            for (int i = 0; i < length; i++) {
                hash = hash * 31 + buffer.getByte(offset + i);
            }
        }

        @Override
        public void pause(int stream, int slot) {
            assertEquals(0, --open);
        }

        @Override
        public void resume(int stream, int slot) {
            assertEquals(0, open++);
        }

        @Override
        public void end(int stream) {
            assertEquals(0, --open);
        }
    }

    private final Sum sum = new Sum();
    private final Counters counters = new Counters();
    private final HttpConfig config = new HttpConfig(8, 8, 300_000);
    private final RequestReader reader = new RequestReader(4, config, sum, counters);
    private final HttpParser parser = new HttpParser(4, config, reader, counters);

    @Test
    void tellsTheSamePartsHoweverABodyTravels() throws IOException {
        int told = 0;
        for (int i = 0; i < BODIES; i++) {
            Random random = new Random(Fuzz.SEED << 32 | i);
            String head = "POST /p HTTP/1.1\r\n";
            String type = TYPES[random.nextInt(TYPES.length)];
            head += type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
            byte[] body = body(random);
            if (random.nextInt(4) == 0) {
                head += "Content-Encoding: " + (random.nextBoolean() ? "gzip" : "deflate") + "\r\n";
                body = compressed(random, body);
            }

            long plain = read(random, withLength(head, body), Integer.MAX_VALUE);
            long cut = read(random, withLength(head, body), 1 + random.nextInt(900));
            long chunked = read(random, inChunks(random, head, body), 1 + random.nextInt(900));

            String name = "seed " + Fuzz.SEED + ", body " + i;
            assertEquals(plain, cut, name);
            assertEquals(plain, chunked, name);
            told += sum.parts;
        }
        assertTrue(told > BODIES * 3L, told + " parts");
    }

    private long read(Random random, byte[] sent, int most) {
        sum.hash = 0;
        sum.parts = 0;
        reader.tick(); // what a client may have inflated is counted by the tick
        parser.opened(0);
        for (int at = 0; at < sent.length; ) {
            int size =
                    Math.min(
                            sent.length - at, most == Integer.MAX_VALUE ? most : cut(random, most));
            // a buffer of its own, so that nothing behind the range can be read
            byte[] range = Arrays.copyOfRange(sent, at, at + size);
            parser.bytes(0, true, new FrameBuffer(range), 0, size);
            at += size;
        }
        parser.closed(0);
        assertEquals(0, sum.open);
        return sum.hash;
    }

    private static int cut(Random random, int most) {
        return 1 + random.nextInt(most);
    }

    private static byte[] body(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            text.append(HttpTraffic.mutated(random, SEEDS[random.nextInt(SEEDS.length)]));
            for (int pieces = random.nextInt(6); pieces > 0; pieces--) {
                text.insert(
                        random.nextInt(text.length() + 1), PIECES[random.nextInt(PIECES.length)]);
            }
        }
        if (random.nextInt(200) == 0) {
            int at = random.nextInt(text.length() + 1);
            text.insert(
                    at, PIECES[random.nextInt(PIECES.length)].repeat(1 + random.nextInt(20_000)));
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] compressed(Random random, byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                random.nextBoolean()
                        ? new GZIPOutputStream(bytes)
                        : new DeflaterOutputStream(bytes)) {
            out.write(plain);
        }
        byte[] body = bytes.toByteArray();
        if (random.nextInt(3) == 0) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(body, random.nextInt(body.length + 1)) : body;
    }

    private static byte[] withLength(String head, byte[] body) {
        return joined(head + "Content-Length: " + body.length + "\r\n\r\n", body, "");
    }

    private static byte[] inChunks(Random random, String head, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(joined(head + "Transfer-Encoding: chunked\r\n\r\n", new byte[0], ""));
        for (int at = 0; at < body.length; ) {
            int size = Math.min(body.length - at, 1 + random.nextInt(1 + random.nextInt(2000)));
            String line = Integer.toHexString(size) + (random.nextInt(9) == 0 ? ";x=y" : "");
            bytes.writeBytes(
                    joined(line + "\r\n", Arrays.copyOfRange(body, at, at + size), "\r\n"));
            at += size;
        }
        bytes.writeBytes(joined("0\r\n\r\n", new byte[0], ""));
        return bytes.toByteArray();
    }

    private static byte[] joined(String before, byte[] middle, String behind) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(before.getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(middle);
        bytes.writeBytes(behind.getBytes(StandardCharsets.ISO_8859_1));
        return bytes.toByteArray();
    }
}
