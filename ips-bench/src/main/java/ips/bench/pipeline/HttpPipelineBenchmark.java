package ips.bench.pipeline;

import ips.bench.flood.Flood;
import ips.bench.http.HttpTraffic;
import ips.bench.rule.GeneratedRules;
import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.counter.Counter;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import ips.core.rule.RuleInspector;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How much of browsers' traffic goes through the whole engine in a second: capture thread, ring,
 * decoding, reassembly, HTTP, all judges and detectors, block manager. The frames lie in memory;
 * the benchmark's thread is the capture thread, and an invocation ends when the workers have taken
 * the last frame. Besides rounds a second it reports {@code gigabits} (of frames) and {@code
 * requests} a second. With the shipped rules it is to be run from the root of the repository. Every
 * iteration checks that no frame and no request is missing, and that the attackers are accused, all
 * of them and nobody else.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar HttpPipelineBenchmark -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class HttpPipelineBenchmark {
    private static final int CONNECTIONS = 1_000;

    /** Frame time between two frames: some 1.5 Gbit/s. */
    private static final long FRAME_GAP_NS = 5_000;

    @Param({"0", "10"})
    public int attacksPerMille;

    @Param({"1", "2"})
    public int workers;

    /** Whether the rules that the sensor ships are asked, as they are by default. */
    @Param({"NONE", "SHIPPED"})
    public PipelineBenchmark.Rules rules;

    private ByteBuffer data;
    private FrameBuffer buffer;
    private Engine engine;
    private FrameSink frames;
    private HttpTraffic.Totals round;
    private long rounds;
    private long timeNs = 1_700_000_000_000_000_000L;

    /** What a round holds, told once it is through. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Done {
        public double gigabits;
        public long requests;
        public long frames;
    }

    @Setup
    public void start() {
        HttpTraffic traffic = new HttpTraffic(CONNECTIONS, attacksPerMille, Flood.SEED);
        round = traffic.generate((number, frame, length) -> {});
        data = traffic.toBuffer();
        buffer = new FrameBuffer(data);
        Engine.Builder builder =
                Engine.builder().config(EngineConfig.DEFAULTS.withWorkers(workers));
        if (rules == PipelineBenchmark.Rules.SHIPPED) {
            builder.rules(GeneratedRules.shipped(), RuleInspector.Options.DEFAULTS);
        }
        engine = builder.build();
        frames = engine.frames();
    }

    @Benchmark
    public long browse(Done done) {
        int end = data.limit();
        for (int at = 0; at < end; ) {
            int length = data.getInt(at);
            frames.frame(timeNs, buffer, at + 4, length, length, LinkType.ETHERNET, 0, 0);
            timeNs += FRAME_GAP_NS;
            at += 4 + length;
        }
        frames.idle(0);
        rounds++;
        while (engine.backlog() > 0) {
            Thread.onSpinWait();
        }
        done.gigabits += round.bytes() * 8 / 1e9;
        done.requests += round.requests();
        done.frames += round.frames();
        return timeNs;
    }

    /** A benchmark that lost frames, or missed attacks, measured something else. */
    @TearDown(Level.Iteration)
    public void check() {
        check(Counter.FRAMES_PROCESSED, rounds * round.frames());
        check(Counter.HTTP_REQUESTS, rounds * round.requests());
        check(Counter.HTTP_RESPONSES, rounds * round.requests());
        check(Counter.STREAM_GAPS, 0);
        Set<Integer> accused = new TreeSet<>();
        engine.report().detections().forEach(found -> accused.add((int) found.source().low()));
        if (!accused.equals(round.attackers())) {
            throw new IllegalStateException(
                    "accused " + accused.size() + ", attackers " + round.attackers().size());
        }
    }

    private void check(Counter counter, long expected) {
        long seen = engine.counters().get(counter);
        if (seen != expected) {
            throw new IllegalStateException(counter + ": " + seen + ", expected " + expected);
        }
    }

    @TearDown
    public void stop() {
        engine.close();
    }
}
