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
        if (text.namedClass() != null) {
            throw text.error("a named class outside of square brackets", begin);
        }
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
        int at = text.at();
        if (text.take("[")) {
            String name = text.namedClass();
            if (name != null) {
                return noRange(posix(name, at));
            }
            text.backTo(at);
        }
        if (text.take("\\")) {
            if (text.atEnd()) {
                throw text.error("unclosed [", begin);
            }
            ByteSet set = shorthand(text.peek());
            if (set != null) {
                text.next();
                return noRange(set);
            }
            if (text.peek() == 'p' || text.peek() == 'P') {
                return noRange(UnicodeProperty.parse(text, text.next() == 'P', ignoreCase, at));
            }
            text.backTo(at);
        }
        if (text.take("\\E")) {
            return ByteSet.of(b -> false);
        }
        if (text.take("\\Q")) {
            return quoted();
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
        text.skipEmptyQuotes();
        int behindDash = text.at();
        if (text.take("\\Q") && !text.atEnd()) {
            return range(low, text.next(), at).or(quoted());
        }
        if (text.take("\\")) {
            boolean isSet = !text.atEnd() && shorthand(text.peek()) != null;
            text.backTo(behindDash);
            if (isSet) {
                throw text.error("a range to a set of bytes", at);
            }
        }
        return range(low, single(), at);
    }

    /** All up to {@code \E}. */
    private ByteSet quoted() throws RegexSyntaxException {
        ByteSet quoted = ByteSet.of(b -> false);
        while (!text.atEnd() && !text.take("\\E")) {
            quoted = quoted.or(ByteSet.of(text.next()));
        }
        return quoted;
    }

    private ByteSet range(int low, int high, int at) throws RegexSyntaxException {
        if (high < low) {
            throw text.error("range out of order", at);
        }
        return ByteSet.range(low, high);
    }

    /** A set of bytes that is not the begin of a range. */
    private ByteSet noRange(ByteSet set) throws RegexSyntaxException {
        int dash = text.at();
        if (text.take("-")) {
            if (!text.atEnd() && text.peek() != ']') {
                throw text.error("a range from a set of bytes; write its - last", dash);
            }
            text.backTo(dash);
        }
        return set;
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

    /** Reads a named class, which is next. */
    private ByteSet posix(String name, int begin) throws RegexSyntaxException {
        if (text.peek() != ':') {
            throw text.error("collating elements are not supported", begin);
        }
        text.backTo(text.at() + name.length() + 3);
        boolean negated = name.startsWith("^");
        ByteSet set =
                switch (negated ? name.substring(1) : name) {
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
                    default -> throw text.error("unknown class [:" + name + ":]", begin);
                };
        return negated ? set.not() : set;
    }
}
