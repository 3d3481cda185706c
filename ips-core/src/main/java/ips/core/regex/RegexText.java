package ips.core.regex;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The characters of an expression as they are read, and the errors that point into them. */
final class RegexText {
    private static final Pattern BOUNDS =
            Pattern.compile("\\{[ \t]*(\\d{1,9}|(?=,[ \t]*\\d))[ \t]*(,[ \t]*(\\d{1,9})?[ \t]*)?}");

    private final String text;
    private int at;

    RegexText(String text) {
        this.text = text;
    }

    RegexSyntaxException error(String problem, int index) {
        return new RegexSyntaxException(problem, index);
    }

    boolean atEnd() {
        return at >= text.length();
    }

    int at() {
        return at;
    }

    void backTo(int index) {
        at = index;
    }

    char peek() {
        return text.charAt(at);
    }

    char next() throws RegexSyntaxException {
        char c = text.charAt(at);
        if (c > 0xff) {
            throw error("not a byte: U+" + Integer.toHexString(c) + "; write it as \\x..", at);
        }
        at++;
        return c;
    }

    /** Goes behind a word if it comes next. */
    boolean take(String word) {
        if (!text.startsWith(word, at)) {
            return false;
        }
        at += word.length();
        return true;
    }

    /** Goes behind a letter if it comes next and is one of these. */
    void takeOneOf(String letters) {
        if (!atEnd() && letters.indexOf(peek()) >= 0) {
            at++;
        }
    }

    /**
     * The name in {@code :name:]}, {@code .name.]} or {@code =name=]}, whatever it is made of; null
     * if no such comes next. Nothing is read.
     */
    String namedClass() {
        if (atEnd() || ":.=".indexOf(peek()) < 0) {
            return null;
        }
        for (int i = at + 1; i + 1 < text.length(); i++) {
            char c = text.charAt(i);
            char next = text.charAt(i + 1);
            if (c == '\\' && (next == ']' || next == '\\')) {
                i++;
            } else if (c == ']' || c == '[' && next == peek()) {
                return null;
            } else if (c == peek() && next == ']') {
                return text.substring(at + 1, i);
            }
        }
        return null;
    }

    boolean atDigit() {
        return !atEnd() && peek() >= '0' && peek() <= '9';
    }

    /**
     * Goes behind {@code (?#...)} and quotes of nothing.
     *
     * @param extended whether white space and comments up to a line's end are left out, too
     */
    void skipComments(boolean extended) throws RegexSyntaxException {
        while (true) {
            skipEmptyQuotes();
            int begin = at;
            if (atEnd()) {
                return;
            }
            if (extended && ByteSet.SPACE.has(peek() & 0xff)) {
                at++;
            } else if (extended && peek() == '#') {
                int newline = text.indexOf('\n', at);
                at = newline < 0 ? text.length() : newline + 1;
            } else if (take("(?#")) {
                int end = text.indexOf(')', at);
                if (end < 0) {
                    throw error("unclosed (", begin);
                }
                at = end + 1;
            } else {
                return;
            }
        }
    }

    /** How often what stands before is to repeat, as least and most; null if nothing says so. */
    int[] takeQuantifier() {
        if (take("*")) {
            return new int[] {0, Node.UNLIMITED};
        }
        if (take("+")) {
            return new int[] {1, Node.UNLIMITED};
        }
        return take("?") ? new int[] {0, 1} : takeBounds();
    }

    /** Goes behind quotes of nothing. */
    void skipEmptyQuotes() {
        while (take("\\Q\\E") || take("\\E")) {
            // the next may stand right behind it
        }
    }

    /** {@code {n}}, {@code {n,}} or {@code {n,m}} as least and most; null if it is none. */
    int[] takeBounds() {
        Matcher bounds = BOUNDS.matcher(text).region(at, text.length());
        if (!bounds.lookingAt()) {
            return null;
        }
        at = bounds.end();
        int min = bounds.group(1).isEmpty() ? 0 : Integer.parseInt(bounds.group(1));
        if (bounds.group(2) == null) {
            return new int[] {min, min};
        }
        int max = bounds.group(3) == null ? Node.UNLIMITED : Integer.parseInt(bounds.group(3));
        return new int[] {min, max};
    }

    String name(char end) throws RegexSyntaxException {
        int stop = text.indexOf(end, at);
        String name = stop < 0 ? "" : text.substring(at, stop);
        if (!name.matches("[A-Za-z_]\\w{0,31}")) {
            throw error("not the name of a group", at);
        }
        at = stop + 1;
        return name;
    }

    int number() {
        int number = 0;
        while (atDigit()) {
            number = Math.min(100_000, number * 10 + peek() - '0');
            at++;
        }
        return number;
    }

    /** The byte an escape stands for, behind its backslash, which is at {@code begin}. */
    int escapedByte(int begin) throws RegexSyntaxException {
        char c = next();
        return switch (c) {
            case 'a' -> 7;
            case 'e' -> 27;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'x' -> hex(begin);
            case 'c' -> control(begin);
            case 'o' -> bracedOctal(begin);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                yield octal(3, begin);
            }
            default -> {
                if (Character.isLetter(c) && c < 128) {
                    throw error("unknown escape \\" + c, begin);
                }
                yield c;
            }
        };
    }

    private int hex(int begin) throws RegexSyntaxException {
        if (take("{")) {
            int end = text.indexOf('}', at);
            String digits = end < 0 ? "" : text.substring(at, end).strip();
            if (!digits.matches("0*[0-9A-Fa-f]{1,2}")) {
                throw error("not a byte in \\x{}", begin);
            }
            at = end + 1;
            return Integer.parseInt(digits, 16);
        }
        int value = 0;
        for (int digits = 0; digits < 2; digits++) {
            int digit = atEnd() ? -1 : Character.digit(peek(), 16);
            if (digit < 0 && digits == 0) {
                throw error("\\x needs digits", begin);
            }
            if (digit < 0) {
                break;
            }
            value = value << 4 | digit;
            at++;
        }
        return value;
    }

    private int control(int begin) throws RegexSyntaxException {
        if (atEnd() || peek() < ' ' || peek() > '~') {
            throw error("\\c needs a character", begin);
        }
        return Character.toUpperCase(next()) ^ 0x40;
    }

    private int bracedOctal(int begin) throws RegexSyntaxException {
        if (!take("{")) {
            throw error("\\o needs {", begin);
        }
        int value = octal(12, begin);
        if (!take("}")) {
            throw error("unclosed \\o{", begin);
        }
        return value;
    }

    private int octal(int digits, int begin) throws RegexSyntaxException {
        int value = 0;
        for (int i = 0; i < digits && !atEnd() && peek() >= '0' && peek() <= '7'; i++) {
            value = value << 3 | next() - '0';
            if (value > 0xff) {
                throw error("more than a byte in octal", begin);
            }
        }
        return value;
    }
}
