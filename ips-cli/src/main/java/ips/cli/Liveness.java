package ips.cli;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether a live sensor goes on: bans are decided, and frames' time moves on, which it does on an
 * idle link, too. A worker that hangs, or a capture thread, has it stand still. For any thread;
 * asked now and then.
 */
final class Liveness implements BooleanSupplier {
    /** A clock set back by up to 10 s has frames' time stand still for as long. */
    static final long LONGEST_STILL_NS = 15_000_000_000L;

    private final BooleanSupplier answers;
    private final LongSupplier progressNs;
    private final LongSupplier clockNs;
    private long lastNs;
    private long movedNs;

    /**
     * @param answers whether bans are decided; may wait
     * @param progressNs the frame time up to which everything was judged, 0 before the first
     * @param clockNs nanoseconds of a clock that is never set
     */
    Liveness(BooleanSupplier answers, LongSupplier progressNs, LongSupplier clockNs) {
        this.answers = answers;
        this.progressNs = progressNs;
        this.clockNs = clockNs;
        movedNs = clockNs.getAsLong();
    }

    @Override
    public boolean getAsBoolean() {
        return answers.getAsBoolean() && moves();
    }

    private synchronized boolean moves() {
        long now = clockNs.getAsLong();
        long progress = progressNs.getAsLong();
        if (progress == 0 || progress != lastNs) {
            lastNs = progress;
            movedNs = now;
        }
        return now - movedNs <= LONGEST_STILL_NS;
    }

    /** A sentence on what is wrong, or "". */
    String trouble() {
        return getAsBoolean() ? "" : "frames are no longer judged, a bug in ips; restart it";
    }
}
