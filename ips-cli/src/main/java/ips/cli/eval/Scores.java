package ips.cli.eval;

import ips.core.verdict.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How verdicts on a corpus compare with its labels.
 *
 * <p>Leaving one source out after another tells of a trained detection what it makes of a source
 * that it has not seen. Nothing here is trained: each source has the same figure whether it is left
 * out or not, so what can be told is how the figures spread. Their mean, each source alike however
 * many requests it has, and the least of them say most of a source that nobody has seen.
 */
public final class Scores {
    static final String CORE = "benign-core";
    static final String HARD = "benign-hard";
    static final String RULE_TEST = "rule-test";

    /** Sources with fewer requests are not compared with others. */
    static final int LEAST_REQUESTS = 10;

    /** A count of requests, and of those accused. */
    public static final class Tally {
        private long requests;
        private long accused;

        void add(boolean isAccused) {
            requests++;
            accused += isAccused ? 1 : 0;
        }

        public long requests() {
            return requests;
        }

        public long accused() {
            return accused;
        }

        /** The share that is accused, 0 to 1; 0 of none. */
        public double rate() {
            return requests == 0 ? 0 : (double) accused / requests;
        }
    }

    private final Map<String, Tally> labels = new TreeMap<>();
    private final Map<String, Map<String, Tally>> sources = new TreeMap<>();
    private final Map<String, Tally> attackSources = new TreeMap<>();
    private final Map<String, Tally> coreSources = new TreeMap<>();
    private final Map<String, Long> coreAccusedOf = new TreeMap<>();
    private final Tally attacks = new Tally();

    /**
     * @param verdicts for each request the kind it is accused of, or null
     */
    public Scores(List<CorpusRequest> requests, Kind[] verdicts) {
        for (int i = 0; i < verdicts.length; i++) {
            CorpusRequest request = requests.get(i);
            boolean accused = verdicts[i] != null;
            String row = request.row();
            labels.computeIfAbsent(row, key -> new Tally()).add(accused);
            sources.computeIfAbsent(row, key -> new TreeMap<>())
                    .computeIfAbsent(request.source(), key -> new Tally())
                    .add(accused);
            if (isAttack(row)) {
                attacks.add(accused);
                attackSources.computeIfAbsent(request.source(), key -> new Tally()).add(accused);
            } else if (row.equals(CORE)) {
                coreSources.computeIfAbsent(request.source(), key -> new Tally()).add(accused);
            }
            if (accused && row.equals(CORE)) {
                coreAccusedOf.merge(verdicts[i].word(), 1L, Long::sum);
            }
        }
    }

    static boolean isAttack(String row) {
        return !row.equals(CORE) && !row.equals(HARD) && !row.equals(RULE_TEST);
    }

    /** By label; honest requests as {@code benign-core} and {@code benign-hard}. */
    public Map<String, Tally> labels() {
        return labels;
    }

    /** By label, then by source. */
    public Map<String, Map<String, Tally>> sources() {
        return sources;
    }

    /** Over all attacks but rule tests. */
    public Tally attacks() {
        return attacks;
    }

    public Tally core() {
        return labels.getOrDefault(CORE, new Tally());
    }

    public Tally hard() {
        return labels.getOrDefault(HARD, new Tally());
    }

    /** Of all that were accused, core requests among the honest, the share that attacked. */
    public double precision() {
        return share(attacks.accused(), core().accused());
    }

    /** The same for one label: honest requests accused of that kind count against it. */
    public double precision(String label) {
        long found = labels.getOrDefault(label, new Tally()).accused();
        return share(found, coreAccusedOf.getOrDefault(label, 0L));
    }

    private static double share(long right, long wrong) {
        return right + wrong == 0 ? 1 : (double) right / (right + wrong);
    }

    /** The mean of the shares that are judged rightly among attacks and among core requests. */
    public double balancedAccuracy() {
        return (attacks.rate() + 1 - core().rate()) / 2;
    }

    public double balancedAccuracy(String label) {
        return (labels.getOrDefault(label, new Tally()).rate() + 1 - core().rate()) / 2;
    }

    /** Labels of attacks count alike, however many requests they have. */
    public double meanOfLabels() {
        return labels.entrySet().stream()
                .filter(entry -> isAttack(entry.getKey()))
                .mapToDouble(entry -> entry.getValue().rate())
                .average()
                .orElse(0);
    }

    /** The share of attacks that is found, the mean over sources of any label. */
    public double foundMeanOfSources() {
        return mean(attackSources);
    }

    /** The share of core requests that is accused, the mean over sources. */
    public double accusedMeanOfSources() {
        return mean(coreSources);
    }

    /** {@link #balancedAccuracy}, each source alike. */
    public double balancedMeanOfSources() {
        return (foundMeanOfSources() + 1 - accusedMeanOfSources()) / 2;
    }

    private static double mean(Map<String, Tally> bySource) {
        return bySource.values().stream()
                .filter(tally -> tally.requests() >= LEAST_REQUESTS)
                .mapToDouble(Tally::rate)
                .average()
                .orElse(0);
    }

    /** The source of a label of which the least is found, or null if none is large enough. */
    public Map.Entry<String, Tally> least(String label) {
        return sources.getOrDefault(label, Map.of()).entrySet().stream()
                .filter(entry -> entry.getValue().requests() >= LEAST_REQUESTS)
                .min((a, b) -> Double.compare(a.getValue().rate(), b.getValue().rate()))
                .orElse(null);
    }

    /** The mean over the sources of a label, however many requests they have. */
    public double meanOfSources(String label) {
        return mean(sources.getOrDefault(label, Map.of()));
    }
}
