package ips.core.regex;

import java.util.Locale;

/**
 * The bytes of a property of Unicode, {@code \p{Lu}}, {@code \pN}, {@code \P{Greek}}: each byte is
 * the character of that number, as PCRE has it without UTF-8.
 */
final class UnicodeProperty {
    private UnicodeProperty() {}

    /** Reads what stands behind the {@code p} or {@code P}. */
    static ByteSet parse(RegexText text, boolean negated, boolean ignoreCase, int begin)
            throws RegexSyntaxException {
        String name = name(text, begin);
        boolean not = negated;
        if (name.startsWith("^")) {
            not = !not;
            name = name.substring(1);
        }
        name = name.replaceAll("[\\s_-]", "");
        ByteSet set = named(ignoreCase && name.matches("(?i)L[ult]") ? "lc" : name);
        if (set == null) {
            throw text.error("unknown property " + name, begin);
        }
        return not ? set.not() : set;
    }

    private static String name(RegexText text, int begin) throws RegexSyntaxException {
        if (text.atEnd()) {
            throw text.error("\\p without a property", begin);
        }
        if (!text.take("{")) {
            return String.valueOf(text.next());
        }
        StringBuilder name = new StringBuilder();
        while (!text.take("}")) {
            if (text.atEnd()) {
                throw text.error("unclosed \\p{", begin);
            }
            name.append(text.next());
        }
        return name.toString();
    }

    private static ByteSet named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "any" -> ByteSet.ALL;
            case "xan" -> category("L").or(category("N"));
            case "xwd" -> category("L").or(category("N")).or(ByteSet.of('_'));
            case "xsp", "xps" -> category("Z").or(ByteSet.SPACE).or(ByteSet.of(0x85));
            case "l&", "lc" -> category("Lu").or(category("Ll")).or(category("Lt"));
            default -> {
                ByteSet category = category(name);
                yield category != null ? category : script(name);
            }
        };
    }

    /** Those of a general category, by its one or two letters, or null. */
    private static ByteSet category(String name) {
        String all =
                "Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Cn Co Cs Pd Ps Pe Pc Po Sm Sc"
                        + " Sk So Pi Pf";
        boolean known =
                name.length() == 1 && "LMNZCPS".contains(name.toUpperCase(Locale.ROOT))
                        || name.length() == 2
                                && all.toLowerCase(Locale.ROOT)
                                        .contains(name.toLowerCase(Locale.ROOT));
        return known
                ? ByteSet.of(b -> letters(b).regionMatches(true, 0, name, 0, name.length()))
                : null;
    }

    private static String letters(int character) {
        return switch (Character.getType(character)) {
            case Character.UPPERCASE_LETTER -> "Lu";
            case Character.LOWERCASE_LETTER -> "Ll";
            case Character.OTHER_LETTER -> "Lo";
            case Character.DECIMAL_DIGIT_NUMBER -> "Nd";
            case Character.OTHER_NUMBER -> "No";
            case Character.SPACE_SEPARATOR -> "Zs";
            case Character.FORMAT -> "Cf";
            case Character.DASH_PUNCTUATION -> "Pd";
            case Character.START_PUNCTUATION -> "Ps";
            case Character.END_PUNCTUATION -> "Pe";
            case Character.CONNECTOR_PUNCTUATION -> "Pc";
            case Character.OTHER_PUNCTUATION -> "Po";
            case Character.INITIAL_QUOTE_PUNCTUATION -> "Pi";
            case Character.FINAL_QUOTE_PUNCTUATION -> "Pf";
            case Character.MATH_SYMBOL -> "Sm";
            case Character.CURRENCY_SYMBOL -> "Sc";
            case Character.MODIFIER_SYMBOL -> "Sk";
            case Character.OTHER_SYMBOL -> "So";
            default -> "Cc"; // of the first 256 no other has a member
        };
    }

    private static ByteSet script(String name) {
        try {
            Character.UnicodeScript script = Character.UnicodeScript.forName(name);
            return ByteSet.of(b -> Character.UnicodeScript.of(b) == script);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
