package ips.core.packet;

import static ips.core.packet.EthernetHeader.TYPE_IPV4;
import static ips.core.packet.EthernetHeader.TYPE_IPV6;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * The way from a frame's first byte to its innermost IP header: over the link layer's headers and
 * tags, through tunnels, up to the transport header. The decoder and the capture thread's {@link
 * FrameAddresses} both go it, so they cannot disagree on whose frame it is.
 *
 * <p>Stateless. Fills the VLAN, tunnel, IP and fragment fields of a {@link Packet} and {@code
 * transportOffset} and {@code transportLength}; counts what is cut short or absurd. A tunnel whose
 * contents are not readable is not entered: the packet that carries it stands. A fragment is not
 * looked into, so the packet that carries a fragmented tunnel stands as well.
 */
final class FrameWalk {
    /** VLAN tags and MPLS labels; real networks use two or three. */
    static final int MAX_TAGS = 8;

    static final int MAX_TUNNELS = 4;

    /** RFC 8200 §4.1 lists seven, one of them twice. */
    static final int MAX_EXTENSIONS = 8;

    private static final int PPPOE_LENGTH = 6;
    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;
    private static final int MPLS_BOTTOM_OF_STACK = 0x100;

    private FrameWalk() {}

    /** Goes all the way; false where there is no readable IP header. */
    static boolean toInnermostIp(
            DirectBuffer buffer,
            int offset,
            int capturedLength,
            int wireLength,
            int linkType,
            Packet packet,
            Counters counters) {
        packet.vlanCount = 0;
        packet.tunnelDepth = 0;
        int end = offset + capturedLength;
        int wireEnd = offset + Math.max(capturedLength, wireLength);
        boolean found =
                linkType == LinkType.ETHERNET
                        ? ethernet(buffer, offset, end, wireEnd, packet, counters)
                        : otherLink(buffer, offset, end, wireEnd, linkType, packet, counters);
        if (found && mayCarryTunnel(packet.protocol)) {
            enterTunnels(buffer, packet, counters);
        }
        return found;
    }

    /** The same from an IP header on, of either version: a packet put together from fragments. */
    static boolean fromIp(
            DirectBuffer buffer, int offset, int length, Packet packet, Counters counters) {
        int end = offset + length;
        boolean found = rawIp(buffer, offset, end, end, packet, counters);
        if (found && mayCarryTunnel(packet.protocol)) {
            enterTunnels(buffer, packet, counters);
        }
        return found;
    }

    /** Counts a header that ends too early: for the capture's sake, or never sent whole. */
    private static void cutShort(Counter counter, int end, int wireEnd, Counters counters) {
        counters.increment(end < wireEnd ? Counter.CUT_BY_SNAP_LENGTH : counter);
    }

    private static boolean ethernet(
            DirectBuffer buffer,
            int offset,
            int end,
            int wireEnd,
            Packet packet,
            Counters counters) {
        int at = offset + EthernetHeader.LENGTH;
        if (at > end) {
            cutShort(Counter.LINK_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        int type = EthernetHeader.type(buffer, offset);
        return type == TYPE_IPV4
                ? ipv4(buffer, at, end, wireEnd, packet, counters)
                : byEtherType(buffer, type, at, end, wireEnd, packet, counters);
    }

    private static boolean byEtherType(
            DirectBuffer buffer,
            int etherType,
            int offset,
            int end,
            int wireEnd,
            Packet packet,
            Counters counters) {
        int type = etherType;
        int at = offset;
        for (int tags = 0; VlanTag.isTag(type); tags++) {
            if (at + VlanTag.LENGTH > end) {
                cutShort(Counter.VLAN_TRUNCATED, end, wireEnd, counters);
                return false;
            }
            if (tags == MAX_TAGS) {
                counters.increment(Counter.LINK_TAGS_TOO_MANY);
                return false;
            }
            if (packet.tunnelDepth == 0) {
                noteVlan(packet, VlanTag.id(buffer, at));
            }
            type = VlanTag.type(buffer, at);
            at += VlanTag.LENGTH;
        }
        switch (type) {
            case TYPE_IPV4:
                return ipv4(buffer, at, end, wireEnd, packet, counters);
            case TYPE_IPV6:
                return ipv6(buffer, at, end, wireEnd, packet, counters);
            case EthernetHeader.TYPE_ARP:
                counters.increment(Counter.ARP);
                return false;
            case EthernetHeader.TYPE_MPLS, EthernetHeader.TYPE_MPLS_MULTICAST:
                return mpls(buffer, at, end, wireEnd, packet, counters);
            case EthernetHeader.TYPE_PPPOE_SESSION:
                return pppoe(buffer, at, end, wireEnd, packet, counters);
            default:
                counters.increment(Counter.NOT_IP);
                return false;
        }
    }

    private static void noteVlan(Packet packet, int id) {
        if (packet.vlanCount == 0) {
            packet.outerVlan = id;
        } else if (packet.vlanCount == 1) {
            packet.innerVlan = id;
        }
        packet.vlanCount++;
    }

    /** RFC 3032; what follows the last label is told by its first nibble, as routers do. */
    private static boolean mpls(
            DirectBuffer buffer,
            int offset,
            int end,
            int wireEnd,
            Packet packet,
            Counters counters) {
        int at = offset;
        for (int labels = 0; labels < MAX_TAGS; labels++) {
            if (at + 4 >= end) {
                cutShort(Counter.MPLS_TRUNCATED, end, wireEnd, counters);
                return false;
            }
            int label = NetworkOrder.int32(buffer, at);
            at += 4;
            if ((label & MPLS_BOTTOM_OF_STACK) != 0) {
                return rawIp(buffer, at, end, wireEnd, packet, counters);
            }
        }
        counters.increment(Counter.LINK_TAGS_TOO_MANY);
        return false;
    }

    /** RFC 2516: version, type, code, session, length, then a PPP protocol number. */
    private static boolean pppoe(
            DirectBuffer buffer,
            int offset,
            int end,
            int wireEnd,
            Packet packet,
            Counters counters) {
        int at = offset + PPPOE_LENGTH + 2;
        if (at > end) {
            cutShort(Counter.LINK_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        switch (NetworkOrder.uint16(buffer, offset + PPPOE_LENGTH)) {
            case PPP_IPV4:
                return ipv4(buffer, at, end, wireEnd, packet, counters);
            case PPP_IPV6:
                return ipv6(buffer, at, end, wireEnd, packet, counters);
            default:
                counters.increment(Counter.NOT_IP);
                return false;
        }
    }

    /**
     * The protocol field may be one byte long (RFC 1661 §6.5), address and control may be left out.
     */
    private static boolean ppp(
            DirectBuffer buffer,
            int offset,
            int end,
            int wireEnd,
            Packet packet,
            Counters counters) {
        int at = offset;
        if (at + 2 <= end && NetworkOrder.uint16(buffer, at) == 0xff03) {
            at += 2;
        }
        if (at + 2 > end) {
            cutShort(Counter.LINK_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        int protocol = NetworkOrder.uint8(buffer, at++);
        if ((protocol & 1) == 0) {
            protocol = protocol << 8 | NetworkOrder.uint8(buffer, at++);
        }
        switch (protocol) {
            case PPP_IPV4:
                return ipv4(buffer, at, end, wireEnd, packet, counters);
            case PPP_IPV6:
                return ipv6(buffer, at, end, wireEnd, packet, counters);
            default:
                counters.increment(Counter.NOT_IP);
                return false;
        }
    }

    private static boolean otherLink(
            DirectBuffer buffer,
            int offset,
            int end,
            int wireEnd,
            int linkType,
            Packet packet,
            Counters counters) {
        switch (linkType) {
            case LinkType.RAW, LinkType.RAW_BSD_12, LinkType.RAW_BSD_14:
                return rawIp(buffer, offset, end, wireEnd, packet, counters);
            case LinkType.PPP:
                return ppp(buffer, offset, end, wireEnd, packet, counters);
            case LinkType.IPV4:
                return ipv4(buffer, offset, end, wireEnd, packet, counters);
            case LinkType.IPV6:
                return ipv6(buffer, offset, end, wireEnd, packet, counters);
            default:
                break;
        }
        int length =
                switch (linkType) {
                    case LinkType.LINUX_SLL -> LinuxSllHeader.LENGTH;
                    case LinkType.LINUX_SLL2 -> LinuxSllHeader.LENGTH_V2;
                    case LinkType.NULL, LinkType.LOOP -> 4;
                    default -> -1;
                };
        if (length < 0) {
            counters.increment(Counter.UNSUPPORTED_LINK_TYPE);
            return false;
        }
        int at = offset + length;
        if (at > end) {
            cutShort(Counter.LINK_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        int type =
                switch (linkType) {
                    case LinkType.LINUX_SLL -> LinuxSllHeader.type(buffer, offset);
                    case LinkType.LINUX_SLL2 -> LinuxSllHeader.typeV2(buffer, offset);
                    default -> typeOfFamily(NetworkOrder.int32(buffer, offset));
                };
        return byEtherType(buffer, type, at, end, wireEnd, packet, counters);
    }

    /** The EtherType for an address family in either byte order, as the BSDs number them. */
    private static int typeOfFamily(int read) {
        int family = (read & 0xffff) == 0 ? Integer.reverseBytes(read) : read;
        return switch (family) {
            case 2 -> TYPE_IPV4;
            case 10, 24, 28, 30 -> TYPE_IPV6;
            default -> 0;
        };
    }

    private static boolean rawIp(
            DirectBuffer buffer, int at, int end, int wireEnd, Packet packet, Counters counters) {
        int version = at < end ? NetworkOrder.uint8(buffer, at) >>> 4 : 4;
        switch (version) {
            case 4:
                return ipv4(buffer, at, end, wireEnd, packet, counters);
            case 6:
                return ipv6(buffer, at, end, wireEnd, packet, counters);
            default:
                counters.increment(Counter.NOT_IP);
                return false;
        }
    }

    /** Reads an IPv4 header; touches the packet only where it is readable. */
    static boolean ipv4(
            DirectBuffer buffer, int at, int end, int wireEnd, Packet packet, Counters counters) {
        int available = end - at;
        if (available < Ipv4Header.LENGTH) {
            cutShort(Counter.IPV4_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        long start = Ipv4Header.start(buffer, at);
        int headerLength = Ipv4Header.headerLength(start);
        int totalLength = Ipv4Header.totalLength(start);
        if (Ipv4Header.version(start) != 4
                || headerLength < Ipv4Header.LENGTH
                || headerLength > totalLength
                || totalLength > available) {
            totalLength = oddIpv4Length(start, available, wireEnd - at, counters);
            if (totalLength < 0) {
                return false;
            }
        }
        packet.ipVersion = 4;
        packet.ipOffset = at;
        packet.ipTotalLength = totalLength;
        packet.transportOffset = at + headerLength;
        packet.transportLength = Math.min(totalLength, available) - headerLength;
        packet.trafficClass = Ipv4Header.typeOfService(start);
        packet.identification = Ipv4Header.identification(start);
        int ttlAndProtocol = Ipv4Header.timeToLiveAndProtocol(buffer, at);
        packet.ttl = ttlAndProtocol >>> 8;
        packet.protocol = ttlAndProtocol & 0xff;
        long addresses = Ipv4Header.addresses(buffer, at);
        packet.sourceHigh = 0;
        packet.sourceLow = IpAddress.ipv4Low((int) (addresses >>> 32));
        packet.destinationHigh = 0;
        packet.destinationLow = IpAddress.ipv4Low((int) addresses);
        int flagsAndOffset = Ipv4Header.flagsAndOffset(start);
        packet.fragment = Ipv4Header.isFragment(flagsAndOffset);
        if (packet.fragment) {
            ipv4Fragment(flagsAndOffset, totalLength - headerLength, packet);
        }
        return true;
    }

    private static void ipv4Fragment(int flagsAndOffset, int length, Packet packet) {
        packet.fragmentOffset = Ipv4Header.fragmentOffset(flagsAndOffset);
        packet.moreFragments = (flagsAndOffset & Ipv4Header.MORE_FRAGMENTS) != 0;
        packet.fragmentEnd = packet.fragmentOffset + length;
    }

    /** Counts what is wrong; the length to take for the total length, or -1 if unreadable. */
    private static int oddIpv4Length(long start, int available, int onWire, Counters counters) {
        int headerLength = Ipv4Header.headerLength(start);
        int totalLength = Ipv4Header.totalLength(start);
        if (Ipv4Header.version(start) != 4) {
            counters.increment(Counter.IPV4_BAD_VERSION);
            return -1;
        }
        if (headerLength < Ipv4Header.LENGTH) {
            counters.increment(Counter.IPV4_BAD_HEADER_LENGTH);
            return -1;
        }
        if (headerLength > available) {
            cutShort(Counter.IPV4_HEADER_TRUNCATED, available, onWire, counters);
            return -1;
        }
        if (totalLength == 0) {
            counters.increment(Counter.IPV4_TOTAL_LENGTH_ZERO);
            totalLength = onWire;
        }
        if (totalLength < headerLength) {
            counters.increment(Counter.IPV4_BAD_TOTAL_LENGTH);
            return -1;
        }
        if (totalLength > available) {
            boolean neverSent = totalLength > onWire;
            counters.increment(neverSent ? Counter.IPV4_BEYOND_FRAME : Counter.CUT_BY_SNAP_LENGTH);
        }
        return totalLength;
    }

    /** Reads an IPv6 header and its extensions; touches the packet only where it is readable. */
    static boolean ipv6(
            DirectBuffer buffer, int at, int end, int wireEnd, Packet packet, Counters counters) {
        int available = end - at;
        if (available < Ipv6Header.LENGTH) {
            cutShort(Counter.IPV6_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        if (NetworkOrder.uint8(buffer, at) >>> 4 != 6) {
            counters.increment(Counter.IPV6_BAD_VERSION);
            return false;
        }
        long sourceHigh = Ipv6Header.sourceHigh(buffer, at);
        long sourceLow = Ipv6Header.sourceLow(buffer, at);
        long destinationHigh = Ipv6Header.destinationHigh(buffer, at);
        long destinationLow = Ipv6Header.destinationLow(buffer, at);
        if (IpAddress.isIpv4(sourceHigh, sourceLow)
                || IpAddress.isIpv4(destinationHigh, destinationLow)) {
            counters.increment(Counter.IPV6_MAPPED_ADDRESS);
            return false;
        }
        int payloadLength = Ipv6Header.payloadLength(buffer, at);
        int totalLength = Ipv6Header.LENGTH + payloadLength;
        if (payloadLength == 0 && wireEnd - at > 0xffff) {
            // A jumbogram (RFC 2675), or one that a network card was to segment.
            totalLength = wireEnd - at;
        }
        if (totalLength > available) {
            counters.increment(
                    totalLength > wireEnd - at
                            ? Counter.IPV6_BEYOND_FRAME
                            : Counter.CUT_BY_SNAP_LENGTH);
        }
        packet.ipVersion = 6;
        packet.ipOffset = at;
        packet.ipTotalLength = totalLength;
        packet.routed = false;
        packet.sourceHigh = sourceHigh;
        packet.sourceLow = sourceLow;
        packet.destinationHigh = destinationHigh;
        packet.destinationLow = destinationLow;
        packet.ttl = Ipv6Header.hopLimit(buffer, at);
        packet.trafficClass = Ipv6Header.trafficClass(buffer, at);
        packet.identification = 0;
        packet.fragment = false;
        extensions(
                buffer,
                Ipv6Header.nextHeader(buffer, at),
                at + Ipv6Header.LENGTH,
                at + Math.min(totalLength, available),
                packet,
                counters);
        return true;
    }

    /**
     * Skips extension headers up to the transport header, the fragment header of a real fragment,
     * or one that is cut short; then the protocol is that header's own number and nothing follows.
     */
    private static void extensions(
            DirectBuffer buffer, int first, int offset, int end, Packet packet, Counters counters) {
        int next = first;
        int at = offset;
        boolean readable = true;
        for (int count = 0; readable && !packet.fragment; count++) {
            boolean fragmentHeader = next == Protocol.FRAGMENT;
            if (!fragmentHeader && !Ipv6Header.isExtension(next)) {
                break;
            }
            int length = 8;
            if (at + length <= end && !fragmentHeader) {
                length = Ipv6Header.extensionLength(buffer, at, next);
            }
            if (count == MAX_EXTENSIONS) {
                counters.increment(Counter.IPV6_EXTENSIONS_TOO_MANY);
                readable = false;
            } else if (at + length > end) {
                if (end == packet.ipOffset + packet.ipTotalLength) {
                    counters.increment(Counter.IPV6_EXTENSION_TRUNCATED);
                }
                readable = false;
            } else {
                if (fragmentHeader) {
                    fragmentHeader(buffer, at, packet);
                } else if (next == Protocol.ROUTING) {
                    packet.routed |= NetworkOrder.uint8(buffer, at + 3) != 0;
                }
                next = NetworkOrder.uint8(buffer, at);
                at += length;
            }
        }
        packet.protocol = next;
        packet.transportOffset = readable ? at : end;
        packet.transportLength = readable ? end - at : 0;
        int headerLength = packet.transportOffset - packet.ipOffset;
        packet.fragmentEnd = packet.fragmentOffset + packet.ipTotalLength - headerLength;
    }

    /** An atomic fragment, first and last at once, is none (RFC 6946). */
    private static void fragmentHeader(DirectBuffer buffer, int at, Packet packet) {
        packet.fragmentOffset = Ipv6Header.fragmentOffset(buffer, at);
        packet.moreFragments = Ipv6Header.moreFragments(buffer, at);
        packet.identification = Ipv6Header.identification(buffer, at);
        packet.fragment = packet.moreFragments || packet.fragmentOffset != 0;
    }

    /** Whether a protocol is one that tunnels are made of; UDP may be. */
    static boolean mayCarryTunnel(int protocol) {
        return protocol == Protocol.UDP
                || protocol == Protocol.GRE
                || protocol == Protocol.IPIP
                || protocol == Protocol.IPV6;
    }

    private static void enterTunnels(DirectBuffer buffer, Packet packet, Counters counters) {
        while (isTunnel(buffer, packet)) {
            if (packet.tunnelDepth == MAX_TUNNELS) {
                counters.increment(Counter.TUNNELS_TOO_DEEP);
                return;
            }
            packet.tunnelDepth++;
            if (!enterTunnel(buffer, packet, counters)) {
                packet.tunnelDepth--;
                counters.increment(Counter.TUNNEL_UNREADABLE);
                return;
            }
            counters.increment(Counter.TUNNELS_TAKEN_OFF);
        }
    }

    private static boolean isTunnel(DirectBuffer buffer, Packet packet) {
        if (packet.fragment) {
            return false;
        }
        if (packet.protocol != Protocol.UDP) {
            return mayCarryTunnel(packet.protocol);
        }
        int at = packet.transportOffset;
        return packet.transportLength >= UdpHeader.LENGTH + VxlanHeader.LENGTH
                && UdpHeader.destinationPort(buffer, at) == VxlanHeader.PORT
                && VxlanHeader.isValid(buffer, at + UdpHeader.LENGTH);
    }

    private static boolean enterTunnel(DirectBuffer buffer, Packet packet, Counters counters) {
        int at = packet.transportOffset;
        int end = at + packet.transportLength;
        int wireEnd = packet.ipOffset + packet.ipTotalLength;
        switch (packet.protocol) {
            case Protocol.IPIP:
                return ipv4(buffer, at, end, wireEnd, packet, counters);
            case Protocol.IPV6:
                return ipv6(buffer, at, end, wireEnd, packet, counters);
            case Protocol.UDP:
                int frame = at + UdpHeader.LENGTH + VxlanHeader.LENGTH;
                return ethernet(buffer, frame, end, wireEnd, packet, counters);
            default:
                return gre(buffer, at, end, wireEnd, packet, counters);
        }
    }

    private static boolean gre(
            DirectBuffer buffer, int at, int end, int wireEnd, Packet packet, Counters counters) {
        if (at + GreHeader.LENGTH > end) {
            return false;
        }
        int length = GreHeader.headerLength(buffer, at);
        int inner = at + length;
        if (length < 0 || inner > end) {
            return false;
        }
        int type = GreHeader.type(buffer, at);
        return type == EthernetHeader.TYPE_TRANSPARENT_ETHERNET
                ? ethernet(buffer, inner, end, wireEnd, packet, counters)
                : byEtherType(buffer, type, inner, end, wireEnd, packet, counters);
    }
}
