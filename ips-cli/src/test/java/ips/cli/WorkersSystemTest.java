package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.capture.CaptureFileSource;
import ips.capture.CaptureSource;
import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.EngineReport;
import ips.core.block.Ban;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same capture has the same outcome with 1, 2, 4 and 8 workers: the same detections in the same
 * order with all their counts, times, frames and evidence, and the same bans.
 */
class WorkersSystemTest {
    private static final int[] MANY = {2, 4, 8};

    private static List<Path> captures(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.pcap(ng)?"))
                    .sorted()
                    .toList();
        }
    }

    /** Everything that was decided, a line each. */
    private static List<String> outcome(Path capture, int workers) throws IOException {
        return outcome(capture, workers, 1);
    }

    private static List<String> outcome(Path capture, int workers, int pipelines)
            throws IOException {
        EngineConfig config = EngineConfig.DEFAULTS.withWorkers(workers).withPipelines(pipelines);
        try (CaptureSource source = CaptureFileSource.of(List.of(capture), pipelines);
                Engine engine =
                        Engine.builder()
                                .config(config)
                                .framesShownToAll(true)
                                .errorHandler(
                                        error -> {
                                            throw new AssertionError(error);
                                        })
                                .build()) {
            engine.run(source);
            engine.close();
            EngineReport report = engine.report();
            assertEquals(0, report.counters().get(Counter.WORKER_ERRORS));
            List<String> lines = new ArrayList<>();
            lines.add(report.frames() + " frames, " + report.lost() + " lost");
            for (Detection detection : report.detections()) {
                lines.add(detection.toString());
            }
            for (Ban ban : report.bans()) {
                lines.add(ban.toString());
            }
            return lines;
        }
    }

    private static void assertSameOutcomes(Path capture) throws IOException {
        String one = String.join("\n", outcome(capture, 1));
        for (int workers : MANY) {
            String many = String.join("\n", outcome(capture, workers));
            assertEquals(one, many, capture.getFileName() + " with " + workers + " workers");
        }
        String pipelines = String.join("\n", outcome(capture, 4, 3));
        assertEquals(one, pipelines, capture.getFileName() + " with 3 pipelines");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attacks.pcap", "everyday.pcap"})
    void judgeTheSamplesAlike(String name) throws IOException {
        assertSameOutcomes(Repository.root().resolve("samples").resolve(name));
    }

    @Test
    void judgeTheCapturesOfOthersAlike() throws IOException {
        List<Path> captures = captures(Repository.sharedCaptures());

        assertTrue(captures.size() > 5, captures::toString);
        for (Path capture : captures) {
            assertSameOutcomes(capture);
        }
    }
}
