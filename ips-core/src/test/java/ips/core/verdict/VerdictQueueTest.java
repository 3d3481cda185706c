package ips.core.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class VerdictQueueTest {
    private final Counters counters = new Counters();

    @Test
    void handsOverWhatWasRaisedInOrder() {
        VerdictQueue queue = new VerdictQueue(8);
        VerdictSink sink = queue.producer(counters);
        sink.raise(count(1));
        sink.raise(count(2));

        List<Report> drained = new ArrayList<>();
        int first = queue.drain(drained::add, 1);
        int second = queue.drain(drained::add, 10);

        assertEquals(List.of(count(1), count(2)), drained);
        assertEquals(1, first);
        assertEquals(1, second);
        assertEquals(2, counters.get(Counter.VERDICTS_RAISED));
    }

    @Test
    void countsWhatFindsNoRoomForTheWorkerThatRaisedIt() {
        VerdictQueue queue = new VerdictQueue(4);
        Counters others = new Counters();
        VerdictSink sink = queue.producer(counters);

        for (int i = 1; i <= 10; i++) {
            sink.raise(count(i));
        }

        assertEquals(4, queue.size());
        assertEquals(4, queue.capacity());
        assertEquals(4, counters.get(Counter.VERDICTS_RAISED));
        assertEquals(6, counters.get(Counter.VERDICTS_LOST));
        assertEquals(0, others.get(Counter.VERDICTS_LOST));
    }

    @Test
    void givesBackTheRoomOfFramesThatAreLost() {
        FrameRoom room = new FrameRoom(1000);
        VerdictQueue queue = new VerdictQueue(4);
        VerdictSink sink = queue.producer(counters);

        for (int i = 1; i <= 10; i++) {
            room.take(100);
            sink.raise(new AlertFrame(i, 0, 1, 100, new byte[100], room));
        }

        assertEquals(400, room.used());
        queue.drain(report -> ((AlertFrame) report).release(), 10);
        assertEquals(0, room.used());
    }

    @Test
    @Timeout(30)
    void wakesTheConsumerThatWaitsWithEveryReport() throws Exception {
        VerdictQueue queue = new VerdictQueue(64);
        VerdictSink sink = queue.producer(counters);
        int reports = 2000;
        Thread consumer =
                new Thread(
                        () -> {
                            for (int taken = 0; taken < reports; ) {
                                queue.bell()
                                        .await(() -> queue.size() == 0, TimeUnit.HOURS.toNanos(1));
                                taken += queue.drain(report -> {}, Integer.MAX_VALUE);
                            }
                        });
        consumer.start();

        for (int i = 1; i <= reports; i++) {
            sink.raise(count(i));
            while (queue.size() > 0) {
                Thread.onSpinWait();
            }
        }

        consumer.join();
        assertEquals(0, queue.size());
    }

    @Test
    void losesNothingThatItCountedAsRaisedUnderContention() throws Exception {
        VerdictQueue queue = new VerdictQueue(64);
        int producers = 3;
        int each = 20_000;
        List<Counters> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            Counters own = new Counters();
            all.add(own);
            VerdictSink sink = queue.producer(own);
            threads.add(
                    new Thread(
                            () -> {
                                for (int i = 1; i <= each; i++) {
                                    sink.raise(count(i));
                                }
                            }));
        }

        threads.forEach(Thread::start);
        long drained = 0;
        while (threads.stream().anyMatch(Thread::isAlive) || queue.size() > 0) {
            drained += queue.drain(report -> {}, 1000);
        }

        long raised = Counters.sum(all).get(Counter.VERDICTS_RAISED);
        long lost = Counters.sum(all).get(Counter.VERDICTS_LOST);
        assertEquals(raised, drained);
        assertEquals((long) producers * each, raised + lost);
    }

    private static DestinationCount count(long frame) {
        IpAddress address = IpAddress.parse("192.0.2.1");
        return new DestinationCount(
                frame,
                0,
                Kind.SYN_FLOOD,
                address,
                80,
                1,
                SomeSources.of(0, 1),
                address,
                0,
                0,
                frame,
                frame);
    }
}
