package ips.core.block;

import ips.core.pipeline.Progress;
import java.util.List;

/**
 * How far all workers have come, asked by the block manager's thread. A worker has come as far as a
 * frame only when it is done with that frame and with the ticks that follow before the next, and
 * its reports are in the queue: a report of {@link #processedFrame} or an earlier frame that is
 * still to come would be handled out of order.
 */
public interface WorkersProgress {
    /**
     * The frame time that every worker has passed, nanoseconds since 1970; 0 before the first
     * frame. Asked before {@link #processedFrame}, so it may lag behind it but not run ahead.
     */
    long processedNs();

    /** The last frame that every worker is done with; 0 before the first. */
    long processedFrame();

    /**
     * The latest time that any worker has come to. Behind times of before it only where the clock
     * was set back for all of them.
     */
    default long furthestNs() {
        return processedNs();
    }

    /** The slowest of the workers. */
    static WorkersProgress ofSlowest(List<Progress> workers) {
        List<Progress> all = List.copyOf(workers);
        return new WorkersProgress() {
            @Override
            public long processedNs() {
                long slowest = Long.MAX_VALUE;
                for (Progress worker : all) {
                    slowest = Math.min(slowest, worker.timeNs());
                }
                return slowest;
            }

            @Override
            public long processedFrame() {
                long slowest = Long.MAX_VALUE;
                for (Progress worker : all) {
                    slowest = Math.min(slowest, worker.frame());
                }
                return slowest;
            }

            @Override
            public long furthestNs() {
                long furthest = 0;
                for (Progress worker : all) {
                    furthest = Math.max(furthest, worker.timeNs());
                }
                return furthest;
            }
        };
    }
}
