package ips.bench.eval;

import ips.cli.eval.CorpusRequest;
import ips.cli.eval.RequestParts;
import ips.core.packet.FrameBuffer;
import ips.core.payload.JudgePreset;
import ips.core.payload.PartKind;
import ips.core.payload.RequestJudge;
import ips.core.payload.RequestVerdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scores the payload judges over a labelled corpus and prints what they find and whom they accuse.
 *
 * <pre>
 * java -cp ... ips.bench.eval.PayloadEvaluation CORPUS.jsonl.gz [--misses LABEL] [--accused] [--preset strict]
 * </pre>
 */
public final class PayloadEvaluation {
    private static final class Row {
        private long requests;
        private long accused;
    }

    private final Map<String, Row> rows = new TreeMap<>();
    private final Map<String, Row> sources = new TreeMap<>();
    private final RequestJudge judge;
    private final FrameBuffer name = new FrameBuffer();
    private final FrameBuffer value = new FrameBuffer();
    private final PrintStream out;
    private final String misses;
    private final boolean accused;

    private PayloadEvaluation(JudgePreset preset, String misses, boolean accused, PrintStream out) {
        RequestJudge.Config config = RequestJudge.Config.DEFAULTS;
        judge =
                new RequestJudge(
                        new RequestJudge.Config(
                                preset, config.off(), config.exemptions(), config.maxBytes()));
        this.misses = misses;
        this.accused = accused;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.err.println(
                    "PayloadEvaluation CORPUS [--misses LABEL] [--accused] [--preset NAME]");
            System.exit(2);
        }
        JudgePreset preset = JudgePreset.BALANCED;
        String misses = "";
        boolean accused = false;
        for (int i = 1; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--misses" -> misses = arguments[++i];
                case "--accused" -> accused = true;
                case "--preset" ->
                        preset = JudgePreset.valueOf(arguments[++i].toUpperCase(Locale.ROOT));
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        PayloadEvaluation evaluation = new PayloadEvaluation(preset, misses, accused, System.out);
        CorpusRequest.read(Path.of(arguments[0]), evaluation::score);
        evaluation.print();
    }

    private void score(CorpusRequest request) {
        RequestVerdict verdict = judge(request);
        count(rows, request.row(), verdict.attack());
        count(
                sources,
                request.row() + " / " + (request.benign() ? request.kind() : request.source()),
                verdict.attack());
        boolean missed =
                !verdict.attack()
                        && (request.label().equals(misses) && !request.kind().equals("rule-test"));
        boolean wrong = verdict.attack() && request.benign() && accused;
        if (missed || wrong) {
            out.printf(
                    "%s %s %s %s %s %d %s %s | %s%n",
                    missed ? "MISS" : "ACCUSED",
                    request.id(),
                    request.kind(),
                    request.source(),
                    verdict.kind(),
                    verdict.score(),
                    verdict.reason(),
                    verdict.part() + ":" + verdict.partName(),
                    missed ? shown(request) : verdict.excerpt());
        }
    }

    private static String shown(CorpusRequest request) {
        StringBuilder text = new StringBuilder();
        for (RequestParts.Part part : RequestParts.of(request)) {
            if (part.kind() != PartKind.USER_AGENT
                    || request.place().equals("ua")
                    || request.label().equals("scanner")) {
                text.append(part.kind()).append('=');
                for (int i = 0; i < Math.min(part.value().length, 300); i++) {
                    int c = part.value()[i] & 0xff;
                    text.append(c >= ' ' && c < 127 ? (char) c : '~');
                }
                text.append("  ");
            }
        }
        return text.toString();
    }

    private RequestVerdict judge(CorpusRequest request) {
        List<RequestParts.Part> parts = RequestParts.of(request);
        judge.begin();
        for (RequestParts.Part part : parts) {
            name.wrap(part.name());
            value.wrap(part.value());
            judge.part(part.kind(), name, 0, part.name().length, value, 0, part.value().length);
        }
        return judge.verdict();
    }

    private static void count(Map<String, Row> table, String name, boolean accused) {
        Row row = table.computeIfAbsent(name, key -> new Row());
        row.requests++;
        row.accused += accused ? 1 : 0;
    }

    private void print() {
        long attacks = 0;
        long found = 0;
        out.printf("%-44s %8s %8s %8s%n", "label", "requests", "accused", "rate");
        for (var entry : rows.entrySet()) {
            print(entry);
            if (!entry.getKey().startsWith("benign") && !entry.getKey().equals("rule-test")) {
                attacks += entry.getValue().requests;
                found += entry.getValue().accused;
            }
        }
        Row core = rows.getOrDefault("benign-core", new Row());
        double sensitivity = (double) found / Math.max(1, attacks);
        double specificity = 1 - (double) core.accused / Math.max(1, core.requests);
        out.printf(
                "%nfound %.2f %%, precision %.2f %%, balanced accuracy %.2f %%%n%n",
                100 * sensitivity,
                100.0 * found / Math.max(1, found + core.accused),
                50 * (sensitivity + specificity));
        sources.entrySet().forEach(this::print);
        printWeakest();
    }

    /**
     * For each label the source of which least is found, of those with ten requests or more: the
     * judges learn from no corpus, so that what another corpus will show is most like this.
     */
    private void printWeakest() {
        Map<String, Map.Entry<String, Row>> weakest = new TreeMap<>();
        for (var entry : sources.entrySet()) {
            String label = entry.getKey().substring(0, entry.getKey().indexOf(" / "));
            if (entry.getValue().requests >= 10 && !label.startsWith("benign")) {
                weakest.merge(label, entry, (a, b) -> rate(a) <= rate(b) ? a : b);
            }
        }
        out.printf("%nthe weakest source of each label%n");
        weakest.values().forEach(this::print);
    }

    private static double rate(Map.Entry<String, Row> entry) {
        return (double) entry.getValue().accused / entry.getValue().requests;
    }

    private void print(Map.Entry<String, Row> entry) {
        Row row = entry.getValue();
        out.printf(
                "%-44s %8d %8d %7.2f%%%n",
                entry.getKey(), row.requests, row.accused, 100.0 * row.accused / row.requests);
    }
}
