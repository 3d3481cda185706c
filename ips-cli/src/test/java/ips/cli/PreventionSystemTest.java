package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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
 * The sensor with {@code --block nft} on a host under attack: packets of the banned no longer
 * arrive, counted behind the firewall by a table of the test's own, and arrive again afterwards;
 * nobody else loses any.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PreventionSystemTest {
    private static final String VICTIM = "victim";
    private static final String ATTACKER = "attacker";
    private static final String CLIENT = "client";
    private static final String ALLOWED = "10.99.0.60";
    private static final String GATEWAY = "10.99.0.254";
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

    /** A web site on port 8000 and, on port 9000, somebody who says back what is said. */
    private static final String SERVER =
            """
            import http.server, socketserver, threading
            class Echo(socketserver.StreamRequestHandler):
                def handle(self):
                    for line in self.rfile:
                        self.wfile.write(line)
            class Web(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200)
                    self.send_header('Content-Length', '30000')
                    self.end_headers()
                    self.wfile.write(b'x' * 30000)
                def log_message(self, *arguments):
                    pass
            class Server(http.server.ThreadingHTTPServer):
                request_queue_size = 1024
            threading.Thread(
                target=socketserver.ThreadingTCPServer(('', 9000), Echo).serve_forever).start()
            Server(('', 8000), Web).serve_forever()
            """;

    /** Web transfers and one long connection; ends, and says why, when anything gets lost. */
    private static final String CLIENT_WORK =
            """
            import socket, sys, time, urllib.request
            host = sys.argv[1]
            talk = socket.create_connection((host, 9000), 5)
            talk.settimeout(3)
            lines = talk.makefile('rwb')
            done = 0
            while True:
                lines.write(b'hello\\n')
                lines.flush()
                assert lines.readline() == b'hello\\n'
                assert len(urllib.request.urlopen('http://' + host + ':8000/', timeout=3).read()) == 30000
                done += 1
                print(done, flush=True)
                time.sleep(0.05)
            """;

    private static final String INJECT =
            """
            import http.client, sys, time
            while True:
                try:
                    web = http.client.HTTPConnection(
                        sys.argv[2], 8000, timeout=0.3, source_address=(sys.argv[1], 0))
                    web.request('GET', "/item?id=1%27%20UNION%20SELECT%20user,password%20FROM%20users--%20")
                    web.getresponse().read()
                except OSError:
                    pass
                time.sleep(0.02)
            """;

    @TempDir private static Path folder;

    private Namespaces hosts;
    private Process sensor;
    private Process client;
    private Process attack;
    private int sensors;

    @BeforeAll
    void startEverything() throws Exception {
        Optional<String> missing = Namespaces.missing("hping3", "nmap", "python3", "nft");
        assumeTrue(missing.isEmpty(), () -> missing.get());
        hosts = new Namespaces(VICTIM, ATTACKER, CLIENT);
        hosts.start(VICTIM, folder.resolve("server.txt"), List.of("python3", "-c", SERVER));
        hosts.addAddress(ATTACKER, ALLOWED);
        hosts.addAddress(ATTACKER, GATEWAY);
        hosts.run(VICTIM, LONG, "ip", "route", "add", "default", "via", GATEWAY);
        nft("add table inet behind");
        nft("add chain inet behind c { type filter hook input priority 0; }");
        sensor = startSensor("--ban-time", "3s", "--allow", ALLOWED);
        client =
                hosts.start(
                        CLIENT,
                        folder.resolve("client.txt"),
                        List.of("python3", "-c", CLIENT_WORK, hosts.address(VICTIM)));
    }

    private Process startSensor(String... options) throws Exception {
        String name = "sensor" + ++sensors;
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
                                "--interface",
                                "eth0",
                                "--block",
                                "nft",
                                "--control-socket",
                                "none",
                                "--log-dir",
                                folder.resolve("logs").toString()));
        command.addAll(List.of(options));
        Process process = hosts.start(VICTIM, folder.resolve(name + ".txt"), command);
        await("the sensor does not start", () -> said().contains("watching eth0"));
        await("no table", () -> nft("list tables").contains("inet ips"));
        Thread.sleep(500);
        return process;
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("sensor" + sensors + ".txt"));
    }

    @AfterEach
    void stopAttack() throws Exception {
        if (attack != null) {
            attack.destroyForcibly().waitFor();
        }
        if (client != null) {
            assertTrue(client.isAlive(), Files.readString(folder.resolve("client.txt")));
        }
    }

    @AfterAll
    void stopEverything() {
        if (hosts != null) {
            hosts.close();
        }
    }

    private interface Check {
        boolean holds() throws Exception;
    }

    private void await(String failure, Check check) throws Exception {
        long endNs = System.nanoTime() + LONG.toNanos();
        while (!check.holds()) {
            assertTrue(System.nanoTime() < endNs, () -> failure + ": " + log());
            Thread.sleep(20);
        }
    }

    private String nft(String command) throws Exception {
        return hosts.run(VICTIM, LONG, "nft", command).output();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("logs/blocked_ips.log")) + "\n" + said();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Stream<String> log(String event, String address) {
        return log().lines().filter(line -> line.contains(" " + event + " " + address + " "));
    }

    /** Counts packets of an address that have passed the sensor's table. */
    private void count(String address) throws Exception {
        String family = address.contains(":") ? "ip6" : "ip";
        nft("add rule inet behind c " + family + " saddr " + address + " tcp sport != 22 counter");
        nft(
                "add rule inet behind c "
                        + family
                        + " saddr "
                        + address
                        + " meta l4proto icmp counter");
    }

    private long arrived(String address) throws Exception {
        return nft("list chain inet behind c")
                .lines()
                .filter(line -> line.contains("saddr " + address + " "))
                .map(PACKETS::matcher)
                .filter(Matcher::find)
                .mapToLong(packets -> Long.parseLong(packets.group(1)))
                .sum();
    }

    private void attack(String command) throws IOException {
        attack = hosts.start(ATTACKER, folder.resolve("attack.txt"), List.of(command.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({
        "SYN flood,10.99.0.101,hping3 -q -S -p 8000 -i u1000 -a FROM TO",
        "ICMP flood,10.99.0.102,hping3 -q --icmp -i u1000 -a FROM TO",
        "NULL scan,10.99.0.103,nmap -n -Pn -sN --max-rate 500 -p 1-60000 -e eth0 -S FROM TO",
        "FIN scan,10.99.0.104,nmap -n -Pn -sF --max-rate 500 -p 1-60000 -e eth0 -S FROM TO",
        "Xmas scan,10.99.0.105,nmap -n -Pn -sX --max-rate 500 -p 1-60000 -e eth0 -S FROM TO",
        "SYN scan,10.99.0.106,nmap -n -Pn -sS --max-rate 500 -p 1-60000 -e eth0 -S FROM TO",
        "IPv6 SYN scan,fd99::2,nmap -6 -n -Pn -sS --max-rate 500 -p 1-60000 -e eth0 FROM6",
        "SQL injection,10.99.0.108,INJECT",
    })
    void stopsAnAttackerAndLetsHimInAgain(String what, String from, String command)
            throws Exception {
        boolean ipv6 = from.contains(":");
        if (!ipv6) {
            hosts.addAddress(ATTACKER, from);
        }
        count(from);
        if (command.equals("INJECT")) {
            attack =
                    hosts.start(
                            ATTACKER,
                            folder.resolve("attack.txt"),
                            List.of("python3", "-c", INJECT, from, hosts.address(VICTIM)));
        } else {
            attack(
                    command.replace("FROM6", hosts.address6(VICTIM))
                            .replace("FROM", from)
                            .replace("TO", hosts.address(VICTIM)));
        }

        await(what + " is not banned", () -> log("ban", from).findAny().isPresent());
        long lastNs = System.nanoTime();
        long bannedNs = lastNs;
        long before = arrived(from);
        while (System.nanoTime() - bannedNs < 2_000_000_000L) {
            long now = arrived(from);
            if (now != before) {
                lastNs = System.nanoTime();
                before = now;
            }
        }
        System.out.printf(
                "%s: the last packet arrived %d ms after the ban was logged%n",
                what, (lastNs - bannedNs) / 1_000_000);
        assertTrue(lastNs - bannedNs < 1_500_000_000L, what + " still arrives: " + log());
        assertTrue(before > 0, "nothing arrived at all");

        attack.destroyForcibly().waitFor();
        await(what + " is not released", () -> log("release", from).findAny().isPresent());
        String probe =
                ipv6
                        ? "nmap -6 -n -Pn -sS -p 8000 -e eth0 " + hosts.address6(VICTIM)
                        : "nmap -n -Pn -sS -p 8000 -e eth0 -S "
                                + from
                                + " "
                                + hosts.address(VICTIM);
        long blocked = before;
        attack(probe);
        await(what + ": blocked after its end", () -> arrived(from) > blocked);
    }

    @ParameterizedTest
    @CsvSource({ALLOWED, GATEWAY})
    void neverStopsTheAllowedNorTheGatewayWhoseAddressIsForged(String from) throws Exception {
        count(from);
        attack("hping3 -q -S -p 8000 -i u2000 -a " + from + " " + hosts.address(VICTIM));

        await("not detected", () -> said().contains(from));

        Thread.sleep(1500);
        long before = arrived(from);
        Thread.sleep(500);
        assertTrue(arrived(from) > before, "stopped");
        assertEquals(0, log("ban", from).count());
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void survivesAFlushedTableAndAFailingNftUnderLoad() throws Exception {
        String from = "10.99.0.120";
        hosts.addAddress(ATTACKER, from);
        count(from);
        attack("hping3 -q --icmp -i u1000 -a " + from + " " + hosts.address(VICTIM));
        await("not banned", () -> nft("list set inet ips icmp4").contains(from));

        nft("flush ruleset");
        long flushedNs = System.nanoTime();
        await("not restored", () -> nft("list set inet ips icmp4").contains(from));
        System.out.printf("restored after %d ms%n", (System.nanoTime() - flushedNs) / 1_000_000);

        assertTrue(said().contains("changed or removed by another program"), said());
        assertTrue(sensor.isAlive());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void losesNoBanAndNoSecondOfItWhenItIsKilled() throws Exception {
        sensor.destroyForcibly().waitFor();
        nft("delete table inet ips");
        sensor = startSensor();
        StringBuilder elements = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            elements.append("10.77.%d.%d timeout 10m, ".formatted(i / 250, i % 250));
        }
        sensor.destroyForcibly().waitFor();
        nft("add element inet ips all4 { " + elements + "10.77.200.1 timeout 4s }");

        Instant killed = Instant.now();
        sensor = startSensor();

        await(
                "bans are lost",
                () ->
                        log().lines().filter(line -> line.contains(" restore 10.77.")).count()
                                >= 1000);
        String set = nft("list set inet ips all4");
        Matcher left = Pattern.compile("10\\.77\\.[0-3]\\.\\d+ [^,]*expires (\\w+)").matcher(set);
        int found = 0;
        while (left.find()) {
            found++;
            Duration rest = Duration.parse("PT" + left.group(1).replaceAll("[0-9]+ms", ""));
            Duration due = Duration.ofMinutes(10).minus(Duration.between(killed, Instant.now()));
            assertTrue(rest.minus(due).abs().compareTo(Duration.ofSeconds(4)) < 0, left.group());
        }
        assertEquals(1000, found);
        await("ends late", () -> !nft("list set inet ips all4").contains("10.77.200.1 "));
        sensor.destroy();
        assertTrue(sensor.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, sensor.exitValue(), said());
    }
}
