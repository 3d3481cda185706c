package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What rules keep of connections is bounded, and no connection takes the room of later ones. */
class RuleMemoryTest {
    private static final int CONNECTIONS = 1_500;
    private static final int SEGMENT = 1_400;
    private static final int BODY = 45 * SEGMENT;
    private static final String PIECE = "x".repeat(SEGMENT);

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: " + BODY + "\r\n\r\n";

    private static final String OF_BODY =
            "alert http any any -> any any (flow:to_client; http.response_body; content:\"needle\";)";

    /** Each body is 63,000 bytes: of 1,500 connections 94 MB, of 64 MiB that may be lent. */
    private static void exchange(RuleTraffic traffic, int number, String last) {
        traffic.fromPort(10_000 + number).handshake().request(REQUEST).response(HEAD);
        for (int i = 1; i < BODY / SEGMENT; i++) {
            traffic.response(PIECE);
        }
        traffic.response(last + PIECE.substring(last.length()));
    }

    @Test
    void keepsNothingOfConnectionsThatAreClosed() {
        RuleTraffic traffic = RuleTraffic.of(OF_BODY);

        for (int i = 0; i < CONNECTIONS; i++) {
            exchange(traffic, i, i == CONNECTIONS - 1 ? "needle" : "");
            traffic.close();
        }

        assertEquals(0, traffic.refused());
        assertEquals(1, traffic.count(1));
    }

    @Test
    void keepsNothingOfFlowsThatAreLetPass() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        OF_BODY,
                        "pass tcp any any -> any 8080 (flow:established; content:\"GET\"; sid:2;)");

        traffic.toPort(8080);
        for (int i = 0; i < CONNECTIONS; i++) {
            exchange(traffic, i, "");
        }
        traffic.toPort(80);
        exchange(traffic, CONNECTIONS, "needle");
        traffic.close();

        assertEquals(0, traffic.refused());
        assertEquals(1, traffic.count(1));
    }

    @Test
    void countsWhatFindsNoRoomAndGoesOn() {
        RuleTraffic traffic = RuleTraffic.of(OF_BODY);

        // Never acknowledged, so never looked at: of 20,000 connections 80 MB would have to stay.
        for (int i = 0; i < 20_000; i++) {
            traffic.fromPort(10_000 + i).handshake().server(0x18, PIECE);
        }

        assertTrue(traffic.refused() > 0);
    }
}
