package ips.core.flow;

/**
 * A count over a sliding window, kept in three longs of somebody's table: the count of the current
 * window, that of the one before, and the time at which the current one began.
 *
 * <p>The estimate weighs the previous window by the part of it that still lies within reach, the
 * usual sliding-window counter. It is exact while all events fall into one window, and otherwise
 * off by no more than an uneven spread within the previous window makes it. Windows begin with the
 * first event, so a burst is never cut in two.
 *
 * <pre>
 *  +0 current count | +1 previous count | +2 current window's begin, ns
 * </pre>
 */
public final class WindowCount {
    /** Longs one count occupies. */
    public static final int LONGS = 3;

    private WindowCount() {}

    /**
     * Adds {@code amount}, which may be negative (what was counted turns out harmless), and returns
     * the count within the last {@code windowNs}, never below 0.
     */
    public static long add(long[] cells, int at, long amount, long nowNs, long windowNs) {
        roll(cells, at, nowNs, windowNs);
        long current = cells[at] + amount;
        if (current < 0) {
            cells[at + 1] = Math.max(0, cells[at + 1] + current);
            current = 0;
        }
        cells[at] = current;
        return estimate(cells, at, nowNs, windowNs);
    }

    /** The count within the last {@code windowNs}. */
    public static long get(long[] cells, int at, long nowNs, long windowNs) {
        roll(cells, at, nowNs, windowNs);
        return estimate(cells, at, nowNs, windowNs);
    }

    /** Forgets everything. */
    public static void clear(long[] cells, int at) {
        cells[at] = 0;
        cells[at + 1] = 0;
        cells[at + 2] = 0;
    }

    private static void roll(long[] cells, int at, long nowNs, long windowNs) {
        long age = nowNs - cells[at + 2];
        if (age >= 0 && age < windowNs) {
            return;
        }
        boolean adjacent = age >= windowNs && age < 2 * windowNs;
        cells[at + 1] = adjacent ? cells[at] : 0;
        cells[at] = 0;
        cells[at + 2] = adjacent ? cells[at + 2] + windowNs : nowNs;
    }

    private static long estimate(long[] cells, int at, long nowNs, long windowNs) {
        long previous = cells[at + 1];
        if (previous == 0) {
            return cells[at];
        }
        double within = (double) (windowNs - (nowNs - cells[at + 2])) / windowNs;
        return cells[at] + (long) (previous * within);
    }
}
