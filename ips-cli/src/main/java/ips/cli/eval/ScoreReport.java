package ips.cli.eval;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import ips.cli.eval.Scores.Tally;
import ips.cli.report.TextTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Scores as text or JSON.
 *
 * @param judges straight through the judges
 * @param pipeline by name of the form on the wire
 * @param differences requests on which the two disagree, by name of the form
 */
public record ScoreReport(
        Scores judges, Map<String, Scores> pipeline, Map<String, Long> differences) {

    /** Tables for people. */
    public List<String> text() {
        List<String> lines = new ArrayList<>();
        lines.addAll(labels().lines());
        lines.add("");
        lines.add(
                "found %s, mean of labels %s; honest accused: core %s, hard %s"
                        .formatted(
                                percent(judges.attacks().rate()),
                                percent(judges.meanOfLabels()),
                                percent(judges.core().rate()),
                                percent(judges.hard().rate())));
        lines.add(
                "precision %s, balanced accuracy %s"
                        .formatted(
                                percent(judges.precision()), percent(judges.balancedAccuracy())));
        lines.add(
                "each source alike: found %s, core accused %s, balanced accuracy %s"
                        .formatted(
                                percent(judges.foundMeanOfSources()),
                                percent(judges.accusedMeanOfSources()),
                                percent(judges.balancedMeanOfSources())));
        lines.add("");
        lines.addAll(sources().lines());
        if (!pipeline.isEmpty()) {
            lines.add("");
            lines.addAll(forms().lines());
        }
        return lines;
    }

    private TextTable labels() {
        TextTable table =
                new TextTable(
                        "label",
                        "requests>",
                        "accused>",
                        "rate>",
                        "precision>",
                        "balanced>",
                        "mean of sources>",
                        "least>",
                        "of source");
        judges.labels()
                .forEach(
                        (label, tally) -> {
                            boolean attack = Scores.isAttack(label);
                            Map.Entry<String, Tally> least = attack ? judges.least(label) : null;
                            table.row(
                                    label,
                                    Long.toString(tally.requests()),
                                    Long.toString(tally.accused()),
                                    percent(tally.rate()),
                                    attack ? percent(judges.precision(label)) : "",
                                    attack ? percent(judges.balancedAccuracy(label)) : "",
                                    least == null ? "" : percent(judges.meanOfSources(label)),
                                    least == null ? "" : percent(least.getValue().rate()),
                                    least == null ? "" : least.getKey());
                        });
        return table;
    }

    private TextTable sources() {
        TextTable table = new TextTable("label", "source", "requests>", "accused>", "rate>");
        judges.sources()
                .forEach(
                        (label, bySource) ->
                                bySource.forEach(
                                        (source, tally) ->
                                                table.row(
                                                        label,
                                                        source,
                                                        Long.toString(tally.requests()),
                                                        Long.toString(tally.accused()),
                                                        percent(tally.rate()))));
        return table;
    }

    private TextTable forms() {
        TextTable table =
                new TextTable(
                        "through the pipeline", "found>", "honest accused>", "unlike judges>");
        pipeline.forEach(
                (form, scores) ->
                        table.row(
                                form,
                                Long.toString(scores.attacks().accused()),
                                Long.toString(scores.core().accused() + scores.hard().accused()),
                                Long.toString(differences.get(form))));
        return table;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    /** The same for programs: rates are 0 to 1. */
    public String json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes, JsonEncoding.UTF8)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            json.writeObjectFieldStart("judges");
            write(judges, json);
            json.writeObjectFieldStart("labels");
            for (Map.Entry<String, Tally> label : judges.labels().entrySet()) {
                json.writeObjectFieldStart(label.getKey());
                write(label.getValue(), json);
                if (Scores.isAttack(label.getKey())) {
                    json.writeNumberField("precision", judges.precision(label.getKey()));
                    json.writeNumberField(
                            "balanced_accuracy", judges.balancedAccuracy(label.getKey()));
                }
                json.writeObjectFieldStart("sources");
                for (var source : judges.sources().get(label.getKey()).entrySet()) {
                    json.writeObjectFieldStart(source.getKey());
                    write(source.getValue(), json);
                    json.writeEndObject();
                }
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeObjectFieldStart("pipeline");
            for (Map.Entry<String, Scores> form : pipeline.entrySet()) {
                json.writeObjectFieldStart(form.getKey());
                write(form.getValue(), json);
                json.writeNumberField("unlike_judges", differences.get(form.getKey()));
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void write(Scores scores, JsonGenerator json) throws IOException {
        json.writeNumberField("found", scores.attacks().rate());
        json.writeNumberField("found_mean_of_labels", scores.meanOfLabels());
        json.writeNumberField("found_mean_of_sources", scores.foundMeanOfSources());
        json.writeNumberField("accused_core", scores.core().rate());
        json.writeNumberField("accused_core_mean_of_sources", scores.accusedMeanOfSources());
        json.writeNumberField("accused_hard", scores.hard().rate());
        json.writeNumberField("precision", scores.precision());
        json.writeNumberField("balanced_accuracy", scores.balancedAccuracy());
    }

    private static void write(Tally tally, JsonGenerator json) throws IOException {
        json.writeNumberField("requests", tally.requests());
        json.writeNumberField("accused", tally.accused());
        json.writeNumberField("rate", tally.rate());
    }
}
