package ips.core.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import ips.core.packet.FrameBuffer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the judges cost whoever sends what: bounded steps, no allocation, no exception. */
class PayloadWorkTest {
    /** One window of a {@link RequestJudge}. */
    private static final int WINDOW = RequestJudge.WINDOW;

    /**
     * Steps of all judges together for a byte of a value. The worst of what is tried here takes
     * some 170; to look at the rest of a window again for each byte would take thousands.
     */
    private static final int STEPS_PER_BYTE = 200;

    /** What could make a judge look again and again at the same bytes. */
    private static final String[] UNITS = {
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
        "<!doctype[",
        "<!doctype a \"://" + "-//".repeat(125) + "<",
        "<!doctype a public '",
        "<xi:include ",
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
        "{process.start(\"a",
        "<%@ register ",
        "set a 1 1 1\n",
        "a_[$gt]",
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
        "data:",
        " ",
        "a",
        "1",
        ",",
        ".",
        "=",
        "=\n",
        "*)(",
        "db.",
        "a(",
        "]",
        ">",
        "+",
        "-",
        "{\"a\":",
        "{\"a\":[",
        "\u00ef\u00bc\u0087",
        "\u00a0",
        "%u0027",
        "&#39;",
        "$ifs",
        "${ifs}",
        "\n\t",
        "expression",
        "{a:",
        "aa.",
        "%5cu0027",
        "<code>",
        "<code>&lt;",
        "</code>",
        "onx={(",
        "; then ls",
        ": 'select 1,",
        "\"a\" or ",
        "{{'a'|",
        "'.a(",
        "1;a -",
        "<code>&lt;</code>",
        "ldap://",
        "#foreach($",
        "<% ",
        ";for ;do ",
        "select a from b union ",
        "http://a:6379 ",
        "$ ls;",
    };

    private static final ObjIntConsumer<byte[]> JUDGED = counted();

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final RequestJudge judge = new RequestJudge(RequestJudge.Config.DEFAULTS);

    @SuppressWarnings("unchecked")
    private static ObjIntConsumer<byte[]> counted() {
        ObjIntConsumer<byte[]> judged =
                new StepCounter("ips.core.payload.").make(JudgedValue.class, ObjIntConsumer.class);
        // the classes' own tables are built once
        for (PartKind part : PartKind.values()) {
            judged.accept(repeated("<' ${\n../", 64), part.ordinal());
        }
        return judged;
    }

    private static byte[] repeated(String unit, int length) {
        byte[] piece = unit.getBytes(StandardCharsets.ISO_8859_1);
        byte[] value = new byte[length];
        for (int i = 0; i < value.length; i++) {
            value[i] = piece[i % piece.length];
        }
        return value;
    }

    private static void assertBounded(PartKind part, byte[] value, String what) {
        long before = StepCounter.steps();
        JUDGED.accept(value, part.ordinal());
        long steps = StepCounter.steps() - before;

        assertTrue(
                steps <= (long) STEPS_PER_BYTE * value.length,
                () -> steps / value.length + " steps a byte for " + part + " of " + what);
    }

    private static String[] units() {
        return UNITS;
    }

    @ParameterizedTest
    @MethodSource("units")
    void takesFewStepsForEachByteOfARun(String unit) {
        byte[] value = repeated(unit, 2 * WINDOW);
        for (PartKind part : PartKind.values()) {
            assertBounded(part, value, unit);
        }
    }

    /** A unit that opens something, and one that makes it look for the end. */
    @ParameterizedTest
    @MethodSource("units")
    void takesFewStepsForEachByteOfTwoRuns(String first) {
        PartKind[] parts = PartKind.values();
        int turn = 0;
        for (String second : UNITS) {
            PartKind part = parts[turn++ % parts.length];
            byte[] halves = repeated(first, WINDOW / 2);
            byte[] rest = repeated(second, WINDOW / 4);
            System.arraycopy(rest, 0, halves, rest.length, rest.length);

            assertBounded(part, halves, first + " before " + second);
            assertBounded(part, repeated(first + second, WINDOW / 8), first + second);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "'", "%25", "{\"a\":", "[", "<a b=\"", " or 1=1"})
    void takesFewStepsForEachOfTenMegabytesWithoutALineEnd(String unit) {
        assertBounded(PartKind.BODY, repeated(unit, 10 << 20), unit);
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
