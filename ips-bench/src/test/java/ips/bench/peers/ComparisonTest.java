package ips.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ips.bench.flood.Flood;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @TempDir private Path folder;

    @BeforeEach
    void needsAShell() {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh");
    }

    private Comparison comparison(int runs, Consumer<String> progress) throws IOException {
        return new Comparison(folder, DataSet.flood(Flood.ICMP, 1, folder), runs, progress);
    }

    /** A shell command that is given the file as $1. */
    private Contender shell(String name, String script) throws IOException {
        List<String> command = List.of("/bin/sh", "-c", script, "sh");
        Contender contender =
                new Contender(
                        name,
                        Map.of(),
                        Pattern.compile("read (\\d+)"),
                        work -> new Contender.Ready("1", command));
        contender.prepare(folder);
        return contender;
    }

    @Test
    void runsContendersInTurnsAndReportsThem() throws Exception {
        DataSet data = DataSet.flood(Flood.ICMP, 100, folder);
        List<Contender> contenders =
                List.of(
                        shell("fast", "echo read $(($(wc -c < $1) / 114))"),
                        shell(
                                "slow",
                                "n=$(($(wc -c < $1) / 114)); sleep 0.3; [ $n = 1 ] || sleep 0.3; echo read $n"));
        List<String> progress = new ArrayList<>();
        Comparison comparison = comparison(3, progress::add);
        ComparisonReport report = new ComparisonReport(Map.of("cpu", "one"), folder);
        for (Contender contender : contenders) {
            report.present(contender, "1.0");
        }
        report.missing(shell("absent", ""), "not on the PATH");

        List<Comparison.Timing> timings = comparison.over(data, contenders);
        report.add(timings);

        assertEquals(6, progress.size());
        assertTrue(progress.get(0).startsWith("icmp, run 1 of 3: fast"), progress.get(0));
        assertTrue(progress.get(1).startsWith("icmp, run 1 of 3: slow"), progress.get(1));
        assertTrue(timings.get(1).median() > 0.6);
        assertTrue(timings.get(1).start() > 0.3);
        assertEquals(timings.get(1).median() - timings.get(1).start(), timings.get(1).net(), 1e-9);
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text));
        assertTrue(text.toString().contains("left out: not on the PATH"), text.toString());
        StringWriter json = new StringWriter();
        report.write(json);
        JsonNode timing = new ObjectMapper().readTree(json.toString()).get("timings").get(1);
        assertEquals("slow", timing.get("program").asText());
        assertEquals(100, timing.get("frames").asLong());
        assertEquals(9800, timing.get("bytes").asLong());
        assertEquals(3, timing.get("runs_s").size());
        assertEquals(3, timing.get("starts_s").size());
    }

    @Test
    void refusesARunThatReadAnotherNumberOfFrames() throws Exception {
        DataSet data = DataSet.flood(Flood.ICMP, 2, folder);
        Comparison comparison = comparison(1, line -> {});

        IOException e =
                assertThrows(
                        IOException.class,
                        () -> comparison.over(data, List.of(shell("liar", "echo read 1"))));
        assertTrue(e.getMessage().startsWith("liar read 1 frames of 2"), e.getMessage());
    }

    @Test
    void refusesARunThatFailed() throws Exception {
        DataSet data = DataSet.flood(Flood.ICMP, 2, folder);
        Comparison comparison = comparison(1, line -> {});

        IOException e =
                assertThrows(
                        IOException.class,
                        () -> comparison.over(data, List.of(shell("a", "echo no; exit 3"))));
        assertTrue(e.getMessage().endsWith("ended with 3: no"), e.getMessage());
    }

    @Test
    void leavesAPeerThatFailedOutAndGoesOn() throws Exception {
        DataSet data = DataSet.flood(Flood.ICMP, 2, folder);
        Comparison comparison = comparison(2, line -> {});
        Contender good = shell("good", "echo read $(($(wc -c < $1) / 114))");
        Contender bad = shell("bad", "echo no; exit 3");

        List<Comparison.Timing> timings = comparison.over(data, List.of(good, bad));

        assertEquals(List.of("good"), timings.stream().map(Comparison.Timing::contender).toList());
        assertEquals(2, timings.get(0).seconds().size());
        Comparison.Failure failure = comparison.failures().get(0);
        assertEquals("bad", failure.contender());
        assertTrue(failure.why().endsWith("ended with 3: no"), failure.why());
        assertEquals(1, comparison.failures().size());
    }
}
