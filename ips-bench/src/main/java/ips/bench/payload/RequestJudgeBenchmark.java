package ips.bench.payload;

import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import ips.core.payload.RequestJudge;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does judging one request of a browser cost, and what does it cost when a value is an attack
 * or merely looks like one? Figures over a corpus come from {@code ips.bench.eval.PayloadSpeed}.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar RequestJudgeBenchmark -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class RequestJudgeBenchmark {
    /** What the last parameter of the query holds. */
    @Param({"plain", "url", "json", "prose", "sqli", "xss"})
    public String value;

    private final RequestJudge judge = new RequestJudge(RequestJudge.Config.DEFAULTS);
    private PartKind[] parts;
    private FrameBuffer[] names;
    private FrameBuffer[] values;

    @Setup
    public void request() {
        String last =
                switch (value) {
                    case "plain" -> "blue-suede-shoes";
                    case "url" -> "https%3A%2F%2Fwww.example.org%2Fshop%3Fid%3D12%26ref%3Dhome";
                    case "json" -> "%7B%22name%22%3A%22page%22%2C%22value%22%3A%5B1%2C2%5D%7D";
                    case "prose" ->
                            "the+cat+and+the+dog+select+a+place+to+sleep%2C+don%27t+they%3F";
                    case "sqli" -> "1%27+union+select+1%2Cversion%28%29--+-";
                    case "xss" -> "%22%3E%3Cimg+src%3Dx+onerror%3Dalert%281%29%3E";
                    default -> throw new IllegalStateException(value);
                };
        String[][] request = {
            {"", "/catalog/shoes/item-48213.html"},
            {"page", "2"},
            {"sort", "price"},
            {"utm_source", "newsletter"},
            {
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0"
            },
            {"sid", "8f14e45fceea167a5a36dedd4bea2543"},
            {"referer", "https://www.example.org/catalog/shoes"},
            {"q", last}
        };
        parts =
                new PartKind[] {
                    PartKind.PATH,
                    PartKind.QUERY,
                    PartKind.QUERY,
                    PartKind.QUERY,
                    PartKind.USER_AGENT,
                    PartKind.COOKIE,
                    PartKind.REFERER,
                    PartKind.QUERY
                };
        names = new FrameBuffer[request.length];
        values = new FrameBuffer[request.length];
        for (int i = 0; i < request.length; i++) {
            names[i] = new FrameBuffer(request[i][0].getBytes(StandardCharsets.US_ASCII));
            values[i] = new FrameBuffer(request[i][1].getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Benchmark
    public int judge() {
        judge.begin();
        for (int i = 0; i < parts.length; i++) {
            judge.part(
                    parts[i], names[i], 0, names[i].capacity(), values[i], 0, values[i].capacity());
        }
        return judge.verdict().score();
    }
}
