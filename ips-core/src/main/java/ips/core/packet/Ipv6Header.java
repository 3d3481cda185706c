package ips.core.packet;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * RFC 8200 §3, and the extension headers of §4.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |Version| Traffic Class |           Flow Label                  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |         Payload Length        |  Next Header  |   Hop Limit   |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                 Source Address (16 bytes)                     |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |               Destination Address (16 bytes)                  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 *  extension header (hop-by-hop, routing, destination options, mobility; AH counts in 4 bytes)
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |  Next Header  |  Length / 8   |                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+        (8 + 8 * length)       +
 *
 *  fragment header
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |  Next Header  |   Reserved    |      Fragment Offset    |Res|M|
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                         Identification                        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class Ipv6Header {
    public static final int LENGTH = 40;
    public static final int FRAGMENT_HEADER_LENGTH = 8;

    private Ipv6Header() {}

    public static int trafficClass(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset) >>> 4 & 0xff;
    }

    /** Bytes behind this header; 0 for a jumbogram or where a network card was to segment it. */
    public static int payloadLength(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 4);
    }

    public static int nextHeader(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint8(buffer, offset + 6);
    }

    public static int hopLimit(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint8(buffer, offset + 7);
    }

    public static long sourceHigh(DirectBuffer buffer, int offset) {
        return NetworkOrder.int64(buffer, offset + 8);
    }

    public static long sourceLow(DirectBuffer buffer, int offset) {
        return NetworkOrder.int64(buffer, offset + 16);
    }

    public static long destinationHigh(DirectBuffer buffer, int offset) {
        return NetworkOrder.int64(buffer, offset + 24);
    }

    public static long destinationLow(DirectBuffer buffer, int offset) {
        return NetworkOrder.int64(buffer, offset + 32);
    }

    /** Whether a next-header value names an extension header that can be skipped. */
    public static boolean isExtension(int nextHeader) {
        return switch (nextHeader) {
            case Protocol.HOP_BY_HOP,
                    Protocol.ROUTING,
                    Protocol.AUTHENTICATION,
                    Protocol.DESTINATION_OPTIONS,
                    Protocol.MOBILITY,
                    Protocol.HIP,
                    Protocol.SHIM6 ->
                    true;
            default -> false;
        };
    }

    /** Bytes of an extension header of the given kind; reads 2 bytes. */
    public static int extensionLength(DirectBuffer buffer, int offset, int kind) {
        int units = NetworkOrder.uint8(buffer, offset + 1);
        return kind == Protocol.AUTHENTICATION ? (units + 2) << 2 : (units + 1) << 3;
    }

    /** In bytes, from the fragment header at {@code offset}. */
    public static int fragmentOffset(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 2) & 0xfff8;
    }

    public static boolean moreFragments(DirectBuffer buffer, int offset) {
        return (buffer.getByte(offset + 3) & 1) != 0;
    }

    public static int identification(DirectBuffer buffer, int offset) {
        return NetworkOrder.int32(buffer, offset + 4);
    }

    static void putPayloadLength(FrameBuffer buffer, int offset, int length) {
        buffer.putShort(offset + 4, (short) length, BIG_ENDIAN);
    }
}
