package ips.core.detect;

import static ips.core.detect.DetectorHarness.SECOND;
import static ips.core.detect.DetectorHarness.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.Protocol;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PingOfDeathDetectorTest {
    private static final String ATTACKER = "203.0.113.9";
    private static final String VICTIM = "192.0.2.80";
    private static final int FRAGMENT_BYTES = 1480;

    private DetectorHarness harness =
            new DetectorHarness(
                    PingOfDeathDetector.Config.DEFAULTS, PingFloodDetector.Config.DEFAULTS);

    private void fragment(int protocol, int offset, int length, boolean more) {
        harness.pause(millis(1))
                .send(
                        FrameBuilder.ip(ATTACKER, VICTIM, protocol)
                                .id(77)
                                .fragment(offset, more)
                                .payload(new byte[length]));
    }

    private void oversized(int protocol) {
        int offset = 0;
        for (; offset + FRAGMENT_BYTES <= 65_120; offset += FRAGMENT_BYTES) {
            fragment(protocol, offset, FRAGMENT_BYTES, true);
        }
        fragment(protocol, offset, FRAGMENT_BYTES, false);
    }

    @Test
    void namesTheSourceOfAPingThatWouldBeTooLong() {
        oversized(Protocol.ICMP);
        List<Verdict> verdicts = harness.end();

        assertEquals(1, verdicts.size());
        Verdict verdict = verdicts.get(0);
        assertEquals(Kind.PING_OF_DEATH, verdict.kind());
        assertEquals(IpAddress.parse(ATTACKER), verdict.source());
        assertEquals(IpAddress.parse(VICTIM), verdict.destination());
        assertEquals(Action.BAN, verdict.action());
        assertEquals(BanScope.ICMP, verdict.scope());
        assertEquals(1, verdict.count());
        assertEquals(45, verdict.firstFrame());
    }

    @Test
    void tellsOneCampaignOfManySuchPings() {
        for (int i = 0; i < 20; i++) {
            oversized(Protocol.ICMP);
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(1, verdicts.stream().map(Verdict::firstNs).distinct().count());
        assertEquals(20, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void staysSilentOnTheLongestPingThereCanBe() {
        int last = 65_535 - 20;
        int offset = 0;
        for (; offset + FRAGMENT_BYTES < last; offset += FRAGMENT_BYTES) {
            fragment(Protocol.ICMP, offset, FRAGMENT_BYTES, true);
        }
        fragment(Protocol.ICMP, offset, last - offset, false);

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnAnOrdinaryLargePingOnceASecond() {
        FrameBuilder ping = FrameBuilder.icmp(ATTACKER, VICTIM).payload(new byte[8000]);
        for (int i = 0; i < 60; i++) {
            harness.pause(SECOND);
            ping.id(i).icmpEcho(7, i).fragments(FRAGMENT_BYTES).forEach(harness::send);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void leavesOtherProtocolsAlone() {
        oversized(Protocol.UDP);

        assertEquals(List.of(), harness.end());
    }

    @Test
    void holdsPingsToTheOperatorsLimit() {
        harness =
                new DetectorHarness(
                        new PingOfDeathDetector.Config(true, 1000, 2, Duration.ofSeconds(10)));
        harness.send(FrameBuilder.icmp(ATTACKER, VICTIM).payload(new byte[992]));
        harness.send(FrameBuilder.icmp(ATTACKER, VICTIM).payload(new byte[993]));
        int beforeTheSecond = harness.verdicts().size();
        harness.send(FrameBuilder.icmp(ATTACKER, VICTIM).payload(new byte[993]));

        assertEquals(0, beforeTheSecond);
        assertEquals(2, harness.end().get(0).count());
    }
}
