package ips.cli;

import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;

/**
 * Ctrl-C and SIGTERM ask for an end in good order; a second one ends at once. In force while open.
 */
final class Interrupts implements AutoCloseable {
    private static final String[] SIGNALS = {"INT", "TERM"};

    /** What a shell shows for a process ended by SIGINT. */
    private static final int ENDED_BY_INTERRUPT = 130;

    private final AtomicInteger received = new AtomicInteger();
    private final Object[] before = new Object[SIGNALS.length];

    Interrupts(Runnable stop) {
        for (int i = 0; i < SIGNALS.length; i++) {
            before[i] = Signals.register(SIGNALS[i], () -> received(stop));
        }
    }

    private void received(Runnable stop) {
        if (received.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(ENDED_BY_INTERRUPT);
        }
        stop.run();
    }

    @Override
    public void close() {
        for (int i = 0; i < SIGNALS.length; i++) {
            Signals.unregister(SIGNALS[i], before[i]);
        }
    }
}
