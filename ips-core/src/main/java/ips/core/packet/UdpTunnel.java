package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * Tunnels that UDP carries, known by their ports, of which either may be the well-known one: VXLAN
 * (RFC 7348), Geneve (RFC 8926) and Teredo (RFC 4380).
 *
 * <pre>
 *   VXLAN   | 08 | 0 x 3 | network 3 | 0 |                       frame
 *   Geneve  | version 2 bits, options in words 6 bits | flags | type 2 | network 3 | 0 | options | ...
 *   Teredo  | origin, if it begins with 0000: 8 |                IPv6 packet
 * </pre>
 */
final class UdpTunnel {
    static final int GENEVE_PORT = 6081;
    private static final int GENEVE_LENGTH = 8;
    private static final int TEREDO_PORT = 3544;
    private static final int ORIGIN_LENGTH = 8;

    private UdpTunnel() {}

    /**
     * What a datagram carries.
     *
     * @return the EtherType of what is inside, above the length of what stands before it, counted
     *     from the UDP header on; -1 where it is no tunnel
     */
    static long inside(DirectBuffer buffer, int at, int length) {
        int body = length - UdpHeader.LENGTH;
        if (body < VxlanHeader.LENGTH) {
            return -1;
        }
        int to = UdpHeader.destinationPort(buffer, at);
        int from = UdpHeader.sourcePort(buffer, at);
        int start = at + UdpHeader.LENGTH;
        if (to == VxlanHeader.PORT || from == VxlanHeader.PORT) {
            return VxlanHeader.isValid(buffer, start)
                    ? behind(VxlanHeader.LENGTH, EthernetHeader.TYPE_TRANSPARENT_ETHERNET)
                    : -1;
        }
        if (to == GENEVE_PORT || from == GENEVE_PORT) {
            return geneve(buffer, start, body);
        }
        return to == TEREDO_PORT || from == TEREDO_PORT ? teredo(buffer, start, body) : -1;
    }

    private static long behind(int length, int type) {
        return (long) type << 16 | UdpHeader.LENGTH + length;
    }

    static int type(long inside) {
        return (int) (inside >>> 16);
    }

    static int length(long inside) {
        return (int) inside & 0xffff;
    }

    private static long geneve(DirectBuffer buffer, int at, int length) {
        int first = NetworkOrder.uint8(buffer, at);
        int header = GENEVE_LENGTH + (first & 0x3f) * 4;
        int type = NetworkOrder.uint16(buffer, at + 2);
        boolean known =
                type == EthernetHeader.TYPE_TRANSPARENT_ETHERNET
                        || type == EthernetHeader.TYPE_IPV4
                        || type == EthernetHeader.TYPE_IPV6;
        return first >> 6 == 0 && header < length && known ? behind(header, type) : -1;
    }

    private static long teredo(DirectBuffer buffer, int at, int length) {
        boolean origin = NetworkOrder.uint16(buffer, at) == 0;
        int skipped = origin ? ORIGIN_LENGTH : 0;
        int start = at + skipped;
        int left = length - skipped;
        boolean whole =
                left >= Ipv6Header.LENGTH
                        && NetworkOrder.uint8(buffer, start) >> 4 == 6
                        && Ipv6Header.payloadLength(buffer, start) == left - Ipv6Header.LENGTH;
        return whole ? behind(skipped, EthernetHeader.TYPE_IPV6) : -1;
    }
}
