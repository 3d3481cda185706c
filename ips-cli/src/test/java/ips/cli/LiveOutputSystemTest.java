package ips.cli;

import static ips.cli.VictimHost.ATTACKER;
import static ips.cli.VictimHost.LONG;
import static ips.cli.VictimHost.VICTIM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ips.cli.control.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the sensor on a live link tells people and programs, from its start to Ctrl-C. */
class LiveOutputSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private VictimHost host;

    @BeforeEach
    void makeHosts() throws Exception {
        Optional<String> missing = Namespaces.missing("hping3", "python3", "nft", "sh", "kill");
        assumeTrue(missing.isEmpty(), () -> missing.get());
        host = new VictimHost(folder);
    }

    @AfterEach
    void takeHostsDown() {
        if (host != null) {
            host.close();
        }
    }

    private String flood(int number) throws Exception {
        String from = "10.99.0." + number;
        host.hosts.addAddress(ATTACKER, from);
        host.attack("hping3 -q --icmp -i u1000 -a " + from + " " + host.hosts.address(VICTIM));
        host.await("not banned", () -> host.log("ban", from).findAny().isPresent());
        host.stopAttack();
        return from;
    }

    private static void interrupt(Process sensor) throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(sensor.pid())).start().waitFor();
        assertTrue(sensor.waitFor(20, TimeUnit.SECONDS));
    }

    private String fetch(String path) throws Exception {
        String program =
                "import urllib.request as u;print(u.urlopen('http://127.0.0.1:9469/"
                        + path
                        + "')"
                        + ".read().decode())";
        return host.hosts.run(VICTIM, LONG, "python3", "-c", program).output();
    }

    @Test
    void tellsPrometheusOfBansAndPeopleAtCtrlC() throws Exception {
        Process sensor = host.startSensor("--metrics-port", "9469");
        String from = flood(131);
        host.await("not enforced", () -> host.bans().get(from).get("enforced").asBoolean());

        String metrics = fetch("metrics");
        for (String line :
                List.of(
                        "ips_detections_total{kind=\"icmp_flood\"} 1.0",
                        "ips_bans_in_force 1.0",
                        "ips_bans_enforced 1.0",
                        "ips_bans_total 1.0")) {
            assertTrue(metrics.contains(line + "\n"), () -> line + " is not in " + metrics);
        }
        assertEquals("ok", fetch("healthz").strip());

        interrupt(sensor);

        assertEquals(0, sensor.exitValue(), host.said());
        assertTrue(host.said().contains("Offenders"), host.said());
        assertTrue(host.said().contains(from), host.said());
        assertFalse(host.said().contains("Exception"), host.said());
    }

    @Test
    void printsOneObjectAndNothingElseAsJson() throws Exception {
        Path out = folder.resolve("out.json");
        Process sensor =
                host.startSensor(
                        List.of("sh", "-c", "exec \"$@\" 2>&1 >" + out, "sh"),
                        System.getProperty("java.class.path"),
                        "--json");
        String from = flood(132);

        interrupt(sensor);

        assertEquals(0, sensor.exitValue(), host.said());
        JsonNode report = JSON.readTree(out.toFile());
        assertTrue(report.get("frames").asLong() > 100, report::toString);
        assertEquals(0, report.get("lost").asLong());
        JsonNode detection = report.get("detections").get(0);
        assertEquals("icmp_flood", detection.get("kind").asText());
        assertEquals(from, detection.get("source").asText());
        assertTrue(detection.get("last_frame").asLong() >= detection.get("first_frame").asLong());
        assertTrue(detection.get("evidence").get("threshold").asLong() > 0);
        JsonNode ban = report.get("bans").get(0);
        assertEquals(from, ban.get("address").asText());
        assertTrue(
                Instant.parse(ban.get("until").asText())
                        .isAfter(Instant.parse(ban.get("from").asText())));
    }

    /** Every frame that the kernel saw is judged or counted as lost, whatever is on its way. */
    @Test
    void accountsForEveryFrameWhenItIsInterruptedInAFlood() throws Exception {
        Path out = folder.resolve("out.json");
        Process sensor =
                host.startSensor(
                        List.of("sh", "-c", "exec \"$@\" 2>&1 >" + out, "sh"),
                        System.getProperty("java.class.path"),
                        "--json");
        host.attack("hping3 -q -S -p 80 --flood --rand-source " + host.hosts.address(VICTIM));
        host.await("not alerted", () -> host.said().contains("SYN flood from many sources"));

        interrupt(sensor);
        host.stopAttack();

        assertEquals(0, sensor.exitValue(), host.said());
        JsonNode report = JSON.readTree(out.toFile());
        long frames = report.get("frames").asLong();
        long processed = report.get("counters").get("frames-processed").asLong();
        assertTrue(frames > 500, report::toString);
        assertEquals(frames, processed + report.get("lost").asLong(), report::toString);
    }

    @Test
    void takesOtherRulesWhenToldToReloadOrLeavesAllAsItIs() throws Exception {
        Path eve = host.logs().resolve("eve.json");
        Path rules = folder.resolve("test.rules");
        Files.writeString(rules, rule(1));
        startSensor(eve, rules);
        ping();
        host.await("the first rule is silent", () -> alerts(eve).contains(1));

        Files.writeString(rules, rule(2) + rule(3));
        Reply reply = host.ask("reload");
        assertEquals(0, reply.exitCode(), reply::text);
        assertTrue(reply.text().contains("2 rules"), reply::text);
        awaitTick();
        Files.move(eve, eve.resolveSibling("before.json"));
        ping();
        Files.delete(rules);
        Reply refused = host.ask("reload");
        assertEquals(ExitCode.REFUSED, refused.exitCode());
        assertTrue(refused.text().contains("nothing was changed"), refused::text);
        ping();

        host.await("the new rules are silent", () -> alerts(eve).containsAll(List.of(2, 3)));
        assertFalse(alerts(eve).contains(1), "the old rule goes on");
    }

    @Test
    void tellsAtOnceThatTheLinkIsDownAndThatItIsBack() throws Exception {
        host.startSensor();

        host.hosts.run(VICTIM, LONG, "ip", "link", "set", "eth0", "down");
        host.await("not told", () -> host.said().contains("ips: warning: eth0 is down"));
        host.hosts.run(VICTIM, LONG, "ip", "link", "set", "eth0", "up");

        host.await("not told", () -> host.said().contains("ips: frames are read again"));
    }

    @Test
    void writesOnWhenItsLogFolderIsMovedAway() throws Exception {
        host.startSensor(List.of(), System.getProperty("java.class.path"));
        String from = flood(133);
        Path memory = host.logs().resolve("ban-memory.json");
        host.await("not remembered", () -> Files.exists(memory));

        Path moved = host.logs().resolveSibling("moved");
        Files.move(host.logs(), moved);

        host.await("not remembered again", () -> Files.exists(memory));
        String then = flood(134);
        assertTrue(Files.readString(moved.resolve("blocked_ips.log")).contains(from));
        assertFalse(host.log("ban", from).findAny().isPresent());
        host.await(
                "not told",
                () -> host.said().contains("blocked_ips.log was moved or removed by another"));
        assertTrue(host.log("ban", then).findAny().isPresent());
    }

    @Test
    void takesASignalSentTwiceAtOnceForOne() throws Exception {
        Process sensor = host.startSensor();

        String kill = "kill -TERM " + sensor.pid();
        new ProcessBuilder("sh", "-c", kill + "; sleep 0.02; " + kill).start().waitFor();

        assertTrue(sensor.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, sensor.exitValue());
    }

    @Test
    void reloadsWithoutATerminalWhenItHangsUp() throws Exception {
        Path eve = host.logs().resolve("eve.json");
        Path rules = folder.resolve("test.rules");
        Files.writeString(rules, rule(1));
        Process sensor = startSensor(eve, rules);
        Files.writeString(rules, rule(2));

        new ProcessBuilder("kill", "-HUP", Long.toString(sensor.pid())).start().waitFor();
        host.await("not reloaded", () -> host.said().contains("reloaded by hand"));
        awaitTick();
        ping();

        host.await("the new rule is silent", () -> alerts(eve).contains(2));
        assertFalse(alerts(eve).contains(1), "the old rule goes on");
        assertTrue(sensor.isAlive());
    }

    private Process startSensor(Path eve, Path rules) throws Exception {
        return host.startSensor(
                "--eve",
                eve.toString(),
                "--rules",
                rules.toString(),
                "--set",
                "rules.shipped=false");
    }

    /** Workers take other rules over at their next tick, a tenth of a second away. */
    private static void awaitTick() throws InterruptedException {
        Thread.sleep(500);
    }

    private static String rule(int sid) {
        return "alert icmp any any -> any any (msg:\"ping\"; itype:8; sid:%d;)%n".formatted(sid);
    }

    private void ping() throws Exception {
        String victim = host.hosts.address(VICTIM);
        host.attack("hping3 -q --icmp -c 3 -i u50000 " + victim);
        Thread.sleep(500);
    }

    private static Set<Integer> alerts(Path eve) throws Exception {
        Set<Integer> sids = new HashSet<>();
        if (Files.exists(eve)) {
            for (String line : Files.readAllLines(eve)) {
                sids.add(JSON.readTree(line).at("/alert/signature_id").asInt());
            }
        }
        return sids;
    }

    @Test
    void writesToNewFilesOnceTheOldOnesWereMovedAndItIsToldToReload() throws Exception {
        Path eve = host.logs().resolve("eve.json");
        host.startSensor("--eve", eve.toString());
        String first = flood(133);
        // The ban is logged before its event is.
        host.await("no file", () -> Files.exists(eve) && Files.readString(eve).contains(first));
        Files.move(eve, eve.resolveSibling("eve.json.1"));
        Path log = host.logs().resolve("blocked_ips.log");
        Files.move(log, log.resolveSibling("moved.log"));

        assertEquals(0, host.ask("reload").exitCode());
        String second = flood(134);

        host.await(
                "no new file", () -> Files.exists(eve) && Files.readString(eve).contains(second));
        assertFalse(host.log().contains(first), host::log);
        for (String line : Files.readAllLines(eve)) {
            JSON.readTree(line);
        }
        assertFalse(Files.readString(eve.resolveSibling("eve.json.1")).contains(second));
    }
}
