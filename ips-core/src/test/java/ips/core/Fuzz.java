package ips.core;

/** How much fuzz tests try, and with which random numbers: the same every time unless told. */
public final class Fuzz {
    /** What random numbers begin with; {@code -Dips.fuzz.seed=7} makes others. */
    public static final long SEED = Long.getLong("ips.fuzz.seed", 1);

    private static final int TIMES = Integer.getInteger("ips.fuzz.times", 1);

    private Fuzz() {}

    /**
     * How many cases to try; {@code -Dips.fuzz.times=100} makes a hundred times as many.
     *
     * @param usual as many as take a few seconds
     */
    public static int cases(int usual) {
        return Math.multiplyExact(usual, TIMES);
    }
}
