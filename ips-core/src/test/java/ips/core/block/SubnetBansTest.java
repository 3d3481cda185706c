package ips.core.block;

import static ips.core.block.BlockFixture.alarm;
import static ips.core.block.BlockFixture.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Attackers that change their address within an IPv6 /64. */
class SubnetBansTest {
    private static final String SUBNET = "2001:db8:9:1::/64";

    private final BlockFixture fixture = new BlockFixture(BanConfig.DEFAULTS);

    @Test
    void bansTheSubnetOnceEightOfItsAddressesWereBanned() {
        scan(fixture, 1, 8, BanScope.SYN);

        assertEquals(7, bansOfAddresses(fixture));
        Ban subnet = subnetBan(fixture);
        assertEquals(SUBNET, subnet.address().toString());
        assertEquals(BanScope.SYN, subnet.scope());
        assertTrue(
                subnet.reason().startsWith("8 addresses of it banned, 2001:db8:9:1::8 last: SYN"),
                subnet::reason);
    }

    @Test
    void prolongsTheSubnetsBanWhileFurtherAddressesOfItAttack() {
        scan(fixture, 1, 8, BanScope.ALL);
        long untilNs = subnetBan(fixture).untilNs();

        fixture.accuse(40, Kind.SCAN_SYN, "2001:db8:9:1::9", BanScope.ALL);

        assertEquals(7, bansOfAddresses(fixture));
        assertEquals(untilNs + 32 * BlockFixture.SECOND, subnetBan(fixture).untilNs());
    }

    @Test
    void countsAddressesThatAreUsedOneAfterTheOthersBan() {
        for (int i = 1; i <= 8; i++) {
            fixture.accuse(70 * i, Kind.SCAN_SYN, "2001:db8:9:1::" + i, BanScope.SYN);
        }

        assertEquals(SUBNET, subnetBan(fixture).address().toString());
        assertEquals(0, bansOfAddresses(fixture));
    }

    @Test
    void forgetsAddressesBannedLongAgo() {
        for (int i = 1; i <= 20; i++) {
            fixture.accuse(90 * i, Kind.SCAN_SYN, "2001:db8:9:1::" + i, BanScope.SYN);
        }

        assertEquals(1, bansOfAddresses(fixture));
        assertEquals(1, fixture.manager.bansInForce());
    }

    @Test
    void addsNothingForgeableToWhatIsProven() {
        for (int i = 1; i <= 14; i++) {
            BanScope scope = i % 2 == 0 ? BanScope.ALL : BanScope.SYN;
            fixture.accuse(i, Kind.SCAN_SYN, "2001:db8:9:1::" + i, scope);
        }

        assertEquals(14, bansOfAddresses(fixture));
    }

    @Test
    void bansNoSubnetOfAddressesFromManyNorOfOneAddressAgainAndAgain() {
        for (int i = 1; i <= 20; i++) {
            fixture.accuse(i, Kind.SCAN_SYN, "2001:db8:9:" + i + "::1", BanScope.SYN);
            fixture.accuse(i, Kind.SCAN_SYN, "192.0.2." + i, BanScope.SYN);
        }

        assertEquals(40, bansOfAddresses(fixture));
        assertEquals(40, fixture.manager.bansInForce());
    }

    @Test
    void bansNoSubnetThatHoldsAnAddressOnTheAllowlist() throws Exception {
        CompletableFuture<Cidr> allowed =
                fixture.manager.allow(Cidr.parse("2001:db8:9:1:ffff::25"));
        fixture.reach(0.5);
        allowed.get();

        scan(fixture, 1, 12, BanScope.ALL);

        assertEquals(12, bansOfAddresses(fixture));
        assertEquals(12, fixture.manager.bansInForce());
    }

    @Test
    void liftsTheSubnetsBanWhenAnAddressInItIsAllowedLater() {
        scan(fixture, 1, 8, BanScope.ALL);

        fixture.manager.allow(Cidr.parse("2001:db8:9:1:ffff::25"));
        fixture.reach(20);

        assertEquals(7, bansOfAddresses(fixture));
        assertEquals(7, fixture.manager.bansInForce());
        assertEquals(1, fixture.count(Counter.BANS_REVOKED));
    }

    @Test
    void bansNoSubnetThatTheHostItselfIsIn() {
        ProtectedAddresses host =
                new ProtectedAddresses(
                        Map.of(IpAddress.parse("2001:db8:9:1::ffff"), "the host's own address"));
        NeverBanGate gate = new NeverBanGate(new Allowlist(List.of()), () -> host);
        BlockFixture near = new BlockFixture(BanConfig.DEFAULTS, gate, List.of());

        scan(near, 1, 12, BanScope.SYN);

        assertEquals(12, bansOfAddresses(near));
        assertEquals(12, near.manager.bansInForce());
    }

    @Test
    void takesAFloodFromOneSubnetForOneSourceAndNoForgedOnes() {
        fixture.raise(alarm(0.5, Kind.SYN_FLOOD, "203.0.113.80", 50_000));
        for (int i = 1; i <= 100; i++) {
            String source = "2001:db8:9:1::" + Integer.toHexString(i);
            fixture.raise(verdict(1 + i * 0.005, Kind.SYN_FLOOD, source, BanScope.SYN, 60));
        }
        fixture.reach(2);

        assertEquals(SUBNET, subnetBan(fixture).address().toString());
        assertEquals(8, fixture.manager.bansInForce());
        assertEquals(0, fixture.count(Counter.SPARED_SPOOFED));
    }

    @Test
    void bansNobodyWhenManySubnetsAreForged() {
        fixture.raise(alarm(0.5, Kind.SYN_FLOOD, "203.0.113.80", 50_000));
        for (int i = 1; i <= 100; i++) {
            String source = "2001:db8:9:" + Integer.toHexString(i) + "::1";
            fixture.raise(verdict(1 + i * 0.005, Kind.SYN_FLOOD, source, BanScope.SYN, 60));
        }
        fixture.reach(2);

        assertEquals(0, fixture.manager.bansInForce());
    }

    /** Nothing keeps a host from having, or forging, its /64's first address. */
    @Test
    void bansTheFirstAddressOfASubnetAlone() {
        fixture.accuse(1, Kind.SCAN_SYN, "2001:db8:9:1::", BanScope.SYN);

        assertEquals(1, bansOfAddresses(fixture));
        assertEquals(1, fixture.manager.bansInForce());
    }

    @Test
    void bansTheSubnetThatAVerdictIsAbout() {
        fixture.accuse(1, Kind.SCAN_SUBNET, "2001:db8:9:1::", BanScope.SYN);
        long untilNs = subnetBan(fixture).untilNs();
        fixture.accuse(11, Kind.SCAN_SUBNET, "2001:db8:9:1::", BanScope.SYN);

        assertEquals(SUBNET, subnetBan(fixture).address().toString());
        assertEquals(BanScope.SYN, subnetBan(fixture).scope());
        assertEquals(untilNs + 10 * BlockFixture.SECOND, subnetBan(fixture).untilNs());
        assertEquals(0, bansOfAddresses(fixture));
    }

    @Test
    void bansNoSubnetAVerdictIsAboutIfAnAddressInItIsAllowed() {
        fixture.manager.allow(Cidr.parse("2001:db8:9:1:ffff::25"));
        fixture.reach(0.5);

        fixture.accuse(1, Kind.SCAN_SUBNET, "2001:db8:9:1::", BanScope.SYN);

        assertEquals(0, fixture.manager.bansInForce());
    }

    @Test
    void unbansAllOfASubnetAtOnce() {
        scan(fixture, 1, 8, BanScope.SYN);

        fixture.manager.unban(Cidr.parse(SUBNET));
        fixture.reach(20);

        assertEquals(0, fixture.manager.bansInForce());
    }

    @Test
    void forgetsAddressesBannedLongBeforeTheClockWasSetBack() {
        for (int i = 1; i <= 7; i++) {
            fixture.accuse(4000, Kind.SCAN_SYN, "2001:db8:9:1::" + i, BanScope.SYN);
        }
        fixture.reach(10);

        fixture.accuse(1000, Kind.SCAN_SYN, "2001:db8:9:1::8", BanScope.SYN);

        assertEquals(1, bansOfAddresses(fixture));
        assertEquals(1, fixture.manager.bansInForce());
    }

    @Test
    void forgetsForgedSourcesOfBeforeTheClockWasSetBack() {
        fixture.raise(alarm(4000, Kind.SYN_FLOOD, "203.0.113.80", 50_000));
        for (int i = 1; i <= 100; i++) {
            String source = "198.51.100." + i;
            fixture.raise(verdict(4000 + i * 0.005, Kind.SYN_FLOOD, source, BanScope.SYN, 60));
        }
        fixture.reach(4001);
        assertEquals(0, fixture.manager.bansInForce());
        fixture.reach(10);

        fixture.raise(alarm(20, Kind.SYN_FLOOD, "203.0.113.80", 50_000));
        fixture.accuse(20, Kind.SYN_FLOOD, "192.0.2.7", BanScope.SYN);

        assertEquals("192.0.2.7", fixture.manager.bans().get(0).address().toString());
    }

    private static void scan(BlockFixture fixture, int first, int last, BanScope scope) {
        for (int i = first; i <= last; i++) {
            String source = "2001:db8:9:1::" + Integer.toHexString(i);
            fixture.accuse(i, Kind.SCAN_SYN, source, scope);
        }
    }

    private static long bansOfAddresses(BlockFixture fixture) {
        return fixture.manager.bans().stream()
                .filter(ban -> ban.address().isSingleAddress())
                .count();
    }

    private static Ban subnetBan(BlockFixture fixture) {
        List<Ban> subnets =
                fixture.manager.bans().stream()
                        .filter(ban -> ban.address().isIpv6Subnet())
                        .toList();
        assertEquals(1, subnets.size());
        return subnets.get(0);
    }
}
