package ips.bench.pipeline;

import ips.bench.flood.Flood;
import ips.bench.rule.GeneratedRules;
import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.counter.Counter;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import ips.core.rule.RuleInspector;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many frames a second go through the whole pipeline, all packet detectors on: capture thread,
 * ring, workers, block manager. The frames lie in memory; the benchmark's thread is the capture
 * thread, and an invocation ends when the workers have taken the last frame. Every iteration checks
 * that no frame is missing.
 *
 * <p>Run: {@code ./mvnw -q -pl ips-bench -am package -DskipTests} then {@code java -jar
 * ips-bench/target/ips-bench.jar PipelineBenchmark -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class PipelineBenchmark {
    /** Frames of one invocation. */
    public static final int FRAMES = 2_000_000;

    /** Frame time between two frames: a flood of ten million frames a second. */
    private static final long FRAME_GAP_NS = 100;

    @Param({
        "SYN_ONE_SOURCE",
        "SYN_OPTIONS",
        "SYN_SPOOFED",
        "ICMP",
        "ICMP_LARGE",
        "FLAG_SCANS",
        "MIXED"
    })
    public Flood flood;

    /** Whether the rules that the sensor ships are asked, as they are by default. */
    @Param({"NONE", "SHIPPED"})
    public Rules rules;

    @Param({"1"})
    public int workers;

    /** Which rules are in force. */
    public enum Rules {
        NONE,
        SHIPPED
    }

    private ByteBuffer data;
    private FrameBuffer buffer;
    private Engine engine;
    private FrameSink frames;
    private long timeNs = 1_700_000_000_000_000_000L;
    private long sent;

    @Setup
    public void start() {
        int count = flood.name().endsWith("LARGE") ? FRAMES / 4 : FRAMES;
        data = flood.toBuffer(count, Flood.SEED);
        buffer = new FrameBuffer(data);
        Engine.Builder builder =
                Engine.builder().config(EngineConfig.DEFAULTS.withWorkers(workers));
        if (rules == Rules.SHIPPED) {
            builder.rules(GeneratedRules.shipped(), RuleInspector.Options.DEFAULTS);
        }
        engine = builder.build();
        frames = engine.frames();
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long frames() {
        int length = data.limit();
        long count = 0;
        while (count < FRAMES) {
            for (int at = 0; at < length; ) {
                int frameLength = data.getInt(at);
                frames.frame(
                        timeNs, buffer, at + 4, frameLength, frameLength, LinkType.ETHERNET, 0, 0);
                timeNs += FRAME_GAP_NS;
                at += 4 + frameLength;
                count++;
            }
        }
        frames.idle(0);
        sent += count;
        while (engine.backlog() > 0) {
            Thread.onSpinWait();
        }
        return count;
    }

    /** A benchmark that lost frames measured something else. */
    @TearDown(Level.Iteration)
    public void check() {
        long processed = engine.counters().get(Counter.FRAMES_PROCESSED);
        if (processed != sent) {
            throw new IllegalStateException("sent " + sent + " frames, processed " + processed);
        }
    }

    @TearDown
    public void stop() {
        engine.close();
    }
}
