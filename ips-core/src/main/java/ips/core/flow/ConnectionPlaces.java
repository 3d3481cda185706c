package ips.core.flow;

/**
 * The places of {@link ConnectionTable}: where a connection may lie, a fingerprint that tells which
 * one lies there, and until when it is kept. One tag a place, eight to a bucket in one cache line.
 *
 * <pre>
 *  tag  63..34 fingerprint | 33 whether it matters | 32 taken | 31..0 expiry, in units of 268 ms
 * </pre>
 */
final class ConnectionPlaces {
    private static final int WAYS = 8;
    private static final int TIME_SHIFT = 28;
    private static final int LINE_PADDING = 6; // see SourceTable
    private static final long MATTERS = 2L << 32;
    private static final long LOW_INT = 0xffff_ffffL;

    private final int bucketMask;
    private final long[] tags;

    ConnectionPlaces(int capacity) {
        if (capacity < WAYS || capacity > 1 << 24 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    "capacity must be a power of two from 8 to 2^24, not " + capacity);
        }
        bucketMask = capacity / WAYS - 1;
        tags = new long[capacity + LINE_PADDING];
    }

    /** The first place of the bucket. */
    int first(long hash) {
        return bucket(hash) - LINE_PADDING;
    }

    /** One bit for each tag of the bucket that fits; without branches, for any may fit. */
    int waysThatFit(long hash) {
        long[] tags = this.tags;
        int fingerprint = fingerprint(hash);
        int from = bucket(hash);
        int ways = 0;
        for (int way = 0; way < WAYS; way++) {
            ways |= ((int) ((tags[from + way] & ~MATTERS) >>> 32) == fingerprint ? 1 : 0) << way;
        }
        return ways;
    }

    /** The place that is free or expires first. */
    int place(long hash, long nowNs) {
        long[] tags = this.tags;
        int now = time(nowNs);
        int from = bucket(hash);
        long first = Long.MAX_VALUE;
        for (int way = 0; way < WAYS; way++) {
            long tag = tags[from + way];
            long left = tag == 0 ? Integer.MIN_VALUE : (int) tag - now;
            first = Math.min(first, left << 3 | way);
        }
        return from - LINE_PADDING + ((int) first & WAYS - 1);
    }

    void take(int connection, long hash, long nowNs, int lifetime) {
        tags[connection + LINE_PADDING] =
                (long) fingerprint(hash) << 32 | time(nowNs) + lifetime & LOW_INT;
    }

    boolean isTaken(int connection) {
        return tags[connection + LINE_PADDING] != 0;
    }

    /** See {@link ConnectionTable#matters}. */
    boolean matters(int connection) {
        return (tags[connection + LINE_PADDING] & MATTERS) != 0;
    }

    void matters(int connection, boolean matters) {
        int at = connection + LINE_PADDING;
        long tag = tags[at] & ~MATTERS;
        tags[at] = matters ? tag | MATTERS : tag;
    }

    /** Lets it expire {@code lifetime} from now. */
    void keep(int connection, long nowNs, int lifetime) {
        int at = connection + LINE_PADDING;
        long tag = tags[at];
        int expires = time(nowNs) + lifetime;
        if ((int) tag != expires) {
            tags[at] = tag & ~LOW_INT | expires & LOW_INT;
        }
    }

    /** The clock was set: each is kept for the time it has left. */
    void shift(long byNs) {
        int by = (int) (byNs >> TIME_SHIFT);
        for (int at = LINE_PADDING; at < tags.length; at++) {
            long tag = tags[at];
            if (tag != 0) {
                tags[at] = tag & ~LOW_INT | (int) tag + by & LOW_INT;
            }
        }
    }

    /** For how long it is still kept, in units; below 0 it has expired. */
    int left(int connection, long nowNs) {
        return (int) tags[connection + LINE_PADDING] - time(nowNs);
    }

    /** Seconds in the units of lifetimes. */
    static int units(int seconds) {
        return (int) (seconds * 1_000_000_000L >>> TIME_SHIFT);
    }

    private static int time(long nowNs) {
        return (int) (nowNs >>> TIME_SHIFT);
    }

    private int bucket(long hash) {
        return LINE_PADDING + ((int) hash & bucketMask) * WAYS;
    }

    private static int fingerprint(long hash) {
        return (int) (hash >>> 32) & ~3 | 1; // never 0, which marks an empty place
    }
}
