package ips.core.pipeline;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits by spinning for a moment, yielding for another, then parking for longer and longer: an idle
 * sensor costs next to nothing, a busy one never gets as far as parking.
 *
 * <p>The Disruptor's own sleeping strategy parks for 100 ns for ever, which costs an idle worker
 * some 5 % of a core; its blocking ones make the publisher take a lock.
 */
final class ParkingWaitStrategy implements WaitStrategy {
    private static final int SPINS = 100;
    private static final int YIELDS = 100;
    private static final long SHORTEST_PARK_NS = 20_000;

    /** The longest a frame can lie unseen on an idle link. */
    private static final long LONGEST_PARK_NS = 5_000_000;

    @Override
    public long waitFor(
            long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
            throws AlertException {
        int tries = 0;
        long parkNs = SHORTEST_PARK_NS;
        long available;
        while ((available = dependentSequence.get()) < sequence) {
            barrier.checkAlert();
            if (tries < SPINS) {
                tries++;
                Thread.onSpinWait();
            } else if (tries < SPINS + YIELDS) {
                tries++;
                Thread.yield();
            } else {
                LockSupport.parkNanos(parkNs);
                parkNs = Math.min(2 * parkNs, LONGEST_PARK_NS);
            }
        }
        return available;
    }

    @Override
    public void signalAllWhenBlocking() {
        // Nobody blocks: sleepers wake by themselves.
    }
}
