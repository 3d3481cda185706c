package ips.core.rule.keyword;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code requires} asks of the engine: {@code version >= 7.0.3 < 8 | >= 6.0.16 < 7}, {@code
 * feature geoip}. A rule that asks for more than there is was written for another engine and is
 * left out without an error, whatever else stands in it.
 */
public final class Requirements {
    /** The version of Suricata whose language is read. */
    private static final int[] VERSION = {7, 0, 10};

    private static final Pattern COMPARISON =
            Pattern.compile(
                    "\\s*(>=|<=|>|<)\\s*(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-[\\w.]+)?\\s*");

    private Requirements() {}

    /**
     * Whether there is all that a value asks for.
     *
     * @throws IllegalArgumentException where it cannot be read
     */
    public static boolean met(String value) {
        boolean met = true;
        Quotes.none(RuleDraft.required(value));
        for (String part : value.split(",")) {
            String[] words = part.strip().split("\\s+", 2);
            // No feature of Suricata's has a name here, and another word asks for what is newer.
            met &= words[0].equals("version") && versionFits(words.length > 1 ? words[1] : "");
        }
        return met;
    }

    private static boolean versionFits(String text) {
        boolean fits = false;
        for (String alternative : text.split("\\|", -1)) {
            fits |= allFit(alternative);
        }
        return fits;
    }

    private static boolean allFit(String comparisons) {
        Matcher comparison = COMPARISON.matcher(comparisons);
        boolean fit = true;
        int end = 0;
        do {
            comparison.region(end, comparisons.length());
            if (!comparison.lookingAt()) {
                throw new IllegalArgumentException(
                        "expected version and comparisons, such as version >= 7.0.3 < 8");
            }
            int order = order(comparison);
            fit &=
                    switch (comparison.group(1)) {
                        case ">=" -> order >= 0;
                        case "<=" -> order <= 0;
                        case ">" -> order > 0;
                        default -> order < 0;
                    };
            end = comparison.end();
        } while (end < comparisons.length());
        return fit;
    }

    /** How the engine's version compares with that of a comparison. */
    private static int order(Matcher comparison) {
        for (int i = 0; i < VERSION.length; i++) {
            String number = comparison.group(2 + i);
            int order = Integer.compare(VERSION[i], number == null ? 0 : Integer.parseInt(number));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
