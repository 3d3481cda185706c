package ips.core.detect;

import ips.core.counter.Counter;
import ips.core.counter.Counters;

/**
 * What sources probed: one record per source and target, where the target is whatever the scan at
 * hand holds still (a host whose ports are tried, a port that is tried on many hosts) and the
 * <em>items</em> are what it varies (the ports, the hosts).
 *
 * <p>A record counts distinct items that said no or nothing, within a fast and within a slow
 * window, less those that answered: an item that ever answered within the slow window is no probe.
 * Sets are bitmaps of {@value #BITS} bits read by linear counting (Whang et al., 1990): exact to
 * one or two up to some 40 items, within a tenth up to 1,000, and a lower bound from {@value
 * #MOST_COUNTED} on. Each window is kept as two halves that take turns, so it reaches back between
 * one half of its length and the whole, never further; a window begins with an item, so a burst is
 * not cut.
 *
 * <p>Counts of outcomes and the time of the first probe reach back as far as the slow window does.
 *
 * <p>Owned by one worker. {@value #BYTES} bytes a record, a power of two of them in sets of {@value
 * #WAYS}. When a set is full, its record with the fewest distinct items gives way, the one quiet
 * for longest among equals, and is counted as {@code PROBE_RECORDS_EVICTED}: a flood of sources
 * with a probe or two each drives out its own kind, not a scanner.
 *
 * <pre>
 *  +0 source, high | +1 low | +2 target, high | +3 low | +4 what the target is
 *     (16 bits, lower) and frame of the last probe (48 bits)
 *  +5 first probe, ns | +6 its frame | +7 last probe, ns
 *  +8 refused | +9 unanswered | +10 half-open | +11 answered: each current half (32 bits, lower)
 *     and earlier half (32 bits, upper) of the slow window
 *  +12 begin of the fast half, ns | +13 of the slow half | +14 frame at the slow half's begin
 *  +15 the owner's mark
 *  +16 fast, current half | +24 fast, earlier half | +32 slow, current | +40 slow, earlier
 *  +48 answered, current half of the slow window | +56 answered, earlier half
 * </pre>
 */
final class ProbeTable {
    /** No record. */
    static final int NONE = -1;

    /** Bytes of one record, its tag included. */
    static final int BYTES = 516;

    /** Why an item counts as probed: what became of the attempt. */
    static final int REFUSED = 8;

    static final int UNANSWERED = 9;
    static final int HALF_OPEN = 10;
    static final int ANSWERED = 11;

    private static final int WAYS = 8;
    private static final int LONGS = 64;
    private static final int BITS = 512;
    private static final int MOST_COUNTED = 3194;

    private static final int LOW = 1;
    private static final int TARGET_HIGH = 2;
    private static final int TARGET_LOW = 3;
    private static final int WHAT = 4;
    private static final int LAST_FRAME_SHIFT = 16;
    private static final int WHAT_MASK = (1 << LAST_FRAME_SHIFT) - 1;
    private static final int FIRST_NS = 5;
    private static final int FIRST_FRAME = 6;
    private static final int LAST_NS = 7;
    private static final int FAST_BEGIN = 12;
    private static final int SLOW_BEGIN = 13;
    private static final int SLOW_FRAME = 14;
    private static final int MARK = 15;
    private static final int FAST = 16;
    private static final int SLOW = 32;
    private static final int POSITIVE = 48;
    private static final int WORDS = BITS / 64;

    /**
     * A window that begins so far ahead is of before the clock was set back; graces are shorter.
     */
    private static final long SET_BACK_NS = 20_000_000_000L;

    /** Distinct items by the number of bits they set. */
    private static final int[] DISTINCT = new int[BITS + 1];

    static {
        for (int ones = 0; ones < BITS; ones++) {
            DISTINCT[ones] = (int) (-BITS * Math.log(1 - (double) ones / BITS));
        }
        DISTINCT[BITS] = DISTINCT[BITS - 1];
    }

    private final Counters counters;
    private final long fastHalfNs;
    private final long slowHalfNs;
    private final int[] tags;
    private final long[] cells;
    private final int setMask;

    /**
     * @param capacity records of all workers together; each gets its part, at least {@value #WAYS}
     */
    ProbeTable(int capacity, int workers, long fastNs, long slowNs, Counters counters) {
        int sets = Integer.highestOneBit(Math.max(1, capacity / workers / WAYS));
        this.counters = counters;
        this.fastHalfNs = fastNs / 2;
        this.slowHalfNs = slowNs / 2;
        this.setMask = sets - 1;
        this.tags = new int[sets * WAYS];
        this.cells = new long[sets * WAYS * LONGS];
    }

    /** A number for a pair of longs, all bits of which depend on all of theirs (MurmurHash3). */
    static long mix(long a, long b) {
        long mixed = (a ^ b * 0x9E3779B97F4A7C15L) * 0xFF51AFD7ED558CCDL;
        mixed ^= mixed >>> 33;
        mixed = (mixed + b) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 32;
    }

    private static long hash(
            long sourceHigh, long sourceLow, long targetHigh, long targetLow, int what) {
        return mix(mix(mix(sourceHigh, sourceLow), targetHigh), mix(targetLow, what));
    }

    int find(long sourceHigh, long sourceLow, long targetHigh, long targetLow, int what) {
        long hash = hash(sourceHigh, sourceLow, targetHigh, targetLow, what);
        int tag = (int) (hash >>> 32) | 1;
        int first = ((int) hash & setMask) * WAYS;
        for (int slot = first; slot < first + WAYS; slot++) {
            int at = slot * LONGS;
            if (tags[slot] == tag
                    && cells[at + LOW] == sourceLow
                    && cells[at] == sourceHigh
                    && cells[at + TARGET_LOW] == targetLow
                    && cells[at + TARGET_HIGH] == targetHigh
                    && what(at) == what) {
                return at;
            }
        }
        return NONE;
    }

    /** Makes a record that {@link #find} did not find, empty. */
    int add(
            long sourceHigh,
            long sourceLow,
            long targetHigh,
            long targetLow,
            int what,
            long nowNs,
            long frame) {
        long hash = hash(sourceHigh, sourceLow, targetHigh, targetLow, what);
        int slot = freeSlot(((int) hash & setMask) * WAYS, nowNs);
        int at = slot * LONGS;
        for (int i = at; i < at + LONGS; i++) {
            cells[i] = 0;
        }
        tags[slot] = (int) (hash >>> 32) | 1;
        cells[at] = sourceHigh;
        cells[at + LOW] = sourceLow;
        cells[at + TARGET_HIGH] = targetHigh;
        cells[at + TARGET_LOW] = targetLow;
        cells[at + WHAT] = what;
        begin(at, nowNs, frame);
        return at;
    }

    private int freeSlot(int first, long nowNs) {
        int coldest = first;
        int fewest = Integer.MAX_VALUE;
        for (int slot = first; slot < first + WAYS; slot++) {
            int at = slot * LONGS;
            if (tags[slot] == 0 || nowNs - cells[at + LAST_NS] > 2 * slowHalfNs) {
                return slot;
            }
            int items = slow(at);
            boolean colder = cells[at + LAST_NS] < cells[coldest * LONGS + LAST_NS];
            if (items < fewest || items == fewest && colder) {
                coldest = slot;
                fewest = items;
            }
        }
        counters.increment(Counter.PROBE_RECORDS_EVICTED);
        return coldest;
    }

    private void begin(int at, long nowNs, long frame) {
        cells[at + FIRST_NS] = nowNs;
        cells[at + FIRST_FRAME] = frame;
        cells[at + LAST_NS] = nowNs;
        cells[at + WHAT] = frame << LAST_FRAME_SHIFT | what(at);
        cells[at + FAST_BEGIN] = nowNs;
        cells[at + SLOW_BEGIN] = nowNs;
        cells[at + SLOW_FRAME] = frame;
    }

    /** Forgets all but the key, so that the source begins anew with this target. */
    void restart(int at, long nowNs, long frame) {
        for (int i = at + FIRST_NS; i < at + LONGS; i++) {
            cells[i] = 0;
        }
        begin(at, nowNs, frame);
    }

    /**
     * Counts a probe that got no positive answer. Probes may come a little out of their order, as
     * it is known what became of them.
     *
     * @param item a hash of the item probed, of which the lower bits are used
     * @param outcome {@link #REFUSED}, {@link #UNANSWERED} or {@link #HALF_OPEN}
     * @param nowNs when it was sent
     * @param frame in which frame
     */
    void negative(int at, long item, int outcome, long nowNs, long frame) {
        roll(at, nowNs, frame);
        cells[at + outcome]++;
        seen(at, nowNs, frame);
        int word = at + ((int) item & BITS - 1) / 64;
        cells[word + FAST] |= 1L << item;
        cells[word + SLOW] |= 1L << item;
    }

    /** Counts an attempt that was answered; its item is not counted as probed any more. */
    void positive(int at, long item, long nowNs, long frame) {
        roll(at, nowNs, frame);
        cells[at + ANSWERED]++;
        seen(at, nowNs, frame);
        cells[at + POSITIVE + ((int) item & BITS - 1) / 64] |= 1L << item;
    }

    private void seen(int at, long nowNs, long frame) {
        if (nowNs < cells[at + FIRST_NS]) {
            cells[at + FIRST_NS] = nowNs;
            cells[at + FIRST_FRAME] = frame;
        }
        if (nowNs >= cells[at + LAST_NS]) {
            cells[at + LAST_NS] = nowNs;
            cells[at + WHAT] = frame << LAST_FRAME_SHIFT | what(at);
        }
    }

    private void roll(int at, long nowNs, long frame) {
        long fastAge = nowNs - cells[at + FAST_BEGIN];
        if (fastAge < -SET_BACK_NS) {
            restart(at, nowNs, frame);
            fastAge = 0;
        }
        if (fastAge >= fastHalfNs) {
            boolean adjacent = fastAge < 2 * fastHalfNs;
            turn(at + FAST, adjacent);
            cells[at + FAST_BEGIN] = adjacent ? nowNs - fastAge + fastHalfNs : nowNs;
        }
        long slowAge = nowNs - cells[at + SLOW_BEGIN];
        if (slowAge >= slowHalfNs) {
            boolean adjacent = slowAge < 2 * slowHalfNs;
            turn(at + SLOW, adjacent);
            turn(at + POSITIVE, adjacent);
            for (int i = at + REFUSED; i <= at + ANSWERED; i++) {
                cells[i] = adjacent ? cells[i] << 32 : 0;
            }
            cells[at + FIRST_NS] = adjacent ? cells[at + SLOW_BEGIN] : nowNs;
            cells[at + FIRST_FRAME] = adjacent ? cells[at + SLOW_FRAME] : frame;
            cells[at + SLOW_BEGIN] = adjacent ? nowNs - slowAge + slowHalfNs : nowNs;
            cells[at + SLOW_FRAME] = frame;
        }
    }

    /** Makes a set's current half the earlier one, if it is not too old. */
    private void turn(int set, boolean adjacent) {
        for (int i = set; i < set + WORDS; i++) {
            cells[i + WORDS] = adjacent ? cells[i] : 0;
            cells[i] = 0;
        }
    }

    /** Distinct items probed within the fast window up to the last probe, less those answered. */
    int fast(int at) {
        return distinct(at, FAST);
    }

    /** Distinct items probed within the slow window up to the last probe, less those answered. */
    int slow(int at) {
        return distinct(at, SLOW);
    }

    /** Distinct items that answered within the slow window up to the last probe. */
    int answered(int at) {
        int ones = 0;
        for (int i = at + POSITIVE; i < at + POSITIVE + WORDS; i++) {
            ones += Long.bitCount(cells[i] | cells[i + WORDS]);
        }
        return DISTINCT[ones];
    }

    private int distinct(int at, int set) {
        int ones = 0;
        for (int i = at; i < at + WORDS; i++) {
            long in = cells[i + set] | cells[i + set + WORDS];
            long out = cells[i + POSITIVE] | cells[i + POSITIVE + WORDS];
            ones += Long.bitCount(in & ~out);
        }
        // Items that are numbers in a row share no bits, and are not to be corrected for that.
        return (int) Math.min(DISTINCT[ones], count(at) - count(at, ANSWERED));
    }

    /** How many probes had an outcome, since {@link #firstNs}. */
    long count(int at, int outcome) {
        long halves = cells[at + outcome];
        return (halves & 0xffff_ffffL) + (halves >>> 32);
    }

    /** How many attempts there were, whatever their outcome, since {@link #firstNs}. */
    long count(int at) {
        return count(at, REFUSED)
                + count(at, UNANSWERED)
                + count(at, HALF_OPEN)
                + count(at, ANSWERED);
    }

    long sourceHigh(int at) {
        return cells[at];
    }

    long sourceLow(int at) {
        return cells[at + LOW];
    }

    long targetHigh(int at) {
        return cells[at + TARGET_HIGH];
    }

    long targetLow(int at) {
        return cells[at + TARGET_LOW];
    }

    int what(int at) {
        return (int) cells[at + WHAT] & WHAT_MASK;
    }

    long firstNs(int at) {
        return cells[at + FIRST_NS];
    }

    long firstFrame(int at) {
        return cells[at + FIRST_FRAME];
    }

    long lastNs(int at) {
        return cells[at + LAST_NS];
    }

    long lastFrame(int at) {
        return cells[at + WHAT] >>> LAST_FRAME_SHIFT;
    }

    /** What the owner keeps with the record; 0 at first. */
    long mark(int at) {
        return cells[at + MARK];
    }

    void mark(int at, long value) {
        cells[at + MARK] = value;
    }
}
