package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Settings;
import java.time.Duration;

/** How far back the detectors of floods may be set to look. */
@ColdPath
final class FloodWindow {
    private static final Duration SHORTEST = Duration.ofMillis(200);

    /** Source records may be forgotten after a minute of silence, so windows end well before. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private FloodWindow() {}

    /** Refuses a {@code window} that is shorter or longer. */
    static void check(Duration window) {
        Settings.within("window", window, SHORTEST, LONGEST);
    }
}
