package ips.core.inspect;

import ips.core.packet.EthernetHeader;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;

/**
 * Walks the headers of a frame once more and names what is odd about them, as the rules of {@code
 * decode-event} ask. Only where such rules are loaded. One per worker.
 */
public final class FrameAnomalies {
    private static final int ARP = 0x0806;

    private final boolean asksTcpOptions;
    private final OddFrame frame;
    private final Ipv4Anomalies ipv4;
    private final Ipv6Anomalies ipv6;

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
        frame.begin(packet);
        if (isPlain(packet)) {
            frame.transport = Protocol.TCP;
            return;
        }
        int at = packet.frameOffset();
        int end = at + packet.capturedLength();
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
            case LinkType.ETHERNET -> {
                if (end - at < EthernetHeader.LENGTH) {
                    frame.headless(DecodeEvent.ETHERNET_PKT_TOO_SMALL);
                } else {
                    etherType(frame.u16(at + 12), at + 14, end);
                }
            }
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
                } else if (end - at > 4) {
                    ip(at + 4, end);
                }
            }
            case LinkType.PPP -> ppp(at, end);
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

    private void ip(int at, int end) {
        if (at < end && frame.u8(at) >> 4 == 6) {
            ipv6.read(at, end);
        } else {
            ipv4.read(at, end);
        }
    }

    private void ppp(int from, int end) {
        int at = from;
        if (end - at >= 2 && frame.u16(at) == 0xff03) {
            at += 2;
        }
        if (end - at < 2) {
            frame.headless(DecodeEvent.PPP_PKT_TOO_SMALL);
            return;
        }
        int protocol = frame.u8(at++);
        if ((protocol & 1) == 0) {
            protocol = protocol << 8 | frame.u8(at++);
        }
        pppProtocol(protocol, at, end);
    }

    private void pppProtocol(int protocol, int at, int end) {
        switch (protocol) {
            case 0x21 -> {
                if (end - at < 20) {
                    frame.headless(DecodeEvent.PPP_IP4_PKT_TOO_SMALL);
                } else {
                    ipv4.read(at, end);
                }
            }
            case 0x57 -> {
                if (end - at < 40) {
                    frame.headless(DecodeEvent.PPP_IP6_PKT_TOO_SMALL);
                } else {
                    ipv6.read(at, end);
                }
            }
            case 0x2d, 0x2f, 0x8021, 0x8057, 0xc021, 0xc023, 0xc223, 0xc025 ->
                    frame.note(DecodeEvent.PPP_UNSUP_PROTO);
            default -> frame.headless(DecodeEvent.PPP_WRONG_TYPE);
        }
    }

    private void etherType(int first, int from, int end) {
        int type = first;
        int at = from;
        for (int layers = 0; ; layers++) {
            switch (type) {
                case EthernetHeader.TYPE_IPV4 -> {
                    ipv4.read(at, end);
                    return;
                }
                case EthernetHeader.TYPE_IPV6 -> {
                    ipv6.read(at, end);
                    return;
                }
                case EthernetHeader.TYPE_VLAN, EthernetHeader.TYPE_QINQ, 0x9100 -> {
                    if (layers == 3) {
                        frame.broken(DecodeEvent.VLAN_TOO_MANY_LAYERS);
                        return;
                    }
                    if (end - at < 4) {
                        frame.headless(DecodeEvent.VLAN_HEADER_TOO_SMALL);
                        return;
                    }
                    type = frame.u16(at + 2);
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
                        frame.headless(DecodeEvent.VLAN_UNKNOWN_TYPE);
                    } else if (type >= 0x600) {
                        frame.note(DecodeEvent.ETHERNET_UNKNOWN_ETHERTYPE);
                    }
                    return;
                }
            }
        }
    }

    private void pppoe(int at, int end) {
        if (end - at < 8) {
            frame.headless(DecodeEvent.PPPOE_PKT_TOO_SMALL);
        } else {
            int protocol = frame.u8(at + 6);
            int skip = 7;
            if ((protocol & 1) == 0) {
                protocol = protocol << 8 | frame.u8(at + 7);
                skip = 8;
            }
            pppProtocol(protocol, at + skip, end);
        }
    }
}
