package ips.core.rule.keyword;

/** The quotes around an option's value, which may stand behind an exclamation mark. */
final class Quotes {
    private Quotes() {}

    /** Refuses quotes around a value that is none of a text. */
    static void none(String value) {
        if (value.strip().startsWith("\"")) {
            throw new IllegalArgumentException("takes no quotes around its value");
        }
    }

    /**
     * Refuses a value with one quote of two.
     *
     * @throws IllegalArgumentException that says which is missing
     */
    static void check(String value) {
        String text = value.strip();
        if (text.startsWith("!")) {
            text = text.substring(1).strip();
        }
        int last = text.length() - 1;
        if (text.startsWith("\"") && (last == 0 || !text.endsWith("\""))) {
            throw new IllegalArgumentException(
                    "unclosed quote; close it, and write a ; within it as \\;");
        }
        if (last > 0 && text.indexOf('"') == last) {
            throw new IllegalArgumentException("a quote that nothing opens, at its end");
        }
    }
}
