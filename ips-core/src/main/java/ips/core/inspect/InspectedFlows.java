package ips.core.inspect;

import ips.core.packet.Packet;
import ips.core.packet.Protocol;

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
    private static final int SCTP = 132;

    private final InspectedFlow[] buckets;
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
            int counterpart = counterpart(protocol, type);
            source = type;
            destination = counterpart;
        } else if (!packet.isTcp() && !packet.isUdp() && protocol != SCTP) {
            return null;
        }
        return find(packet, protocol, source, destination);
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
            case 128 -> 129;
            case 129 -> 128;
            default -> -1;
        };
    }

    private InspectedFlow find(Packet packet, int protocol, int source, int destination) {
        long sourceHigh = packet.sourceHigh();
        long sourceLow = packet.sourceLow();
        long destinationHigh = packet.destinationHigh();
        long destinationLow = packet.destinationLow();
        int vlan = packet.outerVlan() << 16 | packet.innerVlan() & 0xffff;
        long hash =
                mix(sourceHigh * 31 + sourceLow * 0x9e37_79b9_7f4a_7c15L + source)
                        + mix(
                                destinationHigh * 31
                                        + destinationLow * 0x9e37_79b9_7f4a_7c15L
                                        + destination)
                        + protocol;
        int bucket = (int) (hash ^ hash >>> 32) & buckets.length - 1;
        long nowNs = packet.timestampNs();
        for (InspectedFlow flow = buckets[bucket]; flow != null; flow = flow.next) {
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
                boolean fromClient =
                        flow.clientLow == sourceLow
                                && flow.clientPort == source
                                && flow.clientHigh == sourceHigh;
                if (isOver(flow, nowNs) || reopened(flow, packet)) {
                    end(flow);
                    break;
                }
                toServer = fromClient;
                touch(flow);
                return flow;
            }
        }
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
        flow.id = mix(hash ^ nowNs) >>> 12;
        flow.next = buckets[bucket];
        buckets[bucket] = flow;
        append(flow);
        toServer = true;
        return flow;
    }

    /** A new connection over the ports of one that is closed. */
    private static boolean reopened(InspectedFlow flow, Packet packet) {
        return packet.isTcp()
                && ips.core.packet.TcpFlags.isOpeningSyn(packet.tcpFlags())
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
        return new InspectedFlow(made++);
    }

    /** Ends a flow: its listener looks at it for the last time. */
    private void end(InspectedFlow flow) {
        listener.ended(flow);
        flow.live = false;
        int bucket = (int) (flow.hash ^ flow.hash >>> 32) & buckets.length - 1;
        InspectedFlow before = null;
        for (InspectedFlow at = buckets[bucket]; at != flow; at = at.next) {
            before = at;
        }
        if (before == null) {
            buckets[bucket] = flow.next;
        } else {
            before.next = flow.next;
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
}
