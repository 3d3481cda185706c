package ips.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever misses the bell here sleeps for an hour. */
class ParkingWaitStrategyTest {
    private static final long HOUR_MS = 3_600_000;

    private final RingBuffer<long[]> ring =
            RingBuffer.createSingleProducer(
                    () -> new long[1], 64, new ParkingWaitStrategy(HOUR_MS));
    private final SequenceBarrier barrier = ring.newBarrier();

    @Test
    @Timeout(30)
    void wakesASleeperWithEveryPublication() throws Exception {
        Sequence taken = new Sequence(-1);
        ring.addGatingSequences(taken);
        int publications = 300;
        CompletableFuture<Long> worker =
                CompletableFuture.supplyAsync(
                        () -> {
                            while (taken.get() < publications - 1) {
                                taken.set(waitFor(taken.get() + 1));
                            }
                            return taken.get();
                        });

        for (int i = 0; i < publications; i++) {
            // Around the time after which a worker goes to sleep, on both sides of it.
            TimeUnit.MICROSECONDS.sleep(i * 10L);
            ring.publish(ring.next());
        }

        assertEquals(publications - 1, worker.get());
    }

    @Test
    @Timeout(30)
    void wakesASleeperThatIsToStop() throws Exception {
        CompletableFuture<Long> worker = CompletableFuture.supplyAsync(() -> waitFor(0));
        TimeUnit.MILLISECONDS.sleep(20);

        barrier.alert();

        Exception e = assertThrows(Exception.class, worker::get);
        assertTrue(e.getCause().getCause() instanceof AlertException, e::toString);
    }

    private long waitFor(long sequence) {
        try {
            return barrier.waitFor(sequence);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
