package ips.core.detect;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All scan detectors together over real captures. */
class ScanCapturesTest {
    private final DetectorHarness harness =
            new DetectorHarness(
                    1 << 16,
                    FlagScanDetector.Config.DEFAULTS,
                    PortScanDetector.Config.DEFAULTS,
                    SweepDetector.Config.DEFAULTS,
                    IpProtocolScanDetector.Config.DEFAULTS);

    @Test
    void findsFiveKindsOfNmapScansAndTheirSourceOnly() throws IOException {
        harness.replay("scan-syn-xmas-fin-ack-null.pcap");

        List<Verdict> verdicts = harness.end();
        Map<Kind, Verdict> last =
                verdicts.stream().collect(toMap(Verdict::kind, verdict -> verdict, (a, b) -> b));
        assertEquals(
                Set.of(Kind.SCAN_SYN, Kind.SCAN_ACK, Kind.SCAN_FIN, Kind.SCAN_NULL, Kind.SCAN_XMAS),
                last.keySet());
        for (Verdict verdict : last.values()) {
            // No ban of an unproven source could tell its ACK probes from connections.
            boolean banned = !verdict.kind().equals(Kind.SCAN_ACK);
            assertEquals(banned ? Action.BAN : Action.ALERT, verdict.action(), verdict.toString());
        }
        assertEquals(
                Set.of(IpAddress.parse("192.168.5.15")),
                Set.copyOf(verdicts.stream().map(Verdict::source).toList()));
        assertEquals(1000, last.get(Kind.SCAN_SYN).count());
        assertEquals(
                1000, (long) last.get(Kind.SCAN_SYN).evidence().values().get("distinct_ports"), 20);
        assertEquals(1023, last.get(Kind.SCAN_NULL).count());
    }

    @Test
    void findsAnNmapUdpScanWithLimitedAnswers() throws IOException {
        harness.replay("scan-udp.pcap");

        List<Verdict> verdicts = harness.end();
        assertTrue(verdicts.stream().allMatch(v -> v.kind().equals(Kind.SCAN_UDP)));
        Verdict last = verdicts.get(verdicts.size() - 1);
        assertEquals(IpAddress.parse("192.168.5.15"), last.source());
        assertEquals(IpAddress.parse("192.168.5.20"), last.destination());
        assertEquals(95, (long) last.evidence().values().get("distinct_ports"), 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flood-syn-spoofed.pcap",
                "benign-browsing.pcap",
                "benign-5-pings.pcap",
                "http-xss.pcap",
                "http-sqli-midstream.pcap",
                "frag-tcp.pcap"
            })
    void staysSilentOnWhatIsNoScan(String capture) throws IOException {
        harness.replay(capture);

        assertEquals(List.of(), harness.end());
    }
}
