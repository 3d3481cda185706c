package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFactsTest {
    @TempDir Path root;
    private final List<Throwable> errors = new ArrayList<>();

    @BeforeEach
    void theFilesBelowAreOfALittleEndianHost() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void findsGatewaysOfBothFamilies() throws IOException {
        write(
                "proc/net/route",
                """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask
                eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000
                eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF
                """);
        write(
                "proc/net/ipv6_route",
                """
                00000000000000000000000000000000 00 00000000000000000000000000000000 00 \
                fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
                fe800000000000000000000000000000 40 00000000000000000000000000000000 00 \
                00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
                """);

        assertRoles(Map.of("192.0.2.1", "a gateway", "fe80::1", "a gateway"));
    }

    /** A router that knows the whole Internet. */
    @Test
    void doesNotReadVeryManyRoutesAgainAtOnce() throws IOException {
        StringBuilder routes = new StringBuilder("Iface\tDestination\tGateway \tFlags\n");
        for (int i = 0; i < 300_000; i++) {
            routes.append("eth0\t%08X\t010200C0\t0003\t0\t0\t0\t00FFFFFF\n".formatted(i));
        }
        write("proc/net/route", routes.toString());
        LinuxFiles files = new LinuxFiles(root, Set.of(), errors::add);
        Set<IpAddress> first = files.gateways();

        write("proc/net/route", "eth0\t00000000\t020200C0\t0003\t0\t0\t0\t00000000\n");

        assertEquals(Set.of(IpAddress.parse("192.0.2.1")), first);
        assertEquals(first, files.gateways());
    }

    @Test
    void findsResolversAndThoseBehindALocalOne() throws IOException {
        write(
                "etc/resolv.conf",
                """
                # made by hand
                nameserver 127.0.0.53
                nameserver fe80::53%eth0
                options edns0
                nameserver
                """);
        write("run/systemd/resolve/resolv.conf", "nameserver 198.51.100.53\n");

        assertRoles(
                Map.of(
                        "127.0.0.53", "a resolver",
                        "fe80::53", "a resolver",
                        "198.51.100.53", "a resolver"));
    }

    @Test
    void findsPeersOfEstablishedSshSessionsOnly() throws IOException {
        write(
                "proc/net/tcp",
                """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt
                   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000
                   1: 0A0200C0:0016 076433C6:D431 01 00000000:00000000 00:00000000 00000000
                   2: 0A0200C0:0016 086433C6:D431 06 00000000:00000000 00:00000000 00000000
                   3: 0A0200C0:0050 096433C6:D431 01 00000000:00000000 00:00000000 00000000
                """);
        write(
                "proc/net/tcp6",
                """
                  sl  local_address                         remote_address                        st
                   0: B80D0120000000000000000001000000:0016 B80D0120000000000000000002000000:C350 01
                   1: 0000000000000000FFFF00000A0200C0:0016 0000000000000000FFFF00000B6433C6:C351 01
                """);

        assertRoles(
                Map.of(
                        "198.51.100.7", "the peer of an SSH session",
                        "2001:db8::2", "the peer of an SSH session",
                        "198.51.100.11", "the peer of an SSH session"));
    }

    @Test
    void readsTheConnectionsAgainOnlyWhenTheirCountsHaveChanged() throws IOException {
        LinuxFiles files = new LinuxFiles(root, Set.of(), errors::add);
        write("proc/net/snmp", tcpCounts(7, 2));
        write("proc/net/tcp", "   0: 0A0200C0:0016 016433C6:D431 01\n");
        Set<IpAddress> first = files.sshPeers();
        write("proc/net/tcp", "   0: 0A0200C0:0016 026433C6:D431 01\n");
        Set<IpAddress> unchanged = files.sshPeers();
        write("proc/net/snmp", tcpCounts(8, 2));
        Set<IpAddress> changed = files.sshPeers();

        assertEquals(Set.of(IpAddress.parse("198.51.100.1")), first);
        assertEquals(first, unchanged);
        assertEquals(Set.of(IpAddress.parse("198.51.100.2")), changed);
    }

    private static String tcpCounts(int passiveOpens, int established) {
        return "Tcp: RtoMin ActiveOpens PassiveOpens CurrEstab\nTcp: 200 5 %d %d\n"
                .formatted(passiveOpens, established);
    }

    @Test
    void knowsThePortsOfSshdsConfiguration() throws IOException {
        write("etc/ssh/sshd_config", "#Port 23\nport 2222\nListenAddress [::]:2223\n");
        write("etc/ssh/sshd_config.d/10-more.conf", "Port 2224\nListenAddress ::\n");
        write(
                "proc/net/tcp",
                """
                   0: 0A0200C0:08AE 016433C6:D431 01
                   1: 0A0200C0:08AF 026433C6:D431 01
                   2: 0A0200C0:08B0 036433C6:D431 01
                   3: 0A0200C0:1F90 046433C6:D431 01
                   4: 0A0200C0:0017 056433C6:D431 01
                """);

        assertRoles(
                Map.of(
                        "198.51.100.1", "the peer of an SSH session",
                        "198.51.100.2", "the peer of an SSH session",
                        "198.51.100.3", "the peer of an SSH session",
                        "198.51.100.4", "the peer of an SSH session"));
    }

    @Test
    void saysOnceThatSshdsConfigurationCannotBeRead() throws IOException {
        LinuxFiles files = new LinuxFiles(root, Set.of(), errors::add);
        files.sshPeers();
        assertEquals(List.of(), errors);

        Files.createDirectories(root.resolve("etc/ssh/sshd_config"));
        files.sshPeers();
        files.sshPeers();

        assertEquals(1, errors.size());
        assertTrue(errors.get(0).getMessage().startsWith("cannot read sshd's"), "" + errors);
    }

    @Test
    void followsOwnAddressesAndTheirBroadcasts() {
        List<HostFacts.OwnAddress> now = new ArrayList<>();
        try (HostFacts facts =
                new HostFacts(
                        new LinuxFiles(root, Set.of(), errors::add), () -> List.copyOf(now))) {
            now.add(new HostFacts.OwnAddress(IpAddress.parse("192.0.2.10"), 26));
            now.add(new HostFacts.OwnAddress(IpAddress.parse("2001:db8::10"), 64));
            now.add(new HostFacts.OwnAddress(IpAddress.parse("203.0.113.1"), 32));
            facts.refresh();
            ProtectedAddresses first = facts.get();
            assertEquals(
                    Map.of(
                            IpAddress.parse("192.0.2.10"), "this host",
                            IpAddress.parse("192.0.2.63"),
                                    "the broadcast address of a local network",
                            IpAddress.parse("2001:db8::10"), "this host",
                            IpAddress.parse("203.0.113.1"), "this host"),
                    first.roles());

            facts.refresh();
            assertSame(first, facts.get());

            now.remove(0);
            facts.refresh();
            assertEquals(2, facts.get().roles().size());
        }
    }

    @Test
    void skipsWhatMakesNoSense() throws IOException {
        write("proc/net/route", "eth0\n\neth0 zz zz zz\neth0 0 01 0003\n\0\0\0\n");
        write("proc/net/ipv6_route", "00 00\nx x x x x\n");
        write("proc/net/tcp", "0: a b c\n1: : : 01\n2:\n");
        write("etc/resolv.conf", "nameserver not-an-address\nnameserver 300.1.2.3\n");
        write("etc/ssh/sshd_config", "Port many\nListenAddress :\n");

        assertRoles(Map.of());
    }

    @Test
    void holdsNothingWhereThereAreNoFiles() {
        assertRoles(Map.of());
    }

    @Test
    void findsThisHostsLoopbackAddress() {
        try (HostFacts facts = HostFacts.ofThisHost(Set.of(), errors::add)) {
            assertEquals("this host", facts.get().roles().get(IpAddress.parse("127.0.0.1")));
        }
    }

    @Test
    void freesWhoeverIsFoundToBeProtectedAfterTheBan() {
        List<HostFacts.OwnAddress> now = new ArrayList<>();
        try (HostFacts facts =
                new HostFacts(
                        new LinuxFiles(root, Set.of(), errors::add), () -> List.copyOf(now))) {
            BlockFixture fixture =
                    new BlockFixture(
                            BanConfig.DEFAULTS,
                            new NeverBanGate(Allowlist.EMPTY, facts),
                            List.of());
            fixture.accuse(1, Kind.SYN_FLOOD, "192.0.2.10", BanScope.ALL);
            assertEquals(1, fixture.manager.bansInForce());

            now.add(new HostFacts.OwnAddress(IpAddress.parse("192.0.2.10"), 24));
            facts.refresh();
            fixture.reach(2);

            assertEquals(0, fixture.manager.bansInForce());
            assertTrue(fixture.saidOf("released").get(0).endsWith("PROTECTED"));
        }
    }

    private void assertRoles(Map<String, String> expected) {
        try (HostFacts facts =
                new HostFacts(new LinuxFiles(root, Set.of(8080), errors::add), List::of)) {
            facts.refresh();
            Map<String, String> found = new TreeMap<>();
            facts.get().roles().forEach((address, role) -> found.put(address.toString(), role));
            assertEquals(new TreeMap<>(expected), found);
        }
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
