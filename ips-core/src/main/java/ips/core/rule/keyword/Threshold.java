package ips.core.rule.keyword;

/**
 * How often a rule may alert.
 *
 * @param count 0 as Suricata has it: of {@code LIMIT} like 1, of {@code THRESHOLD} all but the
 *     first of a window, of {@code BOTH} never
 * @param seconds length of the window, which begins with its first hit; 0 for what comes at the
 *     same time
 */
public record Threshold(Kind kind, Track track, int count, int seconds) {
    /** What it lets through. */
    public enum Kind {
        /** The first so many of a window. */
        LIMIT,
        /** Every so manyth. */
        THRESHOLD,
        /** One a window, at the so manyth. */
        BOTH,
        /** All but the first so many of a window. */
        DETECTION_FILTER,
        /** One, and then ever fewer: at powers of so many. */
        BACKOFF
    }

    /** Whose hits are counted together. */
    public enum Track {
        BY_SRC,
        BY_DST,
        BY_BOTH,
        BY_RULE,
        BY_FLOW;

        public static Track of(String word) {
            return switch (word) {
                case "by_src" -> BY_SRC;
                case "by_dst" -> BY_DST;
                case "by_both" -> BY_BOTH;
                case "by_rule" -> BY_RULE;
                case "by_flow" -> BY_FLOW;
                default -> throw new IllegalArgumentException("unknown track " + word);
            };
        }
    }
}
