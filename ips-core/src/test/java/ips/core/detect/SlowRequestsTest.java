package ips.core.detect;

import static ips.core.detect.DetectorHarness.millis;
import static ips.core.detect.DetectorHarness.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many connections of one client to one server, all in step. */
class SlowRequestsTest {
    private static final String CLIENT = "192.0.2.7";
    private static final String SERVER = "198.51.100.1";
    private static final String HALF = "GET /?1 HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0\r\n";
    private static final String POST =
            "POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 4096\r\n\r\n";

    private static final class Connection {
        final int port;
        int sent = 1000;
        int answered = 9000;

        Connection(int port) {
            this.port = port;
        }
    }

    private DetectorHarness harness = new DetectorHarness(PayloadDetector.Config.DEFAULTS);
    private final List<Connection> connections = new ArrayList<>();

    private SlowRequestsTest open(int count) {
        for (int i = 0; i < count; i++) {
            Connection connection = new Connection(20_000 + connections.size());
            connections.add(connection);
            harness.pause(millis(1)).send(client(connection, TcpFlags.SYN, "").seq(999).ack(0));
            harness.send(server(connection, TcpFlags.SYN | TcpFlags.ACK, "").seq(8999).ack(1000));
            harness.send(client(connection, TcpFlags.ACK, ""));
        }
        return this;
    }

    private static FrameBuilder client(Connection connection, int flags, String data) {
        return FrameBuilder.tcp(CLIENT, connection.port, SERVER, 80)
                .seq(connection.sent)
                .ack(connection.answered)
                .flags(flags)
                .payload(data);
    }

    private static FrameBuilder server(Connection connection, int flags, String data) {
        return FrameBuilder.tcp(SERVER, 80, CLIENT, connection.port)
                .seq(connection.answered)
                .ack(connection.sent)
                .flags(flags)
                .window(65_535)
                .payload(data);
    }

    private SlowRequestsTest send(String data) {
        for (Connection connection : connections) {
            harness.send(client(connection, TcpFlags.ACK | TcpFlags.PSH, data));
            connection.sent += data.length();
            harness.send(server(connection, TcpFlags.ACK, ""));
        }
        return this;
    }

    private SlowRequestsTest answer(String data) {
        for (Connection connection : connections) {
            harness.send(server(connection, TcpFlags.ACK | TcpFlags.PSH, data));
            connection.answered += data.length();
        }
        return this;
    }

    private SlowRequestsTest pause(int seconds) {
        for (int i = 0; i < seconds; i++) {
            harness.pause(seconds(1)).send(FrameBuilder.udp("192.0.2.99", 1, "192.0.2.98", 2));
        }
        return this;
    }

    private SlowRequestsTest trickle(String data, int times, int seconds) {
        for (int i = 0; i < times; i++) {
            send(data).pause(seconds);
        }
        return this;
    }

    private void assertSilent() {
        assertEquals(List.of(), harness.end());
    }

    @Test
    void bansAProvenSourceOfManyUnfinishedHeads() {
        open(50).send(HALF).pause(8);
        assertEquals(List.of(), harness.verdicts());

        send("X-a: b\r\n").pause(4);

        Verdict verdict = harness.verdicts().get(0);
        assertEquals(Kind.SLOW_HTTP, verdict.kind());
        assertEquals(Action.BAN, verdict.action());
        assertEquals(BanScope.ALL, verdict.scope());
        assertEquals(CLIENT, verdict.source().toString());
        assertEquals(SERVER, verdict.destination().toString());
        assertEquals(80, verdict.port());
        assertEquals(50, verdict.count());
        assertEquals("unfinished heads", verdict.evidence().values().get("counted"));
    }

    /** More than there is room for to gather heads in. */
    @Test
    void countsHeadsThatWereLetGoForOthers() {
        open(1000).send(HALF).pause(5).trickle("X-a: b\r\n", 3, 5);

        List<Verdict> verdicts = harness.verdicts();
        assertEquals(1000, verdicts.get(verdicts.size() - 1).count());
    }

    @Test
    void findsLinesThatAreNotEvenFinished() {
        open(60).send("GET /aaaaaaaa").trickle("a", 5, 3);

        assertFalse(harness.verdicts().isEmpty());
    }

    @Test
    void toleratesFewerThanTheThreshold() {
        open(49).send(HALF).trickle("X-a: b\r\n", 20, 5);

        assertSilent();
    }

    @Test
    void isOffWithAThresholdOfZero() {
        PayloadDetector.Config d = PayloadDetector.Config.DEFAULTS;
        SlowRequests.Config never = new SlowRequests.Config(0, d.slow().head(), d.slow().body());
        harness = new DetectorHarness(d.withSlow(never));

        open(200).send(HALF).trickle("X-a: b\r\n", 10, 5);

        assertSilent();
    }

    @Test
    void toleratesConnectionsThatAreIdle() {
        open(400).pause(120).send(HALF + "\r\n").answer("HTTP/1.1 204 No\r\n\r\n").pause(120);

        assertSilent();
    }

    @Test
    void toleratesLongPollsAndWebSockets() {
        open(200).send(HALF + "\r\n").pause(90).answer("HTTP/1.1 204 No\r\n\r\n");
        send(HALF + "Upgrade: websocket\r\nConnection: upgrade\r\n\r\n");
        answer("HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
        trickle("\u0081\u0005hello", 20, 5);

        assertSilent();
    }

    @Test
    void toleratesUploadsThatMoveAndHeadsThatCameCut() {
        open(100).send("POST /form HTTP/1.1\r\nHost: x\r\n").pause(3);
        send("Content-Length: 1000000\r\n\r\n").trickle("x".repeat(1000), 60, 2);

        assertSilent();
    }

    @Test
    void beginsAnewWithEachRequest() {
        open(60).send(HALF).trickle("\r\n" + HALF, 20, 5);

        assertSilent();
    }

    @Test
    void toleratesHeadsBegunWhileTheServerStillAnswers() {
        open(60).send(HALF);
        for (int i = 0; i < 20; i++) {
            answer("HTTP/1.1 200 Ok\r\nContent-Length: 9\r\n\r\n123456789").pause(5);
        }

        assertSilent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOGIN somebody", "\u0016\u0003\u0001\u0002", "SUBSCRIBE news"})
    void toleratesOtherProtocols(String first) {
        open(200).send(first).trickle("x", 20, 5);

        assertSilent();
    }

    @Test
    void tellsOfSlowBodiesAndBansNobody() {
        open(60).send(POST).trickle("x=1&", 5, 5);
        assertEquals(List.of(), harness.verdicts());

        trickle("x=1&", 5, 5);

        assertFalse(harness.verdicts().isEmpty());
        for (Verdict verdict : harness.end()) {
            assertEquals(Action.ALERT, verdict.action());
            assertEquals("slow bodies", verdict.evidence().values().get("counted"));
        }
    }

    @Test
    void stopsWhenTheClientHasLeft() {
        open(60).send(HALF).pause(80);
        int told = harness.verdicts().size();
        assertTrue(told > 0);

        pause(120);

        assertEquals(told, harness.end().size());
    }

    @Test
    void stopsWhenTheConnectionsEnd() {
        open(60).send(HALF).pause(9);
        for (Connection connection : connections) {
            harness.send(client(connection, TcpFlags.FIN | TcpFlags.ACK, ""));
            connection.sent++;
            harness.send(server(connection, TcpFlags.FIN | TcpFlags.ACK, ""));
        }
        pause(30);

        assertSilent();
    }

    @Test
    void onlyAlertsWhileTheSourceIsNotProven() {
        for (int i = 0; i < 60; i++) {
            connections.add(new Connection(20_000 + i));
        }
        for (Connection connection : connections) {
            harness.send(client(connection, TcpFlags.ACK | TcpFlags.PSH, HALF));
            connection.sent += HALF.length();
        }
        pause(30);

        for (Verdict verdict : harness.verdicts()) {
            assertEquals(Action.ALERT, verdict.action());
        }
        assertFalse(harness.end().isEmpty());
    }
}
