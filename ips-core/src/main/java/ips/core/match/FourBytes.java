package ips.core.match;

import ips.core.ColdPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds patterns of five bytes and more by four bytes of each. It looks at every other place of the
 * text, so each pattern is entered twice: by four bytes and by the four that begin one later; the
 * one or the other lies at a place that is looked at.
 *
 * <pre>
 *   text     G E T   / c m d . p h p        places 0, 2, 4, ... are looked at
 *   entered          c m d . | m d . p
 *   filter   a bit for each hash of four bytes
 *   entries  by the same hash: the four bytes, the pattern, where in it they stand
 * </pre>
 *
 * <p>Bytes are taken with bit 5 set, which makes letters lower-case and costs one operation for
 * eight of them; what else falls together by that, the comparison tells apart.
 */
final class FourBytes {
    private static final int SHORTEST = 5;
    private static final long FOLD = 0x2020_2020_2020_2020L;
    private static final int SCATTER = 0x9e37_79b1;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Patterns patterns;
    private final long[] filter;
    private final int shift;
    private final GramTable entries;

    private FourBytes(Patterns patterns, int count) {
        this.patterns = patterns;
        // 64 bits an entry: one look in sixty at random bytes finds its bit set
        int bits = Math.min(20, Math.max(13, 32 - Integer.numberOfLeadingZeros(count * 64)));
        shift = 32 - bits;
        filter = new long[1 << bits - 6];
        entries = new GramTable(count * 2);
        for (int number = 0; number < patterns.size(); number++) {
            if (patterns.length(number) >= SHORTEST) {
                enter(number);
            }
        }
        entries.seal();
    }

    /** Null where no pattern is long enough. */
    @ColdPath
    static FourBytes of(Patterns patterns) {
        int count = 0;
        for (int number = 0; number < patterns.size(); number++) {
            count += patterns.length(number) >= SHORTEST ? 1 : 0;
        }
        return count == 0 ? null : new FourBytes(patterns, count);
    }

    /** Picks the rarest place of a pattern, and among those one that few others share. */
    @ColdPath
    private void enter(int number) {
        int best = 0;
        int bestScore = Integer.MIN_VALUE;
        for (int at = 0; at + SHORTEST <= patterns.length(number); at++) {
            int rarity =
                    Math.min(
                            Rarity.bits(patterns, number, at, 4),
                            Rarity.bits(patterns, number, at + 1, 4));
            int sharing = entries.count(gram(number, at)) + entries.count(gram(number, at + 1));
            int score = rarity - 2 * sharing;
            if (score > bestScore) {
                bestScore = score;
                best = at;
            }
        }
        for (int at = best; at < best + 2; at++) {
            int gram = gram(number, at);
            int hash = gram * SCATTER >>> shift;
            filter[hash >>> 6] |= 1L << hash;
            entries.add(gram, number, at);
        }
    }

    private int gram(int number, int at) {
        int gram = 0;
        for (int i = 3; i >= 0; i--) {
            gram = gram << 8 | patterns.at(number, at + i) & 0xff;
        }
        return gram | (int) FOLD;
    }

    void scan(byte[] bytes, int from, int to, PatternListener listener) {
        long[] filter = this.filter;
        int mask = filter.length - 1;
        int shift = this.shift;
        int i = from;
        for (; i + 8 <= to; i += 6) {
            long eight = (long) LONG.get(bytes, i) | FOLD;
            int first = (int) eight * SCATTER >>> shift;
            int second = (int) (eight >>> 16) * SCATTER >>> shift;
            int third = (int) (eight >>> 32) * SCATTER >>> shift;
            long atFirst = filter[first >>> 6 & mask] >>> first;
            long atSecond = filter[second >>> 6 & mask] >>> second;
            long atThird = filter[third >>> 6 & mask] >>> third;
            if (((atFirst | atSecond | atThird) & 1) != 0) {
                if ((atFirst & 1) != 0) {
                    entries.compare((int) eight, patterns, bytes, i, from, to, listener);
                }
                if ((atSecond & 1) != 0) {
                    int gram = (int) (eight >>> 16);
                    entries.compare(gram, patterns, bytes, i + 2, from, to, listener);
                }
                if ((atThird & 1) != 0) {
                    int gram = (int) (eight >>> 32);
                    entries.compare(gram, patterns, bytes, i + 4, from, to, listener);
                }
            }
        }
        for (; i + 4 <= to; i += 2) {
            int gram = (int) INT.get(bytes, i) | (int) FOLD;
            int hash = gram * SCATTER >>> shift;
            if ((filter[hash >>> 6] >>> hash & 1) != 0) {
                entries.compare(gram, patterns, bytes, i, from, to, listener);
            }
        }
    }

    int mostCompared() {
        return entries.mostShared();
    }

    long memoryBytes() {
        return 8L * filter.length + entries.memoryBytes();
    }
}
