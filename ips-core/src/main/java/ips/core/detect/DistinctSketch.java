package ips.core.detect;

/**
 * Estimates how many distinct values a source's record has seen within two windows, in two longs.
 *
 * <p>A HyperLogLog (Flajolet et al., 2007) of 16 registers of 4 bits per window: up to some 40 by
 * linear counting, nearly exact for a handful; above with a standard error of 26 %, to half a
 * million and more. Told apart are "one target many times" and "many targets once", for which that
 * is plenty.
 *
 * <pre>
 *  +0 registers of the current window | +1 of the earlier one
 * </pre>
 */
final class DistinctSketch {
    /** Longs one sketch occupies. */
    static final int LONGS = 2;

    private static final int REGISTERS = 16;
    private static final int HIGHEST_RANK = 15;

    /** HyperLogLog's bias correction for 16 registers, times their number squared. */
    private static final double ALPHA_M_M = 0.673 * REGISTERS * REGISTERS;

    /** By the number of registers still 0. */
    private static final double[] LINEAR_COUNTING = new double[REGISTERS + 1];

    static {
        for (int zeros = 1; zeros <= REGISTERS; zeros++) {
            LINEAR_COUNTING[zeros] = REGISTERS * Math.log((double) REGISTERS / zeros);
        }
    }

    private DistinctSketch() {}

    /**
     * Follows the tally it belongs to into a new window.
     *
     * @param rolled what {@link Tally#add} returned
     */
    static void roll(long[] cells, int at, int rolled) {
        if (rolled != Tally.SAME) {
            cells[at + 1] = rolled == Tally.NEXT ? cells[at] : 0;
            cells[at] = 0;
        }
    }

    /** Adds a value: an address, and a port or 0. */
    static void add(long[] cells, int at, long high, long low, int port) {
        long hash = mix(mix(high + port) + low);
        int shift = ((int) hash & REGISTERS - 1) << 2;
        long rank = Math.min(HIGHEST_RANK, 1 + Long.numberOfTrailingZeros(hash >>> 4));
        long registers = cells[at];
        if ((registers >>> shift & 15) < rank) {
            cells[at] = registers & ~(15L << shift) | rank << shift;
        }
    }

    /** How many distinct values were added in the current and the earlier window. */
    static long estimate(long[] cells, int at) {
        long current = cells[at];
        long earlier = cells[at + 1];
        double sum = 0;
        int zeros = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 4) {
            int rank = (int) Math.max(current >>> shift & 15, earlier >>> shift & 15);
            sum += 1.0 / (1 << rank);
            zeros += rank == 0 ? 1 : 0;
        }
        double estimate = ALPHA_M_M / sum;
        if (zeros > 0 && estimate <= 2.5 * REGISTERS) {
            estimate = LINEAR_COUNTING[zeros];
        }
        return Math.round(estimate);
    }

    /** The finalizer of SplitMix64: every bit depends on every bit. */
    private static long mix(long value) {
        long hash = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        hash = (hash ^ hash >>> 27) * 0x94D0_49BB_1331_11EBL;
        return hash ^ hash >>> 31;
    }
}
