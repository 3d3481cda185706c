package ips.core.http;

import java.util.Random;

/** Seeded requests, well-formed and broken. */
final class HttpTraffic {
    private HttpTraffic() {}

    static String requests(Random random, boolean broken) {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String end = random.nextInt(4) == 0 ? "\n" : "\r\n";
            String body = letters(random, random.nextInt(80));
            boolean chunked = random.nextInt(3) == 0;
            text.append(random.nextInt(9) == 0 ? end : "");
            text.append(random.nextBoolean() ? "GET" : "POST")
                    .append(" /")
                    .append(letters(random, 9));
            text.append(random.nextInt(12) == 0 ? "" : " HTTP/1.1").append(end);
            for (int j = random.nextInt(6); j > 0; j--) {
                text.append(letters(random, 1 + random.nextInt(12))).append(": ");
                text.append(letters(random, random.nextInt(30)));
                text.append(random.nextInt(6) == 0 ? end + " folded" : "").append(end);
            }
            if (chunked) {
                text.append("Transfer-Encoding: chunked").append(end);
            }
            if (!chunked || random.nextInt(5) == 0) {
                text.append("Content-Length: ").append(body.length()).append(end);
            }
            text.append(end);
            if (chunked) {
                for (int at = 0; at < body.length(); ) {
                    int size = 1 + random.nextInt(body.length() - at);
                    text.append(Integer.toHexString(size))
                            .append(random.nextInt(4) == 0 ? ";e=1" : "");
                    text.append(end).append(body, at, at + size).append(end);
                    at += size;
                }
                text.append("0").append(end).append(random.nextInt(3) == 0 ? "T: t" + end : "");
                text.append(end);
            } else {
                text.append(body);
            }
            if (broken && random.nextInt(3) == 0) {
                text.append(mutated(random, "some junk\r\nmore: of it\r\n\r\n"));
            }
        }
        return text.toString();
    }

    static String mutated(Random random, String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = random.nextInt(6); i > 0 && changed.length() > 2; i--) {
            int at = random.nextInt(changed.length() - 1);
            switch (random.nextInt(3)) {
                case 0 -> changed.setCharAt(at, (char) random.nextInt(256));
                case 1 -> changed.deleteCharAt(at);
                default -> changed.insert(at, random.nextBoolean() ? "\r\n" : "\0");
            }
        }
        return changed.toString();
    }

    private static String letters(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
