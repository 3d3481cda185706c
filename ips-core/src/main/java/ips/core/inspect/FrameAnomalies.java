package ips.core.inspect;

import ips.core.packet.EthernetHeader;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Walks the headers of a frame once more and names what is odd about them, as the rules of {@code
 * decode-event} ask. Only where such rules are loaded. One per worker.
 */
public final class FrameAnomalies {
    private static final int ARP = 0x0806;
    private static final int MOST_HEADERS = 16;
    private static final int LONGEST = 65_535;

    private final long[] events;
    private final boolean asksTcpOptions;
    private DirectBuffer buffer;
    private boolean unaddressed;
    private boolean invalid;
    private int transport;

    /**
     * @param events where the bits go, two words
     * @param asksTcpOptions whether it matters what is odd about options of TCP
     */
    public FrameAnomalies(long[] events, boolean asksTcpOptions) {
        this.events = events;
        this.asksTcpOptions = asksTcpOptions;
    }

    /** Whether the frame's addresses could not be read, as a strict decoder has it. */
    public boolean unaddressed() {
        return unaddressed;
    }

    /** Whether the frame is so broken that nothing but its anomalies is worth asking about. */
    public boolean invalid() {
        return invalid;
    }

    /** Protocol of the innermost header reached, or -1. */
    public int transport() {
        return transport;
    }

    private void note(DecodeEvent event) {
        events[event.ordinal() >> 6] |= 1L << event.ordinal();
    }

    private void broken(DecodeEvent event) {
        note(event);
        invalid = true;
    }

    private int u8(int at) {
        return buffer.getByte(at) & 0xff;
    }

    private int u16(int at) {
        return buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    /**
     * Whether there is nothing that could be odd about a packet, as it was decoded: a whole TCP
     * segment over IPv4 over Ethernet, the options of TCP aside unless nobody asks about them.
     */
    private boolean isPlain(Packet packet) {
        if (!packet.isTcp()
                || packet.ipVersion() != 4
                || packet.ipHeaderLength() != 20
                || packet.linkType() != LinkType.ETHERNET
                || packet.ipOffset() - packet.frameOffset() != EthernetHeader.LENGTH
                || packet.fragment()
                || packet.reassembled()
                || packet.incomplete()) {
            return false;
        }
        return !asksTcpOptions || packet.payloadOffset() - packet.transportOffset() == 20;
    }

    /** Notes what is odd about a packet's frame. */
    public void read(Packet packet) {
        events[0] = 0;
        events[1] = 0;
        unaddressed = false;
        invalid = false;
        transport = -1;
        if (isPlain(packet)) {
            transport = Protocol.TCP;
            return;
        }
        buffer = packet.frame();
        int at = packet.frameOffset();
        int end = at + packet.capturedLength();
        link(at, end, packet.linkType());
        if (packet.fragmentOverlap()) {
            note(
                    packet.ipVersion() == 4
                            ? DecodeEvent.IPV4_FRAG_OVERLAP
                            : DecodeEvent.IPV6_FRAG_OVERLAP);
        }
    }

    private void link(int at, int end, int linkType) {
        switch (linkType) {
            case LinkType.ETHERNET -> {
                if (end - at < EthernetHeader.LENGTH) {
                    headless(DecodeEvent.ETHERNET_PKT_TOO_SMALL);
                } else {
                    etherType(u16(at + 12), at + 14, end);
                }
            }
            case LinkType.LINUX_SLL -> {
                if (end - at < 16) {
                    headless(DecodeEvent.SLL_PKT_TOO_SMALL);
                } else {
                    etherType(u16(at + 14), at + 16, end);
                }
            }
            case LinkType.LINUX_SLL2 -> {
                if (end - at >= 20) {
                    etherType(u16(at), at + 20, end);
                }
            }
            case LinkType.NULL, LinkType.LOOP -> {
                if (end - at < 4) {
                    headless(DecodeEvent.LTNULL_PKT_TOO_SMALL);
                } else if (end - at > 4) {
                    ip(at + 4, end);
                }
            }
            case LinkType.PPP -> ppp(at, end);
            case LinkType.RAW, LinkType.RAW_BSD_12, LinkType.RAW_BSD_14 -> {
                int version = at < end ? u8(at) >> 4 : 0;
                if (version != 4 && version != 6) {
                    headless(DecodeEvent.IPRAW_INVALID_IP_VERSION);
                } else {
                    ip(at, end);
                }
            }
            case LinkType.IPV4 -> ipv4(at, end);
            case LinkType.IPV6 -> ipv6(at, end);
            default -> {}
        }
    }

    private void headless(DecodeEvent event) {
        broken(event);
        unaddressed = true;
    }

    private void ip(int at, int end) {
        if (at < end && u8(at) >> 4 == 6) {
            ipv6(at, end);
        } else {
            ipv4(at, end);
        }
    }

    private void ppp(int from, int end) {
        int at = from;
        if (end - at >= 2 && u16(at) == 0xff03) {
            at += 2;
        }
        if (end - at < 2) {
            headless(DecodeEvent.PPP_PKT_TOO_SMALL);
            return;
        }
        int protocol = u8(at++);
        if ((protocol & 1) == 0) {
            protocol = protocol << 8 | u8(at++);
        }
        pppProtocol(protocol, at, end);
    }

    private void pppProtocol(int protocol, int at, int end) {
        switch (protocol) {
            case 0x21 -> {
                if (end - at < 20) {
                    headless(DecodeEvent.PPP_IP4_PKT_TOO_SMALL);
                } else {
                    ipv4(at, end);
                }
            }
            case 0x57 -> {
                if (end - at < 40) {
                    headless(DecodeEvent.PPP_IP6_PKT_TOO_SMALL);
                } else {
                    ipv6(at, end);
                }
            }
            case 0x2d, 0x2f, 0x8021, 0x8057, 0xc021, 0xc023, 0xc223, 0xc025 ->
                    note(DecodeEvent.PPP_UNSUP_PROTO);
            default -> headless(DecodeEvent.PPP_WRONG_TYPE);
        }
    }

    private void etherType(int first, int from, int end) {
        int type = first;
        int at = from;
        for (int layers = 0; ; layers++) {
            switch (type) {
                case EthernetHeader.TYPE_IPV4 -> {
                    ipv4(at, end);
                    return;
                }
                case EthernetHeader.TYPE_IPV6 -> {
                    ipv6(at, end);
                    return;
                }
                case EthernetHeader.TYPE_VLAN, EthernetHeader.TYPE_QINQ, 0x9100 -> {
                    if (layers == 3) {
                        broken(DecodeEvent.VLAN_TOO_MANY_LAYERS);
                        return;
                    }
                    if (end - at < 4) {
                        headless(DecodeEvent.VLAN_HEADER_TOO_SMALL);
                        return;
                    }
                    type = u16(at + 2);
                    at += 4;
                }
                case EthernetHeader.TYPE_PPPOE_SESSION -> {
                    pppoe(at, end);
                    return;
                }
                case ARP, 0x8100 + 0x7, 0x8847, 0x8848, 0x8863, 0x8926, 0x22f3 -> {
                    return;
                }
                default -> {
                    if (layers > 0 && type >= 0x600) {
                        headless(DecodeEvent.VLAN_UNKNOWN_TYPE);
                    } else if (type >= 0x600) {
                        note(DecodeEvent.ETHERNET_UNKNOWN_ETHERTYPE);
                    }
                    return;
                }
            }
        }
    }

    private void pppoe(int at, int end) {
        if (end - at < 8) {
            headless(DecodeEvent.PPPOE_PKT_TOO_SMALL);
        } else {
            int protocol = u8(at + 6);
            int skip = 7;
            if ((protocol & 1) == 0) {
                protocol = protocol << 8 | u8(at + 7);
                skip = 8;
            }
            pppProtocol(protocol, at + skip, end);
        }
    }

    // IPv4.

    private void ipv4(int at, int end) {
        int length = end - at;
        if (length < 20) {
            headless(DecodeEvent.IPV4_PKT_TOO_SMALL);
            return;
        }
        if (u8(at) >> 4 != 4) {
            headless(DecodeEvent.IPV4_WRONG_IP_VERSION);
            return;
        }
        int header = (u8(at) & 0xf) << 2;
        int total = u16(at + 2);
        if (header < 20) {
            headless(DecodeEvent.IPV4_HLEN_TOO_SMALL);
        } else if (total < header) {
            headless(DecodeEvent.IPV4_IPLEN_SMALLER_THAN_HLEN);
        } else if (length < total) {
            headless(DecodeEvent.IPV4_TRUNC_PKT);
        } else {
            if (header > 20) {
                ipv4Options(at + 20, at + header);
            }
            int protocol = u8(at + 9);
            int fragment = u16(at + 6) & 0x3fff;
            if (fragment == 0) {
                transport(protocol, at + header, at + total, 4, u8(at + 8));
            } else if (((fragment & 0x1fff) << 3) + total - header > LONGEST) {
                note(DecodeEvent.IPV4_FRAG_PKT_TOO_LARGE);
            }
        }
    }

    private void ipv4Options(int from, int end) {
        long seen = 0;
        int at = from;
        if ((end - from) % 8 != 0) {
            note(DecodeEvent.IPV4_OPT_PAD_REQUIRED);
        }
        while (at < end) {
            int kind = u8(at);
            if (kind == 0) {
                return;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            if (at + 1 >= end) {
                note(DecodeEvent.IPV4_OPT_EOL_REQUIRED);
                return;
            }
            int length = u8(at + 1);
            if (length < 2 || at + length > end) {
                broken(DecodeEvent.IPV4_OPT_INVALID_LEN);
                return;
            }
            int slot =
                    switch (kind) {
                        case 68 -> 1;
                        case 7 -> 2;
                        case 25 -> 3;
                        case 130 -> 4;
                        case 131 -> 5;
                        case 134 -> 6;
                        case 136 -> 7;
                        case 137 -> 8;
                        case 148 -> 9;
                        case 133 -> 10;
                        default -> 0;
                    };
            if (slot == 0) {
                broken(DecodeEvent.IPV4_OPT_INVALID);
            } else if ((seen & 1L << slot) != 0) {
                note(DecodeEvent.IPV4_OPT_DUPLICATE);
            } else if (!ipv4OptionFits(kind, at, length)) {
                return;
            }
            seen |= 1L << slot;
            at += length;
        }
    }

    private boolean ipv4OptionFits(int kind, int at, int length) {
        boolean fits =
                switch (kind) {
                    case 130 -> length == 11;
                    case 136, 148 -> length == 4;
                    case 7, 131, 137 -> length >= 3 && (length - 3) % 4 == 0;
                    case 68 -> length >= 4;
                    default -> true;
                };
        if (!fits) {
            broken(DecodeEvent.IPV4_OPT_INVALID_LEN);
            return false;
        }
        boolean malformed =
                switch (kind) {
                    case 7, 131, 137 ->
                            u8(at + 2) < 4 || u8(at + 2) % 4 != 0 || u8(at + 2) > length + 1;
                    case 68 -> u8(at + 2) < 5;
                    default -> false;
                };
        if (malformed) {
            broken(DecodeEvent.IPV4_OPT_MALFORMED);
        }
        return !malformed;
    }

    // IPv6.

    private void ipv6(int at, int end) {
        int length = end - at;
        if (length < 40) {
            headless(DecodeEvent.IPV6_PKT_TOO_SMALL);
            return;
        }
        if (u8(at) >> 4 != 6) {
            headless(DecodeEvent.IPV6_WRONG_IP_VERSION);
            return;
        }
        int payload = u16(at + 4);
        if (length < 40 + payload) {
            headless(DecodeEvent.IPV6_TRUNC_PKT);
            return;
        }
        extensions(u8(at + 6), at + 40, at + 40 + payload, u8(at + 7));
    }

    private void extensions(int first, int from, int end, int hops) {
        int next = first;
        int at = from;
        int seen = 0;
        for (int i = 0; i < MOST_HEADERS; i++) {
            int kind = next;
            int slot =
                    switch (kind) {
                        case 0 -> 1;
                        case Protocol.DESTINATION_OPTIONS -> 2;
                        case Protocol.ROUTING -> 4;
                        case Protocol.FRAGMENT -> 8;
                        case Protocol.AUTHENTICATION -> 16;
                        case Protocol.ESP -> 32;
                        default -> 0;
                    };
            if (slot == 0) {
                behindExtensions(kind, at, end, hops);
                return;
            }
            if (kind == Protocol.ESP) {
                transport = kind;
                if (end - at < 8) {
                    broken(DecodeEvent.ESP_PKT_TOO_SMALL);
                }
                return;
            }
            int least = kind == Protocol.AUTHENTICATION ? 12 : 8;
            if (end - at < least) {
                broken(DecodeEvent.IPV6_TRUNC_EXTHDR);
                return;
            }
            int length =
                    switch (kind) {
                        case Protocol.FRAGMENT -> 8;
                        case Protocol.AUTHENTICATION -> (u8(at + 1) << 2) + 8;
                        default -> (u8(at + 1) << 3) + 8;
                    };
            if (length > end - at) {
                broken(DecodeEvent.IPV6_TRUNC_EXTHDR);
                return;
            }
            boolean again = (seen & slot) != 0;
            if (kind == Protocol.DESTINATION_OPTIONS) {
                again = (seen & 64) != 0;
                seen |= (seen & slot) != 0 ? 64 : 0;
            }
            seen |= slot;
            if (!extension(kind, at, length, again, end)) {
                return;
            }
            next = u8(at);
            at += length;
        }
    }

    /** One extension header; false where what follows is not to be read. */
    private boolean extension(int kind, int at, int length, boolean again, int end) {
        switch (kind) {
            case 0 -> {
                if (again) {
                    note(DecodeEvent.IPV6_EXTHDR_DUPL_HH);
                } else {
                    options(at + 2, at + length, true);
                }
            }
            case Protocol.DESTINATION_OPTIONS -> {
                if (again) {
                    note(DecodeEvent.IPV6_EXTHDR_DUPL_DH);
                } else {
                    options(at + 2, at + length, false);
                }
            }
            case Protocol.ROUTING -> {
                if (again) {
                    note(DecodeEvent.IPV6_EXTHDR_DUPL_RH);
                } else if (u8(at + 2) == 0) {
                    note(DecodeEvent.IPV6_RH_TYPE_0);
                }
            }
            case Protocol.AUTHENTICATION -> {
                if (u16(at + 2) != 0) {
                    note(DecodeEvent.IPV6_EXTHDR_AH_RES_NOT_NULL);
                }
                if (again) {
                    note(DecodeEvent.IPV6_EXTHDR_DUPL_AH);
                }
            }
            default -> {
                return fragmentHeader(at, again, end);
            }
        }
        return true;
    }

    private boolean fragmentHeader(int at, boolean again, int end) {
        if (again) {
            note(DecodeEvent.IPV6_EXTHDR_DUPL_FH);
        }
        int field = u16(at + 2);
        int offset = field & 0xfff8;
        boolean more = (field & 1) != 0;
        if (u8(at + 1) != 0) {
            note(DecodeEvent.IPV6_FH_NON_ZERO_RESERVED_FIELD);
        }
        int data = end - at - 8;
        if (more && data % 8 != 0) {
            note(DecodeEvent.IPV6_FRAG_INVALID_LENGTH);
        }
        if (offset + data > LONGEST) {
            note(DecodeEvent.IPV6_FRAG_PKT_TOO_LARGE);
        }
        if (offset == 0 && !more) {
            note(DecodeEvent.IPV6_EXTHDR_USELESS_FH);
            return true;
        }
        return false;
    }

    private void options(int from, int end, boolean hopByHop) {
        int at = from;
        boolean onlyPadding = true;
        while (at < end) {
            int kind = u8(at);
            if (kind == 0) {
                at++;
                continue;
            }
            if (at + 1 >= end || at + 2 + u8(at + 1) > end) {
                broken(DecodeEvent.IPV6_EXTHDR_INVALID_OPTLEN);
                return;
            }
            int length = u8(at + 1);
            if (kind == 1) {
                if (length == 0) {
                    note(DecodeEvent.IPV6_ZERO_LEN_PADN);
                }
            } else {
                onlyPadding = false;
                boolean known = kind == 5 || kind == 0xc2 || kind == 0xc9;
                if (!known) {
                    note(
                            hopByHop
                                    ? DecodeEvent.IPV6_HOPOPTS_UNKNOWN_OPT
                                    : DecodeEvent.IPV6_DSTOPTS_UNKNOWN_OPT);
                }
            }
            at += 2 + length;
        }
        if (onlyPadding) {
            note(
                    hopByHop
                            ? DecodeEvent.IPV6_HOPOPTS_ONLY_PADDING
                            : DecodeEvent.IPV6_DSTOPTS_ONLY_PADDING);
        }
    }

    private void behindExtensions(int protocol, int at, int end, int hops) {
        switch (protocol) {
            case Protocol.NO_NEXT_HEADER -> {
                if (end > at) {
                    note(DecodeEvent.IPV6_DATA_AFTER_NONE_HEADER);
                }
            }
            case Protocol.ICMP -> note(DecodeEvent.IPV6_ICMPV4);
            case Protocol.TCP, Protocol.UDP, Protocol.ICMPV6, Protocol.SCTP ->
                    transport(protocol, at, end, 6, hops);
            case Protocol.IPIP -> {
                if (end - at < 20) {
                    note(DecodeEvent.IPV6_IPV4_IN_IPV6_TOO_SMALL);
                } else if (u8(at) >> 4 != 4) {
                    note(DecodeEvent.IPV6_IPV4_IN_IPV6_WRONG_VERSION);
                }
            }
            case Protocol.IPV6 -> {
                if (end - at < 40) {
                    note(DecodeEvent.IPV6_IPV6_IN_IPV6_TOO_SMALL);
                } else if (u8(at) >> 4 != 6) {
                    note(DecodeEvent.IPV6_IPV6_IN_IPV6_WRONG_VERSION);
                }
            }
            case Protocol.GRE, Protocol.MOBILITY, 139, 140 -> {}
            default -> note(DecodeEvent.IPV6_UNKNOWN_NEXT_HEADER);
        }
    }

    // Transport.

    private void transport(int protocol, int at, int end, int version, int hops) {
        transport = protocol;
        int length = end - at;
        switch (protocol) {
            case Protocol.TCP -> tcp(at, length);
            case Protocol.UDP -> udp(at, length);
            case Protocol.ICMP -> icmp(at, length);
            case Protocol.ICMPV6 -> {
                if (version == 4) {
                    broken(DecodeEvent.IPV4_ICMPV6);
                } else {
                    icmpv6(at, length, hops);
                }
            }
            case Protocol.SCTP -> {
                if (length < 12) {
                    broken(DecodeEvent.SCTP_PKT_TOO_SMALL);
                }
            }
            case Protocol.ESP -> {
                if (length < 8) {
                    broken(DecodeEvent.ESP_PKT_TOO_SMALL);
                }
            }
            case Protocol.GRE -> {
                if (length < 4) {
                    broken(DecodeEvent.GRE_PKT_TOO_SMALL);
                } else if ((u8(at + 1) & 7) > 1) {
                    broken(DecodeEvent.GRE_WRONG_VERSION);
                }
            }
            default -> {}
        }
    }

    private void tcp(int at, int length) {
        if (length < 20) {
            broken(DecodeEvent.TCP_PKT_TOO_SMALL);
            return;
        }
        int header = u8(at + 12) >> 4 << 2;
        if (length < header) {
            broken(DecodeEvent.TCP_HLEN_TOO_SMALL);
        } else if (header < 20) {
            broken(DecodeEvent.TCP_INVALID_OPTLEN);
        } else {
            tcpOptions(at + 20, at + header);
        }
    }

    private void tcpOptions(int from, int end) {
        int at = from;
        int seen = 0;
        while (at < end) {
            int kind = u8(at);
            if (kind == 0) {
                return;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            if (at + 1 >= end) {
                return;
            }
            int length = u8(at + 1);
            if (length < 2 || at + length > end) {
                note(DecodeEvent.TCP_OPT_INVALID_LEN);
                return;
            }
            boolean fits =
                    switch (kind) {
                        case 2 -> length == 4;
                        case 3 -> length == 3;
                        case 4 -> length == 2;
                        case 5 -> length == 2 || length >= 10 && length <= 34 && length % 8 == 2;
                        case 8 -> length == 10;
                        case 19 -> length == 18;
                        case 29 -> length >= 4;
                        case 34 -> length == 2 || length >= 6 && length <= 18 && length % 2 == 0;
                        default -> true;
                    };
            if (!fits) {
                note(DecodeEvent.TCP_OPT_INVALID_LEN);
            } else if (kind <= 8 || kind == 34) {
                int bit = kind == 34 ? 1 << 9 : 1 << kind;
                if ((seen & bit) != 0) {
                    note(DecodeEvent.TCP_OPT_DUPLICATE);
                }
                seen |= bit;
            }
            at += length;
        }
    }

    private void udp(int at, int length) {
        if (length < 8) {
            broken(DecodeEvent.UDP_HLEN_TOO_SMALL);
            return;
        }
        int told = u16(at + 4);
        if (length < told) {
            broken(DecodeEvent.UDP_PKT_TOO_SMALL);
        } else if (told < 8) {
            broken(DecodeEvent.UDP_LEN_INVALID);
        } else if (length != told) {
            note(DecodeEvent.UDP_HLEN_INVALID);
        }
    }

    private void icmp(int at, int length) {
        if (length < 8) {
            broken(DecodeEvent.ICMPV4_PKT_TOO_SMALL);
            return;
        }
        int type = u8(at);
        int code = u8(at + 1);
        int most =
                switch (type) {
                    case 0, 4, 8, 10, 13, 14, 15, 16, 17, 18 -> 0;
                    case 3 -> 15;
                    case 5 -> 3;
                    case 9 -> 16;
                    case 11 -> 1;
                    case 12 -> 2;
                    default -> -1;
                };
        if (most < 0) {
            note(DecodeEvent.ICMPV4_UNKNOWN_TYPE);
        } else if (code > most || type == 9 && code != 0 && code != 16) {
            note(DecodeEvent.ICMPV4_UNKNOWN_CODE);
        } else if ((type == 3 || type == 4 || type == 5 || type == 11 || type == 12)
                && length > 8) {
            if (length < 28) {
                note(DecodeEvent.ICMPV4_IPV4_TRUNC_PKT);
            } else if (u8(at + 8) >> 4 != 4) {
                note(DecodeEvent.ICMPV4_IPV4_UNKNOWN_VER);
            }
        }
    }

    private void icmpv6(int at, int length, int hops) {
        if (length < 8) {
            broken(DecodeEvent.ICMPV6_PKT_TOO_SMALL);
            return;
        }
        int type = u8(at);
        int code = u8(at + 1);
        if (type >= 1 && type <= 4) {
            int most = type == 1 ? 8 : type == 2 ? 0 : type == 3 ? 1 : 3;
            if (code > most) {
                note(DecodeEvent.ICMPV6_UNKNOWN_CODE);
            } else if (length < 48) {
                note(DecodeEvent.ICMPV6_IPV6_TRUNC_PKT);
            } else if (u8(at + 8) >> 4 != 6) {
                note(DecodeEvent.ICMPV6_IPV6_UNKNOWN_VERSION);
            }
            return;
        }
        if (type >= 127 && type <= 137 || type == 143 || type == 141 || type == 142) {
            if (type >= 130 && type <= 132 && hops != 1) {
                note(DecodeEvent.ICMPV6_MLD_MESSAGE_WITH_INVALID_HL);
            }
            if (code != 0) {
                note(DecodeEvent.ICMPV6_UNKNOWN_CODE);
            }
        } else if (type == 100 || type == 101 || type == 200 || type == 201) {
            note(DecodeEvent.ICMPV6_EXPERIMENTATION_TYPE);
        } else if (type > 4 && type < 127 || type >= 160 && type < 255) {
            note(DecodeEvent.ICMPV6_UNASSIGNED_TYPE);
        } else if (type == 0 || type == 255) {
            note(DecodeEvent.ICMPV6_UNKNOWN_TYPE);
        }
    }
}
