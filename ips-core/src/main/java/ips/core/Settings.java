package ips.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checks that the records of settings make of their components. Every refusal reads alike: {@code
 * grace: 20s is out of range; give 100ms to 10s}, with the component's key, its value and what it
 * may be; the {@link Setting} of the component tells the same range.
 *
 * <p>Every check throws an {@link IllegalArgumentException}.
 */
@ColdPath
public final class Settings {
    private static final Duration COUNTABLE = Duration.ofNanos(Long.MAX_VALUE);
    private static final Map<String, Duration> UNITS_DOWNWARDS = new LinkedHashMap<>();

    static {
        UNITS_DOWNWARDS.put("d", Duration.ofDays(1));
        UNITS_DOWNWARDS.put("h", Duration.ofHours(1));
        UNITS_DOWNWARDS.put("m", Duration.ofMinutes(1));
        UNITS_DOWNWARDS.put("s", Duration.ofSeconds(1));
        UNITS_DOWNWARDS.put("ms", Duration.ofMillis(1));
        UNITS_DOWNWARDS.put("us", Duration.ofNanos(1_000));
        UNITS_DOWNWARDS.put("ns", Duration.ofNanos(1));
    }

    private Settings() {}

    public static void within(String key, long value, long least, long most) {
        inRange(value >= least && value <= most, key, value, least + " to " + most);
    }

    /** Refuses NaN, too. */
    public static void within(String key, double value, long least, long most) {
        inRange(value >= least && value <= most, key, value, least + " to " + most);
    }

    public static void within(String key, Duration value, Duration least, Duration most) {
        inRange(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                key,
                text(value),
                text(least) + " to " + text(most));
    }

    public static void atLeast(String key, long value, long least) {
        inRange(value >= least, key, value, least + " or more");
    }

    public static void powerOfTwo(String key, long value, long least, long most) {
        inRange(
                Long.bitCount(value) == 1 && value >= least && value <= most,
                key,
                value,
                "a power of two, " + least + " to " + most);
    }

    /**
     * For a range that is none of the above.
     *
     * @param allowed what may be given, such as "1 to ban-threshold, here 5"
     */
    public static void inRange(boolean holds, String key, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    key + ": " + value + " is out of range; give " + allowed);
        }
    }

    /**
     * For a text that has to have a form.
     *
     * @param allowed what may be given, such as "a name or a path"
     */
    public static void form(boolean holds, String key, String value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    key + ": \"" + value + "\" cannot be used; give " + allowed);
        }
    }

    /**
     * A duration as the configuration writes it, {@code 90s} or {@code 4h}: in the largest unit
     * that leaves no rest, up to two minutes in seconds. Of more than 292 years, whose nanoseconds
     * cannot be counted, whole days.
     */
    public static String text(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.compareTo(COUNTABLE) > 0) {
            return duration.toDays() + "d";
        }
        boolean seconds = duration.compareTo(Duration.ofMinutes(2)) < 0 && duration.getNano() == 0;
        if (seconds) {
            return duration.toSeconds() + "s";
        }
        for (Map.Entry<String, Duration> unit : UNITS_DOWNWARDS.entrySet()) {
            long count = duration.dividedBy(unit.getValue());
            if (unit.getValue().multipliedBy(count).equals(duration)) {
                return count + unit.getKey();
            }
        }
        throw new IllegalStateException("a whole number of nanoseconds always fits");
    }
}
