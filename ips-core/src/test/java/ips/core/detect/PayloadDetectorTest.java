package ips.core.detect;

import static ips.core.detect.DetectorHarness.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayloadDetectorTest {
    private static final String CLIENT = "192.0.2.7";
    private static final String SERVER = "198.51.100.1";
    private static final String ATTACK =
            "GET /item?id=1%27%20UNION%20SELECT%20user,password%20FROM%20users--%20- HTTP/1.1\r\n"
                    + "Host: x\r\n\r\n";
    private static final String HONEST =
            "GET /search?q=select+the+best+union+jack&page=2 HTTP/1.1\r\nHost: x\r\n"
                    + "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nCookie: a=b\r\n\r\n";

    private final DetectorHarness harness = new DetectorHarness(PayloadDetector.Config.DEFAULTS);
    private int port = 40_000;
    private int sent;

    private PayloadDetectorTest handshake() {
        port++;
        sent = 0;
        client(999, 0, TcpFlags.SYN, "");
        server(8999, 1000, TcpFlags.SYN | TcpFlags.ACK);
        client(1000, 9000, TcpFlags.ACK, "");
        return this;
    }

    private void client(int seq, int ack, int flags, String data) {
        harness.pause(millis(1)).send(segment(seq, ack, flags, data));
    }

    private FrameBuilder segment(int seq, int ack, int flags, String data) {
        return FrameBuilder.tcp(CLIENT, port, SERVER, 80)
                .seq(seq)
                .ack(ack)
                .flags(flags)
                .payload(data);
    }

    private void server(int seq, int ack, int flags) {
        harness.pause(millis(1))
                .send(
                        FrameBuilder.tcp(SERVER, 80, CLIENT, port)
                                .seq(seq)
                                .ack(ack)
                                .flags(flags)
                                .window(65_535));
    }

    private PayloadDetectorTest send(String data) {
        client(1000 + sent, 9000, TcpFlags.ACK | TcpFlags.PSH, data);
        sent += data.length();
        return this;
    }

    @Test
    void bansASourceForOneCertainAttack() {
        handshake().send(ATTACK);

        List<Verdict> verdicts = harness.end();

        assertEquals(1, verdicts.size());
        Verdict verdict = verdicts.get(0);
        assertEquals(Kind.SQLI, verdict.kind());
        assertEquals(Action.BAN, verdict.action());
        assertEquals(BanScope.ALL, verdict.scope());
        assertEquals(CLIENT, verdict.source().toString());
        assertEquals(SERVER, verdict.destination().toString());
        assertEquals(80, verdict.port());
        assertEquals("id", verdict.evidence().values().get("name"));
    }

    @Test
    void staysSilentOnHonestRequests() {
        handshake();
        for (int i = 0; i < 50; i++) {
            send(HONEST);
        }

        assertEquals(List.of(), harness.end());
        assertEquals(50, harness.counters().get(Counter.HTTP_REQUESTS));
    }

    @Test
    void findsAnAttackInSegmentsOfOneByteSentBackwards() {
        handshake();
        for (int at = ATTACK.length() - 1; at >= 0; at--) {
            client(1000 + at, 9000, TcpFlags.ACK, ATTACK.substring(at, at + 1));
        }

        assertEquals(1, harness.end().size());
    }

    @Test
    void findsAnAttackBehindDecoysThatNeverArrive() {
        handshake();
        for (int at = 0; at < ATTACK.length(); at += 8) {
            String piece = ATTACK.substring(at, Math.min(at + 8, ATTACK.length()));
            String junk = "x".repeat(piece.length());
            harness.send(segment(1000 + at, 9000, TcpFlags.ACK, junk).ttl(1));
            harness.send(segment(1000 + at, 0, TcpFlags.PSH, junk));
            harness.send(segment(1000 + at + 0x1000_0000, 9000, TcpFlags.ACK, junk));
            client(1000 + at, 9000, TcpFlags.ACK, piece);
        }

        assertEquals(1, harness.end().size());
    }

    @Test
    void findsAnAttackMidstream() {
        port++;
        send(ATTACK);

        assertEquals(1, harness.end().size());
    }

    @Test
    void onlyAlertsWhileTheSourceIsNotProven() {
        port++;
        send(ATTACK);

        assertEquals(Action.ALERT, harness.end().get(0).action());
    }

    @Test
    void staysSilentOnAttackTextThatFormsNoRequest() {
        handshake().send("1' UNION SELECT user,password FROM users-- -\r\n");
        handshake().send(ATTACK.substring(0, ATTACK.length() - 2));

        assertEquals(List.of(), harness.end());
    }

    @Test
    void raisesOnceASecondWhileAttacksGoOn() {
        handshake();
        for (int i = 0; i < 250; i++) {
            harness.pause(millis(9));
            send(ATTACK);
        }

        List<Verdict> verdicts = harness.end();
        Verdict last = verdicts.get(verdicts.size() - 1);

        assertEquals(250, last.count());
        assertTrue(verdicts.size() >= 3 && verdicts.size() <= 5, "verdicts: " + verdicts.size());
    }

    @Test
    void findsAttacksInBodies() {
        String body = "{\"user\": {\"name\": \"x\\u0027 or \\u00271\\u0027=\\u00271\"}}";
        handshake()
                .send(
                        "POST /login HTTP/1.1\r\nContent-Type: application/json\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < body.length(); i++) {
            send("1\r\n" + body.charAt(i) + "\r\n");
        }
        send("0\r\n\r\n");

        List<Verdict> verdicts = harness.end();

        assertEquals(1, verdicts.size());
        assertEquals(Kind.SQLI, verdicts.get(0).kind());
    }
}
