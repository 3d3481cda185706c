package ips.core.inspect.anomaly;

/** What is odd about headers of PPP (RFC 1661) and of PPPoE around it (RFC 2516). */
final class PppAnomalies {
    /** Address and control field of frames on a serial line (RFC 1662 §3.1). */
    private static final int ALL_STATIONS = 0xff03;

    // Protocols of PPP.
    private static final int IPV4 = 0x21;
    private static final int VJ_COMPRESSED = 0x2d;
    private static final int VJ_UNCOMPRESSED = 0x2f;
    private static final int IPV6 = 0x57;
    private static final int IPCP = 0x8021;
    private static final int IPV6CP = 0x8057;
    private static final int LCP = 0xc021;
    private static final int PAP = 0xc023;
    private static final int LINK_QUALITY = 0xc025;
    private static final int CHAP = 0xc223;

    // Codes of PPPoE's discovery (RFC 2516 §5).
    private static final int OFFER = 0x07;
    private static final int INITIATION = 0x09;
    private static final int REQUEST = 0x19;
    private static final int CONFIRMATION = 0x65;
    private static final int TERMINATION = 0xa7;

    private static final int PPPOE_LENGTH = 6;

    private final OddFrame frame;
    private final Ipv4Anomalies ipv4;
    private final Ipv6Anomalies ipv6;

    PppAnomalies(OddFrame frame, Ipv4Anomalies ipv4, Ipv6Anomalies ipv6) {
        this.frame = frame;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /** Reads the frame of PPP that begins at a place. */
    void read(int from, int end) {
        int at = from;
        if (end - at >= 2 && frame.u16(at) == ALL_STATIONS) {
            at += 2;
        }
        if (end - at < 2) {
            frame.headless(DecodeEvent.PPP_PKT_TOO_SMALL);
        } else {
            protocol(at, end);
        }
    }

    /** A protocol, one byte if that is odd, otherwise two, and what it carries. */
    private void protocol(int at, int end) {
        int first = frame.u8(at);
        if ((first & 1) != 0) {
            carried(first, at + 1, end);
        } else {
            carried(frame.u16(at), at + 2, end);
        }
    }

    private void carried(int protocol, int at, int end) {
        switch (protocol) {
            case IPV4 -> {
                if (end - at < 20) {
                    frame.headless(DecodeEvent.PPP_IP4_PKT_TOO_SMALL);
                } else {
                    ipv4.read(at, end);
                }
            }
            case IPV6 -> {
                if (end - at < 40) {
                    frame.headless(DecodeEvent.PPP_IP6_PKT_TOO_SMALL);
                } else {
                    ipv6.read(at, end);
                }
            }
            case VJ_UNCOMPRESSED -> {
                if (end - at < 20) {
                    frame.headless(DecodeEvent.PPP_VJU_PKT_TOO_SMALL);
                } else if (frame.u8(at) >> 4 == 4) {
                    ipv4.read(at, end);
                }
            }
            case VJ_COMPRESSED, IPCP, IPV6CP, LCP, PAP, CHAP, LINK_QUALITY ->
                    frame.note(DecodeEvent.PPP_UNSUP_PROTO);
            default -> frame.headless(DecodeEvent.PPP_WRONG_TYPE);
        }
    }

    /** A frame of a session: code, session and length, then PPP. */
    void session(int at, int end) {
        if (end - at < PPPOE_LENGTH + 2) {
            frame.headless(DecodeEvent.PPPOE_PKT_TOO_SMALL);
        } else {
            protocol(at + PPPOE_LENGTH, end);
        }
    }

    /** A frame of discovery (RFC 2516 §4): code, session and length, then tags. */
    void discovery(int at, int end) {
        if (end - at < PPPOE_LENGTH) {
            frame.headless(DecodeEvent.PPPOE_PKT_TOO_SMALL);
            return;
        }
        switch (frame.u8(at + 1)) {
            case OFFER, INITIATION, REQUEST, CONFIRMATION, TERMINATION -> {
                if (frame.u16(at + 4) > end - at - PPPOE_LENGTH) {
                    frame.headless(DecodeEvent.PPPOE_MALFORMED_TAGS);
                }
            }
            default -> frame.headless(DecodeEvent.PPPOE_WRONG_CODE);
        }
    }
}
