package ips.core.inspect.anomaly;

/** What is odd about a header of GRE (RFC 2784, 2890), or of its version 1 that PPTP uses. */
final class GreAnomalies {
    private static final int CHECKSUM = 0x8000;
    private static final int ROUTING = 0x4000;
    private static final int KEY = 0x2000;
    private static final int SEQUENCE = 0x1000;
    private static final int STRICT_ROUTE = 0x0800;
    private static final int RECURSION = 0x0700;
    private static final int FLAGS = 0x00f8;
    private static final int ACKNOWLEDGMENT = 0x0080;
    private static final int VERSION = 0x0007;

    private static final int PPP = 0x880b;

    private final OddFrame frame;

    GreAnomalies(OddFrame frame) {
        this.frame = frame;
    }

    /** Reads the header that begins at a place. */
    void read(int at, int length) {
        if (length < 4) {
            frame.broken(DecodeEvent.GRE_PKT_TOO_SMALL);
            return;
        }
        int flags = frame.u16(at);
        DecodeEvent odd =
                switch (flags & VERSION) {
                    case 0 -> ofVersion0(flags, at, length);
                    case 1 -> ofVersion1(flags, frame.u16(at + 2), length);
                    default -> DecodeEvent.GRE_WRONG_VERSION;
                };
        if (odd != null) {
            frame.broken(odd);
        }
    }

    private DecodeEvent ofVersion0(int flags, int at, int length) {
        if ((flags & RECURSION) != 0) {
            return DecodeEvent.GRE_VERSION0_RECUR;
        }
        if ((flags & FLAGS) != 0) {
            return DecodeEvent.GRE_VERSION0_FLAGS;
        }
        int header = headerLength(flags);
        if (header > length) {
            return DecodeEvent.GRE_VERSION0_HDR_TOO_BIG;
        }
        return (flags & ROUTING) == 0 || routesEnd(at + header, at + length)
                ? null
                : DecodeEvent.GRE_VERSION0_MALFORMED_SRE_HDR;
    }

    private static int headerLength(int flags) {
        return 4
                + ((flags & (CHECKSUM | ROUTING)) != 0 ? 4 : 0)
                + ((flags & KEY) != 0 ? 4 : 0)
                + ((flags & SEQUENCE) != 0 ? 4 : 0);
    }

    /** Walks the entries of source routing: address family, offset, length, routing information. */
    private boolean routesEnd(int from, int end) {
        int at = from;
        while (at + 4 <= end) {
            int family = frame.u16(at);
            int length = frame.u8(at + 3);
            if (family == 0 && length == 0) {
                return true;
            }
            at += 4 + length;
        }
        return false;
    }

    private static DecodeEvent ofVersion1(int flags, int type, int length) {
        if ((flags & CHECKSUM) != 0) {
            return DecodeEvent.GRE_VERSION1_CHKSUM;
        }
        if ((flags & ROUTING) != 0) {
            return DecodeEvent.GRE_VERSION1_ROUTE;
        }
        if ((flags & STRICT_ROUTE) != 0) {
            return DecodeEvent.GRE_VERSION1_SSR;
        }
        if ((flags & RECURSION) != 0) {
            return DecodeEvent.GRE_VERSION1_RECUR;
        }
        if ((flags & FLAGS & ~ACKNOWLEDGMENT) != 0) {
            return DecodeEvent.GRE_VERSION1_FLAGS;
        }
        if (type != PPP) {
            return DecodeEvent.GRE_VERSION1_WRONG_PROTOCOL;
        }
        if ((flags & KEY) == 0) {
            return DecodeEvent.GRE_VERSION1_NO_KEY;
        }
        int header = headerLength(flags) + ((flags & ACKNOWLEDGMENT) != 0 ? 4 : 0);
        return header > length ? DecodeEvent.GRE_VERSION1_HDR_TOO_BIG : null;
    }
}
