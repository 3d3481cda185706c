package ips.core.detect;

import static ips.core.detect.DetectorHarness.SECOND;
import static ips.core.detect.DetectorHarness.millis;
import static ips.core.detect.DetectorHarness.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SynFloodDetectorTest {
    private static final String ATTACKER = "203.0.113.9";
    private static final String VICTIM = "192.0.2.80";
    private static final String CRAWLER = "198.51.100.44";

    private DetectorHarness harness = new DetectorHarness(SynFloodDetector.Config.DEFAULTS);

    /** SYNs to one port from rising source ports, answered by nothing. */
    private void flood(int count, long pauseNs) {
        for (int i = 0; i < count; i++) {
            harness.pause(pauseNs).syn(ATTACKER, 1024 + i % 60_000, VICTIM, 80);
        }
    }

    @Test
    void namesOneSourceThatLeavesHandshakesHalfOpen() {
        flood(3000, millis(1));
        List<Verdict> verdicts = harness.end();

        Verdict first = verdicts.get(0);
        assertEquals(Kind.SYN_FLOOD, first.kind());
        assertEquals(Action.BAN, first.action());
        assertEquals(BanScope.SYN, first.scope());
        assertEquals(IpAddress.parse(ATTACKER), first.source());
        assertEquals(IpAddress.parse(VICTIM), first.destination());
        assertEquals(80, first.port());
        assertEquals(50, first.count());
        assertTrue(first.timestampNs() - first.firstNs() < SECOND);
        Verdict last = verdicts.get(verdicts.size() - 1);
        assertEquals(3000, last.count());
        assertEquals(first.firstNs(), last.firstNs());
        assertEquals(50L, last.evidence().values().get("threshold"));
        assertEquals(1L, last.evidence().values().get("targets"));
    }

    @Test
    void tellsAnOngoingFloodOnceASecondAtMost() {
        flood(5000, millis(1));
        List<Verdict> verdicts = harness.end();

        assertTrue(verdicts.size() >= 5 && verdicts.size() <= 7, verdicts.size() + " verdicts");
        for (int i = 1; i < verdicts.size() - 1; i++) {
            long pauseNs = verdicts.get(i).timestampNs() - verdicts.get(i - 1).timestampNs();
            assertTrue(pauseNs >= SECOND, pauseNs + " ns");
        }
    }

    @Test
    void countsOneSynRepeatedWithoutPause() {
        for (int i = 0; i < 500; i++) {
            harness.pause(millis(2)).syn(ATTACKER, 4000, VICTIM, 80);
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(IpAddress.parse(ATTACKER), verdicts.get(0).source());
    }

    @Test
    void countsHandshakesThatTheClientsOwnKernelResets() {
        for (int i = 0; i < 500; i++) {
            harness.pause(millis(2))
                    .syn(ATTACKER, 1024 + i, VICTIM, 80)
                    .synAck(ATTACKER, 1024 + i, VICTIM, 80)
                    .send(
                            FrameBuilder.tcp(ATTACKER, 1024 + i, VICTIM, 80)
                                    .flags(TcpFlags.RST)
                                    .seq(1001));
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(IpAddress.parse(ATTACKER), verdicts.get(0).source());
        assertEquals(500, verdicts.get(verdicts.size() - 1).count());
        assertEquals(BanScope.SYN, verdicts.get(0).scope());
    }

    /** HAProxy's, every two seconds or oftener: a RST in answer to the SYN-ACK. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void staysSilentOnHealthChecksThatLeaveHandshakesHalfOpen(int period) {
        for (int round = 0; round < 60; round++) {
            for (int i = 1; i <= 40; i++) {
                String server = "10.98.0." + i;
                int port = 1024 + round * 40 + i;
                harness.syn(CRAWLER, port, server, 5432)
                        .synAck(CRAWLER, port, server, 5432)
                        .send(
                                FrameBuilder.tcp(CRAWLER, port, server, 5432)
                                        .flags(TcpFlags.RST)
                                        .seq(1001));
            }
            harness.idle(period * SECOND);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void namesOneSourceThatFloodsAClosedPortAndNotItsVictim() {
        for (int i = 0; i < 3000; i++) {
            harness.pause(millis(1))
                    .syn(ATTACKER, 1024 + i, VICTIM, 80)
                    .refuse(ATTACKER, 1024 + i, VICTIM, 80);
        }
        List<Verdict> verdicts = harness.end();

        assertTrue(verdicts.size() >= 2);
        for (Verdict verdict : verdicts) {
            assertEquals(IpAddress.parse(ATTACKER), verdict.source());
        }
        assertEquals(3000, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void staysSilentOnAClientThatTriesAClosedPortAgainAndAgain() {
        for (int i = 0; i < 1000; i++) {
            harness.pause(millis(25))
                    .syn(ATTACKER, 1024 + i, VICTIM, 5432)
                    .refuse(ATTACKER, 1024 + i, VICTIM, 5432);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnACrawlerWithTenThousandCompletedConnectionsASecond() {
        int roundTrip = 3000; // connections begun within 300 ms
        for (int i = 0; i < 30_000; i++) {
            harness.pause(SECOND / 10_000).syn(CRAWLER, 1024 + i, server(i), 443);
            if (i >= roundTrip) {
                int done = i - roundTrip;
                harness.synAck(CRAWLER, 1024 + done, server(done), 443)
                        .ack(CRAWLER, 1024 + done, server(done), 443);
            }
        }

        assertEquals(List.of(), harness.verdicts());
    }

    private static String server(int i) {
        return "192.0.2." + (i & 63);
    }

    @Test
    void staysSilentOnANetworkBehindOneAddressWithDeadTargets() {
        for (int i = 0; i < 1000; i++) {
            harness.pause(millis(10))
                    .connect(CRAWLER, 1024 + i, server(i), 443)
                    .pause(millis(5))
                    .connect(CRAWLER, 10_024 + i, server(i + 7), 443)
                    .pause(millis(5))
                    .syn(CRAWLER, 20_024 + i, "192.0.2.200", 443);
        }

        assertEquals(List.of(), harness.end());
    }

    /** Behind one address 300 clients try again every second, and so do a thousand others. */
    @Test
    void staysSilentOnClientsOfAServerThatRestarts() {
        harness.connect(CRAWLER, 1000, VICTIM, 443);
        for (int i = 0; i < 1000; i++) {
            harness.pause(millis(1)).connect(client(i), 1000, VICTIM, 443);
        }
        for (int i = 0; i < 6000; i++) {
            harness.pause(SECOND / 900)
                    .syn(CRAWLER, 1024 + i, VICTIM, 443)
                    .refuse(CRAWLER, 1024 + i, VICTIM, 443)
                    .pause(SECOND / 900)
                    .syn(client(i), 1024 + i, VICTIM, 443)
                    .refuse(client(i), 1024 + i, VICTIM, 443);
        }

        assertEquals(List.of(), harness.end());
    }

    /** One completed handshake does not make a flood of sixty thousand an outage. */
    @Test
    void namesTheSourceOfAFloodOfAPortThatWasOpenOnce() {
        harness.connect(ATTACKER, 1000, VICTIM, 80);
        for (int i = 0; i < 60_000; i++) {
            harness.pause(SECOND / 20_000)
                    .syn(ATTACKER, 1024 + i, VICTIM, 80)
                    .refuse(ATTACKER, 1024 + i, VICTIM, 80);
        }
        List<Verdict> verdicts = harness.end();

        assertFalse(verdicts.isEmpty());
        for (Verdict verdict : verdicts) {
            assertEquals(IpAddress.parse(ATTACKER), verdict.source());
            assertEquals(Action.BAN, verdict.action());
        }
    }

    @Test
    void tellsAFloodOfManySourcesOfAPortThatWasOpenOnce() {
        for (int i = 0; i < 1000; i++) {
            harness.pause(millis(1)).connect(client(i), 1000, VICTIM, 80);
        }
        for (int i = 0; i < 120_000; i++) {
            int port = 1024 + i / 1000;
            harness.pause(SECOND / 20_000)
                    .syn(client(i), port, VICTIM, 80)
                    .refuse(client(i), port, VICTIM, 80);
        }
        List<Verdict> verdicts = harness.end();

        assertFalse(verdicts.isEmpty());
        for (Verdict verdict : verdicts) {
            assertNull(verdict.source());
            assertEquals(IpAddress.parse(VICTIM), verdict.destination());
        }
    }

    private static String client(int i) {
        return "198.18." + (i % 1000) / 250 + "." + (1 + i % 250);
    }

    @Test
    void staysSilentOnHandshakesThatTakeLongerThanTheGrace() {
        int roundTrip = 70; // connections begun within 700 ms
        for (int i = 0; i < 1000; i++) {
            harness.pause(millis(10)).syn(CRAWLER, 1024 + i, VICTIM, 443);
            if (i >= roundTrip) {
                int done = i - roundTrip;
                harness.synAck(CRAWLER, 1024 + done, VICTIM, 443)
                        .ack(CRAWLER, 1024 + done, VICTIM, 443);
            }
        }

        assertEquals(List.of(), harness.verdicts());
    }

    @Test
    void leavesAScanOfFilteredPortsToTheScanDetector() {
        for (int port = 1; port <= 1000; port++) {
            harness.pause(millis(2)).syn(ATTACKER, 40_000, VICTIM, port);
            harness.pause(millis(2)).syn(ATTACKER, 40_001, VICTIM, port);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void leavesASweepOfSilentHostsToTheScanDetector() {
        for (int host = 0; host < 2000; host++) {
            String address = "192.0." + (2 + host / 250) + "." + (1 + host % 250);
            harness.pause(millis(1)).syn(ATTACKER, 40_000, address, 22);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void takesAFewPortsInTurnForAFlood() {
        for (int i = 0; i < 1000; i++) {
            harness.pause(millis(1)).syn(ATTACKER, 1024 + i, VICTIM, 80 + i % 5);
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(Kind.SYN_FLOOD, verdicts.get(0).kind());
        assertEquals(0, verdicts.get(verdicts.size() - 1).port());
    }

    @Test
    void asksForAFullBanOfASourceThatProvedItsAddress() {
        harness.connect(ATTACKER, 999, VICTIM, 80);
        flood(500, millis(1));
        List<Verdict> verdicts = harness.end();

        assertEquals(BanScope.ALL, verdicts.get(0).scope());
    }

    @Test
    void armsAnewAfterAPause() {
        flood(200, millis(1));
        harness.idle(seconds(30));
        flood(100, millis(1));
        List<Verdict> verdicts = harness.end();

        List<Long> firsts =
                verdicts.stream().map(Verdict::firstNs).distinct().collect(Collectors.toList());
        assertEquals(2, firsts.size());
        assertEquals(100, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void tellsAFloodOfForgedSourcesAgainstItsDestination() {
        for (int i = 0; i < 5000; i++) {
            String forged = IpAddress.ofIpv4(0x0b00_0000 + i * 7919).toString();
            harness.pause(millis(1)).syn(forged, 1024 + i % 60_000, VICTIM, 80);
        }
        List<Verdict> verdicts = harness.end();

        Verdict first = verdicts.get(0);
        assertEquals(Kind.SYN_FLOOD, first.kind());
        assertEquals(Action.ALERT, first.action());
        assertNull(first.source());
        assertEquals(IpAddress.parse(VICTIM), first.destination());
        assertEquals(80, first.port());
        assertTrue(verdicts.stream().allMatch(verdict -> verdict.source() == null));
        assertEquals(5000, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void staysSilentOnACrowdThatCompletesItsHandshakes() {
        for (int i = 0; i < 10_000; i++) {
            String client = IpAddress.ofIpv4(0x0b00_0000 + i * 7919).toString();
            harness.pause(SECOND / 10_000).connect(client, 40_000, VICTIM, 80);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void keepsTheAccusedOutOfTheDestinationsAccount() {
        flood(5000, millis(1));
        List<Verdict> verdicts = harness.end();

        assertTrue(verdicts.stream().noneMatch(verdict -> verdict.source() == null));
    }

    @Test
    void strictPresetCountsEverySynWhateverBecomesOfIt() {
        harness = new DetectorHarness(SynFloodDetector.Config.STRICT);
        for (int i = 0; i < 50; i++) {
            harness.pause(millis(100)).connect(CRAWLER, 1024 + i, server(i), 443);
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(1, verdicts.size());
        assertEquals(50, verdicts.get(0).count());
        assertEquals(IpAddress.parse(CRAWLER), verdicts.get(0).source());
    }

    @Test
    void survivesMoreOffendersThanItHasCampaignsFor() {
        int offenders = Campaigns.CAPACITY + 100;
        for (int i = 0; i < 60; i++) {
            for (int offender = 0; offender < offenders; offender++) {
                String source = IpAddress.ofIpv4(0x0b00_0000 + offender).toString();
                harness.pause(2000).syn(source, 1024 + i, server(offender), 80);
            }
        }
        List<Verdict> verdicts = harness.end();

        long named = verdicts.stream().map(Verdict::source).distinct().count();
        assertTrue(named >= offenders, named + " of " + offenders);
        assertTrue(harness.counters().get(Counter.CAMPAIGNS_EVICTED) > 0);
    }

    @Test
    void namesTheSpoofedFloodOfARealCapture() throws Exception {
        harness.replay("flood-syn-spoofed.pcap");
        List<Verdict> verdicts = harness.end();

        Verdict first = verdicts.get(0);
        assertTrue(verdicts.stream().allMatch(verdict -> verdict.source() == null));
        assertEquals(
                1, verdicts.stream().map(Verdict::destination).distinct().count(), "one victim");
        assertEquals(Kind.SYN_FLOOD, first.kind());
        assertTrue(first.timestampNs() - first.firstNs() < 2 * SECOND);
        assertTrue(verdicts.get(verdicts.size() - 1).count() > 37_000);
    }

    @Test
    void staysSilentOnTheVictimAndTheScannerOfARealCapture() throws Exception {
        harness.replay("scan-syn-xmas-fin-ack-null.pcap");

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnRealBrowsing() throws Exception {
        harness.replay("benign-browsing.pcap");

        assertEquals(List.of(), harness.end());
    }

    @Test
    void refusesSettingsOutOfRangeByName() {
        SynFloodDetector.Config defaults = SynFloodDetector.Config.DEFAULTS;

        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new SynFloodDetector.Config(
                                                true, 0, 1, defaults.window(), 1, 1, 1, 1, false))
                        .getMessage();

        assertTrue(message.startsWith("threshold:"), message);
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new SynFloodDetector.Config(
                                true, 1, 1, Duration.ofMinutes(2), 1, 1, 1, 1, false));
    }
}
