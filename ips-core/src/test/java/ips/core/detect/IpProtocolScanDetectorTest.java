package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class IpProtocolScanDetectorTest {
    private static final String SCANNER = "198.51.100.7";
    private static final String HOST = "192.0.2.10";
    private static final long SECOND = DetectorHarness.SECOND;

    private final DetectorHarness harness =
            new DetectorHarness(IpProtocolScanDetector.Config.DEFAULTS);

    @Test
    void raisesOneCampaignForAScanOfAllProtocols() {
        for (int protocol = 0; protocol < 256; protocol++) {
            harness.pause(SECOND / 100).send(FrameBuilder.ip(SCANNER, HOST, protocol));
        }

        List<Verdict> verdicts = harness.end();
        Verdict last = verdicts.get(verdicts.size() - 1);
        assertEquals(Kind.SCAN_IPPROTO, last.kind());
        assertEquals(IpAddress.parse(SCANNER), last.source());
        assertEquals(IpAddress.parse(HOST), last.destination());
        assertEquals(10, verdicts.get(0).count());
        assertEquals(0, 230 - last.count(), 15);
    }

    @Test
    void staysSilentOneShortOfTheThreshold() {
        for (int round = 0; round < 10; round++) {
            for (int protocol = 200; protocol < 209; protocol++) {
                harness.send(FrameBuilder.ip(SCANNER, HOST, protocol));
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresRoutersAndTunnels() {
        int[] protocols = {2, 4, 41, 46, 47, 50, 51, 88, 89, 103, 108, 112, 115, 132};
        for (int round = 0; round < 100; round++) {
            for (int protocol : protocols) {
                harness.pause(SECOND / 1000)
                        .send(FrameBuilder.ip(SCANNER, HOST, protocol).payload("payload"));
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresProtocolsSpreadOverHostsAndGroups() {
        for (int protocol = 143; protocol < 253; protocol++) {
            harness.send(FrameBuilder.ip(SCANNER, "192.0.2." + protocol, protocol));
            harness.send(FrameBuilder.ip(SCANNER, "224.0.0.5", protocol));
        }

        assertEquals(List.of(), harness.end());
    }
}
