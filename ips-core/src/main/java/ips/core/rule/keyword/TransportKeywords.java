package ips.core.rule.keyword;

import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;
import ips.core.packet.TcpHeader;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keywords about the headers of TCP, UDP and ICMP: {@code flags}, {@code seq}, {@code dsize},
 * {@code itype} and others.
 */
final class TransportKeywords {
    private static final int OF_BEGIN_OR_END = TcpFlags.FIN | TcpFlags.SYN | TcpFlags.RST;
    private static final int UNUSUAL = TcpFlags.URG | TcpFlags.ECE | TcpFlags.CWR;

    private static final Pattern FLAGS =
            Pattern.compile(
                    "(?<wanted>[+*!]?\\s*[SAPRFU120CE+*!]+)(\\s*,\\s*(?<ignored>[SAPRFU12CE]+))?");

    private TransportKeywords() {}

    static void flags(String value, RuleDraft draft) {
        Matcher parts = FLAGS.matcher(RuleDraft.required(value).strip());
        boolean fits = parts.matches();
        String modifiers = fits ? parts.group("wanted").replaceAll("[^+*!]", "") : "";
        String letters = fits ? parts.group("wanted").replaceAll("[+*!\\s]", "") : "";
        if (letters.isEmpty() || modifiers.length() > 1) {
            throw new IllegalArgumentException(
                    "expected flags of F S R P A U E C, or 0 for none, one of + * ! before or"
                            + " behind them, and after a comma those ignored, such as S,CE");
        }
        char modifier = modifiers.isEmpty() ? 0 : modifiers.charAt(0);
        int wanted = bits(letters);
        int ignored = parts.group("ignored") == null ? 0 : bits(parts.group("ignored"));
        BitSet fitting = new BitSet(256);
        for (int each = 0; each < 256; each++) {
            fitting.set(
                    each,
                    flagsFit(each, wanted, ignored, modifier) && kindFits(each, wanted, modifier));
        }
        if (draft.tcpFlags == null) {
            draft.tcpFlags = fitting;
        } else {
            draft.tcpFlags.and(fitting);
        }
        boolean[] table = new boolean[256];
        fitting.stream().forEach(each -> table[each] = true);
        draft.headerOnly(in -> in.packet.isTcp() && table[in.packet.tcpFlags() & 0xff]);
    }

    private static boolean flagsFit(int all, int wanted, int ignored, char modifier) {
        int seen = all & ~ignored;
        if (wanted == 0 && all != 0) {
            return modifier == '!';
        }
        return switch (modifier) {
            case '+' -> (seen & wanted) == wanted;
            case '*' -> (seen & wanted) != 0;
            case '!' -> (seen & wanted) != wanted;
            default -> seen == wanted;
        };
    }

    /**
     * What Suricata asks before it looks at a rule's flags, whatever their modifier: of a rule
     * about the begin or end of a connection a segment that is either, of one about unusual flags a
     * segment that has one, and of one about SYN, unless it is negated, a SYN.
     */
    private static boolean kindFits(int seen, int wanted, char modifier) {
        return ((wanted & OF_BEGIN_OR_END) == 0 || (seen & OF_BEGIN_OR_END) != 0)
                && ((wanted & UNUSUAL) == 0 || (seen & UNUSUAL) != 0)
                && ((wanted & TcpFlags.SYN) == 0 || modifier == '!' || (seen & TcpFlags.SYN) != 0);
    }

    private static int bits(String letters) {
        int bits = 0;
        for (char c : letters.strip().toCharArray()) {
            bits |=
                    switch (c) {
                        case 'F' -> TcpFlags.FIN;
                        case 'S' -> TcpFlags.SYN;
                        case 'R' -> TcpFlags.RST;
                        case 'P' -> TcpFlags.PSH;
                        case 'A' -> TcpFlags.ACK;
                        case 'U' -> TcpFlags.URG;
                        case 'E', '2' -> TcpFlags.ECE;
                        case 'C', '1' -> TcpFlags.CWR;
                        default -> 0;
                    };
        }
        return bits;
    }

    static void seq(String value, RuleDraft draft) {
        int wanted = (int) NumberTest.number(RuleDraft.required(value), 0xffff_ffffL);
        draft.headerOnly(in -> in.packet.isTcp() && in.packet.tcpSequence() == wanted);
    }

    static void ack(String value, RuleDraft draft) {
        int wanted = (int) NumberTest.number(RuleDraft.required(value), 0xffff_ffffL);
        draft.headerOnly(in -> in.packet.isTcp() && in.packet.tcpAcknowledgment() == wanted);
    }

    static void window(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 65_535);
        draft.headerOnly(in -> in.packet.isTcp() && test.holds(in.packet.tcpWindow()));
    }

    static void mss(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 65_535);
        draft.headerOnly(
                in -> {
                    int mss = in.packet.isTcp() ? TcpHeader.maximumSegmentSize(in.packet) : -1;
                    return mss >= 0 && test.holds(mss);
                });
    }

    static void windowScale(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 255);
        draft.headerOnly(
                in -> {
                    int scale = in.packet.isTcp() ? TcpHeader.windowScale(in.packet) : -1;
                    return scale >= 0 && test.holds(scale);
                });
    }

    static void dsize(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 65_535);
        if (draft.size != null) {
            throw new IllegalArgumentException("there is one before it");
        }
        draft.size = test;
        String text = value.strip();
        draft.sizeBounded |= !text.startsWith(">");
        if (text.equals("0")) {
            draft.headerOnly(in -> in.packet.ipVersion() != 0 && !in.carrier && !hasData(in));
        } else if (text.startsWith("!")) {
            String size = text.substring(1).strip();
            if (size.matches("\\d.*")) {
                draft.sizeNotAllowed = (int) test.first();
            }
            draft.headerOnly(
                    in ->
                            in.packet.ipVersion() != 0
                                    && hasData(in)
                                    && !in.encrypted
                                    && test.holds(Payload.lengthOf(in.packet)));
        } else {
            boolean asksData = !test.holds(0);
            draft.headerOnly(
                    in ->
                            in.packet.ipVersion() != 0
                                    && !in.carrier
                                    && !(asksData && in.encrypted)
                                    && test.holds(Payload.lengthOf(in.packet)));
        }
    }

    /** Whether there is anything to look at: bytes of the packet or of the stream behind it. */
    private static boolean hasData(Inspection in) {
        return Payload.lengthOf(in.packet) > 0 || in.streamData;
    }

    static void itype(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 255);
        draft.headerOnly(in -> in.packet.isIcmp() && test.holds(in.packet.icmpType()));
    }

    static void icode(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 255);
        draft.headerOnly(in -> in.packet.isIcmp() && test.holds(in.packet.icmpCode()));
    }

    static void icmpId(String value, RuleDraft draft) {
        int wanted = (int) NumberTest.number(RuleDraft.required(value).replace("\"", ""), 65_535);
        draft.headerOnly(in -> echoField(in.packet, 4) == wanted);
    }

    static void icmpSeq(String value, RuleDraft draft) {
        int wanted = (int) NumberTest.number(RuleDraft.required(value).replace("\"", ""), 65_535);
        draft.packetOnly(in -> echoField(in.packet, 6) == wanted);
    }

    /**
     * Identifier or sequence number of a message that has one, or -1; in an echo over IPv6 of an
     * unknown code Suricata finds 0.
     */
    private static int echoField(Packet packet, int offset) {
        if (!packet.isIcmp()) {
            return -1;
        }
        boolean has;
        if (packet.protocol() == Protocol.ICMP) {
            has =
                    switch (packet.icmpType()) {
                        case 0, 8, 13, 14, 15, 16, 17, 18 -> true;
                        default -> false;
                    };
        } else {
            has = packet.icmpType() == 128 || packet.icmpType() == 129;
            if (has && packet.icmpCode() != 0) {
                return 0;
            }
        }
        int at = packet.transportOffset() + offset;
        return has ? packet.buffer().getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff : -1;
    }

    static void icmpv6Mtu(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 0xffff_ffffL);
        draft.headerOnly(
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
                                                                ByteOrder.BIG_ENDIAN)
                                                & 0xffff_ffffL));
    }
}
