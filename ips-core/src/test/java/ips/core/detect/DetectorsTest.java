package ips.core.detect;

import static ips.core.detect.DetectorHarness.SECOND;
import static ips.core.detect.DetectorHarness.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IcmpHeader;
import ips.core.packet.IpAddress;
import ips.core.packet.LinkType;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** All detectors at once: what one finds, the others leave alone. */
class DetectorsTest {
    private static final String ATTACKER = "203.0.113.9";
    private static final String VICTIM = "192.0.2.80";

    private DetectorHarness harness = harness(Detectors.DEFAULTS);

    private static DetectorHarness harness(Detectors detectors) {
        return new DetectorHarness(detectors.all().toArray(new DetectorConfig[0]));
    }

    private static Set<Kind> kinds(List<Verdict> verdicts) {
        return verdicts.stream().map(Verdict::kind).collect(Collectors.toSet());
    }

    @Test
    void listsEveryDetector() {
        RecordComponent[] components = Detectors.class.getRecordComponents();

        assertEquals(components.length, Detectors.DEFAULTS.all().size());
    }

    @Test
    void countsNothingUnderTwoThresholds() {
        List<Kind> counted =
                Detectors.DEFAULTS.all().stream()
                        .flatMap(config -> config.destinationThresholds().stream())
                        .map(DestinationThreshold::counted)
                        .toList();

        assertEquals(counted.stream().distinct().toList(), counted);
    }

    @Test
    void callASynFloodASynFloodOnly() {
        for (int i = 0; i < 3000; i++) {
            harness.pause(millis(1)).syn(ATTACKER, 1024 + i, VICTIM, 80);
        }

        assertEquals(Set.of(Kind.SYN_FLOOD), kinds(harness.end()));
    }

    @Test
    void callAScanOfFilteredPortsAScanOnly() {
        for (int port = 1; port <= 1000; port++) {
            harness.pause(millis(2)).syn(ATTACKER, 40_000, VICTIM, port);
            harness.pause(millis(2)).syn(ATTACKER, 40_001, VICTIM, port);
        }

        assertEquals(Set.of(Kind.SCAN_SYN), kinds(harness.end()));
    }

    @Test
    void callASweepOfSilentHostsASweepOnly() {
        for (int host = 0; host < 1000; host++) {
            String address = "192.0." + (2 + host / 250) + "." + (1 + host % 250);
            harness.pause(millis(2)).syn(ATTACKER, 40_000, address, 22);
        }

        assertEquals(Set.of(Kind.SWEEP), kinds(harness.end()));
    }

    @Test
    void callAPingFloodAPingFloodOnly() {
        for (int i = 0; i < 2000; i++) {
            harness.pause(millis(1)).send(FrameBuilder.icmp(ATTACKER, VICTIM).icmpEcho(7, i));
        }

        assertEquals(Set.of(Kind.ICMP_FLOOD), kinds(harness.end()));
    }

    @Test
    void callASynFloodOfForgedSourcesThatOnly() {
        for (int i = 0; i < 5000; i++) {
            String forged = IpAddress.ofIpv4(0x0b00_0000 + i * 7919).toString();
            harness.pause(millis(1)).syn(forged, 1024 + i, VICTIM, 80);
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(Set.of(Kind.SYN_FLOOD), kinds(verdicts));
        assertTrue(verdicts.stream().allMatch(verdict -> verdict.source() == null));
    }

    @Test
    void strictPresetKeepsTheOtherDetectors() {
        harness = harness(Detectors.strict());
        harness.send(FrameBuilder.icmp(ATTACKER, VICTIM));

        assertEquals(Set.of(Kind.ICMP_FLOOD), kinds(harness.end()));
        assertEquals(Detectors.DEFAULTS.all().size(), Detectors.strict().all().size());
    }

    @Test
    void takeOtherSettingsForOneDetectorAndKeepTheRest() {
        Detectors changed = Detectors.DEFAULTS.with(SynFloodDetector.Config.STRICT);

        assertEquals(SynFloodDetector.Config.STRICT, changed.synFlood());
        assertEquals(Detectors.DEFAULTS, changed.with(SynFloodDetector.Config.DEFAULTS));
        DetectorConfig foreign =
                new DetectorConfig() {
                    @Override
                    public boolean enabled() {
                        return true;
                    }

                    @Override
                    public Detector create(DetectorContext context) {
                        throw new AssertionError();
                    }
                };
        assertThrows(IllegalArgumentException.class, () -> changed.with(foreign));
    }

    @Test
    void allocateNothingForFramesThatRaiseNothing() {
        List<FrameBuffer> frames = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int port = 40_000 + i;
            harness.connect(ATTACKER, port, VICTIM, 443);
            frames.add(FrameBuilder.tcp(ATTACKER, port, VICTIM, 443).seq(1001).buildBuffer());
            frames.add(FrameBuilder.udp(ATTACKER, port, VICTIM, 443).buildBuffer());
            frames.add(FrameBuilder.udp(VICTIM, 443, ATTACKER, port).buildBuffer());
            frames.add(
                    FrameBuilder.icmp(VICTIM, ATTACKER)
                            .icmpType(IcmpHeader.TIME_EXCEEDED, 0)
                            .buildBuffer());
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        send(frames, 200);

        long nothing = -threads.getCurrentThreadAllocatedBytes();
        nothing += threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        send(frames, 2000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before - nothing;

        assertEquals(0, allocated, "bytes for " + 2000 * frames.size() + " frames");
        assertEquals(List.of(), harness.verdicts());
    }

    /** Within one tick, so that only what every frame goes through is measured. */
    private void send(List<FrameBuffer> frames, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < frames.size(); i++) {
                FrameBuffer frame = frames.get(i);
                harness.send(frame, frame.capacity(), LinkType.ETHERNET);
            }
        }
    }

    @Test
    void staySilentOnRealTrafficOfEveryday() throws Exception {
        harness.replay("benign-browsing.pcap");
        harness.pause(60 * SECOND);
        harness.replay("benign-5-pings.pcap");

        assertEquals(List.of(), harness.end());
    }

    @Test
    void nameTheSpoofedFloodOfARealCaptureAndNothingElse() throws Exception {
        harness.replay("flood-syn-spoofed.pcap");
        List<Verdict> verdicts = harness.end();

        assertEquals(Set.of(Kind.SYN_FLOOD), kinds(verdicts));
        assertTrue(verdicts.stream().allMatch(verdict -> verdict.source() == null));
    }
}
