package ips.bench.detect;

import ips.bench.flood.Flood;
import ips.core.detect.DetectorConfig;
import ips.core.detect.FlagScanDetector;
import ips.core.detect.IpProtocolScanDetector;
import ips.core.detect.PortScanDetector;
import ips.core.detect.SweepDetector;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What do the scan detectors cost on top of decoding and connection tracking? One worker's work on
 * one thread, frames a second; the difference between {@code scans} true and false is theirs.
 *
 * <p>At 100,000 frames a second of frame time every SYN is judged once its grace is over, which is
 * the detectors' dearest case; at ten million the tracker's queue is full of attempts.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar ScanDetectorsBenchmark -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ScanDetectorsBenchmark {
    /** Frames of one invocation. */
    public static final int FRAMES = 1 << 18;

    @Param({"SYN_SPOOFED", "SYN_ONE_SOURCE", "FLAG_SCANS"})
    public Flood flood;

    @Param({"100000", "10000000"})
    public int framesPerSecond;

    @Param({"false", "true"})
    public boolean scans;

    private OneWorker worker;

    @Setup
    public void prepare() {
        List<DetectorConfig> configs =
                List.of(
                        PortScanDetector.Config.DEFAULTS,
                        SweepDetector.Config.DEFAULTS,
                        FlagScanDetector.Config.DEFAULTS,
                        IpProtocolScanDetector.Config.DEFAULTS);
        worker = new OneWorker(flood, FRAMES, framesPerSecond, scans ? configs : List.of());
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

    /** Probes of all ports that raise no verdict were not looked at. */
    @TearDown
    public void checkVerdicts() {
        if (scans && flood == Flood.FLAG_SCANS) {
            worker.checkRaised();
        }
    }
}
