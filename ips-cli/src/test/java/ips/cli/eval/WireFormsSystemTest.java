package ips.cli.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.EngineConfig;
import ips.core.verdict.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever form a request takes on the wire, the verdict is the judges'. */
class WireFormsSystemTest {
    private static final Path OWN = Path.of("src/test/resources/eval/requests.jsonl");
    private static final Path SHARED = Path.of("../../shared/corpus/payload-dev.jsonl.gz");

    /** Of the shared corpus, so that all forms take seconds. */
    private static final int EVERY = 131;

    static Stream<String> forms() {
        return WireForm.NAMED.keySet().stream();
    }

    private static List<CorpusRequest> read(Path corpus, int every) throws IOException {
        List<CorpusRequest> requests = new ArrayList<>();
        int[] number = {0};
        CorpusRequest.read(
                corpus,
                request -> {
                    if (number[0]++ % every == 0) {
                        requests.add(request);
                    }
                });
        return requests;
    }

    private static Kind[] straight(List<CorpusRequest> requests) {
        return Verdicts.straight(requests, EngineConfig.DEFAULTS.detectors().payload());
    }

    private static Kind[] pipeline(List<CorpusRequest> requests, String form, int workers) {
        EngineConfig config = EngineConfig.DEFAULTS.withWorkers(workers);
        return Verdicts.pipeline(requests, config, WireForm.NAMED.get(form));
    }

    private static List<String> differences(
            List<CorpusRequest> requests, Kind[] expected, Kind[] actual) {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < expected.length; i++) {
            if (!Objects.equals(expected[i], actual[i])) {
                differences.add(
                        "%s: expected %s, not %s"
                                .formatted(requests.get(i).id(), expected[i], actual[i]));
            }
        }
        return differences;
    }

    @Test
    void theJudgesTellAttacksFromHonestRequests() throws IOException {
        List<CorpusRequest> requests = read(OWN, 1);
        Kind[] kinds = straight(requests);

        for (int i = 0; i < kinds.length; i++) {
            CorpusRequest request = requests.get(i);
            assertEquals(
                    request.benign() ? null : request.label(),
                    kinds[i] == null ? null : kinds[i].word(),
                    request.id());
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void thePipelineSaysWhatTheJudgesSay(String form) throws IOException {
        List<CorpusRequest> requests = read(OWN, 1);
        Kind[] straight = straight(requests);

        assertEquals(List.of(), differences(requests, straight, pipeline(requests, form, 1)));
        assertEquals(List.of(), differences(requests, straight, pipeline(requests, form, 4)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void thePipelineSaysTheSameOfRequestsOfOthers(String form) throws IOException {
        assumeTrue(Files.exists(SHARED), "skipped: no corpus at " + SHARED);
        List<CorpusRequest> requests = read(SHARED, EVERY);
        Kind[] plain = pipeline(requests, "plain", 1);

        assertEquals(List.of(), differences(requests, plain, pipeline(requests, form, 4)));
    }
}
