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

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of connections, and of segments that belong to none. */
class TcpConnectionsTest extends TcpDialogue {
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
                        1,
                        new ConnectionTracker.Config(
                                1024, Duration.ofMillis(500), false, 1024, false));

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
}
