package ips.core.packet;

import static java.nio.ByteOrder.BIG_ENDIAN;

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

    /** The first eight bytes, for the accessors that take them: one read for many fields. */
    public static long start(DirectBuffer buffer, int offset) {
        return NetworkOrder.int64(buffer, offset);
    }

    public static int version(long start) {
        return (int) (start >>> 60);
    }

    /** Bytes, options included: 0 to 60, under 20 is absurd. */
    public static int headerLength(long start) {
        return (int) (start >>> 54) & 0x3c;
    }

    public static int typeOfService(long start) {
        return (int) (start >>> 48) & 0xff;
    }

    /** Bytes of header and payload; 0 where a network card was to segment the packet. */
    public static int totalLength(long start) {
        return (int) (start >>> 32) & 0xffff;
    }

    public static int identification(long start) {
        return (int) start >>> 16;
    }

    /** The three flags and, in the lower 13 bits, the offset in units of 8 bytes. */
    public static int flagsAndOffset(long start) {
        return (int) start & 0xffff;
    }

    /** Whether the packet is one of several fragments. */
    public static boolean isFragment(int flagsAndOffset) {
        return (flagsAndOffset & 0x3fff) != 0;
    }

    /** In bytes. */
    public static int fragmentOffset(int flagsAndOffset) {
        return (flagsAndOffset & 0x1fff) << 3;
    }

    /** Time to live in the upper, protocol in the lower 8 of 16 bits. */
    public static int timeToLiveAndProtocol(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 8);
    }

    /** Source in the upper, destination in the lower half. */
    public static long addresses(DirectBuffer buffer, int offset) {
        return NetworkOrder.int64(buffer, offset + 12);
    }

    /** Makes the header of a first fragment that of the whole packet, at the buffer's begin. */
    static void makeWhole(FrameBuffer buffer, int totalLength) {
        buffer.putShort(2, (short) totalLength, BIG_ENDIAN);
        buffer.putShort(6, (short) 0, BIG_ENDIAN);
        buffer.putShort(10, (short) 0, BIG_ENDIAN);
        long sum = Checksum.sum(buffer, 0, headerLength(start(buffer, 0)));
        buffer.putShort(10, (short) ~Checksum.fold(sum), BIG_ENDIAN);
    }
}
