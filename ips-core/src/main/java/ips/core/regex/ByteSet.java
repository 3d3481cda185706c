package ips.core.regex;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** A set of byte values; immutable. */
final class ByteSet {
    static final ByteSet ALL = of(b -> true);
    static final ByteSet NEWLINE = of('\n');
    static final ByteSet DIGIT = range('0', '9');
    static final ByteSet WORD = of(ByteSet::isWord);
    static final ByteSet SPACE = of(b -> b == ' ' || b >= '\t' && b <= '\r');
    static final ByteSet HORIZONTAL = of(b -> b == ' ' || b == '\t' || b == 0xa0);
    static final ByteSet VERTICAL = of(b -> b >= '\n' && b <= '\r' || b == 0x85);

    private final long[] bits;

    private ByteSet(long[] bits) {
        this.bits = bits;
    }

    static ByteSet of(int b) {
        return range(b, b);
    }

    static ByteSet range(int first, int last) {
        return of(b -> b >= first && b <= last);
    }

    static ByteSet of(IntPredicate member) {
        long[] bits = new long[4];
        for (int b = 0; b < 256; b++) {
            if (member.test(b)) {
                bits[b >> 6] |= 1L << b;
            }
        }
        return new ByteSet(bits);
    }

    static boolean isWord(int b) {
        return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b == '_' || b >= 'a' && b <= 'z';
    }

    boolean has(int b) {
        return (bits[b >> 6] & 1L << b) != 0;
    }

    ByteSet or(ByteSet other) {
        return of(b -> has(b) || other.has(b));
    }

    ByteSet not() {
        return of(b -> !has(b));
    }

    /** With both cases of every ASCII letter that is a member in one. */
    ByteSet caseless() {
        return of(b -> has(b) || isLetter(b) && has(b ^ 0x20));
    }

    private static boolean isLetter(int b) {
        return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteSet set && Arrays.equals(bits, set.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bits);
    }
}
