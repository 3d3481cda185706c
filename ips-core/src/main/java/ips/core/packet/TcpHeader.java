package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * RFC 9293 §3.1.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |          Source Port          |       Destination Port        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                        Sequence Number                        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                    Acknowledgment Number                      |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | Offset| Rsrvd |C|E|U|A|P|R|S|F|            Window             |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |           Checksum            |         Urgent Pointer        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                           [Options]                           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class TcpHeader {
    /** Length without options. */
    public static final int LENGTH = 20;

    public static final int OPTION_END = 0;
    public static final int OPTION_NOP = 1;
    public static final int OPTION_MSS = 2;
    public static final int OPTION_WINDOW_SCALE = 3;
    public static final int OPTION_TIMESTAMPS = 8;
    public static final int OPTION_MD5 = 19;

    private static final int TIMESTAMPS_LENGTH = 10;
    private static final int MD5_LENGTH = 18;

    /** Two NOPs, kind and length of timestamps: what all but SYNs begin their options with. */
    private static final int USUAL_OPTIONS = 0x0101_080a;

    private TcpHeader() {}

    public static int sourcePort(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset);
    }

    public static int destinationPort(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 2);
    }

    public static int sequence(DirectBuffer buffer, int offset) {
        return NetworkOrder.int32(buffer, offset + 4);
    }

    /** Bytes 0 to 7, for the accessors that take them: one read for several fields. */
    public static long start(DirectBuffer buffer, int offset) {
        return NetworkOrder.int64(buffer, offset);
    }

    public static int sourcePort(long start) {
        return (int) (start >>> 48);
    }

    public static int destinationPort(long start) {
        return (int) (start >>> 32) & 0xffff;
    }

    public static int sequence(long start) {
        return (int) start;
    }

    /** Bytes 8 to 15, for the accessors that take them: one read for several fields. */
    public static long middle(DirectBuffer buffer, int offset) {
        return NetworkOrder.int64(buffer, offset + 8);
    }

    public static int acknowledgment(long middle) {
        return (int) (middle >>> 32);
    }

    /** Bytes, options included: 0 to 60, under 20 is absurd. */
    public static int headerLength(long middle) {
        return (int) middle >>> 28 << 2;
    }

    /** See {@link TcpFlags}. */
    public static int flags(long middle) {
        return (int) middle >>> 16 & 0xff;
    }

    public static int window(long middle) {
        return (int) middle & 0xffff;
    }

    /** See {@link TcpFlags}. */
    public static int flags(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 12) & 0xff;
    }

    /** The maximum segment size offered in a SYN, or -1 (RFC 9293 §3.7.1). */
    public static int maximumSegmentSize(Packet packet) {
        int at = option(packet, OPTION_MSS, 4);
        return at < 0 ? -1 : NetworkOrder.uint16(packet.buffer, at + 2);
    }

    /** The window scale offered in a SYN, 0 to 14, or -1 (RFC 7323 §2.3: more counts as 14). */
    public static int windowScale(Packet packet) {
        int at = option(packet, OPTION_WINDOW_SCALE, 3);
        return at < 0 ? -1 : Math.min(14, NetworkOrder.uint8(packet.buffer, at + 2));
    }

    /** Where the timestamps option of a TCP packet begins, or -1 (RFC 7323 §3.2). */
    public static int timestamps(Packet packet) {
        return hasUsualOptions(packet)
                ? packet.transportOffset + LENGTH + 2
                : option(packet, OPTION_TIMESTAMPS, TIMESTAMPS_LENGTH);
    }

    /** TSval of an option that {@link #timestamps} found. */
    public static int timestamp(Packet packet, int at) {
        return NetworkOrder.int32(packet.buffer, at + 2);
    }

    /** TSecr of an option that {@link #timestamps} found. */
    public static int echoedTimestamp(Packet packet, int at) {
        return NetworkOrder.int32(packet.buffer, at + 6);
    }

    /** Whether a TCP packet is signed (RFC 2385). */
    public static boolean isSigned(Packet packet) {
        return !hasUsualOptions(packet) && option(packet, OPTION_MD5, MD5_LENGTH) >= 0;
    }

    /**
     * Whether the options are timestamps and nothing else, laid out as RFC 7323 appendix A does.
     */
    private static boolean hasUsualOptions(Packet packet) {
        int at = packet.transportOffset;
        return packet.payloadOffset - at == LENGTH + 2 + TIMESTAMPS_LENGTH
                && NetworkOrder.int32(packet.buffer, at + LENGTH) == USUAL_OPTIONS;
    }

    /**
     * Where an option of a packet with a TCP header begins, or -1 if it is not there, has another
     * length, or lies behind one that is absurd.
     */
    private static int option(Packet packet, int kind, int expectedLength) {
        if (!packet.isTcp()) {
            return -1;
        }
        DirectBuffer buffer = packet.buffer;
        int at = packet.transportOffset + LENGTH;
        int end = packet.payloadOffset;
        while (at < end) {
            int found = NetworkOrder.uint8(buffer, at);
            if (found == OPTION_END) {
                return -1;
            }
            if (found == OPTION_NOP) {
                at++;
                continue;
            }
            if (at + 2 > end) {
                return -1;
            }
            int length = NetworkOrder.uint8(buffer, at + 1);
            if (length < 2 || at + length > end) {
                return -1;
            }
            if (found == kind) {
                return length == expectedLength ? at : -1;
            }
            at += length;
        }
        return -1;
    }
}
