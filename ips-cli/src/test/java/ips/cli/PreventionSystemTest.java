package ips.cli;

import static ips.cli.VictimHost.ATTACKER;
import static ips.cli.VictimHost.CLIENT;
import static ips.cli.VictimHost.LONG;
import static ips.cli.VictimHost.VICTIM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
 * arrive and arrive again afterwards; nobody else loses any.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PreventionSystemTest {
    private static final String ALLOWED = "10.99.0.60";
    private static final String GATEWAY = "10.99.0.254";

    @TempDir private static Path folder;

    private VictimHost host;
    private Process client;

    @BeforeAll
    void startEverything() throws Exception {
        Optional<String> missing = Namespaces.missing("hping3", "nmap", "python3", "nft");
        assumeTrue(missing.isEmpty(), () -> missing.get());
        host = new VictimHost(folder);
        host.hosts.addAddress(ATTACKER, ALLOWED);
        host.hosts.addAddress(ATTACKER, GATEWAY);
        host.hosts.run(VICTIM, LONG, "ip", "route", "add", "default", "via", GATEWAY);
        host.startSensor("--ban-time", "3s", "--allow", ALLOWED);
        host.count(host.hosts.address(CLIENT));
        client =
                host.hosts.start(
                        CLIENT,
                        folder.resolve("client.txt"),
                        VictimHost.python("client.py", host.hosts.address(VICTIM)));
    }

    @AfterEach
    void stopAttack() throws Exception {
        host.stopAttack();
        assertTrue(client.isAlive(), Files.readString(folder.resolve("client.txt")));
    }

    @AfterAll
    void stopEverything() {
        if (host != null) {
            host.close();
        }
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
            host.hosts.addAddress(ATTACKER, from);
        }
        String victim = host.hosts.address(VICTIM);
        String victim6 = host.hosts.address6(VICTIM);
        host.count(from);
        if (command.equals("INJECT")) {
            host.attack(VictimHost.python("inject.py", from, victim));
        } else {
            host.attack(
                    command.replace("FROM6", victim6).replace("FROM", from).replace("TO", victim));
        }

        host.await(what + " is not banned", () -> host.log("ban", from).findAny().isPresent());
        long lastMs = host.msUntilLastPacket(from);
        long blocked = host.passed(from);

        System.out.printf(
                "%s: the last packet arrived %d ms after the ban was logged%n", what, lastMs);
        assertTrue(lastMs < 1500, () -> what + " still arrives: " + host.log());
        assertTrue(blocked > 0, "nothing arrived at all");
        assertTrue(host.reached(from) > blocked, "the attack had ended before the ban");

        host.stopAttack();
        host.await(what + " is not released", () -> host.log("release", from).count() > 0);
        host.attack(
                ipv6
                        ? "nmap -6 -n -Pn -sS -p 8000 -e eth0 " + victim6
                        : "nmap -n -Pn -sS -p 8000 -e eth0 -S " + from + " " + victim);
        host.await(what + ": blocked after its end", () -> host.passed(from) > blocked);
    }

    @Test
    void tellsHowManyPacketsABanHasStopped() throws Exception {
        String from = "10.99.0.111";
        host.hosts.addAddress(ATTACKER, from);

        host.attack("hping3 -q --icmp -i u1000 -a " + from + " " + host.hosts.address(VICTIM));

        host.await("not banned", () -> host.bans().containsKey(from));
        // The ban is renewed every second, and goes on counting.
        host.await(
                "too few are counted",
                () -> host.bans().get(from).get("blocked_packets").asLong() > 1500);
    }

    @Test
    void protectsWhatLiesBehindTheHost() throws Exception {
        String container = host.hosts.addBehind(VICTIM, "container");
        host.hosts.addRoute(ATTACKER, container, VICTIM);
        String from = "10.99.0.110";
        host.hosts.addAddress(ATTACKER, from);
        host.count(from);

        host.attack("hping3 -q --icmp -i u1000 -a " + from + " " + container);

        host.await("not banned", () -> host.log("ban", from).findAny().isPresent());
        assertTrue(host.msUntilLastPacket(from) < 1500, () -> "still arrives: " + host.log());
        assertTrue(host.passed(from) > 0, "nothing was forwarded at all");
    }

    @Test
    void neverStopsTheAllowedWhoAttacks() throws Exception {
        host.count(ALLOWED);

        host.attack("hping3 -q -S -p 8000 -i u2000 -a " + ALLOWED + " 10.99.0.1");

        assertIsNeverStopped(ALLOWED);
    }

    @Test
    void neverStopsTheGatewayWhoseAddressIsAmongTheForged() throws Exception {
        host.count(GATEWAY);
        Process others =
                host.hosts.start(
                        ATTACKER,
                        folder.resolve("others.txt"),
                        List.of("hping3 -q -S -p 8000 --rand-source -i u500 10.99.0.1".split(" ")));

        host.attack("hping3 -q -S -p 8000 -i u2000 -a " + GATEWAY + " 10.99.0.1");

        assertIsNeverStopped(GATEWAY);
        others.destroyForcibly().waitFor();
    }

    private void assertIsNeverStopped(String from) throws Exception {
        host.await("not detected", () -> host.said().contains(from));
        Thread.sleep(1500);
        long before = host.passed(from);
        Thread.sleep(500);
        assertTrue(host.passed(from) > before, "stopped");
        assertEquals(0, host.log("ban", from).count(), host::log);
        host.stopAttack();
        host.await("some were stopped", () -> host.passed(from) == host.reached(from));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void hasLostNoPacketOfTheClient() throws Exception {
        client.destroy();
        client.waitFor();
        String address = host.hosts.address(CLIENT);

        host.await("some were lost", () -> host.passed(address) == host.reached(address));

        System.out.printf("the client sent %d packets, and all passed%n", host.passed(address));
        assertTrue(host.passed(address) > 1000, "it hardly did anything");
        client = host.hosts.start(CLIENT, folder.resolve("end.txt"), List.of("sleep", "60"));
    }
}
