package ips.core.verdict;

import java.time.Duration;

/**
 * How many of what, by all sources together, make a flood against one destination. Detectors count
 * in {@code DestinationCount}s per worker; only who adds up all workers' counts can apply this.
 *
 * @param counted what the detectors count
 * @param raised the kind of the verdict, mostly the same
 * @param count how many within the window
 * @param sources how many distinct sources at least must have taken part, in one slice of time of
 *     those that workers report
 * @param window how far back counts reach
 */
public record DestinationThreshold(
        Kind counted, Kind raised, long count, long sources, Duration window) {
    public DestinationThreshold {
        if (count < 1 || sources < 1 || window.toMillis() < 100) {
            throw new IllegalArgumentException(
                    raised + ": count and sources are 1 or more, the window 100 ms or more");
        }
    }
}
