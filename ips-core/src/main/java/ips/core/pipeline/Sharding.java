package ips.core.pipeline;

import ips.core.HotPath;

/**
 * Which worker owns an address: the one its hash falls to. Multiplication spreads the hash over the
 * workers, so that their number need not be a power of two.
 */
@HotPath
public final class Sharding {
    private static final int SPREAD = 0x9e37_79b1;

    private Sharding() {}

    /** A hash of two addresses, the same for both directions. */
    public static int pairHash(int hash, int otherHash) {
        int sum = hash + otherHash;
        return (sum ^ sum >>> 15) * SPREAD;
    }

    /**
     * The worker that owns an address.
     *
     * @param hash the address's hash, see {@code FrameAddresses}
     * @param workers how many there are, 1 or more
     */
    public static int worker(int hash, int workers) {
        return (int) ((hash & 0xffff_ffffL) * workers >>> 32);
    }
}
