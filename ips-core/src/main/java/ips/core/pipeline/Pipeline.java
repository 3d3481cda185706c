package ips.core.pipeline;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.RingBuffer;
import ips.core.counter.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.agrona.ErrorHandler;

/**
 * The ring, its workers and their threads, from start to end.
 *
 * <p>{@link #frames} and {@link #end} belong to the capture thread; everything else may be called
 * by any.
 */
public final class Pipeline {
    private final RingBuffer<FrameBatch> ring;
    private final FrameRing frames;
    private final Share share;
    private boolean ended;
    private final Counters captureCounters = new Counters();
    private final List<Worker> workers = new ArrayList<>();
    private final List<BatchEventProcessor<FrameBatch>> processors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Makes ring and workers; no thread runs before {@link #start}.
     *
     * @param share which part of the traffic is this pipeline's
     * @param states what each worker owns, by its number among those of all pipelines
     */
    public Pipeline(
            RingConfig config,
            Share share,
            IntFunction<WorkerState> states,
            PacketFilter filter,
            ErrorHandler errorHandler) {
        this.share = share;
        ring =
                RingBuffer.createSingleProducer(
                        () -> new FrameBatch(config.slotBytes(), share),
                        config.slots(),
                        config.waitMode().strategy());
        frames =
                new FrameRing(
                        ring,
                        config.slotBytes(),
                        share,
                        captureCounters,
                        config.skipDuplicates() ? new Copies() : null);
        for (int i = 0; i < share.workers(); i++) {
            int number = share.firstWorker() + i;
            Worker worker = new Worker(i, states.apply(number), filter, errorHandler);
            BatchEventProcessor<FrameBatch> processor =
                    new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), worker);
            ring.addGatingSequences(processor.getSequence());
            workers.add(worker);
            processors.add(processor);
            Thread thread = new Thread(processor, "ips-worker-" + number);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    public void start() {
        threads.forEach(Thread::start);
    }

    /** Which part of the traffic is this pipeline's. */
    public Share share() {
        return share;
    }

    /** Where the capture thread puts its frames. */
    public FrameSink frames() {
        return frames;
    }

    /** Ends the stream, unless it has been; by the capture thread, and it hands over no more. */
    public void endFrames() {
        if (!ended) {
            ended = true;
            frames.end();
        }
    }

    /**
     * Ends the stream and waits until every worker has taken all of it. By the capture thread, or
     * by another once the capture thread is through; once only.
     */
    public void end() {
        endFrames();
        long last = ring.getCursor();
        for (BatchEventProcessor<FrameBatch> processor : processors) {
            while (processor.getSequence().get() < last) {
                LockSupport.parkNanos(50_000);
            }
            processor.halt();
        }
    }

    /** How far each worker has come. */
    public List<Progress> progress() {
        return workers.stream().map(Worker::progress).toList();
    }

    /** Time of the first frame, nanoseconds since 1970, or 0. */
    public long firstNs() {
        return frames.firstNs();
    }

    /** Time of the last frame handed on, or 0. */
    public long lastNs() {
        return frames.lastNs();
    }

    /** The counters of the capture thread and of each worker. */
    public List<Counters> counters() {
        List<Counters> all = new ArrayList<>();
        all.add(captureCounters);
        workers.forEach(worker -> all.add(worker.counters()));
        return all;
    }

    /** Batches published and not yet taken by the slowest worker. */
    public long backlog() {
        long slowest = Long.MAX_VALUE;
        for (BatchEventProcessor<FrameBatch> processor : processors) {
            slowest = Math.min(slowest, processor.getSequence().get());
        }
        return Math.max(0, ring.getCursor() - slowest);
    }
}
