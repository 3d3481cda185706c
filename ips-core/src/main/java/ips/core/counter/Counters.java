package ips.core.counter;

import ips.core.ColdPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;

/**
 * One value per {@link Counter}, written by the one thread that owns it and read by any.
 *
 * <p>Readers see each value a moment late, never torn. A worker, the capture thread and the block
 * manager each own one; {@link #sum} adds them up. 8 bytes a counter.
 */
public final class Counters {
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final Counter[] ALL = Counter.values();

    private final long[] values = new long[ALL.length];

    /** Adds one; by the owning thread only. */
    public void increment(Counter counter) {
        add(counter, 1);
    }

    /** Adds {@code amount}; by the owning thread only. */
    public void add(Counter counter, long amount) {
        int i = counter.ordinal();
        VALUES.setOpaque(values, i, values[i] + amount);
    }

    /** The value as last seen by this thread. */
    public long get(Counter counter) {
        return (long) VALUES.getOpaque(values, counter.ordinal());
    }

    /** The sums of several threads' counters, every counter present. */
    @ColdPath
    public static Map<Counter, Long> sum(Iterable<Counters> all) {
        Map<Counter, Long> sums = new EnumMap<>(Counter.class);
        for (Counter counter : ALL) {
            long sum = 0;
            for (Counters counters : all) {
                sum += counters.get(counter);
            }
            sums.put(counter, sum);
        }
        return sums;
    }
}
