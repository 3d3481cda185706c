package ips.core.detect;

import static ips.core.detect.DetectorHarness.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.Cidr;
import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadDetectorTest {
    private static final String CLIENT = "192.0.2.7";
    private static final String SERVER = "198.51.100.1";
    private static final String ATTACK =
            "GET /item?id=1%27%20UNION%20SELECT%20user,password%20FROM%20users--%20- HTTP/1.1\r\n"
                    + "Host: x\r\n\r\n";
    private static final String HONEST =
            "GET /search?q=select+the+best+union+jack&page=2 HTTP/1.1\r\nHost: x\r\n"
                    + "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nCookie: a=b\r\n\r\n";

    private DetectorHarness harness = new DetectorHarness(PayloadDetector.Config.DEFAULTS);
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
    void findsAnAttackAroundAForgedEndAndBeginning() {
        for (int flags : new int[] {TcpFlags.RST, TcpFlags.FIN | TcpFlags.ACK}) {
            handshake().send(ATTACK.substring(0, 20));
            harness.send(segment(1020, 9000, flags, "").ttl(1));
            harness.pause(millis(900)).send(segment(70_000, 0, TcpFlags.SYN, "").ttl(1));
            send(ATTACK.substring(20));
        }

        List<Verdict> verdicts = harness.end();
        assertEquals(2, verdicts.get(verdicts.size() - 1).count());
        assertEquals(Kind.SQLI, verdicts.get(0).kind());
        assertEquals(2, harness.counters().get(Counter.HTTP_REQUESTS));
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

    @Test
    void countsARequestOnceThoughHeadAndBodyBothAttack() {
        String body = "id=1%27%20UNION%20SELECT%20user,password%20FROM%20users--%20-";
        handshake()
                .send(
                        ATTACK.replace("GET", "POST")
                                .replace(
                                        "\r\n\r\n",
                                        "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                                + "Content-Length: "
                                                + body.length()
                                                + "\r\n\r\n"))
                .send(body);

        List<Verdict> verdicts = harness.end();

        assertEquals(1, verdicts.size());
        assertEquals(1, verdicts.get(0).count());
    }

    @Test
    void doesNotWaitForTheBodyOfARequestBeyondDoubt() {
        handshake().send(ATTACK.replace("\r\n\r\n", "\r\nContent-Length: 9\r\n\r\n"));

        assertEquals(1, harness.verdicts().size());
    }

    private PayloadDetectorTest with(
            List<PayloadException.Judged> off, List<PayloadException> exceptions) {
        PayloadDetector.Config d = PayloadDetector.Config.DEFAULTS;
        harness =
                new DetectorHarness(
                        new PayloadDetector.Config(
                                d.enabled(),
                                d.preset(),
                                d.doubtful(),
                                d.window(),
                                off,
                                exceptions,
                                d.streams(),
                                d.http(),
                                d.slow()));
        return this;
    }

    private static PayloadException exception(String path, String parameter, String from) {
        return new PayloadException(
                path,
                parameter,
                List.of(PayloadException.Judged.SQLI),
                from.isEmpty() ? List.of() : List.of(Cidr.parse(from)));
    }

    @Test
    void asksNoJudgeThatIsSwitchedOff() {
        with(List.of(PayloadException.Judged.SQLI), List.of()).handshake().send(ATTACK);

        assertEquals(List.of(), harness.end());
    }

    @ParameterizedTest
    @CsvSource({
        "/item, id, '', 0",
        "/item, *, '', 0",
        "/it*, id, 192.0.2.0/24, 0",
        "*, id, '', 0",
        "/items, id, '', 1",
        "/item, name, '', 1",
        "/item, id, 198.51.100.0/24, 1",
        "/item, id, 2001:db8::/32, 1",
    })
    void keepsSilentWhereAnExceptionHolds(
            String path, String parameter, String from, int expected) {
        with(List.of(), List.of(exception(path, parameter, from))).handshake().send(ATTACK);

        assertEquals(expected, harness.end().size());
    }

    @Test
    void anExceptionForAPrefixHoldsForNoPathThatClimbs() {
        for (String path : List.of("/a/../item", "/a/%2e%2e/item", "/a/..%2fitem", "/a/%252e./i")) {
            with(List.of(), List.of(exception("/a/*", "*", "")))
                    .handshake()
                    .send(ATTACK.replace("/item", path));

            assertEquals(1, harness.end().size(), path);
        }
    }

    @Test
    void anExceptionForTheHeadHoldsForTheBody() {
        String body = "id=1%27%20UNION%20SELECT%20user,password%20FROM%20users--%20-";
        with(List.of(), List.of(exception("/item", "id", "")))
                .handshake()
                .send(
                        "POST /item HTTP/1.1\r\nContent-Length: "
                                + body.length()
                                + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
                                + body);

        assertEquals(List.of(), harness.end());
    }
}
