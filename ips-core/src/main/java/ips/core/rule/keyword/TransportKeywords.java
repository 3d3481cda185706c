package ips.core.rule.keyword;

import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;
import ips.core.packet.TcpHeader;
import java.util.BitSet;

/** What the headers of TCP, UDP and ICMP say. */
final class TransportKeywords {
    private TransportKeywords() {}

    static void flags(String value, RuleDraft draft) {
        String[] parts = RuleDraft.required(value).split(",");
        int ignored = parts.length > 1 ? bits(parts[1]) : 0;
        String text = parts[0].strip();
        char modifier = 0;
        for (char c : text.toCharArray()) {
            if (c == '+' || c == '*' || c == '!') {
                modifier = c;
            }
        }
        int wanted = bits(text.replaceAll("[+*!]", ""));
        BitSet fitting = new BitSet(256);
        for (int each = 0; each < 256; each++) {
            int seen = each & ~ignored;
            boolean fits =
                    switch (modifier) {
                        case '+' -> (seen & wanted) == wanted;
                        case '*' -> (seen & wanted) != 0;
                        case '!' -> wanted == 0 ? seen != 0 : (seen & wanted) != wanted;
                        default -> seen == wanted;
                    };
            fitting.set(each, fits);
        }
        if (draft.tcpFlags == null) {
            draft.tcpFlags = fitting;
        } else {
            draft.tcpFlags.and(fitting);
        }
        boolean[] table = new boolean[256];
        fitting.stream().forEach(each -> table[each] = true);
        draft.packetOnly(in -> in.packet.isTcp() && table[in.packet.tcpFlags() & 0xff]);
    }

    private static int bits(String letters) {
        int bits = 0;
        for (char c : letters.strip().toCharArray()) {
            bits |=
                    switch (Character.toUpperCase(c)) {
                        case 'F' -> TcpFlags.FIN;
                        case 'S' -> TcpFlags.SYN;
                        case 'R' -> TcpFlags.RST;
                        case 'P' -> TcpFlags.PSH;
                        case 'A' -> TcpFlags.ACK;
                        case 'U' -> TcpFlags.URG;
                        case 'E', '2' -> TcpFlags.ECE;
                        case 'C', '1' -> TcpFlags.CWR;
                        case '0', ' ' -> 0;
                        default -> throw new IllegalArgumentException("unknown flag " + c);
                    };
        }
        return bits;
    }

    static void seq(String value, RuleDraft draft) {
        int wanted = (int) NumberTest.number(RuleDraft.required(value), 0xffff_ffffL);
        draft.packetOnly(in -> in.packet.isTcp() && in.packet.tcpSequence() == wanted);
    }

    static void ack(String value, RuleDraft draft) {
        int wanted = (int) NumberTest.number(RuleDraft.required(value), 0xffff_ffffL);
        draft.packetOnly(in -> in.packet.isTcp() && in.packet.tcpAcknowledgment() == wanted);
    }

    static void window(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 65_535);
        draft.packetOnly(in -> in.packet.isTcp() && test.holds(in.packet.tcpWindow()));
    }

    static void mss(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 65_535);
        draft.packetOnly(
                in -> {
                    int mss = in.packet.isTcp() ? TcpHeader.maximumSegmentSize(in.packet) : -1;
                    return mss >= 0 && test.holds(mss);
                });
    }

    static void windowScale(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 255);
        draft.packetOnly(
                in -> {
                    int scale = in.packet.isTcp() ? TcpHeader.windowScale(in.packet) : -1;
                    return scale >= 0 && test.holds(scale);
                });
    }

    static void dsize(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 65_535);
        draft.packetOnly(
                in -> in.packet.ipVersion() != 0 && test.holds(Payload.lengthOf(in.packet)));
    }

    static void itype(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 255);
        draft.packetOnly(in -> in.packet.isIcmp() && test.holds(in.packet.icmpType()));
    }

    static void icode(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 255);
        draft.packetOnly(in -> in.packet.isIcmp() && test.holds(in.packet.icmpCode()));
    }

    static void icmpId(String value, RuleDraft draft) {
        int wanted = (int) NumberTest.number(RuleDraft.required(value).replace("\"", ""), 65_535);
        draft.packetOnly(in -> echoField(in.packet, 4) == wanted);
    }

    static void icmpSeq(String value, RuleDraft draft) {
        int wanted = (int) NumberTest.number(RuleDraft.required(value).replace("\"", ""), 65_535);
        draft.packetOnly(in -> echoField(in.packet, 6) == wanted);
    }

    /** Identifier or sequence number of a message that has one, or -1. */
    private static int echoField(Packet packet, int offset) {
        if (!packet.isIcmp()) {
            return -1;
        }
        boolean has =
                packet.protocol() == Protocol.ICMP
                        ? switch (packet.icmpType()) {
                            case 0, 8, 13, 14, 15, 16, 17, 18 -> true;
                            default -> false;
                        }
                        : (packet.icmpType() == 128 || packet.icmpType() == 129)
                                && packet.icmpCode() == 0;
        return has
                ? packet.buffer()
                                .getShort(
                                        packet.transportOffset() + offset,
                                        java.nio.ByteOrder.BIG_ENDIAN)
                        & 0xffff
                : -1;
    }

    static void icmpv6Mtu(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 0xffff_ffffL);
        draft.packetOnly(
                in ->
                        in.packet.isIcmp()
                                && in.packet.protocol() == Protocol.ICMPV6
                                && in.packet.icmpType() == 2
                                && in.packet.icmpCode() == 0
                                && test.holds(
                                        in.packet
                                                        .buffer()
                                                        .getInt(
                                                                in.packet.transportOffset() + 4,
                                                                java.nio.ByteOrder.BIG_ENDIAN)
                                                & 0xffff_ffffL));
    }
}
