package ips.core.flow;

import ips.core.counter.Counters;
import ips.core.packet.Packet;
import ips.core.verdict.Kind;
import ips.core.verdict.VerdictSink;

/**
 * What one worker's sources did to each destination within the current slice of time, per kind of
 * flood. At every tick that ends a slice the counts leave as {@code DestinationCount} reports.
 */
public final class DestinationTable {
    public DestinationTable(int capacity, Counters counters) {}

    /** Makes room for a kind of flood, before the first frame; the number to count it under. */
    public int register(Kind kind) {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
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

    /** Ends the slice: reports what was counted and begins anew. */
    public void tick(long nowNs, long frame, VerdictSink verdicts) {
        throw new UnsupportedOperationException();
    }
}
