package ips.core.inspect;

import ips.core.packet.IcmpHeader;
import ips.core.packet.IpAddress;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpHeader;
import ips.core.packet.UdpHeader;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * What tells a flow from others: addresses, ports, protocol and VLAN tags, from the point of view
 * of the packet they were read from. Of ICMP the type stands for the source's port, the type that
 * answers it for the destination's, so that a query and its reply make one flow; of ESP the SPI
 * stands for both. One per table, filled again for each packet.
 */
final class FlowKey {
    private static final int NO_TYPE = -1;
    private static final int ESP_HEADER = 8;

    // The packet that an ICMP error quotes (RFC 792).
    private static final int QUOTE_OFFSET = 8;
    private static final int SHORTEST_QUOTE = 28;
    private static final int NO_PORTS = Integer.MAX_VALUE / 2; // longer than any quote

    int protocol;
    int vlan;
    long sourceHigh;
    long sourceLow;
    int sourcePort;
    long destinationHigh;
    long destinationLow;
    int destinationPort;

    /** The same for both directions. */
    long hash;

    /** Whether a packet is an ICMP error: it begins no flow, and may belong to that it quotes. */
    static boolean isError(Packet packet) {
        return packet.protocol() == Protocol.ICMP
                && packet.isIcmp()
                && switch (packet.icmpType()) {
                    case IcmpHeader.DESTINATION_UNREACHABLE,
                            IcmpHeader.SOURCE_QUENCH,
                            IcmpHeader.REDIRECT,
                            IcmpHeader.TIME_EXCEEDED,
                            IcmpHeader.PARAMETER_PROBLEM ->
                            true;
                    default -> false;
                };
    }

    /** Whether a packet has all of ESP's header (RFC 4303 §2). */
    private static boolean isWhole(Packet packet) {
        return !packet.fragment() && packet.transportLength() >= ESP_HEADER;
    }

    /** Reads that of a packet; false for one that belongs to no flow. */
    boolean read(Packet packet) {
        protocol = packet.protocol();
        if (packet.isIcmp()) {
            sourcePort = packet.icmpType();
            destinationPort = counterpart(protocol, sourcePort);
        } else if (packet.isTcp() || packet.isUdp() || protocol == Protocol.SCTP) {
            sourcePort = packet.sourcePort();
            destinationPort = packet.destinationPort();
        } else if (protocol == Protocol.ESP && isWhole(packet)) {
            sourcePort = packet.buffer().getInt(packet.transportOffset(), ByteOrder.BIG_ENDIAN);
            destinationPort = sourcePort;
        } else {
            return false;
        }
        sourceHigh = packet.sourceHigh();
        sourceLow = packet.sourceLow();
        destinationHigh = packet.destinationHigh();
        destinationLow = packet.destinationLow();
        vlan = vlan(packet);
        hash = symmetricHash();
        return true;
    }

    /**
     * Reads that of the packet which an ICMP error quotes; false unless the error tells of an
     * unreachable destination and quotes a whole header of TCP or UDP over IPv4.
     */
    boolean readQuoted(Packet error) {
        DirectBuffer buffer = error.buffer();
        int at = error.transportOffset() + QUOTE_OFFSET;
        int end = error.transportOffset() + error.transportLength();
        if (error.icmpType() != IcmpHeader.DESTINATION_UNREACHABLE || end - at < SHORTEST_QUOTE) {
            return false;
        }
        int ports = at + ((buffer.getByte(at) & 0xf) << 2);
        protocol = buffer.getByte(at + 9) & 0xff;
        int header =
                switch (protocol) {
                    case Protocol.TCP -> TcpHeader.LENGTH;
                    case Protocol.UDP -> UdpHeader.LENGTH;
                    default -> NO_PORTS;
                };
        if (buffer.getByte(at) >> 4 != 4 || ports + header > end) {
            return false;
        }
        sourceHigh = 0;
        sourceLow = IpAddress.ipv4Low(buffer.getInt(at + 12, ByteOrder.BIG_ENDIAN));
        sourcePort = buffer.getShort(ports, ByteOrder.BIG_ENDIAN) & 0xffff;
        destinationHigh = 0;
        destinationLow = IpAddress.ipv4Low(buffer.getInt(at + 16, ByteOrder.BIG_ENDIAN));
        destinationPort = buffer.getShort(ports + 2, ByteOrder.BIG_ENDIAN) & 0xffff;
        vlan = vlan(error);
        hash = symmetricHash();
        return true;
    }

    /** The type that answers one, or is answered by it. */
    private static int counterpart(int protocol, int type) {
        if (protocol == Protocol.ICMP) {
            return switch (type) {
                case IcmpHeader.ECHO_REPLY -> IcmpHeader.ECHO_REQUEST;
                case IcmpHeader.ECHO_REQUEST -> IcmpHeader.ECHO_REPLY;
                case IcmpHeader.TIMESTAMP_REQUEST -> IcmpHeader.TIMESTAMP_REPLY;
                case IcmpHeader.TIMESTAMP_REPLY -> IcmpHeader.TIMESTAMP_REQUEST;
                case IcmpHeader.INFORMATION_REQUEST -> IcmpHeader.INFORMATION_REPLY;
                case IcmpHeader.INFORMATION_REPLY -> IcmpHeader.INFORMATION_REQUEST;
                case IcmpHeader.ADDRESS_MASK_REQUEST -> IcmpHeader.ADDRESS_MASK_REPLY;
                case IcmpHeader.ADDRESS_MASK_REPLY -> IcmpHeader.ADDRESS_MASK_REQUEST;
                default -> NO_TYPE;
            };
        }
        return switch (type) {
            case 128, 133, 135, 139, 144, 146, 148, 151, 157 -> type + 1;
            case 129, 134, 136, 140, 145, 147, 149, 152, 158 -> type - 1;
            case 130 -> 131;
            case 131 -> 130;
            default -> NO_TYPE;
        };
    }

    private static int vlan(Packet packet) {
        return packet.outerVlan() << 16 | packet.innerVlan() & 0xffff;
    }

    private long symmetricHash() {
        return endpoint(sourceHigh, sourceLow, sourcePort)
                + endpoint(destinationHigh, destinationLow, destinationPort)
                + protocol;
    }

    /** The hash of a TCP segment's flow, without reading its key. */
    static long hash(Packet segment) {
        return endpoint(segment.sourceHigh(), segment.sourceLow(), segment.sourcePort())
                + endpoint(
                        segment.destinationHigh(),
                        segment.destinationLow(),
                        segment.destinationPort())
                + segment.protocol();
    }

    private static long endpoint(long high, long low, int port) {
        return mix(high * 31 + low * 0x9e37_79b9_7f4a_7c15L + port);
    }

    /**
     * The hash under which a flow's opening SYN is noted, see {@link OpeningSyns}: VLANs told
     * apart, because there is nothing else to compare.
     */
    static long openingHash(long hash, Packet segment) {
        return hash + mix(vlan(segment));
    }

    /** The finalizer of SplitMix64. */
    static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }
}
