package ips.bench.stream;

import ips.core.counter.Counters;
import ips.core.flow.ConnectionTable;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.TcpFlags;
import ips.core.stream.StreamConfig;
import ips.core.stream.StreamListener;
import ips.core.stream.StreamReassembler;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
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
 * What does a segment of 500 bytes cost, over 1,000 connections in turn: in order, in pairs that
 * come swapped, behind a decoy each? Segments a second, decoded before, one thread.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar StreamReassemblerBenchmark -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class StreamReassemblerBenchmark {
    public static final int SEGMENTS = 32;
    private static final int CONNECTIONS = 1000;
    private static final int SIZE = 500;

    /**
     * Room for a held segment of each connection, which may lie across two blocks of a kilobyte.
     */
    private static final StreamConfig CONFIG = new StreamConfig(4096, 4 << 20, 256 << 10);

    @Param({"IN_ORDER", "SWAPPED", "DECOYS"})
    public Order order;

    /** How segments come. */
    public enum Order {
        IN_ORDER,
        SWAPPED,
        DECOYS
    }

    private final Packet[] packets = new Packet[SEGMENTS];
    private StreamReassembler streams;
    private ConnectionTable connections;
    private Packet syn;
    private Packet synAck;
    private long told;

    @Setup
    public void prepare() {
        Counters counters = new Counters();
        connections = new ConnectionTable(1024, counters);
        streams = new StreamReassembler(connections, CONFIG, new Sum(), counters);
        syn = packet(true, 999, 0, TcpFlags.SYN, 0, 64);
        synAck = packet(false, 8999, 1000, TcpFlags.SYN | TcpFlags.ACK, 0, 64);
        for (int i = 0; i < SEGMENTS; i++) {
            int place =
                    switch (order) {
                        case IN_ORDER -> i;
                        case SWAPPED -> i ^ 1;
                        case DECOYS -> i / 2;
                    };
            int ttl = order == Order.DECOYS && i % 2 == 0 ? 1 : 64;
            packets[i] = packet(true, 1000 + SIZE * place, 9000, TcpFlags.ACK, SIZE, ttl);
        }
    }

    private static Packet packet(boolean client, int seq, int ack, int flags, int length, int ttl) {
        FrameBuilder frame =
                client
                        ? FrameBuilder.tcp("10.0.0.1", 4000, "10.0.0.2", 80)
                        : FrameBuilder.tcp("10.0.0.2", 80, "10.0.0.1", 4000);
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) (seq + i);
        }
        FrameBuffer buffer =
                frame.seq(seq)
                        .ack(ack)
                        .flags(flags)
                        .ttl(ttl)
                        .window(65_535)
                        .payload(data)
                        .buildBuffer();
        Packet packet = new Packet();
        int size = buffer.capacity();
        new PacketDecoder(true, new Counters())
                .decode(buffer, 0, size, size, LinkType.ETHERNET, 0, 0, 1, 1, packet);
        return packet;
    }

    private final class Sum implements StreamListener {
        @Override
        public void bytes(
                int stream, boolean fromClient, DirectBuffer buffer, int offset, int length) {
            told += length;
        }
    }

    /** All connections open, send and are forgotten; a handshake is a 16th of the segments. */
    @Benchmark
    @OperationsPerInvocation(CONNECTIONS * (SEGMENTS + 2))
    public long segments() {
        long before = told;
        for (int i = 0; i < CONNECTIONS; i++) {
            streams.segment(i, true, syn);
            streams.segment(i, false, synAck);
        }
        for (Packet packet : packets) {
            for (int i = 0; i < CONNECTIONS; i++) {
                streams.segment(i, true, packet);
            }
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            streams.forgotten(i);
            connections.attachStream(i, 0);
        }
        int real = order == Order.DECOYS ? SEGMENTS / 2 : SEGMENTS;
        if (told - before != (long) CONNECTIONS * real * SIZE) {
            throw new IllegalStateException("bytes told: " + (told - before));
        }
        return told;
    }
}
