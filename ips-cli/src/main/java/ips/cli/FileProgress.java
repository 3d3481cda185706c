package ips.cli;

import ips.capture.CaptureSource;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on the terminal that follows the reading of files; a short reading never shows it. */
final class FileProgress implements AutoCloseable {
    private static final long DELAY_MS = 400;
    private static final long PERIOD_MS = 100;
    private static final long MEBIBYTE = 1 << 20;

    /** Every terminal has as many columns; a bar that wraps could not be rewritten. */
    private static final int COLUMNS = 79;

    private static final int MOST_OF_NAME = 24;

    private final CaptureSource source;
    private final PrintStream terminal;
    private final String name;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("ips-progress"));
    private ProgressBar bar;

    /** Follows at once if {@code shown}, otherwise never. */
    FileProgress(CaptureSource source, String name, PrintStream terminal, boolean shown) {
        this.source = source;
        this.name =
                name.length() <= MOST_OF_NAME
                        ? name
                        : "..." + name.substring(name.length() - MOST_OF_NAME + 3);
        this.terminal = terminal;
        if (shown) {
            thread.scheduleAtFixedRate(this::update, DELAY_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void update() {
        CaptureSource.Progress progress = source.progress();
        if (bar == null) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(name)
                            .setInitialMax(progress.totalBytes())
                            .setUnit(" MiB", MEBIBYTE)
                            .showSpeed()
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUpdateIntervalMillis((int) PERIOD_MS)
                            .setConsumer(new Line(terminal))
                            .clearDisplayOnFinish()
                            .build();
        }
        bar.stepTo(progress.doneBytes());
    }

    @Override
    public void close() {
        thread.shutdownNow();
        synchronized (this) {
            if (bar != null) {
                bar.close();
            }
        }
    }

    /** Leaves nothing behind, no empty line either. */
    private static final class Line extends ConsoleProgressBarConsumer {
        private final PrintStream terminal;

        Line(PrintStream terminal) {
            super(terminal, COLUMNS);
            this.terminal = terminal;
        }

        @Override
        public void close() {
            terminal.flush();
        }
    }
}
