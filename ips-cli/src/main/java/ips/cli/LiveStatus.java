package ips.cli;

import ips.capture.CaptureSource;
import ips.cli.report.Units;
import ips.core.Engine;
import ips.core.counter.Counter;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the status line of a live run up to date and tells at once what is wrong with its links, on
 * a thread of its own.
 */
final class LiveStatus implements AutoCloseable {
    private static final long PERIOD_MS = 500;

    private final Engine engine;
    private final CaptureSource source;
    private final StatusLine line;
    private final PrintStream errors;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("ips-status"));
    private long lastNs = System.nanoTime();
    private long lastFrames;
    private long lastBytes;
    private String lastWrong = "";

    /**
     * @param errors where a person reads what goes wrong
     */
    LiveStatus(Engine engine, CaptureSource source, StatusLine line, PrintStream errors) {
        this.engine = engine;
        this.source = source;
        this.line = line;
        this.errors = errors;
        thread.scheduleAtFixedRate(this::update, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void update() {
        String wrong = source.status();
        tell(wrong);
        if (line.isShown()) {
            show(wrong);
        }
    }

    /** Without a terminal nobody sees the status line, and a journal is read later. */
    private void tell(String wrong) {
        if (!wrong.equals(lastWrong)) {
            errors.println(
                    wrong.isEmpty() ? "ips: frames are read again" : "ips: warning: " + wrong);
            lastWrong = wrong;
        }
    }

    private void show(String wrong) {
        Map<Counter, Long> counters = engine.counters();
        long nowNs = System.nanoTime();
        long frames = counters.get(Counter.FRAMES_RECEIVED);
        long bytes = counters.get(Counter.BYTES_RECEIVED);
        double seconds = Math.max(1, nowNs - lastNs) / 1e9;
        line.show(
                text((frames - lastFrames) / seconds, 8 * (bytes - lastBytes) / seconds, counters)
                        + (wrong.isEmpty() ? "" : "  " + wrong));
        lastNs = nowNs;
        lastFrames = frames;
        lastBytes = bytes;
    }

    private static String text(
            double framesPerSecond, double bitsPerSecond, Map<Counter, Long> counters) {
        long lost =
                counters.get(Counter.FRAMES_LOST_BY_KERNEL)
                        + counters.get(Counter.FRAMES_LOST_BY_SOURCE);
        long ended =
                counters.get(Counter.BANS_EXPIRED)
                        + counters.get(Counter.BANS_LIFTED)
                        + counters.get(Counter.BANS_EVICTED)
                        + counters.get(Counter.BANS_REVOKED);
        return "%s frames/s  %.1f Mbit/s  lost %s  detections %s  bans %s"
                .formatted(
                        Units.rounded(Math.rint(framesPerSecond)),
                        bitsPerSecond / 1e6,
                        Units.count(lost),
                        Units.count(counters.get(Counter.DETECTIONS)),
                        Units.count(counters.get(Counter.BANS) - ended));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        line.close();
    }
}
