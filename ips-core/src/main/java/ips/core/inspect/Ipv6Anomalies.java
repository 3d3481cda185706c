package ips.core.inspect;

import ips.core.packet.Protocol;

/** What is odd about a header of IPv6 and its extension headers (RFC 8200 §4). */
final class Ipv6Anomalies {
    private static final int MOST_HEADERS = 16;
    private static final int LONGEST = 65_535;

    private final OddFrame frame;
    private final TransportAnomalies transport;

    Ipv6Anomalies(OddFrame frame, TransportAnomalies transport) {
        this.frame = frame;
        this.transport = transport;
    }

    /** Reads the packet that begins at a place. */
    void read(int at, int end) {
        int length = end - at;
        if (length < 40) {
            frame.headless(DecodeEvent.IPV6_PKT_TOO_SMALL);
            return;
        }
        if (frame.u8(at) >> 4 != 6) {
            frame.headless(DecodeEvent.IPV6_WRONG_IP_VERSION);
            return;
        }
        int payload = frame.u16(at + 4);
        if (length < 40 + payload) {
            frame.headless(DecodeEvent.IPV6_TRUNC_PKT);
            return;
        }
        extensions(frame.u8(at + 6), at + 40, at + 40 + payload, frame.u8(at + 7));
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
                frame.transport = kind;
                if (end - at < 8) {
                    frame.broken(DecodeEvent.ESP_PKT_TOO_SMALL);
                }
                return;
            }
            int least = kind == Protocol.AUTHENTICATION ? 12 : 8;
            if (end - at < least) {
                frame.broken(DecodeEvent.IPV6_TRUNC_EXTHDR);
                return;
            }
            int length =
                    switch (kind) {
                        case Protocol.FRAGMENT -> 8;
                        case Protocol.AUTHENTICATION -> (frame.u8(at + 1) << 2) + 8;
                        default -> (frame.u8(at + 1) << 3) + 8;
                    };
            if (length > end - at) {
                frame.broken(DecodeEvent.IPV6_TRUNC_EXTHDR);
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
            next = frame.u8(at);
            at += length;
        }
    }

    /** One extension header; false where what follows is not to be read. */
    private boolean extension(int kind, int at, int length, boolean again, int end) {
        switch (kind) {
            case 0 -> {
                if (again) {
                    frame.note(DecodeEvent.IPV6_EXTHDR_DUPL_HH);
                } else {
                    options(at + 2, at + length, true);
                }
            }
            case Protocol.DESTINATION_OPTIONS -> {
                if (again) {
                    frame.note(DecodeEvent.IPV6_EXTHDR_DUPL_DH);
                } else {
                    options(at + 2, at + length, false);
                }
            }
            case Protocol.ROUTING -> {
                if (again) {
                    frame.note(DecodeEvent.IPV6_EXTHDR_DUPL_RH);
                } else if (frame.u8(at + 2) == 0) {
                    frame.note(DecodeEvent.IPV6_RH_TYPE_0);
                }
            }
            case Protocol.AUTHENTICATION -> {
                if (frame.u16(at + 2) != 0) {
                    frame.note(DecodeEvent.IPV6_EXTHDR_AH_RES_NOT_NULL);
                }
                if (again) {
                    frame.note(DecodeEvent.IPV6_EXTHDR_DUPL_AH);
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
            frame.note(DecodeEvent.IPV6_EXTHDR_DUPL_FH);
        }
        int field = frame.u16(at + 2);
        int offset = field & 0xfff8;
        boolean more = (field & 1) != 0;
        if (frame.u8(at + 1) != 0) {
            frame.note(DecodeEvent.IPV6_FH_NON_ZERO_RESERVED_FIELD);
        }
        int data = end - at - 8;
        if (more && data % 8 != 0) {
            frame.note(DecodeEvent.IPV6_FRAG_INVALID_LENGTH);
        }
        if (offset + data > LONGEST) {
            frame.note(DecodeEvent.IPV6_FRAG_PKT_TOO_LARGE);
        }
        if (offset == 0 && !more) {
            frame.note(DecodeEvent.IPV6_EXTHDR_USELESS_FH);
            return true;
        }
        return false;
    }

    private void options(int from, int end, boolean hopByHop) {
        int at = from;
        boolean onlyPadding = true;
        while (at < end) {
            int kind = frame.u8(at);
            if (kind == 0) {
                at++;
                continue;
            }
            if (at + 1 >= end || at + 2 + frame.u8(at + 1) > end) {
                frame.broken(DecodeEvent.IPV6_EXTHDR_INVALID_OPTLEN);
                return;
            }
            int length = frame.u8(at + 1);
            if (kind == 1) {
                if (length == 0) {
                    frame.note(DecodeEvent.IPV6_ZERO_LEN_PADN);
                }
            } else {
                onlyPadding = false;
                boolean known = kind == 5 || kind == 0xc2 || kind == 0xc9;
                if (!known) {
                    frame.note(
                            hopByHop
                                    ? DecodeEvent.IPV6_HOPOPTS_UNKNOWN_OPT
                                    : DecodeEvent.IPV6_DSTOPTS_UNKNOWN_OPT);
                }
            }
            at += 2 + length;
        }
        if (onlyPadding) {
            frame.note(
                    hopByHop
                            ? DecodeEvent.IPV6_HOPOPTS_ONLY_PADDING
                            : DecodeEvent.IPV6_DSTOPTS_ONLY_PADDING);
        }
    }

    private void behindExtensions(int protocol, int at, int end, int hops) {
        switch (protocol) {
            case Protocol.NO_NEXT_HEADER -> {
                if (end > at) {
                    frame.note(DecodeEvent.IPV6_DATA_AFTER_NONE_HEADER);
                }
            }
            case Protocol.ICMP -> frame.note(DecodeEvent.IPV6_ICMPV4);
            case Protocol.TCP, Protocol.UDP, Protocol.ICMPV6, Protocol.SCTP ->
                    transport.read(protocol, at, end, 6, hops);
            case Protocol.IPIP -> {
                if (end - at < 20) {
                    frame.note(DecodeEvent.IPV6_IPV4_IN_IPV6_TOO_SMALL);
                } else if (frame.u8(at) >> 4 != 4) {
                    frame.note(DecodeEvent.IPV6_IPV4_IN_IPV6_WRONG_VERSION);
                }
            }
            case Protocol.IPV6 -> {
                if (end - at < 40) {
                    frame.note(DecodeEvent.IPV6_IPV6_IN_IPV6_TOO_SMALL);
                } else if (frame.u8(at) >> 4 != 6) {
                    frame.note(DecodeEvent.IPV6_IPV6_IN_IPV6_WRONG_VERSION);
                }
            }
            case Protocol.GRE, Protocol.MOBILITY, 139, 140 -> {}
            default -> frame.note(DecodeEvent.IPV6_UNKNOWN_NEXT_HEADER);
        }
    }
}
