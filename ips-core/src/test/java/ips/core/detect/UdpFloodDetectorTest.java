package ips.core.detect;

import static ips.core.detect.DetectorHarness.SECOND;
import static ips.core.detect.DetectorHarness.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IcmpHeader;
import ips.core.packet.IpAddress;
import ips.core.packet.Protocol;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UdpFloodDetectorTest {
    private static final String ATTACKER = "203.0.113.9";
    private static final String VICTIM = "192.0.2.80";
    private static final String CLIENT = "192.0.2.5";
    private static final String SERVER = "198.51.100.53";

    private final DetectorHarness harness = new DetectorHarness(UdpFloodDetector.Config.DEFAULTS);

    private void udp(String source, int sourcePort, String destination, int port) {
        harness.send(
                FrameBuilder.udp(source, sourcePort, destination, port).payload(new byte[100]));
    }

    private static void isOneCampaign(List<Verdict> verdicts, String source) {
        assertFalse(verdicts.isEmpty(), "no verdict");
        for (Verdict verdict : verdicts) {
            assertEquals(Kind.UDP_FLOOD, verdict.kind());
            assertEquals(IpAddress.parse(source), verdict.source());
            assertEquals(verdicts.get(0).firstNs(), verdict.firstNs());
            assertEquals(Action.BAN, verdict.action());
            assertEquals(BanScope.UDP, verdict.scope());
        }
    }

    private static void isToldAgainstTheVictim(List<Verdict> verdicts) {
        assertFalse(verdicts.isEmpty(), "no verdict");
        for (Verdict verdict : verdicts) {
            assertEquals(Kind.UDP_FLOOD, verdict.kind());
            assertNull(verdict.source());
            assertEquals(IpAddress.parse(VICTIM), verdict.destination());
            assertEquals(Action.ALERT, verdict.action());
        }
    }

    @Test
    void namesOneSourceWithRisingPortsThatIsNeverAnswered() {
        for (int i = 0; i < 6000; i++) {
            harness.pause(millis(1) / 2);
            udp(ATTACKER, 40_000 + i, VICTIM, 9999);
        }
        List<Verdict> verdicts = harness.end();

        isOneCampaign(verdicts, ATTACKER);
        assertTrue(verdicts.get(0).timestampNs() - verdicts.get(0).firstNs() < SECOND);
        assertEquals(6000, verdicts.get(verdicts.size() - 1).count());
        assertEquals(9999, verdicts.get(0).port());
    }

    @Test
    void namesOneSourceThatSendsToAllPortsOfOneHost() {
        for (int i = 0; i < 6000; i++) {
            harness.pause(millis(1) / 2);
            udp(ATTACKER, 40_000, VICTIM, 1 + i * 7 % 60_000);
        }

        isOneCampaign(harness.end(), ATTACKER);
    }

    @Test
    void namesOneSourceWithOnePortThatIsNeverAnswered() {
        for (int i = 0; i < 8000; i++) {
            harness.pause(millis(1) / 2);
            udp(ATTACKER, 40_000, VICTIM, 9999);
        }

        isOneCampaign(harness.end(), ATTACKER);
    }

    @Test
    void namesTheSourceAndNotTheHostThatSaysUnreachable() {
        for (int i = 0; i < 6000; i++) {
            harness.pause(millis(1) / 2);
            FrameBuilder datagram = FrameBuilder.udp(ATTACKER, 40_000 + i, VICTIM, 9999);
            harness.send(datagram);
            if (i % 10 == 0) {
                harness.send(
                        FrameBuilder.icmp(VICTIM, ATTACKER)
                                .icmpType(
                                        IcmpHeader.DESTINATION_UNREACHABLE,
                                        IcmpHeader.PORT_UNREACHABLE)
                                .quoting(datagram, 28));
            }
        }

        isOneCampaign(harness.end(), ATTACKER);
    }

    @Test
    void staysSilentOnAnAnsweredExchangeAtAnyRate() {
        for (int i = 0; i < 40_000; i++) {
            harness.pause(SECOND / 10_000);
            udp(CLIENT, 50_000, SERVER, 443);
            if (i % 2 == 1) {
                udp(SERVER, 443, CLIENT, 50_000);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnAServerThatStreamsToAClientThatAsked() {
        udp(CLIENT, 50_000, SERVER, 8443);
        for (int i = 0; i < 40_000; i++) {
            harness.pause(SECOND / 10_000);
            udp(SERVER, 8443, CLIENT, 50_000);
        }

        assertEquals(List.of(), harness.end());
    }

    /** Whose client acknowledges what it gets, as QUIC's do, but late. */
    @Test
    void staysSilentOnADownloadThatWasUnderWayBefore() {
        for (int i = 0; i < 200_000; i++) {
            harness.pause(SECOND / 40_000);
            udp(SERVER, 443, CLIENT, 50_000);
            if (i % 10_000 == 9999) {
                udp(CLIENT, 50_000, SERVER, 443);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    /** As many as a sensor sees begin at once where it starts among them. */
    @Test
    void staysSilentOnAThousandDownloadsThatWereUnderWayBefore() {
        for (int i = 0; i < 60_000; i++) {
            harness.pause(SECOND / 20_000);
            int port = 20_000 + i % 1500;
            udp(SERVER, 443, CLIENT, port);
            if (i % 3000 >= 1500) {
                udp(CLIENT, port, SERVER, 443);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    /** Of a router that sends what it gets one way and hears answers come another. */
    @Test
    void staysSilentOnADownloadOfWhichOneDirectionIsSeen() {
        for (int i = 0; i < 40_000; i++) {
            harness.pause(SECOND / 9000);
            udp(SERVER, 443, CLIENT, 50_000);
        }

        assertEquals(List.of(), harness.end());
    }

    /** Likewise, of a name server's. */
    @ParameterizedTest
    @ValueSource(ints = {53, 123})
    void staysSilentOnABusyServersAnswersOfWhichOneDirectionIsSeen(int port) {
        for (int i = 0; i < 20_000; i++) {
            harness.pause(SECOND / 4000);
            udp(SERVER, port, CLIENT, 1024 + i);
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void staysSilentOnARelayOfLogsFromTheirOwnPort() {
        for (int i = 0; i < 20_000; i++) {
            harness.pause(SECOND / 4000);
            udp(CLIENT, 514, SERVER, 5140 + i % 1000);
        }

        assertEquals(List.of(), harness.end());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 80, 443, 500, 1023})
    void namesAFloodFromAWellKnownPortToMany(int port) {
        for (int i = 0; i < 6000; i++) {
            harness.pause(millis(1) / 2);
            udp(ATTACKER, port, VICTIM, 1024 + i * 7 % 60_000);
        }

        isOneCampaign(harness.end(), ATTACKER);
    }

    @ParameterizedTest
    @ValueSource(ints = {53, 80, 123, 443, 1023, 1900, 11211})
    void namesAFloodFromAPortThatMayAnswer(int port) {
        for (int i = 0; i < 60_000; i++) {
            harness.pause(millis(1) / 20);
            udp(ATTACKER, port, VICTIM, 40_000);
        }

        isOneCampaign(harness.end(), ATTACKER);
    }

    @ParameterizedTest
    @ValueSource(ints = {53, 1900})
    void namesAFloodFromAPortThatMayAnswerToMany(int port) {
        for (int i = 0; i < 60_000; i++) {
            harness.pause(millis(1) / 20);
            udp(ATTACKER, port, VICTIM, 1024 + i * 7 % 60_000);
        }

        isOneCampaign(harness.end(), ATTACKER);
    }

    @Test
    void tellsAFloodOfForgedSourcesFromAWellKnownPortAgainstItsDestination() {
        for (int i = 0; i < 30_000; i++) {
            harness.pause(SECOND / 10_000);
            udp(IpAddress.ofIpv4(0x0b00_0000 + i * 7919).toString(), 443, VICTIM, 9999);
        }

        isToldAgainstTheVictim(harness.end());
    }

    /** Each between the same two ports, and below what names it. */
    @Test
    void tellsAFloodOfManyFromAWellKnownPortAgainstItsDestination() {
        for (int i = 0; i < 240_000; i++) {
            harness.pause(SECOND / 80_000);
            udp("203.0.113." + (1 + i % 50), 443, VICTIM, 9999);
        }

        isToldAgainstTheVictim(harness.end());
    }

    @Test
    void staysSilentOnABusyResolverWithDistantServers() {
        int roundTrip = 900; // queries made within 300 ms
        for (int i = 0; i < 12_000; i++) {
            harness.pause(SECOND / 3000);
            udp(CLIENT, 1024 + i, "198.51.100." + i % 5, 53);
            if (i >= roundTrip) {
                int done = i - roundTrip;
                udp("198.51.100." + done % 5, 53, CLIENT, 1024 + done);
            }
        }

        assertEquals(List.of(), harness.verdicts());
    }

    @Test
    void staysSilentOnFileSharingWithPeersThatDoNotAnswer() {
        for (int i = 0; i < 12_000; i++) {
            harness.pause(millis(1) / 2);
            udp(CLIENT, 6881, IpAddress.ofIpv4(0x0b00_0000 + i % 1500 * 7919).toString(), 6881);
        }

        assertEquals(List.of(), harness.end());
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.1.2.3", "255.255.255.255", "192.0.2.255"})
    void staysSilentOnMulticastAndBroadcast(String many) {
        for (int i = 0; i < 20_000; i++) {
            harness.pause(SECOND / 5000);
            udp(CLIENT, 5004, many, 5004);
        }

        assertEquals(List.of(), harness.end());
    }

    /** Each the middle of a datagram of which nothing else comes. */
    @Test
    void namesTheSourceOfFragmentsThatNeverBecomeWhole() {
        for (int i = 0; i < 6000; i++) {
            harness.pause(millis(1) / 2);
            harness.send(
                    FrameBuilder.ip(ATTACKER, VICTIM, Protocol.UDP)
                            .id(i)
                            .fragment(1480, true)
                            .payload(new byte[480]));
        }

        isOneCampaign(harness.end(), ATTACKER);
    }

    /** A tunnel whose packets are a little too long, or a file server; one frame in 50 is lost. */
    @Test
    void staysSilentOnFragmentsOfAnExchange() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            harness.pause(SECOND / 5000);
            byte[] payload = new byte[i % 2 == 0 ? 1500 : 8192];
            FrameBuilder datagram =
                    FrameBuilder.udp(CLIENT, 40_000, SERVER, 2049).payload(payload).id(i);
            for (byte[] fragment : datagram.fragments(1480)) {
                if (random.nextInt(50) > 0) {
                    harness.send(fragment);
                }
            }
            udp(SERVER, 2049, CLIENT, 40_000);
        }

        assertEquals(List.of(), harness.end());
    }

    @ParameterizedTest
    @ValueSource(ints = {514, 2003, 6831, 12_201, 25_826})
    void allowsOneWayServicesTenTimesAsMuch(int port) {
        for (int i = 0; i < 20_000; i++) {
            harness.pause(SECOND / 5000);
            udp(CLIENT, 40_000, SERVER, port);
        }
        int before = harness.verdicts().size();
        for (int i = 0; i < 40_000; i++) {
            harness.pause(SECOND / 20_000);
            udp(CLIENT, 40_000, SERVER, port);
        }

        assertEquals(0, before);
        isOneCampaign(harness.end(), CLIENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x47})
    void allowsACameraThatIsNeverAnsweredTenTimesAsMuch(int firstByte) {
        byte[] picture = new byte[7 * 188];
        picture[0] = (byte) firstByte;
        for (int i = 0; i < 12_000; i++) {
            harness.pause(millis(1) / 4);
            harness.send(FrameBuilder.udp(CLIENT, 30_000, VICTIM, 5004).payload(picture));
        }

        assertEquals(List.of(), harness.end());
    }

    @Test
    void namesAFloodThatLooksLikeACamera() {
        byte[] picture = new byte[1200];
        picture[0] = (byte) 0x80;
        for (int i = 0; i < 60_000; i++) {
            harness.pause(millis(1) / 20);
            harness.send(FrameBuilder.udp(ATTACKER, 30_000, VICTIM, 5004).payload(picture));
        }

        isOneCampaign(harness.end(), ATTACKER);
    }

    @Test
    void tellsAFloodOfForgedSourcesAgainstItsDestination() {
        for (int i = 0; i < 30_000; i++) {
            harness.pause(SECOND / 10_000);
            udp(IpAddress.ofIpv4(0x0b00_0000 + i * 7919).toString(), 40_000, VICTIM, 9999);
        }

        isToldAgainstTheVictim(harness.end());
    }

    @ParameterizedTest
    @ValueSource(ints = {53, 123, 1900, 11211})
    void tellsReflectedFloodsAgainstTheirDestinationAndBansNoReflector(int port) {
        for (int i = 0; i < 6000; i++) {
            harness.pause(millis(1) / 2);
            udp("198.51." + i % 100 + ".7", port, VICTIM, 40_000 + i % 7);
        }

        isToldAgainstTheVictim(harness.end());
    }
}
