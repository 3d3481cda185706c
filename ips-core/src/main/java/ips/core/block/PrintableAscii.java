package ips.core.block;

/**
 * Makes text of any origin safe for a line of a log or a terminal: control characters, backslashes
 * and everything outside printable ASCII become {@code \n}, {@code \\}, {@code \}{@code u001b}.
 */
public final class PrintableAscii {
    private PrintableAscii() {}

    /** Whether there is nothing that could end a line or upset a terminal. */
    static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    public static String escape(String text) {
        if (text.chars().allMatch(PrintableAscii::isPlain)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\\' -> escaped.append("\\\\");
                default -> {
                    if (isPlain(c)) {
                        escaped.append(c);
                    } else {
                        escaped.append(String.format("\\u%04x", (int) c));
                    }
                }
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(int c) {
        return c >= ' ' && c <= '~' && c != '\\';
    }
}
