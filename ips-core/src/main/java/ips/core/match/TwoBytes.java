package ips.core.match;

import ips.core.ColdPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds patterns of two to four bytes by two of them, looked at at every place; a bit for each of
 * the 65,536 pairs says whether some pattern has it.
 */
final class TwoBytes {
    private static final int LONGEST = 4;
    private static final long FOLD = 0x2020_2020_2020_2020L;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Patterns patterns;
    private final long[] filter = new long[1 << 10];
    private final GramTable entries;

    private TwoBytes(Patterns patterns, int count) {
        this.patterns = patterns;
        entries = new GramTable(count);
        for (int number = 0; number < patterns.size(); number++) {
            if (isFor(patterns.length(number))) {
                enter(number);
            }
        }
        entries.seal();
    }

    private static boolean isFor(int length) {
        return length >= 2 && length <= LONGEST;
    }

    /** Null where no pattern is of that length. */
    @ColdPath
    static TwoBytes of(Patterns patterns) {
        int count = 0;
        for (int number = 0; number < patterns.size(); number++) {
            count += isFor(patterns.length(number)) ? 1 : 0;
        }
        return count == 0 ? null : new TwoBytes(patterns, count);
    }

    @ColdPath
    private void enter(int number) {
        int best = 0;
        for (int at = 1; at + 2 <= patterns.length(number); at++) {
            if (Rarity.bits(patterns, number, at, 2) > Rarity.bits(patterns, number, best, 2)) {
                best = at;
            }
        }
        int low = patterns.at(number, best) & 0xff;
        int pair = (low | (patterns.at(number, best + 1) & 0xff) << 8) | (int) FOLD & 0xffff;
        filter[pair >>> 6] |= 1L << pair;
        entries.add(pair, number, best);
    }

    void scan(byte[] bytes, int from, int to, PatternListener listener) {
        long[] filter = this.filter;
        int i = from;
        for (; i + 8 <= to; i += 7) {
            long eight = (long) LONG.get(bytes, i) | FOLD;
            long hits = 0;
            for (int shift = 0; shift < 56; shift += 8) {
                int pair = (int) (eight >>> shift) & 0xffff;
                hits |= filter[pair >>> 6] >>> pair;
            }
            if ((hits & 1) != 0) {
                for (int k = 0; k < 7; k++) {
                    look(bytes, i + k, (int) (eight >>> 8 * k) & 0xffff, from, to, listener);
                }
            }
        }
        for (; i + 2 <= to; i++) {
            int pair = bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8;
            look(bytes, i, pair | (int) FOLD & 0xffff, from, to, listener);
        }
    }

    private void look(byte[] bytes, int at, int pair, int from, int to, PatternListener listener) {
        if ((filter[pair >>> 6] >>> pair & 1) != 0) {
            entries.compare(pair, patterns, bytes, at, from, to, listener);
        }
    }

    int mostCompared() {
        return entries.mostShared();
    }

    long memoryBytes() {
        return 8L * filter.length + entries.memoryBytes();
    }
}
