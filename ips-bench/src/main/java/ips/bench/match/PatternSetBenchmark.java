package ips.bench.match;

import ips.core.match.PatternCompiler;
import ips.core.match.PatternSet;
import java.nio.charset.StandardCharsets;
import java.util.Random;
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
 * How many bytes a second does one thread search for how many patterns? Text of requests, of which
 * a few hold a pattern; patterns are paths and words as rules have them, 4 to 24 bytes.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar PatternSetBenchmark -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PatternSetBenchmark {
    /** Bytes of one invocation. */
    public static final int BYTES = 1 << 20;

    private static final String[] SYLLABLES =
            ("ad min wp con fig in dex log up load sh ell pass wd etc cgi bin php asp x jsp cmd ex"
                            + " ec se lect un ion scr ipt ev al base 64 user agent / . = ? & - _")
                    .split(" ");

    @Param({"10", "1000", "10000", "30000"})
    public int patterns;

    private PatternSet set;
    private byte[] text;
    private long found;

    @Setup
    public void prepare() {
        Random random = new Random(11);
        PatternCompiler compiler = new PatternCompiler();
        for (int i = 0; i < patterns; i++) {
            String pattern = word(random, 2 + random.nextInt(7)) + Integer.toString(i, 36);
            compiler.add(pattern.getBytes(StandardCharsets.ISO_8859_1), random.nextInt(4) > 0);
        }
        long begin = System.nanoTime();
        set = compiler.build();
        System.out.printf(
                "%n%d patterns: %.1f MB, built in %.0f ms, at most %d compared%n",
                set.size(),
                set.memoryBytes() / 1e6,
                (System.nanoTime() - begin) / 1e6,
                set.mostCompared());
        StringBuilder requests = new StringBuilder(BYTES + 1024);
        while (requests.length() < BYTES) {
            requests.append("GET /").append(word(random, 8)).append("?q=").append(word(random, 6));
            requests.append(" HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: Mozilla/5.0 (X11; ")
                    .append("Linux x86_64; rv:109.0) Gecko/20100101 Firefox/118.0\r\nAccept: text/")
                    .append("html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n")
                    .append("Accept-Encoding: gzip, deflate, br\r\nConnection: keep-alive\r\n\r\n");
        }
        text = requests.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String word(Random random, int syllables) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
        }
        return word.toString();
    }

    @Benchmark
    @OperationsPerInvocation(BYTES)
    public long scan() {
        set.scan(text, 0, BYTES, (pattern, end) -> found++);
        return found;
    }
}
