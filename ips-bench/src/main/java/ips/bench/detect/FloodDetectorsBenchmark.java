package ips.bench.detect;

import ips.bench.flood.Flood;
import ips.core.detect.DetectorConfig;
import ips.core.detect.PingFloodDetector;
import ips.core.detect.PingOfDeathDetector;
import ips.core.detect.SmurfDetector;
import ips.core.detect.SynAckFloodDetector;
import ips.core.detect.SynFloodDetector;
import ips.core.detect.UdpFloodDetector;
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
 * What do the flood detectors cost on top of decoding and connection tracking? One worker's work on
 * one thread, frames a second; the difference between {@code floods} true and false is theirs.
 *
 * <p>At 100,000 frames a second of frame time every SYN and datagram is judged once its grace is
 * over; at ten million the tracker's queue is full of attempts.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar FloodDetectorsBenchmark -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FloodDetectorsBenchmark {
    /** Frames of one invocation. */
    public static final int FRAMES = 1 << 18;

    @Param({"SYN_SPOOFED", "SYN_ONE_SOURCE", "ICMP", "UDP_SPOOFED"})
    public Flood flood;

    @Param({"100000", "10000000"})
    public int framesPerSecond;

    @Param({"false", "true"})
    public boolean floods;

    private OneWorker worker;

    @Setup
    public void prepare() {
        List<DetectorConfig> configs =
                List.of(
                        SynFloodDetector.Config.DEFAULTS,
                        SynAckFloodDetector.Config.DEFAULTS,
                        PingFloodDetector.Config.DEFAULTS,
                        SmurfDetector.Config.DEFAULTS,
                        PingOfDeathDetector.Config.DEFAULTS,
                        UdpFloodDetector.Config.DEFAULTS);
        worker = new OneWorker(flood, FRAMES, framesPerSecond, floods ? configs : List.of());
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

    /** A flood that is not reported was not looked at. */
    @TearDown
    public void checkReports() {
        if (floods) {
            worker.checkRaised();
        }
    }
}
