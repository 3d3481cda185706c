package ips.core.payload.sql;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * Cuts a value into SQL tokens in one pass, without deciding which quotes are strings.
 *
 * <p>An injected value begins inside a string of unknown quotes, behind a number or behind
 * parentheses that are not seen. Instead of reading it once per such context, the tokenizer makes
 * every quote a token and reads what stands between quotes as code like the rest: {@code ' or
 * 'a'='a} gives quote, or, quote, word, quote, compare, quote, word. Who reads the tokens takes a
 * quote, a few words and a quote for a string where an operand is due. That reads all contexts at
 * once and leaves no place to hide behind a further quote.
 *
 * <p>Comments are white space ({@link #commented} tells where one stood); the body of {@code /*!}
 * is code. {@code --} and {@code #} without a line end behind them become a token, and what follows
 * is read on. Words that a comment splits ({@code un/**}{@code /ion}) are put together where that
 * makes a keyword.
 *
 * <p>At most one token a byte, kept in arrays of that size: 10 bytes a token.
 */
@HotPath
final class SqlTokenizer {
    private static final byte SPACE = 0;
    private static final byte LETTER = 1;
    private static final byte DIGIT = 2;
    private static final byte SIGN = 3;

    /** A comment up to a line end that is longer is not skipped, so as to hide nothing. */
    private static final int LONGEST_COMMENT = 256;

    private static final byte[] CLASS = new byte[256];

    static {
        java.util.Arrays.fill(CLASS, LETTER);
        for (int i = 0; i < 128; i++) {
            CLASS[i] = SIGN;
        }
        for (int c = 'a'; c <= 'z'; c++) {
            CLASS[c] = LETTER;
        }
        CLASS['_'] = LETTER;
        CLASS['$'] = LETTER;
        for (int c = '0'; c <= '9'; c++) {
            CLASS[c] = DIGIT;
        }
        CLASS[' '] = SPACE;
        CLASS['\n'] = SPACE;
    }

    private final byte[] types;
    private final int[] starts;
    private final int[] ends;
    private final boolean[] commented;
    private final byte[] merged = new byte[64];
    private byte[] text;
    private int count;
    private int comments;
    private int versionComments;
    private int splitWords;

    SqlTokenizer(int capacity) {
        types = new byte[capacity + 2];
        starts = new int[capacity + 2];
        ends = new int[capacity + 2];
        commented = new boolean[capacity + 2];
    }

    int count() {
        return count;
    }

    /** The type of token {@code i}; END behind the last and before the first. */
    int type(int i) {
        return i >= 0 && i < count ? types[i] : SqlWords.END;
    }

    int start(int i) {
        return starts[i];
    }

    int end(int i) {
        return ends[i];
    }

    /** Whether token {@code i} is written with letters. */
    boolean word(int i) {
        return CLASS[text[starts[i]] & 0xff] == LETTER;
    }

    /** Whether a quote at token {@code i} ends an attribute of markup: {@code ">}. */
    boolean tag(int i) {
        int end = ends[i];
        return i + 1 < count && text[end] == '>' || i > 0 && text[starts[i] - 1] == '=';
    }

    /** Whether a comment stands directly before token {@code i}. */
    boolean commented(int i) {
        return i < count && commented[i];
    }

    int comments() {
        return comments;
    }

    int versionComments() {
        return versionComments;
    }

    int splitWords() {
        return splitWords;
    }

    void run(Text text) {
        byte[] b = text.bytes();
        this.text = b;
        int n = text.length();
        count = 0;
        comments = 0;
        versionComments = 0;
        splitWords = 0;
        boolean comment = false;
        boolean plusIsSpace = !spaced(b, n);
        int i = 0;
        while (i < n) {
            int c = b[i] & 0xff;
            int start = i;
            int type;
            switch (CLASS[c]) {
                case SPACE -> {
                    i++;
                    continue;
                }
                case LETTER -> {
                    i = word(b, i, n);
                    type = SqlWords.ALL_WORDS.code(b, start, i);
                    if (type == 0) {
                        type = nested(b, start, i);
                        splitWords += type == SqlWords.WORD || type == SqlWords.LOGIC ? 0 : 1;
                        if (i + 1 < n && b[i] == '/' && b[i + 1] == '*') {
                            int end = join(b, start, i, n);
                            if (end > 0) {
                                type = SqlWords.ALL_WORDS.code(merged, 0, mergedLength);
                                i = end;
                                splitWords++;
                            }
                        }
                    }
                }
                case DIGIT -> {
                    i = number(b, i, n);
                    type = SqlWords.NUMBER;
                    if (b[i - 1] == '.'
                            && i < n
                            && b[i] == 'e'
                            && CLASS[at(b, i + 1, n)] != LETTER) {
                        // MySQL reads over 1.e: select 1.e(password)
                        i++;
                        continue;
                    }
                    if (i + 1 < n && (b[i] == 'd' || b[i] == 'f') && fusedKeyword(b, i + 1, n)) {
                        // a suffix of Oracle's: 1dunion
                        i++;
                    }
                    if (i < n && CLASS[b[i] & 0xff] == LETTER && !fusedKeyword(b, i, n)) {
                        i = word(b, i, n);
                        type = SqlWords.WORD;
                    }
                }
                default -> {
                    int next = i + 1 < n ? b[i + 1] & 0xff : -1;
                    if (c == '/' && next == '*') {
                        int end = comment(b, i, n);
                        if (end < 0) {
                            type = SqlWords.COMMENT;
                            i += 2;
                        } else {
                            comment = true;
                            comments++;
                            i = end;
                            continue;
                        }
                    } else if (c == '*' && next == '/') {
                        // the end of a comment that began before the value or with /*!
                        i += 2;
                        comment = true;
                        continue;
                    } else if (c == '-' && next == '-' || c == '#') {
                        int end = lineEnd(b, i, n);
                        if (end > 0) {
                            comment = true;
                            comments++;
                            i = end;
                            continue;
                        }
                        type = SqlWords.COMMENT;
                        i += c == '#' ? 1 : 2;
                        while (i < n && b[i] == '-') {
                            i++;
                        }
                    } else if (c == ':' && next == ':' && count > 0 && castable(types[count - 1])) {
                        // a cast of PostgreSQL's: '1'::text
                        i = word(b, i + 2, n);
                        continue;
                    } else if (c == '+' && plusIsSpace && !between(b, i, n)) {
                        i++;
                        continue;
                    } else {
                        int signed = sign(b, i, n, c, next);
                        type = signed & 0xff;
                        i += signed >>> 8;
                        if (type == SqlWords.QUOTE && apostrophe(b, start, n)) {
                            // o'brien, don't: part of the word before it
                            int end = word(b, i, n);
                            if (count > 0) {
                                ends[count - 1] = end;
                                types[count - 1] = SqlWords.WORD;
                            }
                            i = end;
                            continue;
                        }
                    }
                }
            }
            types[count] = (byte) type;
            starts[count] = start;
            ends[count] = i;
            commented[count] = comment;
            comment = false;
            count++;
        }
        types[count] = SqlWords.END;
        starts[count] = n;
        ends[count] = n;
    }

    /** The byte at {@code i}, a space behind the end. */
    private static int at(byte[] b, int i, int n) {
        return i < n ? b[i] & 0xff : ' ';
    }

    private static boolean castable(byte type) {
        return type == SqlWords.QUOTE || type == SqlWords.CLOSE || type == SqlWords.NUMBER;
    }

    /** Whether the sign at {@code i} stands between two digits, where it adds. */
    private static boolean between(byte[] b, int i, int n) {
        return i > 0
                && i + 1 < n
                && CLASS[b[i - 1] & 0xff] == DIGIT
                && CLASS[b[i + 1] & 0xff] == DIGIT;
    }

    /** Whether there is a space; where there is none, {@code +} stands for one. */
    private static boolean spaced(byte[] b, int n) {
        for (int i = 0; i < n; i++) {
            if (b[i] == ' ' || b[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    private int mergedLength;

    /** Joins word pieces over comments without space; the end, or 0 if that makes no keyword. */
    private int join(byte[] b, int from, int to, int n) {
        int length = to - from;
        if (length > 20) {
            return 0;
        }
        System.arraycopy(b, from, merged, 0, length);
        int i = to;
        int end = 0;
        for (int pieces = 0; pieces < 12; pieces++) {
            if (i + 3 >= n || b[i] != '/' || b[i + 1] != '*') {
                break;
            }
            int close = i + 2;
            int limit = Math.min(n - 1, i + 32);
            while (close < limit && (b[close] != '*' || b[close + 1] != '/')) {
                close++;
            }
            if (close >= limit) {
                break;
            }
            int start = close + 2;
            int stop = word(b, start, n);
            if (stop == start || length + stop - start > merged.length) {
                break;
            }
            System.arraycopy(b, start, merged, length, stop - start);
            length += stop - start;
            i = stop;
            if (SqlWords.ALL_WORDS.code(merged, 0, length) != 0) {
                end = i;
                mergedLength = length;
                break;
            }
        }
        return end;
    }

    /**
     * The type of a keyword put into itself ({@code selSELECTect}), which a filter that takes
     * keywords out once leaves whole; else that of a word.
     */
    private static int nested(byte[] b, int from, int to) {
        int half = to - from >> 1;
        if ((to - from & 1) != 0 || half < 2 || half > 12) {
            return SqlWords.WORD;
        }
        for (int p = 1; p < half; p++) {
            boolean same = true;
            for (int i = 0; i < half && same; i++) {
                same = b[from + p + i] == (i < p ? b[from + i] : b[from + half + i]);
            }
            if (same) {
                int type = SqlWords.ALL_WORDS.code(b, from + p, from + p + half);
                return type == 0 || half < 4 && type != SqlWords.LOGIC ? SqlWords.WORD : type;
            }
        }
        return SqlWords.WORD;
    }

    private static int word(byte[] b, int from, int n) {
        int i = from;
        while (i < n) {
            int k = CLASS[b[i] & 0xff];
            if (k != LETTER && k != DIGIT) {
                break;
            }
            i++;
        }
        return i;
    }

    /** Whether the letters that follow a number directly are a word of their own: 1or, 1union. */
    private static boolean fusedKeyword(byte[] b, int from, int n) {
        int end = word(b, from, n);
        int type = SqlWords.ALL_WORDS.code(b, from, end);
        return type == SqlWords.UNION
                || type == SqlWords.LOGIC
                || type == SqlWords.FROM
                || type == SqlWords.COMPARE && end - from > 2
                || type == SqlWords.ORDER
                || type == SqlWords.HAVING
                || type == SqlWords.LIMIT
                || type == SqlWords.INTO;
    }

    private static int number(byte[] b, int from, int n) {
        int i = from;
        if (b[i] == '0' && i + 2 < n && b[i + 1] == 'x' && hex(b[i + 2])) {
            i += 2;
            while (i < n && hex(b[i])) {
                i++;
            }
            return i;
        }
        while (i < n && b[i] >= '0' && b[i] <= '9') {
            i++;
        }
        if (i < n && b[i] == '.' && (i + 1 == n || CLASS[b[i + 1] & 0xff] != SIGN)) {
            i++;
            while (i < n && b[i] >= '0' && b[i] <= '9') {
                i++;
            }
        }
        if (i + 1 < n && b[i] == 'e') {
            int k = i + 1;
            if (b[k] == '-' || b[k] == '+') {
                k++;
            }
            if (k < n && b[k] >= '0' && b[k] <= '9') {
                while (k < n && b[k] >= '0' && b[k] <= '9') {
                    k++;
                }
                i = k;
            }
        }
        return i;
    }

    private static boolean hex(byte c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
    }

    /** The position behind the comment at {@code i}; -1 if it has no end. */
    private int comment(byte[] b, int i, int n) {
        if (i + 2 < n && (b[i + 2] == '!' || b[i + 2] == 'm' && i + 3 < n && b[i + 3] == '!')) {
            int k = i + (b[i + 2] == '!' ? 3 : 4);
            int digits = 0;
            while (k < n && digits < 6 && b[k] >= '0' && b[k] <= '9') {
                k++;
                digits++;
            }
            versionComments++;
            return k;
        }
        if (unclosedFrom <= i && unclosedLength == n && unclosedText == b) {
            return -1;
        }
        for (int k = i + 2; k + 1 < n; k++) {
            if (b[k] == '*' && b[k + 1] == '/') {
                return k + 2;
            }
        }
        // remembered, so that a run of openings is not searched to the end each time
        unclosedFrom = i;
        unclosedLength = n;
        unclosedText = b;
        return -1;
    }

    private int unclosedFrom = Integer.MAX_VALUE;
    private int unclosedLength = -1;
    private byte[] unclosedText;

    /** Forgets what was remembered of the text before. */
    void reset() {
        unclosedFrom = Integer.MAX_VALUE;
        unclosedText = null;
        lineSoughtFrom = 0;
        lineFound = -1;
    }

    /** The comment that {@link #lineEnd} searched last, and the line feed it met, or the end. */
    private int lineSoughtFrom;

    private int lineFound;

    /** The position behind the line feed that ends the comment at {@code i}; 0 if there is none. */
    private int lineEnd(byte[] b, int i, int n) {
        if (i > lineFound || i < lineSoughtFrom) {
            int k = i;
            while (k < n && b[k] != '\n') {
                k++;
            }
            lineSoughtFrom = i;
            lineFound = k;
        }
        int next = lineFound + 1;
        return next < n && lineFound - i < LONGEST_COMMENT ? next : 0;
    }

    /** Type and, from bit 8 on, length of the sign at {@code i}. */
    private static int sign(byte[] b, int i, int n, int c, int next) {
        return switch (c) {
            case '\'', '"', '`' -> SqlWords.QUOTE | 1 << 8;
            case '\\' ->
                    next == '\'' || next == '"'
                            ? SqlWords.QUOTE | 2 << 8
                            : next == 'n'
                                            && (CLASS[at(b, i + 2, n)] > LETTER
                                                    || fusedKeyword(b, i + 2, n))
                                    // MySQL's null: \Nunion
                                    ? SqlWords.CONSTANT | 2 << 8
                                    : SqlWords.OTHER | 1 << 8;
            case '(' -> SqlWords.OPEN | 1 << 8;
            case ')' -> SqlWords.CLOSE | 1 << 8;
            case ',' -> SqlWords.COMMA | 1 << 8;
            case ';' -> SqlWords.SEMICOLON | 1 << 8;
            case '.' -> SqlWords.DOT | 1 << 8;
            case '{', '}' -> {
                // a name of an ODBC escape, which means nothing: {`x`1}
                int end = c == '{' && next == '`' ? word(b, i + 2, n) : n;
                boolean named = end > i + 2 && end < n && b[end] == '`';
                yield SqlWords.BRACE | (named ? end + 1 - i : 1) << 8;
            }
            case '[' -> {
                // a name of SQL Server's: [users]
                int end = next >= 0 && CLASS[next] == LETTER ? word(b, i + 1, n) : n;
                yield end < n && b[end] == ']'
                        ? SqlWords.WORD | end + 1 - i << 8
                        : SqlWords.OTHER | 1 << 8;
            }
            case '|' -> next == '|' ? SqlWords.PIPES | 2 << 8 : SqlWords.OPERATOR | 1 << 8;
            case '&' -> next == '&' ? SqlWords.LOGIC | 2 << 8 : SqlWords.OPERATOR | 1 << 8;
            case '=' -> SqlWords.COMPARE | (next == '=' ? 2 : 1) << 8;
            case '<' ->
                    next == '@'
                            ? SqlWords.COMPARE | 2 << 8
                            : next == '=' && i + 2 < n && b[i + 2] == '>'
                                    ? SqlWords.COMPARE | 3 << 8
                                    : SqlWords.COMPARE | (next == '=' || next == '>' ? 2 : 1) << 8;
            case '>' -> SqlWords.COMPARE | (next == '=' ? 2 : 1) << 8;
            case '!' ->
                    next == '=' || next == '<' || next == '>'
                            ? SqlWords.COMPARE | 2 << 8
                            : SqlWords.NOT | 1 << 8;
            case ':' -> next == '=' ? SqlWords.COMPARE | 2 << 8 : SqlWords.OTHER | 1 << 8;
            case '+', '-', '*', '/', '%', '^', '~' -> SqlWords.OPERATOR | 1 << 8;
            case '@' -> {
                if (next == '>') {
                    // holds, of PostgreSQL's JSON
                    yield SqlWords.COMPARE | 2 << 8;
                }
                int k = i + 1;
                while (k < n && b[k] == '@') {
                    k++;
                }
                yield SqlWords.VARIABLE | (word(b, k, n) - i) << 8;
            }
            default -> SqlWords.OTHER | 1 << 8;
        };
    }

    /** Whether the quote at {@code i} is an apostrophe inside a word. */
    private boolean apostrophe(byte[] b, int i, int n) {
        if (b[i] != '\'' || i == 0 || i + 1 >= n || count == 0 || ends[count - 1] != i) {
            return false;
        }
        if (types[count - 1] == SqlWords.SELECT) {
            // union(select'a','b')
            return false;
        }
        int before = CLASS[b[i - 1] & 0xff];
        if (before != LETTER || CLASS[b[i + 1] & 0xff] != LETTER) {
            return false;
        }
        int end = word(b, i + 1, n);
        int type = SqlWords.ALL_WORDS.code(b, i + 1, end);
        return type == 0 || type == SqlWords.FUNCTION || type == SqlWords.ALL;
    }
}
