package ips.bench.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareCommandTest {
    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();

    private String run(String benchmark, String score, String error, String unit) {
        return """
                {"benchmark": "ips.bench.x.%s", "params": {"flood": "ICMP", "a": "1"},
                 "primaryMetric": {"score": %s, "scoreError": %s, "scoreUnit": "%s",
                                   "rawData": [[%s, %s]]}}
                """
                .formatted(benchmark, score, error, unit, score, score);
    }

    private Path file(String name, String... runs) throws IOException {
        return Files.writeString(folder.resolve(name), "[" + String.join(",", runs) + "]");
    }

    private int compare(Path before, Path after) {
        PrintWriter writer = new PrintWriter(out);
        return new CommandLine(new CompareCommand())
                .setOut(writer)
                .setErr(writer)
                .setExecutionExceptionHandler(
                        (e, line, parsed) -> {
                            writer.println(e.getMessage());
                            writer.flush();
                            return 2;
                        })
                .execute(before.toString(), after.toString());
    }

    @Test
    void saysInASentenceThatAFileIsNotThere() throws IOException {
        Path missing = folder.resolve("nope.json");

        int exitCode = compare(missing, file("new.json", run("B.rate", "80", "5", "ops/s")));

        assertEquals(2, exitCode);
        assertEquals(missing + " is not there, or may not be read", out.toString().strip());
    }

    @Test
    void namesWhatGotSlowerBeyondTheNoise() throws IOException {
        Path before =
                file(
                        "old.json",
                        run("B.rate", "100", "5", "ops/s"),
                        run("B.noisy", "100", "30", "ops/s"),
                        run("B.time", "10", "0.1", "ns/op"),
                        run("B.gone", "1", "0", "ops/s"));
        Path after =
                file(
                        "new.json",
                        run("B.rate", "80", "5", "ops/s"),
                        run("B.noisy", "80", "5", "ops/s"),
                        run("B.time", "5", "0.1", "ns/op"),
                        run("B.fresh", "1", "0", "ops/s"));

        assertEquals(1, compare(before, after));
        List<String> lines = out.toString().lines().toList();
        assertTrue(line(lines, "B.rate a=1 flood=ICMP").endsWith("0.80  slower"));
        assertTrue(line(lines, "B.noisy").endsWith("0.80"));
        assertTrue(line(lines, "B.time").endsWith("2.00  faster"));
        assertTrue(line(lines, "B.gone").endsWith("gone"));
        assertTrue(line(lines, "B.fresh").endsWith("new"));
        assertTrue(lines.contains("Slower: 1"));
    }

    @Test
    void takesTheRangeOfARunTooShortForAnError() throws IOException {
        String text = run("B.rate", "90", "\"NaN\"", "ops/s").replace("[[90, 90]]", "[[80, 100]]");
        Path before = file("old.json", text);
        Path after = file("new.json", run("B.rate", "81", "0", "ops/s"));

        assertEquals(0, compare(before, after), out.toString());
        assertTrue(out.toString().contains("Nothing got slower."));
    }

    @Test
    void saysWhichFileHoldsNoResults() throws IOException {
        Path results = file("results.json", run("B.rate", "1", "0", "ops/s"));
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"a\": 1}");

        assertEquals(2, compare(results, broken));
        assertTrue(out.toString().contains("broken.json holds no results"), out.toString());
        assertEquals(2, compare(folder.resolve("missing.json"), results));
    }

    private static String line(List<String> lines, String start) {
        return lines.stream().filter(l -> l.startsWith(start)).findFirst().orElseThrow();
    }
}
