package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.Sctp;
import ips.core.packet.SctpHeader;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepDetectorTest {
    private static final String SCANNER = "198.51.100.7";
    private static final long SECOND = DetectorHarness.SECOND;
    private static final long MS = 1_000_000;

    private final DetectorHarness harness = new DetectorHarness(SweepDetector.Config.DEFAULTS);

    @Test
    void raisesOneCampaignForASweepOfANetwork() {
        for (int host = 1; host <= 254; host++) {
            harness.pause(10 * MS).syn(SCANNER, 40_000, "192.0.2." + host, 22);
        }
        long sweepEnd = harness.nowNs();
        harness.idle(2 * SECOND);

        Verdict first = harness.verdicts().get(0);
        assertTrue(first.timestampNs() - sweepEnd < 2 * SECOND);
        assertEquals(Kind.SWEEP, first.kind());
        assertEquals(Action.BAN, first.action());
        assertEquals(BanScope.SYN, first.scope());
        assertEquals(IpAddress.parse(SCANNER), first.source());
        assertNull(first.destination());
        assertEquals(22, first.port());
        assertEquals(1, first.firstFrame());
        Verdict last = last(harness.end());
        assertEquals(254, last.count());
        assertEquals(254L, last.evidence().values().get("unanswered"));
    }

    @Test
    void raisesAtOnceWhereHostsRefuse() {
        for (int host = 1; host <= 25; host++) {
            refused(SCANNER, 40_000, "192.0.2." + host, 23);
        }

        assertEquals(1, harness.verdicts().size());
        assertEquals(25, harness.verdicts().get(0).count());
    }

    /** Clients ask many hosts the time over UDP, and none over TCP. */
    @Test
    void takesNoMoreHostsAtThePortOfTimeOverTcp() {
        for (int host = 1; host <= 25; host++) {
            refused(SCANNER, 40_000, "192.0.2." + host, 123);
        }

        assertEquals(1, harness.verdicts().size());
    }

    @Test
    void staysSilentOneShortOfTheThreshold() {
        for (int round = 0; round < 10; round++) {
            for (int host = 1; host <= 24; host++) {
                refused(SCANNER, 40_000 + round, "192.0.2." + host, 23);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void countsHostsThatAnswerAnAbandonedHandshake() {
        for (int host = 1; host <= 60; host++) {
            abandoned(host, 22);
        }

        assertEquals(60L, last(harness.end()).evidence().values().get("half_open"));
    }

    @Test
    void findsASlowSweep() {
        for (int host = 1; host <= 80; host++) {
            harness.pause(60 * SECOND).syn(SCANNER, 40_000, "192.0.2." + host, 445);
        }

        assertEquals(80, last(harness.end()).count());
    }

    @Test
    void findsAPingSweepAndAUdpSweep() {
        for (int host = 1; host <= 100; host++) {
            harness.pause(5 * MS).send(FrameBuilder.icmp(SCANNER, "192.0.2." + host));
            harness.send(FrameBuilder.udp("198.51.100.8", 50_000, "192.0.2." + host, 161));
        }

        List<Verdict> verdicts = harness.end();
        assertEquals(BanScope.ICMP, lastOf(verdicts, SCANNER).scope());
        assertEquals(0, lastOf(verdicts, SCANNER).port());
        assertEquals(BanScope.UDP, lastOf(verdicts, "198.51.100.8").scope());
        assertEquals(161, lastOf(verdicts, "198.51.100.8").port());
    }

    /** Who boots asks by broadcast, from no address, and says nothing to the lease it gets. */
    @Test
    void staysSilentOnServersOfLeases() {
        for (int host = 1; host <= 200; host++) {
            String six = "2001:db8::" + host;
            harness.pause(5 * MS)
                    .send(FrameBuilder.udp("192.0.2.250", 67, "192.0.2." + host, 68))
                    .send(FrameBuilder.udp("2001:db8::547", 547, six, 546));
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void findsASweepOverSctp() {
        for (int host = 1; host <= 100; host++) {
            harness.pause(5 * MS)
                    .send(Sctp.packet(SCANNER, 40_000, "192.0.2." + host, 3868, SctpHeader.INIT));
        }

        Verdict last = last(harness.end());
        assertEquals(Kind.SWEEP, last.kind());
        assertEquals(BanScope.SCTP, last.scope());
        assertEquals(3868, last.port());
        assertEquals(100, last.count());
    }

    @Test
    void findsASweepOverIpv6() {
        for (int host = 1; host <= 100; host++) {
            harness.pause(5 * MS).syn("2001:db8::bad", 40_000, "2001:db8:1::" + host, 22);
        }

        assertEquals(100, last(harness.end()).count());
    }

    @Test
    void findsASweepWhereAFewHostsAnswer() {
        for (int host = 1; host <= 200; host++) {
            harness.pause(10 * MS);
            if (host % 5 == 0) {
                harness.connect(SCANNER, 40_000, "192.0.2." + host, 22);
            } else {
                harness.syn(SCANNER, 40_000, "192.0.2." + host, 22);
            }
        }

        Verdict last = last(harness.end());
        assertEquals(BanScope.ALL, last.scope());
        assertTrue((long) last.evidence().values().get("answered") >= 25);
    }

    @Test
    void findsAWormThatTriesFourPorts() {
        int[] ports = {22, 23, 445, 3389};
        for (int i = 0; i < 400; i++) {
            harness.pause(20 * MS)
                    .syn(
                            SCANNER,
                            40_000,
                            IpAddress.ofIpv4(0x0b000000 + i * 977).toString(),
                            ports[i & 3]);
        }

        Verdict last = last(harness.end());
        assertEquals(0, last.port());
        assertEquals(4L, last.evidence().values().get("ports"));
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 443})
    void findsASweepOfWebServers(int port) {
        for (int host = 1; host <= 254; host++) {
            harness.pause(10 * MS).syn(SCANNER, 40_000, "192.0.2." + host, port);
        }

        assertFalse(harness.end().isEmpty());
    }

    @Test
    void ignoresAScanOfOneHost() {
        for (int port = 1; port <= 1000; port++) {
            refused(SCANNER, 40_000, "192.0.2.1", port);
        }

        assertEquals(List.of(), harness.end());
    }

    /** At as many ports as hosts it may be a peer-to-peer client. */
    @ParameterizedTest
    @ValueSource(ints = {24, 25})
    void asksForMoreHostsThanPorts(int ports) {
        for (int i = 0; i < ports; i++) {
            String host = "192.0.3." + (i + 1);
            refused(SCANNER, 40_000, host, 1000 + i);
            refused(SCANNER, 40_000, "192.0.4." + (i + 1), 1000 + i);
        }
        for (int host = 1; host <= 25; host++) {
            refused(SCANNER, 40_000, "192.0.2." + host, 1000);
        }

        Verdict first = harness.verdicts().get(0);
        assertEquals(ports + 1L, first.evidence().values().get("distinct_hosts"));
    }

    @Test
    void ignoresACrawlerWithDeadLinks() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 5000; i++) {
            harness.pause(5 * MS);
            String server = IpAddress.ofIpv4(0x0b000000 + i * 977).toString();
            if (random.nextInt(100) < 15) {
                harness.syn(SCANNER, 1024 + i, server, 443);
            } else {
                harness.connect(SCANNER, 1024 + i, server, 443);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresAResolverWithDeadNameServers() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 5000; i++) {
            harness.pause(10 * MS);
            String server = IpAddress.ofIpv4(0x0b000000 + random.nextInt(2000)).toString();
            FrameBuilder query = FrameBuilder.udp(SCANNER, 1024 + i * 7, server, 53);
            harness.send(query);
            if (server.hashCode() % 5 != 0) {
                harness.send(FrameBuilder.udp(server, 53, SCANNER, 1024 + i * 7));
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresAPeerToPeerClient() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 6000; i++) {
            harness.pause(20 * MS);
            String peer = IpAddress.ofIpv4(0x0b000000 + i * 977).toString();
            int port = random.nextInt(8) == 0 ? 6881 : 1024 + random.nextInt(60_000);
            harness.send(FrameBuilder.udp(SCANNER, 51_413, peer, port));
            if (random.nextInt(3) == 0) {
                harness.send(FrameBuilder.udp(peer, port, SCANNER, 51_413));
            }
            if (i % 3 == 0) {
                refused(SCANNER, 30_000 + i % 30_000, peer, port);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresAMonitoringSystemWhenASiteGoesDown() {
        for (int round = 0; round < 10; round++) {
            for (int host = 1; host <= 200; host++) {
                harness.pause(MS);
                String server = "192.0.2." + host;
                int id = round * 200 + host;
                FrameBuilder ping = FrameBuilder.icmp(SCANNER, server).icmpEcho(id, 1);
                if (round < 5) {
                    harness.connect(SCANNER, 20_000 + id, server, 22);
                    harness.send(ping)
                            .send(
                                    FrameBuilder.icmp(server, SCANNER)
                                            .icmpType(0, 0)
                                            .icmpEcho(id, 1));
                } else {
                    harness.syn(SCANNER, 20_000 + id, server, 22).send(ping);
                }
            }
            harness.idle(60 * SECOND);
        }

        assertEquals(List.of(), harness.end());
    }

    /** HAProxy's and others': a RST in answer to the SYN-ACK. */
    @ParameterizedTest
    @ValueSource(ints = {2, 10, 30})
    void ignoresHealthChecksThatLeaveHandshakesHalfOpen(int period) {
        for (int round = 0; round < 10; round++) {
            for (int host = 1; host <= 60; host++) {
                if (host > 57) {
                    harness.syn(SCANNER, 40_000, "192.0.2." + host, 5432);
                } else {
                    abandoned(host, 5432);
                }
            }
            harness.idle(period * SECOND);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void findsASweepAtOnceAmongWhoseHostsManyAnswer() {
        for (int host = 1; host <= 60; host++) {
            abandoned(host, 22);
            refused(SCANNER, 40_000, "192.0.3." + host, 22);
        }

        assertEquals(1, harness.verdicts().size());
    }

    @Test
    void findsASweepOfHostsThatAllAnswerOnceNobodyComesBack() {
        for (int host = 1; host <= 60; host++) {
            abandoned(host, 22);
        }
        harness.idle(60 * SECOND);
        assertEquals(List.of(), harness.verdicts());

        harness.idle(20 * SECOND);

        assertEquals(1, harness.verdicts().size());
    }

    @Test
    void ignoresABrowserThatDropsTheSlowerOfTwoHandshakes() {
        for (int host = 1; host <= 80; host++) {
            abandoned(host, 443);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void ignoresABrowserBehindAFilterOfQuic() {
        for (int host = 1; host <= 200; host++) {
            String server = "192.0.2." + host;
            harness.pause(10 * MS)
                    .send(FrameBuilder.udp(SCANNER, 40_000 + host, server, 443))
                    .connect(SCANNER, 50_000 + host, server, 443);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void findsAUdpSweepOfHostsThatAnswerOverTcpAndRefuse() {
        for (int host = 1; host <= 60; host++) {
            String server = "192.0.2." + host;
            FrameBuilder probe = FrameBuilder.udp(SCANNER, 40_000, server, 161);
            harness.pause(10 * MS)
                    .connect(SCANNER, 50_000, server, 161)
                    .send(probe)
                    .send(FrameBuilder.icmp(server, SCANNER).icmpType(3, 3).quoting(probe, 8));
        }

        assertEquals(60L, last(harness.end()).evidence().values().get("refused"));
    }

    @Test
    void findsASweepOverSctpOfHostsThatAnswerOverTcp() {
        for (int host = 1; host <= 60; host++) {
            String server = "192.0.2." + host;
            harness.pause(10 * MS)
                    .connect(SCANNER, 50_000, server, 3868)
                    .send(Sctp.packet(SCANNER, 40_000, server, 3868, SctpHeader.INIT));
        }

        assertEquals(60L, last(harness.end()).evidence().values().get("unanswered"));
    }

    @Test
    void ignoresAnnouncementsToGroupsOfHosts() {
        for (int group = 1; group <= 200; group++) {
            harness.pause(10 * MS)
                    .send(FrameBuilder.udp(SCANNER, 5353, "239.1.1." + group, 5353))
                    .send(FrameBuilder.udp("fe80::7", 5353, "ff02::1:" + group, 5353));
        }

        assertEquals(List.of(), harness.end());
    }

    private void abandoned(int host, int port) {
        String server = "192.0.2." + host;
        harness.pause(10 * MS)
                .syn(SCANNER, 40_000, server, port)
                .synAck(SCANNER, 40_000, server, port)
                .send(
                        FrameBuilder.tcp(SCANNER, 40_000, server, port)
                                .flags(TcpFlags.RST)
                                .seq(1001));
    }

    private void refused(String source, int sourcePort, String host, int port) {
        harness.syn(source, sourcePort, host, port).refuse(source, sourcePort, host, port);
    }

    private static Verdict last(List<Verdict> verdicts) {
        return verdicts.get(verdicts.size() - 1);
    }

    private static Verdict lastOf(List<Verdict> verdicts, String source) {
        return last(
                verdicts.stream().filter(v -> v.source().equals(IpAddress.parse(source))).toList());
    }
}
