package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.Sctp;
import ips.core.packet.SctpHeader;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortScanDetectorTest {
    private static final String SCANNER = "198.51.100.7";
    private static final String HOST = "192.0.2.10";
    private static final long SECOND = DetectorHarness.SECOND;
    private static final long MS = 1_000_000;

    private final DetectorHarness harness = new DetectorHarness(PortScanDetector.Config.DEFAULTS);

    @Test
    void raisesOneCampaignForAFastScanOfClosedPorts() {
        for (int port = 1; port <= 1000; port++) {
            harness.pause(2 * MS);
            refused(SCANNER, 40_000, HOST, port);
        }
        List<Verdict> verdicts = harness.end();

        Verdict first = verdicts.get(0);
        Verdict last = verdicts.get(verdicts.size() - 1);
        assertEquals(20, first.count());
        assertEquals(40, first.frame());
        assertEquals(Kind.SCAN_SYN, first.kind());
        assertEquals(Action.BAN, first.action());
        assertEquals(BanScope.SYN, first.scope());
        assertEquals(IpAddress.parse(SCANNER), first.source());
        assertEquals(IpAddress.parse(HOST), first.destination());
        assertEquals(0, first.port());
        assertEquals(1, first.firstFrame());
        assertEquals(20L, first.evidence().values().get("distinct_ports"));
        assertEquals(20L, first.evidence().values().get("threshold"));
        assertEquals(60L, first.evidence().values().get("window_s"));
        assertEquals(1000, last.count());
        assertEquals(1000L, last.evidence().values().get("refused"));
        assertTrue(verdicts.size() <= 4, "once a second: " + verdicts.size());
    }

    @Test
    void staysSilentOneShortOfTheThreshold() {
        for (int round = 0; round < 20; round++) {
            for (int port = 1; port <= 19; port++) {
                refused(SCANNER, 40_000 + round, HOST, port);
            }
            harness.pause(SECOND);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void countsPortsThatStaySilent() {
        for (int port = 1; port <= 100; port++) {
            harness.pause(10 * MS).syn(SCANNER, 40_000, HOST, port);
        }
        long scanEnd = harness.nowNs();
        harness.idle(2 * SECOND);

        assertFalse(harness.verdicts().isEmpty());
        assertTrue(harness.verdicts().get(0).timestampNs() - scanEnd < 2 * SECOND);
        Verdict last = last(harness.end());
        assertEquals(100, last.count());
        assertEquals(100L, last.evidence().values().get("unanswered"));
    }

    private void abandonAll(int ports) {
        for (int port = 1; port <= ports; port++) {
            harness.pause(10 * MS)
                    .syn(SCANNER, 40_000, HOST, port)
                    .synAck(SCANNER, 40_000, HOST, port)
                    .send(
                            FrameBuilder.tcp(SCANNER, 40_000, HOST, port)
                                    .flags(TcpFlags.RST)
                                    .seq(1001));
        }
    }

    /** A load balancer's, of the services of one host. */
    @Test
    void ignoresHealthChecksThatLeaveHandshakesHalfOpen() {
        for (int round = 0; round < 20; round++) {
            abandonAll(50);
            harness.idle(10 * SECOND);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void findsAScanBesideHealthChecksOfTheSameHost() {
        for (int round = 0; round < 20; round++) {
            abandonAll(30);
            harness.idle(2 * SECOND);
        }
        for (int port = 1100; port < 1250; port++) {
            harness.syn(SCANNER, 40_001, HOST, port).refuse(SCANNER, 40_001, HOST, port);
        }

        assertEquals(1, harness.verdicts().size());
    }

    @Test
    void countsOpenPortsThatTheScannerAbandons() {
        abandonAll(30);

        Verdict last = last(harness.end());
        assertEquals(30, last.count());
        assertEquals(30L, last.evidence().values().get("half_open"));
    }

    /** nmap -sY and -sZ against a host with SCTP and one without. */
    @ParameterizedTest
    @CsvSource({"1, ABORT", "10, ABORT", "1, ICMP", "10, ICMP", "1, SILENCE", "10, SILENCE"})
    void findsScansOverSctp(int chunk, String answer) {
        for (int port = 1; port <= 50; port++) {
            FrameBuilder probe = Sctp.packet(SCANNER, 40_000, HOST, port, chunk);
            harness.pause(10 * MS).send(probe);
            switch (answer) {
                case "ABORT" ->
                        harness.send(Sctp.packet(HOST, port, SCANNER, 40_000, SctpHeader.ABORT));
                case "ICMP" ->
                        harness.send(
                                FrameBuilder.icmp(HOST, SCANNER).icmpType(3, 2).quoting(probe, 8));
                default -> {}
            }
        }

        Verdict last = last(harness.end());
        assertEquals(Kind.SCAN_SCTP, last.kind());
        assertEquals(Action.BAN, last.action());
        assertEquals(BanScope.SCTP, last.scope());
        assertEquals(50, last.count());
        String outcome = answer.equals("SILENCE") ? "unanswered" : "refused";
        assertEquals(50L, last.evidence().values().get(outcome));
    }

    @Test
    void staysSilentOnAssociationsOverSctpThatOpenOrWereOpen() {
        int[] chunks = {SctpHeader.INIT, SctpHeader.COOKIE_ECHO, 0, 3, 4, SctpHeader.ABORT};
        for (int port = 1; port <= 100; port++) {
            for (int i = port % 2 == 0 ? 0 : 2; i < chunks.length; i++) {
                int back = i < 2 ? chunks[i] + 1 : 3;
                harness.pause(MS)
                        .send(Sctp.packet(SCANNER, 40_000, HOST, port, chunks[i]))
                        .send(Sctp.packet(HOST, port, SCANNER, 40_000, back));
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void findsAConnectScanWithSomeOpenPortsAndBansTheProvenSourceInFull() {
        for (int port = 1; port <= 100; port++) {
            harness.pause(10 * MS);
            if (port % 10 == 0) {
                harness.connect(SCANNER, 40_000 + port, HOST, port);
            } else {
                refused(SCANNER, 40_000 + port, HOST, port);
            }
        }

        Verdict last = last(harness.end());
        assertEquals(Kind.SCAN_SYN, last.kind());
        assertEquals(BanScope.ALL, last.scope());
        assertEquals(90L, last.evidence().values().get("refused"));
    }

    @ParameterizedTest
    @CsvSource({"15,60", "60,60", "300,300"})
    void findsASlowScan(int pauseSeconds, int minutes) {
        int probes = 60 * minutes / pauseSeconds;
        for (int i = 0; i < probes; i++) {
            refused(SCANNER, 40_000 + i, HOST, 1 + i * 7);
            harness.pause(pauseSeconds * SECOND);
        }

        List<Verdict> verdicts = harness.end();
        assertFalse(verdicts.isEmpty());
        assertEquals(probes, last(verdicts).count());
        assertEquals(1, verdicts.stream().map(Verdict::firstFrame).distinct().count());
        assertEquals(14_400L, verdicts.get(0).evidence().values().get("window_s"));
    }

    @Test
    void findsAScanOverIpv6() {
        for (int port = 1; port <= 50; port++) {
            harness.pause(10 * MS);
            refused("2001:db8::bad", 40_000, "2001:db8:1::10", port);
        }

        assertEquals(IpAddress.parse("2001:db8::bad"), last(harness.end()).source());
    }

    @Test
    void findsAUdpScanAgainstAHostThatLimitsItsAnswers() {
        for (int port = 1; port <= 95; port++) {
            FrameBuilder probe = FrameBuilder.udp(SCANNER, 50_000, HOST, port * 11);
            harness.pause(400 * MS).send(probe);
            if (port % 3 == 0) {
                harness.pause(50 * MS).send(unreachable(HOST, SCANNER, probe));
            }
        }

        Verdict last = last(harness.end());
        assertEquals(Kind.SCAN_UDP, last.kind());
        assertEquals(BanScope.UDP, last.scope());
        assertEquals(95, last.count());
        assertEquals(31L, last.evidence().values().get("refused"));
        assertEquals(64L, last.evidence().values().get("unanswered"));
    }

    @Test
    void countsARefusalThatComesAfterTheGraceOnce() {
        for (int port = 1; port <= 40; port++) {
            FrameBuilder probe = FrameBuilder.udp(SCANNER, 50_000, HOST, port * 11);
            harness.send(probe).idle(SECOND).send(unreachable(HOST, SCANNER, probe));
        }

        assertEquals(40, last(harness.end()).count());
    }

    @Test
    void findsTheScannerInTheMidstOfASpoofedFlood() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 100_000; i++) {
            harness.pause(20_000)
                    .syn(
                            IpAddress.ofIpv4(random.nextInt()).toString(),
                            1024 + i % 60_000,
                            HOST,
                            80);
            if (i % 1000 == 0) {
                refused(SCANNER, 40_000, HOST, 1 + i / 1000);
            }
        }

        List<Verdict> verdicts = harness.end();
        assertTrue(verdicts.stream().allMatch(v -> v.source().equals(IpAddress.parse(SCANNER))));
        assertEquals(100, last(verdicts).count());
        assertEquals(0, harness.counters().get(Counter.PROBE_RECORDS_EVICTED));
    }

    @Test
    void raisesOnceASecondForASourceThatScansManyHosts() {
        for (int host = 1; host <= 100; host++) {
            for (int port = 1; port <= 50; port++) {
                harness.pause(MS / 2);
                refused(SCANNER, 40_000, "192.0.2." + host, port);
            }
        }

        List<Verdict> verdicts = harness.end();
        assertTrue(verdicts.size() <= 5, "verdicts: " + verdicts.size());
        assertNull(last(verdicts).destination());
        assertEquals(5000, last(verdicts).count());
        assertEquals(100L, last(verdicts).evidence().values().get("hosts"));
    }

    @Test
    void beginsANewCampaignAfterAPause() {
        for (int campaign = 0; campaign < 2; campaign++) {
            for (int port = 1; port <= 30; port++) {
                refused(SCANNER, 40_000 + campaign, HOST, port);
            }
            harness.idle(200 * SECOND);
        }

        List<Verdict> verdicts = harness.end();
        assertEquals(2, verdicts.stream().filter(v -> v.count() == 20).count());
        assertEquals(30, last(verdicts).count());
        assertEquals(2, verdicts.stream().map(Verdict::firstFrame).distinct().count());
    }

    @Test
    void ignoresAClientOfManyServicesThatAnswer() {
        for (int port = 1; port <= 500; port++) {
            harness.pause(10 * MS).connect(SCANNER, 40_000, HOST, port);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresAServerThatAnswersAndRefusesManyClientPorts() {
        for (int port = 1; port <= 500; port++) {
            refused(SCANNER, 40_000, HOST, port);
        }

        assertTrue(harness.end().stream().noneMatch(v -> v.source().equals(IpAddress.parse(HOST))));
    }

    @Test
    void ignoresAHostWhoseServerIsDownForAnHour() {
        for (int i = 0; i < 720; i++) {
            harness.pause(5 * SECOND).syn(SCANNER, 30_000 + i, HOST, 443);
            harness.pause(SECOND).syn(SCANNER, 30_000 + i, HOST, 443);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresAHostWithThirtyServicesThatGoesDown() {
        for (int port = 9000; port < 9030; port++) {
            harness.connect(SCANNER, 40_000 + port, HOST, port);
        }
        for (int round = 0; round < 20; round++) {
            harness.pause(15 * SECOND);
            for (int port = 9000; port < 9030; port++) {
                harness.syn(SCANNER, 10_000 + round * 50 + port, HOST, port);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresAPassiveFtpClient() {
        harness.connect(SCANNER, 39_999, HOST, 21);
        for (int i = 0; i < 200; i++) {
            harness.pause(100 * MS).connect(SCANNER, 40_000 + i, HOST, 50_000 + i * 3);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresATraceroute() {
        for (int probe = 0; probe < 90; probe++) {
            FrameBuilder datagram =
                    FrameBuilder.udp(SCANNER, 45_000, HOST, 33_434 + probe).ttl(1 + probe / 3);
            harness.pause(100 * MS).send(datagram);
            if (probe > 60) {
                harness.send(unreachable(HOST, SCANNER, datagram));
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @ParameterizedTest
    @CsvSource({"33404, 33433", "33535, 33564"})
    void countsPortsBesideThoseOfTraceroute(int from, int to) {
        for (int port = from; port <= to; port++) {
            FrameBuilder datagram = FrameBuilder.udp(SCANNER, 45_000, HOST, port);
            harness.pause(100 * MS).send(datagram).send(unreachable(HOST, SCANNER, datagram));
        }

        assertEquals(Kind.SCAN_UDP, harness.end().get(0).kind());
    }

    @Test
    void ignoresAPeerToPeerClientWithManyDeadPeersBehindOneAddress() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2000; i++) {
            String peer = i % 20 == 0 ? HOST : IpAddress.ofIpv4(0x0b000000 + i * 977).toString();
            FrameBuilder query =
                    FrameBuilder.udp(SCANNER, 51_413, peer, 1024 + random.nextInt(60_000));
            harness.pause(30 * MS).send(query);
        }

        assertEquals(List.of(), harness.end());
    }

    @ParameterizedTest
    @CsvSource({"20, 1", "21, 0"})
    void asksForAsManyPortsAsHosts(int hosts, int verdicts) {
        for (int i = 0; i < 2 * hosts; i++) {
            String host = "192.0.3." + i / 2;
            FrameBuilder datagram = FrameBuilder.udp(SCANNER, 45_000, host, 5000 + i % 2);
            harness.send(datagram).send(unreachable(host, SCANNER, datagram));
        }
        for (int port = 5002; port < 5020; port++) {
            FrameBuilder datagram = FrameBuilder.udp(SCANNER, 45_000, "192.0.3.0", port);
            harness.send(datagram).send(unreachable("192.0.3.0", SCANNER, datagram));
        }

        assertEquals(verdicts, harness.verdicts().size());
    }

    @Test
    void ignoresAResolverAndItsLateAnswers() {
        for (int i = 0; i < 2000; i++) {
            FrameBuilder answer = FrameBuilder.udp(HOST, 53, SCANNER, 1024 + i * 13);
            harness.pause(10 * MS).send(answer).send(unreachable(SCANNER, HOST, answer));
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresAClientOverASlowLink() {
        for (int port = 1; port <= 60; port++) {
            harness.syn(SCANNER, 40_000, HOST, port);
        }
        harness.idle(900 * MS);
        for (int port = 1; port <= 60; port++) {
            harness.synAck(SCANNER, 40_000, HOST, port).ack(SCANNER, 40_000, HOST, port);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void refusesSettingsOutOfRange() {
        PortScanDetector.Config defaults = PortScanDetector.Config.DEFAULTS;

        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new PortScanDetector.Config(
                                                true,
                                                1,
                                                defaults.window(),
                                                40,
                                                Duration.ofHours(1),
                                                2,
                                                8192,
                                                1024))
                        .getMessage();

        assertTrue(message.startsWith("threshold: 1 "), message);
    }

    private void refused(String source, int sourcePort, String host, int port) {
        harness.syn(source, sourcePort, host, port).refuse(source, sourcePort, host, port);
    }

    private static FrameBuilder unreachable(String host, String to, FrameBuilder probe) {
        return FrameBuilder.icmp(host, to).icmpType(3, 3).quoting(probe, 8);
    }

    private static Verdict last(List<Verdict> verdicts) {
        return verdicts.get(verdicts.size() - 1);
    }
}
