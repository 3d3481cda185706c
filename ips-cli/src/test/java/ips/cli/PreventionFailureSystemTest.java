package ips.cli;

import static ips.cli.VictimHost.ATTACKER;
import static ips.cli.VictimHost.VICTIM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of bans, and of the sensor, when something goes wrong while a host is attacked. */
class PreventionFailureSystemTest {
    private static final String NOBODY = "65534";

    @TempDir private Path folder;

    private VictimHost host;

    @BeforeEach
    void makeHosts() throws Exception {
        Optional<String> missing = Namespaces.missing("hping3", "python3", "nft");
        assumeTrue(missing.isEmpty(), () -> missing.get());
        host = new VictimHost(folder);
    }

    @AfterEach
    void takeHostsDown() {
        if (host != null) {
            host.close();
        }
    }

    /** Pings from a new address of the attacker, too many. */
    private String flood(int number) throws Exception {
        String from = "10.99.0." + number;
        host.hosts.addAddress(ATTACKER, from);
        host.count(from);
        host.attack("hping3 -q --icmp -i u1000 -a " + from + " " + host.hosts.address(VICTIM));
        return from;
    }

    private void awaitInKernel(String from) throws Exception {
        host.await("not enforced", () -> host.nft("list set inet ips icmp4").contains(from + " "));
    }

    @Test
    void restoresAFlushedTableUnderLoad() throws Exception {
        Process sensor = host.startSensor();
        String from = flood(120);
        awaitInKernel(from);

        host.nft("flush ruleset");
        long tookMs = host.await("gone", () -> host.nft("list tables").contains("inet ips"));
        awaitInKernel(from);

        System.out.printf("a flushed ruleset was restored after %d ms%n", tookMs);
        assertTrue(host.said().contains("changed or removed by another program"), host.said());
        assertTrue(sensor.isAlive());
    }

    @ParameterizedTest
    @CsvSource({
        "missing, nft cannot be run",
        "'echo Error: Operation not permitted >&2; exit 1', nft may not change the firewall",
        "exec sleep 60, nft did not end within 1 s",
        "exit 1, nft ended with exit code 1 and said nothing",
        "echo no libnftables.so.1: No such file or directory >&2; exit 127, nft ended with exit code 127",
    })
    void goesOnDetectingWhileNftFailsAndBlocksWhenItWorksAgain(String failure, String sentence)
            throws Exception {
        Path program = folder.resolve("nft");
        script(program, "exec nft \"$@\"");
        Process sensor =
                host.startSensor("--set", "nft.program=" + program, "--set", "nft.timeout=1s");
        if (failure.equals("missing")) {
            Files.delete(program);
        } else {
            script(program, failure);
        }

        String from = flood(121);

        host.await("not detected", () -> host.log("ban", from).findAny().isPresent());
        host.await("not said", () -> host.said().contains(sentence));
        assertEquals(0, host.answer("status").get("bans_enforced").asInt());
        assertEquals(1, host.answer("status").get("bans_wanted").asInt());
        assertTrue(host.answer("status").get("health").asText().contains(sentence));
        long before = host.passed(from);
        Thread.sleep(1500);
        assertTrue(host.passed(from) > before, "a failure of ours has stopped traffic");

        script(program, "exec nft \"$@\"");
        awaitInKernel(from);
        host.await("no recovery", () -> host.said().contains("in order again, with 1 bans"));
        long blocked = host.passed(from);
        Thread.sleep(300);
        assertEquals(blocked, host.passed(from));
        assertEquals(1, host.said().split(sentence, -1).length - 1, host.said());
        assertFalse(host.said().contains("by another program"), host.said());
        assertTrue(sensor.isAlive());
    }

    private static void script(Path program, String line) throws IOException {
        Path next = program.resolveSibling("next");
        Files.writeString(next, "#!/bin/sh\nPATH=$PATH:/usr/sbin:/sbin\n" + line + "\n");
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(next, program, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void losesNoBanAndNoSecondOfItWhenItIsKilled() throws Exception {
        Path memory = host.logs().resolve("ban-memory.json");
        Process sensor = host.startSensor();
        String from = flood(122);
        for (int i = 0; i < 999; i++) {
            String address = "10.77.%d.%d".formatted(i / 250, i % 250);
            host.ask("ban", "address", address, "for", "10m", "reason", "number " + i);
        }
        host.ask("ban", "address", "10.77.200.0/24", "for", "6s");
        awaitInKernel(from);
        host.stopAttack();
        Instant endsAt = Instant.parse(host.bans().get("10.77.200.0/24").get("until").asText());
        host.await(
                "not all enforced",
                () -> host.answer("status").get("bans_enforced").asInt() == 1001);
        host.await(
                "not remembered",
                () -> Files.exists(memory) && Files.readString(memory).contains("number 998"));
        awaitRemembered(memory, from);
        Map<String, JsonNode> before = host.bans();

        sensor.destroyForcibly().waitFor();
        sensor = host.startSensor();

        host.await("bans are lost", () -> host.bans().size() >= before.size() - 1);
        Map<String, JsonNode> after = host.bans();
        for (JsonNode ban : before.values()) {
            String address = ban.get("address").asText();
            if (!address.equals("10.77.200.0/24")) {
                JsonNode now = after.get(address);
                assertEquals(ban.get("reason").asText(), now.get("reason").asText());
                assertEquals(ban.get("scope").asText(), now.get("scope").asText());
                Duration moved =
                        Duration.between(
                                Instant.parse(ban.get("until").asText()),
                                Instant.parse(now.get("until").asText()));
                assertTrue(moved.abs().compareTo(Duration.ofSeconds(3)) < 0, now::toString);
            }
        }
        host.await("ends late", () -> !host.nft("list set inet ips net4").contains("10.77.200"));
        assertFalse(Instant.now().isBefore(endsAt.minusSeconds(1)), "ended early");
        sensor.destroy();
        assertTrue(sensor.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, sensor.exitValue(), host.said());
        assertTrue(host.nft("list set inet ips all4").contains("10.77.0.1 "), "bans are kept");
    }

    @Test
    void stopsFramesAtTheIngressHookOfANamedInterface() throws Exception {
        host.startSensor("--set", "nft.ingress=eth0");

        String from = flood(123);

        awaitInKernel(from);
        Thread.sleep(100);
        long reached = host.reached(from);
        Thread.sleep(500);
        assertEquals(reached, host.reached(from), "packets come as far as prerouting");
        assertTrue(host.bans().containsKey(from));
    }

    @Test
    void hooksAnInterfaceThatWasAwayAsSoonAsItIsBack() throws Exception {
        String eth1 = "hook ingress device \"eth1\"";
        link("add eth1 type veth peer name eth2");
        host.startSensor("--set", "nft.ingress=eth1");
        assertTrue(host.nft("list chains").contains(eth1));
        host.ask("ban", "address", "192.0.2.7", "for", "10m");

        link("del eth1");
        host.await("not told", () -> host.said().contains("the interface eth1 is gone"));
        assertFalse(host.nft("list chains").contains(eth1));
        link("add eth1 type veth peer name eth2");
        host.await("not told", () -> host.said().contains("the interface eth1 is there"));

        assertTrue(host.nft("list chains").contains(eth1));
        assertTrue(host.nft("list set inet ips all4").contains("192.0.2.7 "));
        Thread.sleep(2500);
        assertFalse(host.said().contains("by another program"), host.said());
        assertEquals(1, host.said().split("eth1 is gone", -1).length - 1, host.said());
        assertEquals(1, host.said().split("eth1 is there", -1).length - 1, host.said());
        assertEquals("", host.answer("status").get("health").asText());
    }

    private void link(String command) throws Exception {
        String[] words = ("ip link " + command).split(" ");
        assertEquals("", host.hosts.run(VICTIM, VictimHost.LONG, words).output());
    }

    @Test
    void needsNoRootButTwoCapabilities() throws Exception {
        Optional<String> missing = Namespaces.missing("setpriv", "chown");
        assumeTrue(missing.isEmpty(), () -> missing.get());
        String classPath = readableByAll();
        Files.createDirectory(host.logs());
        host.hosts.run(VICTIM, VictimHost.LONG, "chown", NOBODY, host.logs().toString());
        List<String> asNobody =
                List.of(
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        "--no-new-privs",
                        "--bounding-set=-all,+net_raw,+net_admin",
                        "--inh-caps=-all,+net_raw,+net_admin",
                        "--ambient-caps=-all,+net_raw,+net_admin");
        assumeTrue(
                host.hosts
                                .run(VICTIM, VictimHost.LONG, with(asNobody, java(), "-version"))
                                .exitCode()
                        == 0,
                "skipped: the JDK is for root alone");

        Process sensor = host.startSensor(asNobody, classPath);
        String from = flood(124);

        awaitInKernel(from);
        host.await("not banned", () -> host.bans().get(from).get("enforced").asBoolean());
        sensor.destroy();
        assertTrue(sensor.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, sensor.exitValue(), host.said());
        assertTrue(Files.exists(host.logs().resolve("ban-memory.json")), host.said());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String[] with(List<String> wrapper, String... command) {
        return Stream.concat(wrapper.stream(), Stream.of(command)).toArray(String[]::new);
    }

    /** A copy of the class path where everybody may read. */
    private String readableByAll() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            Path from = Path.of(entry);
            if (Files.exists(from)) {
                Path to = folder.resolve("classes" + entries.size() + "-" + from.getFileName());
                copy(from, to);
                entries.add(to.toString());
            }
        }
        return String.join(":", entries);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** The flood's counts are still on their way to its ban, and from there to the file. */
    private void awaitRemembered(Path memory, String address) throws Exception {
        String[] shown = {""};
        long[] sinceNs = {0};
        host.await(
                "not remembered as it is shown",
                () -> {
                    String reason = host.bans().get(address).get("reason").asText();
                    if (!reason.equals(shown[0])) {
                        shown[0] = reason;
                        sinceNs[0] = System.nanoTime();
                    }
                    boolean settled = System.nanoTime() - sinceNs[0] > 2_500_000_000L;
                    return settled && Files.readString(memory).contains(reason);
                });
    }
}
