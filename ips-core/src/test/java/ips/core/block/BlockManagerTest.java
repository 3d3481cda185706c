package ips.core.block;

import static ips.core.block.BlockFixture.START;
import static ips.core.block.BlockFixture.alertOnly;
import static ips.core.block.BlockFixture.config;
import static ips.core.block.BlockFixture.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockManagerTest {
    private static final String OFFENDER = "198.51.100.7";
    private final BlockFixture fixture = new BlockFixture(BanConfig.DEFAULTS);

    @Test
    void bansAnOffenderAndReleasesItWhenTheTimeIsOver() {
        fixture.accuse(1, Kind.SYN_FLOOD, OFFENDER, BanScope.SYN);
        fixture.reach(60.9);
        assertEquals(1, fixture.manager.bansInForce());
        fixture.reach(61);

        assertEquals(
                List.of(
                        "detected syn_flood " + OFFENDER + " 100",
                        "banned " + OFFENDER + " syn 1.0-61.0",
                        "released " + OFFENDER + " syn EXPIRED",
                        "ended syn_flood " + OFFENDER + " 100"),
                fixture.said);
        assertEquals(0, fixture.manager.bansInForce());
        assertEquals(fixture.enforcer.enforced(), fixture.enforcer.lifted());
    }

    @Test
    void waitsForTheSlowestWorkerBeforeItHandlesAReport() {
        fixture.raise(verdict(2, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL, 100));

        fixture.reach(1.9);
        assertEquals(List.of(), fixture.said);

        fixture.reach(2);
        assertEquals(2, fixture.said.size());
    }

    @Test
    void hasTheSameOutcomeInWhateverOrderAndRoundsReportsArrive() {
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double at = 1 + i * 0.37 % 100;
            String source = "198.51.100." + i % 40;
            Kind kind = i % 3 == 0 ? Kind.SCAN_NULL : Kind.SYN_FLOOD;
            reports.add(verdict(at, kind, source, i % 5 == 0 ? BanScope.ALL : BanScope.SYN, i));
        }

        List<String> inOrder = outcome(reports, 0.1, null);
        List<String> atOnce = outcome(reports, 200, null);
        List<String> shuffled = outcome(reports, 200, new Random(1));
        List<String> shuffledInRounds = outcome(reports, 7, new Random(2));

        assertTrue(inOrder.size() > 100);
        assertEquals(inOrder, atOnce);
        assertEquals(inOrder, shuffled);
        assertEquals(inOrder, shuffledInRounds);
    }

    private static List<String> outcome(List<Report> reports, double round, Random shuffle) {
        BlockFixture fixture = new BlockFixture(BanConfig.DEFAULTS);
        List<Report> order = new ArrayList<>(reports);
        if (shuffle != null) {
            Collections.shuffle(order, shuffle);
        }
        for (double to = 0.05; to < 200 + round; to += round) {
            for (var each = order.iterator(); each.hasNext(); ) {
                Report report = each.next();
                if (report.frame() <= Math.round(to * 1000)) {
                    fixture.raise(report);
                    each.remove();
                }
            }
            fixture.reach(to);
        }
        fixture.manager.onClose();
        return fixture.said;
    }

    /** It says why the ban began, and not what else prolonged it. */
    @Test
    void keepsTheReasonOfABanThatAnotherKindProlongs() {
        fixture.accuse(1, Kind.SYN_FLOOD, OFFENDER, BanScope.SYN);
        fixture.accuse(3, Kind.SCAN_SYN, OFFENDER, BanScope.SYN);

        Ban ban = fixture.manager.bans().get(0);
        assertEquals(1, fixture.saidOf("prolonged").size());
        assertEquals(Kind.SYN_FLOOD, ban.kind());
        assertTrue(ban.reason().startsWith("SYN flood: "), ban.reason());
    }

    @Test
    void prolongsTheBanWhileTheAttackGoesOn() {
        for (int second = 1; second <= 100; second++) {
            fixture.accuse(second, Kind.ICMP_FLOOD, OFFENDER, BanScope.ICMP);
        }
        fixture.reach(159.9);
        assertEquals(1, fixture.manager.bansInForce());
        fixture.reach(160);

        assertEquals(1, fixture.saidOf("banned").size());
        assertEquals(99, fixture.saidOf("prolonged").size());
        assertEquals(
                "prolonged " + OFFENDER + " icmp 1.0-160.0", fixture.saidOf("prolonged").get(98));
        assertEquals(1, fixture.saidOf("detected").size());
        assertEquals(1, fixture.count(Counter.BANS));
        assertEquals(1, fixture.count(Counter.BANS_EXPIRED));
    }

    @Test
    void bansRepeatersForLongerUpToTheCap() {
        double at = 1;
        List<Double> lengths = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            fixture.accuse(at, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
            Ban ban = fixture.manager.bans().get(0);
            assertEquals(i, ban.repeat());
            lengths.add((ban.untilNs() - ban.fromNs()) / 1e9);
            at = (ban.untilNs() - START) / 1e9 + 1;
            fixture.reach(at - 0.5);
        }

        assertEquals(
                List.of(60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0, 3600.0, 3600.0), lengths);
    }

    @Test
    void forgetsEarlierBansAfterTheMemoryTime() {
        fixture.accuse(1, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        fixture.reach(61);
        fixture.accuse(61 + 3601, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);

        assertEquals(0, fixture.manager.bans().get(0).repeat());
    }

    @Test
    void bansEachScopeByItselfAndLetsABanInFullCoverTheOthers() {
        fixture.accuse(1, Kind.SYN_FLOOD, OFFENDER, BanScope.SYN);
        fixture.accuse(2, Kind.ICMP_FLOOD, OFFENDER, BanScope.ICMP);
        fixture.accuse(3, Kind.SCAN_SYN, OFFENDER, BanScope.ALL);
        fixture.accuse(4, Kind.UDP_FLOOD, OFFENDER, BanScope.UDP);

        assertEquals(
                List.of(
                        "banned " + OFFENDER + " syn 1.0-61.0",
                        "banned " + OFFENDER + " icmp 2.0-62.0",
                        "banned " + OFFENDER + " all 3.0-63.0"),
                fixture.saidOf("banned"));
    }

    @Test
    void bansWholeAddressesWhenToldTo() {
        BlockFixture whole = new BlockFixture(config(BanConfig.Scope.ALL));

        whole.accuse(1, Kind.SYN_FLOOD, OFFENDER, BanScope.SYN);

        assertEquals(List.of("banned " + OFFENDER + " all 1.0-61.0"), whole.saidOf("banned"));
    }

    @Test
    void bansNobodyForAnAlert() {
        fixture.raise(alertOnly(verdict(1, Kind.SCAN_ACK, OFFENDER, BanScope.ALL, 5)));
        fixture.reach(1);
        assertEquals(List.of("detected scan_ack " + OFFENDER + " 5"), fixture.said);

        fixture.accuse(2, Kind.SCAN_ACK, OFFENDER, BanScope.ODD_FLAGS);

        assertEquals(
                List.of("banned " + OFFENDER + " odd-flags 2.0-62.0"), fixture.said.subList(1, 2));
    }

    @Test
    void sparesWhomTheGateProtectsAndSaysSoOncePerCampaign() {
        fixture.accuse(1, Kind.SYN_FLOOD, "224.0.0.9", BanScope.ALL);
        fixture.accuse(2, Kind.SYN_FLOOD, "224.0.0.9", BanScope.ALL);

        assertEquals(List.of("spared syn_flood 224.0.0.9 NEVER_BAN"), fixture.saidOf("spared"));
        assertEquals(2, fixture.count(Counter.SPARED_NEVER_BAN));
        assertEquals(0, fixture.manager.bansInForce());
    }

    @Test
    void spendsNoMoreThanTheBudgetOfAMinuteAndSaysSoOnce() {
        BlockFixture tight = new BlockFixture(config(Duration.ofSeconds(300), 1000, 10));
        for (int i = 0; i < 30; i++) {
            tight.accuse(1 + i * 0.1, Kind.SYN_FLOOD, "198.51.100." + i, BanScope.ALL);
        }
        assertEquals(10, tight.manager.bansInForce());
        assertEquals(List.of("spared syn_flood 198.51.100.10 BUDGET"), tight.saidOf("spared"));
        assertEquals(20, tight.count(Counter.SPARED_BUDGET));

        tight.accuse(5, Kind.SYN_FLOOD, "198.51.100.0", BanScope.ALL);
        assertEquals(1, tight.saidOf("prolonged").size());

        tight.accuse(61, Kind.SYN_FLOOD, "198.51.100.29", BanScope.ALL);
        assertEquals(11, tight.manager.bansInForce());
    }

    @Test
    void evictsTheBanThatEndsFirstWhenTheTableIsFull() {
        BlockFixture small = new BlockFixture(config(Duration.ofSeconds(60), 3, 600));
        small.accuse(1, Kind.SYN_FLOOD, "198.51.100.1", BanScope.ALL);
        small.accuse(2, Kind.SYN_FLOOD, "198.51.100.2", BanScope.ALL);
        small.accuse(3, Kind.SYN_FLOOD, "198.51.100.3", BanScope.ALL);
        small.accuse(4, Kind.SYN_FLOOD, "198.51.100.1", BanScope.ALL);

        small.accuse(5, Kind.SYN_FLOOD, "198.51.100.4", BanScope.ALL);

        assertEquals(List.of("released 198.51.100.2 all EVICTED"), small.saidOf("released"));
        assertEquals(3, small.manager.bansInForce());
        assertEquals(1, small.count(Counter.BANS_EVICTED));
    }

    @Test
    void givesTheEnforcerOneBatchPerRound() {
        for (int i = 0; i < 50; i++) {
            fixture.raise(verdict(1, Kind.SCAN_XMAS, "198.51.100." + i, BanScope.ALL, 10));
        }
        fixture.reach(1);
        fixture.reach(100);

        assertEquals(1, fixture.enforcer.enforcedBatches().size());
        assertEquals(50, fixture.enforcer.enforced().size());
        assertEquals(1, fixture.enforcer.liftedBatches().size());
        assertEquals(50, fixture.enforcer.lifted().size());
    }

    @Test
    void tellsTheEnforcerOfABanThatBeginsAndEndsWithinOneRound() {
        fixture.raise(
                verdict(1, Kind.SCAN_XMAS, OFFENDER, BanScope.ALL, 10),
                verdict(100, Kind.SCAN_XMAS, OFFENDER, BanScope.ALL, 10));
        fixture.reach(100);

        assertEquals(2, fixture.enforcer.enforced().size());
        assertEquals(1, fixture.enforcer.lifted().size());
        assertEquals(1, fixture.manager.bansInForce());
    }

    @Test
    void survivesAListenerThatThrows() {
        BlockListener throwing =
                new BlockListener() {
                    @Override
                    public void detected(Detection detection) {
                        throw new IllegalStateException("cannot write");
                    }
                };
        BlockFixture other =
                new BlockFixture(
                        BanConfig.DEFAULTS,
                        NeverBanGate.forFiles(Allowlist.EMPTY),
                        List.of(),
                        null,
                        throwing);

        other.accuse(1, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);

        assertEquals(2, other.said.size());
        assertEquals(1, other.count(Counter.LISTENER_ERRORS));
        assertEquals("cannot write", other.errors.get(0).getMessage());
    }

    @Test
    void survivesAnEnforcerThatThrows() {
        Enforcer throwing =
                new Enforcer() {
                    @Override
                    public void enforce(List<Ban> bans) {
                        throw new IllegalStateException("nft failed");
                    }

                    @Override
                    public void lift(List<Ban> bans) {
                        throw new IllegalStateException("nft failed");
                    }

                    @Override
                    public String name() {
                        return "throwing";
                    }
                };
        BlockFixture other =
                new BlockFixture(
                        BanConfig.DEFAULTS,
                        NeverBanGate.forFiles(Allowlist.EMPTY),
                        List.of(),
                        throwing,
                        null);

        other.accuse(1, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        other.reach(61);

        assertEquals(1, other.saidOf("banned").size());
        assertEquals(1, other.saidOf("released").size());
        assertEquals(2, other.count(Counter.ENFORCER_ERRORS));
        assertEquals(2, other.errors.size());
    }

    @Test
    void keepsNoMoreReportsWaitingThanItHasRoomForWhileAWorkerHangs() {
        BlockFixture hung = new BlockFixture(BanConfig.DEFAULTS);
        Report report = verdict(1, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL, 100);
        int places = hung.queue.capacity();
        for (int i = 0; i < 6 * places; i++) {
            hung.raise(report);
            if (i % places == places - 1) {
                hung.manager.doWork();
            }
        }
        assertEquals(places, hung.queue.size());
        assertEquals(places, hung.workerCounters.get(Counter.VERDICTS_LOST));

        hung.reach(2);
        hung.reach(2);
        assertEquals(0, hung.queue.size());
        assertEquals(1, hung.manager.bansInForce());
    }

    @Test
    void handlesEverythingAndEndsCampaignsWhenClosed() {
        fixture.reach(1);
        fixture.raise(verdict(5, Kind.SYN_FLOOD, OFFENDER, BanScope.SYN, 60));

        fixture.manager.onClose();

        assertEquals(
                List.of(
                        "detected syn_flood " + OFFENDER + " 60",
                        "banned " + OFFENDER + " syn 5.0-65.0",
                        "ended syn_flood " + OFFENDER + " 60",
                        "closed"),
                fixture.said);
        assertTrue(fixture.enforcer.isClosed());
        assertEquals(1, fixture.enforcer.enforced().size());
    }

    @Test
    void keepsTheTimeABanHasLeftWhenTheClockIsSetBack() {
        fixture.accuse(1000, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        fixture.reach(1020);

        fixture.reach(10);
        Ban ban = fixture.manager.bans().get(0);
        assertEquals(START + 50 * BlockFixture.SECOND, ban.untilNs());
        assertEquals(2, fixture.enforcer.enforced().size());

        fixture.reach(49.9);
        assertEquals(1, fixture.manager.bansInForce());
        fixture.reach(50);
        assertEquals(0, fixture.manager.bansInForce());
    }

    /** A round may bring what was reported before the clock was set back, and after. */
    @Test
    void takesWhatWasReportedBeforeTheClockWasSetBackAsOfThatTime() {
        fixture.accuse(1000, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        fixture.raise(verdict(1020, Kind.ICMP_FLOOD, "198.51.100.8", BanScope.ALL, 100));

        fixture.ns = START + 10 * BlockFixture.SECOND;
        fixture.frame = 1_030_000;
        fixture.manager.doWork();

        assertEquals(
                List.of(START + 50 * BlockFixture.SECOND, START + 70 * BlockFixture.SECOND),
                fixture.manager.bans().stream().map(Ban::untilNs).toList());
    }

    @Test
    void keepsTheTimeABanHasLeftWhenTheClockIsSetAhead() {
        long[] steadyNs = {0};
        fixture.manager.compareWith(() -> steadyNs[0]);
        fixture.accuse(1000, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        steadyNs[0] += 20 * BlockFixture.SECOND;
        fixture.reach(1020);

        steadyNs[0] += BlockFixture.SECOND;
        fixture.reach(4620);

        assertEquals(1, fixture.manager.bansInForce());
        steadyNs[0] += 41 * BlockFixture.SECOND;
        fixture.reach(4661);
        assertEquals(0, fixture.manager.bansInForce());
    }

    /**
     * Of several links one has frames of before the clock was set when another has some of after.
     */
    @Test
    void keepsTheTimeABanHasLeftWhenFramesOfBeforeAndAfterMingle() {
        long[] steadyNs = {0};
        fixture.manager.compareWith(() -> steadyNs[0]);
        fixture.accuse(1000, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);

        for (int i = 1; i <= 5; i++) {
            steadyNs[0] += BlockFixture.SECOND / 100;
            fixture.reach(4600 + i * 0.01);
            fixture.reach(1000 + i * 0.01);
        }
        fixture.reach(4600.1);

        assertEquals(1, fixture.manager.bansInForce());
        long leftNs = fixture.manager.bans().get(0).untilNs() - fixture.ns;
        assertEquals(60, leftNs / 1e9, 1);
    }

    @Test
    void endsBansAfterALongSilenceOrWhereWorkersWereHeldUp() {
        long[] steadyNs = {0};
        fixture.manager.compareWith(() -> steadyNs[0]);
        fixture.accuse(1000, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);

        steadyNs[0] += 59 * BlockFixture.SECOND;
        fixture.reach(1000.1);
        assertEquals(1, fixture.manager.bansInForce());
        steadyNs[0] += 2 * BlockFixture.SECOND;
        fixture.reach(1061);

        assertEquals(0, fixture.manager.bansInForce());
    }
}
