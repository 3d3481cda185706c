package ips.core.detect;

import static ips.core.detect.DetectorHarness.millis;
import static ips.core.detect.DetectorHarness.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrayFloodDetectorTest {
    private static final String VICTIM = "192.0.2.80";
    private static final String PEER = "198.51.100.7";

    private final DetectorHarness harness = new DetectorHarness(StrayFloodDetector.Config.DEFAULTS);

    @Test
    void tellsForgedAcksThatAreAnsweredByReset() {
        for (int i = 0; i < 3000; i++) {
            segment(forged(i), 40_000, VICTIM, 80, TcpFlags.ACK, 0);
            segment(VICTIM, 80, forged(i), 40_000, TcpFlags.RST, 0);
        }

        assertFlood(Kind.ACK_FLOOD, 3000, null);
    }

    @Test
    void tellsForgedAcksThatNobodyAnswers() {
        for (int i = 0; i < 3000; i++) {
            segment(forged(i), 40_000, VICTIM, 80, TcpFlags.ACK, 0);
        }
        harness.idle(seconds(1));

        assertFlood(Kind.ACK_FLOOD, 3000, null);
    }

    @Test
    void tellsFinAcksAndDataThatAreAnsweredByReset() {
        for (int i = 0; i < 3000; i++) {
            boolean data = i % 2 == 0;
            int flags = TcpFlags.ACK | (data ? TcpFlags.PSH : TcpFlags.FIN);
            segment(forged(i), 40_000, VICTIM, 80, flags, data ? 100 : 0);
            segment(VICTIM, 80, forged(i), 40_000, TcpFlags.RST, 0);
        }

        assertFlood(Kind.ACK_FLOOD, 3000, null);
    }

    @Test
    void tellsForgedDataThatNobodyAnswers() {
        for (int i = 0; i < 3000; i++) {
            segment(forged(i), 40_000, VICTIM, 80, TcpFlags.PSH | TcpFlags.ACK, 100);
        }
        harness.idle(seconds(1));

        assertFlood(Kind.ACK_FLOOD, 3000, null);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void tellsAcksBetweenTheSamePortsThatAreAnsweredByReset(int data) {
        for (int i = 0; i < 3000; i++) {
            segment(PEER, 5555, VICTIM, 80, TcpFlags.ACK, data);
            segment(VICTIM, 80, PEER, 5555, TcpFlags.RST, 0);
        }

        assertFlood(Kind.ACK_FLOOD, 3000, PEER);
    }

    @Test
    void tellsAcksBetweenTheSamePortsWhoseResetsComeLate() {
        for (int i = 0; i < 3000; i += 3) {
            for (int k = 0; k < 3; k++) {
                segment(PEER, 5555 + i / 1000, VICTIM, 80, TcpFlags.ACK, 0);
            }
            for (int k = 0; k < 3; k++) {
                segment(VICTIM, 80, PEER, 5555 + i / 1000, TcpFlags.RST, 0);
            }
        }

        assertFlood(Kind.ACK_FLOOD, 3000, PEER);
    }

    @Test
    void namesTheOnlySenderButBansItNot() {
        harness.connect(PEER, 30_000, VICTIM, 80);
        for (int i = 0; i < 3000; i++) {
            segment(PEER, 40_000 + i, VICTIM, 80, TcpFlags.ACK, 0);
            segment(VICTIM, 80, PEER, 40_000 + i, TcpFlags.RST, 0);
        }

        assertFlood(Kind.ACK_FLOOD, 3000, PEER);
    }

    @Test
    void tellsResetsOfNoConnection() {
        for (int i = 0; i < 3000; i++) {
            segment(forged(i), 40_000, VICTIM, 80, TcpFlags.RST, 0);
        }

        assertFlood(Kind.RST_FLOOD, 3000, null);
    }

    @Test
    void tellsOddFlagsOfManySources() {
        int[] odd = {
            0,
            TcpFlags.FIN,
            TcpFlags.PSH | TcpFlags.URG,
            TcpFlags.SYN | TcpFlags.FIN,
            TcpFlags.SYN | TcpFlags.RST
        };
        for (int i = 0; i < 800; i++) {
            segment(forged(i), 40_000, VICTIM, 80, odd[i % odd.length], 0);
        }

        assertFlood(Kind.ODD_FLAG_FLOOD, 800, null);
    }

    @Test
    void leavesOddFlagsOfFewSourcesToTheScanDetector() {
        for (int i = 0; i < 3000; i++) {
            segment(forged(i % 4), 40_000, VICTIM, 1 + i, TcpFlags.FIN, 0);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnConnectionsThatWereUnderWayBefore() {
        for (int i = 0; i < 5000; i++) {
            segment(forged(i), 40_000, VICTIM, 443, TcpFlags.ACK, 0);
            segment(VICTIM, 443, forged(i), 40_000, TcpFlags.ACK, 1000);
            segment(forged(i), 40_000, VICTIM, 443, TcpFlags.ACK, 0);
        }
        harness.idle(seconds(1));

        assertEquals(List.of(), harness.end());
    }

    /** Where routes differ, only one direction may come past the sensor. */
    @Test
    void staysSilentOnConnectionsUnderWayOfWhichOneDirectionIsSeen() {
        for (int i = 0; i < 5000; i++) {
            segment(forged(i), 40_000, VICTIM, 443, TcpFlags.PSH | TcpFlags.ACK, 300);
            segment(forged(i), 40_000, VICTIM, 443, TcpFlags.ACK, 0);
        }
        harness.idle(seconds(1));

        assertEquals(List.of(), harness.end());
    }

    /** What is under way to a server that closes: each of it is answered by RST. */
    @Test
    void staysSilentOnUploadsThatTheServerBreaksOff() {
        for (int i = 0; i < 100; i++) {
            harness.connect(PEER, 1024 + i, VICTIM, 443);
            harness.send(
                    FrameBuilder.tcp(VICTIM, 443, PEER, 1024 + i).flags(TcpFlags.RST).seq(5001));
            for (int k = 0; k < 40; k++) {
                segment(PEER, 1024 + i, VICTIM, 443, TcpFlags.ACK, 1400);
                segment(VICTIM, 443, PEER, 1024 + i, TcpFlags.RST, 0);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnConnectionsEndedByReset() {
        for (int i = 0; i < 5000; i++) {
            harness.connect(PEER, 1024 + i, VICTIM, 443);
            int flags = i % 2 == 0 ? TcpFlags.RST : TcpFlags.RST | TcpFlags.ACK;
            segment(PEER, 1024 + i, VICTIM, 443, flags, 0);
            segment(PEER, 1024 + i, VICTIM, 443, flags, 0);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnWhatAClosedPortAnswers() {
        for (int i = 0; i < 5000; i++) {
            harness.refuse(PEER, 1024 + i, VICTIM, 81);
        }

        assertEquals(List.of(), harness.end());
    }

    private void assertFlood(Kind kind, long count, String source) {
        List<Verdict> verdicts = harness.end();

        assertFalse(verdicts.isEmpty());
        for (Verdict verdict : verdicts) {
            assertEquals(kind, verdict.kind());
            assertEquals(IpAddress.parse(VICTIM), verdict.destination());
            assertEquals(Action.ALERT, verdict.action());
            if (source == null) {
                assertNull(verdict.source());
            } else {
                assertEquals(IpAddress.parse(source), verdict.source());
            }
        }
        assertEquals(count, verdicts.get(verdicts.size() - 1).count());
    }

    private static String forged(int i) {
        return "198.18." + i / 250 + "." + (1 + i % 250);
    }

    private void segment(
            String source, int sourcePort, String destination, int port, int flags, int data) {
        harness.pause(millis(1))
                .send(
                        FrameBuilder.tcp(source, sourcePort, destination, port)
                                .flags(flags)
                                .seq(7000)
                                .ack((flags & TcpFlags.ACK) != 0 ? 9000 : 0)
                                .payload(new byte[data]));
    }
}
