package ips.bench.http;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * A site: its name, its address and what it answers. Bodies are cut from 1 MiB each of markup and
 * of bytes that look like pictures; half are said to be that long, the others chunked.
 */
final class Site {
    private static final int COUNT = 40;
    private static final int POOL = 1 << 20;
    private static final int ADDRESS = 0xc633_6400; // 198.51.100.0

    /** What a response is made of. */
    enum Content {
        PAGE("text/html; charset=utf-8", 4_000, 90_000, false),
        SCRIPT("application/javascript", 1_500, 120_000, false),
        PICTURE("image/jpeg", 1_200, 100_000, true),
        DATA("application/json", 150, 9_000, false),
        NOTHING("", 0, 0, false);

        private final String type;
        private final int least;
        private final int most;
        private final boolean binary;

        Content(String type, int least, int most, boolean binary) {
            this.type = type;
            this.least = least;
            this.most = most;
            this.binary = binary;
        }
    }

    private final String host;
    private final int address;
    private final boolean behindProxy;
    private final byte[] markup;
    private final byte[] pictures;

    private Site(String host, int address, boolean behindProxy, byte[] markup, byte[] pictures) {
        this.host = host;
        this.address = address;
        this.behindProxy = behindProxy;
        this.markup = markup;
        this.pictures = pictures;
    }

    static Site[] all(SplittableRandom random) {
        byte[] pictures = new byte[POOL];
        random.nextBytes(pictures);
        byte[] markup = markup(random);
        Site[] sites = new Site[COUNT];
        for (int i = 0; i < COUNT; i++) {
            String host = Words.pick(random) + "-" + Words.pick(random) + ".example";
            sites[i] = new Site(host, ADDRESS + 10 + i, i % 2 == 0, markup, pictures);
        }
        return sites;
    }

    private static byte[] markup(SplittableRandom random) {
        StringBuilder text = new StringBuilder(POOL + 200);
        while (text.length() < POOL) {
            text.append("<div class=\"").append(Words.pick(random)).append("\"><p>");
            Words.prose(text, 5 + random.nextInt(30), random);
            text.append("</p><a href=\"/").append(Words.pick(random)).append("\">");
            Words.prose(text, 2, random);
            text.append("</a></div>\n");
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    String host() {
        return host;
    }

    int address() {
        return address;
    }

    /** Whether TLS ends before it, so that browsers send it what they send with TLS only. */
    boolean behindProxy() {
        return behindProxy;
    }

    /** A response, sizes spread evenly over their logarithm between the content's bounds. */
    byte[] respond(Content content, SplittableRandom random) {
        if (content == Content.NOTHING || random.nextInt(12) == 0) {
            String status = content == Content.PICTURE ? "304 Not Modified" : "204 No Content";
            return head(status, random)
                    .append("\r\n")
                    .toString()
                    .getBytes(StandardCharsets.US_ASCII);
        }
        double share = random.nextDouble();
        int length =
                (int)
                        (content.least
                                * StrictMath.pow((double) content.most / content.least, share));
        byte[] pool = content.binary ? pictures : markup;
        int from = random.nextInt(POOL - length);
        StringBuilder head = head("200 OK", random);
        head.append("Content-Type: ").append(content.type).append("\r\n");
        if (content == Content.PAGE && random.nextInt(3) == 0) {
            head.append("Set-Cookie: sid=");
            Words.hex(head, 32, random);
            head.append("; Path=/; HttpOnly; SameSite=Lax\r\n");
        }
        if (content == Content.PICTURE || content == Content.SCRIPT || random.nextBoolean()) {
            head.append("Content-Length: ").append(length).append("\r\n\r\n");
            return join(head, pool, from, length);
        }
        head.append("Transfer-Encoding: chunked\r\n\r\n");
        return chunked(head, pool, from, length, random);
    }

    private static StringBuilder head(String status, SplittableRandom random) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status);
        head.append("\r\nServer: nginx\r\nDate: Tue, 14 Nov 2023 22:13:");
        head.append(10 + random.nextInt(50)).append(" GMT\r\nConnection: keep-alive\r\n");
        head.append("Vary: Accept-Encoding\r\nETag: \"");
        Words.hex(head, 16, random);
        return head.append(
                "\"\r\nX-Content-Type-Options: nosniff\r\nCache-Control: max-age=600\r\n");
    }

    private static byte[] join(StringBuilder head, byte[] pool, int from, int length) {
        byte[] first = head.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] message = new byte[first.length + length];
        System.arraycopy(first, 0, message, 0, first.length);
        System.arraycopy(pool, from, message, first.length, length);
        return message;
    }

    private static byte[] chunked(
            StringBuilder head, byte[] pool, int from, int length, SplittableRandom random) {
        StringBuilder message = head;
        for (int at = 0; at < length; ) {
            int chunk = Math.min(length - at, 2_048 + random.nextInt(14_000));
            message.append(Integer.toHexString(chunk)).append("\r\n");
            message.append(new String(pool, from + at, chunk, StandardCharsets.ISO_8859_1));
            message.append("\r\n");
            at += chunk;
        }
        return message.append("0\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
