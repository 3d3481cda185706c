package ips.core.rule.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** What a random rule asks of one buffer of HTTP, which may be transformed first. */
final class PlainBuffer {
    private final String name;
    private final String transform;
    private final PlainChain chain;

    PlainBuffer(Random random, String name) {
        this.name = name;
        chain = new PlainChain(random, PlainChain.Of.BUFFER);
        transform =
                switch (random.nextInt(16)) {
                    case 0 -> "to_lowercase";
                    case 1 -> "to_uppercase";
                    case 2 -> "strip_whitespace";
                    case 3 -> "compress_whitespace";
                    case 4 -> "url_decode";
                    case 5 -> "dotprefix";
                    default -> "";
                };
        if (transform.equals("to_lowercase")) {
            chain.alphabet = "ab01";
        } else if (transform.equals("to_uppercase")) {
            chain.alphabet = "AB01";
        }
        if (name.equals("http.host")) { // which is in lower case, and to be asked for so
            chain.alphabet = transform.equals("to_uppercase") ? "01" : "ab01";
            chain.mayIgnoreCase = false;
        }
        if (transform.isEmpty() && random.nextInt(3) == 0) {
            chain.fill(random.nextInt(3));
        }
        chain.havingContent();
    }

    String text() {
        return name + "; " + (transform.isEmpty() ? "" : transform + "; ") + chain;
    }

    /** Whether a message has the buffer, and all that is asked of it holds. */
    boolean holds(Map<String, String> message) {
        String value = message.get(name);
        return value != null
                && chain.holds(transformed(value).getBytes(StandardCharsets.ISO_8859_1));
    }

    private String transformed(String value) {
        return switch (transform) {
            case "to_lowercase" -> value.toLowerCase(Locale.ROOT);
            case "to_uppercase" -> value.toUpperCase(Locale.ROOT);
            case "strip_whitespace" -> value.replaceAll("\\s", "");
            case "compress_whitespace" -> value.replaceAll("(\\s)\\s+", "$1");
            case "url_decode" -> decoded(value.replace('+', ' '));
            case "dotprefix" -> "." + value;
            default -> value;
        };
    }

    /** A text without escapes of two hexadecimal digits. */
    static String decoded(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.substring(i).matches("(?s)%\\p{XDigit}{2}.*")) {
                out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
