package ips.bench.rule;

import ips.bench.flood.Flood;
import ips.core.rule.SignatureSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes to parse and compile rules, the making of their text included: in a JVM that
 * has just started, as a sensor's has, and once it is warm, as at a reload.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar RuleLoadBenchmark}.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
public class RuleLoadBenchmark {
    @Param({"1000", "10000", "30000"})
    public int rules;

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public SignatureSet atStart() {
        return GeneratedRules.set(rules, Flood.SEED);
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Warmup(iterations = 3, time = 2)
    @Measurement(iterations = 3, time = 2)
    public SignatureSet atReload() {
        return GeneratedRules.set(rules, Flood.SEED);
    }
}
