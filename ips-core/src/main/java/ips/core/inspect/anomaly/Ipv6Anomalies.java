package ips.core.inspect.anomaly;

import ips.core.packet.Protocol;

/** What is odd about a header of IPv6 and its extension headers (RFC 8200 §4). */
final class Ipv6Anomalies {
    private static final int LONGEST = 65_535;

    // Options of hop-by-hop and destination headers (RFC 8200 §4.2, 2711, 2675, 6275).
    private static final int PAD_1 = 0;
    private static final int PAD_N = 1;
    private static final int ROUTER_ALERT = 5;
    private static final int JUMBO = 0xc2;
    private static final int HOME_ADDRESS = 0xc9;

    // Bits of the kinds of headers seen.
    private static final int HOP_BY_HOP = 1;
    private static final int DESTINATION = 2;
    private static final int DESTINATION_AGAIN = 4;
    private static final int ROUTING = 8;
    private static final int FRAGMENT = 16;
    private static final int AUTHENTICATION = 32;

    private final OddFrame frame;
    private final TransportAnomalies transport;
    private int seen;

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
        first(frame.u8(at + 6), at + 40, at + 40 + payload, frame.u8(at + 7));
    }

    private void first(int protocol, int at, int end, int hops) {
        switch (protocol) {
            case Protocol.IPV6 -> {
                frame.transport = protocol;
                ipv6InIpv6(at, end);
            }
            case Protocol.GRE -> transport.read(protocol, at, end, 6, hops);
            case 0,
                    Protocol.ROUTING,
                    Protocol.FRAGMENT,
                    Protocol.ESP,
                    Protocol.AUTHENTICATION,
                    Protocol.NO_NEXT_HEADER,
                    Protocol.DESTINATION_OPTIONS,
                    Protocol.MOBILITY,
                    Protocol.HIP,
                    Protocol.SHIM6 ->
                    extensions(protocol, at, end, hops);
            default -> behindExtensions(protocol, at, end, hops);
        }
    }

    private void extensions(int first, int from, int end, int hops) {
        int next = first;
        int at = from;
        seen = 0;
        while (next != Protocol.NO_NEXT_HEADER) {
            if (end - at < 2) {
                frame.broken(DecodeEvent.IPV6_TRUNC_EXTHDR);
                return;
            }
            int length =
                    switch (next) {
                        case Protocol.FRAGMENT -> 8;
                        case Protocol.AUTHENTICATION -> Math.max(12, (frame.u8(at + 1) << 2) + 8);
                        case 0,
                                Protocol.DESTINATION_OPTIONS,
                                Protocol.ROUTING,
                                Protocol.MOBILITY,
                                Protocol.HIP,
                                Protocol.SHIM6 ->
                                (frame.u8(at + 1) << 3) + 8;
                        default -> 0;
                    };
            if (length == 0) {
                behindExtensions(next, at, end, hops);
                return;
            }
            boolean unread = next >= Protocol.MOBILITY;
            if (!unread) {
                frame.transport = next;
            }
            if (length > end - at) {
                frame.broken(DecodeEvent.IPV6_TRUNC_EXTHDR);
                return;
            }
            if (!unread && !extension(next, at, length, end)) {
                return;
            }
            next = frame.u8(at);
            at += length;
        }
        if (end > at) {
            frame.note(DecodeEvent.IPV6_DATA_AFTER_NONE_HEADER);
        }
    }

    /** One extension header; false where what follows is not to be read. */
    private boolean extension(int kind, int at, int length, int end) {
        switch (kind) {
            case 0 -> {
                if (isFirst(HOP_BY_HOP, DecodeEvent.IPV6_EXTHDR_DUPL_HH)) {
                    options(at + 2, at + length, true);
                }
            }
            case Protocol.DESTINATION_OPTIONS -> {
                // They may come twice: for routers on the way, and for the end of it.
                boolean second = (seen & DESTINATION) != 0;
                if (!second || isFirst(DESTINATION_AGAIN, DecodeEvent.IPV6_EXTHDR_DUPL_DH)) {
                    seen |= DESTINATION;
                    options(at + 2, at + length, false);
                }
            }
            case Protocol.ROUTING -> {
                if (isFirst(ROUTING, DecodeEvent.IPV6_EXTHDR_DUPL_RH) && frame.u8(at + 2) == 0) {
                    frame.note(DecodeEvent.IPV6_RH_TYPE_0);
                }
            }
            case Protocol.AUTHENTICATION -> {
                if (frame.u16(at + 2) != 0) {
                    frame.note(DecodeEvent.IPV6_EXTHDR_AH_RES_NOT_NULL);
                }
                isFirst(AUTHENTICATION, DecodeEvent.IPV6_EXTHDR_DUPL_AH);
            }
            default -> {
                return fragmentHeader(at, end);
            }
        }
        return true;
    }

    /** Whether a kind of header was not seen before; notes the event if it was. */
    private boolean isFirst(int kind, DecodeEvent again) {
        boolean first = (seen & kind) == 0;
        seen |= kind;
        if (!first) {
            frame.note(again);
        }
        return first;
    }

    private boolean fragmentHeader(int at, int end) {
        if (frame.u8(at + 1) != 0) {
            frame.note(DecodeEvent.IPV6_FH_NON_ZERO_RESERVED_FIELD);
        }
        if (!isFirst(FRAGMENT, DecodeEvent.IPV6_EXTHDR_DUPL_FH)) {
            return true;
        }
        int field = frame.u16(at + 2);
        int offset = field & 0xfff8;
        boolean more = (field & 1) != 0;
        int data = end - at - 8;
        if (offset == 0 && !more) {
            frame.note(DecodeEvent.IPV6_EXTHDR_USELESS_FH);
            return true;
        }
        if (more && data % 8 != 0) {
            frame.note(DecodeEvent.IPV6_FRAG_INVALID_LENGTH);
        }
        if (offset + data > LONGEST) {
            frame.note(DecodeEvent.IPV6_FRAG_PKT_TOO_LARGE);
        }
        return false;
    }

    private void options(int from, int end, boolean hopByHop) {
        boolean padded = false;
        boolean other = false;
        int at = from;
        while (at < end) {
            int kind = frame.u8(at);
            if (kind == PAD_1) {
                padded = true;
                at++;
                continue;
            }
            int length = at + 1 < end ? frame.u8(at + 1) : LONGEST;
            // The last value may reach a byte too far, as in Suricata.
            if (at + 1 + length > end || length < leastLength(kind)) {
                frame.note(DecodeEvent.IPV6_EXTHDR_INVALID_OPTLEN);
                break;
            }
            if (kind == PAD_N) {
                padded = true;
                if (length == 0) {
                    frame.note(DecodeEvent.IPV6_ZERO_LEN_PADN);
                }
            } else if (kind != JUMBO) {
                other = true;
                if (kind != ROUTER_ALERT && kind != HOME_ADDRESS) {
                    frame.note(
                            hopByHop
                                    ? DecodeEvent.IPV6_HOPOPTS_UNKNOWN_OPT
                                    : DecodeEvent.IPV6_DSTOPTS_UNKNOWN_OPT);
                }
            }
            at += 2 + length;
        }
        if (padded && !other) {
            frame.note(
                    hopByHop
                            ? DecodeEvent.IPV6_HOPOPTS_ONLY_PADDING
                            : DecodeEvent.IPV6_DSTOPTS_ONLY_PADDING);
        }
    }

    private static int leastLength(int option) {
        return switch (option) {
            case ROUTER_ALERT -> 2;
            case JUMBO -> 4;
            case HOME_ADDRESS -> 16;
            default -> 0;
        };
    }

    private void behindExtensions(int protocol, int at, int end, int hops) {
        switch (protocol) {
            case Protocol.ICMP -> frame.note(DecodeEvent.IPV6_ICMPV4);
            case Protocol.TCP, Protocol.UDP, Protocol.ICMPV6, Protocol.SCTP, Protocol.ESP ->
                    transport.read(protocol, at, end, 6, hops);
            case Protocol.IPIP -> {
                frame.transport = protocol;
                ipv4InIpv6(at, end);
            }
            default -> {
                frame.transport = protocol;
                frame.note(DecodeEvent.IPV6_UNKNOWN_NEXT_HEADER);
            }
        }
    }

    private void ipv4InIpv6(int at, int end) {
        if (end - at < 20) {
            frame.broken(DecodeEvent.IPV6_IPV4_IN_IPV6_TOO_SMALL);
        } else if (frame.u8(at) >> 4 != 4) {
            frame.broken(DecodeEvent.IPV6_IPV4_IN_IPV6_WRONG_VERSION);
        }
    }

    private void ipv6InIpv6(int at, int end) {
        if (end - at < 40) {
            frame.broken(DecodeEvent.IPV6_IPV6_IN_IPV6_TOO_SMALL);
        } else if (frame.u8(at) >> 4 != 6) {
            frame.broken(DecodeEvent.IPV6_IPV6_IN_IPV6_WRONG_VERSION);
        }
    }
}
