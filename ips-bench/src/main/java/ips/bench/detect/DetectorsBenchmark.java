package ips.bench.detect;

import ips.bench.flood.Flood;
import ips.core.detect.DetectorConfig;
import java.util.List;
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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One worker's work on one thread, frames a second, with some detectors or with none. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public abstract class DetectorsBenchmark {
    /** Frames of one invocation. */
    public static final int FRAMES = 1 << 18;

    @Param({"100000", "10000000"})
    public int framesPerSecond;

    private OneWorker worker;

    final void prepare(Flood flood, List<DetectorConfig> detectors) {
        worker = new OneWorker(flood, FRAMES, framesPerSecond, detectors);
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long inspect() {
        return worker.inspect();
    }

    @TearDown(Level.Iteration)
    public void check() {
        worker.check();
    }

    /** Detectors that raised no verdict at all looked at nothing. */
    final void checkRaised() {
        worker.checkRaised();
    }
}
