package ips.core.rule.keyword;

import ips.core.packet.Packet;
import ips.core.packet.Protocol;

/** The part of a packet that rules take for its payload. */
public final class Payload {
    private static final int SHORTER = 4;

    private Payload() {}

    /** Bytes behind a transport header; none in fragments and in protocols that are not read. */
    public static int lengthOf(Packet packet) {
        if (packet.fragment()) {
            return 0;
        }
        return switch (packet.protocol()) {
            case Protocol.ICMP -> packet.isIcmp() ? lengthOfIcmp(packet) : 0;
            case Protocol.ICMPV6 -> lengthOfIcmpv6(packet);
            case Protocol.TCP, Protocol.UDP, Protocol.SCTP, Protocol.ESP -> packet.payloadLength();
            default -> 0;
        };
    }

    /** Whether a packet has ports that can be read. */
    public static boolean hasPorts(Packet packet) {
        return packet.isTcp()
                || packet.isUdp()
                || packet.protocol() == Protocol.SCTP && !packet.fragment();
    }

    /** Where it begins in the packet's buffer. */
    public static int offsetOf(Packet packet) {
        if (packet.protocol() == Protocol.ICMP && packet.isIcmp()) {
            return packet.transportOffset() + icmpHeaderLength(packet);
        }
        int offset = packet.payloadOffset();
        return packet.protocol() == Protocol.ICMPV6 && hasShortHeader(packet)
                ? offset - SHORTER
                : offset;
    }

    private static int lengthOfIcmp(Packet packet) {
        return packet.payloadOffset()
                + packet.payloadLength()
                - packet.transportOffset()
                - icmpHeaderLength(packet);
    }

    /**
     * Timestamps bring three more words with them, RFC 792; router addresses two each, RFC 1256.
     */
    public static int icmpHeaderLength(Packet packet) {
        int there = packet.transportLength();
        int at = packet.transportOffset();
        int length =
                switch (packet.icmpType()) {
                    case 13, 14 -> 20;
                    case 9 ->
                            there < 8
                                    ? 8
                                    : 8
                                            + (packet.buffer().getByte(at + 4) & 0xff)
                                                    * (packet.buffer().getByte(at + 5) & 0xff)
                                                    * 4;
                    default -> 8;
                };
        return length <= there ? length : Math.min(8, there);
    }

    /** As Suricata has it: what begins 4 bytes earlier also ends 8 bytes earlier. */
    private static int lengthOfIcmpv6(Packet packet) {
        if (!packet.isIcmp()) {
            return 0;
        }
        int length = packet.payloadLength();
        return hasShortHeader(packet) ? Math.max(0, length - SHORTER) : length;
    }

    /** Messages of ICMPv6 but errors and echoes of a known code have a header of 4 bytes, not 8. */
    private static boolean hasShortHeader(Packet packet) {
        int mostCode =
                switch (packet.icmpType()) {
                    case 1 -> 6;
                    case 2, 128, 129 -> 0;
                    case 3 -> 1;
                    case 4 -> 2;
                    default -> -1;
                };
        return packet.icmpCode() > mostCode;
    }

    /**
     * The protocol of a packet; of a fragment of IPv6, that of its fragment header. ICMP over IPv6
     * is none.
     */
    public static int protocolOf(Packet packet) {
        if (packet.ipVersion() == 6) {
            if (packet.fragment()) {
                return Protocol.FRAGMENT;
            }
            if (packet.protocol() == Protocol.ICMP) {
                return -1;
            }
        }
        return packet.protocol();
    }
}
