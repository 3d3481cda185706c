package ips.core.payload.text;

/** Undoes HTML character references and the escapes of JavaScript, JSON and C in one pass. */
final class Escapes {
    private static final Words NAMES =
            Words.builder()
                    .add('<', "lt lt")
                    .add('>', "gt")
                    .add('"', "quot")
                    .add('\'', "apos")
                    .add('&', "amp")
                    .add('(', "lpar")
                    .add(')', "rpar")
                    .add('{', "lbrace lcub")
                    .add('}', "rbrace rcub")
                    .add('[', "lbrack lsqb")
                    .add(']', "rbrack rsqb")
                    .add(':', "colon")
                    .add(';', "semi")
                    .add(',', "comma")
                    .add('.', "period")
                    .add('=', "equals")
                    .add('+', "plus")
                    .add('/', "sol")
                    .add('\\', "bsol")
                    .add('$', "dollar")
                    .add('!', "excl")
                    .add('#', "num")
                    .add('%', "percnt")
                    .add('*', "ast midast")
                    .add('?', "quest")
                    .add('@', "commat")
                    .add('`', "grave diacriticalgrave")
                    .add('|', "vert verbar")
                    .add('_', "lowbar")
                    .add(' ', "nbsp tab")
                    .add('\n', "newline")
                    .build();

    private static final int LONGEST_REFERENCE = 60;

    /** A bit above those of a character: it is a byte, not to be written as UTF-8. */
    private static final int ONE_BYTE = 1 << 16;

    private Escapes() {}

    /**
     * Writes {@code in} to {@code out} (which may be the same array) with escapes undone.
     *
     * @return the length, with {@link Text} flags of what was found in the upper half (0: nothing)
     */
    static long undo(byte[] in, int size, byte[] out) {
        int first = 0;
        while (first < size && in[first] != '&' && in[first] != '\\') {
            first++;
        }
        if (first == size) {
            return 0;
        }
        if (in != out) {
            System.arraycopy(in, 0, out, 0, first);
        }
        int to = first;
        long flags = 0;
        for (int i = first; i < size; ) {
            byte b = in[i];
            if (b == '&') {
                long reference = reference(in, i, size);
                if (reference >= 0) {
                    flags |= Text.ENTITY | (padded(in, i, size) ? Text.PADDED : 0);
                    to = Normalizer.putUtf8(out, to, (int) (reference & 0xffff));
                    i = (int) (reference >>> 32);
                    continue;
                }
            } else if (b == '\\' && i + 1 < size) {
                long escape = escape(in, i, size);
                if (escape >= 0) {
                    flags |= Text.ESCAPE;
                    int value = (int) (escape & 0xffff);
                    if ((escape & ONE_BYTE) != 0) {
                        out[to++] = (byte) value;
                    } else {
                        to = Normalizer.putUtf8(out, to, value);
                    }
                    i = (int) (escape >>> 32);
                    continue;
                }
            }
            out[to++] = b;
            i++;
        }
        return flags << 32 | to;
    }

    /**
     * What the escape at a backslash, with a byte behind it, stands for: its end in the upper half,
     * the character in the lower, with {@link #ONE_BYTE} where that is a byte as it is; -1 for
     * none.
     */
    private static long escape(byte[] in, int at, int size) {
        int next = in[at + 1];
        if (next == 'u') {
            return unicode(in, at, size);
        }
        if (next == 'x'
                && at + 3 < size
                && Normalizer.hex(in[at + 2]) >= 0
                && Normalizer.hex(in[at + 3]) >= 0) {
            int value = Normalizer.hex(in[at + 2]) << 4 | Normalizer.hex(in[at + 3]);
            return at + 4L << 32 | ONE_BYTE | value;
        }
        int octal = octal(in, at + 1, size);
        if (octal > 0) {
            return at + (thirdDigit(in, at + 1, size) ? 4L : 3L) << 32 | ONE_BYTE | octal;
        }
        if (next == '"' || next == '\'' || next == '/' || next == '`') {
            return at + 2L << 32 | ONE_BYTE | next;
        }
        return -1;
    }

    /** The same of those that begin with {@code u}: four digits, or some in braces. */
    private static long unicode(byte[] in, int at, int size) {
        if (at + 5 < size && Normalizer.hex4(in, at + 2) >= 0) {
            return at + 6L << 32 | Normalizer.hex4(in, at + 2);
        }
        if (at + 2 < size && in[at + 2] == '{') {
            int end = at + 3;
            int value = 0;
            while (end < size && end < at + 9 && Normalizer.hex(in[end]) >= 0) {
                value = value << 4 | Normalizer.hex(in[end++]);
            }
            if (end > at + 3 && end < size && in[end] == '}' && value < 0x10000) {
                return end + 1L << 32 | value;
            }
        }
        return -1;
    }

    /** The printable character that two or three octal digits stand for ({@code \047}), or 0. */
    private static int octal(byte[] in, int at, int size) {
        if (!octalDigit(in, at, size) || !octalDigit(in, at + 1, size)) {
            return 0;
        }
        int value = in[at] - '0' << 3 | in[at + 1] - '0';
        if (thirdDigit(in, at, size)) {
            value = value << 3 | in[at + 2] - '0';
        }
        return value >= ' ' && value < 127 ? value : 0;
    }

    /** Whether an octal escape has three digits: no more than a byte holds. */
    private static boolean thirdDigit(byte[] in, int at, int size) {
        return in[at] <= '3' && octalDigit(in, at + 2, size);
    }

    private static boolean octalDigit(byte[] in, int at, int size) {
        return at < size && in[at] >= '0' && in[at] <= '7';
    }

    /** Whether the reference at {@code at}, known to be one, begins with two zeros or more. */
    private static boolean padded(byte[] in, int at, int size) {
        int i = at + (at + 2 < size && (in[at + 2] | 0x20) == 'x' ? 3 : 2);
        return i + 1 < size && in[at + 1] == '#' && in[i] == '0' && in[i + 1] == '0';
    }

    /** The end (upper half) and the character of the reference at {@code at}, or -1. */
    private static long reference(byte[] in, int at, int size) {
        int i = at + 1;
        if (i < size && in[i] == '#') {
            i++;
            boolean hexadecimal = i < size && (in[i] | 0x20) == 'x';
            i += hexadecimal ? 1 : 0;
            int start = i;
            int limit = Math.min(size, start + LONGEST_REFERENCE);
            int value = 0;
            while (i < limit) {
                int digit = Normalizer.hex(in[i]);
                if (digit < 0 || !hexadecimal && digit > 9 || value > 0xffff) {
                    break;
                }
                value = hexadecimal ? value << 4 | digit : value * 10 + digit;
                i++;
            }
            if (i == start || value > 0xffff || value == 0) {
                return -1;
            }
            if (i < size && in[i] == ';') {
                i++;
            }
            return (long) i << 32 | value;
        }
        int limit = Math.min(size, i + 20);
        while (i < limit && in[i] >= 'a' && in[i] <= 'z') {
            i++;
        }
        int code = NAMES.code(in, at + 1, i);
        boolean closed = i < size && in[i] == ';';
        if (code == 0 || !closed && code != '<' && code != '>' && code != '"') {
            return -1;
        }
        return (long) (closed ? i + 1 : i) << 32 | code;
    }
}
