package ips.core.flow;

/**
 * What became of the handshakes of all sources together, to tell a flood of forged SYNs while it
 * lasts: many a second are left half-open, and by far more than are completed. A crowd, however
 * large, completes what it begins. Owned by one worker.
 */
final class HandshakeOutcomes {
    /** A worker's half-open handshakes a second that may be a flood. */
    static final int MANY = 8_192;

    /** Half-open handshakes for each one completed that tell a flood from a crowd. */
    static final int PER_COMPLETED = 8;

    private static final long SECOND_NS = 1_000_000_000L;

    private int halfOpen;
    private int completed;
    private boolean flood;
    private long untilNs = Long.MIN_VALUE;

    void leftHalfOpen() {
        halfOpen++;
    }

    void completed() {
        completed++;
    }

    /** Whether the last whole second was one of a flood. */
    boolean isFlood() {
        return flood;
    }

    /** Closes the second that is over; a clock that goes back begins one anew. */
    void tick(long nowNs) {
        if (nowNs < untilNs && untilNs - nowNs <= SECOND_NS) {
            return;
        }
        flood = halfOpen >= MANY && halfOpen / PER_COMPLETED >= completed;
        halfOpen = 0;
        completed = 0;
        untilNs = nowNs + SECOND_NS;
    }
}
