package ips.core.flow;

import ips.core.ColdPath;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.verdict.DestinationCount;
import ips.core.verdict.Kind;
import ips.core.verdict.SourceBits;
import ips.core.verdict.VerdictSink;
import java.util.Arrays;

/**
 * The destinations of one {@link DestinationTable} and one kind of flood; see there for the policy.
 *
 * <pre>
 *  tag     fingerprint of the address, 0 for an empty place; eight to a bucket
 *  record  +0 address, high | +1 address, low | +2 count | +3 port | +4 +5 source
 *          +6 first, ns | +7 last, ns | +8 first frame | +9 last frame | +10 last report, ns
 *          +11 1 where there are several sources
 *          +16 ... +31 bitmap of 1024 bits for the distinct sources
 * </pre>
 *
 * <p>Port and source are those of all that was counted; {@link #SEVERAL} in the port's place, and a
 * mark of its own for sources, say that there is no such one. The bitmap is that of {@link
 * SourceBits}.
 */
final class DestinationCounts {
    private static final int WAYS = 8;
    private static final int RECORD_LONGS = 32;
    private static final int LOW = 1;
    private static final int COUNT = 2;
    private static final int PORT = 3;
    private static final int SOURCE_HIGH = 4;
    private static final int SOURCE_LOW = 5;
    private static final int FIRST_NS = 6;
    private static final int LAST_NS = 7;
    private static final int FIRST_FRAME = 8;
    private static final int LAST_FRAME = 9;
    private static final int REPORTED_NS = 10;
    private static final int SOURCES_DIFFER = 11;
    private static final int BITMAP = 16;
    private static final int SEVERAL = -1;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Kind kind;
    private final long minimum;
    private final Counters counters;
    private final int bucketMask;
    private final long[] tags;
    private final long[] cells;
    private int used;

    /** Record of the destination counted last, of which a flood sends one after another. */
    private int latest;

    DestinationCounts(Kind kind, int capacity, long minimum, Counters counters) {
        this.kind = kind;
        this.minimum = minimum;
        this.counters = counters;
        this.bucketMask = capacity / WAYS - 1;
        this.tags = new long[capacity];
        this.cells = new long[capacity * RECORD_LONGS];
    }

    Kind kind() {
        return kind;
    }

    void count(
            long high,
            long low,
            int port,
            long sourceHigh,
            long sourceLow,
            long nowNs,
            long frame) {
        long[] cells = this.cells;
        int record = latest;
        if (cells[record + LOW] != low || cells[record] != high || !isTaken(record)) {
            record = findOrAdd(high, low, nowNs);
            latest = record;
        }
        if (cells[record + COUNT]++ == 0) {
            cells[record + FIRST_NS] = nowNs;
            cells[record + FIRST_FRAME] = frame;
            cells[record + LAST_NS] = nowNs;
            cells[record + LAST_FRAME] = frame;
            cells[record + PORT] = port;
            cells[record + SOURCE_HIGH] = sourceHigh;
            cells[record + SOURCE_LOW] = sourceLow;
        } else {
            if (cells[record + PORT] != port) {
                cells[record + PORT] = SEVERAL;
            }
            if (cells[record + SOURCE_LOW] != sourceLow
                    || cells[record + SOURCE_HIGH] != sourceHigh) {
                cells[record + SOURCES_DIFFER] = 1;
            }
            // SYNs are counted once their grace is over, or at once: not in the order of frames.
            cells[record + FIRST_NS] = Math.min(cells[record + FIRST_NS], nowNs);
            cells[record + FIRST_FRAME] = Math.min(cells[record + FIRST_FRAME], frame);
            cells[record + LAST_NS] = Math.max(cells[record + LAST_NS], nowNs);
            cells[record + LAST_FRAME] = Math.max(cells[record + LAST_FRAME], frame);
        }
        int bit = (int) (Hash.address(sourceHigh, sourceLow) >>> 20) & (SourceBits.BITS - 1);
        cells[record + BITMAP + (bit >>> 6)] |= 1L << bit;
    }

    void endSlice(long nowNs, long frame, VerdictSink verdicts) {
        if (used == 0) {
            return;
        }
        for (int at = 0; at < tags.length; at++) {
            if (tags[at] != 0) {
                endSlice(at, nowNs, frame, verdicts);
            }
        }
    }

    private void endSlice(int at, long nowNs, long frame, VerdictSink verdicts) {
        int record = at * RECORD_LONGS;
        long count = cells[record + COUNT];
        boolean goesOn = nowNs - cells[record + REPORTED_NS] <= DestinationTable.CARRY_NS;
        if (count >= minimum || count > 0 && goesOn) {
            verdicts.raise(report(record, nowNs, frame));
            clear(record);
            cells[record + REPORTED_NS] = nowNs;
        } else if (!goesOn && nowNs - cells[record + FIRST_NS] >= DestinationTable.CARRY_NS) {
            tags[at] = 0;
            used--;
        }
    }

    @ColdPath
    private DestinationCount report(int record, long nowNs, long frame) {
        boolean severalPorts = cells[record + PORT] == SEVERAL;
        boolean severalSources = cells[record + SOURCES_DIFFER] != 0;
        return new DestinationCount(
                frame,
                nowNs,
                kind,
                new IpAddress(cells[record], cells[record + LOW]),
                severalPorts ? 0 : (int) cells[record + PORT],
                cells[record + COUNT],
                SourceBits.copyOf(cells, record + BITMAP),
                severalSources
                        ? null
                        : new IpAddress(cells[record + SOURCE_HIGH], cells[record + SOURCE_LOW]),
                cells[record + FIRST_NS],
                cells[record + LAST_NS],
                cells[record + FIRST_FRAME],
                cells[record + LAST_FRAME]);
    }

    private boolean isTaken(int record) {
        return tags[record / RECORD_LONGS] != 0;
    }

    private int findOrAdd(long high, long low, long nowNs) {
        long hash = Hash.address(high, low);
        long tag = hash | 1;
        int from = ((int) (hash >>> 32) & bucketMask) * WAYS;
        for (int at = from; at < from + WAYS; at++) {
            if (tags[at] == tag) {
                int record = at * RECORD_LONGS;
                if (cells[record] == high && cells[record + LOW] == low) {
                    return record;
                }
            }
        }
        int at = victim(from);
        if (tags[at] == 0) {
            used++;
        } else {
            counters.increment(Counter.DESTINATIONS_EVICTED);
        }
        tags[at] = tag;
        int record = at * RECORD_LONGS;
        clear(record);
        cells[record] = high;
        cells[record + LOW] = low;
        cells[record + FIRST_NS] = nowNs;
        cells[record + REPORTED_NS] = NEVER;
        return record;
    }

    private int victim(int from) {
        int victim = from;
        for (int at = from; at < from + WAYS; at++) {
            if (tags[at] == 0) {
                return at;
            }
            long countSoFar = cells[at * RECORD_LONGS + COUNT];
            long least = cells[victim * RECORD_LONGS + COUNT];
            boolean longerAgo =
                    cells[at * RECORD_LONGS + LAST_NS] < cells[victim * RECORD_LONGS + LAST_NS];
            if (countSoFar < least || countSoFar == least && longerAgo) {
                victim = at;
            }
        }
        return victim;
    }

    private void clear(int record) {
        cells[record + COUNT] = 0;
        cells[record + SOURCES_DIFFER] = 0;
        Arrays.fill(cells, record + BITMAP, record + BITMAP + SourceBits.LONGS, 0);
    }
}
