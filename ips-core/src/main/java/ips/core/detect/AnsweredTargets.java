package ips.core.detect;

/**
 * Who was answered by whom lately. Silence or refusal where there used to be an answer is an
 * outage, not a probe: a monitoring system whose site goes down, a proxy whose host with thirty
 * services restarts.
 *
 * <p>Owned by one worker. 8 bytes an entry in sets of {@value #WAYS}; when a set is full the oldest
 * entry gives way. Entries are hashes of 44 bits, so one answer in 10^12 is taken for another.
 *
 * <pre>
 *  hash (44 bits) | minutes since 1970 (20 bits)
 * </pre>
 */
final class AnsweredTargets {
    private static final int WAYS = 4;
    private static final int MINUTE_MASK = (1 << 20) - 1;
    private static final long MINUTE_NS = 60_000_000_000L;

    private final long[] entries;
    private final int setMask;
    private final long reachMinutes;

    AnsweredTargets(int capacity, int workers, long reachNs) {
        int sets = Integer.highestOneBit(Math.max(1, capacity / workers / WAYS));
        this.entries = new long[sets * WAYS];
        this.setMask = sets - 1;
        this.reachMinutes = Math.max(1, reachNs / MINUTE_NS);
    }

    /** Notes an answer. */
    void note(long hash, long nowNs) {
        long minute = nowNs / MINUTE_NS & MINUTE_MASK;
        int first = ((int) hash & setMask) * WAYS;
        int oldest = first;
        long oldestAge = -1;
        for (int i = first; i < first + WAYS; i++) {
            if ((entries[i] ^ hash) >>> 20 == 0) {
                oldest = i;
                break;
            }
            long age = entries[i] == 0 ? MINUTE_MASK + 1L : minute - entries[i] & MINUTE_MASK;
            if (age > oldestAge) {
                oldest = i;
                oldestAge = age;
            }
        }
        entries[oldest] = hash & ~(long) MINUTE_MASK | minute;
    }

    /** Whether an answer was noted within reach. */
    boolean contains(long hash, long nowNs) {
        long minute = nowNs / MINUTE_NS;
        int first = ((int) hash & setMask) * WAYS;
        for (int i = first; i < first + WAYS; i++) {
            if (entries[i] != 0 && (entries[i] ^ hash) >>> 20 == 0) {
                return (minute - entries[i] & MINUTE_MASK) <= reachMinutes;
            }
        }
        return false;
    }
}
