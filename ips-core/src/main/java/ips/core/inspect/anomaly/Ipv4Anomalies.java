package ips.core.inspect.anomaly;

/** What is odd about a header of IPv4 and its options (RFC 791). */
final class Ipv4Anomalies {
    private static final int LONGEST = 65_535;

    private final OddFrame frame;
    private final TransportAnomalies transport;

    Ipv4Anomalies(OddFrame frame, TransportAnomalies transport) {
        this.frame = frame;
        this.transport = transport;
    }

    /** Reads the packet that begins at a place. */
    void read(int at, int end) {
        int length = end - at;
        if (length < 20) {
            frame.headless(DecodeEvent.IPV4_PKT_TOO_SMALL);
            return;
        }
        if (frame.u8(at) >> 4 != 4) {
            frame.headless(DecodeEvent.IPV4_WRONG_IP_VERSION);
            return;
        }
        int header = (frame.u8(at) & 0xf) << 2;
        int total = frame.u16(at + 2);
        if (header < 20) {
            frame.headless(DecodeEvent.IPV4_HLEN_TOO_SMALL);
        } else if (total < header) {
            frame.headless(DecodeEvent.IPV4_IPLEN_SMALLER_THAN_HLEN);
        } else if (length < total) {
            frame.headless(DecodeEvent.IPV4_TRUNC_PKT);
        } else {
            if (header > 20) {
                options(at + 20, at + header);
            }
            int protocol = frame.u8(at + 9);
            int fragment = frame.u16(at + 6) & 0x3fff;
            if (fragment == 0) {
                transport.read(protocol, at + header, at + total, 4, frame.u8(at + 8));
            } else if (((fragment & 0x1fff) << 3) + total - header > LONGEST) {
                frame.note(DecodeEvent.IPV4_FRAG_PKT_TOO_LARGE);
            }
        }
    }

    private void options(int from, int end) {
        long seen = 0;
        if ((end - from) % 8 != 0) {
            frame.note(DecodeEvent.IPV4_OPT_PAD_REQUIRED);
        }
        HeaderOptions options = frame.options(from, end);
        while (options.next()) {
            int kind = options.kind();
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
                frame.note(DecodeEvent.IPV4_OPT_INVALID);
            } else if ((seen & 1L << slot) != 0) {
                frame.note(DecodeEvent.IPV4_OPT_DUPLICATE);
            } else if (!optionFits(kind, options.at(), options.length())) {
                return;
            }
            seen |= 1L << slot;
        }
        if (options.lacksLength()) {
            frame.note(DecodeEvent.IPV4_OPT_EOL_REQUIRED);
        } else if (options.badLength()) {
            frame.note(DecodeEvent.IPV4_OPT_INVALID_LEN);
        }
    }

    private boolean optionFits(int kind, int at, int length) {
        boolean fits =
                switch (kind) {
                    case 130 -> length == 11;
                    case 136, 148 -> length == 4;
                    case 7, 131, 137 -> length >= 3 && (length - 3) % 4 == 0;
                    case 68 -> length >= 4;
                    default -> true;
                };
        if (!fits) {
            frame.note(DecodeEvent.IPV4_OPT_INVALID_LEN);
            return false;
        }
        boolean malformed =
                switch (kind) {
                    case 7, 131, 137 ->
                            frame.u8(at + 2) < 4
                                    || frame.u8(at + 2) % 4 != 0
                                    || frame.u8(at + 2) > length + 1;
                    case 68 -> frame.u8(at + 2) < 5;
                    default -> false;
                };
        if (malformed) {
            frame.note(DecodeEvent.IPV4_OPT_MALFORMED);
        }
        return !malformed;
    }
}
