package ips.cli.eval;

import ips.cli.Errors;
import ips.cli.ExitCode;
import ips.cli.SensorCommand;
import ips.cli.SensorConfig;
import ips.cli.SettingsOptions;
import ips.cli.Terminal;
import ips.cli.UserError;
import ips.cli.config.ConfigException;
import ips.core.verdict.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ips eval CORPUS}: what the settings in force find in labelled requests. */
@Command(
        name = "eval",
        description =
                "Scores the detection of payloads over a corpus of labelled requests, straight"
                        + " through the judges and as TCP conversations through a whole engine.",
        mixinStandardHelpOptions = true)
public final class EvalCommand implements SensorCommand {
    private static final String ALL = "all";
    private static final String NONE = "none";

    private final Terminal terminal;

    @Parameters(
            paramLabel = "CORPUS",
            description =
                    "JSON lines, plain or compressed with gzip: docs/payload-figures.md says which.")
    private Path corpus;

    @Option(
            names = "--wire",
            paramLabel = "FORM",
            defaultValue = "plain",
            description =
                    "How requests travel: plain (default), segments-1, shuffled, decoy-low-ttl,"
                            + " midstream and others; all for each in turn, none for the judges"
                            + " only.")
    private String wire;

    @Option(
            names = "--misses",
            paramLabel = "FILE",
            description = "Write a line for each request judged wrongly, or by the two unlike.")
    private Path misses;

    @Option(names = "--json", description = "Print the scores as one JSON object.")
    private boolean json;

    @Mixin private SettingsOptions settings;
    @Spec private CommandSpec spec;

    public EvalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, ConfigException {
        SensorConfig config = settings.read();
        Map<String, WireForm> forms = forms();
        List<CorpusRequest> requests = read();
        Kind[] straight = Verdicts.straight(requests, config.engine().detectors().payload());
        Map<String, Scores> scores = new LinkedHashMap<>();
        Map<String, Long> differences = new LinkedHashMap<>();
        Map<String, Kind[]> verdicts = new LinkedHashMap<>();
        forms.forEach(
                (name, form) -> {
                    Kind[] piped = Verdicts.pipeline(requests, config.engine(), form);
                    scores.put(name, new Scores(requests, piped));
                    differences.put(name, differences(straight, piped));
                    verdicts.put(name, piped);
                });
        ScoreReport report = new ScoreReport(new Scores(requests, straight), scores, differences);
        if (misses != null) {
            writeMisses(requests, straight, verdicts);
        }
        if (json) {
            terminal.out().println(report.json());
        } else {
            report.text().forEach(terminal.out()::println);
        }
        return ExitCode.OK;
    }

    private Map<String, WireForm> forms() {
        if (wire.equals(ALL)) {
            return WireForm.NAMED;
        }
        if (wire.equals(NONE)) {
            return Map.of();
        }
        WireForm form = WireForm.NAMED.get(wire);
        if (form == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--wire %s: one of all, none, %s"
                            .formatted(wire, String.join(", ", WireForm.NAMED.keySet())));
        }
        return Map.of(wire, form);
    }

    private List<CorpusRequest> read() {
        List<CorpusRequest> requests = new ArrayList<>();
        try {
            CorpusRequest.read(corpus, requests::add);
        } catch (IOException e) {
            throw new UserError(ExitCode.INPUT, Errors.sentence(e), e);
        }
        if (requests.isEmpty()) {
            throw new UserError(ExitCode.INPUT, corpus + ": there is no request in it", null);
        }
        return requests;
    }

    private static long differences(Kind[] straight, Kind[] piped) {
        long count = 0;
        for (int i = 0; i < straight.length; i++) {
            count += Objects.equals(straight[i], piped[i]) ? 0 : 1;
        }
        return count;
    }

    private void writeMisses(
            List<CorpusRequest> requests, Kind[] straight, Map<String, Kind[]> piped)
            throws IOException {
        try (PrintWriter out =
                new PrintWriter(Files.newBufferedWriter(misses, StandardCharsets.UTF_8))) {
            out.println("outcome\tid\tlabel\tsource\tkind\tplace\tjudges\trequest line");
            for (int i = 0; i < straight.length; i++) {
                CorpusRequest request = requests.get(i);
                boolean wrong = request.benign() == (straight[i] != null) && !request.isRuleTest();
                if (wrong) {
                    line(out, request.benign() ? "accused" : "missed", request, straight[i]);
                }
                for (Map.Entry<String, Kind[]> form : piped.entrySet()) {
                    Kind kind = form.getValue()[i];
                    if (!Objects.equals(kind, straight[i])) {
                        line(out, form.getKey() + " says " + kind, request, straight[i]);
                    }
                }
            }
        }
    }

    private static void line(PrintWriter out, String outcome, CorpusRequest request, Kind judges) {
        String line = request.method() + " " + request.uri();
        out.println(
                String.join(
                        "\t",
                        outcome,
                        request.id(),
                        request.label(),
                        request.source(),
                        request.kind(),
                        request.place(),
                        judges == null ? "-" : judges.word(),
                        line.replaceAll("[^ -~]", "?")));
    }
}
