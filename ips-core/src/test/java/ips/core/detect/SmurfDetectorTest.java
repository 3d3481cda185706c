package ips.core.detect;

import static ips.core.detect.DetectorHarness.SECOND;
import static ips.core.detect.DetectorHarness.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IcmpHeader;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmurfDetectorTest {
    private static final String VICTIM = "192.0.2.80";

    private final DetectorHarness harness =
            new DetectorHarness(SmurfDetector.Config.DEFAULTS, PingFloodDetector.Config.DEFAULTS);

    private void reply(String source) {
        harness.send(
                FrameBuilder.icmp(source, VICTIM)
                        .icmpType(IcmpHeader.ECHO_REPLY, 0)
                        .icmpEcho(7, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.80, 198.51.100.255",
        "192.0.2.80, 255.255.255.255",
        "192.0.2.80, 224.0.0.1",
        "2001:db8::80, ff02::1"
    })
    void tellsRequestsToManyAndBansNobody(String forged, String many) {
        for (int i = 0; i < 2000; i++) {
            harness.pause(millis(1)).send(FrameBuilder.icmp(forged, many).icmpEcho(7, i));
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(20, verdicts.get(0).count());
        assertEquals(2000, verdicts.get(verdicts.size() - 1).count());
        for (Verdict verdict : verdicts) {
            assertEquals(Kind.SMURF, verdict.kind());
            assertEquals(Action.ALERT, verdict.action());
            assertEquals(IpAddress.parse(forged), verdict.source());
            assertEquals(IpAddress.parse(many), verdict.destination());
        }
    }

    @Test
    void staysSilentOnABroadcastPingOnceASecond() {
        for (int i = 0; i < 60; i++) {
            harness.pause(SECOND).send(FrameBuilder.icmp(VICTIM, "192.0.2.255").icmpEcho(7, i));
            for (int host = 1; host < 50; host++) {
                reply("192.0.2." + host);
            }
        }

        assertEquals(List.of(), harness.end().stream().filter(v -> v.source() != null).toList());
    }

    @Test
    void tellsRepliesOfManyToOneThatAskedNone() {
        for (int round = 0; round < 100; round++) {
            harness.pause(millis(20));
            for (int host = 1; host < 100; host++) {
                reply("198.51.100." + host);
            }
        }
        List<Verdict> verdicts = harness.end();

        assertFalse(verdicts.isEmpty());
        for (Verdict verdict : verdicts) {
            assertEquals(Kind.SMURF, verdict.kind());
            assertNull(verdict.source());
            assertEquals(IpAddress.parse(VICTIM), verdict.destination());
        }
        assertEquals(9900, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void staysSilentOnRepliesThatWereAskedFor() {
        for (int round = 0; round < 20; round++) {
            harness.pause(millis(100));
            for (int host = 1; host < 100; host++) {
                harness.send(FrameBuilder.icmp(VICTIM, "198.51.100." + host).icmpEcho(7, round));
                reply("198.51.100." + host);
            }
        }

        assertTrue(harness.end().stream().noneMatch(v -> v.kind().equals(Kind.SMURF)));
    }
}
