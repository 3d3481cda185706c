package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ips.core.packet.TcpFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ips analyze} over generated captures, from the command line to its exit code. */
class AnalyzeSystemTest {
    private static final String CLIENT = "192.0.2.10";
    private static final String OFFENDER = "192.0.2.66";
    private static final String SERVER = "198.51.100.80";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private Path capture(Traffic traffic) throws IOException {
        return traffic.write(folder.resolve("capture.pcap"));
    }

    private Sensor.Outcome analyze(Path capture, String... options) {
        List<String> arguments = new ArrayList<>(List.of("analyze", capture.toString()));
        arguments.addAll(List.of("--log-dir", folder.resolve("logs").toString()));
        arguments.addAll(Arrays.asList(options));
        return Sensor.run(arguments.toArray(String[]::new));
    }

    private static JsonNode json(Sensor.Outcome outcome) throws JsonProcessingException {
        assertEquals(0, outcome.exitCode(), outcome.err());
        return JSON.readTree(outcome.out());
    }

    private static Traffic everyday() {
        return new Traffic().web(0, CLIENT, SERVER, 50, 40).pings(0, CLIENT, SERVER, 3, 1000);
    }

    private static Traffic attack(String kind) {
        Traffic traffic = everyday();
        return switch (kind) {
            case "syn_flood" -> traffic.synFlood(100, OFFENDER, SERVER, 600, 1);
            case "icmp_flood" -> traffic.pingFlood(100, OFFENDER, SERVER, 2000, 1);
            case "scan_null" -> traffic.scan(100, OFFENDER, SERVER, 0, 200, 2);
            case "scan_fin" -> traffic.scan(100, OFFENDER, SERVER, TcpFlags.FIN, 200, 2);
            case "scan_xmas" -> {
                int xmas = TcpFlags.FIN | TcpFlags.PSH | TcpFlags.URG;
                yield traffic.scan(100, OFFENDER, SERVER, xmas, 200, 2);
            }
            case "scan_syn" -> traffic.scan(100, OFFENDER, SERVER, TcpFlags.SYN, 200, 2);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @Test
    void takesANameThatBeginsWithAnAtSignForAName() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "--version");

        Sensor.Outcome outcome = Sensor.run("analyze", "@" + text);

        assertEquals(ExitCode.INPUT, outcome.exitCode(), outcome.out());
        assertTrue(outcome.err().startsWith("ips: @" + text), outcome.err());
    }

    @Test
    void staysSilentOnEverydayTraffic() throws Exception {
        JsonNode json = json(analyze(capture(everyday()), "--json"));

        assertEquals(406, json.get("frames").asInt());
        assertEquals(0, json.get("lost").asInt());
        assertEquals(0, json.get("detections").size(), json::toPrettyString);
        assertEquals(0, json.get("bans").size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"syn_flood", "icmp_flood", "scan_null", "scan_fin", "scan_xmas", "scan_syn"})
    void namesTheOffenderAndWhatItDid(String kind) throws Exception {
        JsonNode json = json(analyze(capture(attack(kind)), "--json"));

        assertEquals(1, json.get("detections").size(), json::toPrettyString);
        JsonNode detection = json.get("detections").get(0);
        assertEquals(kind, detection.get("kind").asText());
        assertEquals(OFFENDER, detection.get("source").asText());
        assertTrue(detection.get("count").asInt() >= 10, json::toPrettyString);
        assertTrue(
                detection.get("first").asText().matches("2026-01-01T00:00:0\\d\\.\\d{6}Z"),
                json::toPrettyString);
        assertTrue(detection.get("evidence").size() > 0);
        assertEquals(OFFENDER, json.get("bans").get(0).get("address").asText());
        assertEquals(
                Set.of("address", "from", "kind", "reason", "scope", "until"),
                fields(json.get("bans").get(0)));
    }

    private static Set<String> fields(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void blamesADestinationAndNobodyForASpoofedFlood() throws Exception {
        Traffic traffic = everyday().spoofedSynFlood(0, SERVER, 20_000, 0.2);

        JsonNode json = json(analyze(capture(traffic), "--json"));

        assertEquals(1, json.get("detections").size(), json::toPrettyString);
        JsonNode detection = json.get("detections").get(0);
        assertEquals("syn_flood", detection.get("kind").asText());
        assertEquals(SERVER, detection.get("destination").asText());
        assertFalse(detection.has("source"), json::toPrettyString);
        assertEquals(0, json.get("bans").size());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void findsTheSameWhateverTheNumberOfWorkers(int workers) throws Exception {
        Path capture =
                capture(
                        attack("scan_fin")
                                .synFlood(900, "192.0.2.67", SERVER, 600, 1)
                                .pingFlood(900, "192.0.2.68", SERVER, 1000, 1)
                                .spoofedSynFlood(2000, "198.51.100.81", 20_000, 0.2));

        Sensor.Outcome one = analyze(capture, "--json", "--workers", "1");
        Sensor.Outcome many = analyze(capture, "--json", "--workers", Integer.toString(workers));

        assertEquals(json(one).get("detections"), json(many).get("detections"));
        assertEquals(json(one).get("bans"), json(many).get("bans"));
        assertTrue(json(one).get("detections").size() >= 4, one.out());
    }

    @Test
    void summarizesForAPerson() throws Exception {
        Sensor.Outcome outcome = analyze(capture(attack("syn_flood")));

        assertEquals(0, outcome.exitCode(), outcome.err());
        assertTrue(outcome.out().contains("1,006"), outcome.out());
        assertTrue(outcome.out().contains("WOULD BE BANNED"), outcome.out());
        assertTrue(
                outcome.out().matches("(?s).*192\\.0\\.2\\.66 +SYN flood.*61 s, SYNs.*"),
                outcome.out());
        assertFalse(outcome.out().contains("\u001b"), "no colours outside a terminal");
        assertEquals("", outcome.err());
    }

    @Test
    void saysSoWhenThereAreNoOffenders() throws Exception {
        assertTrue(analyze(capture(everyday())).out().contains("No offenders"));
    }

    @Test
    void printsNothingWhenQuiet() throws Exception {
        Sensor.Outcome outcome = analyze(capture(attack("syn_flood")), "--quiet");

        assertEquals(new Sensor.Outcome(0, "", ""), outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "syn_flood,alert,3",
        "syn_flood,ban,3",
        ",alert,0",
        ",ban,0",
    })
    void endsWithItsOwnCodeWhenAskedToFailOnFindings(String kind, String finding, int exitCode)
            throws Exception {
        Path capture = capture(kind == null ? everyday() : attack(kind));

        assertEquals(exitCode, analyze(capture, "--fail-on", finding).exitCode());
    }

    @Test
    void doesNotFailOnBansThatASpoofedFloodDoesNotLeadTo() throws Exception {
        Path capture = capture(everyday().spoofedSynFlood(0, SERVER, 20_000, 0.2));

        assertEquals(0, analyze(capture, "--fail-on", "ban").exitCode());
        assertEquals(3, analyze(capture, "--fail-on", "alert").exitCode());
    }

    @Test
    void writesBansToTheLogAndEverythingToEve() throws Exception {
        Path eve = folder.resolve("eve.json");

        analyze(capture(attack("syn_flood")), "--eve", eve.toString());

        String log = Files.readString(folder.resolve("logs/blocked_ips.log"));
        assertTrue(log.contains(OFFENDER), log);
        List<String> lines = Files.readAllLines(eve);
        Set<String> types = new TreeSet<>();
        for (String line : lines) {
            types.add(JSON.readTree(line).get("event_type").asText());
        }
        assertTrue(types.containsAll(Set.of("alert", "ips_ban")), types::toString);
    }

    @Test
    void writesEveToStandardOutputAndTheSummaryElsewhere() throws Exception {
        Sensor.Outcome outcome = analyze(capture(attack("syn_flood")), "--eve", "-");

        try (Stream<String> lines = outcome.out().lines()) {
            for (String line : lines.toList()) {
                assertTrue(JSON.readTree(line).has("event_type"), line);
            }
        }
        assertTrue(outcome.out().contains("syn_flood"), outcome.out());
        assertTrue(outcome.err().contains("SYN flood"), outcome.err());
    }

    @Test
    void detectsNothingWithRulesOnly() throws Exception {
        JsonNode json = json(analyze(capture(attack("syn_flood")), "--json", "--rules-only"));

        assertEquals(0, json.get("detections").size());
        assertEquals(1006, json.get("frames").asInt());
    }

    @Test
    void takesAnyPingForAFloodWhenStrict() throws Exception {
        Path capture = capture(everyday());

        JsonNode json = json(analyze(capture, "--json", "--preset", "strict"));

        assertTrue(json.get("detections").toString().contains("icmp_flood"), json::toPrettyString);
    }

    @Test
    void bansForAsLongAsTold() throws Exception {
        JsonNode ban =
                json(analyze(capture(attack("syn_flood")), "--json", "--ban-time", "5s"))
                        .get("bans")
                        .get(0);

        assertTrue(ban.get("until").asText().compareTo("2026-01-01T00:00:07") < 0, ban.toString());
    }

    @Test
    void neverBansWhoIsAllowed() throws Exception {
        Path capture = capture(attack("syn_flood"));

        JsonNode json =
                json(analyze(capture, "--json", "--allow", "10.0.0.0/8", "--allow", OFFENDER));

        assertEquals(1, json.get("detections").size());
        assertEquals(0, json.get("bans").size());
    }

    @Test
    void takesSettingsFromAFileAndOptionsOverIt() throws Exception {
        Path config = folder.resolve("ips.yaml");
        Files.writeString(config, "bans:\n  ban-time: 7s\n  allow: [" + OFFENDER + "]\n");
        Path capture = capture(attack("syn_flood"));

        JsonNode json = json(analyze(capture, "--json", "--config", config.toString()));
        Sensor.Outcome printed =
                Sensor.run(
                        "analyze",
                        "--config",
                        config.toString(),
                        "--ban-time",
                        "8s",
                        "--allow",
                        "10.0.0.0/8",
                        "--print-config");

        assertEquals(0, json.get("bans").size());
        assertTrue(printed.out().contains("ban-time: 8s\n"), printed.out());
        assertTrue(printed.out().contains("allow: [" + OFFENDER + ", 10.0.0.0/8]"), printed.out());
    }

    @Test
    void readsFilesAsOneStretchOfTraffic() throws Exception {
        Path first = everyday().write(folder.resolve("first.pcap"));
        Path second =
                new Traffic()
                        .synFlood(5000, OFFENDER, SERVER, 600, 1)
                        .write(folder.resolve("second.pcap"));

        JsonNode json = json(analyze(first, second.toString(), "--json"));

        assertEquals(1006, json.get("frames").asInt());
        assertEquals(1, json.get("detections").size());
    }

    @Test
    void yieldsWhatAFileCutShortHoldsAndWarns() throws Exception {
        Path capture = capture(attack("syn_flood"));
        byte[] bytes = Files.readAllBytes(capture);
        Files.write(capture, Arrays.copyOf(bytes, bytes.length - 20));

        Sensor.Outcome outcome = analyze(capture, "--json");

        JsonNode json = json(outcome);
        assertEquals(1, json.get("detections").size());
        assertTrue(outcome.err().startsWith("ips: warning: "), outcome.err());
        assertTrue(outcome.err().contains("capture.pcap"), outcome.err());
    }

    @Test
    void saysWhichFileIsMissing() {
        Sensor.Outcome outcome = analyze(folder.resolve("absent.pcap"));

        assertEquals(ExitCode.INPUT, outcome.exitCode());
        assertTrue(outcome.err().contains("absent.pcap"), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
    }

    @Test
    void saysWhatAFileIsThatIsNoCapture() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a capture at all\n");

        Sensor.Outcome outcome = analyze(text);

        assertEquals(ExitCode.INPUT, outcome.exitCode());
        assertTrue(outcome.err().contains("notes.txt"), outcome.err());
        assertEquals("", outcome.out());
    }

    @Test
    void saysWhenALogCannotBeWritten() throws Exception {
        Path capture = capture(attack("syn_flood"));

        Sensor.Outcome outcome = analyze(capture, "--eve", capture + "/eve.json");

        assertEquals(ExitCode.ENVIRONMENT, outcome.exitCode(), outcome.err());
        assertTrue(outcome.err().contains("eve.json"), outcome.err());
    }

    /** A capture that arrives through a pipe, whose writer then neither writes nor closes. */
    @Test
    void endsInGoodOrderAtAnInterruptWhileAPipeIsSilent() throws Exception {
        byte[] capture = Files.readAllBytes(Repository.root().resolve("samples/attacks.pcap"));
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "ips.cli.Ips",
                                "analyze",
                                "--json",
                                "--log-dir",
                                folder.toString(),
                                "-")
                        .redirectError(folder.resolve("errors").toFile())
                        .redirectOutput(folder.resolve("report").toFile())
                        .start();
        try {
            process.getOutputStream().write(capture);
            process.getOutputStream().flush();
            Path log = folder.resolve("blocked_ips.log");
            for (int i = 0; i < 200 && !(Files.exists(log) && Files.size(log) > 0); i++) {
                Thread.sleep(100);
            }
            assertTrue(process.isAlive());

            process.toHandle().destroy(); // SIGTERM, and the pipe stays open

            assertTrue(process.waitFor(10, TimeUnit.SECONDS), "still waiting at the pipe");
        } finally {
            process.destroyForcibly();
        }
        assertEquals("", Files.readString(folder.resolve("errors")));
        JsonNode json = JSON.readTree(Files.readString(folder.resolve("report")));
        assertEquals(7726, json.get("frames").asInt());
        assertEquals(10, json.get("detections").size());
    }
}
