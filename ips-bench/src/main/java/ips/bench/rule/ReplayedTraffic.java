package ips.bench.rule;

import ips.bench.flood.Flood;
import ips.bench.pipeline.MeasuredWorkers;
import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.counter.Counter;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import ips.core.rule.RuleInspector;
import ips.core.rule.SignatureSet;
import java.nio.ByteBuffer;
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
    private final MeasuredWorkers workers;
    private long timeNs = 1_700_000_000_000_000_000L;
    private long sent;

    ReplayedTraffic(RuleTraffic traffic, int floodFrames, int rules, int workerCount) {
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
                Engine.builder().config(EngineConfig.DEFAULTS.withWorkers(workerCount));
        if (rules != 0) {
            SignatureSet set =
                    rules == SHIPPED
                            ? GeneratedRules.shipped()
                            : GeneratedRules.set(rules, Flood.SEED);
            builder.rules(set, RuleInspector.Options.DEFAULTS);
        }
        workers = new MeasuredWorkers(builder);
        engine = workers.engine();
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

    /** Processor time of the workers so far. */
    long workerNs() {
        return LongStream.of(workers.processorNs()).sum();
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
