package ips.cli.config;

import java.time.Duration;

/** Durations as the configuration writes them. */
public final class Durations {
    private Durations() {}

    /**
     * Reads {@code 60s}, {@code 10m} or {@code 1h30m}.
     *
     * @param key what the text was given for; the message begins with it
     * @throws IllegalArgumentException for anything else; the message says what is right
     */
    public static Duration parse(String key, String text) {
        try {
            return ValueType.parseDuration(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    key + ": \"" + text + "\" is not a duration such as 60s, 10m or 1h30m", e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    key + ": \"" + text + "\" is too large; give a time such as 60s or 10m", e);
        }
    }
}
