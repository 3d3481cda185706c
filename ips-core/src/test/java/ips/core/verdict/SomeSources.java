package ips.core.verdict;

/** Sets of sources for tests. */
public final class SomeSources {
    private SomeSources() {}

    /**
     * The bits that so many sources leave on average.
     *
     * @param first the first bit set; those set follow one another
     */
    public static SourceBits of(int first, long sources) {
        long[] words = new long[SourceBits.LONGS];
        long bits = Math.round(SourceBits.BITS * -Math.expm1(-(double) sources / SourceBits.BITS));
        for (int i = first; i < first + bits; i++) {
            words[i / Long.SIZE % SourceBits.LONGS] |= 1L << i;
        }
        return SourceBits.copyOf(words, 0);
    }
}
