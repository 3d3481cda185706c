package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * Tunnels that UDP carries, known by their destination ports: VXLAN (RFC 7348) and Geneve (RFC
 * 8926). Not by the source port, which a sender chooses freely: what is inside a tunnel is looked
 * at in place of what carries it, so a sender could hide any datagram behind a forged one.
 *
 * <pre>
 *   VXLAN   | 08 | 0 x 3 | network 3 | 0 |                       frame
 *   Geneve  | version 2 bits, options in words 6 bits | flags 2 bits, 0 | type 2 | network 3 | 0 | options | ...
 * </pre>
 */
final class UdpTunnel {
    private static final int GENEVE_PORT = 6081;
    private static final int GENEVE_LENGTH = 8;

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
        int start = at + UdpHeader.LENGTH;
        if (to == VxlanHeader.PORT) {
            return VxlanHeader.isValid(buffer, start)
                    ? behind(VxlanHeader.LENGTH, EthernetHeader.TYPE_TRANSPARENT_ETHERNET)
                    : -1;
        }
        return to == GENEVE_PORT ? geneve(buffer, start, body) : -1;
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
        boolean reserved =
                first >> 6 != 0
                        || (NetworkOrder.uint8(buffer, at + 1) & 0x3f) != 0
                        || NetworkOrder.uint8(buffer, at + 7) != 0;
        return !reserved && header < length && known ? behind(header, type) : -1;
    }
}
