package ips.core.inspect;

import ips.core.packet.Protocol;

/** What is odd about the header behind that of IP: TCP, UDP, ICMP and others. */
final class TransportAnomalies {
    private final OddFrame frame;

    TransportAnomalies(OddFrame frame) {
        this.frame = frame;
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
            case Protocol.GRE -> {
                if (length < 4) {
                    frame.broken(DecodeEvent.GRE_PKT_TOO_SMALL);
                } else if ((frame.u8(at + 1) & 7) > 1) {
                    frame.broken(DecodeEvent.GRE_WRONG_VERSION);
                }
            }
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
            frame.note(DecodeEvent.ICMPV4_UNKNOWN_TYPE);
        } else if (code > most || type == 9 && code != 0 && code != 16) {
            frame.note(DecodeEvent.ICMPV4_UNKNOWN_CODE);
        } else if ((type == 3 || type == 4 || type == 5 || type == 11 || type == 12)
                && length > 8) {
            if (length < 28) {
                frame.note(DecodeEvent.ICMPV4_IPV4_TRUNC_PKT);
            } else if (frame.u8(at + 8) >> 4 != 4) {
                frame.note(DecodeEvent.ICMPV4_IPV4_UNKNOWN_VER);
            }
        }
    }

    private void icmpv6(int at, int length, int hops) {
        if (length < 8) {
            frame.broken(DecodeEvent.ICMPV6_PKT_TOO_SMALL);
            return;
        }
        int type = frame.u8(at);
        int code = frame.u8(at + 1);
        if (type >= 1 && type <= 4) {
            int most = type == 1 ? 8 : type == 2 ? 0 : type == 3 ? 1 : 3;
            if (code > most) {
                frame.note(DecodeEvent.ICMPV6_UNKNOWN_CODE);
            } else if (length < 48) {
                frame.note(DecodeEvent.ICMPV6_IPV6_TRUNC_PKT);
            } else if (frame.u8(at + 8) >> 4 != 6) {
                frame.note(DecodeEvent.ICMPV6_IPV6_UNKNOWN_VERSION);
            }
            return;
        }
        if (type >= 127 && type <= 137 || type == 143 || type == 141 || type == 142) {
            if (type >= 130 && type <= 132 && hops != 1) {
                frame.note(DecodeEvent.ICMPV6_MLD_MESSAGE_WITH_INVALID_HL);
            }
            if (code != 0) {
                frame.note(DecodeEvent.ICMPV6_UNKNOWN_CODE);
            }
        } else if (type == 100 || type == 101 || type == 200 || type == 201) {
            frame.note(DecodeEvent.ICMPV6_EXPERIMENTATION_TYPE);
        } else if (type > 4 && type < 127 || type >= 160 && type < 255) {
            frame.note(DecodeEvent.ICMPV6_UNASSIGNED_TYPE);
        } else if (type == 0 || type == 255) {
            frame.note(DecodeEvent.ICMPV6_UNKNOWN_TYPE);
        }
    }
}
