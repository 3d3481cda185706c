package ips.core.payload.sql;

import static ips.core.payload.sql.SqlLetters.DIGIT;
import static ips.core.payload.sql.SqlLetters.LETTER;
import static ips.core.payload.sql.SqlLetters.SPACE;
import static ips.core.payload.sql.SqlLetters.kind;

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
    private static final int NO_TOKEN = -1;

    private final byte[] types;
    private final int[] starts;
    private final int[] ends;
    private final boolean[] commented;
    private final SqlComments comments = new SqlComments();
    private final byte[] merged = new byte[64];
    private int mergedLength;
    private byte[] text;
    private int count;
    private int commentCount;
    private int versionComments;
    private int splitWords;

    /** Behind what was read last. */
    private int position;

    /** Whether a comment stands before {@link #position}. */
    private boolean comment;

    /** Whether there is no space, so that {@code +} stands for one. */
    private boolean plusIsSpace;

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
        return kind(text[starts[i]]) == LETTER;
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
        return commentCount;
    }

    int versionComments() {
        return versionComments;
    }

    int splitWords() {
        return splitWords;
    }

    void run(Text text) {
        byte[] b = text.bytes();
        int n = text.length();
        this.text = b;
        comments.reset();
        count = 0;
        commentCount = 0;
        versionComments = 0;
        splitWords = 0;
        comment = false;
        plusIsSpace = !SqlLetters.spaced(b, n);
        position = 0;
        while (position < n) {
            int start = position;
            int type =
                    switch (kind(b[start])) {
                        case SPACE -> skipTo(start + 1);
                        case LETTER -> word(b, start, n);
                        case DIGIT -> number(b, start, n);
                        default -> sign(b, start, n);
                    };
            if (type != NO_TOKEN) {
                types[count] = (byte) type;
                starts[count] = start;
                ends[count] = position;
                commented[count] = comment;
                comment = false;
                count++;
            }
        }
        types[count] = SqlWords.END;
        starts[count] = n;
        ends[count] = n;
    }

    private int skipTo(int end) {
        position = end;
        return NO_TOKEN;
    }

    private int token(int type, int end) {
        position = end;
        return type;
    }

    private int word(byte[] b, int start, int n) {
        int end = SqlLetters.word(b, start, n);
        int type = SqlWords.ALL_WORDS.code(b, start, end);
        if (type != 0) {
            return token(type, end);
        }
        type = SqlLetters.nested(b, start, end);
        splitWords += type == SqlWords.WORD || type == SqlWords.LOGIC ? 0 : 1;
        if (end + 1 < n && b[end] == '/' && b[end + 1] == '*') {
            int joined = join(b, start, end, n);
            if (joined > 0) {
                splitWords++;
                return token(SqlWords.ALL_WORDS.code(merged, 0, mergedLength), joined);
            }
        }
        return token(type, end);
    }

    private int number(byte[] b, int start, int n) {
        int end = SqlLetters.number(b, start, n);
        if (b[end - 1] == '.' && end < n && b[end] == 'e' && kind(b, end + 1, n) != LETTER) {
            // MySQL reads over 1.e: select 1.e(password)
            return skipTo(end + 1);
        }
        if (end + 1 < n
                && (b[end] == 'd' || b[end] == 'f')
                && SqlLetters.fusedKeyword(b, end + 1, n)) {
            // a suffix of Oracle's: 1dunion
            end++;
        }
        if (end < n && kind(b[end]) == LETTER && !SqlLetters.fusedKeyword(b, end, n)) {
            return token(SqlWords.WORD, SqlLetters.word(b, end, n));
        }
        return token(SqlWords.NUMBER, end);
    }

    private int sign(byte[] b, int start, int n) {
        int c = b[start];
        int next = start + 1 < n ? b[start + 1] : -1;
        if (c == '/' && next == '*') {
            int end = comments.end(b, start, n);
            if (end < 0) {
                return token(SqlWords.COMMENT, start + 2);
            }
            versionComments += SqlComments.isVersioned(b, start, n) ? 1 : 0;
            return skipComment(end);
        }
        if (c == '*' && next == '/') {
            // the end of a comment that began before the value or with /*!
            comment = true;
            return skipTo(start + 2);
        }
        if (c == '-' && next == '-' || c == '#') {
            int end = comments.lineEnd(b, start, n);
            if (end > 0) {
                return skipComment(end);
            }
            end = start + (c == '#' ? 1 : 2);
            while (end < n && b[end] == '-') {
                end++;
            }
            return token(SqlWords.COMMENT, end);
        }
        if (c == ':' && next == ':' && count > 0 && castable(types[count - 1])) {
            // a cast of PostgreSQL's: '1'::text
            return skipTo(SqlLetters.word(b, start + 2, n));
        }
        if (c == '+' && plusIsSpace && !SqlLetters.between(b, start, n)) {
            return skipTo(start + 1);
        }
        if (c == '.' && next >= '0' && next <= '9' && !named(start)) {
            // a fraction without a zero before it: or.1e1
            return token(SqlWords.NUMBER, SqlLetters.number(b, start + 1, n));
        }
        if (c == '\'' && apostrophe(b, start, n)) {
            // o'brien, don't: part of the word before it
            int end = SqlLetters.word(b, start + 1, n);
            ends[count - 1] = end;
            types[count - 1] = SqlWords.WORD;
            return skipTo(end);
        }
        int sign = SqlSigns.read(b, start, n);
        return token(SqlSigns.type(sign), start + SqlSigns.length(sign));
    }

    private int skipComment(int end) {
        comment = true;
        commentCount++;
        return skipTo(end);
    }

    /** Whether a name or a number ends at {@code at}, so that a dot there has its own meaning. */
    private boolean named(int at) {
        if (count == 0 || ends[count - 1] != at) {
            return false;
        }
        int type = types[count - 1];
        return type != SqlWords.LOGIC
                && type != SqlWords.COMPARE
                && type != SqlWords.OPERATOR
                && type != SqlWords.SELECT
                && type != SqlWords.OPEN
                && type != SqlWords.COMMA;
    }

    private static boolean castable(byte type) {
        return type == SqlWords.QUOTE || type == SqlWords.CLOSE || type == SqlWords.NUMBER;
    }

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
            int stop = SqlLetters.word(b, start, n);
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

    /** Whether the quote at {@code i} is an apostrophe inside a word. */
    private boolean apostrophe(byte[] b, int i, int n) {
        if (i == 0 || i + 1 >= n || count == 0 || ends[count - 1] != i) {
            return false;
        }
        boolean put = types[count - 1] == SqlWords.LOGIC && type(count - 2) == SqlWords.QUOTE;
        if (types[count - 1] == SqlWords.SELECT || put) {
            // union(select'a','b'), 'or'x'='x
            return false;
        }
        if (kind(b[i - 1]) != LETTER || kind(b[i + 1]) != LETTER) {
            return false;
        }
        int end = SqlLetters.word(b, i + 1, n);
        int type = SqlWords.ALL_WORDS.code(b, i + 1, end);
        return type == 0 || type == SqlWords.FUNCTION || type == SqlWords.ALL;
    }
}
