package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * RFC 768.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |          Source Port          |       Destination Port        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |            Length             |           Checksum            |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class UdpHeader {
    public static final int LENGTH = 8;

    private UdpHeader() {}

    public static int sourcePort(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset);
    }

    public static int destinationPort(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 2);
    }

    /** Bytes of header and payload. */
    public static int length(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 4);
    }

    /** 0 where the sender computed none. */
    public static int checksum(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 6);
    }
}
