package ips.bench.rule;

import ips.bench.flood.Flood;
import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.counter.Counter;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import ips.core.rule.RuleInspector;
import ips.core.rule.SignatureSet;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.stream.LongStream;

/** An engine with generated rules, and the traffic it is given again and again on one time line. */
final class ReplayedTraffic implements AutoCloseable {
    /** In place of a number of rules: those that ship with the sensor. */
    static final int SHIPPED = -1;

    private final ByteBuffer data;
    private final FrameBuffer buffer;
    private final int framesPerRound;
    private final long bytesPerRound;
    private final long gapNs;
    private final Engine engine;
    private final FrameSink frames;
    private final long[] workerThreads;
    private long timeNs = 1_700_000_000_000_000_000L;
    private long sent;

    ReplayedTraffic(RuleTraffic traffic, int floodFrames, int rules, int workers) {
        data = traffic.toBuffer(floodFrames, Flood.SEED);
        buffer = new FrameBuffer(data);
        int count = 0;
        for (int at = 0; at < data.limit(); at += 4 + data.getInt(at)) {
            count++;
        }
        framesPerRound = count;
        bytesPerRound = data.limit() - 4L * count;
        gapNs = traffic == RuleTraffic.HTTP ? 10_000 : 100;
        Engine.Builder builder =
                Engine.builder().config(EngineConfig.DEFAULTS.withWorkers(workers));
        if (rules != 0) {
            SignatureSet set =
                    rules == SHIPPED
                            ? GeneratedRules.shipped()
                            : GeneratedRules.set(rules, Flood.SEED);
            builder.rules(set, RuleInspector.Options.DEFAULTS);
        }
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        engine = builder.build();
        workerThreads =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .filter(thread -> thread.getName().startsWith("ips-worker-"))
                        .mapToLong(Thread::getId)
                        .toArray();
        frames = engine.frames();
    }

    /** Gives all frames once, and waits until the last was taken. */
    void round() {
        for (int at = 0; at < data.limit(); ) {
            int length = data.getInt(at);
            frames.frame(timeNs, buffer, at + 4, length, length, LinkType.ETHERNET, 0, 0);
            timeNs += gapNs;
            at += 4 + length;
        }
        frames.idle(0);
        sent += framesPerRound;
        while (engine.backlog() > 0) {
            Thread.onSpinWait();
        }
    }

    int framesPerRound() {
        return framesPerRound;
    }

    long bytesPerRound() {
        return bytesPerRound;
    }

    /** Processor time of the workers so far: steadier than the clock's where others want a core. */
    long workerNs() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return LongStream.of(workerThreads).map(threads::getThreadCpuTime).sum();
    }

    /** Fails where frames were lost or a worker met a bug; a benchmark then measured nothing. */
    void check() {
        long processed = engine.counters().get(Counter.FRAMES_PROCESSED);
        long errors = engine.counters().get(Counter.WORKER_ERRORS);
        if (processed != sent || errors > 0) {
            throw new IllegalStateException(
                    "sent " + sent + " frames, processed " + processed + ", errors " + errors);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
