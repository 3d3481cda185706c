package ips.bench.rule;

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
 * What rules cost the whole pipeline, all detectors on: frames and bits a second by kind of traffic
 * and number of rules, without rules for comparison. Reads {@code frames} and {@code bits}; an
 * operation is one round of the traffic.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar RulesPipelineBenchmark -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class RulesPipelineBenchmark {
    @Param({"SYN_ONE_SOURCE", "SYN_SPOOFED", "ICMP", "UDP_SPOOFED", "MIXED", "HTTP"})
    public RuleTraffic traffic;

    @Param({"0", "10", "1000", "10000"})
    public int rules;

    @Param({"1"})
    public int workers;

    private ReplayedTraffic replayed;

    /** What went through, a second. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Through {
        public long frames;
        public long bits;
    }

    @Setup
    public void start() {
        replayed = new ReplayedTraffic(traffic, 1_000_000, rules, workers);
    }

    @Benchmark
    public void round(Through through) {
        replayed.round();
        through.frames += replayed.framesPerRound();
        through.bits += replayed.bytesPerRound() * 8;
    }

    /** A benchmark that lost frames measured something else. */
    @TearDown(Level.Iteration)
    public void check() {
        replayed.check();
    }

    @TearDown
    public void stop() {
        replayed.close();
    }
}
