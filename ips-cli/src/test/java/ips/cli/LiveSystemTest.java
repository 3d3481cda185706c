package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ips.core.packet.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The sensor as a process on a host that hping3 and nmap attack while a client goes about its
 * business: three network namespaces on a switch. Every attack has an address of its own and is
 * bounded in count and time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LiveSystemTest {
    private static final String VICTIM = "victim";
    private static final String ATTACKER = "attacker";
    private static final String CLIENT = "client";

    /** Beside the second allowed: tools starting, a handshake's grace, a busy machine. */
    private static final Duration FLOOD_ALERT = Duration.ofMillis(2500);

    private static final Duration SCAN_ALERT = Duration.ofSeconds(2);
    private static final Duration ATTACK_TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Web transfers on connections of their own, as fast as they go with a pause between. */
    private static final String BROWSE =
            """
            import sys, time, urllib.request
            while True:
                for host in sys.argv[1:]:
                    urllib.request.urlopen('http://' + host + ':8000/', timeout=5).read()
                time.sleep(0.05)
            """;

    @TempDir private static Path folder;

    private Namespaces hosts;
    private Process sensor;
    private Process client;
    private String bannedForAMinute;

    @BeforeAll
    void startEverything() throws Exception {
        Optional<String> missing = Namespaces.missing("hping3", "nmap", "python3");
        assumeTrue(missing.isEmpty(), () -> missing.get());
        hosts = new Namespaces(VICTIM, ATTACKER, CLIENT);
        Path site = Files.createDirectory(folder.resolve("site"));
        Files.writeString(site.resolve("index.html"), "hello ".repeat(5000));
        hosts.start(
                VICTIM,
                folder.resolve("server.txt"),
                List.of(
                        "python3",
                        "-m",
                        "http.server",
                        "8000",
                        "--bind",
                        "::",
                        "--directory",
                        site.toString()));
        sensor = startSensor("sensor", "--ban-time", "3s");
        banSomebodyForAMinute();
        client =
                hosts.start(
                        CLIENT,
                        folder.resolve("client.txt"),
                        List.of(
                                "python3",
                                "-c",
                                BROWSE,
                                hosts.address(VICTIM),
                                "[" + hosts.address6(VICTIM) + "]"));
        hosts.start(
                CLIENT,
                folder.resolve("ping.txt"),
                List.of("hping3", "-q", "--icmp", "-i", "1", hosts.address(VICTIM)));
    }

    /** Begins at once what takes a minute; {@link #releasesABanAfterAMinuteByDefault} ends it. */
    private void banSomebodyForAMinute() throws Exception {
        bannedForAMinute = newAttacker(141);
        startSensor("minute");
        ping(bannedForAMinute, 300);
    }

    private Process startSensor(String name, String... options) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx320m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "ips.cli.Ips",
                                "run",
                                "--control-socket",
                                "none",
                                "--interface",
                                "eth0",
                                "--eve",
                                eve(name).toString(),
                                "--log-dir",
                                folder.resolve(name + "-logs").toString()));
        command.addAll(List.of(options));
        Process process = hosts.start(VICTIM, folder.resolve(name + ".txt"), command);
        await(
                Duration.ofSeconds(20),
                () -> Files.readString(folder.resolve(name + ".txt")).contains("watching eth0"),
                () -> "the sensor did not start: " + folder.resolve(name + ".txt"));
        Thread.sleep(500);
        return process;
    }

    private static Path eve(String name) {
        return folder.resolve(name + "-eve.json");
    }

    @AfterAll
    void stopEverything() {
        if (hosts != null) {
            hosts.close();
        }
    }

    private interface Check {
        boolean holds() throws IOException;
    }

    private interface Message {
        String text() throws IOException;
    }

    /** Waits for something; how long it took, in milliseconds. */
    private static long await(Duration timeout, Check check, Message message) throws Exception {
        long begin = System.nanoTime();
        while (!check.holds()) {
            if (System.nanoTime() - begin > timeout.toNanos()) {
                throw new AssertionError(message.text() + " within " + timeout.toMillis() + " ms");
            }
            Thread.sleep(20);
        }
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static List<JsonNode> events(String name, String type) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        if (Files.exists(eve(name))) {
            String text = Files.readString(eve(name));
            // The last line may be half written.
            for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
                if (!line.isEmpty()
                        && JSON.readTree(line).get("event_type").asText().equals(type)) {
                    events.add(JSON.readTree(line));
                }
            }
        }
        return events;
    }

    private static boolean alerted(Predicate<JsonNode> wanted) throws IOException {
        return events("sensor", "alert").stream().anyMatch(wanted);
    }

    private static Predicate<JsonNode> kind(String kind) {
        return alert -> alert.at("/alert/metadata/kind").toString().contains('"' + kind + '"');
    }

    private static Predicate<JsonNode> from(String address) {
        return alert -> is(alert.path("src_ip"), address);
    }

    private static Predicate<JsonNode> to(String address) {
        return alert -> is(alert.path("dest_ip"), address);
    }

    /** Whether EVE, which writes all digits of an IPv6 address, means this one. */
    private static boolean is(JsonNode address, String wanted) {
        return address.isTextual()
                && IpAddress.parse(address.asText()).equals(IpAddress.parse(wanted));
    }

    private Process attack(List<String> command) throws IOException {
        return hosts.start(ATTACKER, folder.resolve("attack.txt"), command);
    }

    /** Starts a command of words parted by spaces. */
    private Process attack(String command) throws IOException {
        return attack(List.of(command.split(" ")));
    }

    private void attackToItsEnd(String command) throws Exception {
        awaitEnd(attack(command));
    }

    private static void awaitEnd(Process attack) throws InterruptedException {
        assertTrue(attack.waitFor(ATTACK_TIMEOUT.toSeconds(), TimeUnit.SECONDS));
    }

    private void ping(String from, int times) throws Exception {
        attackToItsEnd(
                "hping3 -q --icmp -a %s -i u1000 -c %d %s"
                        .formatted(from, times, hosts.address(VICTIM)));
    }

    private static void awaitAlert(Duration timeout, String kind, Predicate<JsonNode> wanted)
            throws Exception {
        await(
                timeout,
                () -> alerted(kind(kind).and(wanted)),
                () -> kind + " is not alerted: " + Files.readString(eve("sensor")));
    }

    private String newAttacker(int number) throws Exception {
        String address = "10.99.0." + number;
        hosts.addAddress(ATTACKER, address);
        return address;
    }

    private void assertTheInnocentAreLeftAlone() throws IOException {
        assertTrue(client.isAlive(), Files.readString(folder.resolve("client.txt")));
        for (String type : List.of("alert", "ips_ban")) {
            for (JsonNode event : events("sensor", type)) {
                for (String innocent : List.of(hosts.address(CLIENT), hosts.address6(CLIENT))) {
                    assertTrue(!event.toString().contains('"' + innocent + '"'), event::toString);
                }
                for (String victim : List.of(hosts.address(VICTIM), hosts.address6(VICTIM))) {
                    assertTrue(!event.path("src_ip").asText().equals(victim), event::toString);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "syn_flood,101,-S -p 8000 -i u1000 -c 1500",
        "syn_flood,102,-S -p 9 -i u1000 -c 1500",
        "icmp_flood,103,--icmp -i u1000 -c 1500",
        "udp_flood,104,--udp -p 5000 -i u100 -c 20000",
    })
    void alertsAFloodOfOneSourceWithinASecond(String kind, int number, String options)
            throws Exception {
        String address = newAttacker(number);
        Process attack =
                attack("hping3 -q -a %s %s %s".formatted(address, options, hosts.address(VICTIM)));

        awaitAlert(FLOOD_ALERT, kind, from(address));
        awaitEnd(attack);
        assertTheInnocentAreLeftAlone();
    }

    @ParameterizedTest
    @CsvSource({"syn_flood, syn, fd99::151", "icmp_flood, ping, fd99::152"})
    void alertsAFloodOverIpv6WithinASecond(String kind, String what, String address)
            throws Exception {
        hosts.addAddress(ATTACKER, address);

        Process attack =
                attack(
                        VictimHost.python(
                                "flood6.py", what, address, hosts.address6(VICTIM), "1000"));

        awaitAlert(FLOOD_ALERT, kind, from(address));
        awaitEnd(attack);
        assertTheInnocentAreLeftAlone();
    }

    @ParameterizedTest
    @CsvSource({"syn_flood, -S -p 8000", "icmp_flood, --icmp"})
    void alertsASpoofedFloodOnItsDestinationAndBansNobody(String kind, String options)
            throws Exception {
        Process attack =
                attack(
                        "hping3 -q %s --rand-source -i u200 -c 15000 %s"
                                .formatted(options, hosts.address(VICTIM)));

        Predicate<JsonNode> fromOutside =
                alert -> !alert.path("src_ip").asText().startsWith("10.99.");
        awaitAlert(FLOOD_ALERT, kind, to(hosts.address(VICTIM)).and(fromOutside));
        awaitEnd(attack);
        assertTheInnocentAreLeftAlone();
        for (JsonNode ban : events("sensor", "ips_ban")) {
            assertTrue(
                    ban.toString().contains("\"10.99.0.") || ban.toString().contains("\"fd99::"),
                    ban::toString);
        }
    }

    @Test
    void alertsPingsToTheBroadcastAddress() throws Exception {
        String address = newAttacker(153);

        Process attack = attack("hping3 -q --icmp -a " + address + " -i u20000 -c 60 10.99.0.255");

        awaitAlert(FLOOD_ALERT, "smurf", from(address));
        awaitEnd(attack);
        assertTheInnocentAreLeftAlone();
    }

    @Test
    void alertsASweepOverManyHosts() throws Exception {
        String address = newAttacker(154);
        hosts.addRoute(ATTACKER, "10.97.0.0/24", VICTIM);

        attackToItsEnd(
                "nmap -n -Pn -sS -T4 --max-retries 0 -p 22 -e eth0 -S "
                        + address
                        + " 10.97.0.0/26");

        awaitAlert(SCAN_ALERT, "sweep", from(address));
        assertTheInnocentAreLeftAlone();
    }

    @ParameterizedTest
    @CsvSource({
        "scan_null,111,-sN",
        "scan_fin,112,-sF",
        "scan_xmas,113,-sX",
        "scan_syn,114,-sS",
        "scan_maimon,115,-sM",
        "scan_ack,116,-sA",
    })
    void alertsAScanBeforeTwoSecondsAfterItsEnd(String kind, int number, String option)
            throws Exception {
        String address = newAttacker(number);

        attackToItsEnd(
                "nmap -n -Pn %s -T4 -p 1-500 -S %s -e eth0 %s"
                        .formatted(option, address, hosts.address(VICTIM)));

        awaitAlert(SCAN_ALERT, kind, from(address));
        assertTheInnocentAreLeftAlone();
    }

    @Test
    void alertsAUdpScanBeforeTwoSecondsAfterItsEnd() throws Exception {
        String address = newAttacker(117);

        // The kernel sends one port-unreachable a second; nmap slows down to that.
        attackToItsEnd(
                "nmap -n -Pn -sU -T4 --max-retries 1 -p 1-40 --host-timeout 20s -S %s -e eth0 %s"
                        .formatted(address, hosts.address(VICTIM)));

        awaitAlert(SCAN_ALERT, "scan_udp", from(address));
        assertTheInnocentAreLeftAlone();
    }

    @Test
    void releasesABanWhenItsTimeIsOver() throws Exception {
        String address = newAttacker(121);
        Path log = folder.resolve("sensor-logs/blocked_ips.log");

        ping(address, 800);

        await(
                Duration.ofSeconds(2),
                () -> lines(log, address).anyMatch(line -> line.contains(" ban ")),
                () -> address + " is not banned: " + Files.readString(log));
        long heldMs =
                await(
                        Duration.ofSeconds(6),
                        () -> lines(log, address).anyMatch(line -> line.contains(" release ")),
                        () -> address + " is not released: " + Files.readString(log));
        assertTrue(heldMs > 1500, heldMs + " ms are too short for 3 s");
    }

    private static Stream<String> lines(Path log, String address) throws IOException {
        return Files.exists(log)
                ? Files.readAllLines(log).stream().filter(line -> line.contains(address))
                : Stream.empty();
    }

    @Test
    void endsInGoodOrderWhenTerminated() throws Exception {
        Process second = startSensor("second");
        String address = newAttacker(131);
        ping(address, 500);

        second.destroy();

        assertTrue(second.waitFor(10, TimeUnit.SECONDS));
        String output = Files.readString(folder.resolve("second.txt"));
        assertEquals(0, second.exitValue(), output);
        assertTrue(output.contains("Offenders"), output);
        assertTrue(output.contains(address), output);
        assertTrue(sensor.isAlive());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void releasesABanAfterAMinuteByDefault() throws Exception {
        Path log = folder.resolve("minute-logs/blocked_ips.log");

        await(
                Duration.ofSeconds(70),
                () -> lines(log, bannedForAMinute).anyMatch(line -> line.contains(" release ")),
                () -> bannedForAMinute + " is not released: " + Files.readString(log));

        List<String> lines = lines(log, bannedForAMinute).toList();
        assertTrue(lines.get(0).contains(" ban "), lines::toString);
        Duration held =
                Duration.between(
                        Instant.parse(lines.get(0).split(" ")[0]),
                        Instant.parse(lines.get(1).split(" ")[0]));
        assertTrue(
                held.compareTo(Duration.ofSeconds(60)) >= 0
                        && held.compareTo(Duration.ofSeconds(63)) < 0,
                lines::toString);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void seesTheClientAtItsWork() throws Exception {
        long transfers =
                Files.readAllLines(folder.resolve("server.txt")).stream()
                        .filter(line -> line.contains("\"GET / HTTP/1.1\" 200"))
                        .count();

        assertTrue(transfers > 50, transfers + " transfers are no busy client");
        assertTheInnocentAreLeftAlone();
    }
}
