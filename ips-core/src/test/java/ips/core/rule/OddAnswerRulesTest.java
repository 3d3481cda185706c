package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules find what an answer brings, however odd its head is; as Suricata does. */
class OddAnswerRulesTest {
    private static final String FIVE = "~5~hello~0~~";

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 204 x~Transfer-Encoding: chunked~" + FIVE,
        "HTTP/1.1 304 x~Transfer-Encoding: chunked~" + FIVE,
        "HTTP/1.1 200 x~A: b~ Transfer-Encoding: chunked~" + FIVE,
        "HTTP/1.0 200 x~A: b~ Content-Length: 5~~hello",
        "some words~HTTP/1.1 200 x~Content-Length: 5~~hello",
        "HTTP/1.1 200 x~Transfer-Encoding: chunked~~hello",
    })
    void findsTheBodyAndTheHead(String answer) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (file.data; content:\"hello\"; bsize:5;)",
                        "alert http any any -> any any (http.stat_code; content:\"200\";)");
        traffic.handshake().request("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        traffic.response(answer.replace("~", "\r\n")).close().end();

        assertEquals(1, traffic.count(1));
        assertEquals(answer.contains(" 200 ") ? 1 : 0, traffic.count(2));
    }

    @ParameterizedTest
    @CsvSource({"hello, 5", "'hello~you', 10"})
    void countsWhatIsNoChunkForTheFile(String body, int size) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (flow:to_client; filesize:" + size + ";)");
        traffic.handshake().request("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        traffic.response(
                "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n" + body.replace("~", "\r\n"));
        traffic.close().end();

        assertEquals(1, traffic.count(1));
    }
}
