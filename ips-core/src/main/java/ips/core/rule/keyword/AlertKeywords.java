package ips.core.rule.keyword;

import java.util.HashSet;
import java.util.Set;

/** Keywords that limit how often a rule alerts: {@code threshold}, {@code detection_filter}. */
final class AlertKeywords {
    private AlertKeywords() {}

    static void threshold(String value, RuleDraft draft) {
        refuseSecond(draft);
        draft.threshold = parse(value, null);
    }

    static void detectionFilter(String value, RuleDraft draft) {
        refuseSecond(draft);
        draft.detectionFilter = parse(value, Threshold.Kind.DETECTION_FILTER);
    }

    private static void refuseSecond(RuleDraft draft) {
        if (draft.threshold != null || draft.detectionFilter != null) {
            throw new IllegalArgumentException(
                    "there is a threshold or detection_filter before it");
        }
    }

    /** What is more than can be counted never comes. */
    private static int number(String text) {
        return (int) Math.min(NumberTest.number(text, 0xffff_ffffL), Integer.MAX_VALUE);
    }

    private static Threshold parse(String value, Threshold.Kind fixed) {
        Threshold.Kind kind = fixed;
        Threshold.Track track = null;
        int count = -1;
        int seconds = -1;
        int multiplier = 0;
        Set<String> said = new HashSet<>();
        for (String part : RuleDraft.required(value).split(",")) {
            String[] pair = part.strip().split("\\s+", 2);
            if (pair.length != 2) {
                throw new IllegalArgumentException(
                        "expected a word and its value: " + part.strip());
            }
            String word = pair[1].strip();
            if (!said.add(pair[0])) {
                throw new IllegalArgumentException(pair[0] + " twice");
            }
            if (fixed != null && pair[0].equals("type")) {
                throw new IllegalArgumentException("takes no type");
            }
            switch (pair[0]) {
                case "type" ->
                        kind =
                                switch (word) {
                                    case "limit" -> Threshold.Kind.LIMIT;
                                    case "threshold" -> Threshold.Kind.THRESHOLD;
                                    case "both" -> Threshold.Kind.BOTH;
                                    case "backoff" -> Threshold.Kind.BACKOFF;
                                    default ->
                                            throw new IllegalArgumentException(
                                                    "unknown type " + word);
                                };
                case "track" -> track = Threshold.Track.of(word);
                case "count" -> count = number(word);
                case "seconds" -> seconds = number(word);
                case "multiplier" -> multiplier = (int) NumberTest.number(word, Integer.MAX_VALUE);
                default -> throw new IllegalArgumentException("unknown word " + pair[0]);
            }
        }
        if (kind == Threshold.Kind.BACKOFF) {
            seconds = multiplier; // has no window; its factor takes the place
        }
        if (kind == null || track == null || count < 0 || seconds < 0) {
            throw new IllegalArgumentException(
                    fixed == null
                            ? "type, track, count and seconds are needed"
                            : "track, count and seconds are needed");
        }
        boolean fromOne = kind == Threshold.Kind.DETECTION_FILTER || kind == Threshold.Kind.BACKOFF;
        if (fromOne && (count == 0 || seconds == 0)) {
            throw new IllegalArgumentException("a number that is 0");
        }
        return new Threshold(kind, track, count, seconds);
    }
}
