package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagScanDetectorTest {
    private static final String SCANNER = "198.51.100.7";
    private static final String HOST = "192.0.2.10";
    private static final long SECOND = DetectorHarness.SECOND;
    private static final long MS = 1_000_000;
    private static final int FIN = TcpFlags.FIN;
    private static final int FIN_ACK = TcpFlags.FIN | TcpFlags.ACK;

    private static final Map<String, Kind> KINDS =
            Map.of(
                    "scan_null", Kind.SCAN_NULL,
                    "scan_fin", Kind.SCAN_FIN,
                    "scan_xmas", Kind.SCAN_XMAS,
                    "scan_syn_fin", Kind.SCAN_SYN_FIN,
                    "scan_maimon", Kind.SCAN_MAIMON,
                    "scan_ack", Kind.SCAN_ACK);

    private final DetectorHarness harness = new DetectorHarness(FlagScanDetector.Config.DEFAULTS);

    @ParameterizedTest
    @CsvSource({
        "0x00, scan_null, FLAGS_NULL",
        "0xc0, scan_null, FLAGS_NULL",
        "0x01, scan_fin, FLAGS_FIN_ONLY",
        "0x29, scan_xmas, FLAGS_XMAS",
        "0x08, scan_xmas, FLAGS_XMAS",
        "0x20, scan_xmas, FLAGS_XMAS",
        "0x28, scan_xmas, FLAGS_XMAS",
        "0x3f, scan_xmas, FLAGS_XMAS",
        "0xff, scan_xmas, FLAGS_XMAS",
        "0x03, scan_syn_fin, FLAGS_SYN_FIN",
        "0x13, scan_syn_fin, FLAGS_SYN_FIN",
        "0x06, scan_syn_fin, FLAGS_SYN_FIN",
        "0x16, scan_syn_fin, FLAGS_SYN_FIN"
    })
    void alertsOnTheFirstSegmentAndCountsIt(String flags, String kind, Counter counter) {
        harness.send(probe(SCANNER, 80, Integer.decode(flags)));

        List<Verdict> verdicts = harness.end();
        assertEquals(1, verdicts.size());
        assertEquals(KINDS.get(kind), verdicts.get(0).kind());
        assertEquals(Action.ALERT, verdicts.get(0).action());
        assertEquals(IpAddress.parse(HOST), verdicts.get(0).destination());
        assertEquals(80, verdicts.get(0).port());
        assertEquals(1, verdicts.get(0).count());
        assertEquals(1, harness.counters().get(counter));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x01, 0x29, 0x03})
    void asksForABanAtOnceWhenItGoesOn(int flags) {
        for (int port = 1; port <= 5; port++) {
            harness.pause(MS).send(probe(SCANNER, port, flags));
        }

        assertEquals(2, harness.verdicts().size());
        Verdict ban = harness.verdicts().get(1);
        assertEquals(Action.BAN, ban.action());
        assertEquals(BanScope.ODD_FLAGS, ban.scope());
        assertEquals(5, ban.count());
        assertEquals(1, ban.firstFrame());
        assertEquals(0, ban.port());
        assertEquals(5L, ban.evidence().values().get("distinct_targets"));
    }

    @Test
    void staysAnAlertHoweverOftenOneTargetIsProbed() {
        for (int i = 0; i < 50; i++) {
            harness.pause(10 * MS).send(probe(SCANNER, 80 + i % 4, 0));
        }

        List<Verdict> verdicts = harness.end();
        assertTrue(verdicts.stream().allMatch(v -> v.action() == Action.ALERT));
        assertEquals(50, last(verdicts).count());
    }

    @Test
    void raisesOneCampaignPerKindOnceASecond() {
        for (int port = 1; port <= 1000; port++) {
            harness.pause(2 * MS)
                    .send(probe(SCANNER, port, 0))
                    .send(probe(SCANNER, port, 0x29))
                    .send(probe("2001:db8::7", "2001:db8::10", port, FIN));
        }

        List<Verdict> verdicts = harness.end();
        assertTrue(verdicts.size() <= 3 * 5, "verdicts: " + verdicts.size());
        for (Kind kind : List.of(Kind.SCAN_NULL, Kind.SCAN_XMAS, Kind.SCAN_FIN)) {
            assertEquals(1000, last(harness.verdicts(kind)).count());
        }
    }

    @Test
    void opensNoMoreCampaignsThanThereIsRoomForUnderAFloodOfForgedSources() {
        for (int i = 0; i < 10_000; i++) {
            String source = IpAddress.ofIpv4(0x0b000000 + i * 977).toString();
            harness.pause(9_000).send(probe(source, 80, 0));
        }

        int verdicts = harness.end().size();
        assertEquals(Campaigns.CAPACITY + 128, verdicts);
        assertEquals(
                10_000 - verdicts,
                harness.counters().get(Counter.CAMPAIGNS_WITHOUT_ROOM)
                        + harness.counters().get(Counter.FLAG_ALERTS_WITHHELD));
        assertEquals(0, harness.counters().get(Counter.PROBE_RECORDS_EVICTED));
    }

    /** It may be a decoy among what is about to be picked up midstream. */
    @Test
    void takesDataWithoutAckForAScanOnlyWithASecondTarget() {
        for (int i = 0; i < 10; i++) {
            harness.pause(MS).send(probe(SCANNER, 80, TcpFlags.PSH).payload("decoy"));
        }
        assertEquals(List.of(), harness.verdicts());
        assertEquals(10, harness.counters().get(Counter.FLAGS_XMAS));

        harness.send(probe(SCANNER, 81, TcpFlags.PSH).payload("decoy"));

        assertEquals(1, harness.verdicts().size());
        assertEquals(Kind.SCAN_XMAS, harness.verdicts().get(0).kind());
        assertEquals(Action.ALERT, harness.verdicts().get(0).action());
    }

    @Test
    void bansForDataWithoutAckToManyTargets() {
        for (int port = 1; port <= 5; port++) {
            harness.pause(MS).send(probe(SCANNER, port, TcpFlags.PSH).payload("data"));
        }

        assertEquals(Action.BAN, last(harness.verdicts()).action());
    }

    @ParameterizedTest
    @CsvSource({
        "0x11, scan_maimon, true",
        "0x39, scan_maimon, true",
        "0x10, scan_ack, true",
        "0x10, scan_ack, false",
        "0x18, scan_ack, true",
        "0x30, scan_ack, false"
    })
    void findsAckAndMaimonScans(String flags, String kind, boolean reset) {
        for (int port = 1; port <= 100; port++) {
            harness.pause(10 * MS).send(probe(SCANNER, port, Integer.decode(flags)));
            if (reset) {
                harness.send(
                        FrameBuilder.tcp(HOST, port, SCANNER, 51_000).flags(TcpFlags.RST).seq(7));
            }
        }
        long scanEnd = harness.nowNs();
        harness.idle(2 * SECOND);

        Verdict first = harness.verdicts().get(0);
        assertTrue(first.timestampNs() - scanEnd < 2 * SECOND);
        List<Verdict> verdicts = harness.end();
        assertEquals(KINDS.get(kind), first.kind());
        assertEquals(IpAddress.parse(HOST), first.destination());
        assertEquals(100, last(verdicts).count());
        assertTrue(verdicts.stream().allMatch(v -> v.source().equals(IpAddress.parse(SCANNER))));
    }

    @ParameterizedTest
    @CsvSource({"0x10, scan_ack", "0x11, scan_maimon"})
    void bansForSegmentsLikeThoseOfConnectionsOnlyWhoProvedItsAddress(String flags, String kind) {
        String proven = "198.51.100.9";
        harness.connect(proven, 50_000, HOST, 22);
        for (int port = 1; port <= 40; port++) {
            harness.pause(MS)
                    .send(probe(SCANNER, port, Integer.decode(flags)))
                    .send(probe(proven, port, Integer.decode(flags)));
        }
        harness.end();

        List<Verdict> verdicts = harness.verdicts(KINDS.get(kind));
        for (String source : List.of(SCANNER, proven)) {
            List<Verdict> of =
                    verdicts.stream()
                            .filter(verdict -> verdict.source().equals(IpAddress.parse(source)))
                            .toList();
            assertEquals(source.equals(proven) ? Action.BAN : Action.ALERT, of.get(0).action());
            assertEquals(of.get(0).action(), last(of).action());
            assertEquals(BanScope.ALL, last(of).scope());
        }
    }

    @Test
    void ignoresAFewLatePacketsOfConnectionsLongOver() {
        for (int i = 0; i < 200; i++) {
            String server = "192.0.2." + (1 + i);
            int flags = i % 2 == 0 ? FIN_ACK : TcpFlags.ACK;
            harness.pause(10 * MS)
                    .send(
                            FrameBuilder.tcp(SCANNER, 40_000 + i, server, i % 3 == 0 ? 80 : 443)
                                    .flags(flags)
                                    .seq(9)
                                    .ack(9));
            harness.send(
                    FrameBuilder.tcp(server, i % 3 == 0 ? 80 : 443, SCANNER, 40_000 + i)
                            .flags(TcpFlags.RST)
                            .seq(9));
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresLateAcksBetweenEphemeralPorts() {
        for (int i = 0; i < 100; i++) {
            harness.send(
                    FrameBuilder.tcp(SCANNER, 60_000, HOST, 33_000 + i).flags(TcpFlags.ACK).ack(9));
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresConnectionsUnderWayBeforeTheCaptureBegan() {
        for (int i = 0; i < 100; i++) {
            int port = 100 + i;
            harness.pause(10 * MS)
                    .send(
                            FrameBuilder.tcp(SCANNER, 40_000 + i, HOST, port)
                                    .flags(TcpFlags.ACK)
                                    .seq(100)
                                    .ack(200))
                    .send(
                            FrameBuilder.tcp(HOST, port, SCANNER, 40_000 + i)
                                    .flags(TcpFlags.ACK)
                                    .seq(200)
                                    .ack(100)
                                    .payload("data"))
                    .send(
                            FrameBuilder.tcp(SCANNER, 40_000 + i, HOST, port)
                                    .flags(FIN_ACK)
                                    .seq(100)
                                    .ack(204));
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresTheEndsOfConnectionsAndTheirRetransmits() {
        for (int i = 0; i < 100; i++) {
            harness.pause(10 * MS).connect(SCANNER, 40_000 + i, HOST, 1 + i);
            for (int repeat = 0; repeat < 3; repeat++) {
                harness.send(end(40_000 + i, 1 + i, FIN));
                harness.send(end(40_000 + i, 1 + i, FIN_ACK));
            }
            harness.send(
                    FrameBuilder.tcp(HOST, 1 + i, SCANNER, 40_000 + i)
                            .flags(FIN_ACK)
                            .seq(5001)
                            .ack(1002));
            harness.send(
                    FrameBuilder.tcp(HOST, 1 + i, SCANNER, 40_000 + i)
                            .flags(TcpFlags.RST)
                            .seq(5002));
            harness.send(end(40_000 + i, 1 + i, TcpFlags.ACK));
        }

        assertEquals(List.of(), harness.end());
        assertEquals(0, harness.counters().get(Counter.FLAGS_FIN_ONLY));
    }

    @Test
    void ignoresDataWithoutAckWithinConnections() {
        for (int i = 0; i < 100; i++) {
            harness.pause(10 * MS).connect(SCANNER, 40_000 + i, HOST, 1 + i);
            harness.send(end(40_000 + i, 1 + i, TcpFlags.PSH).payload("decoy"));
            harness.send(end(40_000 + i, 1 + i, TcpFlags.PSH | TcpFlags.URG).payload("decoy"));
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void doesNotAccuseTheHostThatAnswersAScan() {
        for (int port = 1; port <= 1000; port++) {
            harness.pause(MS).send(probe(SCANNER, port, port % 2 == 0 ? 0 : FIN));
            harness.send(
                    FrameBuilder.tcp(HOST, port, SCANNER, 51_000)
                            .flags(TcpFlags.RST | TcpFlags.ACK)
                            .ack(1));
        }

        List<Verdict> verdicts = harness.end();
        assertTrue(verdicts.stream().allMatch(v -> v.source().equals(IpAddress.parse(SCANNER))));
    }

    @Test
    void namesNoDestinationWhereThereAreMany() {
        for (int host = 1; host <= 10; host++) {
            harness.send(probe(SCANNER, "192.0.2." + host, 80, 0));
        }

        assertNull(last(harness.end()).destination());
    }

    private static FrameBuilder end(int clientPort, int port, int flags) {
        return FrameBuilder.tcp(SCANNER, clientPort, HOST, port).flags(flags).seq(1001).ack(5001);
    }

    private static FrameBuilder probe(String source, int port, int flags) {
        return probe(source, HOST, port, flags);
    }

    private static FrameBuilder probe(String source, String host, int port, int flags) {
        return FrameBuilder.tcp(source, 51_000, host, port).flags(flags).seq(7);
    }

    private static Verdict last(List<Verdict> verdicts) {
        return verdicts.get(verdicts.size() - 1);
    }
}
