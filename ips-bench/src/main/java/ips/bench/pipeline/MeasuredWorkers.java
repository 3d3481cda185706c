package ips.bench.pipeline;

import ips.core.Engine;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Set;

/**
 * An engine and the processor time of its workers, which is steadier than the clock's time while
 * other programs use the cores.
 */
public final class MeasuredWorkers {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Engine engine;
    private final long[] workers;

    /** Builds the engine; no other may be built meanwhile. */
    public MeasuredWorkers(Engine.Builder builder) {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        engine = builder.build();
        workers =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .filter(thread -> thread.getName().startsWith("ips-worker-"))
                        .mapToLong(Thread::getId)
                        .toArray();
        if (workers.length == 0) {
            throw new IllegalStateException("the engine's workers were not found");
        }
    }

    public Engine engine() {
        return engine;
    }

    public int count() {
        return workers.length;
    }

    /** What each has taken so far. */
    public long[] processorNs() {
        return Arrays.stream(workers).map(threads::getThreadCpuTime).toArray();
    }
}
