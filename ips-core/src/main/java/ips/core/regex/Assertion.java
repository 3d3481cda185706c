package ips.core.regex;

import java.util.List;

/** Brackets that look around, or match in one way alone, by the sign and by the words for them. */
enum Assertion {
    ATOMIC(">", "atomic:"),
    AHEAD("=", "pla:", "positive_lookahead:"),
    NOT_AHEAD("!", "nla:", "negative_lookahead:"),
    BEHIND("<=", "plb:", "positive_lookbehind:"),
    NOT_BEHIND("<!", "nlb:", "negative_lookbehind:");

    private final String sign;
    private final List<String> words;

    Assertion(String sign, String... words) {
        this.sign = sign;
        this.words = List.of(words);
    }

    /** Goes behind a sign, as it stands after {@code (?}; null if none is next. */
    static Assertion takeSign(RegexText text) {
        for (Assertion each : values()) {
            if (text.take(each.sign)) {
                return each;
            }
        }
        return null;
    }

    /** Goes behind a word and its colon, as it stands after {@code (*}; null if none is next. */
    static Assertion takeWord(RegexText text) {
        for (Assertion each : values()) {
            if (each.words.stream().anyMatch(text::take)) {
                return each;
            }
        }
        return null;
    }

    /** Of what is in its brackets. */
    Node of(Node body) {
        return switch (this) {
            case ATOMIC -> new Node.Atomic(body);
            case AHEAD -> new Node.Look(body, true, false);
            case NOT_AHEAD -> new Node.Look(body, true, true);
            case BEHIND -> new Node.Look(body, false, false);
            case NOT_BEHIND -> new Node.Look(body, false, true);
        };
    }
}
