package ips.bench.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Two threads, one of which hands the time to the other through one word a thousand times a second,
 * while both spin: what is above a microsecond is the machine's doing, that of its scheduler or of
 * the host below.
 */
final class HandOver {
    private static final long INTERVAL_NS = 1_000_000;
    private static final int WARM_UP = 2000;

    private final long beginNs = System.nanoTime();
    private final AtomicLong word = new AtomicLong();
    private final long[] latenciesNs;

    HandOver(int count) {
        latenciesNs = new long[count];
    }

    /** How long each hand-over took, in nanoseconds and the order made. */
    long[] run() {
        int count = WARM_UP + latenciesNs.length;
        Thread receiver = new Thread(() -> receive(count), "hand-over");
        receiver.start();
        for (int i = 1; i <= count; i++) {
            // One that the receiver has not taken yet is waited for, so that none is missed.
            while (word.getAcquire() != 0 || now() < i * INTERVAL_NS) {
                Thread.onSpinWait();
            }
            word.setRelease(now());
        }
        try {
            receiver.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return latenciesNs;
    }

    private void receive(int count) {
        for (int i = 0; i < count; i++) {
            long sentNs;
            while ((sentNs = word.getAcquire()) == 0) {
                Thread.onSpinWait();
            }
            long latencyNs = now() - sentNs;
            word.setRelease(0);
            if (i >= WARM_UP) {
                latenciesNs[i - WARM_UP] = latencyNs;
            }
        }
    }

    private long now() {
        return System.nanoTime() - beginNs;
    }
}
