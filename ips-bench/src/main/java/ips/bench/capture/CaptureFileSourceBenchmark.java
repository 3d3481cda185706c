package ips.bench.capture;

import ips.capture.CaptureFileSource;
import ips.capture.CaptureFileWriter;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast is a capture file read from the page cache, opening included? Frames a second, one
 * thread; the sink looks at one byte of each frame.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar CaptureFileSourceBenchmark -prof gc}. The
 * file takes 76 MB (60-byte frames) or 616 MB (600-byte frames) of the temporary folder.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CaptureFileSourceBenchmark {
    public static final int FRAMES = 1_000_000;

    @Param({"60", "600"})
    public int frameLength;

    private Path path;

    @Setup
    public void write() throws IOException {
        path = Files.createTempFile("ips-bench", ".pcap");
        byte[] frame = new byte[frameLength];
        try (CaptureFileWriter writer = CaptureFileWriter.create(path, LinkType.ETHERNET)) {
            for (int i = 0; i < FRAMES; i++) {
                frame[12] = (byte) i;
                writer.write(1_600_000_000_000_000_000L + i * 100L, frame);
            }
        }
    }

    @TearDown
    public void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long read() throws IOException {
        Sink sink = new Sink();
        try (CaptureFileSource source = CaptureFileSource.open(path)) {
            while (source.poll(sink, 256) != CaptureFileSource.ENDED) {
                // The sink counts.
            }
        }
        if (sink.frames != FRAMES) {
            throw new IllegalStateException(sink.frames + " frames");
        }
        return sink.sum;
    }

    private static final class Sink implements FrameSink {
        private long frames;
        private long sum;

        @Override
        public void frame(
                long timestampNs,
                DirectBuffer buffer,
                int offset,
                int capturedLength,
                int wireLength,
                int linkType,
                int interfaceIndex,
                int flags) {
            frames++;
            sum += timestampNs + buffer.getByte(offset + 12);
        }

        @Override
        public void lost(long frames, boolean byKernel) {
            throw new IllegalStateException("a frame was lost");
        }

        @Override
        public void idle(long nowNs) {}
    }
}
