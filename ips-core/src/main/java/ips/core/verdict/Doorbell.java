package ips.core.verdict;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Where one thread sleeps until another has something for it. */
public final class Doorbell {
    /** The one who waits, while nobody has woken it. */
    private volatile Thread waiting;

    /**
     * Waits until {@link #ring} is called or the time is over, or for no reason; by the one thread
     * that waits here.
     *
     * @param isIdle whether there is nothing to do, asked once whoever comes next would ring
     */
    public void await(BooleanSupplier isIdle, long timeoutNs) {
        waiting = Thread.currentThread();
        // Who brings something looks for somebody waiting after that; we do the reverse.
        VarHandle.fullFence();
        if (isIdle.getAsBoolean()) {
            LockSupport.parkNanos(this, timeoutNs);
        }
        waiting = null;
    }

    /** Ends {@link #await}; for any thread, once what it brings is there. */
    public void ring() {
        VarHandle.fullFence();
        Thread consumer = waiting;
        if (consumer != null) {
            waiting = null;
            LockSupport.unpark(consumer);
        }
    }
}
