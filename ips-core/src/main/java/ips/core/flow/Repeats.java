package ips.core.flow;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IcmpHeader;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;

/**
 * Counts what a flooding source sends again and again, without following each packet.
 *
 * <p>A detector marks a source that is far above its threshold ({@link SourceTable#flooding}). Of
 * such a source the first opening SYN or echo request to a target is followed like any other; those
 * after it to the same target, until the next tick, differ from it in nothing that anybody asks
 * for. They are counted in the source's record and told at the tick, all at once: {@link
 * ConnectionListener#repeated}. A source that has proven itself is not treated so, for each of its
 * SYNs may be a connection.
 *
 * <p>Owned by one worker; 48 bytes in each source's record, and 4 for each of {@link #PENDING}
 * sources. Those beyond are followed packet by packet. Pays for itself in {@code PipelineBenchmark}
 * with SYN_ONE_SOURCE, SYN_OPTIONS and ICMP: 35 to 45 ns a frame.
 *
 * <pre>
 *  +0 key: protocol, port or identifier; 0 for none | +1 destination, low | +2 high
 *  +3 packets counted | +4 time of the last, ns | +5 its frame
 * </pre>
 */
final class Repeats {
    /** Sources that may have something to tell at one tick. */
    static final int PENDING = 8192;

    /** Longs in each source's record. */
    static final int LONGS = 6;

    private static final int LOW = 1;
    private static final int HIGH = 2;
    private static final int COUNT = 3;
    private static final int LAST_NS = 4;
    private static final int LAST_FRAME = 5;

    private final SourceTable sources;
    private final ConnectionEvents events;
    private final Counters counters;
    private final int fields;
    private final int[] pending = new int[PENDING];
    private int pendingCount;

    Repeats(SourceTable sources, ConnectionEvents events, Counters counters) {
        this.sources = sources;
        this.events = events;
        this.counters = counters;
        this.fields = sources.repeats();
    }

    /**
     * Whether the packet is one more of many and has been counted; if not, it is to be followed.
     *
     * @param source its source's record, or {@link SourceTable#NONE}
     */
    boolean take(Packet packet, int source) {
        if (!sources.isFlooding(source, packet.protocol())) {
            return false;
        }
        long key = key(packet);
        if (key == 0 || sources.isProven(source, packet.timestampNs())) {
            return false;
        }
        long[] cells = sources.cells();
        int at = source + fields;
        if (cells[at] != key
                || cells[at + LOW] != packet.destinationLow()
                || cells[at + HIGH] != packet.destinationHigh()) {
            begin(packet, source, key);
            return false;
        }
        cells[at + COUNT]++;
        cells[at + LAST_NS] = packet.timestampNs();
        cells[at + LAST_FRAME] = packet.frameNumber();
        return true;
    }

    /** What makes packets of a source to one destination alike; 0 where none are. */
    private static long key(Packet packet) {
        if (packet.isTcp()) {
            boolean opening = packet.tcpFlags() >= 0 && TcpFlags.isOpeningSyn(packet.tcpFlags());
            return opening ? (long) packet.destinationPort() << 8 | Protocol.TCP : 0;
        }
        return IcmpHeader.isEchoRequest(packet.protocol(), packet.icmpType())
                ? (long) packet.icmpId() << 8 | packet.protocol()
                : 0;
    }

    private void begin(Packet packet, int source, long key) {
        long[] cells = sources.cells();
        int at = source + fields;
        long before = cells[at];
        if (before != 0) {
            tell(source, packet.timestampNs(), packet.frameNumber());
        } else if (pendingCount == PENDING) {
            return;
        } else {
            pending[pendingCount++] = source;
        }
        cells[at] = key;
        cells[at + HIGH] = packet.destinationHigh();
        cells[at + LOW] = packet.destinationLow();
        cells[at + COUNT] = 0;
    }

    /** Tells what was counted since the last tick; from here on nothing is a repeat. */
    void tick(long nowNs, long frame) {
        long[] cells = sources.cells();
        for (int i = 0; i < pendingCount; i++) {
            int source = pending[i];
            // A record that was given to another source since then has nothing to tell.
            if (cells[source + fields] != 0) {
                tell(source, nowNs, frame);
                cells[source + fields] = 0;
            }
        }
        pendingCount = 0;
    }

    private void tell(int source, long nowNs, long frame) {
        long[] cells = sources.cells();
        int at = source + fields;
        long count = cells[at + COUNT];
        if (count == 0) {
            return;
        }
        int protocol = (int) cells[at] & 0xff;
        boolean tcp = protocol == Protocol.TCP;
        if (tcp) {
            counters.add(Counter.ATTEMPTS_DECIDED_EARLY, count);
        }
        events.repeated(
                source,
                protocol,
                cells[at + HIGH],
                cells[at + LOW],
                tcp ? (int) (cells[at] >>> 8) : 0,
                count,
                cells[at + LAST_NS],
                cells[at + LAST_FRAME],
                nowNs,
                frame);
    }
}
