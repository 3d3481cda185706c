package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * The pseudo header of Linux cooked captures (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2).
 *
 * <pre>
 *  version 1                                version 2
 *   0  packet type          (2 bytes)        0  protocol (EtherType) (2 bytes)
 *   2  ARPHRD type          (2 bytes)        2  reserved             (2 bytes)
 *   4  address length       (2 bytes)        4  interface index      (4 bytes)
 *   6  address              (8 bytes)        8  ARPHRD type          (2 bytes)
 *  14  protocol (EtherType) (2 bytes)       10  packet type          (1 byte)
 *                                           11  address length       (1 byte)
 *                                           12  address              (8 bytes)
 * </pre>
 */
public final class LinuxSllHeader {
    public static final int LENGTH = 16;
    public static final int LENGTH_V2 = 20;

    private LinuxSllHeader() {}

    public static int type(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 14);
    }

    public static int typeV2(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset);
    }
}
