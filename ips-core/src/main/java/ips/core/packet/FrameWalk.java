package ips.core.packet;

import static ips.core.packet.EthernetHeader.TYPE_IPV4;
import static ips.core.packet.EthernetHeader.TYPE_IPV6;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * The way from a frame's first byte to its innermost IP header: over the link layer's headers and
 * tags, through tunnels, and with {@link IpWalk} up to the transport header. The decoder and the
 * capture thread's {@link FrameAddresses} both go it, so they cannot disagree on whose frame it is.
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

    /** Of one frame, with all its tunnels: they may hold each other, so they need one limit. */
    static final int MAX_LINK_HEADERS = 32;

    private static final int PPPOE_LENGTH = 6;
    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;
    private static final int MPLS_BOTTOM_OF_STACK = 0x100;
    private static final int PSEUDOWIRE_CONTROL_WORD = 4;
    private static final int ERSPAN_2_LENGTH = 8;
    private static final int TYPE_VN_TAG = 0x8926;
    private static final int VN_TAG_LENGTH = 6;
    private static final int TYPE_PROVIDER_BACKBONE = 0x88e7;
    private static final int SERVICE_TAG_LENGTH = 4;

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
        packet.linkHeaders = 0;
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

    /** The same from an IP header on, of either version: a packet reassembled from fragments. */
    static boolean fromIp(
            DirectBuffer buffer, int offset, int length, Packet packet, Counters counters) {
        int end = offset + length;
        boolean found = IpWalk.either(buffer, offset, end, end, packet, counters);
        if (found && mayCarryTunnel(packet.protocol)) {
            enterTunnels(buffer, packet, counters);
        }
        return found;
    }

    private static boolean ethernet(
            DirectBuffer buffer,
            int offset,
            int end,
            int wireEnd,
            Packet packet,
            Counters counters) {
        if (isTooDeep(packet, counters)) {
            return false;
        }
        int at = offset + EthernetHeader.LENGTH;
        if (at > end) {
            IpWalk.cutShort(Counter.LINK_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        int type = EthernetHeader.type(buffer, offset);
        return type == TYPE_IPV4
                ? IpWalk.ipv4(buffer, at, end, wireEnd, packet, counters)
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
        if (isTooDeep(packet, counters)) {
            return false;
        }
        int type = etherType;
        int at = offset;
        for (int tags = 0; VlanTag.isTag(type); tags++) {
            if (at + VlanTag.LENGTH > end) {
                IpWalk.cutShort(Counter.VLAN_TRUNCATED, end, wireEnd, counters);
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
                return IpWalk.ipv4(buffer, at, end, wireEnd, packet, counters);
            case TYPE_IPV6:
                return IpWalk.ipv6(buffer, at, end, wireEnd, packet, counters);
            case EthernetHeader.TYPE_ARP:
                counters.increment(Counter.ARP);
                return false;
            case EthernetHeader.TYPE_MPLS, EthernetHeader.TYPE_MPLS_MULTICAST:
                return mpls(buffer, at, end, wireEnd, packet, counters);
            case EthernetHeader.TYPE_PPPOE_SESSION:
                return pppoe(buffer, at, end, wireEnd, packet, counters);
            case TYPE_PROVIDER_BACKBONE: // IEEE 802.1ah: a whole frame follows
                return ethernet(buffer, at + SERVICE_TAG_LENGTH, end, wireEnd, packet, counters);
            case TYPE_VN_TAG:
                return vnTag(buffer, at, end, wireEnd, packet, counters);
            default:
                counters.increment(Counter.NOT_IP);
                return false;
        }
    }

    /** IEEE 802.1BR as VMware and Cisco have it: four bytes, then an IP packet's type. */
    private static boolean vnTag(
            DirectBuffer buffer, int at, int end, int wireEnd, Packet packet, Counters counters) {
        if (at + VN_TAG_LENGTH > end) {
            IpWalk.cutShort(Counter.LINK_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        int type = NetworkOrder.uint16(buffer, at + VN_TAG_LENGTH - 2);
        return type != TYPE_VN_TAG
                && byEtherType(buffer, type, at + VN_TAG_LENGTH, end, wireEnd, packet, counters);
    }

    private static boolean isTooDeep(Packet packet, Counters counters) {
        if (packet.linkHeaders++ < MAX_LINK_HEADERS) {
            return false;
        }
        counters.increment(Counter.LINK_TAGS_TOO_MANY);
        return true;
    }

    private static void noteVlan(Packet packet, int id) {
        if (packet.vlanCount == 0) {
            packet.outerVlan = id;
        } else if (packet.vlanCount == 1) {
            packet.innerVlan = id;
        }
        packet.vlanCount++;
    }

    /** RFC 3032; the first nibble behind the last label says what follows, as for routers. */
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
                IpWalk.cutShort(Counter.MPLS_TRUNCATED, end, wireEnd, counters);
                return false;
            }
            int label = NetworkOrder.int32(buffer, at);
            at += 4;
            if ((label & MPLS_BOTTOM_OF_STACK) != 0) {
                if (NetworkOrder.uint8(buffer, at) >> 4 == 0) { // a pseudowire (RFC 4448)
                    int frame = at + PSEUDOWIRE_CONTROL_WORD;
                    return ethernet(buffer, frame, end, wireEnd, packet, counters);
                }
                return IpWalk.either(buffer, at, end, wireEnd, packet, counters);
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
            IpWalk.cutShort(Counter.LINK_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        int protocol = NetworkOrder.uint16(buffer, offset + PPPOE_LENGTH);
        return byPppProtocol(buffer, protocol, at, end, wireEnd, packet, counters);
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
            IpWalk.cutShort(Counter.LINK_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        int protocol = NetworkOrder.uint8(buffer, at++);
        if ((protocol & 1) == 0) {
            protocol = protocol << 8 | NetworkOrder.uint8(buffer, at++);
        }
        return byPppProtocol(buffer, protocol, at, end, wireEnd, packet, counters);
    }

    private static boolean byPppProtocol(
            DirectBuffer buffer,
            int protocol,
            int at,
            int end,
            int wireEnd,
            Packet packet,
            Counters counters) {
        switch (protocol) {
            case PPP_IPV4:
                return IpWalk.ipv4(buffer, at, end, wireEnd, packet, counters);
            case PPP_IPV6:
                return IpWalk.ipv6(buffer, at, end, wireEnd, packet, counters);
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
                return IpWalk.either(buffer, offset, end, wireEnd, packet, counters);
            case LinkType.PPP:
                return ppp(buffer, offset, end, wireEnd, packet, counters);
            case LinkType.IPV4:
                return IpWalk.ipv4(buffer, offset, end, wireEnd, packet, counters);
            case LinkType.IPV6:
                return IpWalk.ipv6(buffer, offset, end, wireEnd, packet, counters);
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
            IpWalk.cutShort(Counter.LINK_HEADER_TRUNCATED, end, wireEnd, counters);
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

    /** Whether a protocol is one that tunnels are made of; UDP may be. */
    static boolean mayCarryTunnel(int protocol) {
        return protocol == Protocol.UDP
                || protocol == Protocol.GRE
                || protocol == Protocol.IPIP
                || protocol == Protocol.IPV6;
    }

    /**
     * The same, as far as the IP packet around which there are so many tunnels: one that carries
     * the others.
     */
    static boolean toIpInside(int tunnels, Packet of, Packet packet, Counters counters) {
        DirectBuffer buffer = of.frame;
        packet.vlanCount = 0;
        packet.linkHeaders = 0;
        packet.tunnelDepth = 0;
        int end = of.frameOffset + of.capturedLength;
        int wireEnd = of.frameOffset + Math.max(of.capturedLength, of.wireLength);
        int at = of.frameOffset;
        boolean found =
                of.linkType == LinkType.ETHERNET
                        ? ethernet(buffer, at, end, wireEnd, packet, counters)
                        : otherLink(buffer, at, end, wireEnd, of.linkType, packet, counters);
        while (found && packet.tunnelDepth < tunnels && isTunnel(buffer, packet)) {
            packet.tunnelDepth++;
            found = enterTunnel(buffer, packet, counters);
        }
        return found && packet.tunnelDepth == tunnels;
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
        return UdpTunnel.inside(buffer, packet.transportOffset, packet.transportLength) >= 0;
    }

    private static boolean enterTunnel(DirectBuffer buffer, Packet packet, Counters counters) {
        int at = packet.transportOffset;
        int end = at + packet.transportLength;
        int wireEnd = packet.ipOffset + packet.ipTotalLength;
        switch (packet.protocol) {
            case Protocol.IPIP:
                return IpWalk.ipv4(buffer, at, end, wireEnd, packet, counters);
            case Protocol.IPV6:
                return IpWalk.ipv6(buffer, at, end, wireEnd, packet, counters);
            case Protocol.UDP:
                long inside = UdpTunnel.inside(buffer, at, packet.transportLength);
                int type = UdpTunnel.type(inside);
                int start = at + UdpTunnel.length(inside);
                return byTunnelType(buffer, type, start, end, wireEnd, packet, counters);
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
        return switch (type) {
            case GreHeader.TYPE_PPP -> ppp(buffer, inner, end, wireEnd, packet, counters);
            case GreHeader.TYPE_ERSPAN -> {
                int own = GreHeader.hasSequence(buffer, at) ? ERSPAN_2_LENGTH : 0;
                yield isErspan(buffer, inner, end, own)
                        && ethernet(buffer, inner + own, end, wireEnd, packet, counters);
            }
            default -> byTunnelType(buffer, type, inner, end, wireEnd, packet, counters);
        };
    }

    /** Whether the header of ERSPAN is of version 1, that of its type II; type I has none. */
    private static boolean isErspan(DirectBuffer buffer, int at, int end, int length) {
        return length == 0 || at + length <= end && NetworkOrder.uint8(buffer, at) >> 4 == 1;
    }

    private static boolean byTunnelType(
            DirectBuffer buffer,
            int type,
            int at,
            int end,
            int wireEnd,
            Packet packet,
            Counters counters) {
        return type == EthernetHeader.TYPE_TRANSPARENT_ETHERNET
                ? ethernet(buffer, at, end, wireEnd, packet, counters)
                : byEtherType(buffer, type, at, end, wireEnd, packet, counters);
    }
}
