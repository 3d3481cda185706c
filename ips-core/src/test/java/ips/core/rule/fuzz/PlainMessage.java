package ips.core.rule.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** A random request or response of HTTP: as it is sent, and the buffers that rules see of it. */
record PlainMessage(String text, Map<String, String> buffers) {
    /** What a rule may ask of a request. */
    static final List<String> OF_REQUEST =
            List.of(
                    "http.uri",
                    "http.uri.raw",
                    "http.request_line",
                    "http.header",
                    "http.host",
                    "http.host.raw",
                    "http.user_agent",
                    "http.referer",
                    "http.cookie",
                    "http.content_type",
                    "http.request_body");

    /** What a rule may ask of a response. */
    static final List<String> OF_RESPONSE =
            List.of(
                    "http.stat_code",
                    "http.stat_msg",
                    "http.response_line",
                    "http.header",
                    "http.cookie",
                    "http.server",
                    "http.location",
                    "http.content_type",
                    "http.response_body");

    private static final Map<String, String> REQUEST_HEADERS =
            Map.of(
                    "User-Agent", "http.user_agent",
                    "Referer", "http.referer",
                    "Cookie", "http.cookie",
                    "Content-Type", "http.content_type",
                    "X-Other", "");

    private static final Map<String, String> RESPONSE_HEADERS =
            Map.of(
                    "Server", "http.server",
                    "Location", "http.location",
                    "Set-Cookie", "http.cookie",
                    "Content-Type", "http.content_type",
                    "X-Other", "");

    static PlainMessage request(Random random) {
        Map<String, String> buffers = new LinkedHashMap<>();
        String method = List.of("GET", "POST", "PUT").get(random.nextInt(3));
        String raw = "/" + word(random, 8) + (random.nextBoolean() ? "?" + word(random, 6) : "");
        String line = method + " " + raw + " HTTP/1.1";
        String host = PlainChain.letters(random, PlainChain.LETTERS, 6);
        buffers.put("http.uri", PlainBuffer.decoded(raw));
        buffers.put("http.uri.raw", raw);
        buffers.put("http.request_line", line);
        buffers.put("http.host", host.toLowerCase(Locale.ROOT));
        buffers.put("http.host.raw", host);
        boolean hasBody = !method.equals("GET");
        String headers = "Host: " + host + "\r\n" + headers(random, REQUEST_HEADERS, buffers);
        return message(random, line, headers, hasBody, "http.request_body", buffers);
    }

    static PlainMessage response(Random random) {
        Map<String, String> buffers = new LinkedHashMap<>();
        String code = List.of("200", "201", "301", "403", "404", "500").get(random.nextInt(6));
        String reason = PlainChain.letters(random, PlainChain.LETTERS, 6);
        String line = "HTTP/1.1 " + code + " " + reason;
        buffers.put("http.stat_code", code);
        buffers.put("http.stat_msg", reason);
        buffers.put("http.response_line", line);
        String headers = headers(random, RESPONSE_HEADERS, buffers);
        return message(random, line, headers, true, "http.response_body", buffers);
    }

    private static PlainMessage message(
            Random random,
            String line,
            String headers,
            boolean hasBody,
            String bodyName,
            Map<String, String> buffers) {
        String body = hasBody ? PlainChain.letters(random, PlainChain.LETTERS, 30) : "";
        String all = headers + (hasBody ? "Content-Length: " + body.length() + "\r\n" : "");
        if (hasBody) {
            buffers.put(bodyName, body);
        }
        buffers.put("http.header", all.replaceAll("(?m)^(Set-)?Cookie: .*\r\n", ""));
        return new PlainMessage(line + "\r\n" + all + "\r\n" + body, buffers);
    }

    /** Some of the headers there are, in any order; their values are noted as buffers. */
    private static String headers(
            Random random, Map<String, String> known, Map<String, String> buffers) {
        List<String> names = new ArrayList<>(known.keySet());
        Collections.sort(names);
        Collections.shuffle(names, random);
        StringBuilder text = new StringBuilder();
        for (String name : names.subList(0, random.nextInt(names.size() + 1))) {
            String value = word(random, 8);
            if (random.nextInt(3) == 0) {
                value += (random.nextBoolean() ? " " : "  ") + word(random, 4);
            }
            text.append(name).append(": ").append(value).append("\r\n");
            if (!known.get(name).isEmpty()) {
                buffers.put(known.get(name), value);
            }
        }
        return text.toString();
    }

    /** Letters, some of them escaped as in a URI. */
    private static String word(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (char c : PlainChain.letters(random, PlainChain.LETTERS, most).toCharArray()) {
            text.append(random.nextInt(8) == 0 ? "%%%02x".formatted((int) c) : "" + c);
        }
        return text.toString();
    }
}
