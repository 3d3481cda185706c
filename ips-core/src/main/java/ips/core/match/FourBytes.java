package ips.core.match;

import ips.core.ColdPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Finds patterns by four bytes of each. It looks at every other place of the text, or at every
 * fourth where patterns are long enough, so each pattern is entered two or four times: by four
 * bytes of it and by the four that begin one, two and three later; one of them lies at a place that
 * is looked at.
 *
 * <pre>
 *   text     G E T   / c m d . p h p        places 0, 2, 4, ... are looked at
 *   entered          c m d . | m d . p
 *   filter   a bit for each hash of four bytes; for few patterns a byte, and a hash that is quicker
 *   entries  by the same hash: the four bytes, the pattern, where in it they stand
 * </pre>
 *
 * <p>Bytes are taken with bit 5 set, which makes letters lower-case and costs one operation for
 * eight of them; what else falls together by that, the comparison tells apart.
 */
final class FourBytes {
    /** Bytes of the shortest patterns that can be found at every other place. */
    private static final int SHORTEST_BY_TWO = 5;

    /** Bytes of the shortest patterns that can be found at every fourth place. */
    private static final int SHORTEST_BY_FOUR = 7;

    /** Where more patterns share four bytes, there is more choice at every other place. */
    private static final int MOST_ALIKE = 16;

    /** Bits of the hashes where a byte each still fits the first-level cache. */
    private static final int MOST_MARK_BITS = 14;

    private static final long FOLD = 0x2020_2020_2020_2020L;
    private static final int SCATTER = 0x9e37_79b1;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Patterns patterns;
    private final int step;
    private final long[] filter;
    private final int shift;
    private final GramTable entries;

    /** For few patterns, in place of the filter: a byte a hash, 0 or not. Else null. */
    private final byte[] marks;

    private FourBytes(Patterns patterns, int step, int[] numbers) {
        this.patterns = patterns;
        this.step = step;
        // 64 bits an entry: one look in sixty at random bytes finds its bit set
        int wanted = numbers.length * step * 64;
        int bits = Math.min(20, Math.max(13, 32 - Integer.numberOfLeadingZeros(wanted)));
        shift = 32 - bits;
        filter = new long[1 << bits - 6];
        marks = step == 4 && bits <= MOST_MARK_BITS ? new byte[1 << bits] : null;
        entries = new GramTable(numbers.length * step);
        for (int number : numbers) {
            enter(number);
        }
        entries.seal();
    }

    /** Null where no pattern is long enough. */
    @ColdPath
    static FourBytes of(Patterns patterns) {
        int[] numbers =
                IntStream.range(0, patterns.size())
                        .filter(number -> patterns.length(number) >= SHORTEST_BY_TWO)
                        .toArray();
        if (numbers.length == 0) {
            return null;
        }
        boolean areLong =
                Arrays.stream(numbers).allMatch(each -> patterns.length(each) >= SHORTEST_BY_FOUR);
        if (areLong) {
            FourBytes byFour = new FourBytes(patterns, 4, numbers);
            if (byFour.mostCompared() <= MOST_ALIKE) {
                return byFour;
            }
        }
        return new FourBytes(patterns, 2, numbers);
    }

    /** Picks the rarest place of a pattern, and among those one that few others share. */
    @ColdPath
    private void enter(int number) {
        int best = 0;
        int bestScore = Integer.MIN_VALUE;
        for (int at = 0; at + step + 3 <= patterns.length(number); at++) {
            int rarity = Integer.MAX_VALUE;
            int sharing = 0;
            for (int i = at; i < at + step; i++) {
                rarity = Math.min(rarity, Rarity.bits(patterns, number, i, 4));
                sharing += entries.count(gram(number, i));
            }
            int score = rarity - 2 * sharing;
            if (score > bestScore) {
                bestScore = score;
                best = at;
            }
        }
        for (int at = best; at < best + step; at++) {
            int gram = gram(number, at);
            int hash = gram * SCATTER >>> shift;
            filter[hash >>> 6] |= 1L << hash;
            if (marks != null) {
                marks[(int) scattered(gram) & marks.length - 1] = 1;
            }
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
        int at;
        if (marks != null) {
            at = scanByMarks(bytes, from, to, listener);
        } else if (step == 4) {
            at = scanByFour(bytes, from, to, listener);
        } else {
            at = scanByTwo(bytes, from, to, listener);
        }
        for (; at + 4 <= to; at += step) {
            int gram = (int) INT.get(bytes, at) | (int) FOLD;
            if (has(gram)) {
                entries.compare(gram, patterns, bytes, at, from, to, listener);
            }
        }
    }

    private boolean has(int gram) {
        int hash = gram * SCATTER >>> shift;
        return (filter[hash >>> 6] >>> hash & 1) != 0;
    }

    /** A hash in the lowest bits of each half, for {@link #MOST_MARK_BITS} bits at most. */
    private static long scattered(long grams) {
        return grams ^ grams >>> 13;
    }

    /**
     * By four, 32 bytes at once: a look at a byte costs half of a look at a bit, and a hash made by
     * a shift serves two places.
     */
    private int scanByMarks(byte[] bytes, int from, int to, PatternListener listener) {
        byte[] marks = this.marks;
        int mask = marks.length - 1;
        int i = from;
        for (; i + 32 <= to; i += 32) {
            long first = scattered((long) LONG.get(bytes, i) | FOLD);
            long second = scattered((long) LONG.get(bytes, i + 8) | FOLD);
            long third = scattered((long) LONG.get(bytes, i + 16) | FOLD);
            long fourth = scattered((long) LONG.get(bytes, i + 24) | FOLD);
            if ((marks[(int) first & mask]
                            | marks[(int) (first >>> 32) & mask]
                            | marks[(int) second & mask]
                            | marks[(int) (second >>> 32) & mask]
                            | marks[(int) third & mask]
                            | marks[(int) (third >>> 32) & mask]
                            | marks[(int) fourth & mask]
                            | marks[(int) (fourth >>> 32) & mask])
                    != 0) {
                look(bytes, i, from, to, listener);
            }
        }
        return i;
    }

    private void look(byte[] bytes, int at, int from, int to, PatternListener listener) {
        for (int i = at; i < at + 32; i += 4) {
            int gram = (int) INT.get(bytes, i) | (int) FOLD;
            if (has(gram)) {
                entries.compare(gram, patterns, bytes, i, from, to, listener);
            }
        }
    }

    private int scanByFour(byte[] bytes, int from, int to, PatternListener listener) {
        long[] filter = this.filter;
        int mask = filter.length - 1;
        int shift = this.shift;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long eight = (long) LONG.get(bytes, i) | FOLD;
            int first = (int) eight * SCATTER >>> shift;
            int second = (int) (eight >>> 32) * SCATTER >>> shift;
            long atFirst = filter[first >>> 6 & mask] >>> first;
            long atSecond = filter[second >>> 6 & mask] >>> second;
            if (((atFirst | atSecond) & 1) != 0) {
                if ((atFirst & 1) != 0) {
                    entries.compare((int) eight, patterns, bytes, i, from, to, listener);
                }
                if ((atSecond & 1) != 0) {
                    int gram = (int) (eight >>> 32);
                    entries.compare(gram, patterns, bytes, i + 4, from, to, listener);
                }
            }
        }
        return i;
    }

    private int scanByTwo(byte[] bytes, int from, int to, PatternListener listener) {
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
        return i;
    }

    int mostCompared() {
        return entries.mostShared();
    }

    long memoryBytes() {
        return 8L * filter.length + (marks == null ? 0 : marks.length) + entries.memoryBytes();
    }
}
