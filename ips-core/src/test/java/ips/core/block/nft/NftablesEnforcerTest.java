package ips.core.block.nft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.block.Ban;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real nft in a namespace of its own. */
class NftablesEnforcerTest {
    private static final int MAX_BANS = 4096;

    @TempDir private Path folder;

    private NftNamespace firewall;
    private NftablesEnforcer enforcer;
    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void start() throws Exception {
        Optional<String> missing = NftNamespace.missing();
        assumeTrue(missing.isEmpty(), () -> missing.get());
        firewall = new NftNamespace(folder);
    }

    @AfterEach
    void stop() throws Exception {
        if (enforcer != null) {
            enforcer.close();
        }
        if (firewall != null) {
            firewall.close();
        }
    }

    private NftablesEnforcer enforcer(NftConfig.OnExit onExit) {
        return enforcer(onExit, MAX_BANS);
    }

    private NftablesEnforcer enforcer(NftConfig.OnExit onExit, int maxBans) {
        NftConfig config =
                new NftConfig("ips", List.of(), onExit, Duration.ofSeconds(1), firewall.program());
        enforcer = new NftablesEnforcer(config, maxBans, notices::add);
        return enforcer;
    }

    private static Ban ban(String address, BanScope scope, double seconds) {
        long nowNs = System.currentTimeMillis() * 1_000_000;
        long untilNs = nowNs + (long) (seconds * 1e9);
        return new Ban(Cidr.parse(address), scope, null, "test", nowNs, untilNs, 0);
    }

    private static List<Ban> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> ban("20.1." + i / 250 + "." + i % 250, BanScope.ALL, 600))
                .toList();
    }

    private interface Check {
        boolean holds() throws Exception;
    }

    private void await(String what, Check check) throws Exception {
        long endNs = System.nanoTime() + 10_000_000_000L;
        while (!check.holds()) {
            assertTrue(
                    System.nanoTime() < endNs,
                    () -> what + "; notices " + notices + "; " + enforcer.status());
            Thread.sleep(20);
        }
    }

    private String set(String name) throws Exception {
        return firewall.nft("list", "set", "inet", "ips", name);
    }

    @Test
    void putsEachBanIntoTheSetOfItsScopeAndFamily() throws Exception {
        enforcer(NftConfig.OnExit.KEEP)
                .enforce(
                        List.of(
                                ban("192.0.2.1", BanScope.ALL, 60),
                                ban("192.0.2.2", BanScope.SYN, 60),
                                ban("192.0.2.3", BanScope.ICMP, 60),
                                ban("192.0.2.4", BanScope.ODD_FLAGS, 60),
                                ban("192.0.2.5", BanScope.UDP, 60),
                                ban("192.0.2.6", BanScope.SCTP, 60),
                                ban("2001:db8::1", BanScope.ALL, 60),
                                ban("2001:db8:9:1::/64", BanScope.SYN, 60),
                                ban("198.51.100.0/24", BanScope.ALL, 60),
                                ban("198.51.100.128/25", BanScope.ALL, 90)));

        await("not enforced", () -> enforcer.status().enforced() == 10);
        assertTrue(set("all4").contains("192.0.2.1 "));
        assertTrue(set("syn4").contains("192.0.2.2 "));
        assertTrue(set("icmp4").contains("192.0.2.3 "));
        assertTrue(set("odd4").contains("192.0.2.4 "));
        assertTrue(set("udp4").contains("192.0.2.5 "));
        assertTrue(set("sctp4").contains("192.0.2.6 "));
        assertTrue(set("all6").contains("2001:db8::1 "));
        assertTrue(set("synsub6").contains("2001:db8:9:1:: "));
        assertTrue(set("net4").contains("198.51.100.0/24 "));
        assertEquals(List.of(), notices);
    }

    @Test
    void liftsRenewsAndLetsTheKernelEndBans() throws Exception {
        Ban lifted = ban("192.0.2.1", BanScope.ALL, 60);
        Ban renewed = ban("192.0.2.2", BanScope.ALL, 60);
        Ban brief = ban("192.0.2.3", BanScope.ALL, 1.5);
        enforcer(NftConfig.OnExit.KEEP).enforce(List.of(lifted, renewed, brief));
        await("not enforced", () -> enforcer.status().enforced() == 3);

        enforcer.enforce(List.of(ban("192.0.2.2", BanScope.ALL, 3000)));
        enforcer.lift(List.of(lifted));

        await("not lifted", () -> !set("all4").contains("192.0.2.1 "));
        await("not renewed", () -> set("all4").contains("expires 49m"));
        await("does not end", () -> !set("all4").contains("192.0.2.3 "));
        assertTrue(set("all4").contains("192.0.2.2 "));
        assertEquals(List.of(), notices);
    }

    @Test
    void touchesNoOtherTable() throws Exception {
        firewall.nft("add table inet other");
        firewall.nft("add chain inet other c { type filter hook input priority 0; }");
        String before = firewall.nft("list", "table", "inet", "other");
        enforcer(NftConfig.OnExit.LIFT).enforce(many(10));
        await("not enforced", () -> enforcer.status().enforced() == 10);

        enforcer.close();

        assertEquals("table inet other", firewall.nft("list", "tables"));
        assertEquals(before, firewall.nft("list", "table", "inet", "other"));
    }

    @Test
    void takesOverTheBansThatAnEarlierRunLeft() throws Exception {
        enforcer(NftConfig.OnExit.KEEP).enforce(many(1000));
        await("not enforced", () -> enforcer.status().enforced() == 1000);
        enforcer.close();

        enforcer(NftConfig.OnExit.KEEP);

        List<Ban> standing = new ArrayList<>();
        await(
                "not taken over",
                () -> standing.addAll(enforcer.takeStanding()) && standing.size() == 1000);
        for (Ban ban : standing) {
            double left = ban.untilNs() / 1e9 - System.currentTimeMillis() / 1e3;
            assertTrue(left > 585 && left <= 600, ban::toString);
        }
        Thread.sleep(1500);
        assertEquals(1000, enforcer.status().wanted());
        assertTrue(set("all4").contains("20.1.3.249 "));
    }

    @Test
    void takesOverASubnetsBanAndEndsIt() throws Exception {
        Ban subnet = ban("2001:db8:9:1::/64", BanScope.SYN, 600);
        enforcer(NftConfig.OnExit.KEEP).enforce(List.of(subnet));
        await("not enforced", () -> enforcer.isEnforced(subnet));
        enforcer.close();
        enforcer(NftConfig.OnExit.KEEP);
        List<Ban> standing = new ArrayList<>();
        await(
                "not taken over",
                () -> standing.addAll(enforcer.takeStanding()) && standing.size() == 1);

        enforcer.lift(standing);

        assertEquals(subnet.address(), standing.get(0).address());
        assertEquals(BanScope.SYN, standing.get(0).scope());
        await("not lifted", () -> !set("synsub6").contains("2001:db8:9:1::"));
    }

    @Test
    void restoresWhatAnotherProgramTakesAway() throws Exception {
        enforcer(NftConfig.OnExit.KEEP).enforce(many(1000));
        enforcer.enforce(List.of(ban("198.51.100.0/24", BanScope.ALL, 60)));
        enforcer.protect(List.of(Cidr.parse("203.0.113.0/24"), Cidr.parse("203.0.113.7")));
        await("not enforced", () -> enforcer.status().enforced() == 1001);
        List<String> damages =
                List.of(
                        "flush set inet ips all4",
                        "flush set inet ips allow4",
                        "delete table inet ips",
                        "flush table inet ips",
                        "delete element inet ips all4 { 20.1.0.7, 20.1.0.8 }",
                        "flush ruleset");

        for (int i = 0; i < damages.size(); i++) {
            int damage = i;
            assertEquals("", firewall.nft(damages.get(i)));
            await(damages.get(i), () -> enforcer.status().restorations() > damage);
            await(damages.get(i), () -> set("all4").contains("20.1.0.7 "));
            await(damages.get(i), () -> set("allow4").contains("203.0.113.0/24"));
            await(damages.get(i), () -> enforcer.health().isEmpty());
            assertTrue(set("net4").contains("198.51.100.0/24"));
            assertTrue(firewall.nft("list", "chain", "inet", "ips", "bans4").contains("@all4"));
        }
    }

    @Test
    void saysOnceThatNftFailsAndGoesOnWhenItWorksAgain() throws Exception {
        List<String> failures =
                List.of(
                        "echo 'Error: Operation not permitted' >&2; exit 1",
                        "exec sleep 60",
                        "echo gibberish; exit 3",
                        "exec /no/such/program");
        enforcer(NftConfig.OnExit.KEEP).enforce(many(5));
        await("not enforced", () -> enforcer.status().enforced() == 5);

        int number = 0;
        for (String failure : failures) {
            notices.clear();
            firewall.replace(failure);
            enforcer.enforce(List.of(ban("192.0.2." + ++number, BanScope.ALL, 60)));
            await(failure, () -> !enforcer.health().isEmpty());
            Thread.sleep(700);
            firewall.repair();
            String last = "192.0.2." + number + " ";
            await("no recovery", () -> set("all4").contains(last));
            await("still ill", () -> enforcer.health().isEmpty());
            int enforced = 5 + number;
            await("not counted", () -> enforcer.status().enforced() == enforced);
            assertTrue(notices.size() <= 3, notices::toString);
        }
    }

    @Test
    void enforcesAsManyAsTheSetHoldsAndSaysThatItIsFull() throws Exception {
        enforcer(NftConfig.OnExit.KEEP, 1).enforce(many(1500));

        await("not told", () -> enforcer.health().contains("is full"));

        await("nothing fits", () -> enforcer.status().enforced() > 900);
        assertFalse(enforcer.health().isEmpty());
        assertEquals(1, notices.size(), notices::toString);
    }

    /** As DHCP's clients have none, and who asks in IPv6 whether an address is taken. */
    @Test
    void letsHostsWithoutAnAddressPass() throws Exception {
        enforcer(NftConfig.OnExit.KEEP).enforce(List.of(ban("192.0.2.1", BanScope.ALL, 60)));
        await("not enforced", () -> enforcer.status().enforced() == 1);

        for (String set : NftSets.hashed()) {
            String none = set.endsWith("4") ? "0.0.0.0" : "::";
            String found = firewall.nft("get element inet ips " + set + " { " + none + " }");
            assertTrue(found.startsWith("Error"), found);
        }
    }

    @Test
    void removesElementsThatNobodyWants() throws Exception {
        enforcer(NftConfig.OnExit.KEEP).enforce(many(3));
        await("not enforced", () -> enforcer.status().enforced() == 3);

        firewall.nft("add element inet ips all4 { 192.0.2.77 }");
        firewall.nft("add element inet ips all6 { 2001:db8::77 timeout 1h }");

        await("stays", () -> !set("all4").contains("192.0.2.77"));
        await("stays", () -> !set("all6").contains("2001:db8::77"));
    }
}
