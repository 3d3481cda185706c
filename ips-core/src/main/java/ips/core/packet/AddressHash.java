package ips.core.packet;

/**
 * The hash of an address that decides which worker owns it: of an IPv4 address's 32 bits, of the
 * upper 64 bits of an IPv6 address, since one host can have all of a /64. Made of 32-bit operations
 * alone, for the kernel computes it as well, in a classic BPF program.
 */
public final class AddressHash {
    /** What the upper half of a /64 is multiplied by before the lower is added. */
    public static final int UPPER_FACTOR = 0x9e37_79b1;

    // The finalizer of MurmurHash3: every bit of the key reaches every bit of the hash.
    public static final int FIRST_FACTOR = 0x85eb_ca6b;
    public static final int SECOND_FACTOR = 0xc2b2_ae35;

    private AddressHash() {}

    /**
     * @param high see {@link IpAddress#high}
     * @param low see {@link IpAddress#low}
     */
    public static int of(long high, long low) {
        return IpAddress.isIpv4(high, low)
                ? ofIpv4((int) low)
                : mix((int) (high >>> 32) * UPPER_FACTOR + (int) high);
    }

    /** The hash of an IPv4 address from its 32 bits in network order. */
    static int ofIpv4(int bits) {
        return mix(bits);
    }

    private static int mix(int key) {
        int mixed = key;
        mixed = (mixed ^ mixed >>> 16) * FIRST_FACTOR;
        mixed = (mixed ^ mixed >>> 13) * SECOND_FACTOR;
        return mixed ^ mixed >>> 16;
    }
}
