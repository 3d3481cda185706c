package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules about connections whose beginning was not seen, and which end of them is the server. */
class MidstreamRulesTest {
    private static final String GET = "GET /evil HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String OK =
            "HTTP/1.1 200 OK\r\nServer: evil\r\nContent-Length: 5\r\n\r\nhello";

    private static final String[] HTTP = {
        "alert http any any -> any any (http.uri; content:\"/evil\";)",
        "alert http any any -> any any (http.server; content:\"evil\";)",
        "alert tcp any any -> any any (flow:to_server; content:\"GET\";)",
        "alert tcp any any -> any any (flow:to_client; content:\"GET\";)",
        "alert tcp any any -> any any (app-layer-event:applayer_wrong_direction_first_data;)",
    };

    private static List<Integer> sorted(RuleTraffic traffic) {
        return traffic.close().end().sids().stream().sorted().toList();
    }

    @Test
    void takesTheEndThatAnswersForTheServer() {
        RuleTraffic traffic = RuleTraffic.midstream(HTTP);

        traffic.response(OK).request(GET).response(OK);

        assertEquals(List.of(1, 2, 2, 3), sorted(traffic));
    }

    @Test
    void takesTheEndThatAsksForTheClientThoughTheOtherSpokeFirst() {
        RuleTraffic traffic = RuleTraffic.midstream(HTTP);

        traffic.response("rest").request(GET).response(OK);

        assertEquals(List.of(1, 2, 3), sorted(traffic));
    }

    @Test
    void doesSoInline() {
        RuleTraffic traffic = RuleTraffic.inlineMidstream(HTTP);

        traffic.response(OK).request(GET).response(OK);

        assertEquals(List.of(1, 2, 3), sorted(traffic));
    }

    @ParameterizedTest
    @CsvSource({"220 x, 1", "220 a banner of a server, 0"})
    void knowsTheClientOfMailByItsCommandWhileTheOtherEndIsNotGivenUp(String banner, int alerts) {
        RuleTraffic traffic =
                RuleTraffic.midstream(
                        "alert smtp any any -> any any (flow:to_server; content:\"MAIL\";)");

        traffic.toPort(25).response(banner + "\r\n").request("EHLO a\r\n").response("250 ok\r\n");
        traffic.request("MAIL FROM:<a@b>\r\n").response("250 ok\r\n").close().end();

        assertEquals(alerts, traffic.count(1));
    }

    @Test
    void asksNoStreamOfTheSegmentByWhichItPicksAConnectionUpInline() {
        RuleTraffic traffic =
                RuleTraffic.inlineMidstream(
                        "alert tcp any any -> any any (content:\"evil\";)",
                        "alert tcp-pkt any any -> any any (content:\"evil\";)",
                        "alert http any any -> any any (http.uri; content:\"/evil\";)",
                        "alert http any any -> any any (flow:to_server; dsize:>0;)",
                        "alert http any any -> any any (flow:to_server;)");

        traffic.request(GET).response("HTTP/1.1 204 No\r\n\r\n").request(GET);

        assertEquals(1, traffic.count(1));
        assertEquals(2, traffic.count(2));
        assertEquals(2, traffic.count(3));
        assertEquals(2, traffic.count(5)); // the acknowledgment and the second request
    }

    @ParameterizedTest
    @CsvSource({"12, false, 2", "12, true, 0", "20, true, 2"})
    void waitsLongerForTheServersWordsWhereTheyMayBeTheClients(
            int length, boolean midstream, int alerts) {
        String rule = "alert tcp any any -> any any (app-layer-protocol:failed;)";
        RuleTraffic traffic = midstream ? RuleTraffic.midstream(rule) : RuleTraffic.of(rule);

        traffic.toPort(999).handshake().request("h".repeat(40)).response("j".repeat(length));
        traffic.request("k").close().end();

        assertEquals(alerts, traffic.count(1));
    }
}
