package ips.core.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;

class StreamReassemblerTest {
    private static final int SYN_ACK = TcpFlags.SYN | TcpFlags.ACK;
    private static final int FIN_ACK = TcpFlags.FIN | TcpFlags.ACK;

    private final Conversation talk = new Conversation();

    @Test
    void tellsDataInOrderFromTheFrameItself() {
        talk.handshake().sends(0, "GET ").sends(4, "/ HTTP").answers(0, "200").answers(3, " OK");

        assertEquals("GET / HTTP", talk.heard());
        assertEquals("200 OK", talk.heardFromServer());
        assertEquals(0, talk.copied);
        assertEquals(1, talk.opened);
    }

    @Test
    void putsSegmentsOfOneByteInReverseInOrder() {
        String text = "GET /?id=1%20or%201=1 HTTP/1.1";
        talk.handshake();

        for (int i = text.length() - 1; i >= 0; i--) {
            talk.sends(i, text.substring(i, i + 1));
        }

        assertEquals(text, talk.heard());
    }

    @Test
    void keepsSequenceAcrossTheWrap() {
        Conversation wrap = new Conversation(-3, 2, StreamConfig.DEFAULTS.perWorker(16));

        wrap.handshake().sends(4, "ef").sends(2, "cd").sends(0, "ab");

        assertEquals("abcdef", wrap.heard());
    }

    @Test
    void keepsTheFirstBytesOfOverlapsThatDisagree() {
        talk.handshake().sends(4, "EFGH").sends(2, "cdefgh").sends(0, "ab").sends(6, "ghIJ");

        assertEquals("abcdEFGHIJ", talk.heard());
        assertEquals(1, talk.count(Counter.STREAM_OVERLAP_CONFLICTS));
    }

    @Test
    void noticesThatARepeatedSegmentHoldsOtherBytes() {
        talk.handshake().sends(0, "select 1 from x").sends(0, "select 1 from x");
        long before = talk.count(Counter.STREAM_OVERLAP_CONFLICTS);

        talk.sends(0, "abcdef 1 from x");

        assertEquals(0, before);
        assertEquals(1, talk.count(Counter.STREAM_OVERLAP_CONFLICTS));
        assertEquals(2, talk.count(Counter.STREAM_SEGMENTS_REPEATED));
        assertEquals("select 1 from x", talk.heard());
    }

    @Test
    void ignoresKeepAlives() {
        talk.handshake().sends(0, "abcd").sends(3, "\0").sends(3, "").sends(4, "efgh");

        assertEquals("abcdefgh", talk.heard());
        assertEquals(0, talk.count(Counter.STREAM_OVERLAP_CONFLICTS));
    }

    @Test
    void givesUpAHoleThatTheReceiverHasOnceMoreDataComes() {
        talk.handshake().sends(0, "abcd").acknowledges(8);
        String before = talk.heard();

        talk.sends(8, "ijkl");

        assertEquals("abcd", before);
        assertEquals("abcd<4>ijkl", talk.heard());
        assertEquals(4, talk.count(Counter.STREAM_GAP_BYTES));
    }

    @Test
    void givesUpAnAcknowledgedHoleAtTheSecondTick() {
        talk.handshake().sends(4, "efgh").acknowledges(8).ticks(1);
        String first = talk.heard();

        talk.ticks(1);

        assertEquals("", first);
        assertEquals("<4>efgh", talk.heard());
    }

    @Test
    void waitsForAHoleAsLongAsTheReceiverDoes() {
        talk.handshake().sends(4, "efgh").acknowledges(0).ticks(1000).sends(0, "abcd");

        assertEquals("abcdefgh", talk.heard());
    }

    @Test
    void givesUpHolesByTimeWhereAcknowledgmentsAreNotSeen() {
        talk.sends(0, "abcd").sends(8, "ijkl").ticks(31);

        assertEquals("abcd<4>ijkl", talk.heard());
    }

    @Test
    void resumesBehindALongLossWhereAcknowledgmentsAreNotSeen() {
        talk.sends(0, "abcd").ticks(6);
        for (int i = 0; i < 10; i++) {
            talk.sends(2_000_000 + 4 * i, "wxyz");
        }

        assertEquals(
                "abcd<1999996>..".replace("<1999996>..", "<2000024>wxyzwxyzwxyz"), talk.heard());
    }

    @Test
    void picksUpMidstreamWithEitherEndFirst() {
        talk.answers(0, "200").sends(0, "GET /");

        assertEquals("GET /", talk.heard());
        assertEquals("200", talk.heardFromServer());
    }

    @Test
    void picksUpMidstreamWhereTheLastSegmentComesFirst() {
        talk.sends(8, "ijkl").sends(4, "efgh").acknowledges(0).sends(0, "abcd");

        assertEquals("abcdefghijkl", talk.heard());
    }

    @Test
    void believesWhatItSeesMidstreamIfNothingIsAcknowledged() {
        talk.sends(4, "efgh").sends(0, "abcd").ticks(6).sends(8, "ijkl");

        assertEquals("abcdefghijkl", talk.heard());
    }

    @Test
    void waitsForNoAcknowledgmentForeverMidstream() {
        for (int i = 0; i < 40; i++) {
            talk.sends(4 * i, "abcd");
        }

        assertEquals("abcd".repeat(40), talk.heard());
    }

    @Test
    void tellsDataOfASynOnceItIsAcknowledged() {
        talk.client(999, 0, TcpFlags.SYN, "GET ", f -> {});
        String before = talk.heard();
        talk.server(8999, 1004, SYN_ACK, "", f -> {}).sends(4, "/");

        assertEquals("", before);
        assertEquals("GET /", talk.heard());
    }

    @Test
    void takesRefusedDataOfASynWhenItComesAgain() {
        talk.client(999, 0, TcpFlags.SYN, "junk", f -> {});
        talk.server(8999, 1000, SYN_ACK, "", f -> {}).sends(0, "GET /");

        assertEquals("GET /", talk.heard());
    }

    @Test
    void followsASimultaneousOpen() {
        talk.client(999, 0, TcpFlags.SYN, "", f -> {});
        talk.server(8999, 0, TcpFlags.SYN, "", f -> {});
        talk.client(999, 9000, SYN_ACK, "", f -> {});
        talk.server(8999, 1000, SYN_ACK, "", f -> {});

        talk.sends(0, "abcd").answers(0, "wxyz");

        assertEquals("abcd", talk.heard());
        assertEquals("wxyz", talk.heardFromServer());
    }

    @Test
    void endsWithBothFins() {
        talk.handshake().sends(0, "abcd");
        talk.client(1004, 9000, FIN_ACK, "", f -> {});
        int half = talk.closed;
        talk.server(9000, 1005, FIN_ACK, "bye", f -> {});

        assertEquals(0, half);
        assertEquals(1, talk.closed);
        talk.sends(0, "late").sends(4, "late");
        assertEquals("abcd", talk.heard());
    }

    @Test
    void aFinAheadOfMissingDataEndsNothingYet() {
        talk.handshake().server(9000, 1000, FIN_ACK, "", f -> {});
        talk.client(1008, 9001, FIN_ACK, "", f -> {}).sends(4, "efgh");
        int early = talk.closed;

        talk.sends(0, "abcd");

        assertEquals(0, early);
        assertEquals("abcdefgh", talk.heard());
        assertEquals(1, talk.closed);
    }

    @Test
    void endsAStreamSomeTimeAfterAReset() {
        talk.handshake().sends(0, "abcd").client(1004, 0, TcpFlags.RST, "", f -> {}).ticks(30);

        assertEquals(1, talk.closed);
    }

    @Test
    void tellsNothingMoreOfAStreamThatIsIgnored() {
        talk.handshake().sends(0, "abcd");

        talk.reassembler.ignore(talk.lastStream);
        talk.sends(4, "efgh");

        assertEquals("abcd", talk.heard());
    }

    @Test
    void endsTheStreamOfAForgottenConnection() {
        talk.handshake().sends(0, "abcd").sends(8, "ijkl");

        talk.reassembler.forgotten(Conversation.CONNECTION);

        assertEquals("abcd<4>ijkl", talk.heard());
        assertEquals(1, talk.closed);
        assertEquals(0, talk.connections.stream(Conversation.CONNECTION));
    }

    @Test
    void tellsWhatIsHeldAtTheEnd() {
        talk.handshake().sends(0, "abcd").sends(8, "ijkl").reassembler.end();

        assertEquals("abcd<4>ijkl", talk.heard());
        assertEquals(1, talk.closed);
    }

    @Test
    void keepsUrgentDataInItsPlace() {
        talk.handshake()
                .sends(0, "abXcd", f -> f.urgent(3).flags(Conversation.DATA | TcpFlags.URG));

        assertEquals("abXcd", talk.heard());
    }

    @Test
    void dropsWhatLiesFurtherBehindAHoleThanIsHeld() {
        StreamConfig small = new StreamConfig(64, 64 << 10, 4096);
        Conversation tight = new Conversation(1000, 9000, small);
        tight.handshake();

        for (int at = 1000; at < 9000; at += 1000) {
            tight.sends(at, "x".repeat(1000));
        }
        tight.sends(0, "y".repeat(1000));

        assertEquals("y".repeat(1000) + "x".repeat(3096), tight.heard());
        assertTrue(tight.count(Counter.STREAM_SEGMENTS_OUTSIDE) >= 4);
    }
}
