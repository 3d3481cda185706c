package ips.core.regex;

/** What stands between square brackets. */
final class RegexClassParser {
    private final RegexText text;
    private final boolean ignoreCase;

    RegexClassParser(RegexText text, boolean ignoreCase) {
        this.text = text;
        this.ignoreCase = ignoreCase;
    }

    /** The set behind {@code \d}, {@code \W} and their like, or null. */
    static ByteSet shorthand(char c) {
        return switch (c) {
            case 'd' -> ByteSet.DIGIT;
            case 'D' -> ByteSet.DIGIT.not();
            case 'w' -> ByteSet.WORD;
            case 'W' -> ByteSet.WORD.not();
            case 's' -> ByteSet.SPACE;
            case 'S' -> ByteSet.SPACE.not();
            case 'h' -> ByteSet.HORIZONTAL;
            case 'H' -> ByteSet.HORIZONTAL.not();
            case 'v' -> ByteSet.VERTICAL;
            case 'V' -> ByteSet.VERTICAL.not();
            default -> null;
        };
    }

    /** Reads up to and with the closing bracket; the opening one is read. */
    ByteSet parse() throws RegexSyntaxException {
        int begin = text.at() - 1;
        boolean negated = text.take("^");
        ByteSet set = ByteSet.of(b -> false);
        boolean first = true;
        while (true) {
            if (text.atEnd()) {
                throw text.error("unclosed [", begin);
            }
            if (!first && text.take("]")) {
                // letters are folded before the complement is taken
                ByteSet folded = ignoreCase ? set.caseless() : set;
                return negated ? folded.not() : folded;
            }
            first = false;
            set = set.or(member(begin));
        }
    }

    private ByteSet member(int begin) throws RegexSyntaxException {
        if (text.take("[:")) {
            ByteSet named = posix();
            if (named != null) {
                return named;
            }
            return ByteSet.of('[').or(ByteSet.of(':'));
        }
        int at = text.at();
        if (text.take("\\")) {
            if (text.atEnd()) {
                throw text.error("unclosed [", begin);
            }
            ByteSet set = shorthand(text.peek());
            if (set != null) {
                text.next();
                return set;
            }
            if (text.peek() == 'p' || text.peek() == 'P') {
                return UnicodeProperty.parse(text, text.next() == 'P', at);
            }
            text.backTo(at);
        }
        if (text.take("\\E")) {
            return ByteSet.of(b -> false);
        }
        if (text.take("\\Q")) {
            ByteSet quoted = ByteSet.of(b -> false);
            while (!text.atEnd() && !text.take("\\E")) {
                quoted = quoted.or(ByteSet.of(text.next()));
            }
            return quoted;
        }
        int low = single();
        int dash = text.at();
        if (!text.take("-")) {
            return ByteSet.of(low);
        }
        if (text.atEnd() || text.peek() == ']') {
            text.backTo(dash);
            return ByteSet.of(low);
        }
        int behindDash = text.at();
        if (text.take("\\")) {
            boolean isSet = !text.atEnd() && shorthand(text.peek()) != null;
            text.backTo(behindDash);
            if (isSet) {
                return ByteSet.of(low).or(ByteSet.of('-'));
            }
        }
        int high = single();
        if (high < low) {
            throw text.error("range out of order", at);
        }
        return ByteSet.range(low, high);
    }

    private int single() throws RegexSyntaxException {
        int begin = text.at();
        char c = text.next();
        if (c != '\\') {
            return c;
        }
        if (text.atEnd()) {
            throw text.error("unclosed [", begin);
        }
        return text.take("b") ? '\b' : text.escapedByte(begin);
    }

    /** A named class behind {@code [:}, or null (and nothing read) if it is none. */
    private ByteSet posix() throws RegexSyntaxException {
        int at = text.at();
        boolean negated = text.take("^");
        StringBuilder name = new StringBuilder();
        while (!text.atEnd() && Character.isLetter(text.peek())) {
            name.append(text.next());
        }
        if (!text.take(":]")) {
            text.backTo(at);
            return null;
        }
        ByteSet set =
                switch (name.toString()) {
                    case "alnum" -> ByteSet.of(b -> ByteSet.isWord(b) && b != '_');
                    case "alpha" -> ByteSet.of(b -> (b | 0x20) >= 'a' && (b | 0x20) <= 'z');
                    case "ascii" -> ByteSet.range(0, 127);
                    case "blank" -> ByteSet.of(' ').or(ByteSet.of('\t'));
                    case "cntrl" -> ByteSet.range(0, 31).or(ByteSet.of(127));
                    case "digit" -> ByteSet.DIGIT;
                    case "graph" -> ByteSet.range('!', '~');
                    case "lower" -> ByteSet.range('a', 'z');
                    case "print" -> ByteSet.range(' ', '~');
                    case "punct" ->
                            ByteSet.of(b -> b > ' ' && b < 127 && (!ByteSet.isWord(b) || b == '_'));
                    case "space" -> ByteSet.SPACE;
                    case "upper" -> ByteSet.range('A', 'Z');
                    case "word" -> ByteSet.WORD;
                    case "xdigit" -> ByteSet.of(b -> b < 128 && Character.digit(b, 16) >= 0);
                    default -> throw text.error("unknown class [:" + name + ":]", at - 2);
                };
        return negated ? set.not() : set;
    }
}
