package ips.core.regex;

import ips.core.HotPath;

/**
 * What the automata of one worker's expressions may take in memory together. One that may not grow
 * forgets its states and learns them anew: slower, never wrong.
 *
 * <p>Owned by one thread.
 */
@HotPath
public final class RegexBudget {
    private long leftBytes;
    private long limitHits;

    public RegexBudget(long bytes) {
        leftBytes = bytes;
    }

    boolean take(long bytes) {
        if (bytes > leftBytes) {
            return false;
        }
        leftBytes -= bytes;
        return true;
    }

    void countLimitHit() {
        limitHits++;
    }

    /** Searches given up because they took more steps than {@link RegexMatcher#STEP_LIMIT}. */
    public long limitHits() {
        return limitHits;
    }
}
