package ips.core.pipeline;

import ips.core.HotPath;

/**
 * Which worker owns an address: the one its hash falls to. Multiplication spreads the hash over the
 * workers, so that their number need not be a power of two.
 */
@HotPath
public final class Sharding {
    private Sharding() {}

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
