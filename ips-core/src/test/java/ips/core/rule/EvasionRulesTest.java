package ips.core.rule;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.FIN;
import static ips.core.packet.TcpFlags.PSH;
import static ips.core.packet.TcpFlags.RST;
import static ips.core.packet.TcpFlags.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an attacker sends so that rules do not see the request that the server reads: it is in two
 * segments, and comes behind segments which the server takes otherwise than it seems.
 */
class EvasionRulesTest {
    private static final String FIRST = "GET /ev";
    private static final String SECOND = "il HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String EVIL = FIRST + SECOND;
    private static final String GOOD = "GET /good HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int WINDOW = 8192;

    private final RuleTraffic traffic =
            RuleTraffic.of(
                    "alert http any any -> any any (http.uri; content:\"evil\"; flow:established;)");

    private static FrameBuilder segment(
            boolean toServer, int flags, int seq, int ack, String data) {
        return (toServer
                        ? FrameBuilder.tcp(RuleTraffic.CLIENT, 40_000, RuleTraffic.SERVER, 80)
                        : FrameBuilder.tcp(RuleTraffic.SERVER, 80, RuleTraffic.CLIENT, 40_000))
                .flags(flags)
                .seq(seq)
                .ack(ack)
                .window(WINDOW)
                .payload(data.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void client(int flags, int seq, int ack, String data) {
        traffic.frame(segment(true, flags, seq, ack, data));
    }

    private void server(int flags, int seq, int ack, String data) {
        traffic.frame(segment(false, flags, seq, ack, data));
    }

    private void open(int client, int server) {
        client(SYN, client, 0, "");
        server(SYN | ACK, server, client + 1, "");
        client(ACK, client + 1, server + 1, "");
    }

    /** The attack from these sequence numbers on. */
    private void attack(int client, int server) {
        int middle = client + FIRST.length();
        int end = client + EVIL.length();
        client(ACK | PSH, client, server, FIRST);
        server(ACK, server, middle, "");
        client(ACK | PSH, middle, server, SECOND);
        server(ACK, server, end, "");
        client(ACK, end, server, "");
        traffic.end();
    }

    private void attackAnew(int client, int server) {
        open(client, server);
        attack(client + 1, server + 1);
    }

    private void assertSeen() {
        assertEquals(1, traffic.count(1));
    }

    @Test
    void behindAResetThatDoesNotArrive() {
        open(1000, 5000);
        client(RST, 1001, 0, "");
        attack(1001, 5001);
        assertSeen();
    }

    /** Its first byte comes alone, and would be a keep-alive's where the reset counted. */
    @Test
    void ofTheServerBehindAResetThatDoesNotArrive() {
        RuleTraffic answers =
                RuleTraffic.of(
                        "alert tcp any any -> any any (content:\"HTTP/1.1 200 OK\";"
                                + " flow:established,to_client;)");
        int next = 1001 + GOOD.length();
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";
        int end = 5001 + answer.length();
        for (FrameBuilder each :
                List.of(
                        segment(true, SYN, 1000, 0, ""),
                        segment(false, SYN | ACK, 5000, 1001, ""),
                        segment(true, ACK, 1001, 5001, ""),
                        segment(true, RST | ACK, 1001, 5002, "").window(0),
                        segment(true, ACK | PSH, 1001, 5001, GOOD),
                        segment(false, ACK, 5001, next, ""),
                        segment(false, ACK, 5001, next, answer.substring(0, 1)),
                        segment(true, ACK, next, 5002, ""),
                        segment(false, ACK, 5002, next, answer.substring(1)),
                        segment(true, ACK, next, end, ""))) {
            answers.frame(each);
        }

        assertEquals(1, answers.end().count(1));
    }

    @Test
    void behindAResetFarOutsideWhereBytesWereLost() {
        open(1000, 5000);
        client(ACK, 1001, 5001, GOOD);
        int next = 1001 + GOOD.length();
        server(ACK, 5001, next, "");
        client(ACK, next + 2, 5001, "\r\n");
        server(ACK, 5001, next + 4, "");
        client(RST, 777_777_777, 0, "");
        attack(next + 4, 5001);
        assertSeen();
    }

    @Test
    void overThePortsOfOneResetBeforeItWasOpen() {
        client(SYN, 1000, 0, "");
        server(SYN | ACK, 5000, 1001, "");
        client(RST, 1001, 0, "");
        attackAnew(1000, 9000);
        assertSeen();
    }

    @Test
    void overThePortsOfOneClosedBeforeItWasOpen() {
        client(SYN, 1000, 0, "");
        server(SYN | ACK, 5000, 1001, "");
        client(FIN | ACK, 1001, 5001, "good");
        server(FIN | ACK, 5001, 1006, "");
        client(ACK, 1006, 5002, "");
        attackAnew(1000, 9000);
        assertSeen();
    }

    @Test
    void overThePortsOfOneResetWithAWrongAcknowledgment() {
        open(1000, 5000);
        client(RST | ACK, 1001, 77_777, "");
        attackAnew(500_000, 900_000);
        assertSeen();
    }

    @Test
    void overThePortsOfOneWhoseFinBringsAByteAgain() {
        open(1000, 5000);
        client(ACK, 1001, 5001, "good");
        server(ACK, 5001, 1005, "");
        server(FIN | ACK, 5001, 1005, "");
        client(ACK, 1005, 5002, "");
        client(FIN | ACK, 1004, 5002, "d");
        server(ACK, 5002, 1006, "");
        attackAnew(500_000, 900_000);
        assertSeen();
    }

    @Test
    void overThePortsOfOneWhoseLastAcknowledgmentIsNotSeen() {
        open(1000, 5000);
        server(FIN | ACK, 5001, 1001, "");
        client(ACK, 1001, 5002, "");
        client(FIN | ACK, 1001, 5002, "");
        attackAnew(90_000, 70_000);
        assertSeen();
    }

    @Test
    void withAFinThatBringsAllOnceMore() {
        open(1000, 5000);
        client(ACK, 1001, 5001, FIRST);
        server(ACK, 5001, 1001 + FIRST.length(), "");
        client(FIN | ACK, 1001, 5001, EVIL);
        int end = 1001 + EVIL.length();
        server(ACK, 5001, end + 1, "");
        server(FIN | ACK, 5001, end + 1, "");
        client(ACK, end + 1, 5002, "");
        traffic.end();
        assertSeen();
    }

    @Test
    void withAnOldAcknowledgmentAndASmallWindow() {
        open(1000, 5000);
        client(ACK, 1001, 5001, GOOD);
        int next = 1001 + GOOD.length();
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        server(ACK, 5001, next, head + "x".repeat(1000));
        int read = 5001 + head.length() + 1000;
        client(ACK, next, read, "");
        traffic.frame(segment(true, ACK, next, read, "").window(10));
        traffic.frame(segment(true, ACK, next, 5001, FIRST).window(10));
        server(ACK, read, next + FIRST.length(), "");
        traffic.frame(segment(true, ACK, next + FIRST.length(), 5001, SECOND).window(10));
        server(ACK, read, next + EVIL.length(), "");
        client(ACK, next + EVIL.length(), read, "");
        traffic.end();
        assertSeen();
    }

    @Test
    void behindMoreOpeningsThanAreKept() {
        for (int i = 1; i <= 12; i++) {
            client(SYN, 100_000 * i, 0, "");
        }
        attackAnew(7_000_000, 900_000);
        assertSeen();
    }

    @Test
    void behindDataOfAnOpeningThatTheServerIgnores() {
        int[] fastOpen = {34, 2, 1, 1};
        traffic.frame(segment(true, SYN, 1000, 0, GOOD).tcpOptions(fastOpen));
        server(SYN | ACK, 5000, 1001, "");
        client(ACK, 1001, 5001, "");
        attack(1001, 5001);
        assertSeen();
    }

    @Test
    void behindAnOpeningSentTwiceWithTwoTimestamps() {
        timed(true, SYN, 1000, 0, "", 100, 0);
        timed(true, SYN, 1000, 0, "", 1100, 0);
        timed(false, SYN | ACK, 5000, 1001, "", 900, 100);
        timed(true, ACK, 1001, 5001, "", 1101, 900);
        timed(true, ACK, 1001, 5001, EVIL, 1102, 900);
        timed(false, ACK, 5001, 1001 + EVIL.length(), "", 901, 1102);
        traffic.end();
        assertSeen();
    }

    @Test
    void behindATimestampThatTheServerDoesNotKeep() {
        int middle = 1001 + FIRST.length();
        int end = 1001 + EVIL.length();
        timed(true, SYN, 1000, 0, "", 100, 0);
        timed(false, SYN | ACK, 5000, 1001, "", 900, 100);
        timed(true, ACK, 1001, 5001, "", 101, 900);
        timed(true, ACK, middle, 5001, SECOND, 102, 900);
        timed(true, ACK, end, 5001, "", 1 << 30, 900);
        timed(true, ACK, 1001, 5001, FIRST, 103, 900);
        timed(false, ACK, 5001, end, "", 901, 103);
        traffic.end();
        assertSeen();
    }

    private void timed(
            boolean toServer, int flags, int seq, int ack, String data, int time, int echoed) {
        int[] options = {1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0};
        for (int i = 0; i < 4; i++) {
            options[4 + i] = time >>> 24 - 8 * i & 0xff;
            options[8 + i] = echoed >>> 24 - 8 * i & 0xff;
        }
        traffic.frame(segment(toServer, flags, seq, ack, data).tcpOptions(options));
    }

    /** Bytes that came before those in front of them follow right behind them all the same. */
    @ParameterizedTest
    @CsvSource({"0 1 2 3", "1 0 2 3", "0 2 1 3", "2 1 0 3", "3 2 1 0", "1 3 0 2", "3 1 2 0"})
    void findsWhatLiesAcrossSegmentsOutOfOrder(String order) {
        for (boolean inline : new boolean[] {false, true}) {
            String rule = "alert tcp any any -> any any (content:\"abcdefgh\"; sid:1;)";
            RuleTraffic shown = inline ? RuleTraffic.inline(rule) : RuleTraffic.of(rule);
            shown.frame(segment(true, SYN, 999, 0, ""));
            shown.frame(segment(false, SYN | ACK, 4999, 1000, ""));
            shown.frame(segment(true, ACK, 1000, 5000, ""));

            for (String number : order.split(" ")) {
                int at = 2 * Integer.parseInt(number);
                String part = "abcdefgh".substring(at, at + 2);
                shown.frame(segment(true, ACK | PSH, 1000 + at, 5000, part));
            }
            shown.frame(segment(false, ACK, 5000, 1008, ""));
            shown.frame(segment(true, FIN | ACK, 1008, 5000, ""));
            shown.frame(segment(false, FIN | ACK, 5000, 1009, ""));
            shown.frame(segment(true, ACK, 1009, 5001, ""));

            assertEquals(List.of(1), shown.sids(), inline ? "inline" : "watching");
        }
    }
}
