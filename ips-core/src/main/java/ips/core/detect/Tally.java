package ips.core.detect;

/**
 * Events of one source within a sliding window, kept in six longs of the source's record, with time
 * and frame of the first of them for the report.
 *
 * <p>Two windows are kept, each begins with an event: a burst is never cut in two, and a window's
 * begin is what a report wants as "first". The count weighs the earlier window by the part of it
 * that still lies within reach; it is exact while all events fall into one window, and otherwise
 * off by no more than an uneven spread within the earlier one makes it.
 *
 * <pre>
 *  +0 time of the current window's first event, ns | +1 its frame | +2 count
 *  +3 time of the earlier window's first event, ns | +4 its frame | +5 count
 * </pre>
 */
final class Tally {
    /** Longs one tally occupies. */
    static final int LONGS = 6;

    private static final int COUNT = 2;
    private static final int EARLIER = 3;
    private static final int EARLIER_COUNT = EARLIER + COUNT;

    /** What {@link #roll} did: the current window goes on. */
    static final int SAME = 0;

    /** The current window became the earlier one. */
    static final int NEXT = 1;

    /** Nothing within reach: both windows are empty. */
    static final int FRESH = 2;

    private Tally() {}

    /**
     * Adds {@code amount}, which may be negative (what was counted turns out harmless), and returns
     * the count within the last {@code windowNs}, never below 0.
     */
    static long add(long[] cells, int at, long amount, long nowNs, long frame, long windowNs) {
        roll(cells, at, nowNs, frame, windowNs);
        long count = cells[at + COUNT] + amount;
        if (count < 0) {
            cells[at + EARLIER_COUNT] = Math.max(0, cells[at + EARLIER_COUNT] + count);
            count = 0;
        }
        cells[at + COUNT] = count;
        return get(cells, at, nowNs, windowNs);
    }

    /** Begins a new window with the event that is about to be added, where the old one is over. */
    static int roll(long[] cells, int at, long nowNs, long frame, long windowNs) {
        long age = nowNs - cells[at];
        if (cells[at + COUNT] == 0 && cells[at + EARLIER_COUNT] == 0
                || age >= 2 * windowNs
                || age <= -windowNs) {
            cells[at + EARLIER] = 0;
            cells[at + EARLIER + 1] = 0;
            cells[at + EARLIER_COUNT] = 0;
            begin(cells, at, nowNs, frame);
            return FRESH;
        }
        if (age < windowNs) {
            return SAME;
        }
        cells[at + EARLIER] = cells[at];
        cells[at + EARLIER + 1] = cells[at + 1];
        cells[at + EARLIER_COUNT] = cells[at + COUNT];
        begin(cells, at, nowNs, frame);
        return NEXT;
    }

    private static void begin(long[] cells, int at, long nowNs, long frame) {
        cells[at] = nowNs;
        cells[at + 1] = frame;
        cells[at + COUNT] = 0;
    }

    /** The count within the last {@code windowNs}. */
    static long get(long[] cells, int at, long nowNs, long windowNs) {
        return weighed(cells[at + COUNT], nowNs - cells[at], windowNs)
                + weighed(cells[at + EARLIER_COUNT], nowNs - cells[at + EARLIER], windowNs);
    }

    /** Of a window that began {@code age} ago, the part of its count that is within reach. */
    private static long weighed(long count, long age, long windowNs) {
        if (count == 0 || age <= windowNs) {
            return count;
        }
        long within = 2 * windowNs - age;
        return within <= 0 ? 0 : (long) ((double) count * within / windowNs);
    }

    /** All that was counted since {@link #firstNs}. */
    static long total(long[] cells, int at) {
        return cells[at + COUNT] + cells[at + EARLIER_COUNT];
    }

    /** Time of the first event counted in {@link #total}. */
    static long firstNs(long[] cells, int at) {
        return cells[at + EARLIER_COUNT] > 0 ? cells[at + EARLIER] : cells[at];
    }

    /** Frame of the first event counted in {@link #total}. */
    static long firstFrame(long[] cells, int at) {
        return cells[at + EARLIER_COUNT] > 0 ? cells[at + EARLIER + 1] : cells[at + 1];
    }

    /** Forgets everything. */
    static void clear(long[] cells, int at) {
        for (int i = at; i < at + LONGS; i++) {
            cells[i] = 0;
        }
    }
}
