package ips.core.inspect;

import ips.core.ColdPath;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;

/**
 * The flows of one worker: found by their addresses, protocol, ports and VLAN in either direction,
 * the one that was silent longest first to make way. Objects are made as they are first needed, up
 * to the capacity, and then used again; some 600 bytes each besides the bytes of their streams.
 */
public final class InspectedFlows {
    /** Hears that a flow is over, while it can still be looked at. */
    public interface EndListener {
        void ended(InspectedFlow flow);
    }

    private static final long SECOND_NS = 1_000_000_000L;

    /** What the bytes of all TCP streams take at most. */
    private static final long STREAM_BYTES = 64L << 20;

    private final InspectedFlow[] buckets;
    private final long[] occupied; // a bit a bucket, which stay in the cache where buckets do not
    private final OpeningSyns openings = new OpeningSyns();
    private final FlowKey key = new FlowKey();
    private final Segment segment = new Segment();

    // Hashes of the segment taken up by consider.
    private long considered;
    private long consideredOpening;

    private final BufferPool streams = new BufferPool(STREAM_BYTES);
    private final int capacity;
    private final EndListener listener;
    private InspectedFlow free;
    private InspectedFlow oldest;
    private InspectedFlow newest;
    private int made;

    /** Whether the packet last looked up goes to its flow's server. */
    private boolean toServer;

    /**
     * @param capacity flows at most
     */
    public InspectedFlows(int capacity, EndListener listener) {
        this.capacity = capacity;
        this.listener = listener;
        buckets = new InspectedFlow[Integer.highestOneBit(Math.max(64, capacity)) * 2];
        occupied = new long[buckets.length >> 6];
    }

    /** Whether the packet last looked up goes to its flow's server. */
    public boolean toServer() {
        return toServer;
    }

    /** The flow of a packet, newly begun if need be; null for what belongs to none. */
    public InspectedFlow of(Packet packet) {
        if (FlowKey.isError(packet)) {
            return ofError(packet);
        }
        if (!key.read(packet)) {
            return null;
        }
        InspectedFlow known = find(key);
        if (known != null) {
            if (!isOver(known, packet.timestampNs())
                    && !reopened(known, packet)
                    && !answersAnother(known, packet)) {
                toServer = known.hasClient(key.sourceHigh, key.sourceLow, key.sourcePort);
                touch(known);
                return known;
            }
            end(known);
        }
        return begin(packet);
    }

    /** The flow whose packet an error quotes, if that is known. */
    private InspectedFlow ofError(Packet error) {
        InspectedFlow flow = key.readQuoted(error) ? find(key) : null;
        if (flow == null || isOver(flow, error.timestampNs())) {
            return null;
        }
        toServer = flow.clientLow == error.sourceLow() && flow.clientHigh == error.sourceHigh();
        return flow;
    }

    private InspectedFlow find(FlowKey key) {
        InspectedFlow flow = buckets[bucket(key.hash)];
        while (flow != null && !(flow.hash == key.hash && flow.is(key))) {
            flow = flow.next;
        }
        return flow;
    }

    private InspectedFlow begin(Packet packet) {
        int bucket = bucket(key.hash);
        InspectedFlow flow = take();
        flow.begin(key, packet.timestampNs());
        toServer = true;
        if (packet.isTcp()) {
            recallOpening(flow, packet);
        }
        flow.id = FlowKey.mix(flow.hash ^ flow.firstNs) >>> 12;
        flow.next = buckets[bucket];
        buckets[bucket] = flow;
        occupied[bucket >> 6] |= 1L << bucket;
        append(flow);
        return flow;
    }

    // Flows that are not made yet.

    /** Takes up a segment for the questions that follow. */
    public void consider(Packet segment) {
        considered = FlowKey.hash(segment);
        consideredOpening = FlowKey.openingHash(considered, segment);
    }

    /** Whether it belongs to a flow that was made, going by a hash: rarely yes where not. */
    public boolean mayHold() {
        int bucket = bucket(considered);
        if ((occupied[bucket >> 6] & 1L << bucket) == 0) {
            return false;
        }
        InspectedFlow flow = buckets[bucket];
        while (flow != null && flow.hash != considered) {
            flow = flow.next;
        }
        return flow != null;
    }

    /** Whether the opening SYN of its connection was noted, or may have been. */
    public boolean mayFollowOpening(Packet segment) {
        long nowNs = segment.timestampNs();
        return openings.find(consideredOpening, nowNs) >= 0
                || TcpFlags.isSynAck(segment.tcpFlags())
                        && openings.isUncertain(consideredOpening, nowNs);
    }

    /** Whether an opening SYN of the same connection was noted that is another. */
    public boolean isOpenedOtherwise(Packet syn) {
        int opening = openings.find(consideredOpening, syn.timestampNs());
        return opening >= 0 && !isSame(opening, syn);
    }

    /** Whether a SYN repeats one that was noted: same end, same sequence number. */
    private boolean isSame(int opening, Packet syn) {
        return openings.fromLower(opening) == fromLower(syn)
                && openings.sequence(opening) == syn.tcpSequence()
                && openings.hasOptionsOf(opening, syn);
    }

    /** Notes it, an opening SYN; its flow is made should more of it come. */
    public void noteOpening(Packet syn) {
        openings.note(consideredOpening, fromLower(syn), syn);
    }

    /** Leaves an opening SYN out, without even noting it. */
    public void skipOpening(Packet syn) {
        openings.skip(syn.timestampNs());
    }

    /** Makes up for a flow's SYN that was noted only, or that fell to a flood of others. */
    private void recallOpening(InspectedFlow flow, Packet packet) {
        long hash = FlowKey.openingHash(flow.hash, packet);
        long nowNs = packet.timestampNs();
        int opening = openings.find(hash, nowNs);
        boolean repeated = opening < 0 || isSame(opening, packet);
        if (repeated && TcpFlags.isOpeningSyn(packet.tcpFlags())) {
            return;
        }
        if (opening >= 0) {
            flow.firstNs = openings.firstNs(opening);
            flow.lastNs = Math.max(flow.lastNs, flow.firstNs); // clocks are set back at times
            flow.packetsToServer = openings.packets(opening);
            flow.bytesToServer = openings.bytes(opening);
            flow.tcp.opened(segment.read(openings, opening));
            toServer = openings.fromLower(opening) == fromLower(packet);
            if (!toServer) {
                flow.exchangeEnds();
            }
            openings.forget(opening);
        } else if (TcpFlags.isSynAck(packet.tcpFlags()) && openings.isUncertain(hash, nowNs)) {
            flow.tcp.opened(segment.assume(packet.tcpAcknowledgment() - 1));
            flow.exchangeEnds();
            toServer = false;
        }
    }

    private static boolean fromLower(Packet packet) {
        if (packet.sourceLow() != packet.destinationLow()) {
            return packet.sourceLow() < packet.destinationLow();
        }
        return packet.sourceHigh() == packet.destinationHigh()
                ? packet.sourcePort() < packet.destinationPort()
                : packet.sourceHigh() < packet.destinationHigh();
    }

    private int bucket(long hash) {
        return (int) (hash ^ hash >>> 32) & buckets.length - 1;
    }

    /**
     * A new connection over the ports of one that is closing, or of one that never was. A SYN with
     * the number of the first may be that once more, and is taken for it as Suricata does, but not
     * where that connection is closed: a client may pick its numbers. What a live session's client
     * opens besides is noted, for the server may take it: {@link #answersAnother}.
     */
    private boolean reopened(InspectedFlow flow, Packet packet) {
        if (!packet.isTcp() || !TcpFlags.isOpeningSyn(packet.tcpFlags())) {
            return false;
        }
        int state = flow.tcp.state();
        boolean byClient = flow.hasClient(key.sourceHigh, key.sourceLow, key.sourcePort);
        boolean again = byClient && packet.tcpSequence() == flow.tcp.client.isn;
        if (state == TcpSession.NONE
                || state == TcpSession.CLOSED
                || state >= TcpSession.LAST_ACK && !again) {
            return true;
        }
        if (byClient && state >= TcpSession.ESTABLISHED) {
            openings.note(FlowKey.openingHash(key.hash, packet), fromLower(packet), packet);
        }
        return false;
    }

    /** A server answers another SYN than the flow's: the connection before is over for it. */
    private boolean answersAnother(InspectedFlow flow, Packet packet) {
        if (!packet.isTcp()
                || !TcpFlags.isSynAck(packet.tcpFlags())
                || flow.tcp.state() < TcpSession.ESTABLISHED
                || packet.tcpSequence() == flow.tcp.server.isn
                        && packet.tcpAcknowledgment() == flow.tcp.client.isn + 1) {
            return false;
        }
        int opening = openings.find(FlowKey.openingHash(key.hash, packet), packet.timestampNs());
        return opening >= 0
                && openings.fromLower(opening) != fromLower(packet)
                && openings.sequence(opening) + 1 == packet.tcpAcknowledgment();
    }

    /** Whether it was silent for too long, by whole seconds of the clock, as Suricata has it. */
    private static boolean isOver(InspectedFlow flow, long nowNs) {
        return nowNs / SECOND_NS - flow.lastNs / SECOND_NS > patience(flow);
    }

    /** How many seconds a flow may be silent, as Suricata has it by default. */
    private static long patience(InspectedFlow flow) {
        boolean established = flow.established();
        if (flow.protocol == Protocol.TCP) {
            boolean closed = flow.tcp.state() == TcpSession.CLOSED;
            return closed ? 60 : established ? 600 : 60;
        }
        return established ? 300 : 30;
    }

    private InspectedFlow take() {
        if (free == null && made == capacity) {
            end(oldest);
        }
        InspectedFlow flow = free;
        if (flow == null) {
            return make();
        }
        free = flow.next;
        return flow;
    }

    @ColdPath
    private InspectedFlow make() {
        made++;
        return new InspectedFlow(streams);
    }

    /** Ends a flow: its listener looks at it for the last time. */
    private void end(InspectedFlow flow) {
        listener.ended(flow);
        int bucket = bucket(flow.hash);
        InspectedFlow before = null;
        for (InspectedFlow at = buckets[bucket]; at != flow; at = at.next) {
            before = at;
        }
        if (before == null) {
            buckets[bucket] = flow.next;
        } else {
            before.next = flow.next;
        }
        if (buckets[bucket] == null) {
            occupied[bucket >> 6] &= ~(1L << bucket);
        }
        unlink(flow);
        flow.next = free;
        free = flow;
    }

    private void append(InspectedFlow flow) {
        flow.older = newest;
        flow.newer = null;
        if (newest != null) {
            newest.newer = flow;
        } else {
            oldest = flow;
        }
        newest = flow;
    }

    private void unlink(InspectedFlow flow) {
        if (flow.older != null) {
            flow.older.newer = flow.newer;
        } else {
            oldest = flow.newer;
        }
        if (flow.newer != null) {
            flow.newer.older = flow.older;
        } else {
            newest = flow.older;
        }
    }

    private void touch(InspectedFlow flow) {
        if (flow != newest) {
            unlink(flow);
            append(flow);
        }
    }

    /** Ends flows that were silent for too long; call now and then. */
    public void expire(long nowNs) {
        for (int i = 0; i < 1024 && oldest != null && isOver(oldest, nowNs); i++) {
            end(oldest);
        }
    }

    /** Ends all flows, the oldest first. */
    public void endAll() {
        while (oldest != null) {
            end(oldest);
        }
    }

    /** How often a segment found no room among the bytes of all streams. */
    public long buffersRefused() {
        return streams.refusals();
    }
}
