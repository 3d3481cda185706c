package ips.core.block.nft;

import java.time.Instant;

/** The clock's time, which the ends of bans in the kernel refer to. */
final class Now {
    private Now() {}

    /** Nanoseconds since 1970. */
    static long ns() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** Milliseconds of a clock that is never set, for waiting. */
    static long monotonicMs() {
        return System.nanoTime() / 1_000_000;
    }
}
