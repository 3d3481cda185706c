package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * RFC 791 §3.1.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |Version|  IHL  |Type of Service|          Total Length         |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |         Identification        |Flags|      Fragment Offset    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |  Time to Live |    Protocol   |         Header Checksum       |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                       Source Address                          |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                    Destination Address                        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                    Options                    |    Padding    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class Ipv4Header {
    /** Length without options. */
    public static final int LENGTH = 20;

    /** Bit of {@link #flagsAndOffset}. */
    public static final int MORE_FRAGMENTS = 0x2000;

    /** Bit of {@link #flagsAndOffset}. */
    public static final int DONT_FRAGMENT = 0x4000;

    private Ipv4Header() {}

    public static int version(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint8(buffer, offset) >>> 4;
    }

    /** Bytes, options included: 0 to 60, under 20 is absurd. */
    public static int headerLength(DirectBuffer buffer, int offset) {
        return (buffer.getByte(offset) & 0xf) << 2;
    }

    public static int typeOfService(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint8(buffer, offset + 1);
    }

    /** Bytes of header and payload; 0 where a network card was to segment the packet. */
    public static int totalLength(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 2);
    }

    public static int identification(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 4);
    }

    /** The three flags and, in the lower 13 bits, the offset in units of 8 bytes. */
    public static int flagsAndOffset(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 6);
    }

    /** Whether the packet is one of several fragments. */
    public static boolean isFragment(int flagsAndOffset) {
        return (flagsAndOffset & 0x3fff) != 0;
    }

    /** In bytes. */
    public static int fragmentOffset(int flagsAndOffset) {
        return (flagsAndOffset & 0x1fff) << 3;
    }

    public static int timeToLive(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint8(buffer, offset + 8);
    }

    public static int protocol(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint8(buffer, offset + 9);
    }

    public static int source(DirectBuffer buffer, int offset) {
        return NetworkOrder.int32(buffer, offset + 12);
    }

    public static int destination(DirectBuffer buffer, int offset) {
        return NetworkOrder.int32(buffer, offset + 16);
    }
}
