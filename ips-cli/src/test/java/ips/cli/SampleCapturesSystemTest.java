package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The captures in samples/, recorded from nmap, hping3, curl and ping by samples/record.sh. */
class SampleCapturesSystemTest {
    @TempDir private Path folder;

    private JsonNode analyze(String name) throws Exception {
        Path capture = Repository.root().resolve("samples").resolve(name);
        Sensor.Outcome outcome =
                Sensor.run("analyze", "--json", "--log-dir", folder.toString(), capture.toString());
        assertEquals(0, outcome.exitCode(), outcome.err());
        return new ObjectMapper().readTree(outcome.out());
    }

    @Test
    void findsNothingInEverydayTraffic() throws Exception {
        JsonNode json = analyze("everyday.pcap");

        assertTrue(json.get("frames").asInt() > 100);
        assertEquals(0, json.get("detections").size(), json::toPrettyString);
        assertEquals(0, json.get("bans").size());
    }

    @Test
    void tellsAttacksFromTheClientBesideThem() throws Exception {
        JsonNode json = analyze("attacks.pcap");

        Set<String> found = new TreeSet<>();
        for (JsonNode detection : json.get("detections")) {
            String who =
                    detection.has("source")
                            ? detection.get("source").asText()
                            : "many sources against " + detection.get("destination").asText();
            found.add(
                    "%s %s: %d, frames %d to %d"
                            .formatted(
                                    detection.get("kind").asText(),
                                    who,
                                    detection.get("count").asLong(),
                                    detection.get("first_frame").asLong(),
                                    detection.get("last_frame").asLong()));
        }
        // As counted in the capture: 200 ports, nmap's retry of one, 600 of each flood; 1,500 of
        // forged sources and, until .77 stood accused, the first 49 of its own, and the one SYN
        // that nmap left half-open.
        assertEquals(
                Set.of(
                        "scan_syn 192.0.2.66: 200, frames 37 to 436",
                        "scan_null 192.0.2.66: 201, frames 440 to 940",
                        "scan_fin 192.0.2.66: 201, frames 975 to 1475",
                        "scan_xmas 192.0.2.66: 201, frames 1478 to 1879",
                        "sqli 192.0.2.99: 2, frames 1887 to 1903",
                        "xss 192.0.2.99: 1, frames 1919 to 1919",
                        "traversal 192.0.2.99: 1, frames 1936 to 1936",
                        "syn_flood 192.0.2.77: 600, frames 1950 to 2550",
                        "icmp_flood 192.0.2.78: 600, frames 2557 to 3161",
                        "syn_flood many sources against 192.0.2.80: 1550, frames 57 to 5684"),
                found,
                json::toPrettyString);
        Set<String> banned = new TreeSet<>();
        json.get("bans").forEach(ban -> banned.add(ban.get("address").asText()));
        assertEquals(Set.of("192.0.2.66", "192.0.2.77", "192.0.2.78", "192.0.2.99"), banned);
    }
}
