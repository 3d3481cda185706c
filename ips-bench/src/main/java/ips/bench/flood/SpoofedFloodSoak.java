package ips.bench.flood;

import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.EngineReport;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import ips.core.verdict.Kind;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Does anything grow, fail or fall on the innocent while every frame comes from another source? A
 * whole engine with two workers takes a flood of {@link SpoofedFrames} at 100,000 frames a second
 * of frame time; the program prints what it saw and ends with 0, or says what was wrong and ends
 * with 1.
 *
 * <p>Run: {@code java -Xmx256m -cp "ips-bench/target/ips-bench.jar:ips-bench/target/lib/*"
 * ips.bench.flood.SpoofedFloodSoak [SOURCES]}, ten million unless told otherwise.
 */
public final class SpoofedFloodSoak {
    private static final int DEFAULT_SOURCES = 10_000_000;
    private static final int WORKERS = 2;
    private static final long FRAME_GAP_NS = 10_000;
    private static final long START_NS = 1_700_000_000_000_000_000L;

    /** What the heap may hold more at the end than at half time, garbage collected. */
    private static final long MARGIN_BYTES = 4 << 20;

    private static final Set<Kind> FLOODS = Set.of(Kind.SYN_FLOOD, Kind.ICMP_FLOOD, Kind.UDP_FLOOD);

    private final int sources;
    private final FrameBuffer buffer = new FrameBuffer(new byte[Flood.MAX_FRAME_LENGTH]);
    private final List<String> wrong = new ArrayList<>();
    private volatile Throwable error;

    private SpoofedFloodSoak(int sources) {
        this.sources = sources;
    }

    /**
     * @param arguments how many sources, 1,000 to 33,554,432
     */
    public static void main(String[] arguments) {
        int sources = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_SOURCES;
        if (sources < 1000 || sources > SpoofedFrames.MOST) {
            throw new IllegalArgumentException("1,000 to " + SpoofedFrames.MOST + " sources");
        }
        List<String> wrong = new SpoofedFloodSoak(sources).run();
        wrong.forEach(line -> System.out.println("WRONG: " + line));
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private List<String> run() {
        EngineConfig config = EngineConfig.DEFAULTS.withWorkers(WORKERS);
        try (Engine engine = Engine.builder().config(config).errorHandler(e -> error = e).build()) {
            long began = System.nanoTime();
            int half = sources / 2;
            send(engine, 0, half);
            long usedAtHalf = usedBytes(engine);
            send(engine, half, sources);
            long usedAtEnd = usedBytes(engine);
            engine.close();
            double seconds = (System.nanoTime() - began) / 1e9;

            EngineReport report = engine.report();
            print(report, seconds, usedAtHalf, usedAtEnd);
            check(report, usedAtEnd - usedAtHalf);
        }
        return wrong;
    }

    private void send(Engine engine, int from, int to) {
        FrameSink sink = engine.frames();
        for (int number = from; number < to; number++) {
            int length = SpoofedFrames.frame(buffer.byteArray(), number);
            long timeNs = START_NS + number * FRAME_GAP_NS;
            sink.frame(timeNs, buffer, 0, length, length, LinkType.ETHERNET, 0, 0);
        }
        sink.idle(0);
    }

    /** Of the heap, with everything judged that was sent and no garbage left. */
    private static long usedBytes(Engine engine) {
        while (engine.backlog() > 0) {
            Thread.onSpinWait();
        }
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void print(EngineReport report, double seconds, long usedAtHalf, long usedAtEnd) {
        System.out.printf(
                Locale.ROOT,
                "%,d sources in %.1f s, heap of %d MiB: %.1f MiB used at half time, %.1f at the"
                        + " end%n",
                sources,
                seconds,
                Runtime.getRuntime().maxMemory() >> 20,
                usedAtHalf / 1048576.0,
                usedAtEnd / 1048576.0);
        for (Detection detection : report.detections()) {
            System.out.printf(
                    Locale.ROOT,
                    "%s from %s against %s: %,d (%s)%n",
                    detection.kind(),
                    detection.source() == null ? "many" : detection.source(),
                    detection.destination(),
                    detection.count(),
                    detection.evidence());
        }
        System.out.println(report.bans().size() + " bans");
    }

    private void check(EngineReport report, long grownBytes) {
        Map<Counter, Long> counters = report.counters();
        expect("no exception", error == null, error);
        equal("frames", report.frames(), sources);
        equal("processed", counters.get(Counter.FRAMES_PROCESSED), sources);
        for (Counter none :
                List.of(
                        Counter.WORKER_ERRORS,
                        Counter.VERDICTS_LOST,
                        Counter.IPV4_CHECKSUM_WRONG,
                        Counter.TCP_CHECKSUM_WRONG,
                        Counter.UDP_CHECKSUM_WRONG,
                        Counter.ICMP_CHECKSUM_WRONG)) {
            equal(none.name(), counters.get(none), 0);
        }
        expect("a heap that does not grow", grownBytes <= MARGIN_BYTES, grownBytes);
        expect("no bans", report.bans().isEmpty(), report.bans());

        Set<String> expected = new TreeSet<>();
        for (Kind kind : FLOODS) {
            expected.add(kind + " against " + SpoofedFrames.VICTIM);
            expected.add(kind + " against " + SpoofedFrames.VICTIM_V6);
        }
        Set<String> found = new TreeSet<>();
        for (Detection detection : report.detections()) {
            String source = detection.source() == null ? "" : " from " + detection.source();
            found.add(detection.kind() + source + " against " + detection.destination());
            // A sixth of the frames each; tables that are full may lose one in a hundred of it.
            long most = sources / 6 + 1;
            expect(
                    "99 to 100 % of " + most + " counted",
                    detection.count() <= most && detection.count() >= most - most / 100,
                    detection);
        }
        expect("one detection per kind and victim: " + expected, found.equals(expected), found);
    }

    private void equal(String what, long value, long expected) {
        expect(what + ": " + expected, value == expected, value);
    }

    private void expect(String what, boolean holds, Object found) {
        if (!holds) {
            wrong.add("expected " + what + ", found " + found);
        }
    }
}
