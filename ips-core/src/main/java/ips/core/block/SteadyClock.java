package ips.core.block;

import java.util.function.LongSupplier;

/**
 * Tells when the clock of a live link's frames was set ahead, which looks like a long silence: it
 * then gains on a clock that is never set. Used by the block manager's thread.
 */
final class SteadyClock {
    /** Less than this is a clock that is put right little by little. */
    private static final long LEAST_NS = 10_000_000_000L;

    private final LongSupplier steadyNs;
    private long aheadNs;
    private boolean started;

    /**
     * @param steadyNs nanoseconds of a clock that is never set
     */
    SteadyClock(LongSupplier steadyNs) {
        this.steadyNs = steadyNs;
    }

    /** Whether frames' time was set ahead since the last call; workers that lag are not. */
    boolean isSetAhead(long frameNs) {
        long nowAheadNs = frameNs - steadyNs.getAsLong();
        boolean set = started && nowAheadNs - aheadNs > LEAST_NS;
        if (!started || nowAheadNs > aheadNs) {
            aheadNs = nowAheadNs;
            started = true;
        }
        return set;
    }

    /**
     * Frames' time was set back. It may be set ahead right after: of several links one has frames
     * of before a clock was set ahead when others have those of after it.
     */
    void setBack(long frameNs) {
        aheadNs = frameNs - steadyNs.getAsLong();
        started = true;
    }
}
