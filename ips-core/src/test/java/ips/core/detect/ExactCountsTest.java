package ips.core.detect;

import static ips.core.detect.DetectorHarness.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is told of an attack is what was sent: every packet once, the time and frame of the first
 * and of the last of them, whenever it was judged.
 */
class ExactCountsTest {
    private static final String ATTACKER = "203.0.113.9";
    private static final String VICTIM = "192.0.2.80";

    private DetectorHarness harness;
    private long firstNs;
    private long firstFrame;
    private long lastNs;
    private long lastFrame;

    /** Frames of others before, {@code count} of the attack's a millisecond apart, others after. */
    private void attack(DetectorConfig config, int count, IntConsumer frame) {
        harness = new DetectorHarness(config);
        others();
        for (int i = 0; i < count; i++) {
            harness.pause(millis(1));
            frame.accept(i);
            if (i == 0) {
                firstNs = harness.nowNs();
                firstFrame = harness.frame();
            }
        }
        lastNs = harness.nowNs();
        lastFrame = harness.frame();
        others();
    }

    private void others() {
        for (int i = 0; i < 10; i++) {
            harness.pause(millis(70))
                    .connect("198.51.100.5", 2000 + (int) harness.frame(), VICTIM, 443);
        }
    }

    private void isTold(Kind kind, int count) {
        harness.end();
        List<Verdict> verdicts = harness.verdicts(kind);
        assertEquals(verdicts, harness.verdicts());
        Verdict last = verdicts.get(verdicts.size() - 1);
        assertEquals(count, last.count());
        assertEquals(firstNs, last.firstNs());
        assertEquals(firstFrame, last.firstFrame());
        assertEquals(lastNs, last.lastNs());
        assertEquals(lastFrame, last.lastFrame());
        for (Verdict verdict : verdicts) {
            assertEquals(firstNs, verdict.firstNs());
            assertEquals(firstFrame, verdict.firstFrame());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 51, 600, 5000})
    void ofASynFlood(int count) {
        attack(
                SynFloodDetector.Config.DEFAULTS,
                count,
                i -> harness.syn(ATTACKER, 1024 + i, VICTIM, 80));

        isTold(Kind.SYN_FLOOD, count);
    }

    @Test
    void ofASynFloodOfWhichEverySynCounts() {
        attack(
                SynFloodDetector.Config.STRICT,
                600,
                i -> harness.syn(ATTACKER, 1024 + i, VICTIM, 80));

        isTold(Kind.SYN_FLOOD, 600);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 600})
    void ofAPingFlood(int count) {
        attack(
                PingFloodDetector.Config.DEFAULTS,
                count,
                i -> harness.send(FrameBuilder.icmp(ATTACKER, VICTIM).icmpEcho(7, i)));

        isTold(Kind.ICMP_FLOOD, count);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1700})
    void ofAUdpFlood(int count) {
        attack(
                UdpFloodDetector.Config.DEFAULTS,
                count,
                i -> harness.send(FrameBuilder.udp(ATTACKER, 40_000 + i, VICTIM, 9)));

        isTold(Kind.UDP_FLOOD, count);
    }

    @Test
    void ofAUdpFloodWithinOneExchange() {
        attack(
                UdpFloodDetector.Config.DEFAULTS,
                4000,
                i -> harness.send(FrameBuilder.udp(ATTACKER, 4000, VICTIM, 9)));

        harness.end();
        List<Verdict> verdicts = harness.verdicts();
        Verdict last = verdicts.get(verdicts.size() - 1);
        assertEquals(firstFrame, last.firstFrame());
        assertEquals(lastFrame, last.lastFrame());
        assertEquals(lastNs, last.lastNs());
    }

    @ParameterizedTest
    @ValueSource(ints = {TcpFlags.FIN, 0, TcpFlags.FIN | TcpFlags.PSH | TcpFlags.URG})
    void ofAScanWithOddFlags(int flags) {
        attack(
                FlagScanDetector.Config.DEFAULTS,
                200,
                i -> harness.send(FrameBuilder.tcp(ATTACKER, 4000, VICTIM, 1 + i).flags(flags)));

        isTold(
                flags == 0
                        ? Kind.SCAN_NULL
                        : flags == TcpFlags.FIN ? Kind.SCAN_FIN : Kind.SCAN_XMAS,
                200);
    }

    @Test
    void ofAnAckScan() {
        attack(
                FlagScanDetector.Config.DEFAULTS,
                200,
                i ->
                        harness.send(
                                FrameBuilder.tcp(ATTACKER, 40_000, VICTIM, 1 + i)
                                        .flags(TcpFlags.ACK)));

        isTold(Kind.SCAN_ACK, 200);
    }

    @Test
    void ofAScanOfPortsThatAreSilent() {
        attack(
                PortScanDetector.Config.DEFAULTS,
                200,
                i -> harness.syn(ATTACKER, 4000, VICTIM, 1 + i));

        isTold(Kind.SCAN_SYN, 200);
    }

    @Test
    void ofAScanOfPortsThatRefuseAfterAWhile() {
        attack(
                PortScanDetector.Config.DEFAULTS,
                200,
                i -> {
                    harness.syn(ATTACKER, 4000, VICTIM, 1 + i);
                    if (i >= 5) {
                        harness.refuse(ATTACKER, 4000, VICTIM, i - 4);
                    }
                });
        lastFrame--; // the last frame of the attack is an answer

        isTold(Kind.SCAN_SYN, 200);
    }

    @Test
    void ofAUdpScan() {
        attack(
                PortScanDetector.Config.DEFAULTS,
                200,
                i -> harness.send(FrameBuilder.udp(ATTACKER, 4000, VICTIM, 1 + i)));

        isTold(Kind.SCAN_UDP, 200);
    }

    @Test
    void ofASweep() {
        attack(
                SweepDetector.Config.DEFAULTS,
                200,
                i -> harness.syn(ATTACKER, 4000, "192.0.2." + (1 + i), 22));

        isTold(Kind.SWEEP, 200);
    }
}
