package ips.core.payload.probe;

import ips.core.HotPath;

/**
 * Reads an IPv4 address in every notation that inet_aton knows: decimal, octal ({@code 0177}) and
 * hexadecimal ({@code 0x7f}) parts, fewer than four of them ({@code 127.1}), and parts that
 * overflow. Owned by one {@link SsrfJudge}.
 */
@HotPath
final class LooseIpv4 {
    /** More digits than any part has whose value is meant. */
    private static final int LONGEST_PART = 20;

    private byte[] b;
    private int i;
    private int to;
    private long part;
    private long address;
    private boolean odd;

    /**
     * Whether [from, to) is an address and nothing more.
     *
     * @param url whether it is the host of a URL, where fewer than four parts are an address too
     */
    boolean read(byte[] bytes, int from, int to, boolean url) {
        b = bytes;
        i = from;
        this.to = to;
        part = 0;
        address = 0;
        odd = false;
        int parts = 0;
        boolean more = true;
        while (more && i < to) {
            if (!part(base(i == from))) {
                return false;
            }
            parts++;
            more = i < to && b[i] == '.';
            i += more ? 1 : 0;
            if (more && parts < 4) {
                address = address << 8 | part & 0xff;
                odd |= part > 0xff;
            } else {
                more = false;
            }
        }
        if (i < to || parts == 0) {
            return false;
        }
        if (parts < 4 && (!url || parts == 1 && part < 1 << 24 && part != 0)) {
            return false;
        }
        odd |= parts < 4 || part > 0xff;
        int bits = 8 * (5 - parts);
        address = address << bits | part & (1L << bits) - 1;
        return true;
    }

    /** Reads a part's prefix, if there is one, and tells its base. */
    private int base(boolean first) {
        int next = i + 1 < to ? b[i + 1] : 0;
        if (b[i] == '0' && (next == 'x' || next == 'o')) {
            i += 2;
            odd = true;
            return next == 'x' ? 16 : 8;
        }
        if (first && i + 1 < to && (b[i] == 'q' || b[i] == 'x')) {
            odd = true;
            return b[i++] == 'x' ? 16 : 8;
        }
        if (b[i] == '0' && next >= '0' && next <= '7') {
            odd = true;
            return 8;
        }
        return 10;
    }

    private boolean part(int base) {
        int digits = 0;
        part = 0;
        while (i < to && digits <= LONGEST_PART) {
            int digit = Character.digit(b[i], 16);
            if (digit < 0 || digit >= base) {
                break;
            }
            part = part * base + digit & 0xffffffffffL;
            digits++;
            i++;
        }
        return digits > 0;
    }

    /** The address last read, in its lower 32 bits. */
    long address() {
        return address;
    }

    /** Whether it was written in another way than four decimal parts. */
    boolean odd() {
        return odd;
    }
}
