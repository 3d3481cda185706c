package ips.bench.http;

import ips.core.counter.Counters;
import ips.core.http.HttpConfig;
import ips.core.http.HttpListener;
import ips.core.http.HttpParser;
import ips.core.http.PartListener;
import ips.core.http.RequestReader;
import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 * What does it cost to read requests of a browser's keep-alive connection, 500 bytes each, and to
 * take them apart? Requests a second, one thread; each comes in {@code segment} bytes at a time.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar HttpParserBenchmark -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HttpParserBenchmark {
    public static final int REQUESTS = 512;
    private static final int STREAMS = 64;

    @Param({"1460", "100"})
    public int segment;

    private FrameBuffer traffic;
    private int[] ends;
    private HttpParser parser;
    private HttpParser splitting;
    private long sum;

    /** A browser's request, 500 bytes within a few. */
    public static String request(int number) {
        return "GET /assets/img/products/"
                + number
                + "/large.jpg?v="
                + number * 31
                + "&width=1024&q=80 HTTP/1.1\r\n"
                + "Host: www.example.org\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
                + "Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5\r\n"
                + "Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate\r\n"
                + "Connection: keep-alive\r\nReferer: http://www.example.org/products/list?page=3\r\n"
                + "Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=light; _ga=GA1.2.3\r\n\r\n";
    }

    @Setup
    public void prepare() {
        StringBuilder text = new StringBuilder();
        ends = new int[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            text.append(request(i));
            ends[i] = text.length();
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        traffic = new FrameBuffer(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
        Counters counters = new Counters();
        parser = new HttpParser(STREAMS, HttpConfig.DEFAULTS, new Heads(), counters);
        RequestReader reader =
                new RequestReader(STREAMS, HttpConfig.DEFAULTS, new Parts(), counters);
        splitting = new HttpParser(STREAMS, HttpConfig.DEFAULTS, reader, counters);
        for (int i = 0; i < STREAMS; i++) {
            parser.opened(i);
            splitting.opened(i);
        }
    }

    private final class Heads implements HttpListener {
        @Override
        public void header(
                int stream,
                boolean fromClient,
                DirectBuffer buffer,
                int name,
                int nameLength,
                int value,
                int valueLength) {
            sum += value + valueLength;
        }
    }

    private final class Parts implements PartListener {
        @Override
        public void part(
                PartKind kind,
                DirectBuffer name,
                int nameOffset,
                int nameLength,
                DirectBuffer value,
                int valueOffset,
                int valueLength) {
            sum += valueOffset + valueLength;
        }
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long parse() {
        return feed(parser);
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long takeApart() {
        return feed(splitting);
    }

    private long feed(HttpParser to) {
        long before = sum;
        int at = 0;
        for (int i = 0; i < REQUESTS; i++) {
            int end = ends[i];
            while (at < end) {
                int length = Math.min(segment, end - at);
                to.bytes(i % STREAMS, true, traffic, at, length);
                at += length;
            }
        }
        if (sum == before) {
            throw new IllegalStateException("nothing was read");
        }
        return sum;
    }
}
