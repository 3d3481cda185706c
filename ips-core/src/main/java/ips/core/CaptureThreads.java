package ips.core;

import ips.core.pipeline.FrameSource;
import ips.core.pipeline.Pipeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Polls sources for the pipelines, a thread to each: the caller's for the first, threads made for
 * it for the others. When one source fails, all are told to end.
 */
final class CaptureThreads {
    private static final int POLL_LIMIT = 4096;

    private final List<Pipeline> pipelines;
    private final Object lock = new Object();

    /** Those that poll now. */
    private final List<Thread> polling = new ArrayList<>();

    /** Those of them that {@link #stop} has interrupted. */
    private final List<Thread> interrupted = new ArrayList<>();

    private Exception failure;
    private volatile boolean stopped;

    CaptureThreads(List<Pipeline> pipelines) {
        this.pipelines = pipelines;
    }

    /** Polls until all have ended, one has failed or {@link #stop} is called. */
    void run(List<? extends FrameSource> sources) throws IOException {
        if (sources.size() != pipelines.size()) {
            throw new IllegalArgumentException(
                    "%d pipelines need a source with as many parts, not %d"
                            .formatted(pipelines.size(), sources.size()));
        }
        failure = null;
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < sources.size(); i++) {
            FrameSource source = sources.get(i);
            Pipeline pipeline = pipelines.get(i);
            Runnable work =
                    () -> {
                        poll(source, pipeline);
                        pipeline.endFrames(); // a ring is written to by one thread alone
                    };
            Thread thread = new Thread(work, "ips-capture-" + i);
            thread.setDaemon(true);
            others.add(thread);
            thread.start();
        }
        poll(sources.get(0), pipelines.get(0));
        others.forEach(CaptureThreads::join);
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    private void poll(FrameSource source, Pipeline pipeline) {
        synchronized (lock) {
            polling.add(Thread.currentThread());
        }
        try {
            source.narrow(pipeline.share());
            while (!stopped && source.poll(pipeline.frames(), POLL_LIMIT) != FrameSource.ENDED) {
                // The source waits where it has to.
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        } finally {
            synchronized (lock) {
                polling.remove(Thread.currentThread());
                if (interrupted.remove(Thread.currentThread())) {
                    Thread.interrupted(); // meant for the source, not for what comes after it
                }
            }
        }
    }

    private void fail(Exception e) {
        synchronized (lock) {
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }
        stop();
    }

    /** Ends {@link #run} soon; from any thread. A source that waits for a pipe is interrupted. */
    void stop() {
        stopped = true;
        synchronized (lock) {
            for (Thread thread : polling) {
                if (thread != Thread.currentThread() && !interrupted.contains(thread)) {
                    interrupted.add(thread);
                    thread.interrupt();
                }
            }
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
