package ips.core.inspect;

import java.util.HashMap;
import java.util.Map;

/**
 * What rules remember of hosts and of pairs of hosts, each for a time: {@code hostbits} and {@code
 * xbits}. As in Suricata, setting a fact again does not prolong it, and one that ran out keeps the
 * next from being set until somebody has asked for it. At most {@value #MOST} facts; then no more
 * are taken until some ran out. Written by rules that matched, so its cost is bounded by matches.
 * Times are seconds.
 */
public final class HostMemory {
    private static final int MOST = 1 << 18;

    private record Key(int bit, long aHigh, long aLow, long bHigh, long bLow) {}

    private final Map<Key, Long> ends = new HashMap<>();

    /** The second in which those that ran out were last looked for. */
    private long sweptAt = Long.MIN_VALUE;

    /** A host's bit. */
    public boolean has(int bit, long high, long low, long now) {
        return !ends.isEmpty() && has(new Key(bit, high, low, 0, 0), now);
    }

    /** A pair's bit; the order of the two does not matter. */
    public boolean has(int bit, long aHigh, long aLow, long bHigh, long bLow, long now) {
        return !ends.isEmpty() && has(pair(bit, aHigh, aLow, bHigh, bLow), now);
    }

    private boolean has(Key key, long now) {
        Long until = ends.get(key);
        if (until == null) {
            return false;
        }
        if (until < now) {
            ends.remove(key);
            return false;
        }
        return true;
    }

    public void set(int bit, long high, long low, long until, long now) {
        put(new Key(bit, high, low, 0, 0), until, now);
    }

    public void set(int bit, long aHigh, long aLow, long bHigh, long bLow, long until, long now) {
        put(pair(bit, aHigh, aLow, bHigh, bLow), until, now);
    }

    /**
     * Forgets a host's bit.
     *
     * @return whether it was remembered, run out or not
     */
    public boolean unset(int bit, long high, long low) {
        return ends.remove(new Key(bit, high, low, 0, 0)) != null;
    }

    /** The same of a pair's bit. */
    public boolean unset(int bit, long aHigh, long aLow, long bHigh, long bLow) {
        return ends.remove(pair(bit, aHigh, aLow, bHigh, bLow)) != null;
    }

    private void put(Key key, long until, long now) {
        if (ends.size() >= MOST && sweptAt != now) {
            sweptAt = now;
            ends.values().removeIf(each -> each < now);
        }
        if (ends.size() < MOST) {
            ends.putIfAbsent(key, until);
        }
    }

    private static Key pair(int bit, long aHigh, long aLow, long bHigh, long bLow) {
        boolean inOrder =
                Long.compareUnsigned(aHigh, bHigh) < 0
                        || aHigh == bHigh && Long.compareUnsigned(aLow, bLow) < 0;
        return inOrder
                ? new Key(bit, aHigh, aLow, bHigh, bLow)
                : new Key(bit, bHigh, bLow, aHigh, aLow);
    }
}
