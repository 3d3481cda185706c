package ips.core.detect;

import static ips.core.detect.DetectorHarness.millis;
import static ips.core.detect.DetectorHarness.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class SynAckFloodDetectorTest {
    private static final String VICTIM = "192.0.2.80";

    /** Handshakes may have begun before the sensor did; the tracker waits for their ends. */
    private static final long BEGINNING_NS = seconds(5);

    private final DetectorHarness harness =
            new DetectorHarness(
                    SynAckFloodDetector.Config.DEFAULTS, SynFloodDetector.Config.DEFAULTS);

    @Test
    void tellsReflectedSynAcksAgainstTheirDestination() {
        harness.connect(VICTIM, 1023, "198.51.100.80", 443).idle(BEGINNING_NS);
        for (int i = 0; i < 5000; i++) {
            harness.pause(millis(1)).synAck(VICTIM, 1024 + i, "198.51." + i % 200 + ".80", 443);
        }
        List<Verdict> verdicts = harness.end();

        assertFalse(verdicts.isEmpty());
        for (Verdict verdict : verdicts) {
            assertEquals(Kind.SYNACK_FLOOD, verdict.kind());
            assertNull(verdict.source());
            assertEquals(IpAddress.parse(VICTIM), verdict.destination());
            assertEquals(Action.ALERT, verdict.action());
        }
        assertEquals(5000, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void namesTheOnlySenderButBansItNot() {
        harness.connect(VICTIM, 1023, "198.51.100.80", 443).idle(BEGINNING_NS);
        for (int i = 0; i < 3000; i++) {
            harness.pause(millis(1)).synAck(VICTIM, 1024 + i, "198.51.100.80", 443);
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(IpAddress.parse("198.51.100.80"), verdicts.get(0).source());
        assertEquals(Action.ALERT, verdicts.get(0).action());
    }

    @Test
    void staysSilentOnHandshakesThatWereAskedFor() {
        for (int i = 0; i < 5000; i++) {
            harness.pause(millis(1)).connect(VICTIM, 1024 + i, "198.51.100.80", 443);
        }

        assertEquals(List.of(), harness.end());
    }
}
