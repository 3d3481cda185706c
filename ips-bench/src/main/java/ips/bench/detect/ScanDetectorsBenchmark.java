package ips.bench.detect;

import ips.bench.flood.Flood;
import ips.core.counter.Counters;
import ips.core.detect.Detector;
import ips.core.detect.DetectorConfig;
import ips.core.detect.DetectorContext;
import ips.core.detect.FlagScanDetector;
import ips.core.detect.IpProtocolScanDetector;
import ips.core.detect.PortScanDetector;
import ips.core.detect.SweepDetector;
import ips.core.flow.ConnectionTable;
import ips.core.flow.ConnectionTracker;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
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

    private final Counters counters = new Counters();
    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(false, counters);
    private ByteBuffer data;
    private FrameBuffer buffer;
    private SourceTable sources;
    private ConnectionTracker tracker;
    private Detector[] detectors;
    private Detector[] ofTcp;
    private long nowNs = 1_700_000_000_000_000_000L;
    private long nextTickNs;
    private long number;
    private long raised;

    @Setup
    public void prepare() {
        data = flood.toBuffer(FRAMES, Flood.SEED);
        buffer = new FrameBuffer(data);
        sources = new SourceTable(1 << 17, counters);
        ConnectionTracker.Config limits = ConnectionTracker.Config.DEFAULTS;
        ConnectionTable connections = new ConnectionTable(limits.capacity(), counters);
        DetectorContext context =
                new DetectorContext(
                        sources,
                        connections,
                        new DestinationTable(4096, 1, counters),
                        report -> raised++,
                        counters,
                        1);
        List<DetectorConfig> configs =
                scans
                        ? List.of(
                                PortScanDetector.Config.DEFAULTS,
                                SweepDetector.Config.DEFAULTS,
                                FlagScanDetector.Config.DEFAULTS,
                                IpProtocolScanDetector.Config.DEFAULTS)
                        : List.of();
        detectors = configs.stream().map(config -> config.create(context)).toArray(Detector[]::new);
        ofTcp =
                List.of(detectors).stream()
                        .filter(d -> d.packetClasses().contains(Detector.PacketClass.TCP))
                        .toArray(Detector[]::new);
        sources.seal();
        tracker = new ConnectionTracker(connections, sources, counters, limits, detectors);
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long inspect() {
        long stepNs = 1_000_000_000L / framesPerSecond;
        for (int at = 0; at < data.limit(); ) {
            int length = data.getInt(at);
            nowNs += stepNs;
            if (nowNs >= nextTickNs) {
                tick();
            }
            decoder.decode(
                    buffer,
                    at + 4,
                    length,
                    length,
                    LinkType.ETHERNET,
                    0,
                    0,
                    nowNs,
                    ++number,
                    packet);
            int source = sources.findOrAdd(packet.sourceHigh(), packet.sourceLow(), nowNs);
            tracker.packet(packet, source, true, true);
            for (Detector detector : ofTcp) {
                detector.packet(packet, source);
            }
            at += 4 + length;
        }
        return raised;
    }

    private void tick() {
        nextTickNs = nowNs + Detector.TICK_NS;
        tracker.tick(nowNs, number);
        for (Detector detector : detectors) {
            detector.tick(nowNs, number);
        }
    }
}
