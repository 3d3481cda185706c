package ips.core.rule.keyword;

import ips.core.packet.Checksum;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.UdpHeader;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keywords about the IP header, VLAN tags and checksums: {@code ttl}, {@code ip_proto}, {@code
 * fragbits}, {@code vlan.id}, {@code tcpv4-csum} and others.
 */
final class IpKeywords {
    private static final int RESERVED = 0x8000;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE_FRAGMENTS = 0x2000;

    /** What stands behind the bits is not read, as Suricata has it: a {@code +} there is none. */
    private static final Pattern FRAGBITS =
            Pattern.compile("\\s*(?<how>[+*!])?\\s*(?<bits>[MDR]+)");

    private static final Pattern FRAGMENT_PLACE = Pattern.compile("\\s*[<>]?\\s*\\d+");

    private static final Map<String, Integer> OPTIONS =
            Map.of(
                    "rr", 7, "lsrr", 131, "eol", 0, "nop", 1, "ts", 68, "sec", 130, "ssrr", 137,
                    "satid", 136, "esec", 133, "cipso", 134);

    private IpKeywords() {}

    static void ttl(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 255);
        draft.headerOnly(in -> in.packet.ipVersion() != 0 && test.holds(in.packet.ttl()));
    }

    static void ipProto(String value, RuleDraft draft) {
        if (!draft.protocol.matches("ip|ipv[46]|ip[46]|pkthdr")) {
            throw new IllegalArgumentException("in a rule of " + draft.protocol + ", not of ip");
        }
        String text = RuleDraft.required(value).strip().replace("\"", "");
        String name = text.replaceFirst("^[!<>=]*\\s*", "");
        Integer known = ProtocolNames.number(name);
        String number = known == null ? name : known.toString();
        NumberTest test =
                NumberTest.parse(text.substring(0, text.length() - name.length()) + number, 255);
        boolean exact = test.kind() == NumberTest.Kind.EQUAL;
        if (draft.namesIpProtocol || draft.limitsIpProtocols && exact) {
            throw new IllegalArgumentException("one protocol beside another ip_proto");
        }
        draft.namesIpProtocol = exact;
        draft.limitsIpProtocols = true;
        draft.conditions.add(
                in -> in.packet.ipVersion() != 0 && test.holds(Payload.protocolOf(in.packet)));
    }

    static void networkProtocol(String value, RuleDraft draft) {
        String text = RuleDraft.required(value).strip().toLowerCase(Locale.ROOT);
        int version =
                switch (text) {
                    case "ip4", "ipv4" -> 4;
                    case "ip6", "ipv6" -> 6;
                    default -> throw new IllegalArgumentException("neither ipv4 nor ipv6: " + text);
                };
        draft.conditions.add(in -> in.packet.ipVersion() == version);
    }

    static void id(String value, RuleDraft draft) {
        int id = (int) NumberTest.number(RuleDraft.required(value).replace("\"", ""), 65_535);
        draft.headerOnly(in -> in.packet.ipVersion() == 4 && in.packet.identification() == id);
    }

    static void tos(String value, RuleDraft draft) {
        String text = RuleDraft.required(value).replace("\"", "").strip();
        boolean not = text.startsWith("!");
        String number = not ? text.substring(1).strip() : text;
        boolean hexadecimal = number.startsWith("x") || number.startsWith("X");
        int tos =
                (int)
                        (hexadecimal
                                ? NumberTest.ofAnyBase("0" + number, 255)
                                : NumberTest.number(number, 255));
        draft.headerOnly(
                in -> in.packet.ipVersion() == 4 && (in.packet.trafficClass() == tos) != not);
    }

    private static int fragmentField(Packet packet) {
        return packet.buffer().getShort(packet.ipOffset() + 6, java.nio.ByteOrder.BIG_ENDIAN)
                & 0xffff;
    }

    static void fragbits(String value, RuleDraft draft) {
        Matcher text = FRAGBITS.matcher(RuleDraft.required(value));
        if (!text.lookingAt()) {
            throw new IllegalArgumentException("not bits of M, D and R: " + value.strip());
        }
        int bits = 0;
        for (char c : text.group("bits").toCharArray()) {
            bits |=
                    switch (c) {
                        case 'M' -> MORE_FRAGMENTS;
                        case 'D' -> DONT_FRAGMENT;
                        default -> RESERVED;
                    };
        }
        int wanted = bits;
        char how = text.group("how") == null ? ' ' : text.group("how").charAt(0);
        draft.headerOnly(
                in -> {
                    if (in.packet.ipVersion() != 4) {
                        return false;
                    }
                    int field =
                            fragmentField(in.packet) & (MORE_FRAGMENTS | DONT_FRAGMENT | RESERVED);
                    return switch (how) {
                        case '+' -> (field & wanted) == wanted && field != wanted;
                        case '*' -> (field & wanted) != 0;
                        case '!' -> (field & wanted) != wanted;
                        default -> field == wanted;
                    };
                });
    }

    /** A number, perhaps with what it is above or below; what stands behind it is not read. */
    private static NumberTest fragmentPlace(String value) {
        Matcher text = FRAGMENT_PLACE.matcher(value);
        if (!text.lookingAt()) {
            throw new IllegalArgumentException("not a number: " + value.strip());
        }
        return NumberTest.parse(text.group(), 65_535);
    }

    static void fragoffset(String value, RuleDraft draft) {
        NumberTest test = fragmentPlace(RuleDraft.required(value));
        draft.headerOnly(
                in -> {
                    Packet packet = in.packet;
                    if (packet.ipVersion() == 4) {
                        return test.holds(fragmentField(packet) & 0x1fff);
                    }
                    return packet.ipVersion() == 6
                            && packet.fragment()
                            && test.holds(packet.fragmentOffset() >> 3);
                });
    }

    static void ipopts(String value, RuleDraft draft) {
        String word = RuleDraft.required(value).strip().toLowerCase(Locale.ROOT);
        if (word.equals("any")) {
            // Suricata asks for all options at once, for which there is no room
            draft.headerOnly(in -> false);
            return;
        }
        Integer wanted = OPTIONS.get(word);
        if (wanted == null) {
            throw new IllegalArgumentException("unknown option " + word);
        }
        int kind = wanted;
        draft.headerOnly(in -> hasOption(in.packet, each -> each == kind));
    }

    private static boolean hasOption(Packet packet, Predicate<Integer> wanted) {
        if (packet.ipVersion() != 4) {
            return false;
        }
        int from = packet.ipOffset() + 20;
        int end = packet.ipOffset() + ((packet.buffer().getByte(packet.ipOffset()) & 0xf) << 2);
        for (int at = from; at < end; ) {
            int kind = packet.buffer().getByte(at) & 0xff;
            if (wanted.test(kind)) {
                return true;
            }
            if (kind == 0) {
                return false;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            int length = at + 1 < end ? packet.buffer().getByte(at + 1) & 0xff : 0;
            if (length < 2) {
                return false;
            }
            at += length;
        }
        return false;
    }

    static void sameip(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.headerOnly(
                in ->
                        in.packet.sourceLow() == in.packet.destinationLow()
                                && in.packet.sourceHigh() == in.packet.destinationHigh());
    }

    static void vlanId(String value, RuleDraft draft) {
        String[] parts = RuleDraft.required(value).split(",");
        NumberTest test = NumberTest.parse(parts[0], 4095);
        int layer = parts.length > 1 ? Integer.parseInt(parts[1].strip()) : Integer.MAX_VALUE;
        draft.packetCondition(
                in -> {
                    Packet packet = in.packet;
                    boolean outer = layer == 0 || layer == -2 && packet.vlanCount() == 2;
                    boolean any = layer == Integer.MAX_VALUE;
                    boolean inner = layer == 1 || layer == -1 && packet.vlanCount() == 2;
                    outer |= any || layer == -1 && packet.vlanCount() == 1;
                    return outer && packet.vlanCount() > 0 && test.holds(packet.outerVlan())
                            || (inner || any)
                                    && packet.vlanCount() > 1
                                    && test.holds(packet.innerVlan());
                });
    }

    static void vlanLayers(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 3);
        draft.packetCondition(in -> test.holds(in.packet.vlanCount()));
    }

    /** Which packets a checksum keyword is about. */
    enum Summed {
        IPV4,
        TCP4,
        TCP6,
        UDP4,
        UDP6,
        ICMP4,
        ICMP6
    }

    static Keyword checksum(Summed summed) {
        return (value, draft) -> {
            String word = RuleDraft.required(value).strip().replace("\"", "");
            boolean valid = word.equalsIgnoreCase("valid");
            if (!valid && !word.equalsIgnoreCase("invalid")) {
                throw new IllegalArgumentException("expected valid or invalid");
            }
            draft.packetCondition(
                    in -> isAbout(summed, in.packet) && isRight(summed, in.packet) == valid);
        };
    }

    private static boolean isAbout(Summed summed, Packet packet) {
        int version = packet.ipVersion();
        if (summed == Summed.IPV4) {
            return version == 4;
        }
        return !packet.fragment()
                && switch (summed) {
                    case TCP4 -> version == 4 && packet.isTcp();
                    case TCP6 -> version == 6 && packet.isTcp();
                    case UDP4 -> version == 4 && packet.isUdp() && !isUnsummed(packet);
                    case UDP6 -> version == 6 && packet.isUdp();
                    case ICMP4 -> packet.isIcmp() && packet.protocol() == Protocol.ICMP;
                    default -> packet.isIcmp() && packet.protocol() == Protocol.ICMPV6;
                };
    }

    /** Whether a UDP datagram says that it has no checksum, which IPv6 does not allow. */
    private static boolean isUnsummed(Packet packet) {
        return UdpHeader.checksum(packet.buffer(), packet.transportOffset()) == 0;
    }

    private static boolean isRight(Summed summed, Packet packet) {
        return switch (summed) {
            case IPV4 -> Checksum.ofIpv4IsRight(packet);
            case UDP6 -> !isUnsummed(packet) && Checksum.ofTransportIsRight(packet);
            default -> Checksum.ofTransportIsRight(packet);
        };
    }
}
