package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * A VLAN tag (IEEE 802.1Q, 802.1ad) behind its EtherType.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | PCP |D|        VLAN id        |    EtherType of what follows  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class VlanTag {
    public static final int LENGTH = 4;

    private VlanTag() {}

    /** 0 to 4095. */
    public static int id(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset) & 0xfff;
    }

    public static int type(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 2);
    }

    /** Whether an EtherType announces a tag. */
    public static boolean isTag(int etherType) {
        return etherType == EthernetHeader.TYPE_VLAN
                || etherType == EthernetHeader.TYPE_QINQ
                || etherType == EthernetHeader.TYPE_QINQ_OLD;
    }
}
