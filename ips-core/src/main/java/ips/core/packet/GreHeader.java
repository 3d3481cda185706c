package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * Generic routing encapsulation, version 0 (RFC 2784, with the key and sequence number of RFC
 * 2890), and version 1 as PPTP has it (RFC 2637 §4.1), in which an acknowledgment may follow.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |C|R|K|S| Reserved        | Ver |         Protocol Type         |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |      Checksum (optional)      |       Reserved1 (with it)     |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                         Key (optional)                        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                   Sequence Number (optional)                  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class GreHeader {
    /** Length without optional fields. */
    public static final int LENGTH = 4;

    private static final int CHECKSUM = 0x8000;
    private static final int ROUTING = 0x4000;
    private static final int KEY = 0x2000;
    private static final int SEQUENCE = 0x1000;
    private static final int ACKNOWLEDGMENT = 0x0080;
    private static final int VERSION = 0x0007;

    /** Types beyond those of Ethernet. */
    static final int TYPE_PPP = 0x880b;

    static final int TYPE_ERSPAN = 0x88be;

    private GreHeader() {}

    /** Bytes, optional fields included, or -1 for another version or source routing. */
    public static int headerLength(DirectBuffer buffer, int offset) {
        int flags = NetworkOrder.uint16(buffer, offset);
        int version = flags & VERSION;
        if (version > 1 || (flags & ROUTING) != 0 || version == 1 && !isPptp(buffer, offset)) {
            return -1;
        }
        int length = LENGTH;
        length += (flags & CHECKSUM) != 0 ? 4 : 0;
        length += (flags & KEY) != 0 ? 4 : 0;
        length += (flags & SEQUENCE) != 0 ? 4 : 0;
        length += version == 1 && (flags & ACKNOWLEDGMENT) != 0 ? 4 : 0;
        return length;
    }

    private static boolean isPptp(DirectBuffer buffer, int offset) {
        return type(buffer, offset) == TYPE_PPP;
    }

    /** Whether the sequence number is there; ERSPAN has a header of its own then. */
    public static boolean hasSequence(DirectBuffer buffer, int offset) {
        return (NetworkOrder.uint16(buffer, offset) & SEQUENCE) != 0;
    }

    /** An EtherType. */
    public static int type(DirectBuffer buffer, int offset) {
        return NetworkOrder.uint16(buffer, offset + 2);
    }
}
