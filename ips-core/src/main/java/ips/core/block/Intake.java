package ips.core.block;

import ips.core.verdict.Report;
import ips.core.verdict.VerdictQueue;
import java.util.PriorityQueue;

/**
 * Reports of workers that number their frames alike, put in the order of those: what belongs to
 * frames that all of these workers are done with may be handled. Used by the block manager's
 * thread.
 *
 * <p>Waiting reports are bounded by {@code WAITING_PER_QUEUE} times the queue's places (a report
 * takes some 200 bytes); beyond that they stay in the queue, which counts what it has no room for.
 * Where workers wait for the queue, they are bounded by what the ring holds.
 */
public final class Intake {
    private static final int WAITING_PER_QUEUE = 4;

    private final VerdictQueue queue;
    private final WorkersProgress progress;
    private final PriorityQueue<Report> waiting = new PriorityQueue<>(ReportOrder.INSTANCE);
    private long furthestNs;
    private long settledNs;
    private long settledFrame;

    public Intake(VerdictQueue queue, WorkersProgress progress) {
        this.queue = queue;
        this.progress = progress;
    }

    /**
     * Takes what has been raised, all of what belongs to the stretch that the workers have come.
     *
     * @return how many reports
     */
    int take() {
        furthestNs = progress.furthestNs();
        settledNs = progress.processedNs();
        settledFrame = progress.processedFrame();
        int room =
                queue.waits()
                        ? Integer.MAX_VALUE
                        : queue.capacity() * WAITING_PER_QUEUE - waiting.size();
        return queue.drain(waiting::add, Math.max(room, 0));
    }

    /** The frame time that its workers had passed at the last {@link #take}. */
    long settledNs() {
        return settledNs;
    }

    /** The latest time that one of its workers had come to by then. */
    long furthestNs() {
        return furthestNs;
    }

    /** The next report that may be handled, or null. */
    Report poll() {
        return hasSettled() ? waiting.poll() : null;
    }

    /** The same, if it is of a later time; or null. */
    Report pollLaterThan(long ns) {
        return hasSettled() && ReportOrder.timeNs(waiting.peek()) > ns ? waiting.poll() : null;
    }

    /** The next report, whether or not all workers have come as far: at the end; or null. */
    Report pollAny() {
        return waiting.poll();
    }

    private boolean hasSettled() {
        return !waiting.isEmpty() && waiting.peek().frame() <= settledFrame;
    }

    boolean hasPending() {
        return !waiting.isEmpty();
    }

    /** Whether nothing has been raised since; from any thread. */
    boolean isEmpty() {
        return queue.size() == 0;
    }

    VerdictQueue queue() {
        return queue;
    }
}
