package ips.core.flow;

/**
 * Spreads addresses and endpoints over the tables of this package. Not the hash that shares out
 * frames among workers: a worker's own sources must still spread over all of its buckets.
 */
final class Hash {
    private static final long MULTIPLIER_1 = 0xD6E8_FEB8_6659_FD93L;
    private static final long MULTIPLIER_2 = 0x9FB2_1C65_1E98_DF25L;
    private static final long MULTIPLIER_3 = 0xA24B_AED4_963E_E407L;

    private Hash() {}

    /** All 64 bits depend on all bits of the address. */
    static long address(long high, long low) {
        return mix(half(high) + low);
    }

    /** As {@link #address}; endpoints are then added up, so that both directions hash alike. */
    static long endpoint(long high, long low, int port) {
        long hash = (half(high) + low + ((long) port << 40)) * MULTIPLIER_2;
        return hash ^ hash >>> 32;
    }

    static long mix(long value) {
        long hash = value * MULTIPLIER_2;
        hash ^= hash >>> 32;
        hash *= MULTIPLIER_3;
        return hash ^ hash >>> 29;
    }

    private static long half(long high) {
        long hash = high * MULTIPLIER_1;
        return hash ^ hash >>> 32;
    }
}
