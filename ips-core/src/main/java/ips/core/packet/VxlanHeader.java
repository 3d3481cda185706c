package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * RFC 7348 §5; an Ethernet frame follows.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |R|R|R|R|I|R|R|R|            Reserved                           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                VXLAN Network Identifier       |   Reserved    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class VxlanHeader {
    public static final int LENGTH = 8;

    /** The UDP port. */
    public static final int PORT = 4789;

    private VxlanHeader() {}

    /** Whether the flag is set that makes the network identifier valid, and nothing reserved. */
    public static boolean isValid(DirectBuffer buffer, int offset) {
        return NetworkOrder.int32(buffer, offset) == 0x0800_0000
                && (NetworkOrder.int32(buffer, offset + 4) & 0xff) == 0;
    }
}
