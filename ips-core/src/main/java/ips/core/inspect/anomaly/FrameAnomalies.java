package ips.core.inspect.anomaly;

import ips.core.packet.EthernetHeader;
import ips.core.packet.IcmpHeader;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;

/**
 * Walks the headers of a frame once more and names what is odd about them, as the rules of {@code
 * decode-event} ask. Only where such rules are loaded. One per worker.
 */
public final class FrameAnomalies {
    // Types of Ethernet that PacketDecoder does not take off.
    private static final int PPPOE_DISCOVERY = 0x8863;
    private static final int PROVIDER_BACKBONE = 0x88e7; // IEEE 802.1ah
    private static final int VN_TAG = 0x8926;
    private static final int CISCO_FABRIC = 0x8903;

    // Known, and not looked into.
    private static final int SYMBOLICS = 0x8107;
    private static final int TRILL = 0x22f3; // RFC 6325

    /** The least type; what is smaller is a length or nothing. */
    private static final int LEAST_TYPE = 0x600;

    /** Tags of VLANs in one frame; one more is odd. */
    private static final int MOST_VLANS = 3;

    /** Ethernet headers within one another; what lies deeper is not looked at. */
    private static final int MOST_NESTED = 16;

    private static final int NONE = -1;

    /** A header between Ethernet's and what it carries, whose type its last two bytes say. */
    private enum Tag {
        VLAN(4, DecodeEvent.VLAN_HEADER_TOO_SMALL, DecodeEvent.VLAN_UNKNOWN_TYPE),
        VIRTUAL_NETWORK(6, DecodeEvent.VNTAG_HEADER_TOO_SMALL, DecodeEvent.VNTAG_UNKNOWN_TYPE),
        BACKBONE(18, DecodeEvent.IEEE8021AH_HEADER_TOO_SMALL, null);

        final int length;
        final DecodeEvent tooSmall;

        /** What an unknown type behind it is, or null for what it is behind the tag before. */
        final DecodeEvent unknown;

        Tag(int length, DecodeEvent tooSmall, DecodeEvent unknown) {
            this.length = length;
            this.tooSmall = tooSmall;
            this.unknown = unknown;
        }

        static Tag of(int type) {
            return switch (type) {
                case EthernetHeader.TYPE_VLAN,
                        EthernetHeader.TYPE_QINQ,
                        EthernetHeader.TYPE_QINQ_OLD ->
                        VLAN;
                case VN_TAG -> VIRTUAL_NETWORK;
                case PROVIDER_BACKBONE -> BACKBONE;
                default -> null;
            };
        }
    }

    private final boolean asksTcpOptions;
    private final OddFrame frame;
    private final Ipv4Anomalies ipv4;
    private final Ipv6Anomalies ipv6;
    private final PppAnomalies ppp;
    private int nested;

    /** The protocol of what was read last if that was plain: another such leaves all as it is. */
    private int plainProtocol = NONE;

    /**
     * @param events where the bits go, two words
     * @param asksTcpOptions whether it matters what is odd about options of TCP
     */
    public FrameAnomalies(long[] events, boolean asksTcpOptions) {
        this.asksTcpOptions = asksTcpOptions;
        frame = new OddFrame(events);
        TransportAnomalies transport = new TransportAnomalies(frame);
        ipv4 = new Ipv4Anomalies(frame, transport);
        ipv6 = new Ipv6Anomalies(frame, transport);
        ppp = new PppAnomalies(frame, ipv4, ipv6);
    }

    /** Whether the frame's addresses could not be read, as a strict decoder has it. */
    public boolean unaddressed() {
        return frame.unaddressed();
    }

    /** Whether the frame is so broken that nothing but its anomalies is worth asking about. */
    public boolean invalid() {
        return frame.invalid();
    }

    /** Protocol of the innermost header reached, or -1. */
    public int transport() {
        return frame.transport;
    }

    /**
     * Whether there is nothing that could be odd about a packet, as it was decoded: a whole TCP
     * segment or echo request over IPv4 over Ethernet, the options of TCP aside unless nobody asks
     * about them.
     */
    public boolean isPlain(Packet packet) {
        if (packet.ipVersion() != 4
                || packet.ipHeaderLength() != 20
                || packet.linkType() != LinkType.ETHERNET
                || packet.ipOffset() - packet.frameOffset() != EthernetHeader.LENGTH
                || packet.fragment()
                || packet.reassembled()
                || packet.incomplete()) {
            return false;
        }
        if (!packet.isTcp()) {
            return isEchoRequest(packet);
        }
        return !asksTcpOptions || packet.payloadOffset() - packet.transportOffset() == 20;
    }

    private static boolean isEchoRequest(Packet packet) {
        return packet.protocol() == Protocol.ICMP
                && packet.icmpType() == IcmpHeader.ECHO_REQUEST
                && packet.icmpCode() == 0;
    }

    /** Notes what is odd about a packet's frame. */
    public void read(Packet packet) {
        if (isPlain(packet)) {
            if (plainProtocol != packet.protocol()) {
                plainProtocol = packet.protocol();
                frame.begin(packet);
                frame.transport = plainProtocol;
            }
            return;
        }
        plainProtocol = NONE;
        frame.begin(packet);
        int at = packet.frameOffset();
        int end = at + packet.capturedLength();
        nested = 0;
        link(at, end, packet.linkType());
        if (packet.fragmentOverlap()) {
            frame.note(
                    packet.ipVersion() == 4
                            ? DecodeEvent.IPV4_FRAG_OVERLAP
                            : DecodeEvent.IPV6_FRAG_OVERLAP);
        }
    }

    private void link(int at, int end, int linkType) {
        switch (linkType) {
            case LinkType.ETHERNET -> ethernet(at, end);
            case LinkType.LINUX_SLL -> {
                if (end - at < 16) {
                    frame.headless(DecodeEvent.SLL_PKT_TOO_SMALL);
                } else {
                    etherType(frame.u16(at + 14), at + 16, end);
                }
            }
            case LinkType.LINUX_SLL2 -> {
                if (end - at >= 20) {
                    etherType(frame.u16(at), at + 20, end);
                }
            }
            case LinkType.NULL, LinkType.LOOP -> {
                if (end - at < 4) {
                    frame.headless(DecodeEvent.LTNULL_PKT_TOO_SMALL);
                } else {
                    addressFamily(at, end);
                }
            }
            case LinkType.PPP -> ppp.read(at, end);
            case LinkType.RAW, LinkType.RAW_BSD_12, LinkType.RAW_BSD_14 -> {
                int version = at < end ? frame.u8(at) >> 4 : 0;
                if (version != 4 && version != 6) {
                    frame.headless(DecodeEvent.IPRAW_INVALID_IP_VERSION);
                } else {
                    ip(at, end);
                }
            }
            case LinkType.IPV4 -> ipv4.read(at, end);
            case LinkType.IPV6 -> ipv6.read(at, end);
            default -> {}
        }
    }

    private void ethernet(int at, int end) {
        if (++nested > MOST_NESTED) {
            return;
        }
        if (end - at < EthernetHeader.LENGTH) {
            frame.headless(DecodeEvent.ETHERNET_PKT_TOO_SMALL);
        } else {
            etherType(frame.u16(at + 12), at + 14, end);
        }
    }

    /** As the BSDs number them, in the byte order of the host that captured. */
    private void addressFamily(int at, int end) {
        int family = frame.u16(at) != 0 ? frame.u8(at) : frame.u8(at + 3);
        switch (family) {
            case 2 -> ipv4.read(at + 4, end);
            case 24, 28, 30 -> ipv6.read(at + 4, end);
            default -> frame.note(DecodeEvent.LTNULL_UNSUPPORTED_TYPE);
        }
    }

    private void ip(int at, int end) {
        if (at < end && frame.u8(at) >> 4 == 6) {
            ipv6.read(at, end);
        } else {
            ipv4.read(at, end);
        }
    }

    private void etherType(int first, int from, int end) {
        int type = first;
        int at = from;
        DecodeEvent unknown = null; // what an unknown type is, behind the tag read last
        int vlans = 0;
        for (Tag tag = Tag.of(type); tag != null; tag = Tag.of(type)) {
            if (tag == Tag.VLAN && vlans++ == MOST_VLANS) {
                frame.broken(DecodeEvent.VLAN_TOO_MANY_LAYERS);
                return;
            }
            if (end - at < tag.length) {
                frame.headless(tag.tooSmall);
                return;
            }
            at += tag.length;
            type = frame.u16(at - 2);
            unknown = tag.unknown == null ? unknown : tag.unknown;
        }
        behindTags(type, at, end, unknown);
    }

    private void behindTags(int type, int at, int end, DecodeEvent unknown) {
        switch (type) {
            case EthernetHeader.TYPE_IPV4 -> ipv4.read(at, end);
            case EthernetHeader.TYPE_IPV6 -> ipv6.read(at, end);
            case EthernetHeader.TYPE_PPPOE_SESSION -> ppp.session(at, end);
            case PPPOE_DISCOVERY -> ppp.discovery(at, end);
            case EthernetHeader.TYPE_MPLS, EthernetHeader.TYPE_MPLS_MULTICAST -> mpls(at, end);
            case CISCO_FABRIC -> {
                if (end - at < 2 + EthernetHeader.LENGTH) {
                    frame.headless(DecodeEvent.DCE_PKT_TOO_SMALL);
                } else {
                    ethernet(at + 2, end);
                }
            }
            case EthernetHeader.TYPE_ARP, SYMBOLICS, TRILL -> {}
            default -> {
                if (type < LEAST_TYPE) {
                    return;
                }
                if (unknown != null) {
                    frame.headless(unknown);
                } else {
                    frame.note(DecodeEvent.ETHERNET_UNKNOWN_ETHERTYPE);
                }
            }
        }
    }

    /** RFC 3032; without a label that says it, the first nibble says what follows. */
    private void mpls(int from, int end) {
        int at = from;
        boolean bottom = false;
        int label = 0;
        while (!bottom) {
            if (end - at < 4) {
                frame.note(DecodeEvent.MPLS_HEADER_TOO_SMALL);
                return;
            }
            label = frame.u16(at) << 4 | frame.u8(at + 2) >> 4;
            bottom = (frame.u8(at + 2) & 1) != 0;
            at += 4;
        }
        switch (label) {
            case 0 -> ipv4.read(at, end);
            case 1 -> frame.note(DecodeEvent.MPLS_BAD_LABEL_ROUTER_ALERT);
            case 2 -> ipv6.read(at, end);
            case 3 -> frame.note(DecodeEvent.MPLS_BAD_LABEL_IMPLICIT_NULL);
            case 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 ->
                    frame.note(DecodeEvent.MPLS_BAD_LABEL_RESERVED);
            default -> behindLabels(at, end);
        }
    }

    private void behindLabels(int at, int end) {
        if (end - at < 4) {
            frame.headless(DecodeEvent.MPLS_PKT_TOO_SMALL);
            return;
        }
        switch (frame.u8(at) >> 4) {
            case 4 -> ipv4.read(at, end);
            case 6 -> ipv6.read(at, end);
            case 0 -> ethernet(at + 4, end); // behind the control word of a pseudowire (RFC 4448)
            default -> frame.headless(DecodeEvent.MPLS_UNKNOWN_PAYLOAD_TYPE);
        }
    }
}
