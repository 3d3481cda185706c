package ips.bench.payload;

import ips.core.payload.text.Normalizer;
import ips.core.payload.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to make one value of some 60 bytes plain, copying included: percent encoding
 * and the rest, then character references and escapes, then base64? An iteration fails in which
 * something else came out than should.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar NormalizerBenchmark -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class NormalizerBenchmark {
    @Param({
        "plain",
        "form",
        "percent",
        "percent-4",
        "percent-u",
        "overlong",
        "references",
        "escapes",
        "base64"
    })
    public String value;

    private final Normalizer normalizer = new Normalizer(1024);
    private byte[] bytes;
    private String expected;
    private Text text;

    @Setup
    public void prepare() {
        String given =
                switch (value) {
                    case "plain" -> "the-quick-brown-fox-jumps-over-the-lazy-dog-and-goes-to-sleep";
                    case "form" -> "The+quick+brown+fox%2C+it+jumps+over+the+lazy+dog%21+And+again";
                    case "percent" -> "%3Cscript%3Ealert%28%27hello%27%29%3C%2Fscript%3E";
                    case "percent-4" -> "%2525253Cscript%2525253Ealert%25252528%25252529";
                    case "percent-u" ->
                            "%u003Cscript%u003Ealert%u0028%u0029%u003C%u002Fscript%u003E";
                    case "overlong" -> "..%c0%af..%c0%af..%c0%afetc%c0%afpasswd";
                    case "references" -> "&lt;script&gt;alert&#40;1&#x29;&lt;&#x2f;script&gt;";
                    case "escapes" -> "\\x3cscript\\x3ealert\\u0028\\u0029\\x3C/script\\u003E";
                    case "base64" -> "PHNjcmlwdD5hbGVydCgnaGVsbG8nKTwvc2NyaXB0Pg==";
                    default -> throw new IllegalStateException(value);
                };
        expected =
                switch (value) {
                    case "plain" -> given;
                    case "form" -> "the quick brown fox, it jumps over the lazy dog! and again";
                    case "percent", "base64" -> "<script>alert('hello')</script>";
                    case "percent-4" -> "<script>alert()";
                    case "overlong" -> "../../../etc/passwd";
                    case "references" -> "<script>alert(1)</script>";
                    default -> "<script>alert()</script>";
                };
        bytes = given.getBytes(StandardCharsets.US_ASCII);
    }

    @Benchmark
    public int normalize() {
        System.arraycopy(bytes, 0, normalizer.raw(), 0, bytes.length);
        text = normalizer.normalize(bytes.length, true);
        Text unescaped = normalizer.unescape(text);
        if (unescaped != null) {
            text = unescaped;
        }
        Text decoded = normalizer.base64(bytes, bytes.length);
        if (decoded != null) {
            text = decoded;
        }
        return text.length();
    }

    /** What was not made plain was not measured. */
    @TearDown(Level.Iteration)
    public void check() {
        String found = new String(text.bytes(), 0, text.length(), StandardCharsets.ISO_8859_1);
        if (!found.equals(expected)) {
            throw new IllegalStateException(value + " became " + found + ", not " + expected);
        }
    }
}
