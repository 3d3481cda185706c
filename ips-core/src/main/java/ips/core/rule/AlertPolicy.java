package ips.core.rule;

import ips.core.rule.keyword.Threshold;
import ips.core.verdict.SignatureId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What limits or suppresses alerts besides the rules themselves: the lines {@code suppress}, {@code
 * threshold} and {@code rate_filter} of a {@code threshold.config}. Immutable.
 */
public final class AlertPolicy {
    /** Nothing is said. */
    public static final AlertPolicy NONE = new AlertPolicy(List.of());

    /** Which signatures a line is about; 0 stands for all. */
    private record About(int gid, long sid) {
        boolean fits(SignatureId id) {
            return (gid == 0 || gid == id.gid())
                    && (sid == 0 || sid == Integer.toUnsignedLong(id.sid()));
        }
    }

    /**
     * No alert of these addresses.
     *
     * @param track by_src, by_dst or by_either; null for whatever the addresses
     */
    record Suppression(String track, AddressSet addresses) {}

    /** Another action once alerts come too fast. */
    record RateFilter(Threshold limit, Signature.Action action, int timeoutSeconds) {}

    private record Line(
            About about, Suppression suppression, Threshold threshold, RateFilter rateFilter) {}

    private final List<Line> lines;

    private AlertPolicy(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /** Reads the lines of a file; what is wrong with one is added to the errors. */
    public static AlertPolicy parse(
            String file, String text, RuleVariables variables, List<RuleError> errors) {
        List<Line> lines = new ArrayList<>();
        String[] all = text.replace("\\\r\n", " ").replace("\\\n", " ").split("\n");
        for (int i = 0; i < all.length; i++) {
            String line = all[i].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String word = line.split("\\s+")[0];
            try {
                lines.add(line(word, line.substring(word.length()).strip(), variables));
            } catch (RuntimeException e) {
                errors.add(new RuleError(file, i + 1, 1, word, e.getMessage()));
            }
        }
        return new AlertPolicy(lines);
    }

    /** The constant of a word. */
    private static <T extends Enum<T>> T constant(Class<T> type, String name, String word) {
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("unknown " + name + " " + word, e);
        }
    }

    private static Line line(String word, String rest, RuleVariables variables) {
        if (!word.matches("suppress|threshold|event_filter|rate_filter")) {
            throw new IllegalArgumentException(
                    "expected suppress, threshold, event_filter or rate_filter");
        }
        Values values = new Values(rest);
        About about =
                new About(
                        (int) values.number("gen_id", Integer.MAX_VALUE),
                        values.number("sig_id", 0xffff_ffffL));
        switch (word) {
            case "suppress" -> {
                String track = values.find("track");
                AddressSet addresses =
                        track == null
                                ? AddressSet.ANY
                                : variables.addressSet(plain(values.get("ip")));
                if (track != null && !track.matches("by_src|by_dst|by_either")) {
                    throw new IllegalArgumentException("unknown track " + track);
                }
                return new Line(about, new Suppression(track, addresses), null, null);
            }
            case "threshold", "event_filter" -> {
                Threshold.Kind kind = constant(Threshold.Kind.class, "type", values.get("type"));
                return new Line(about, null, values.threshold(kind), null);
            }
            case "rate_filter" -> {
                Signature.Action action =
                        constant(Signature.Action.class, "action", values.get("new_action"));
                return new Line(
                        about,
                        null,
                        null,
                        new RateFilter(
                                values.threshold(Threshold.Kind.DETECTION_FILTER),
                                action,
                                (int) values.number("timeout", Integer.MAX_VALUE)));
            }
            default -> throw new IllegalStateException(word);
        }
    }

    /** The addresses as they are, where they are such as these lines take in Suricata, too. */
    private static String plain(String addresses) {
        if (addresses.contains("!") || addresses.contains("-")) {
            throw new IllegalArgumentException(
                    "ip takes addresses, networks and variables, neither negated nor as ranges");
        }
        return addresses;
    }

    /** {@code gen_id 1, sig_id 7, track by_src}. */
    private static final class Values {
        private final List<String[]> pairs = new ArrayList<>();

        Values(String text) {
            for (String part : ListSyntax.members("[" + text.strip() + "]")) {
                String[] pair = part.split("\\s+", 2);
                if (pair.length != 2) {
                    throw new IllegalArgumentException("expected a word and its value: " + part);
                }
                pairs.add(new String[] {pair[0], pair[1].strip()});
            }
        }

        String find(String word) {
            for (String[] pair : pairs) {
                if (pair[0].equals(word)) {
                    return pair[1];
                }
            }
            return null;
        }

        String get(String word) {
            String value = find(word);
            if (value == null) {
                throw new IllegalArgumentException(word + " is missing");
            }
            return value;
        }

        long number(String word, long most) {
            String value = get(word);
            if (!value.matches("\\d{1,10}") || Long.parseLong(value) > most) {
                throw new IllegalArgumentException(word + ": not a number up to " + most);
            }
            return Long.parseLong(value);
        }

        private long positive(String word) {
            long value = number(word, Integer.MAX_VALUE);
            if (value == 0) {
                throw new IllegalArgumentException(word + " is 0");
            }
            return value;
        }

        Threshold threshold(Threshold.Kind kind) {
            String track = get("track");
            if (track.equals("by_flow")) {
                throw new IllegalArgumentException("track by_flow, which only rules have");
            }
            return new Threshold(
                    kind,
                    Threshold.Track.of(track),
                    (int) positive("count"),
                    (int) number("seconds", Integer.MAX_VALUE));
        }
    }

    boolean spansFlows() {
        return lines.stream().anyMatch(line -> line.suppression == null);
    }

    List<Suppression> suppressions(SignatureId id) {
        return lines.stream()
                .filter(line -> line.suppression != null && line.about.fits(id))
                .map(Line::suppression)
                .toList();
    }

    /** What limits the alerts of one rule; each part null where there is none. */
    record Limits(Threshold detectionFilter, Threshold threshold, RateFilter rateFilter) {
        private boolean any() {
            return detectionFilter != null || threshold != null || rateFilter != null;
        }
    }

    /**
     * The limits of a rule, of those it has itself and the lines about it, in their order, as
     * Suricata has it: {@code threshold} and {@code event_filter} take the place of whatever there
     * is, {@code rate_filter} and lines about all rules leave alone what is limited already.
     */
    Limits limits(SignatureId id, Threshold detectionFilter, Threshold threshold) {
        Limits limits = new Limits(detectionFilter, threshold, null);
        for (Line line : lines) {
            boolean yields = line.rateFilter != null || line.about.sid == 0;
            if (!line.about.fits(id) || yields && limits.any()) {
                continue;
            }
            if (line.threshold != null) {
                limits = new Limits(null, line.threshold, null);
            } else if (line.rateFilter != null) {
                limits = new Limits(null, null, line.rateFilter);
            }
        }
        return limits;
    }
}
