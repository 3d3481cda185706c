package ips.core.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How far one worker has come, told to the block manager. The worker writes after each batch, when
 * all reports raised in it are in the queue. Whoever reads the time, and then the frame, sees at
 * least the frame of that time, and in the queue at least the reports of both.
 */
public final class Progress {
    private static final VarHandle FRAME;
    private static final VarHandle TIME_NS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            FRAME = lookup.findVarHandle(Progress.class, "frame", long.class);
            TIME_NS = lookup.findVarHandle(Progress.class, "timeNs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Both are written once per batch; keeping them off the neighbours' cache lines is not worth
    // it.
    private long frame;
    private long timeNs;

    /** By the worker. */
    void reached(long frameNumber, long nowNs) {
        FRAME.setRelease(this, frameNumber);
        TIME_NS.setRelease(this, nowNs);
    }

    /**
     * The number of the last frame the worker is done with, whether or not it owned it, and with
     * the ticks that follow it: every report up to that number has been raised.
     */
    public long frame() {
        return (long) FRAME.getAcquire(this);
    }

    /** The time of that frame, or of the tick behind it. */
    public long timeNs() {
        return (long) TIME_NS.getAcquire(this);
    }
}
