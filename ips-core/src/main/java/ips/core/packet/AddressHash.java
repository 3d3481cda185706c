package ips.core.packet;

/**
 * The hash of an address that decides which worker owns it: of an IPv4 address's 32 bits, of the
 * upper 64 bits of an IPv6 address, since one host can have all of a /64.
 */
public final class AddressHash {
    private AddressHash() {}

    /**
     * @param high see {@link IpAddress#high}
     * @param low see {@link IpAddress#low}
     */
    public static int of(long high, long low) {
        return mix(IpAddress.isIpv4(high, low) ? low : high);
    }

    /** The hash of an IPv4 address from its 32 bits in network order. */
    static int ofIpv4(int bits) {
        return mix(IpAddress.ipv4Low(bits));
    }

    /**
     * Every bit of the key reaches every bit of the hash (the finalizer of MurmurHash3, halved).
     */
    private static int mix(long key) {
        long mixed = key * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ mixed >>> 32) * 0xff51_afd7_ed55_8ccdL;
        return (int) (mixed >>> 32);
    }
}
