package ips.core.flow;

import ips.core.ColdPath;
import ips.core.counter.Counters;
import ips.core.packet.Packet;
import ips.core.verdict.Kind;
import ips.core.verdict.VerdictSink;
import java.util.Arrays;

/**
 * What one worker's sources did to each destination within the current slice of time, per kind of
 * flood. At every tick that ends a slice the counts leave as {@code DestinationCount} reports.
 * Owned by one worker.
 *
 * <p>A slice is {@link #SLICE_NS} of frame time, ended by the tick that reaches it. So that
 * ordinary traffic makes no reports, a destination is reported only once it has counted {@code
 * minimum}; less than that is carried over from slice to slice for {@link #CARRY_NS}, then
 * forgotten. A destination that was reported goes on being reported, however small its counts,
 * until it has been quiet for as long; so the tail of a flood is complete.
 *
 * <p>256 bytes a destination and 8 for its tag, {@code capacity} of them for each kind. When full,
 * the destination with the smallest count of its bucket (of equals, the one counted longest ago)
 * makes way and is counted as evicted.
 */
public final class DestinationTable {
    /** Destinations per worker and kind, unless told otherwise: 1 MiB a kind. */
    public static final int DEFAULT_CAPACITY = 4096;

    /**
     * The least count that is reported, unless told otherwise: all are, for what one of many
     * workers held back would be missing from the sum.
     */
    public static final int DEFAULT_MINIMUM = 1;

    /** Length of a slice: two ticks. */
    public static final long SLICE_NS = 200_000_000L;

    /** How long small counts are carried over. */
    public static final long CARRY_NS = 1_000_000_000L;

    private final int capacity;
    private final int minimum;
    private final Counters counters;
    private DestinationCounts[] kinds = {};
    private long sliceEndNs = Long.MIN_VALUE;

    public DestinationTable(int capacity, Counters counters) {
        this(capacity, DEFAULT_MINIMUM, counters);
    }

    /**
     * @param capacity destinations per kind at most, a power of two from 8 on
     * @param minimum the least count that is reported, from 1 on
     */
    public DestinationTable(int capacity, int minimum, Counters counters) {
        if (capacity < 8 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    "capacity must be a power of two from 8 on, not " + capacity);
        }
        if (minimum < 1) {
            throw new IllegalArgumentException("minimum must be 1 or more, not " + minimum);
        }
        this.capacity = capacity;
        this.minimum = minimum;
        this.counters = counters;
    }

    /**
     * Makes room for a kind of flood, before the first frame; the number to count it under. A kind
     * registered before keeps its number.
     */
    @ColdPath
    public int register(Kind kind) {
        return register(kind, 0);
    }

    /**
     * The same for a kind of which is known what makes a flood, so that ordinary traffic well below
     * it makes no reports.
     *
     * @param perSecond this worker's share of what all together must count within a second to call
     *     it a flood; less than a 64th of it the worker keeps to itself
     */
    @ColdPath
    public int register(Kind kind, long perSecond) {
        for (int i = 0; i < kinds.length; i++) {
            if (kinds[i].kind().equals(kind)) {
                return i;
            }
        }
        long least = Math.max(minimum, perSecond / 64);
        kinds = Arrays.copyOf(kinds, kinds.length + 1);
        kinds[kinds.length - 1] = new DestinationCounts(kind, capacity, least, counters);
        return kinds.length - 1;
    }

    /** Counts one packet, or a handshake left half-open, against a destination. */
    public void count(
            int kind,
            long destinationHigh,
            long destinationLow,
            int port,
            long sourceHigh,
            long sourceLow,
            long nowNs,
            long frame) {
        kinds[kind].count(
                destinationHigh, destinationLow, port, sourceHigh, sourceLow, nowNs, frame);
    }

    /** Counts a packet against its destination. */
    public void count(int kind, Packet packet) {
        count(
                kind,
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.destinationPort(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.timestampNs(),
                packet.frameNumber());
    }

    /**
     * Ends the slice, if the tick is late enough: reports what was counted and begins anew. To be
     * called behind the tracker's and the detectors' ticks, so that what they count is in.
     */
    public void tick(long nowNs, long frame, VerdictSink verdicts) {
        if (nowNs >= sliceEndNs || nowNs < sliceEndNs - SLICE_NS) {
            endSlice(nowNs, frame, verdicts);
        }
    }

    /** The last tick: ends the slice whatever its length. */
    public void end(long nowNs, long frame, VerdictSink verdicts) {
        endSlice(nowNs, frame, verdicts);
    }

    private void endSlice(long nowNs, long frame, VerdictSink verdicts) {
        sliceEndNs = nowNs - Math.floorMod(nowNs, SLICE_NS) + SLICE_NS;
        for (DestinationCounts counts : kinds) {
            counts.endSlice(nowNs, frame, verdicts);
        }
    }
}
