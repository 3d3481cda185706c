package ips.bench.peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import ips.cli.report.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a comparison found, for people and for programs: the median of the runs of each contender
 * over each data set; net, with the median of its starts taken off; and how many times as long as
 * ips it took, gross and net.
 */
final class ComparisonReport {
    private final Map<String, String> machine;
    private final Path work;
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final Map<String, String> commands = new LinkedHashMap<>();
    private final List<Comparison.Timing> timings = new ArrayList<>();
    private final List<Comparison.Failure> failures = new ArrayList<>();

    /**
     * @param machine what it ran on
     * @param work where programs are started; what lies there is named without it
     */
    ComparisonReport(Map<String, String> machine, Path work) {
        this.machine = machine;
        this.work = work;
    }

    void present(Contender contender, String version) {
        versions.put(contender.name(), version);
        StringBuilder command = new StringBuilder();
        contender.environment().forEach((name, value) -> command.append(name + "=" + value + " "));
        List<String> words = contender.command(Path.of("FILE"));
        command.append(Path.of(words.get(0)).getFileName());
        for (String word : words.subList(1, words.size())) {
            command.append(' ').append(word.replace(work + "/", ""));
        }
        commands.put(contender.name(), command.toString());
    }

    void missing(Contender contender, String why) {
        missing.put(contender.name(), why);
    }

    void add(List<Comparison.Timing> timings) {
        this.timings.addAll(timings);
    }

    /** Contenders that are left out of a data set. */
    void failed(List<Comparison.Failure> failures) {
        this.failures.addAll(failures);
    }

    void print(PrintWriter out) {
        machine.forEach((key, value) -> out.printf("%-8s %s%n", key, value));
        out.println();
        versions.forEach((name, version) -> out.printf("%-16s %s%n", name, version));
        missing.forEach((name, why) -> out.printf("%-16s left out: %s%n", name, why));
        TextTable table =
                new TextTable(
                        "DATA",
                        "PROGRAM",
                        "MEDIAN s>",
                        "LEAST s>",
                        "START s>",
                        "NET s>",
                        "M FRAMES/S NET>",
                        "GBIT/S NET>",
                        "TIMES IPS>",
                        "NET TIMES IPS>");
        for (Comparison.Timing timing : timings) {
            DataSet data = timing.data();
            double net = timing.net();
            table.row(
                    data.name(),
                    timing.contender(),
                    number("%.2f", timing.median()),
                    number("%.2f", timing.least()),
                    number("%.2f", timing.start()),
                    number("%.2f", net),
                    rate("%.2f", data.frames() / 1e6, net),
                    rate("%.2f", data.bytes() * 8 / 1e9, net),
                    number("%.1f", timing.median() / ips(timing).median()),
                    rate("%.1f", net, ips(timing).net()));
        }
        out.println();
        table.lines().forEach(out::println);
        failures.forEach(
                failure ->
                        out.printf(
                                "%s left out of %s: %s%n",
                                failure.contender(), failure.data().name(), failure.why()));
        out.println();
        timings.stream()
                .map(Comparison.Timing::data)
                .distinct()
                .forEach(
                        data ->
                                out.printf(
                                        Locale.ROOT,
                                        "%s: %,d frames, %,d bytes, hash %s%n",
                                        data.name(),
                                        data.frames(),
                                        data.bytes(),
                                        data.hash()));
        out.println();
        out.println("run in " + work + ":");
        commands.values().forEach(command -> out.println("  " + command));
        out.flush();
    }

    void write(Writer writer) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(writer)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            texts(json, "machine", machine);
            texts(json, "versions", versions);
            texts(json, "missing", missing);
            texts(json, "commands", commands);
            json.writeArrayFieldStart("failures");
            for (Comparison.Failure failure : failures) {
                json.writeStartObject();
                json.writeStringField("data", failure.data().name());
                json.writeStringField("program", failure.contender());
                json.writeStringField("why", failure.why());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("timings");
            for (Comparison.Timing timing : timings) {
                DataSet data = timing.data();
                json.writeStartObject();
                json.writeStringField("data", data.name());
                json.writeStringField("hash", data.hash());
                json.writeNumberField("frames", data.frames());
                json.writeNumberField("bytes", data.bytes());
                json.writeStringField("program", timing.contender());
                json.writeNumberField("start_s", timing.start());
                json.writeNumberField("median_s", timing.median());
                numbers(json, "starts_s", timing.starts());
                numbers(json, "runs_s", timing.seconds());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void texts(JsonGenerator json, String field, Map<String, String> texts)
            throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    private static void numbers(JsonGenerator json, String field, List<Double> numbers)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (double number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    /** The first contender's timing over the same data. */
    private Comparison.Timing ips(Comparison.Timing timing) {
        return timings.stream()
                .filter(other -> other.data().equals(timing.data()))
                .findFirst()
                .orElseThrow();
    }

    private static String number(String format, double number) {
        return String.format(Locale.ROOT, format, number);
    }

    /** A quotient, unless what is left of a run without its start is too little to divide by. */
    private static String rate(String format, double amount, double seconds) {
        return seconds < 0.01 ? "-" : number(format, amount / seconds);
    }
}
