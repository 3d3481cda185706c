package ips.core.verdict;

import java.util.Arrays;

/**
 * Which of 1,024 bits a set of sources falls to, by their hashes: tells how many distinct sources
 * there are without keeping them. Those of several workers, united, are what one worker would have
 * noted, so the estimate does not depend on how many workers there are.
 *
 * <p>Estimated by linear counting (Whang et al., "A linear-time probabilistic counting algorithm",
 * 1990): a standard error of 3 % up to a thousand, 7,000 at most. Immutable.
 */
public final class SourceBits {
    /** Words the bits take. */
    public static final int LONGS = 16;

    /** How many bits there are. */
    public static final int BITS = LONGS * Long.SIZE;

    private final long[] words;

    private SourceBits(long[] words) {
        this.words = words;
    }

    /** A copy of {@link #LONGS} words, bit 0 of the first being the first bit. */
    public static SourceBits copyOf(long[] words, int from) {
        return new SourceBits(Arrays.copyOfRange(words, from, from + LONGS));
    }

    /** All bits that are set here or there. */
    public SourceBits with(SourceBits other) {
        long[] united = words.clone();
        for (int i = 0; i < LONGS; i++) {
            united[i] |= other.words[i];
        }
        return new SourceBits(united);
    }

    /** How many distinct sources there are, more or less. */
    public long estimate() {
        int set = 0;
        for (long word : words) {
            set += Long.bitCount(word);
        }
        int clear = Math.max(1, BITS - set);
        return Math.round(BITS * Math.log((double) BITS / clear));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceBits bits && Arrays.equals(words, bits.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    /** {@code ~1000 sources}. */
    @Override
    public String toString() {
        return "~" + estimate() + " sources";
    }
}
