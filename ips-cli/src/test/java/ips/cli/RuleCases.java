package ips.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs cases of rules, capture and expected alerts, each a folder with {@code test.rules}, {@code
 * input.pcap} and {@code expected.json}, through the command line as a user would.
 *
 * <p>As a program it tells which are right: {@code RuleCases FOLDER...}, each a folder of cases.
 */
final class RuleCases {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What came of a case.
     *
     * @param complaints what is wrong; empty where all is right
     */
    record Outcome(String name, List<String> complaints, String messages) {
        boolean isRight() {
            return complaints.isEmpty();
        }
    }

    private RuleCases() {}

    /** The cases of a folder, by name. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> cases = Files.list(folder)) {
            return cases.filter(each -> Files.exists(each.resolve("expected.json")))
                    .sorted()
                    .toList();
        }
    }

    static Outcome run(Path folder, Path scratch, String... more) throws IOException {
        JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
        Path eve = Files.createTempFile(scratch, "eve", ".json");
        Files.delete(eve);
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("analyze", "--rules-only", "--quiet"));
        arguments.addAll(List.of("--log-dir", scratch.toString()));
        arguments.addAll(List.of("--rules", folder.resolve("test.rules").toString()));
        arguments.addAll(List.of("--eve", eve.toString()));
        JsonNode options = expected.path("options");
        arguments.addAll(List.of("--mode", options.path("mode").asText("ids")));
        arguments.addAll(List.of("--checksums", options.path("checksums").asText("auto")));
        arguments.addAll(List.of("--midstream", options.path("midstream").asText("false")));
        if (options.has("threshold")) {
            Path threshold = folder.resolve(options.get("threshold").asText());
            arguments.addAll(List.of("--threshold", threshold.toString()));
        }
        if (expected.has("vars")) {
            Path vars = Files.createTempFile(scratch, "vars", ".json");
            Files.writeString(vars, expected.get("vars").toString());
            arguments.addAll(List.of("--vars", vars.toString()));
        }
        arguments.addAll(List.of(more));
        arguments.add(folder.resolve(expected.path("pcap").asText("input.pcap")).toString());
        Sensor.Outcome outcome = Sensor.run(arguments.toArray(String[]::new));
        List<String> complaints = new ArrayList<>();
        if (outcome.exitCode() != ExitCode.OK) {
            complaints.add("exit code " + outcome.exitCode());
        }
        List<JsonNode> lines = new ArrayList<>();
        if (Files.exists(eve)) {
            for (String line : Files.readAllLines(eve)) {
                lines.add(JSON.readTree(line));
            }
        }
        for (JsonNode check : expected.path("checks")) {
            long count = lines.stream().filter(line -> matches(line, check.path("match"))).count();
            boolean atLeast = check.has("at_least");
            long wanted = check.path(atLeast ? "at_least" : "count").asLong();
            if (atLeast ? count < wanted : count != wanted) {
                complaints.add(count + " instead of " + wanted + ": " + check.path("match"));
            }
        }
        return new Outcome(folder.getFileName().toString(), complaints, outcome.err());
    }

    private static boolean matches(JsonNode line, JsonNode wanted) {
        for (var fields = wanted.fields(); fields.hasNext(); ) {
            var field = fields.next();
            String key = field.getKey();
            if (key.equals("has-key")) {
                if (at(line, field.getValue().asText()).isMissingNode()) {
                    return false;
                }
            } else if (key.equals("not-has-key")) {
                if (!at(line, field.getValue().asText()).isMissingNode()) {
                    return false;
                }
            } else {
                JsonNode found = at(line, key);
                boolean none = field.getValue().isNull() && found.isMissingNode();
                if (!none && !found.equals(field.getValue())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static JsonNode at(JsonNode line, String path) {
        JsonNode node = line;
        for (String part : path.split("\\.")) {
            int bracket = part.indexOf('[');
            if (bracket > 0) {
                int index = Integer.parseInt(part.substring(bracket + 1, part.length() - 1));
                node = node.path(part.substring(0, bracket)).path(index);
            } else {
                node = node.path(part);
            }
        }
        return node;
    }

    /** Tells of each folder how many of its cases are right, and of the others what is wrong. */
    public static void main(String[] folders) throws IOException {
        Path scratch = Files.createTempDirectory("rule-cases");
        StringBuilder summary = new StringBuilder();
        for (String folder : folders) {
            int right = 0;
            int all = 0;
            List<Path> cases = in(Path.of(folder));
            for (Path each : cases.isEmpty() ? List.of(Path.of(folder)) : cases) {
                Outcome outcome = run(each, scratch);
                all++;
                right += outcome.isRight() ? 1 : 0;
                if (!outcome.isRight()) {
                    System.out.println("WRONG " + each);
                    outcome.complaints().forEach(line -> System.out.println("    " + line));
                    outcome.messages()
                            .lines()
                            .limit(5)
                            .forEach(l -> System.out.println("    " + l));
                }
            }
            summary.append(String.format("%s: %d of %d right%n", folder, right, all));
        }
        System.out.print(summary);
    }
}
