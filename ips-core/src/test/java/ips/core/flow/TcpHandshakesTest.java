package ips.core.flow;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.RST;
import static ips.core.packet.TcpFlags.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IcmpHeader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections begin, or do not. */
class TcpHandshakesTest extends TcpDialogue {
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

        assertEquals(List.of("attempted" + ENDS, "unaskedError in doubt 192.0.2.1"), talk.events());
    }

    @Test
    void anIcmpErrorToSomebodyElseRefusesNothing() {
        FrameBuilder syn = client(SYN, 0, 0);
        talk.send(syn);

        talk.send(
                FrameBuilder.icmp("203.0.113.9", "192.0.2.77")
                        .icmpType(IcmpHeader.DESTINATION_UNREACHABLE, 1)
                        .quoting(syn, 8));

        assertEquals(List.of("attempted" + ENDS, "unaskedError 192.0.2.77"), talk.events());
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
}
