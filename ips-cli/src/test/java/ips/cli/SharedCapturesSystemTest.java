package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real captures of others, which get what their collection's README says and nothing more. They are
 * looked for in {@code shared/pcaps} beside the repository, or where IPS_SHARED says.
 */
class SharedCapturesSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private JsonNode analyze(String name, String... options) throws IOException {
        Path capture = Repository.sharedCaptures().resolve(name);
        assumeTrue(Files.exists(capture), "no " + capture);
        Stream<String> arguments =
                Stream.of("analyze", "--json", "--log-dir", folder.toString(), capture.toString());
        Sensor.Outcome outcome =
                Sensor.run(Stream.concat(arguments, Arrays.stream(options)).toArray(String[]::new));
        assertEquals(0, outcome.exitCode(), outcome.err());
        return JSON.readTree(outcome.out());
    }

    private static Set<String> kinds(JsonNode json) {
        Set<String> kinds = new TreeSet<>();
        json.get("detections").forEach(detection -> kinds.add(detection.get("kind").asText()));
        return kinds;
    }

    private static Set<String> sources(JsonNode json) {
        Set<String> sources = new TreeSet<>();
        json.get("detections").forEach(detection -> sources.add(detection.path("source").asText()));
        return sources;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "benign-browsing.pcap",
                "benign-dvwa-login.pcapng",
                "benign-5-pings.pcap",
                "frag-tcp.pcap",
            })
    void findsNoFloodAndNoScanInOrdinaryTraffic(String name) throws IOException {
        JsonNode json = analyze(name);

        assertEquals(Set.of(), kinds(json), json::toPrettyString);
        assertEquals(0, json.get("bans").size());
        assertEquals(0, json.get("lost").asInt());
    }

    @ParameterizedTest
    @CsvSource({
        "http-sqli-dvwa.pcapng, sqli",
        "http-sqli-midstream.pcap, sqli",
        "http-xss.pcap, xss",
    })
    void findsAttacksInRequestsAndTheirOneSource(String name, String kind) throws IOException {
        JsonNode json = analyze(name);

        assertEquals(Set.of(kind), kinds(json), json::toPrettyString);
        assertEquals(1, sources(json).size(), json::toPrettyString);
    }

    @Test
    void findsEachScanOfOneScannerAndSparesTheVictim() throws IOException {
        JsonNode json = analyze("scan-syn-xmas-fin-ack-null.pcap");

        Set<String> expected = Set.of("scan_syn", "scan_xmas", "scan_fin", "scan_null");
        Set<String> kinds = kinds(json);
        assertTrue(kinds.containsAll(expected), json::toPrettyString);
        kinds.removeAll(expected);
        kinds.remove("scan_ack");
        assertEquals(Set.of(), kinds, json::toPrettyString);
        assertEquals(Set.of("192.168.5.15"), sources(json));
    }

    @Test
    void takesAUdpScanForNothingElse() throws IOException {
        JsonNode json = analyze("scan-udp.pcap");

        assertEquals(Set.of("scan_udp"), kinds(json), json::toPrettyString);
        assertEquals(1, sources(json).size());
    }

    @Test
    void takesSingleProbesForNoFlood() throws IOException {
        Set<String> kinds = kinds(analyze("scan-single-probes.pcapng"));

        assertTrue(kinds.stream().noneMatch(kind -> kind.endsWith("_flood")), kinds::toString);
    }

    @Test
    void blamesNobodyForASpoofedFlood() throws IOException {
        JsonNode json = analyze("flood-syn-spoofed.pcap");

        assertEquals(Set.of("syn_flood"), kinds(json), json::toPrettyString);
        assertEquals(Set.of(""), sources(json));
        assertTrue(json.get("detections").get(0).has("destination"));
        assertEquals(0, json.get("bans").size());
    }

    @Test
    void readsMalformedCapturesToTheirEnd() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Repository.sharedCaptures().resolve("malformed"))) {
            files = all.sorted().toList();
        }
        assertTrue(files.size() > 0);
        for (Path file : files) {
            JsonNode json = analyze("malformed/" + file.getFileName());
            assertEquals(0, json.get("bans").size(), file + ": " + json.toPrettyString());
        }
    }
}
