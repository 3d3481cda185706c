package ips.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jline.utils.Signals;

/**
 * Ctrl-C, SIGTERM and SIGHUP ask for an end in good order; a second one ends at once. Where nobody
 * sits at a terminal that could hang up, SIGHUP may mean something else. In force while open; what
 * was ignored at the start, as nohup has it, stays so.
 */
final class Interrupts implements AutoCloseable {
    private static final String HANG_UP = "HUP";
    private static final String[] SIGNALS = {"INT", "TERM", HANG_UP};

    /** What a shell shows for a process ended by SIGINT. */
    private static final int ENDED_BY_INTERRUPT = 130;

    /** What comes sooner is the same wish: {@code timeout} signals its child, then its group. */
    private static final long SAME_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long NEVER = Long.MAX_VALUE;

    private final AtomicLong firstNs = new AtomicLong(NEVER);
    private final Object[] before = new Object[SIGNALS.length];

    Interrupts(Runnable stop) {
        this(stop, null);
    }

    /**
     * @param hungUp what SIGHUP does instead of ending; null for nothing else
     */
    Interrupts(Runnable stop, Runnable hungUp) {
        for (int i = 0; i < SIGNALS.length; i++) {
            boolean other = hungUp != null && SIGNALS[i].equals(HANG_UP);
            before[i] = Signals.register(SIGNALS[i], other ? hungUp : () -> received(stop));
        }
    }

    private void received(Runnable stop) {
        long nowNs = System.nanoTime();
        if (firstNs.compareAndSet(NEVER, nowNs)) {
            stop.run();
        } else if (nowNs - firstNs.get() > SAME_NS) {
            Runtime.getRuntime().halt(ENDED_BY_INTERRUPT);
        }
    }

    /** Once a signal came they stay: the process is about to end, and may get the same again. */
    @Override
    public void close() {
        if (firstNs.get() != NEVER) {
            return;
        }
        for (int i = 0; i < SIGNALS.length; i++) {
            Signals.unregister(SIGNALS[i], before[i]);
        }
    }
}
