package ips.core.verdict;

import ips.core.Settings;
import java.time.Duration;

/**
 * How many of what, by all sources together, make a flood against one destination. Detectors count
 * in {@link DestinationCount}s per worker; only who adds up all workers' counts can apply this.
 *
 * @param counted what the detectors count
 * @param raised the kind of the verdict, mostly the same
 * @param count how many within the window, 1 or more
 * @param sources how many distinct sources at least must have taken part, in one slice of time of
 *     those that workers report
 * @param window how far back counts reach, 100 ms or more
 */
public record DestinationThreshold(
        Kind counted, Kind raised, long count, long sources, Duration window) {
    public DestinationThreshold {
        Settings.atLeast("count", count, 1);
        Settings.atLeast("sources", sources, 1);
        Settings.inRange(
                window.toMillis() >= 100, "window", Settings.text(window), "100ms or more");
    }
}
