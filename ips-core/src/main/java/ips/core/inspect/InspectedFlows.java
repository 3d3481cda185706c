package ips.core.inspect;

import ips.core.packet.IpAddress;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

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

    private static final int SCTP = 132;
    private static final int UNREACHABLE = 3;
    private static final int QUOTE_OFFSET = 8;
    private static final int SHORTEST_QUOTE = 28;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;

    private final InspectedFlow[] buckets;
    private final long[] occupied; // a bit a bucket, which stay in the cache where buckets do not
    private final OpeningSyns openings = new OpeningSyns();
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

    public boolean toServer() {
        return toServer;
    }

    /** The flow of a packet, newly begun if need be; null for what belongs to none. */
    public InspectedFlow of(Packet packet) {
        int source = packet.sourcePort();
        int destination = packet.destinationPort();
        int protocol = packet.protocol();
        if (packet.isIcmp()) {
            int type = packet.icmpType();
            if (protocol == Protocol.ICMP && isError(type)) {
                return ofError(packet);
            }
            int counterpart = counterpart(protocol, type);
            source = type;
            destination = counterpart;
        } else if (!packet.isTcp() && !packet.isUdp() && protocol != SCTP) {
            return null;
        }
        return find(packet, protocol, source, destination);
    }

    private static boolean isError(int type) {
        return switch (type) {
            case 3, 4, 5, 11, 12 -> true;
            default -> false;
        };
    }

    /**
     * An ICMP error begins no flow; one that tells of an unreachable destination belongs to the
     * flow whose packet it quotes, if that is known.
     */
    private InspectedFlow ofError(Packet packet) {
        DirectBuffer buffer = packet.buffer();
        int at = packet.transportOffset() + QUOTE_OFFSET;
        int end = packet.transportOffset() + packet.transportLength();
        if (packet.icmpType() != UNREACHABLE || end - at < SHORTEST_QUOTE) {
            return null;
        }
        int ports = at + ((buffer.getByte(at) & 0xf) << 2);
        int protocol = buffer.getByte(at + 9) & 0xff;
        int header =
                switch (protocol) {
                    case Protocol.TCP -> TCP_HEADER;
                    case Protocol.UDP -> UDP_HEADER;
                    default -> Integer.MAX_VALUE / 2;
                };
        if (buffer.getByte(at) >> 4 != 4 || ports + header > end) {
            return null;
        }
        long source = IpAddress.ipv4Low(buffer.getInt(at + 12, ByteOrder.BIG_ENDIAN));
        int sourcePort = buffer.getShort(ports, ByteOrder.BIG_ENDIAN) & 0xffff;
        long destination = IpAddress.ipv4Low(buffer.getInt(at + 16, ByteOrder.BIG_ENDIAN));
        int port = buffer.getShort(ports + 2, ByteOrder.BIG_ENDIAN) & 0xffff;
        long hash = hash(protocol, 0, source, sourcePort, 0, destination, port);
        int vlan = vlan(packet);
        InspectedFlow flow =
                lookUp(hash, protocol, 0, source, sourcePort, 0, destination, port, vlan);
        if (flow == null || isOver(flow, packet.timestampNs())) {
            return null;
        }
        toServer = flow.clientLow == packet.sourceLow() && flow.clientHigh == packet.sourceHigh();
        return flow;
    }

    private static int vlan(Packet packet) {
        return packet.outerVlan() << 16 | packet.innerVlan() & 0xffff;
    }

    private static int counterpart(int protocol, int type) {
        if (protocol == Protocol.ICMP) {
            return switch (type) {
                case 0 -> 8;
                case 8 -> 0;
                case 13 -> 14;
                case 14 -> 13;
                case 15 -> 16;
                case 16 -> 15;
                case 17 -> 18;
                case 18 -> 17;
                default -> -1;
            };
        }
        return switch (type) {
            case 128, 133, 135, 139, 144, 146, 148, 151, 157 -> type + 1;
            case 129, 134, 136, 140, 145, 147, 149, 152, 158 -> type - 1;
            case 130 -> 131;
            case 131 -> 130;
            default -> -1;
        };
    }

    private InspectedFlow find(Packet packet, int protocol, int source, int destination) {
        long sourceHigh = packet.sourceHigh();
        long sourceLow = packet.sourceLow();
        long destinationHigh = packet.destinationHigh();
        long destinationLow = packet.destinationLow();
        int vlan = vlan(packet);
        long nowNs = packet.timestampNs();
        long hash =
                hash(
                        protocol,
                        sourceHigh,
                        sourceLow,
                        source,
                        destinationHigh,
                        destinationLow,
                        destination);
        InspectedFlow known =
                lookUp(
                        hash,
                        protocol,
                        sourceHigh,
                        sourceLow,
                        source,
                        destinationHigh,
                        destinationLow,
                        destination,
                        vlan);
        if (known != null) {
            boolean fromClient =
                    known.clientLow == sourceLow
                            && known.clientPort == source
                            && known.clientHigh == sourceHigh;
            if (!isOver(known, nowNs) && !reopened(known, packet)) {
                toServer = fromClient;
                touch(known);
                return known;
            }
            end(known);
        }
        int bucket = bucket(hash);
        InspectedFlow flow = take();
        flow.hash = hash;
        flow.protocol = protocol;
        flow.vlan = vlan;
        flow.clientHigh = sourceHigh;
        flow.clientLow = sourceLow;
        flow.clientPort = source;
        flow.serverHigh = destinationHigh;
        flow.serverLow = destinationLow;
        flow.serverPort = destination;
        flow.begin(nowNs);
        toServer = true;
        if (packet.isTcp()) {
            recallOpening(flow, packet);
        }
        flow.id = mix(hash ^ flow.firstNs) >>> 12;
        flow.next = buckets[bucket];
        buckets[bucket] = flow;
        occupied[bucket >> 6] |= 1L << bucket;
        append(flow);
        return flow;
    }

    private InspectedFlow lookUp(
            long hash,
            int protocol,
            long sourceHigh,
            long sourceLow,
            int source,
            long destinationHigh,
            long destinationLow,
            int destination,
            int vlan) {
        for (InspectedFlow flow = buckets[bucket(hash)]; flow != null; flow = flow.next) {
            if (flow.hash == hash
                    && flow.is(
                            protocol,
                            sourceHigh,
                            sourceLow,
                            source,
                            destinationHigh,
                            destinationLow,
                            destination,
                            vlan)) {
                return flow;
            }
        }
        return null;
    }

    // Flows that are not made yet.

    /** Takes up a segment for the questions that follow. */
    public void consider(Packet segment) {
        considered = hash(segment);
        consideredOpening = considered + mix(vlan(segment));
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
        if (TcpFlags.isOpeningSyn(packet.tcpFlags())) {
            return;
        }
        long hash = flow.hash + mix(flow.vlan);
        long nowNs = packet.timestampNs();
        int opening = openings.find(hash, nowNs);
        if (opening >= 0) {
            flow.begin(openings.firstNs(opening));
            flow.lastNs = nowNs;
            flow.packetsToServer = openings.packets(opening);
            flow.bytesToServer = openings.bytes(opening);
            flow.tcp.opened(openings, opening);
            toServer = openings.fromLower(opening) == fromLower(packet);
            if (!toServer) {
                flow.exchangeEnds();
            }
            openings.forget(opening);
        } else if (TcpFlags.isSynAck(packet.tcpFlags()) && openings.isUncertain(hash, nowNs)) {
            flow.tcp.openedUnseen(packet.tcpAcknowledgment());
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

    private static long hash(Packet packet) {
        return hash(
                packet.protocol(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.sourcePort(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.destinationPort());
    }

    /** The same for both directions. */
    private static long hash(
            int protocol,
            long sourceHigh,
            long sourceLow,
            int source,
            long destinationHigh,
            long destinationLow,
            int destination) {
        return mix(sourceHigh * 31 + sourceLow * 0x9e37_79b9_7f4a_7c15L + source)
                + mix(destinationHigh * 31 + destinationLow * 0x9e37_79b9_7f4a_7c15L + destination)
                + protocol;
    }

    private int bucket(long hash) {
        return (int) (hash ^ hash >>> 32) & buckets.length - 1;
    }

    /** A new connection over the ports of one that is closed. */
    private static boolean reopened(InspectedFlow flow, Packet packet) {
        return packet.isTcp()
                && TcpFlags.isOpeningSyn(packet.tcpFlags())
                && (flow.tcp.state() == TcpSession.CLOSED
                        || flow.tcp.state() == TcpSession.TIME_WAIT
                        || flow.tcp.state() == TcpSession.LAST_ACK);
    }

    private static boolean isOver(InspectedFlow flow, long nowNs) {
        return nowNs - flow.lastNs > patience(flow);
    }

    /** How long a flow may be silent, as Suricata has it by default. */
    private static long patience(InspectedFlow flow) {
        boolean established = flow.established();
        if (flow.protocol == Protocol.TCP) {
            boolean closed = flow.tcp.state() == TcpSession.CLOSED;
            return (closed ? 60 : established ? 600 : 60) * SECOND_NS;
        }
        return (established ? 300 : 30) * SECOND_NS;
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

    @ips.core.ColdPath
    private InspectedFlow make() {
        return new InspectedFlow(made++, streams);
    }

    /** Ends a flow: its listener looks at it for the last time. */
    private void end(InspectedFlow flow) {
        listener.ended(flow);
        flow.live = false;
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

    /** Flows at most. */
    public int capacity() {
        return capacity;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }

    /** How often a segment found no room among the bytes of all streams. */
    public long buffersRefused() {
        return streams.refusals();
    }
}
