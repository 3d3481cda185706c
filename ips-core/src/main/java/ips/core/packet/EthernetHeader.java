package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * Ethernet II (IEEE 802.3).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                      Destination MAC                          |
 *  +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                               |          Source MAC           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *  |                                                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |      EtherType (or length)    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class EthernetHeader {
    public static final int LENGTH = 14;

    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_TRANSPARENT_ETHERNET = 0x6558;
    public static final int TYPE_VLAN = 0x8100;
    public static final int TYPE_IPV6 = 0x86dd;
    public static final int TYPE_MPLS = 0x8847;
    public static final int TYPE_MPLS_MULTICAST = 0x8848;
    public static final int TYPE_PPPOE_SESSION = 0x8864;
    public static final int TYPE_QINQ = 0x88a8;

    /** What was used for the outer tag before 802.1ad. */
    public static final int TYPE_QINQ_OLD = 0x9100;

    private EthernetHeader() {}

    public static int type(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 12);
    }
}
