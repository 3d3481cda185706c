package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalSystemTest {
    private static final String CORPUS = "src/test/resources/eval/requests.jsonl";

    @TempDir Path folder;

    @Test
    void scoresACorpusForPeople() {
        Sensor.Outcome run = Sensor.run("eval", CORPUS);

        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        assertTrue(run.out().contains("sqli"), run.out());
        assertTrue(run.out().contains("balanced accuracy 100.00 %"), run.out());
        assertTrue(run.out().contains("own/two"), run.out());
    }

    @Test
    void scoresACorpusForPrograms() throws IOException {
        Sensor.Outcome run = Sensor.run("eval", "--json", CORPUS);

        JsonNode scores = new ObjectMapper().readTree(run.out());
        assertEquals(1.0, scores.at("/judges/balanced_accuracy").asDouble());
        assertEquals(6, scores.at("/judges/labels/sqli/requests").asInt());
        assertEquals(1.0, scores.at("/judges/labels/sqli/sources/own~1two/rate").asDouble());
        assertEquals(0, scores.at("/pipeline/plain/unlike_judges").asInt());
    }

    @Test
    void scoresTheSettingsInForce() throws IOException {
        Path misses = folder.resolve("misses.tsv");
        Sensor.Outcome run =
                Sensor.run(
                        "eval",
                        "--wire=none",
                        "--set",
                        "detectors.payload.switched-off=sqli",
                        "--misses",
                        misses.toString(),
                        CORPUS);

        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        List<String> lines = Files.readAllLines(misses);
        assertTrue(lines.size() >= 5, lines::toString);
        assertTrue(lines.get(1).startsWith("missed\t"), lines::toString);
        assertTrue(lines.get(1).contains("\tsqli\t"), lines::toString);
    }

    @Test
    void saysWhatIsWrongInOneSentence() throws IOException {
        Path broken = folder.resolve("broken.jsonl");
        Files.writeString(broken, "{\"id\": 1}\n");

        Sensor.Outcome none = Sensor.run("eval", "nowhere.jsonl");
        Sensor.Outcome wrong = Sensor.run("eval", broken.toString());
        Sensor.Outcome form = Sensor.run("eval", "--wire=pigeon", CORPUS);

        assertEquals(ExitCode.INPUT, none.exitCode());
        assertEquals("ips: nowhere.jsonl: no such file\n", none.err());
        assertEquals(ExitCode.INPUT, wrong.exitCode());
        assertEquals("ips: " + broken + ":1: no request: it has no label\n", wrong.err());
        assertEquals(ExitCode.USAGE, form.exitCode());
        assertTrue(form.err().contains("segments-1"), form.err());
    }
}
