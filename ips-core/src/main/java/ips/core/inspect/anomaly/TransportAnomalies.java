package ips.core.inspect.anomaly;

import ips.core.packet.Protocol;

/** What is odd about the header behind that of IP: TCP, UDP, ICMP and others. */
final class TransportAnomalies {
    private final OddFrame frame;
    private final GreAnomalies gre;

    TransportAnomalies(OddFrame frame) {
        this.frame = frame;
        gre = new GreAnomalies(frame);
    }

    /**
     * Reads the header that begins at a place.
     *
     * @param version of the IP it lies in
     * @param hops what that IP's header leaves of them
     */
    void read(int protocol, int at, int end, int version, int hops) {
        frame.transport = protocol;
        int length = end - at;
        switch (protocol) {
            case Protocol.TCP -> tcp(at, length);
            case Protocol.UDP -> udp(at, length);
            case Protocol.ICMP -> icmp(at, length);
            case Protocol.ICMPV6 -> {
                if (version == 4) {
                    frame.broken(DecodeEvent.IPV4_ICMPV6);
                } else {
                    icmpv6(at, length, hops);
                }
            }
            case Protocol.SCTP -> {
                if (length < 12) {
                    frame.broken(DecodeEvent.SCTP_PKT_TOO_SMALL);
                }
            }
            case Protocol.ESP -> {
                if (length < 8) {
                    frame.broken(DecodeEvent.ESP_PKT_TOO_SMALL);
                }
            }
            case Protocol.GRE -> gre.read(at, length);
            default -> {}
        }
    }

    private void tcp(int at, int length) {
        if (length < 20) {
            frame.broken(DecodeEvent.TCP_PKT_TOO_SMALL);
            return;
        }
        int header = frame.u8(at + 12) >> 4 << 2;
        if (length < header) {
            frame.broken(DecodeEvent.TCP_HLEN_TOO_SMALL);
        } else if (header < 20) {
            frame.broken(DecodeEvent.TCP_INVALID_OPTLEN);
        } else {
            tcpOptions(at + 20, at + header);
        }
    }

    private void tcpOptions(int from, int end) {
        int seen = 0;
        HeaderOptions options = frame.options(from, end);
        while (options.next()) {
            int kind = options.kind();
            int length = options.length();
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
                frame.note(DecodeEvent.TCP_OPT_INVALID_LEN);
            } else if (kind <= 8 || kind == 34) {
                int bit = kind == 34 ? 1 << 9 : 1 << kind;
                if ((seen & bit) != 0) {
                    frame.note(DecodeEvent.TCP_OPT_DUPLICATE);
                }
                seen |= bit;
            }
        }
        if (options.badLength()) {
            frame.note(DecodeEvent.TCP_OPT_INVALID_LEN);
        }
    }

    private void udp(int at, int length) {
        if (length < 8) {
            frame.broken(DecodeEvent.UDP_HLEN_TOO_SMALL);
            return;
        }
        int told = frame.u16(at + 4);
        if (length < told) {
            frame.broken(DecodeEvent.UDP_PKT_TOO_SMALL);
        } else if (told < 8) {
            frame.broken(DecodeEvent.UDP_LEN_INVALID);
        } else if (length != told) {
            frame.note(DecodeEvent.UDP_HLEN_INVALID);
        }
    }

    private void icmp(int at, int length) {
        if (length < 8) {
            frame.broken(DecodeEvent.ICMPV4_PKT_TOO_SMALL);
            return;
        }
        int type = frame.u8(at);
        int code = frame.u8(at + 1);
        if (code > mostCodeOfIcmp(type)) {
            frame.note(DecodeEvent.ICMPV4_UNKNOWN_CODE);
        } else if (quotes(type) && (length > 8 || type == 4)) {
            if (length < 28) {
                frame.note(DecodeEvent.ICMPV4_IPV4_TRUNC_PKT);
            } else if (frame.u8(at + 8) >> 4 != 4) {
                frame.note(DecodeEvent.ICMPV4_IPV4_UNKNOWN_VER);
            }
        }
        if ((type == 13 || type == 14) && length < 20) {
            frame.note(DecodeEvent.ICMPV4_IPV4_TRUNC_PKT);
        } else if (type > 18 || type < 8 && !quotes(type) && type != 0 || type == 10) {
            frame.note(DecodeEvent.ICMPV4_UNKNOWN_TYPE);
        }
    }

    /** Whether a message of ICMP carries the beginning of the packet it is about. */
    private static boolean quotes(int type) {
        return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    }

    private static int mostCodeOfIcmp(int type) {
        return switch (type) {
            case 0, 4, 8, 12, 13, 14, 15, 16, 17, 18 -> 0;
            case 3 -> 15;
            case 5 -> 3;
            case 11 -> 1;
            default -> 255;
        };
    }

    private void icmpv6(int at, int length, int hops) {
        if (length < 8) {
            frame.broken(DecodeEvent.ICMPV6_PKT_TOO_SMALL);
            return;
        }
        int type = frame.u8(at);
        int code = frame.u8(at + 1);
        if (code > mostCodeOfIcmpv6(type) && !(type == 138 && code == 255)) {
            frame.note(DecodeEvent.ICMPV6_UNKNOWN_CODE);
        } else if (type >= 1 && type <= 4) {
            if (length < 48) {
                frame.note(DecodeEvent.ICMPV6_IPV6_TRUNC_PKT);
            } else if (frame.u8(at + 8) >> 4 != 6) {
                frame.note(DecodeEvent.ICMPV6_IPV6_UNKNOWN_VERSION);
            }
        }
        if (type >= 130 && type <= 132 && hops != 1) {
            frame.note(DecodeEvent.ICMPV6_MLD_MESSAGE_WITH_INVALID_HL);
        } else if (type == 100 || type == 101 || type == 200 || type == 201) {
            frame.note(DecodeEvent.ICMPV6_EXPERIMENTATION_TYPE);
        } else if (type > 4 && type < 127 || type >= 160) {
            frame.note(DecodeEvent.ICMPV6_UNASSIGNED_TYPE);
        } else if (type == 0 || type == 127) {
            frame.note(DecodeEvent.ICMPV6_UNKNOWN_TYPE);
        }
    }

    private static int mostCodeOfIcmpv6(int type) {
        return switch (type) {
            case 1 -> 6;
            case 3 -> 1;
            case 4, 138, 139, 140 -> 2;
            case 155 -> 3;
            case 2, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137 -> 0;
            case 141, 142, 143, 144, 145, 146, 147, 148, 149 -> 0;
            case 154, 156, 157, 158, 159 -> 0;
            default -> 255;
        };
    }
}
