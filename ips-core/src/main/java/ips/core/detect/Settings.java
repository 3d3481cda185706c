package ips.core.detect;

import ips.core.ColdPath;
import java.time.Duration;

/** Checks of detectors' settings; each refusal names the setting by its key. */
@ColdPath
final class Settings {
    /** Source records may be forgotten after a minute of silence, so windows end well before. */
    private static final Duration LONGEST_WINDOW = Duration.ofSeconds(20);

    private static final Duration SHORTEST_WINDOW = Duration.ofMillis(200);

    private Settings() {}

    static void atLeast(long least, long value, String key) {
        if (value < least) {
            throw new IllegalArgumentException(key + ": " + value + " is less than " + least);
        }
    }

    static void window(Duration value, String key) {
        if (value.compareTo(SHORTEST_WINDOW) < 0 || value.compareTo(LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException(key + ": a window is 200ms to 20s");
        }
    }

    static void within(long least, long most, long value, String key) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    key + ": " + value + " is not within " + least + " to " + most);
        }
    }

    static void within(Duration least, Duration most, Duration value, String key) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    key
                            + ": "
                            + value.toMillis()
                            + "ms is not within "
                            + least.toMillis()
                            + "ms to "
                            + most.toMillis()
                            + "ms");
        }
    }

    /** What {@link PortScanDetector} and {@link SweepDetector} are told alike. */
    static void vainProbes(
            int threshold,
            Duration window,
            int slowThreshold,
            Duration slowWindow,
            int factor,
            int maxRecords,
            int maxAnswered) {
        within(2, 1000, threshold, "threshold");
        within(2, 1000, slowThreshold, "slow-threshold");
        within(1, 100, factor, "factor");
        within(64, 1 << 20, maxRecords, "max-records");
        within(64, 1 << 24, maxAnswered, "max-answered");
        within(Duration.ofSeconds(1), Duration.ofMinutes(10), window, "window");
        within(window, Duration.ofHours(24), slowWindow, "slow-window");
    }
}
