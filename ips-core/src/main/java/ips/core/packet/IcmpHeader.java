package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * ICMP (RFC 792) and ICMPv6 (RFC 4443): the same eight bytes, other types.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |     Type      |     Code      |          Checksum             |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | Identifier (request, reply)   | Sequence Number (the same)    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class IcmpHeader {
    public static final int LENGTH = 8;

    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    // Questions and answers with an identifier as echo has them: RFC 792, RFC 950.
    public static final int TIMESTAMP_REQUEST = 13;
    public static final int TIMESTAMP_REPLY = 14;
    public static final int INFORMATION_REQUEST = 15;
    public static final int INFORMATION_REPLY = 16;
    public static final int ADDRESS_MASK_REQUEST = 17;
    public static final int ADDRESS_MASK_REPLY = 18;

    /** Code of {@link #DESTINATION_UNREACHABLE}. */
    public static final int PORT_UNREACHABLE = 3;

    public static final int V6_DESTINATION_UNREACHABLE = 1;
    public static final int V6_PACKET_TOO_BIG = 2;
    public static final int V6_TIME_EXCEEDED = 3;
    public static final int V6_PARAMETER_PROBLEM = 4;
    public static final int V6_ECHO_REQUEST = 128;
    public static final int V6_ECHO_REPLY = 129;

    private static final int TIMESTAMP_LENGTH = 20;

    private IcmpHeader() {}

    /**
     * Bytes before the payload of a message: those of its three timestamps count, if it has them.
     *
     * @param there bytes of the message
     */
    public static int length(int protocol, int type, int there) {
        boolean timestamps =
                protocol == Protocol.ICMP
                        && (type == TIMESTAMP_REQUEST || type == TIMESTAMP_REPLY)
                        && there >= TIMESTAMP_LENGTH;
        return timestamps ? TIMESTAMP_LENGTH : LENGTH;
    }

    public static int type(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint8(buffer, offset);
    }

    public static int code(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint8(buffer, offset + 1);
    }

    public static int identifier(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 4);
    }

    public static int sequence(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 6);
    }

    /** Whether a message carries the start of the packet it is about. */
    public static boolean isError(int protocol, int type) {
        if (protocol == Protocol.ICMPV6) {
            return type >= V6_DESTINATION_UNREACHABLE && type <= V6_PARAMETER_PROBLEM;
        }
        return switch (type) {
            case DESTINATION_UNREACHABLE,
                    SOURCE_QUENCH,
                    REDIRECT,
                    TIME_EXCEEDED,
                    PARAMETER_PROBLEM ->
                    true;
            default -> false;
        };
    }

    /** Whether a message asks for an echo. */
    public static boolean isEchoRequest(int protocol, int type) {
        return type == (protocol == Protocol.ICMPV6 ? V6_ECHO_REQUEST : ECHO_REQUEST);
    }

    /** Whether a message asks for a reply: for an echo, the time, the address mask. */
    public static boolean isRequest(int protocol, int type) {
        if (protocol == Protocol.ICMPV6) {
            return type == V6_ECHO_REQUEST;
        }
        return switch (type) {
            case ECHO_REQUEST, TIMESTAMP_REQUEST, INFORMATION_REQUEST, ADDRESS_MASK_REQUEST -> true;
            default -> false;
        };
    }

    /** Whether a message is the reply to one that {@link #isRequest}. */
    public static boolean isReply(int protocol, int type) {
        if (protocol == Protocol.ICMPV6) {
            return type == V6_ECHO_REPLY;
        }
        return switch (type) {
            case ECHO_REPLY, TIMESTAMP_REPLY, INFORMATION_REPLY, ADDRESS_MASK_REPLY -> true;
            default -> false;
        };
    }
}
