package ips.core.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.counter.Counter;
import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;

/** Segments that their receiver does not read: they hide nothing, and honest ones are read. */
class StreamDecoyTest {
    private static final int SYN_ACK = TcpFlags.SYN | TcpFlags.ACK;

    private final Conversation talk = new Conversation();

    @Test
    void hidesNothingBehindDecoysThatExpireOnTheWay() {
        talk.handshake()
                .sends(0, "xxxx", f -> f.ttl(1))
                .sends(0, "GET ")
                .sends(4, "yyyy", f -> f.ttl(1))
                .sends(4, "/id=");

        assertEquals("GET /id=", talk.heard());
        assertEquals(2, talk.count(Counter.STREAM_SEGMENTS_DOUBTFUL));
    }

    @Test
    void hidesNothingBehindDecoysThatExpireOneHopBeforeTheServer() {
        talk.handshake().sends(0, "xxxx", f -> f.ttl(63)).sends(0, "GET ");

        assertEquals("GET ", talk.heard());
    }

    @Test
    void hidesNothingBehindASynThatPromisesAHigherTtl() {
        talk.client(999, 0, TcpFlags.SYN, "", f -> f.ttl(250));
        talk.server(8999, 1000, SYN_ACK, "", f -> {});

        talk.sends(0, "xxxx", f -> f.ttl(40)).sends(0, "GET ", f -> f.ttl(50)).acknowledges(4);
        talk.sends(4, "yyyy", f -> f.ttl(40)).sends(4, "/id=", f -> f.ttl(50)).acknowledges(8);

        assertEquals("GET /id=", talk.heard());
    }

    @Test
    void hidesNothingBehindDecoysWithWrongChecksums() {
        talk.handshake()
                .sends(0, "xxxx", FrameBuilder::wrongChecksum)
                .sends(0, "GET ")
                .sends(4, "yyyy", FrameBuilder::wrongChecksum)
                .sends(4, "/id=");

        assertEquals("GET /id=", talk.heard());
    }

    @Test
    void readsAConnectionWhoseChecksumsAreAllWrongAsTheyAreBeforeTheNetworkCard() {
        talk.client(999, 0, TcpFlags.SYN, "", FrameBuilder::wrongChecksum);
        talk.server(8999, 1000, SYN_ACK, "", f -> {});

        talk.sends(0, "GET ", FrameBuilder::wrongChecksum);
        talk.sends(4, "/", FrameBuilder::wrongChecksum);

        assertEquals("GET /", talk.heard());
        assertEquals(0, talk.copied);
    }

    @Test
    void picksUpWrongChecksumsMidstreamOnceTheyAreAcknowledged() {
        talk.sends(0, "GET ", FrameBuilder::wrongChecksum).acknowledges(4);
        talk.sends(4, "/", FrameBuilder::wrongChecksum);

        assertEquals("GET /", talk.heard());
    }

    @Test
    void hidesNothingBehindDecoysWithoutAck() {
        talk.handshake()
                .client(1000, 0, TcpFlags.PSH, "xxxx", f -> {})
                .sends(0, "GET ")
                .client(1004, 0, TcpFlags.PSH, "yyyy", f -> {})
                .sends(4, "/id=");

        assertEquals("GET /id=", talk.heard());
    }

    @Test
    void hidesNothingBehindDecoysOutsideTheWindow() {
        talk.handshake();
        for (int i = 0; i < 20; i++) {
            talk.sends(4 * i + 0x1000_0000, "xxxx").sends(4 * i, "real");
        }

        assertEquals("real".repeat(20), talk.heard());
        assertEquals(20, talk.count(Counter.STREAM_SEGMENTS_OUTSIDE));
    }

    @Test
    void believesADoubtfulSegmentThatTheReceiverAcknowledges() {
        talk.handshake().sends(0, "GET ", f -> f.ttl(60));
        String before = talk.heard();

        talk.acknowledges(4).sends(4, "/id=", f -> f.ttl(60)); // the way is longer now

        assertEquals("", before);
        assertEquals("GET /id=", talk.heard());
        assertEquals(4, talk.count(Counter.STREAM_DOUBTFUL_BYTES_USED));
    }

    @Test
    void doesNotTakeAZeroWindowProbeForTheByteThatComesLater() {
        talk.handshake().sends(0, "abcd");
        talk.server(9000, 1004, TcpFlags.ACK, "", f -> f.window(0));
        // the window that was offered stays: use it up
        Conversation full = new Conversation();
        full.client(999, 0, TcpFlags.SYN, "", f -> {});
        full.server(8999, 1000, SYN_ACK, "", f -> f.window(4));

        full.sends(0, "abcd").sends(4, "x");
        full.server(9000, 1004, TcpFlags.ACK, "", f -> f.window(100));
        full.sends(4, "efgh");

        assertEquals("abcdefgh", full.heard());
    }

    @Test
    void hidesNothingBehindADecoyMidstream() {
        talk.sends(0x1000_0000, "junk").sends(0, "GET ").acknowledges(4).sends(4, "/");

        assertEquals("GET /", talk.heard());
    }

    @Test
    void aForgedResetHidesNothing() {
        talk.handshake().sends(0, "abcd");
        talk.client(1004 + 5000, 0, TcpFlags.RST, "", f -> {}).sends(4, "efgh");
        talk.client(1008, 0, TcpFlags.RST, "", f -> {}).ticks(5).sends(8, "ijkl").ticks(100);

        assertEquals("abcdefghijkl", talk.heard());
        assertEquals(0, talk.closed);
        assertEquals(2, talk.count(Counter.STREAM_RESETS_IGNORED));
    }

    @Test
    void hidesNothingBehindDecoysOlderThanTheLastTimestamp() {
        talk.client(999, 0, TcpFlags.SYN, "", f -> f.tcpOptions(Sent.timestamps(500, 0)));
        talk.server(8999, 1000, SYN_ACK, "", f -> f.tcpOptions(Sent.timestamps(70, 500)));

        talk.sends(0, "xxxx", f -> f.tcpOptions(Sent.timestamps(499, 70)));
        talk.sends(0, "GET ", f -> f.tcpOptions(Sent.timestamps(500, 70)));
        talk.sends(4, "yyyy", f -> f.tcpOptions(Sent.timestamps(-2_000_000_000, 70)));
        talk.sends(4, "/id=", f -> f.tcpOptions(Sent.timestamps(510, 70)));
        talk.sends(8, "zzzz").sends(8, "1", f -> f.tcpOptions(Sent.timestamps(510, 70)));

        assertEquals("GET /id=1", talk.heard());
        assertEquals(3, talk.count(Counter.STREAM_SEGMENTS_DOUBTFUL));
    }

    @Test
    void readsOldTimestampsOfAReceiverThatTakesThem() {
        talk.client(999, 0, TcpFlags.SYN, "", f -> f.tcpOptions(Sent.timestamps(500, 0)));
        talk.server(8999, 1000, SYN_ACK, "", f -> f.tcpOptions(Sent.timestamps(70, 500)));

        talk.sends(0, "GET ", f -> f.tcpOptions(Sent.timestamps(3, 70))).acknowledges(4);

        assertEquals("GET ", talk.heard());
    }

    @Test
    void manySegmentsByALongerWayMakeTheWayNoLonger() {
        talk.handshake();
        for (int at = 200; at > 0; at -= 4) {
            talk.sends(at, "abcd", f -> f.ttl(61));
        }
        talk.sends(0, "abcd").acknowledges(204);

        talk.sends(204, "xxxx", f -> f.ttl(20)).sends(204, "/id=");

        assertEquals("abcd".repeat(51) + "/id=", talk.heard());
    }

    @Test
    void aDecoyThatSeemsToArriveMakesNoOthersCredible() {
        talk.handshake().sends(0, "GET ", f -> f.ttl(3)).acknowledges(4); // the real one was missed

        talk.sends(4, "xxxx", f -> f.ttl(3)).sends(4, "/id=");

        assertEquals("GET /id=", talk.heard());
    }

    @Test
    void takesTheTimestampThatTheServerEchoes() {
        talk.client(999, 0, TcpFlags.SYN, "", f -> f.tcpOptions(Sent.timestamps(500, 0)));
        talk.server(8999, 1000, SYN_ACK, "", f -> f.tcpOptions(Sent.timestamps(70, 500)));
        talk.sends(0, "GET ", f -> f.tcpOptions(Sent.timestamps(900, 70)).ttl(60)); // doubted
        talk.server(9000, 1004, TcpFlags.ACK, "", f -> f.tcpOptions(Sent.timestamps(71, 900)));

        talk.sends(4, "xxxx", f -> f.tcpOptions(Sent.timestamps(700, 71)));
        talk.sends(4, "/id=", f -> f.tcpOptions(Sent.timestamps(901, 71)));

        assertEquals("GET /id=", talk.heard());
    }

    @Test
    void doesNotTakeATimestampFromADecoy() {
        talk.client(999, 0, TcpFlags.SYN, "", f -> f.tcpOptions(Sent.timestamps(500, 0)));
        talk.server(8999, 1000, SYN_ACK, "", f -> f.tcpOptions(Sent.timestamps(70, 500)));

        talk.sends(0, "xxxx", f -> f.tcpOptions(Sent.timestamps(9000, 70)).ttl(3));
        talk.sends(-900, "yyyy", f -> f.tcpOptions(Sent.timestamps(9000, 70)));
        talk.sends(0, "GET ", f -> f.tcpOptions(Sent.timestamps(501, 70)));

        assertEquals("GET ", talk.heard());
        assertEquals(0, talk.copied);
    }

    @Test
    void hidesNothingBehindDecoysThatAcknowledgeWhatWasNeverSent() {
        talk.handshake().answers(0, "hello");

        talk.client(1000, 9006, Conversation.DATA, "xxxx", f -> {});
        talk.client(1000, 9005, Conversation.DATA, "GET ", f -> {});
        talk.client(1004, 9000 - 70_000, Conversation.DATA, "yyyy", f -> {});
        talk.client(1004, 9005, Conversation.DATA, "/id=", f -> {});

        assertEquals("GET /id=", talk.heard());
        assertEquals(2, talk.count(Counter.STREAM_SEGMENTS_DOUBTFUL));
    }

    @Test
    void readsWhatAcknowledgesServersDataThatWasMissedOnceItIsAcknowledgedItself() {
        talk.handshake().answers(0, "hello");

        talk.client(1000, 9300, Conversation.DATA, "GET ", f -> {});
        talk.server(9300, 1004, TcpFlags.ACK, "", f -> {});

        assertEquals("GET ", talk.heard());
    }

    @Test
    void hidesNothingBehindSignedDecoys() {
        talk.handshake();

        talk.sends(0, "xxxx", f -> f.tcpOptions(Sent.signature())).sends(0, "GET ");

        assertEquals("GET ", talk.heard());
    }

    @Test
    void readsAConnectionThatIsSigned() {
        talk.client(999, 0, TcpFlags.SYN, "", f -> f.tcpOptions(Sent.signature()));
        talk.server(8999, 1000, SYN_ACK, "", f -> f.tcpOptions(Sent.signature()));

        talk.sends(0, "OPEN", f -> f.tcpOptions(Sent.signature()));

        assertEquals("OPEN", talk.heard());
        assertEquals(0, talk.copied);
    }

    @Test
    void hidesNothingBehindDecoysThatAreShorterThanTheySay() {
        talk.handshake();

        talk.sends(0, "xxxx", f -> f.totalLength(140)).sends(0, "GET ");

        assertEquals("GET ", talk.heard());
        assertEquals(0, talk.count(Counter.STREAM_GAPS));
    }

    @Test
    void hidesNothingBehindASynWithAWrongChecksum() {
        talk.client(999, 0, TcpFlags.SYN, "", f -> {});
        talk.client(999, 0, TcpFlags.SYN, "", FrameBuilder::wrongChecksum);
        talk.server(8999, 1000, SYN_ACK, "", f -> {});

        talk.sends(0, "xxxx", FrameBuilder::wrongChecksum).sends(0, "GET ");

        assertEquals("GET ", talk.heard());
    }

    @Test
    void hidesNothingBehindASynAmidstTheStream() {
        talk.handshake().sends(0, "GET /?id=1 UNI");

        talk.client(500_000, 0, TcpFlags.SYN, "", f -> f.ttl(2)).sends(14, "ON SELECT");

        assertEquals("GET /?id=1 UNION SELECT", talk.heard());
        assertEquals(1, talk.opened);
    }

    @Test
    void followsTheNextConnectionBetweenThePortsThoughTheEndOfTheFirstWasMissed() {
        talk.handshake().sends(0, "first");

        talk.client(500_000, 0, TcpFlags.SYN, "", f -> {});
        talk.server(70_000, 500_001, SYN_ACK, "", f -> {});
        talk.client(500_001, 70_001, Conversation.DATA, "xxxx", f -> f.ttl(5));
        talk.client(500_001, 70_001, Conversation.DATA, "second", f -> {});

        assertEquals("firstsecond", talk.heard());
        assertEquals(2, talk.opened);
        assertEquals(1, talk.closed);
    }

    @Test
    void followsTheNextConnectionThoughItsSynAckWasMissed() {
        talk.handshake().sends(0, "first").acknowledges(5);

        talk.client(500_000, 0, TcpFlags.SYN, "", f -> {});
        talk.client(500_001, 70_001, Conversation.DATA, "second", f -> {});
        talk.server(70_001, 500_007, TcpFlags.ACK, "", f -> {});
        talk.client(500_007, 70_001, Conversation.DATA, "third", f -> {});

        // what came before the server was heard is lost: it belonged to no stream then
        assertEquals("firstthird", talk.heard());
    }

    @Test
    void followsTheNextConnectionWhereTheServerIsNotSeen() {
        talk.client(999, 0, TcpFlags.SYN, "", f -> {}).sends(0, "first").ticks(6);

        talk.client(500_000, 0, TcpFlags.SYN, "", f -> {});
        talk.client(500_001, 70_001, Conversation.DATA, "second", f -> {}).ticks(6);

        assertEquals("firstsecond", talk.heard());
    }

    @Test
    void aSynThatComesAgainLateBeginsNothing() {
        talk.handshake().sends(0, "GET ");

        talk.client(999, 0, TcpFlags.SYN, "", f -> {});
        talk.server(8999, 1000, SYN_ACK, "", f -> {}).sends(4, "/");

        assertEquals("GET /", talk.heard());
        assertEquals(1, talk.opened);
    }
}
