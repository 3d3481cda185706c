package ips.core.flow;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.FIN;
import static ips.core.packet.TcpFlags.PSH;
import static ips.core.packet.TcpFlags.RST;
import static ips.core.packet.TcpFlags.SYN;
import static ips.core.packet.TcpFlags.URG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IcmpHeader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpConnectionsTest {
    private static final String CLIENT = "192.0.2.1";
    private static final String SERVER = "198.51.100.2";
    private static final String ENDS = " 192.0.2.1:40000>198.51.100.2:80";
    private static final int CLIENT_ISN = 0xffff_fff0; // sequence numbers wrap on the way
    private static final int SERVER_ISN = 0x7fff_fff0;

    private Conversations talk = new Conversations();

    @Test
    void aHandshakeProvesTheClient() {
        open();

        assertEquals(
                List.of("attempted" + ENDS, "answered" + ENDS, "established proven" + ENDS),
                talk.events());
        assertTrue(talk.isProven(CLIENT));
        assertTrue(talk.table().isEstablished(talk.table().current()));
        assertTrue(talk.table().isProven(talk.table().current()));
    }

    @Test
    void anAckOfAnotherNumberCompletesNothing() {
        talk.send(client(SYN, 0, 0)).send(server(SYN | ACK, 0, 1));

        talk.send(client(ACK, 1, 0x4000_0000)).pass(700);

        assertEquals(
                List.of("attempted" + ENDS, "answered" + ENDS, "leftHalfOpen" + ENDS),
                talk.events());
        assertFalse(talk.isProven(CLIENT));
    }

    @Test
    void aSynWithoutAnswerIsUnansweredAndHalfOpen() {
        talk.send(client(SYN, 0, 0)).pass(400);
        List<String> within = talk.events();

        talk.pass(200);

        assertEquals(List.of("attempted" + ENDS), within);
        assertEquals(List.of("unanswered" + ENDS, "leftHalfOpen" + ENDS), talk.events());
    }

    @Test
    void theEndOfTheFileDecidesWhatIsPending() {
        talk.send(client(SYN, 0, 0)).end();

        assertEquals(
                List.of("attempted" + ENDS, "unanswered" + ENDS, "leftHalfOpen" + ENDS),
                talk.events());
    }

    @Test
    void anAnswerNotAcknowledgedLeavesTheHandshakeHalfOpen() {
        talk.send(client(SYN, 0, 0)).send(server(SYN | ACK, 0, 1)).pass(700);

        assertEquals(
                List.of("attempted" + ENDS, "answered" + ENDS, "leftHalfOpen" + ENDS),
                talk.events());
    }

    @Test
    void aHandshakeCompletedAfterItsGraceIsTakenBack() {
        talk.send(client(SYN, 0, 0)).pass(700);
        talk.events();

        talk.send(server(SYN | ACK, 0, 1)).send(client(ACK, 1, 1));

        assertEquals(
                List.of("answered" + ENDS, "established proven" + ENDS, "completedLate" + ENDS),
                talk.events());
    }

    @Test
    void aHandshakeSeenFromOneSideIsCompleteButNotProven() {
        talk.send(client(SYN, 0, 0)).send(client(ACK, 1, 1)).pass(700);

        assertEquals(List.of("attempted" + ENDS, "established" + ENDS), talk.events());
        assertFalse(talk.isProven(CLIENT));
    }

    @Test
    void aSegmentOfAnotherSequenceNumberCompletesNoHandshakeSeenFromOneSide() {
        talk.send(client(SYN, 0, 0)).send(client(ACK, 77, 1)).pass(700);

        assertEquals(
                List.of("attempted" + ENDS, "unanswered" + ENDS, "leftHalfOpen" + ENDS),
                talk.events());
    }

    @Test
    void anAckLostToTheSensorIsMadeUpForByData() {
        talk.send(client(SYN, 0, 0)).send(server(SYN | ACK, 0, 1));

        talk.send(server(ACK, 1, 1).payload("220 ready")).send(client(ACK, 1, 10));

        assertEquals(
                List.of("attempted" + ENDS, "answered" + ENDS, "established" + ENDS),
                talk.events());
        talk.send(server(ACK, 10, 1).payload("x")).send(client(ACK, 1, 11));
        assertTrue(talk.isProven(CLIENT));
    }

    @Test
    void aResetRefuses() {
        talk.send(client(SYN, 0, 0)).send(server(RST | ACK, 0, 1)).pass(700);

        assertEquals(List.of("attempted" + ENDS, "refused" + ENDS), talk.events());
    }

    @Test
    void aResetThatAcknowledgesSomethingElseRefusesNothing() {
        talk.send(client(SYN, 0, 0)).send(server(RST | ACK, 0, 0x1000_0000));

        assertEquals(List.of("attempted" + ENDS), talk.events());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 9, 10, 13})
    void anIcmpUnreachableRefuses(int code) {
        FrameBuilder syn = client(SYN, 0, 0);
        talk.send(syn);

        talk.send(
                FrameBuilder.icmp("203.0.113.9", CLIENT)
                        .icmpType(IcmpHeader.DESTINATION_UNREACHABLE, code)
                        .quoting(syn, 8));

        assertEquals(List.of("attempted" + ENDS, "refused" + ENDS), talk.events());
    }

    @Test
    void aPathMtuMessageRefusesNothing() {
        FrameBuilder syn = client(SYN, 0, 0);
        talk.send(syn);

        talk.send(
                FrameBuilder.icmp("203.0.113.9", CLIENT)
                        .icmpType(IcmpHeader.DESTINATION_UNREACHABLE, 4)
                        .quoting(syn, 8));

        assertEquals(List.of("attempted" + ENDS), talk.events());
    }

    @Test
    void anIcmpErrorToSomebodyElseRefusesNothing() {
        FrameBuilder syn = client(SYN, 0, 0);
        talk.send(syn);

        talk.send(
                FrameBuilder.icmp("203.0.113.9", "192.0.2.77")
                        .icmpType(IcmpHeader.DESTINATION_UNREACHABLE, 1)
                        .quoting(syn, 8));

        assertEquals(List.of("attempted" + ENDS), talk.events());
    }

    @Test
    void aClientThatResetsTheAnswerHasAbandonedIt() {
        talk.send(client(SYN, 0, 0)).send(server(SYN | ACK, 0, 1));

        talk.send(client(RST, 1, 0)).pass(700);

        assertEquals(
                List.of("attempted" + ENDS, "answered" + ENDS, "abandoned" + ENDS), talk.events());
    }

    @Test
    void aResetForgedBlindlyEndsNoHandshakeAndNoConnection() {
        talk.send(client(SYN, 0, 0)).send(server(SYN | ACK, 0, 1));
        talk.send(client(RST, 0x2000_0000, 0)).send(server(RST, 0x2000_0000, 0));
        talk.send(client(ACK, 1, 1));
        talk.send(client(RST, 0x2000_0000, 0)).send(server(RST, 0x2000_0000, 0));

        assertEquals(
                List.of("attempted" + ENDS, "answered" + ENDS, "established proven" + ENDS),
                talk.events());
        assertTrue(talk.table().isEstablished(talk.table().current()));
    }

    @Test
    void aRepeatedSynIsNoNewAttempt() {
        talk.send(client(SYN, 0, 0)).pass(1000);
        talk.send(client(SYN, 0, 0)).pass(2000).send(client(SYN, 0, 0));

        assertEquals(
                List.of("attempted" + ENDS, "unanswered" + ENDS, "leftHalfOpen" + ENDS),
                talk.events());
    }

    @Test
    void aSynRepeatedSoonerThanTcpRepeatsIsToldFromTheSecondTimeOn() {
        talk.send(client(SYN, 0, 0)).pass(10).send(client(SYN, 5, 0)).pass(10);
        talk.send(client(SYN, 0, 0)).pass(10).send(client(SYN, 0, 0));

        assertEquals(
                List.of("attempted" + ENDS, "repeatedTooSoon" + ENDS, "repeatedTooSoon" + ENDS),
                talk.events());
    }

    @Test
    void aSynOfAnotherNumberAfterAWhileIsANewAttempt() {
        talk.send(client(SYN, 0, 0)).pass(600);
        talk.events();

        talk.send(client(SYN, 1000, 0)).send(server(RST | ACK, 0, 1001));

        assertEquals(List.of("attempted" + ENDS, "refused" + ENDS), talk.events());
    }

    @Test
    void portsUsedAgainAfterAResetOrFinsAreANewAttempt() {
        talk.send(client(SYN, 0, 0)).send(server(RST | ACK, 0, 1));
        talk.send(client(SYN, 500, 0)).send(server(SYN | ACK, 0, 501));
        talk.send(client(ACK, 501, 1)).send(client(FIN | ACK, 501, 1));
        talk.send(server(FIN | ACK, 1, 502)).send(client(ACK, 502, 2));
        talk.events();

        talk.send(client(SYN, 9000, 0));

        assertEquals(List.of("attempted" + ENDS), talk.events());
    }

    @Test
    void synsWithinAnEstablishedConnectionDisturbNothing() {
        open();
        talk.events();

        talk.pass(5000).send(client(SYN, 0x3000_0000, 0));
        talk.send(client(ACK, 1, 1).payload("GET")).send(server(ACK, 1, 4));

        assertEquals(List.of(), talk.events());
        assertTrue(talk.table().isEstablished(talk.table().current()));
    }

    @Test
    void theServersSynAckOpensAnEstablishedConnectionsPortsAnew() {
        open();
        talk.pass(5000).send(client(SYN, 0x3000_0000, 0));
        talk.events();

        talk.send(server(SYN | ACK, 0x2000_0000, 0x3000_0001));
        talk.send(client(ACK, 0x3000_0001, 0x2000_0001));

        assertEquals(List.of("established proven" + ENDS), talk.events());
    }

    @Test
    void whatFollowsFinsAndResetsIsNotOutsideTheConnection() {
        open();
        talk.send(client(FIN | ACK, 1, 1)).send(server(FIN | ACK, 1, 2));
        talk.send(client(ACK, 2, 2));
        talk.events();

        talk.pass(3000).send(client(FIN | ACK, 1, 1)).pass(3000).send(client(ACK, 2, 2));
        talk.send(server(RST, 2, 0)).pass(700);

        assertEquals(List.of(), talk.events());
        assertNotEquals(ConnectionTable.NONE, talk.table().current());
    }

    @Test
    void segmentsBehindASnapLengthKeepTheSequenceNumbersInStep() {
        open();
        byte[] frame = client(ACK, 1, 1).payload("x".repeat(1000)).build();
        talk.ethernet(Arrays.copyOf(frame, 60));
        talk.send(server(ACK, 1, 1001));

        talk.send(client(FIN | ACK, 1001, 1)).send(server(FIN | ACK, 1, 1002));

        assertFalse(talk.table().isEstablished(talk.table().current()));
    }

    @Test
    void bothEndsMayOpenAtATime() {
        talk.send(client(SYN, 0, 0)).send(server(SYN, 0, 0));
        talk.send(client(SYN | ACK, 0, 1)).send(server(SYN | ACK, 0, 1)).send(client(ACK, 1, 1));
        talk.pass(700);

        assertEquals(
                List.of("attempted" + ENDS, "answered" + ENDS, "established proven" + ENDS),
                talk.events());
    }

    @Test
    void aSynMayCarryData() {
        talk.send(client(SYN, 0, 0).payload("hello")).send(server(SYN | ACK, 0, 6));
        talk.send(client(ACK, 6, 1));

        assertEquals(
                List.of("attempted" + ENDS, "answered" + ENDS, "established proven" + ENDS),
                talk.events());
    }

    @Test
    void aLoneAckAnsweredByAResetIsRejected() {
        talk.send(client(ACK, 0, 0)).send(server(RST, 0, 0)).pass(700);

        assertEquals(
                List.of("outsideConnection" + ENDS, "outsideRejected by reset" + ENDS),
                talk.events());
    }

    @Test
    void aLoneFinAckWithoutAnswerIsRejectedBySilence() {
        talk.send(client(FIN | ACK, 0, 0)).pass(700);

        assertEquals(List.of("outsideConnection" + ENDS, "outsideRejected" + ENDS), talk.events());
    }

    @Test
    void aConnectionUnderWayIsPickedUpMidstream() {
        talk.send(client(ACK, 0, 0)).send(server(ACK, 0, 0).payload("more")).pass(700);

        assertEquals(List.of("outsideConnection" + ENDS), talk.events());
        assertTrue(talk.table().isMidstream(talk.table().current()));
        assertTrue(talk.table().isEstablished(talk.table().current()));
    }

    @Test
    void acksThatGoOnInOneDirectionAreNotRejected() {
        talk.send(client(ACK, 0, 0)).pass(50).send(client(ACK, 0, 1400)).pass(700);

        assertEquals(List.of("outsideConnection" + ENDS), talk.events());
    }

    @Test
    void dataOutsideAnyConnectionIsMidstreamTrafficNotAProbe() {
        talk.send(client(PSH | ACK, 0, 0).payload("GET / HTTP/1.1\r\n")).pass(100);
        talk.send(server(ACK, 0, 16)).pass(700);
        talk.send(server(RST, 0, 0));

        assertEquals(List.of(), talk.events());
    }

    @Test
    void loneDataOutsideAnyConnectionIsRejectedByReset() {
        talk.send(client(PSH | ACK, 0, 0).payload("GET /")).send(server(RST, 0, 0)).pass(700);

        assertEquals(List.of("strayRejected" + ENDS), talk.events());
    }

    @Test
    void loneDataOutsideAnyConnectionIsRejectedBySilence() {
        talk.send(client(PSH | ACK, 0, 0).payload("GET /")).pass(700);

        assertEquals(List.of("strayRejected" + ENDS), talk.events());
    }

    @Test
    void dataThatGoesOnInOneDirectionIsNotRejected() {
        talk.send(client(ACK, 0, 0).payload("one")).pass(50).send(client(ACK, 3, 0)).pass(700);

        assertEquals(List.of(), talk.events());
    }

    @Test
    void whatFollowsARejectedSegmentIsRejectedByEachReset() {
        talk.send(client(ACK, 0, 0)).send(server(RST, 0, 0));
        talk.events();

        talk.send(client(ACK, 0, 0)).send(server(RST, 0, 0));
        talk.send(client(ACK, 0, 0).payload("data")).send(server(RST, 0, 0)).pass(700);

        assertEquals(List.of("strayRejected" + ENDS, "strayRejected" + ENDS), talk.events());
    }

    @Test
    void whatTheServerSendsOutsideAnyConnectionIsNoProbe() {
        talk.send(server(ACK, 0, 0)).pass(10).send(client(ACK, 0, 0)).pass(700);

        assertEquals(List.of(), talk.events());
        assertTrue(talk.table().currentFromClient());
    }

    @Test
    void anAckOfDataSeenProvesAClientPickedUpMidstream() {
        talk.send(server(ACK, 100, 0).payload("12345678")).send(client(ACK, 0, 107));
        boolean before = talk.isProven(CLIENT);

        talk.send(client(ACK, 0, 108));

        assertFalse(before);
        assertTrue(talk.isProven(CLIENT));
    }

    @Test
    void midstreamPickUpCanBeOff() {
        talk =
                new Conversations(
                        1, new ConnectionTracker.Config(1024, Duration.ofMillis(500), false, 1024));

        talk.send(client(ACK, 0, 0)).send(server(ACK, 0, 0).payload("more"));
        talk.send(client(ACK, 0, 4)).pass(700);

        assertEquals(List.of("outsideConnection" + ENDS), talk.events());
        assertFalse(talk.table().isEstablished(talk.table().current()));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                FIN,
                FIN | PSH | URG,
                SYN | FIN,
                SYN | RST,
                PSH,
                URG,
                FIN | RST,
                SYN | FIN | ACK
            })
    void segmentsWithOddFlagsOpenCloseAndRejectNothing(int flags) {
        talk.send(client(flags, 0, 0)).pass(700);
        assertEquals(ConnectionTable.NONE, talk.table().current());
        open();
        talk.events();

        talk.send(client(flags, 1, 1)).send(server(flags, 1, 1)).pass(700);
        talk.send(client(ACK, 1, 1));

        assertEquals(List.of(), talk.events());
        assertTrue(talk.table().isEstablished(talk.table().current()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, FIN | PSH, FIN | URG, FIN | PSH | URG})
    void segmentsNoConnectionHasAreLookedUpForTheirDataAlone(int flags) {
        open();

        talk.send(client(flags, 1, 1));
        assertEquals(ConnectionTable.NONE, talk.table().current());

        talk.send(client(flags, 1, 1).payload("GET"));
        assertTrue(talk.table().isEstablished(talk.table().current()));
    }

    @Test
    void aSynAckNobodyAskedForIsTold() {
        talk.pass(1000);

        talk.send(server(SYN | ACK, 0, 0)).send(server(SYN | ACK, 0, 0)).pass(700);

        String told = "unaskedSynAck 198.51.100.2>192.0.2.1";
        assertEquals(List.of(told, told), talk.events());
    }

    /** A mirror port shows every frame twice, retransmits too. */
    @Test
    void theSecondCopyOfASynIsNoRepetition() {
        for (int i = 0; i < 3; i++) {
            talk.send(client(SYN, 0, 0)).send(client(SYN, 0, 0)).pass(1000);
        }

        assertEquals(
                List.of("attempted" + ENDS, "unanswered" + ENDS, "leftHalfOpen" + ENDS),
                talk.events());
    }

    @Test
    void aSynAckWhoseConnectionGoesOnWasAskedFor() {
        talk.pass(1000);

        talk.send(server(SYN | ACK, 0, 1)).pass(100).send(server(ACK, 1, 200)).pass(700);

        assertEquals(List.of(), talk.events());
    }

    @Test
    void aSynAckAtTheBeginningMayAnswerASynBeforeIt() {
        talk.send(server(SYN | ACK, 0, 1)).send(client(ACK, 1, 1)).pass(700);

        assertEquals(List.of(), talk.events());
        assertTrue(talk.table().isEstablished(talk.table().current()));
    }

    @Test
    void theClientsResetOfASynAckItNeverAskedForDoesNotHideTheNext() {
        talk.pass(1000).send(server(SYN | ACK, 0, 0)).send(client(RST, 0, 0)).pass(700);
        talk.events();

        talk.send(server(SYN | ACK, 0, 0));

        assertEquals(List.of("unaskedSynAck 198.51.100.2>192.0.2.1"), talk.events());
    }

    @Test
    void theTimeASegmentTakesCountsFromItsOwnSyn() {
        talk.send(client(SYN, 0, 0)).pass(31_000).events();

        talk.send(client(SYN, 0, 0)).pass(700);

        assertEquals(
                List.of("attempted" + ENDS, "unanswered" + ENDS, "leftHalfOpen" + ENDS),
                talk.events());
    }

    private void open() {
        talk.send(client(SYN, 0, 0)).send(server(SYN | ACK, 0, 1)).send(client(ACK, 1, 1));
    }

    private static FrameBuilder client(int flags, int seq, int ack) {
        return FrameBuilder.tcp(CLIENT, 40000, SERVER, 80)
                .flags(flags)
                .seq(CLIENT_ISN + seq)
                .ack((flags & ACK) == 0 ? 0 : SERVER_ISN + ack);
    }

    private static FrameBuilder server(int flags, int seq, int ack) {
        return FrameBuilder.tcp(SERVER, 80, CLIENT, 40000)
                .flags(flags)
                .seq(SERVER_ISN + seq)
                .ack((flags & ACK) == 0 ? 0 : CLIENT_ISN + ack);
    }
}
