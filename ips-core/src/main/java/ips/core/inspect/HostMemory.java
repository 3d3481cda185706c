package ips.core.inspect;

import java.util.HashMap;
import java.util.Map;

/**
 * What rules remember of hosts and of pairs of hosts, each for a time: {@code hostbits} and {@code
 * xbits}. At most {@value #MOST} facts; then no more are taken until some ran out. Written by rules
 * that matched, so its cost is bounded by matches.
 */
public final class HostMemory {
    private static final int MOST = 1 << 18;

    private record Key(int bit, long aHigh, long aLow, long bHigh, long bLow) {}

    private final Map<Key, Long> untilNs = new HashMap<>();

    /** A host's bit. */
    public boolean has(int bit, long high, long low, long nowNs) {
        return !untilNs.isEmpty() && has(new Key(bit, high, low, 0, 0), nowNs);
    }

    /** A pair's bit; the order of the two does not matter. */
    public boolean has(int bit, long aHigh, long aLow, long bHigh, long bLow, long nowNs) {
        return !untilNs.isEmpty() && has(pair(bit, aHigh, aLow, bHigh, bLow), nowNs);
    }

    private boolean has(Key key, long nowNs) {
        Long until = untilNs.get(key);
        if (until == null) {
            return false;
        }
        if (until < nowNs) {
            untilNs.remove(key);
            return false;
        }
        return true;
    }

    public void set(int bit, long high, long low, long untilNs, long nowNs) {
        put(new Key(bit, high, low, 0, 0), untilNs, nowNs);
    }

    public void set(
            int bit, long aHigh, long aLow, long bHigh, long bLow, long untilNs, long nowNs) {
        put(pair(bit, aHigh, aLow, bHigh, bLow), untilNs, nowNs);
    }

    public void unset(int bit, long high, long low) {
        untilNs.remove(new Key(bit, high, low, 0, 0));
    }

    public void unset(int bit, long aHigh, long aLow, long bHigh, long bLow) {
        untilNs.remove(pair(bit, aHigh, aLow, bHigh, bLow));
    }

    private void put(Key key, long until, long nowNs) {
        if (untilNs.size() >= MOST) {
            untilNs.values().removeIf(each -> each < nowNs);
        }
        if (untilNs.size() < MOST || untilNs.containsKey(key)) {
            untilNs.put(key, until);
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
