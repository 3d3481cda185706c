package ips.core.payload.sql;

import ips.core.HotPath;
import java.util.Arrays;

/**
 * The letters of SQL: what kind a byte is of, where a word or number ends, and which keywords hide
 * in letters that are none at first sight.
 */
@HotPath
final class SqlLetters {
    static final byte SPACE = 0;
    static final byte LETTER = 1;
    static final byte DIGIT = 2;
    static final byte SIGN = 3;

    private static final byte[] KINDS = new byte[256];

    static {
        Arrays.fill(KINDS, 0, 128, SIGN);
        Arrays.fill(KINDS, 128, 256, LETTER);
        Arrays.fill(KINDS, 'a', 'z' + 1, LETTER);
        KINDS['_'] = LETTER;
        KINDS['$'] = LETTER;
        Arrays.fill(KINDS, '0', '9' + 1, DIGIT);
        KINDS[' '] = SPACE;
        KINDS['\n'] = SPACE;
    }

    private SqlLetters() {}

    static byte kind(int b) {
        return KINDS[b & 0xff];
    }

    /** The kind of the byte at {@code i}; a space behind the end. */
    static byte kind(byte[] b, int i, int n) {
        return i < n ? KINDS[b[i] & 0xff] : SPACE;
    }

    /** The position behind the letters and digits from {@code from} on. */
    static int word(byte[] b, int from, int n) {
        int i = from;
        while (i < n) {
            int k = kind(b[i]);
            if (k != LETTER && k != DIGIT) {
                break;
            }
            i++;
        }
        return i;
    }

    private static boolean binary(byte c) {
        return c == '0' || c == '1';
    }

    /** The position behind the number at {@code from}. */
    static int number(byte[] b, int from, int n) {
        int i = from;
        if (b[i] == '0' && i + 2 < n && b[i + 1] == 'x' && hex(b[i + 2])) {
            i += 2;
            while (i < n && hex(b[i])) {
                i++;
            }
            return i;
        }
        if (b[i] == '0' && i + 2 < n && b[i + 1] == 'b' && binary(b[i + 2])) {
            i += 2;
            while (i < n && binary(b[i])) {
                i++;
            }
            return i;
        }
        while (i < n && b[i] >= '0' && b[i] <= '9') {
            i++;
        }
        if (i < n && b[i] == '.' && (i + 1 == n || kind(b[i + 1]) != SIGN)) {
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

    /** Whether the letters that follow a number directly are a word of their own: 1or, 1union. */
    static boolean fusedKeyword(byte[] b, int from, int n) {
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

    /**
     * The type of a keyword put into itself ({@code selSELECTect}), which a filter that takes
     * keywords out once leaves whole; else that of a word.
     */
    static int nested(byte[] b, int from, int to) {
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

    /** Whether the sign at {@code i} stands between two digits, where it adds. */
    static boolean between(byte[] b, int i, int n) {
        return i > 0 && i + 1 < n && kind(b[i - 1]) == DIGIT && kind(b[i + 1]) == DIGIT;
    }

    /** Whether there is a space; where there is none, {@code +} stands for one. */
    static boolean spaced(byte[] b, int n) {
        for (int i = 0; i < n; i++) {
            if (b[i] == ' ' || b[i] == '\n') {
                return true;
            }
        }
        return false;
    }
}
