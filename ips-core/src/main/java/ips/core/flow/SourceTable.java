package ips.core.flow;

import ips.core.ColdPath;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.util.Arrays;

/**
 * What a worker knows about each source address it owns: a record of longs per source, in which
 * detectors claim fields of their own. Owned by one worker; never grows after {@link #seal}.
 *
 * <p>Set-associative. A source's hash picks a bucket of eight places. A word of hints, one byte for
 * each place, rules out nearly all sources that are not in the table without another look-up: hints
 * are small enough to stay in the cache under a flood of forged sources. A place whose hint fits is
 * verified against its tag and the address in its record.
 *
 * <pre>
 *  hint    some bits of the hash, 0 for an empty place
 *  tag     63..32 fingerprint | 31..1 expiry, in units of 268 ms | 0 proven or accused
 *  record  +0 address, high | +1 address, low | +2 first seen, ns | +3 last seen, ns
 *          +4 last handshake completed, ns | +5 one bit for each protocol it floods with
 *          +6 ... the fields claimed, in the order of claims; those of {@link Repeats}
 * </pre>
 *
 * <p>A source takes 8 bytes for its tag, 1 for its hint and 96 + 8 per claimed long, rounded up to
 * 64, for its record. What is claimed first lies next to the core, so the dearest detector goes
 * first: under a flood of many sources what a record costs is its cache lines.
 *
 * <p><b>When a bucket is full</b>, a newcomer takes the place of a source idle for {@link
 * #IDLE_NS}, if there is one: no window that is kept in these records reaches back as far (those of
 * an hour keep tables of their own). Sources that proved themselves or stand accused are kept
 * {@link #INTEREST_NS}. Otherwise the newcomer is counted in a {@link CountMinSketch} only, and has
 * no record until its estimate there exceeds the noise by {@link #PROMOTION}, well below the
 * threshold of any flood; then the source of its bucket that is idle longest makes way. So a flood
 * of ten million forged sources fills the table with its first ones, grows nothing and hides no
 * heavy hitter. At a quarter of the capacity one source in 10,000 finds its bucket full, at half
 * one in 80.
 */
public final class SourceTable {
    /** Returned where the table has no record of a source. */
    public static final int NONE = -1;

    /** A source idle for longer may be forgotten: above every window kept in the records. */
    public static final long IDLE_NS = 60_000_000_000L;

    /** The same for a source that completed a handshake or stands accused. */
    public static final long INTEREST_NS = 10 * IDLE_NS;

    /** How long a completed handshake vouches for the address. */
    public static final long PROVEN_NS = 60_000_000_000L;

    /** Packets above the sketch's noise that earn a source a record. */
    static final int PROMOTION = 16;

    private static final int WAYS = 8;
    private static final int LOW = 1;
    private static final int FIRST_NS = 2;
    private static final int LAST_NS = 3;
    private static final int PROVEN_AT_NS = 4;
    private static final int FLOODING = 5;

    private static final int CORE_LONGS = 6;
    private static final long NEVER = Long.MIN_VALUE / 2;

    /**
     * A large array's elements begin 16 bytes behind a line's start; this puts records on lines.
     */
    private static final int LINE_PADDING = 6;

    private static final int TIME_SHIFT = 28;
    private static final int INTEREST = 1;
    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;
    private static final long LOW_INT = 0xffff_ffffL;
    private static final int IDLE_UNITS = (int) (IDLE_NS >>> TIME_SHIFT) << 1;
    private static final int INTEREST_UNITS = (int) (INTEREST_NS >>> TIME_SHIFT) << 1;

    private final Counters counters;
    private final int capacity;
    private final int bucketMask;
    private final CountMinSketch sketch = new CountMinSketch();
    private int recordLongs = CORE_LONGS;
    private int repeats;
    private long[] hints;
    private int[] fullUntil;
    private long[] tags;

    /** The place that was found last, unless another source has it by now, and its source. */
    private int latest = NONE;

    private long latestHigh;
    private long latestLow;

    private long[] cells;

    /**
     * @param capacity sources at most, a power of two from 8 on
     */
    public SourceTable(int capacity, Counters counters) {
        if (capacity < WAYS || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    "capacity must be a power of two from 8 on, not " + capacity);
        }
        this.capacity = capacity;
        this.bucketMask = capacity / WAYS - 1;
        this.counters = counters;
    }

    /**
     * Claims fields in every record, before {@link #seal}: the offset to be added to a record's
     * index. Detectors claim theirs when they are made. Fields are 0 when a record is made.
     */
    @ColdPath
    public int claim(int longs) {
        if (cells != null) {
            throw new IllegalStateException("claim fields before seal");
        }
        int offset = recordLongs;
        recordLongs += longs;
        return offset;
    }

    /** Lays out the records and takes the memory. */
    @ColdPath
    public void seal() {
        if (cells != null) {
            throw new IllegalStateException("sealed already");
        }
        repeats = claim(Repeats.LONGS);
        recordLongs = (recordLongs + 7) & -8;
        long longs = (long) capacity * recordLongs + LINE_PADDING;
        if (longs > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    capacity + " sources of " + recordLongs + " longs do not fit one array");
        }
        hints = new long[bucketMask + 1];
        fullUntil = new int[bucketMask + 1];
        tags = new long[capacity + LINE_PADDING];
        cells = new long[(int) longs];
    }

    /** Where the fields of {@link Repeats} lie. */
    int repeats() {
        return repeats;
    }

    /** All records; a record's fields lie at its index plus the offsets claimed. */
    public long[] cells() {
        return cells;
    }

    /** The record of a source, or {@link #NONE}. Valid until the next {@link #findOrAdd}. */
    public int find(long high, long low) {
        long hash = Hash.address(high, low);
        int at = search(hash, high, low);
        return at < 0 ? NONE : recordOf(at);
    }

    /**
     * The record of a source, made where there is room, or {@link #NONE}: see the class comment.
     * Notes the time as that of its last packet. Valid until the next call.
     */
    public int findOrAdd(long high, long low, long nowNs) {
        // Packets come in trains, those of a flood in long ones.
        if (low == latestLow && high == latestHigh && latest != NONE) {
            return touch(latest, nowNs);
        }
        long hash = Hash.address(high, low);
        int at = search(hash, high, low);
        if (at < 0) {
            return add(hash, high, low, nowNs);
        }
        latest = at;
        latestHigh = high;
        latestLow = low;
        return touch(at, nowNs);
    }

    /**
     * As {@link #findOrAdd}, but makes room where there is none: for a source that has shown not to
     * be one of many forged ones.
     */
    public int admit(long high, long low, long nowNs) {
        long hash = Hash.address(high, low);
        int at = search(hash, high, low);
        if (at >= 0) {
            return touch(at, nowNs);
        }
        int victim = victim(hash, nowNs);
        if (!isFree(victim, nowNs)) {
            counters.increment(Counter.SOURCES_EVICTED);
        }
        return place(victim, hash, high, low, nowNs);
    }

    /** The clock was set: sources are as old, and as proven, as before. */
    @ColdPath
    void shift(long byNs) {
        int by = (int) (byNs >> TIME_SHIFT) << 1;
        Arrays.fill(fullUntil, 0);
        for (int at = LINE_PADDING; at < tags.length; at++) {
            long tag = tags[at];
            if (tag != 0) {
                tags[at] = tag & ~LOW_INT | (int) tag + by & LOW_INT;
                int record = recordOf(at);
                cells[record + FIRST_NS] += byNs;
                cells[record + LAST_NS] += byNs;
                cells[record + PROVEN_AT_NS] += byNs;
            }
        }
    }

    /** Whether the source completed a handshake within the last {@link #PROVEN_NS}. */
    public boolean isProven(int record, long nowNs) {
        return record != NONE && nowNs - cells[record + PROVEN_AT_NS] <= PROVEN_NS;
    }

    /** Notes a completed handshake. */
    public void prove(int record, long nowNs) {
        if (record != NONE) {
            cells[record + PROVEN_AT_NS] = nowNs;
            interest(record);
        }
    }

    /**
     * Notes whether the source is flooding, so far above any threshold that its packets need not be
     * told one from another: see {@link ConnectionListener#repeated}.
     *
     * @param protocol the protocol of the flood, below 64; SYNs for TCP, echo requests for ICMP and
     *     ICMPv6
     */
    public void flooding(int record, int protocol, boolean flooding) {
        long bit = 1L << protocol;
        long others = cells[record + FLOODING] & ~bit;
        cells[record + FLOODING] = flooding ? others | bit : others;
    }

    /** Whether the source is flooding with packets of a protocol, of any number. */
    public boolean isFlooding(int record, int protocol) {
        // A shift takes the protocol modulo 64; no protocol from 64 on has a bit of its own.
        return record != NONE
                && (cells[record + FLOODING] & 1L << protocol) != 0
                && protocol < Long.SIZE;
    }

    /** Notes that a detector holds something against the source, so its record is kept longer. */
    public void accuse(int record) {
        if (record != NONE) {
            interest(record);
        }
    }

    public long high(int record) {
        return cells[record];
    }

    public long low(int record) {
        return cells[record + LOW];
    }

    /** Time of the packet that made the record. */
    public long firstNs(int record) {
        return cells[record + FIRST_NS];
    }

    /**
     * The place of a source, or {@link #NONE}. The hints of a bucket are looked at all at once, as
     * bytes of a word; the one that is there by chance is told from the source's own by its tag and
     * the address in its record.
     */
    private int search(long hash, long high, long low) {
        long differing = hints[bucket(hash)] ^ hint(hash) * EVERY_BYTE;
        // The highest bit of each byte that is 0; of others only above such a one (Hacker's
        // Delight, 6-1).
        long fitting = differing - EVERY_BYTE & ~differing & HIGHEST_BITS;
        for (; fitting != 0; fitting &= fitting - 1) {
            int at = places(hash) + (Long.numberOfTrailingZeros(fitting) >>> 3);
            if ((int) (tags[at] >>> 32) == fingerprint(hash)) {
                int record = recordOf(at);
                if (cells[record + LOW] == low && cells[record] == high) {
                    return at;
                }
            }
        }
        return NONE;
    }

    private int touch(int at, long nowNs) {
        long tag = tags[at];
        int expires = expiry((int) tag & INTEREST, nowNs);
        if ((int) tag != expires) {
            tags[at] = tag & ~LOW_INT | expires & LOW_INT;
        }
        int record = recordOf(at);
        cells[record + LAST_NS] = nowNs;
        return record;
    }

    private int add(long hash, long high, long low, long nowNs) {
        int bucket = bucket(hash);
        // Until when all places are taken was seen before, and only becomes later: most of a
        // spoofed flood ends here. 0 is not known.
        int until = fullUntil[bucket];
        boolean full = until != 0 && until - time(nowNs) > 0;
        int victim = full ? NONE : victim(hash, nowNs);
        if (full || !isFree(victim, nowNs)) {
            counters.increment(Counter.SOURCE_PACKETS_WITHOUT_RECORD);
            boolean promoted = sketch.add(hash, nowNs) >= sketch.noise() + PROMOTION;
            if (!promoted) {
                fullUntil[bucket] = full ? until : (int) tags[victim];
                return NONE;
            }
            counters.increment(Counter.SOURCES_EVICTED);
            victim = victim(hash, nowNs);
        }
        return place(victim, hash, high, low, nowNs);
    }

    /** The empty place of a bucket, or the one that expires first. */
    private int victim(long hash, long nowNs) {
        long[] tags = this.tags;
        int now = time(nowNs);
        int from = places(hash);
        long first = Long.MAX_VALUE;
        for (int way = 0; way < WAYS; way++) {
            long tag = tags[from + way];
            long left = tag == 0 ? Integer.MIN_VALUE : (int) tag - now;
            first = Math.min(first, left << 3 | way);
        }
        return from + ((int) first & WAYS - 1);
    }

    private boolean isFree(int at, long nowNs) {
        long tag = tags[at];
        return tag == 0 || (int) tag - time(nowNs) < 0;
    }

    private void interest(int record) {
        int at = tagOf(record);
        tags[at] = tags[at] & ~LOW_INT | expiry(INTEREST, cells[record + LAST_NS]) & LOW_INT;
    }

    private static int expiry(int interest, long nowNs) {
        return time(nowNs) + (interest == 0 ? IDLE_UNITS : INTEREST_UNITS) | interest;
    }

    /** Units of the tags, above the bit for interest. */
    private static int time(long nowNs) {
        return (int) (nowNs >>> TIME_SHIFT) << 1;
    }

    private int place(int at, long hash, long high, long low, long nowNs) {
        if (at == latest) {
            latest = NONE;
        }
        tags[at] = (long) fingerprint(hash) << 32 | expiry(0, nowNs) & LOW_INT;
        int shift = (at - LINE_PADDING & WAYS - 1) * Byte.SIZE;
        int bucket = bucket(hash);
        hints[bucket] = hints[bucket] & ~(0xffL << shift) | hint(hash) << shift;
        int record = recordOf(at);
        long[] cells = this.cells;
        cells[record] = high;
        cells[record + LOW] = low;
        cells[record + FIRST_NS] = nowNs;
        cells[record + LAST_NS] = nowNs;
        cells[record + PROVEN_AT_NS] = NEVER;
        Arrays.fill(cells, record + FLOODING, record + recordLongs, 0);
        return record;
    }

    private int bucket(long hash) {
        return (int) hash & bucketMask;
    }

    /** The first of the eight places of a source's bucket. */
    private int places(long hash) {
        return LINE_PADDING + bucket(hash) * WAYS;
    }

    /** Eight bits of the hash that are in neither bucket nor fingerprint; never 0. */
    private static long hint(long hash) {
        long hint = hash >>> 24 & 0xff;
        return hint == 0 ? 1 : hint;
    }

    private static int fingerprint(long hash) {
        return (int) (hash >>> 32) | 1; // never 0, which marks an empty place
    }

    private int recordOf(int tag) {
        return LINE_PADDING + (tag - LINE_PADDING) * recordLongs;
    }

    private int tagOf(int record) {
        return LINE_PADDING + (record - LINE_PADDING) / recordLongs;
    }
}
