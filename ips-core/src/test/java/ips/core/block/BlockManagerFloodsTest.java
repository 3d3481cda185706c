package ips.core.block;

import static ips.core.block.BlockFixture.START;
import static ips.core.block.BlockFixture.alarm;
import static ips.core.block.BlockFixture.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import ips.core.verdict.DestinationCount;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Kind;
import ips.core.verdict.Report;
import ips.core.verdict.SomeSources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Floods of many sources against one destination, and who is banned beside them. */
class BlockManagerFloodsTest {
    private static final String OFFENDER = "198.51.100.7";

    private final BlockFixture fixture = new BlockFixture(BanConfig.DEFAULTS);

    @Test
    void bansNobodyWhenManyForgedSourcesFloodADestination() {
        fixture.raise(alarm(0.5, Kind.SYN_FLOOD, "203.0.113.80", 50_000));
        for (int i = 0; i < 200; i++) {
            fixture.raise(verdict(1 + i * 0.01, Kind.SYN_FLOOD, "198.18.0." + i, BanScope.SYN, 60));
        }
        fixture.reach(4);

        assertEquals(0, fixture.manager.bansInForce());
        assertEquals(20, fixture.saidOf("banned").size());
        assertEquals(20, fixture.saidOf("released").size());
        assertTrue(fixture.saidOf("released").get(0).endsWith("SPOOFED"));
        assertEquals(20, fixture.count(Counter.BANS_REVOKED));
        assertEquals(180, fixture.count(Counter.SPARED_SPOOFED));
    }

    @Test
    void bansAFewUnprovenSourcesBesideAFlood() {
        fixture.raise(alarm(0.5, Kind.SYN_FLOOD, "203.0.113.80", 50_000));
        for (int i = 0; i < 10; i++) {
            fixture.raise(verdict(1 + i * 0.01, Kind.SYN_FLOOD, "198.18.0." + i, BanScope.SYN, 60));
        }
        fixture.reach(4);

        assertEquals(10, fixture.manager.bansInForce());
    }

    @Test
    void bansProvenSourcesHoweverManyForgedOnesThereAre() {
        fixture.raise(alarm(0.5, Kind.SYN_FLOOD, "203.0.113.80", 50_000));
        for (int i = 0; i < 100; i++) {
            fixture.raise(verdict(1 + i * 0.01, Kind.SYN_FLOOD, "198.18.0." + i, BanScope.SYN, 60));
        }
        fixture.raise(verdict(1.5, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL, 60));
        fixture.reach(4);

        assertEquals(OFFENDER, fixture.manager.bans().get(0).address().toString());
        assertEquals(1, fixture.manager.bansInForce());
    }

    /** Those of two seconds before are earlier, those in full and of other kinds not forged. */
    @Test
    void keepsTheBansThatAForgedFloodDidNotBring() {
        fixture.raise(verdict(1, Kind.SYN_FLOOD, "198.51.100.8", BanScope.SYN, 60));
        fixture.raise(alarm(4, Kind.SYN_FLOOD, "203.0.113.80", 50_000));
        fixture.raise(verdict(4.05, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL, 60));
        fixture.raise(verdict(4.06, Kind.ICMP_FLOOD, "198.51.100.9", BanScope.ICMP, 60));
        for (int i = 0; i < 30; i++) {
            fixture.raise(
                    verdict(4.1 + i * 0.01, Kind.SYN_FLOOD, "198.18.0." + i, BanScope.SYN, 60));
        }
        fixture.reach(5);

        assertEquals(20, fixture.count(Counter.BANS_REVOKED));
        assertEquals(
                List.of("198.51.100.7 all", "198.51.100.8 syn", "198.51.100.9 icmp"),
                fixture.manager.bans().stream()
                        .map(ban -> ban.address() + " " + ban.scope().word())
                        .sorted()
                        .toList());
    }

    /** Fifteen a second: too few to be taken for forged, and too many to be let go. */
    @Test
    void goesOnSparingWhileAForgedFloodSlowsDownByNoMoreThanHalf() {
        fixture.raise(alarm(0.5, Kind.SYN_FLOOD, "203.0.113.80", 50_000));
        for (int i = 0; i < 100; i++) {
            fixture.raise(verdict(1 + i * 0.01, Kind.SYN_FLOOD, "198.18.0." + i, BanScope.SYN, 60));
        }
        for (int i = 0; i < 60; i++) {
            String source = "198.18.1." + i;
            fixture.raise(verdict(2 + i / 15.0, Kind.SYN_FLOOD, source, BanScope.SYN, 60));
        }
        fixture.reach(6);

        assertEquals(0, fixture.manager.bansInForce());
        assertEquals(140, fixture.count(Counter.SPARED_SPOOFED));
    }

    @Test
    void bansUnprovenSourcesAgainWhenTheForgedFloodIsOver() {
        bansNobodyWhenManyForgedSourcesFloodADestination();

        fixture.accuse(10, Kind.SYN_FLOOD, OFFENDER, BanScope.SYN);

        assertEquals(1, fixture.manager.bansInForce());
    }

    @Test
    void judgesTheSumOfWhatWorkersCountedPerDestination() {
        DestinationThreshold threshold =
                new DestinationThreshold(
                        Kind.UDP_FLOOD, Kind.UDP_FLOOD, 1000, 2, Duration.ofSeconds(1));
        List<List<String>> outcomes = new ArrayList<>();
        for (boolean swapped : new boolean[] {false, true}) {
            BlockFixture floods =
                    new BlockFixture(
                            BanConfig.DEFAULTS,
                            NeverBanGate.forFiles(Allowlist.EMPTY),
                            List.of(threshold));
            Report left = count(0.5, 700, "198.18.0.1");
            Report right = count(0.5, 600, "198.18.0.2");
            floods.raise(swapped ? right : left, swapped ? left : right);
            floods.reach(0.5);
            floods.manager.onClose();
            outcomes.add(floods.said);
        }

        assertEquals("detected udp_flood 203.0.113.53 1300", outcomes.get(0).get(0));
        assertEquals(outcomes.get(0), outcomes.get(1));
    }

    private static DestinationCount count(double seconds, long count, String source) {
        long ns = START + (long) (seconds * BlockFixture.SECOND);
        long frame = Math.round(seconds * 1000);
        return new DestinationCount(
                frame,
                ns,
                Kind.UDP_FLOOD,
                IpAddress.parse("203.0.113.53"),
                53,
                count,
                SomeSources.of((int) count, count / 2),
                IpAddress.parse(source),
                START,
                ns,
                1,
                frame);
    }
}
