package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules about HTTP transactions: how often they alert, and of which transaction. */
class TransactionRulesTest {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\nX: 1\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 0\r\n\r\n";

    @Test
    void alertsOncePerTransactionAndDirection() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (http.header; content:\"X: 1\";)",
                        "alert http any any -> any any (http.header; content:\"X\"; flow:to_server;)",
                        "alert http any any -> any any (http.uri; content:\"/a\";)");

        traffic.handshake().request(GET + GET).response(OK + OK).close();

        assertEquals(4, traffic.count(1));
        assertEquals(2, traffic.count(2));
        assertEquals(2, traffic.count(3));
    }

    @Test
    void tellsTheTransactionOfAMatchInTheStream() {
        RuleTraffic traffic = RuleTraffic.of("alert http any any -> any any (content:\"HTTP\";)");

        traffic.handshake().request(GET).response(OK).request(GET).response(OK).close();

        assertEquals(
                List.of(0L, 0L, 1L, 1L),
                traffic.alerts().stream().map(alert -> alert.transaction()).toList());
    }

    @Test
    void looksAtAStreamWhenAMessageIsCompleteAndNotWhenItsHeadIs() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp any any -> any any (flow:to_server; content:\"POST\";"
                                + " content:\"a=1\"; distance:0;)",
                        "alert http any any -> any any (flow:to_server; content:\"|0a|\";)");

        traffic.handshake().request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
        traffic.request("a=1\r\n").response(OK).close();

        assertEquals(1, traffic.count(1));
        assertEquals(1, traffic.count(2));
    }

    @Test
    void looksAtHeadersOfOneNameTogether() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (http.request_header; content:\"X: 1, 2\"; bsize:7;)");

        traffic.handshake().request("GET / HTTP/1.1\r\nX: 1\r\nHost: a\r\nx: 2\r\n\r\n").close();

        assertEquals(1, traffic.count(1));
    }

    @Test
    void looksAtABodyThatNothingAnnouncedWhenTheStreamEnds() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (http.request_body; content:\"a=1\";)",
                        "alert http any any -> any any (file.data; content:\"<html>\";"
                                + " flow:to_client;)");

        traffic.handshake().request("POST / HTTP/1.1\r\nHost: a\r\n\r\na=1");
        traffic.response("<html>").close().end();

        assertEquals(1, traffic.count(1));
        assertEquals(1, traffic.count(2));
    }

    /** Those of bodies are looked for only once the bit is set, and then in all that has come. */
    @Test
    void findsInABodyWhatARuleThatWaitsForAFlowbitLooksFor() {
        String waiting =
                "alert http any any -> any any (flow:to_client; flowbits:isset,%s;"
                        + " file.data; content:\"secret\";)";
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (flow:to_server; http.uri; content:\"/q\";"
                                + " flowbits:set,asked; flowbits:noalert;)",
                        waiting.formatted("asked"),
                        waiting.formatted("other|asked"),
                        "alert http any any -> any any (flow:to_client; http.stat_code;"
                                + " content:\"200\"; flowbits:set,own; flowbits:noalert;)",
                        waiting.formatted("own"),
                        waiting.formatted("never"));
        String page = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n";

        traffic.handshake().request(GET).response(page + "secret 7890123456789");
        traffic.request(GET).response(page + "secret 789").request("GET /q HTTP/1.1\r\n\r\n");
        traffic.response("0123456789").close();

        assertEquals(1, traffic.count(2));
        assertEquals(1, traffic.count(3));
        assertEquals(2, traffic.count(5));
        assertEquals(0, traffic.count(6));
    }
}
