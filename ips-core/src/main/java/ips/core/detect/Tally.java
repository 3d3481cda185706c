package ips.core.detect;

/**
 * Events of one source within a sliding window, kept in eight longs of the source's record, with
 * time and frame of the first of them for the report.
 *
 * <p>Two windows are kept, each begins with an event, so a burst is never cut in two. The count
 * weighs the earlier window by the part of it that still lies within reach; it is exact while all
 * events fall into one window, and otherwise off by no more than an uneven spread within the
 * earlier one makes it.
 *
 * <p>An event may be judged later than it happened: a SYN counts once its grace is over. Windows go
 * by when events are counted, which never runs back; reports want when they happened.
 *
 * <pre>
 *  +0 begin of the current window, ns | +1 its first event's time, ns | +2 and frame | +3 count
 *  +4 begin of the earlier window, ns | +5 its first event's time, ns | +6 and frame | +7 count
 * </pre>
 */
final class Tally {
    /** Longs one tally occupies. */
    static final int LONGS = 8;

    private static final int FIRST_NS = 1;
    private static final int FIRST_FRAME = 2;
    private static final int COUNT = 3;
    private static final int EARLIER = 4;
    private static final int EARLIER_COUNT = EARLIER + COUNT;

    /** What {@link #add} did: the current window goes on. */
    static final int SAME = 0;

    /** The current window became the earlier one. */
    static final int NEXT = 1;

    /** Nothing within reach: both windows are empty. */
    static final int FRESH = 2;

    private Tally() {}

    /**
     * Counts one event, which begins a new window where the old one is over.
     *
     * @param eventNs when it happened
     * @param frame in which frame
     * @param nowNs when it is counted
     * @return {@link #SAME}, {@link #NEXT} or {@link #FRESH}
     */
    static int add(long[] cells, int at, long eventNs, long frame, long nowNs, long windowNs) {
        return add(cells, at, 1, eventNs, frame, nowNs, windowNs);
    }

    /** Counts {@code amount} events at once. */
    static int add(
            long[] cells,
            int at,
            long amount,
            long eventNs,
            long frame,
            long nowNs,
            long windowNs) {
        int rolled = roll(cells, at, eventNs, frame, nowNs, windowNs);
        cells[at + COUNT] += amount;
        if (eventNs < cells[at + FIRST_NS]) {
            cells[at + FIRST_NS] = eventNs;
            cells[at + FIRST_FRAME] = frame;
        }
        return rolled;
    }

    /** Takes one event off again that turned out harmless; the count never falls below 0. */
    static void takeBack(long[] cells, int at) {
        int from = cells[at + COUNT] > 0 ? COUNT : EARLIER_COUNT;
        cells[at + from] = Math.max(0, cells[at + from] - 1);
    }

    private static int roll(
            long[] cells, int at, long eventNs, long frame, long nowNs, long windowNs) {
        long age = nowNs - cells[at];
        if (cells[at + COUNT] == 0 && cells[at + EARLIER_COUNT] == 0
                || age >= 2 * windowNs
                || age <= -windowNs) {
            clear(cells, at);
            begin(cells, at, eventNs, frame, nowNs);
            return FRESH;
        }
        if (age < windowNs) {
            return SAME;
        }
        for (int i = at; i < at + EARLIER; i++) {
            cells[i + EARLIER] = cells[i];
        }
        begin(cells, at, eventNs, frame, nowNs);
        return NEXT;
    }

    private static void begin(long[] cells, int at, long eventNs, long frame, long nowNs) {
        cells[at] = nowNs;
        cells[at + FIRST_NS] = eventNs;
        cells[at + FIRST_FRAME] = frame;
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
        return cells[firstWindow(cells, at) + FIRST_NS];
    }

    /** Frame of the first event counted in {@link #total}. */
    static long firstFrame(long[] cells, int at) {
        return cells[firstWindow(cells, at) + FIRST_FRAME];
    }

    /** An event of the current window may have happened before those of the earlier one. */
    private static int firstWindow(long[] cells, int at) {
        boolean earlier =
                cells[at + EARLIER_COUNT] > 0
                        && (cells[at + COUNT] == 0
                                || cells[at + EARLIER + FIRST_NS] <= cells[at + FIRST_NS]);
        return earlier ? at + EARLIER : at;
    }

    /** Forgets everything. */
    static void clear(long[] cells, int at) {
        for (int i = at; i < at + LONGS; i++) {
            cells[i] = 0;
        }
    }
}
