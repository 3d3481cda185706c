package ips.core.verdict;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * Carries reports from the workers to the block manager: many threads put in, one takes out, and
 * only that one waits. It has a fixed number of places; a report that finds none is lost and
 * counted by the worker that raised it.
 *
 * <p>JCTools' {@code MpscArrayQueue} in its VarHandle form, because the other one uses {@code
 * sun.misc.Unsafe}, which newer JDKs warn about.
 */
public final class VerdictQueue {
    /** Places unless told otherwise: 256 KiB, and room for every offender of a bad second. */
    public static final int DEFAULT_CAPACITY = 65_536;

    private static final long PAUSE_NS = 20_000;

    private final MpscVarHandleArrayQueue<Report> queue;
    private final boolean waits;
    private final Doorbell bell;

    /**
     * @param capacity places, 2 or more, rounded up to a power of two
     */
    public VerdictQueue(int capacity) {
        this(capacity, false);
    }

    /**
     * @param waits whether a producer waits for room: for frames that can wait, as those of a file
     */
    public VerdictQueue(int capacity, boolean waits) {
        this(capacity, waits, new Doorbell());
    }

    /**
     * @param bell rung with each report; several queues with one consumer share it
     */
    public VerdictQueue(int capacity, boolean waits, Doorbell bell) {
        queue = new MpscVarHandleArrayQueue<>(capacity);
        this.waits = waits;
        this.bell = bell;
    }

    /** Whether producers wait for room, so that nothing is lost. */
    public boolean waits() {
        return waits;
    }

    /** The end one worker puts its reports into; for that worker's thread only. */
    public VerdictSink producer(Counters counters) {
        return report -> {
            boolean taken = queue.offer(report);
            while (!taken && waits) {
                LockSupport.parkNanos(PAUSE_NS);
                taken = queue.offer(report);
            }
            if (taken) {
                counters.increment(Counter.VERDICTS_RAISED);
                bell.ring();
            } else {
                counters.increment(Counter.VERDICTS_LOST);
                report.lost();
            }
        };
    }

    /**
     * Hands over what is there, {@code limit} at most; by the one consuming thread. A report whose
     * {@code raise} returned before the call is among it, unless the limit cuts it off.
     *
     * @return how many were handed over
     */
    public int drain(Consumer<Report> consumer, int limit) {
        int count = 0;
        // Not the queue's own drain: it stops at a place that a producer has claimed and not yet
        // filled, though reports behind it are complete. Poll waits those few instructions.
        for (Report report; count < limit && (report = queue.poll()) != null; count++) {
            consumer.accept(report);
        }
        return count;
    }

    /** What its consumer waits at; rung with each report. */
    public Doorbell bell() {
        return bell;
    }

    /** How many wait now; for any thread. */
    public int size() {
        return queue.size();
    }

    public int capacity() {
        return queue.capacity();
    }
}
