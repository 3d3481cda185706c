package ips.bench.packet;

import ips.bench.flood.Flood;
import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import java.nio.ByteBuffer;
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
 * What does decoding cost, with checksums computed and without? Frames a second, one thread.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar PacketDecoderBenchmark -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PacketDecoderBenchmark {
    /** Frames of one invocation; they stay in the second-level cache or near it. */
    public static final int FRAMES = 8192;

    @Param({"SYN_ONE_SOURCE", "SYN_OPTIONS", "ICMP", "MIXED"})
    public Flood flood;

    @Param({"true", "false"})
    public boolean checksums;

    private final Packet packet = new Packet();
    private ByteBuffer data;
    private FrameBuffer buffer;
    private PacketDecoder decoder;

    @Setup
    public void prepare() {
        data = flood.toBuffer(FRAMES, Flood.SEED);
        buffer = new FrameBuffer(data);
        decoder = new PacketDecoder(checksums, new Counters());
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long decode() {
        long sum = 0;
        int number = 0;
        for (int at = 0; at < data.limit(); number++) {
            int length = data.getInt(at);
            decoder.decode(
                    buffer,
                    at + 4,
                    length,
                    length,
                    LinkType.ETHERNET,
                    0,
                    0,
                    number,
                    number,
                    packet);
            sum += packet.sourceLow() + packet.destinationPort() + packet.tcpFlags();
            at += 4 + length;
        }
        if (number != FRAMES) {
            throw new IllegalStateException("decoded " + number + " frames of " + FRAMES);
        }
        return sum;
    }
}
