package ips.cli.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as people read them, the same in every locale. */
public final class Units {
    private static final DateTimeFormatter ISO_MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter DATE_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P"};

    private Units() {}

    /** {@code 2026-01-31T23:59:59.000001Z}. */
    public static String iso(long nanosSinceEpoch) {
        return ISO_MICROSECONDS.format(instant(nanosSinceEpoch));
    }

    /** {@code 2026-01-31 23:59:59.000}, in UTC. */
    public static String dateAndTime(long nanosSinceEpoch) {
        return DATE_AND_TIME.format(instant(nanosSinceEpoch));
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /** {@code 37,841}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 2.31 M}: three digits that count. */
    public static String rounded(double number) {
        int power = 0;
        double rest = number;
        while (Math.abs(rest) >= 999.5 && power < DECIMAL.length - 1) {
            rest /= 1000;
            power++;
        }
        String digits =
                rest >= 99.5 || power == 0 && rest == Math.rint(rest)
                        ? "%.0f"
                        : rest >= 9.95 ? "%.1f" : "%.2f";
        String text = String.format(Locale.ROOT, digits, rest);
        return power == 0 ? text : text + " " + DECIMAL[power];
    }

    /** {@code 2.31 MB}, in powers of ten as links are measured. */
    public static String bytes(long bytes) {
        String text = rounded(bytes);
        return text.contains(" ") ? text + "B" : text + " B";
    }

    /** {@code 0.14 %}, {@code 12 %}: what a part, above 0, is of the whole. */
    public static String share(long part, long whole) {
        double percent = 100.0 * part / whole;
        if (percent < 0.005) {
            return "under 0.01 %";
        }
        String digits = percent >= 9.95 ? "%.0f %%" : percent >= 0.995 ? "%.1f %%" : "%.2f %%";
        return String.format(Locale.ROOT, digits, percent);
    }

    /** {@code 350 ms}, {@code 24.2 s}, {@code 3 min 5 s}, {@code 2 h 10 min}, {@code 3 d 4 h}. */
    public static String duration(long nanos) {
        if (nanos < 1_000_000) {
            return nanos == 0 ? "0 s" : "under 1 ms";
        }
        if (nanos < 1_000_000_000L) {
            return nanos / 1_000_000 + " ms";
        }
        if (nanos < 120_000_000_000L) {
            String seconds = String.format(Locale.ROOT, "%.1f", nanos / 1e9);
            return (seconds.endsWith(".0") ? seconds.substring(0, seconds.length() - 2) : seconds)
                    + " s";
        }
        long seconds = nanos / 1_000_000_000L;
        if (seconds < 7200) {
            return pair(seconds / 60, "min", seconds % 60, "s");
        }
        if (seconds < 172_800) {
            return pair(seconds / 3600, "h", seconds % 3600 / 60, "min");
        }
        return pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        String text = large + " " + largeUnit;
        return small == 0 ? text : text + " " + small + " " + smallUnit;
    }
}
