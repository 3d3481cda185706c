package ips.core.http;

import ips.core.HotPath;
import java.util.Arrays;

/**
 * How much the compressed bodies of a client may swell between two ticks: a request of 1 KB that
 * makes 1 MiB costs a worker milliseconds, and must not be had without limit.
 *
 * <p>Text and JSON shrink to a twentieth or so; what swells more than {@value #HONEST}-fold is
 * charged. Clients are told apart by a hash of their address; those that share one of the {@value
 * #CELLS} cells share its allowance. A client that has used its own is read as far as {@value
 * #HONEST} times the length of each body, and {@value #LEAST} bytes at least, until the next tick.
 * Owned by one worker.
 */
@HotPath
final class SwellingAllowance {
    static final int HONEST = 32;
    static final int LEAST = 4096;
    static final int PER_TICK = 1 << 20;
    private static final int CELLS = 4096;

    private final int[] spent = new int[CELLS];
    private boolean anySpent;

    /** Bytes to which a body of {@code length} compressed bytes may swell. */
    int of(int client, int length) {
        return Math.max(LEAST, length * HONEST + PER_TICK - spent[client & CELLS - 1]);
    }

    /** Charges a body of {@code length} bytes that has swollen to {@code inflated}. */
    void charge(int client, int length, int inflated) {
        int cell = client & CELLS - 1;
        int excess = Math.max(0, inflated - length * HONEST);
        spent[cell] = Math.min(PER_TICK, spent[cell] + excess);
        anySpent |= excess > 0;
    }

    /** Frame time went on by a tick. */
    void renew() {
        if (anySpent) {
            Arrays.fill(spent, 0);
            anySpent = false;
        }
    }
}
