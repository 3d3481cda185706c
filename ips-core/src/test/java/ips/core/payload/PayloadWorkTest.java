package ips.core.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import ips.core.packet.FrameBuffer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the judges cost whoever sends what: bounded time, no allocation, no exception. */
class PayloadWorkTest {
    private static final int VALUE_BYTES = 256 << 10;

    /**
     * CPU time for that many bytes. Linear work takes some 50 ms, quadratic work over windows of 16
     * KiB more than four seconds.
     */
    private static final long LIMIT_NS = 1_500_000_000L;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** No limit on a request's bytes, so that the whole of a long value is judged. */
    private final RequestJudge judge =
            new RequestJudge(
                    new RequestJudge.Config(Preset.BALANCED, Set.of(), List.of(), 64 << 20));

    /** What could make a judge look again and again at the same bytes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'",
                "\"",
                "%25",
                "%2525252525",
                "%",
                "(",
                ")",
                "/*",
                "/*!",
                "*/",
                "--",
                "-- \n",
                "#\n",
                "<",
                "<a ",
                "<a b=\"",
                "<!--",
                "<!doctype ",
                "&#",
                "&#x",
                "&lt",
                "\\u0027",
                "\\",
                "..",
                "../",
                "./",
                "${",
                "${lower:",
                "${a:-",
                "}",
                "{{",
                "{",
                "{a,",
                "' or ",
                "select ",
                "union ",
                "or 1=",
                "1 or (",
                "||",
                "a=",
                "onx=",
                ":",
                "javascript",
                "java script:",
                "://",
                "//",
                "@",
                "@@",
                "$(",
                "`",
                ";",
                "; ls",
                "|",
                "$@",
                "'a'",
                "o:1:\"",
                "\n",
                "\r\n",
                "\0",
                "\u00c0",
                "\u00fc\u0080",
                "[",
                "return ",
                "$where",
                "un/**/",
                "0x",
                "a.b",
                "(select ",
                "case when ",
                "char(",
                "if(",
                "not ",
                "==",
                "http://1",
                "1.1.",
                "data:"
            })
    void takesTimeInProportionToTheBytes(String unit) {
        FrameBuffer buffer = repeated(unit, VALUE_BYTES);

        long before = threads.getCurrentThreadCpuTime();
        judgeWhole(buffer);
        long spent = threads.getCurrentThreadCpuTime() - before;

        assertTrue(spent < LIMIT_NS, () -> spent / 1_000_000 + " ms for " + unit);
    }

    @Test
    void takesTenMegabytesOfQuotes() {
        FrameBuffer buffer = repeated("'", 10 << 20);

        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> judgeWhole(buffer));
    }

    private static FrameBuffer repeated(String unit, int length) {
        byte[] piece = unit.getBytes(StandardCharsets.ISO_8859_1);
        byte[] value = new byte[length];
        for (int i = 0; i < value.length; i++) {
            value[i] = piece[i % piece.length];
        }
        return new FrameBuffer(value);
    }

    private void judgeWhole(FrameBuffer buffer) {
        judge.begin();
        judge.part(PartKind.FORM, buffer, 0, buffer.capacity());
        judge.verdict();
    }

    @Test
    void noRandomTextMakesItThrow() {
        Random random = new Random(20260101);
        String[] pieces = {
            "'",
            "\"",
            "`",
            " or ",
            "and",
            "union",
            "select",
            "(",
            ")",
            "--",
            "/*",
            "*/",
            "#",
            ";",
            "%27",
            "%",
            "\\",
            "\\u00",
            "&#",
            "&lt;",
            "<",
            ">",
            "script",
            "onload=",
            "=",
            "javascript:",
            "${",
            "}",
            "{{",
            "../",
            "/etc/passwd",
            "|",
            "&",
            "cat ",
            "$IFS",
            "{a,b}",
            "0x41",
            "1",
            ",",
            "\n",
            "\0",
            "\u00c0\u00af",
            "\u00ef\u00bc\u0087",
            "http://",
            "127.0.0.1",
            "[::",
            "]",
            "@@x",
            "!",
            "~",
            "case",
            "when",
            "char(",
            "sleep(",
            "order by",
            "having",
            "in",
            "not",
            "o:8:\"a",
            "$gt",
            "*)(",
            "data:"
        };
        byte[] bytes = new byte[4096];
        FrameBuffer buffer = new FrameBuffer(bytes);
        PartKind[] parts = PartKind.values();
        for (int round = 0; round < 10_000; round++) {
            int length = 0;
            int target = random.nextInt(120);
            while (length < target) {
                if (random.nextInt(8) == 0) {
                    bytes[length++] = (byte) random.nextInt(256);
                    continue;
                }
                byte[] piece =
                        pieces[random.nextInt(pieces.length)].getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(piece, 0, bytes, length, piece.length);
                length += piece.length;
            }
            judge.begin();
            judge.part(parts[round % parts.length], buffer, 0, length);
            judge.verdict();
        }
    }

    @Test
    void allocatesNothing() {
        String[] values = {
            "blue+shoes", "1' or '1'='1", "%3Cscript%3Ealert(1)%3C/script%3E",
                    "..%2f..%2fetc%2fpasswd",
            "${jndi:ldap://x/a}", "; cat /etc/passwd", "{{7*7}}", "http://169.254.169.254/latest/",
            "Mozilla/5.0 (X11; Linux x86_64)", "MScgb3IgJzEnPScx", "O'Brien & sons",
                    "\\u003cb\\u003e"
        };
        FrameBuffer[] buffers = new FrameBuffer[values.length];
        for (int i = 0; i < values.length; i++) {
            buffers[i] = new FrameBuffer(values[i].getBytes(StandardCharsets.ISO_8859_1));
        }
        PartKind[] parts = PartKind.values();
        rounds(buffers, values, parts, 2_000);

        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            rounds(buffers, values, parts, 1_000);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertEquals(0, least);
    }

    private void rounds(FrameBuffer[] buffers, String[] values, PartKind[] parts, int rounds) {
        for (int round = 0; round < rounds; round++) {
            judge.begin();
            for (int i = 0; i < buffers.length; i++) {
                judge.part(parts[(round + i) % parts.length], buffers[i], 0, values[i].length());
            }
            judge.verdict();
        }
    }
}
