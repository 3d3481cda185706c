package ips.core.block;

import static ips.core.block.BlockFixture.START;
import static ips.core.block.BlockFixture.alarm;
import static ips.core.block.BlockFixture.alertOnly;
import static ips.core.block.BlockFixture.config;
import static ips.core.block.BlockFixture.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.counter.Counter;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the block manager makes of verdicts before it comes to bans. */
class BlockManagerCampaignsTest {
    private static final String OFFENDER = "198.51.100.7";

    private final BlockFixture fixture = new BlockFixture(BanConfig.DEFAULTS);

    @Test
    void endsACampaignAfterAPauseWithItsFinalCounts() {
        fixture.raise(
                verdict(1, Kind.SCAN_SYN, OFFENDER, BanScope.ALL, 20, 0.5),
                verdict(2, Kind.SCAN_SYN, OFFENDER, BanScope.ALL, 35, 0.5),
                verdict(8, Kind.SCAN_SYN, OFFENDER, BanScope.ALL, 7, 7.5));
        fixture.reach(30);

        Detection going = fixture.manager.detections().get(0);
        assertEquals(42, going.count());
        assertEquals(500, going.firstFrame());
        assertEquals(8000, going.lastFrame());

        fixture.reach(69);
        assertEquals(List.of("ended scan_syn " + OFFENDER + " 42"), fixture.saidOf("ended"));
        assertEquals(List.of(), fixture.manager.detections());

        fixture.accuse(70, Kind.SCAN_SYN, OFFENDER, BanScope.ALL);
        assertEquals(2, fixture.saidOf("detected").size());
    }

    @Test
    void keepsASlowScanOneCampaign() {
        // A port every five minutes, told each time.
        for (int i = 1; i <= 12; i++) {
            fixture.raise(
                    verdict(i * 300, Kind.SCAN_SYN, OFFENDER, BanScope.ALL, 20 + i, -20 * 300));
            fixture.reach(i * 300);
        }

        assertEquals(1, fixture.saidOf("detected").size());
        assertEquals(0, fixture.saidOf("ended").size());
    }

    @Test
    void forgetsDestinationAndPortOnceThereAreSeveral() {
        Verdict one = verdict(1, Kind.SWEEP, OFFENDER, BanScope.ALL, 20);
        fixture.raise(one);
        fixture.raise(
                new Verdict(
                        2000,
                        START + 2 * BlockFixture.SECOND,
                        one.kind(),
                        one.action(),
                        one.scope(),
                        one.source(),
                        IpAddress.parse("203.0.113.81"),
                        443,
                        25,
                        one.firstNs(),
                        one.lastNs(),
                        one.firstFrame(),
                        2000,
                        one.evidence()));
        fixture.reach(3);

        Detection detection = fixture.manager.detections().get(0);
        assertEquals(null, detection.destination());
        assertEquals(0, detection.port());
        assertEquals(25, detection.count());
    }

    @Test
    void letsTheOldestCampaignGoWhenTooManyGoOn() {
        BlockFixture small = new BlockFixture(config(2));

        small.accuse(1, Kind.SCAN_FIN, "198.51.100.1", BanScope.ALL);
        small.accuse(2, Kind.SCAN_FIN, "198.51.100.2", BanScope.ALL);
        small.accuse(3, Kind.SCAN_FIN, "198.51.100.1", BanScope.ALL);

        small.accuse(4, Kind.SCAN_FIN, "198.51.100.3", BanScope.ALL);

        assertEquals(List.of("ended scan_fin 198.51.100.2 100"), small.saidOf("ended"));
        assertEquals(1, small.count(Counter.DETECTIONS_EVICTED));
    }

    @Test
    void tellsSixteenSourcesWithOddFlagsATickAndThoseThatAskForABan() {
        for (int i = 0; i < 40; i++) {
            fixture.raise(alertOnly(oddFlags(1.001, "198.51.100." + i)));
        }
        fixture.raise(oddFlags(1.002, "198.51.100.39"));
        fixture.raise(alertOnly(oddFlags(1.101, "198.51.100.38")));
        fixture.raise(alertOnly(oddFlags(1.102, "198.51.100.0")));
        fixture.reach(2);

        assertEquals(18, fixture.saidOf("detected").size());
        assertEquals(1, fixture.saidOf("banned").size());
        assertEquals(24, fixture.count(Counter.FLAG_ALERTS_WITHHELD));
    }

    @Test
    void tellsNoSingleSourceWithOddFlagsWhileADestinationIsFloodedByMany() {
        fixture.raise(alarm(0.5, Kind.ODD_FLAG_FLOOD, "203.0.113.80", 5000));
        for (int i = 0; i < 40; i++) {
            fixture.raise(alertOnly(oddFlags(1.001, "198.51.100." + i)));
        }
        fixture.raise(oddFlags(1.002, "198.51.100.39"));
        fixture.reach(2);

        assertEquals(2, fixture.saidOf("detected").size());
        assertEquals(1, fixture.saidOf("banned").size());
        assertEquals(40, fixture.count(Counter.FLAG_ALERTS_WITHHELD));
    }

    private static Verdict oddFlags(double at, String source) {
        return verdict(at, Kind.SCAN_NULL, source, BanScope.ODD_FLAGS, 1);
    }

    @Test
    void countsDetectionsByKind() {
        fixture.accuse(1, Kind.SYN_FLOOD, "198.51.100.1", BanScope.ALL);
        fixture.accuse(2, Kind.SYN_FLOOD, "198.51.100.2", BanScope.ALL);
        fixture.accuse(3, Kind.SCAN_NULL, "198.51.100.2", BanScope.ALL);

        assertEquals(2, fixture.manager.detectionsByKind().get(Kind.SYN_FLOOD));
        assertEquals(1, fixture.manager.detectionsByKind().get(Kind.SCAN_NULL));
        assertEquals(3, fixture.count(Counter.DETECTIONS));
    }
}
