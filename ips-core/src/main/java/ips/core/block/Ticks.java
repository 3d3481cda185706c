package ips.core.block;

import java.util.function.LongConsumer;

/**
 * The ticks by which the block manager lets frame time pass: at every multiple of 100 ms, as the
 * workers do. After a long silence they come by the second, and then time jumps, so that a gap of
 * years in a capture costs no more than one of hours.
 */
final class Ticks {
    private static final long SECOND_NS = 1_000_000_000L;

    /** The workers' own: what is due in time falls between the same frames here and there. */
    private static final long TICK_NS = 100_000_000L;

    /** After so many ticks without a report floods are decided, and time goes on by seconds. */
    private static final int MOST_TICKS = 100;

    /** After so many ticks and seconds little is left to happen, and time may jump. */
    private static final int MOST_STEPS = MOST_TICKS + 7200;

    private boolean started;
    private long tickNs;
    private long second;

    /**
     * Calls for each tick up to a time; the first time of all begins the count.
     *
     * @param inclusive whether a tick at {@code toNs} itself comes, too
     */
    void passTo(long toNs, boolean inclusive, LongConsumer tick) {
        if (!started) {
            started = true;
            tickNs = tickBefore(toNs - 1);
            second = toNs / SECOND_NS;
        }
        long lastTickNs = tickBefore(inclusive ? toNs : toNs - 1);
        for (int steps = 1; tickNs < lastTickNs; steps++) {
            tickNs = Math.min(nextTickNs(steps), lastTickNs);
            tick.accept(tickNs);
        }
    }

    /** The tick after this one, further away the longer nothing has been reported. */
    private long nextTickNs(int steps) {
        if (steps <= MOST_TICKS) {
            return tickNs + TICK_NS;
        }
        return steps <= MOST_STEPS ? tickNs - tickNs % SECOND_NS + SECOND_NS : Long.MAX_VALUE;
    }

    private static long tickBefore(long ns) {
        return ns - Math.floorMod(ns, TICK_NS);
    }

    /** Whether this tick is the first of a second; asked once at each. */
    boolean beginsSecond() {
        if (tickNs / SECOND_NS <= second) {
            return false;
        }
        second = tickNs / SECOND_NS;
        return true;
    }

    /** Sets the clock; nothing is called for the time between. */
    void set(long toNs) {
        started = true;
        tickNs = tickBefore(toNs);
        second = toNs / SECOND_NS;
    }
}
