package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A capture sent over a link at its own pace is judged as the file is. */
class ReplaySystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Sends the frames of a pcap file (little-endian, microseconds) as they lie there. */
    private static final String REPLAY =
            """
            import socket, struct, sys, time
            data = open(sys.argv[1], 'rb').read()
            link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            link.bind(('eth0', 0))
            at, first, begin = 24, None, time.time()
            while at < len(data):
                sec, usec, length, _ = struct.unpack_from('<IIII', data, at)
                stamp = sec + usec / 1e6
                first = first or stamp
                time.sleep(max(0, stamp - first - (time.time() - begin)))
                link.send(data[at + 16:at + 16 + length])
                at += 16 + length
            """;

    @TempDir private Path folder;

    private static Set<String> verdicts(JsonNode json) {
        Set<String> verdicts = new TreeSet<>();
        for (JsonNode detection : json.get("detections")) {
            verdicts.add(
                    "%s from %s to %s"
                            .formatted(
                                    detection.get("kind").asText(),
                                    detection.path("source").asText("many"),
                                    detection.path("destination").asText("many")));
        }
        for (JsonNode ban : json.get("bans")) {
            verdicts.add("ban of %s for %s".formatted(ban.get("address"), ban.get("scope")));
        }
        return verdicts;
    }

    @Test
    void judgesTheLinkAsTheFile() throws Exception {
        Optional<String> missing = Namespaces.missing("python3");
        assumeTrue(missing.isEmpty(), () -> missing.get());
        Path capture = Repository.root().resolve("samples/attacks.pcap");
        Path output = folder.resolve("sensor.json");
        Path started = folder.resolve("logs");

        try (Namespaces hosts = new Namespaces("sensor", "replayer")) {
            Process sensor =
                    hosts.start(
                            "sensor",
                            output,
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx320m",
                                    "-XX:+UseSerialGC",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "ips.cli.Ips",
                                    "run",
                                    "--interface",
                                    "eth0",
                                    "--workers",
                                    "2",
                                    "--json",
                                    "--log-dir",
                                    started.toString()));
            for (int i = 0; i < 200 && !Files.readString(output).contains("watching"); i++) {
                Thread.sleep(100);
            }
            Namespaces.Result replay =
                    hosts.run(
                            "replayer",
                            Duration.ofSeconds(40),
                            "python3",
                            "-c",
                            REPLAY,
                            capture.toString());
            assertEquals(0, replay.exitCode(), replay.output());
            Thread.sleep(1500);
            sensor.destroy();
            assertTrue(sensor.waitFor(10, TimeUnit.SECONDS));
        }

        String all = Files.readString(output);
        JsonNode live = JSON.readTree(all.substring(all.indexOf("\n{") + 1));
        Sensor.Outcome file =
                Sensor.run(
                        "analyze", "--json", "--log-dir", started.toString(), capture.toString());
        assertEquals(0, live.get("lost").asInt());
        assertEquals(verdicts(JSON.readTree(file.out())), verdicts(live), all);
    }
}
