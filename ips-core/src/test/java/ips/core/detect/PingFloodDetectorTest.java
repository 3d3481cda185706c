package ips.core.detect;

import static ips.core.detect.DetectorHarness.SECOND;
import static ips.core.detect.DetectorHarness.millis;
import static ips.core.detect.DetectorHarness.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IcmpHeader;
import ips.core.packet.IpAddress;
import ips.core.packet.Protocol;
import ips.core.packet.Sctp;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PingFloodDetectorTest {
    private static final String ATTACKER = "203.0.113.9";
    private static final String VICTIM = "192.0.2.80";

    private DetectorHarness harness = new DetectorHarness(PingFloodDetector.Config.DEFAULTS);

    private void ping(String source, String destination, int sequence) {
        harness.send(FrameBuilder.icmp(source, destination).icmpEcho(7, sequence));
    }

    private void reply(String source, String destination, int sequence) {
        boolean four = IpAddress.parse(source).isIpv4();
        harness.send(
                FrameBuilder.icmp(source, destination)
                        .icmpType(four ? IcmpHeader.ECHO_REPLY : IcmpHeader.V6_ECHO_REPLY, 0)
                        .icmpEcho(7, sequence));
    }

    private void message(String source, String destination, int type) {
        harness.send(FrameBuilder.icmp(source, destination).icmpType(type, 0));
    }

    private static void isOneCampaign(List<Verdict> verdicts, String source, long count) {
        assertTrue(verdicts.size() > 0, "no verdict");
        for (Verdict verdict : verdicts) {
            assertEquals(Kind.ICMP_FLOOD, verdict.kind());
            assertEquals(IpAddress.parse(source), verdict.source());
            assertEquals(verdicts.get(0).firstNs(), verdict.firstNs());
        }
        assertEquals(count, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void tellsErrorsAboutPacketsThatWereNeverSent() {
        for (int i = 0; i < 2000; i++) {
            FrameBuilder never = FrameBuilder.udp(VICTIM, 1024 + i, ATTACKER, 53);
            harness.pause(millis(1) / 2)
                    .send(FrameBuilder.icmp(ATTACKER, VICTIM).icmpType(3, 3).quoting(never, 8));
        }

        List<Verdict> verdicts = harness.end();
        isOneCampaign(verdicts, ATTACKER, 2000);
        assertEquals(IpAddress.parse(VICTIM), verdicts.get(0).destination());
        assertTrue(verdicts.stream().allMatch(verdict -> verdict.action() == Action.ALERT));
    }

    @Test
    void tellsErrorsThatQuoteNothing() {
        for (int i = 0; i < 2000; i++) {
            harness.pause(millis(1) / 2).send(FrameBuilder.icmp(ATTACKER, VICTIM).icmpType(3, 3));
        }

        isOneCampaign(harness.end(), ATTACKER, 2000);
    }

    /** What a quote cannot prove: packets of GRE, and an exchange that there was once. */
    @Test
    void tellsErrorsInDoubtAtTenTimesTheThreshold() {
        FrameBuilder answer = FrameBuilder.udp(VICTIM, 53, ATTACKER, 40_000);
        harness.send(FrameBuilder.udp(ATTACKER, 40_000, VICTIM, 53)).send(answer);
        FrameBuilder tunnelled = FrameBuilder.ip(VICTIM, ATTACKER, Protocol.GRE);
        for (int i = 0; i < 40_000; i++) {
            harness.pause(SECOND / 20_000)
                    .send(
                            FrameBuilder.icmp(ATTACKER, VICTIM)
                                    .icmpType(3, 3)
                                    .quoting(i % 2 == 0 ? answer : tunnelled, 8));
        }

        isOneCampaign(harness.end(), ATTACKER, 40_000);
    }

    /**
     * A server resets what comes from forged addresses, or has associations, and routers complain.
     */
    @Test
    void staysSilentOnErrorsAboutAnswersToForgedSources() {
        for (int i = 0; i < 15_000; i++) {
            String forged = IpAddress.ofIpv4(0x0b00_0000 + i * 7919).toString();
            FrameBuilder reset =
                    FrameBuilder.tcp(VICTIM, 80, forged, 1024 + i % 5000)
                            .flags(TcpFlags.RST | TcpFlags.ACK);
            FrameBuilder data = Sctp.packet(VICTIM, 2905, forged, 2905, 0);
            FrameBuilder quoted = i % 2 == 0 ? reset : data;
            harness.pause(SECOND / 5000)
                    .send(FrameBuilder.icmp("10.1.1.1", VICTIM).icmpType(3, 1).quoting(quoted, 8));
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnErrorsThatTheirReceiverCaused() {
        for (int i = 0; i < 5000; i++) {
            FrameBuilder sent = FrameBuilder.udp(VICTIM, 1024 + i, ATTACKER, 53);
            harness.pause(millis(1) / 5)
                    .send(sent)
                    .send(FrameBuilder.icmp(ATTACKER, VICTIM).icmpType(3, 3).quoting(sent, 8))
                    .send(FrameBuilder.icmp("10.1.1.1", VICTIM).icmpType(4, 0).quoting(sent, 8));
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void countsEveryRequestOfAFloodFarAboveTheThreshold() {
        for (int i = 0; i < 20_000; i++) {
            harness.pause(millis(1) / 10);
            ping(ATTACKER, i < 15_000 ? VICTIM : "192.0.2.81", i);
        }
        List<Verdict> verdicts = harness.end();

        isOneCampaign(verdicts, ATTACKER, 20_000);
        Verdict last = verdicts.get(verdicts.size() - 1);
        assertEquals(harness.frame(), last.lastFrame());
        assertNull(last.destination());
    }

    @Test
    void namesOneSourceOfAnAnsweredFloodAndNotItsVictim() {
        for (int i = 0; i < 2000; i++) {
            harness.pause(millis(1));
            ping(ATTACKER, VICTIM, i);
            reply(VICTIM, ATTACKER, i);
        }
        List<Verdict> verdicts = harness.end();

        isOneCampaign(verdicts, ATTACKER, 2000);
        assertEquals(100, verdicts.get(0).count());
        assertEquals(Action.BAN, verdicts.get(0).action());
        assertEquals(BanScope.ICMP, verdicts.get(0).scope());
        assertEquals(IpAddress.parse(VICTIM), verdicts.get(0).destination());
        assertTrue(verdicts.size() <= 4, verdicts.size() + " verdicts");
    }

    @Test
    void namesTheSourceOfAFloodOfTimestampRequestsAndNotWhoAnswers() {
        for (int i = 0; i < 3000; i++) {
            harness.pause(millis(1) / 2);
            harness.send(
                    FrameBuilder.icmp(ATTACKER, VICTIM)
                            .icmpType(IcmpHeader.TIMESTAMP_REQUEST, 0)
                            .icmpEcho(7, i));
            harness.send(
                    FrameBuilder.icmp(VICTIM, ATTACKER)
                            .icmpType(IcmpHeader.TIMESTAMP_REPLY, 0)
                            .icmpEcho(7, i));
        }

        isOneCampaign(harness.end(), ATTACKER, 3000);
    }

    @Test
    void knowsIcmpv6() {
        for (int i = 0; i < 500; i++) {
            harness.pause(millis(1));
            ping("2001:db8::9", "2001:db8::80", i);
            reply("2001:db8::80", "2001:db8::9", i);
        }

        isOneCampaign(harness.end(), "2001:db8::9", 500);
    }

    @Test
    void staysSilentOnPingOnceASecond() {
        for (int i = 0; i < 300; i++) {
            harness.pause(SECOND);
            ping(ATTACKER, VICTIM, i);
            reply(VICTIM, ATTACKER, i);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentBelowTheThreshold() {
        for (int i = 0; i < 900; i++) {
            harness.pause(millis(11));
            ping(ATTACKER, VICTIM, i);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnAHostThatWatchesHundredsOfOthers() {
        for (int i = 0; i < 3000; i++) {
            harness.pause(millis(4));
            ping(ATTACKER, "192.0." + (2 + i / 250 % 2) + "." + (1 + i % 250), i);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void takesAThousandRequestsASecondForAFloodAtAnyNumberOfTargets() {
        for (int i = 0; i < 3000; i++) {
            harness.pause(millis(1) / 2);
            ping(ATTACKER, "192.0." + (2 + i / 250) + "." + (1 + i % 250), i);
        }
        List<Verdict> verdicts = harness.end();

        isOneCampaign(verdicts, ATTACKER, 3000);
        assertNull(verdicts.get(verdicts.size() - 1).destination());
    }

    /** A scanned host, a router on the way to it, and one with a narrow link. */
    @Test
    void staysSilentOnErrorMessages() {
        for (int i = 0; i < 20_000; i++) {
            harness.pause(SECOND / 10_000);
            sendInVain(FrameBuilder.udp(ATTACKER, 40_000, VICTIM, i), VICTIM, 3);
            sendInVain(FrameBuilder.udp(ATTACKER, 40_001, VICTIM, i), "10.1.1.1", 11);
            if (i % 2 == 0) {
                FrameBuilder upload = FrameBuilder.udp("2001:db8::2", 40_000, "2001:db8::1", 443);
                sendInVain(upload, "2001:db8::1", IcmpHeader.V6_PACKET_TOO_BIG);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    /** A packet, and the error it causes. */
    private void sendInVain(FrameBuilder sent, String by, int type) {
        String sender = IpAddress.parse(by).isIpv4() ? ATTACKER : "2001:db8::2";
        harness.send(sent).send(FrameBuilder.icmp(by, sender).icmpType(type, 0).quoting(sent, 8));
    }

    @Test
    void staysSilentOnNeighbourDiscovery() {
        int neighbourSolicitation = 135;
        for (int i = 0; i < 20_000; i++) {
            harness.pause(SECOND / 10_000);
            message("fe80::1", "fe80::2", neighbourSolicitation);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void countsRepliesNobodyAskedFor() {
        for (int i = 0; i < 4000; i++) {
            harness.pause(millis(1) / 2);
            reply(ATTACKER, VICTIM, i);
        }

        isOneCampaign(harness.end(), ATTACKER, 4000);
    }

    @Test
    void countsTimestampRequests() {
        int timestamp = 13;
        for (int i = 0; i < 4000; i++) {
            harness.pause(millis(1) / 2);
            message(ATTACKER, VICTIM, timestamp);
        }

        isOneCampaign(harness.end(), ATTACKER, 4000);
    }

    @Test
    void staysSilentOnAVictimThatAnswersForgedRequestsTheSensorMisses() {
        for (int i = 0; i < 50_000; i++) {
            harness.pause(SECOND / 10_000);
            reply(VICTIM, IpAddress.ofIpv4(0x0b00_0000 + i * 7919).toString(), i);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void namesTheSourceOfAFloodOfLongPingsAndNotWhoAnswersInFragments() {
        for (int i = 0; i < 3000; i++) {
            harness.pause(millis(1));
            longEcho(ATTACKER, VICTIM, IcmpHeader.ECHO_REQUEST, i);
            longEcho(VICTIM, ATTACKER, IcmpHeader.ECHO_REPLY, i);
        }

        for (Verdict verdict : harness.end()) {
            assertEquals(IpAddress.parse(ATTACKER), verdict.source());
        }
    }

    @Test
    void countsFragmentsOfRepliesNobodyAskedFor() {
        for (int i = 0; i < 3000; i++) {
            harness.pause(millis(1));
            longEcho(ATTACKER, VICTIM, IcmpHeader.ECHO_REPLY, i);
        }

        assertEquals(IpAddress.parse(ATTACKER), harness.end().get(0).source());
    }

    /** A ping of three fragments, or its reply. */
    private void longEcho(String source, String destination, int type, int id) {
        byte[] message = new byte[1480 + 1480 + 48];
        message[0] = (byte) type;
        message[5] = 7;
        for (int at = 0; at < message.length; at += 1480) {
            int end = Math.min(at + 1480, message.length);
            harness.send(
                    FrameBuilder.ip(source, destination, Protocol.ICMP)
                            .id(id)
                            .fragment(at, end < message.length)
                            .payload(Arrays.copyOfRange(message, at, end)));
        }
    }

    @Test
    void countsFragmentsOfPingsThatNeverBecomeWhole() {
        byte[] bytes = new byte[1480];
        for (int i = 0; i < 4000; i++) {
            harness.pause(millis(1) / 2)
                    .send(
                            FrameBuilder.ip(ATTACKER, VICTIM, Protocol.ICMP)
                                    .id(i)
                                    .fragment(1480, true)
                                    .payload(bytes));
        }

        isOneCampaign(harness.end(), ATTACKER, 4000);
    }

    @Test
    void tellsAFloodOfForgedSourcesAgainstItsDestination() {
        for (int i = 0; i < 5000; i++) {
            String forged = IpAddress.ofIpv4(0x0b00_0000 + i * 7919).toString();
            harness.pause(millis(1) / 2);
            ping(forged, VICTIM, i);
            reply(VICTIM, forged, i);
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(Kind.ICMP_FLOOD, verdicts.get(0).kind());
        assertEquals(IpAddress.parse(VICTIM), verdicts.get(0).destination());
        assertEquals(Action.ALERT, verdicts.get(0).action());
        assertTrue(verdicts.stream().allMatch(verdict -> verdict.source() == null));
        assertEquals(5000, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void armsAnewAfterAPause() {
        for (int burst = 0; burst < 2; burst++) {
            for (int i = 0; i < 200; i++) {
                harness.pause(millis(1));
                ping(ATTACKER, VICTIM, i);
            }
            harness.idle(seconds(5));
        }
        List<Verdict> verdicts = harness.end();

        assertEquals(2, verdicts.stream().map(Verdict::firstNs).distinct().count());
        assertEquals(200, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void strictPresetCountsAnyEchoRequest() {
        harness = new DetectorHarness(PingFloodDetector.Config.STRICT);
        ping(ATTACKER, VICTIM, 1);
        reply(VICTIM, ATTACKER, 1);
        List<Verdict> verdicts = harness.end();

        assertEquals(1, verdicts.size());
        isOneCampaign(verdicts, ATTACKER, 1);
    }

    @Test
    void staysSilentOnFiveRealPings() throws Exception {
        harness.replay("benign-5-pings.pcap");

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnTheUnreachablesOfARealUdpScan() throws Exception {
        harness.replay("scan-udp.pcap");

        assertEquals(List.of(), harness.end());
    }
}
