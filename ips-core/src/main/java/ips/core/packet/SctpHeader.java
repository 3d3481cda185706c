package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * RFC 9260 §3: the common header, and behind it chunks, of which the first says what the packet is.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |          Source Port          |       Destination Port        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                       Verification Tag                        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                           Checksum                            |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |  Chunk Type   |  Chunk Flags  |         Chunk Length          |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class SctpHeader {
    public static final int LENGTH = 12;

    // Types of chunks, RFC 9260 §3.2.
    public static final int INIT = 1;
    public static final int INIT_ACK = 2;
    public static final int ABORT = 6;
    public static final int COOKIE_ECHO = 10;
    public static final int COOKIE_ACK = 11;

    private SctpHeader() {}

    public static int sourcePort(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset);
    }

    public static int destinationPort(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 2);
    }

    /** The type of the first chunk of a packet with a whole header, or -1 where there is none. */
    public static int firstChunk(Packet packet) {
        return packet.payloadLength() > 0
                ? packet.buffer().getByte(packet.payloadOffset()) & 0xff
                : -1;
    }
}
