package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that go on with another protocol, or with none that is known. */
class ChangedProtocolRulesTest {
    private static final String HELLO = TlsMessages.clientHello(TlsMessages.name("in.tunnel"));
    private static final String CONNECT = "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n";
    private static final String CONNECTED = "HTTP/1.1 200 Connected\r\nServer: proxy\r\n\r\n";

    private static RuleTraffic of(boolean inline, String... rules) {
        return inline ? RuleTraffic.inline(rules) : RuleTraffic.of(rules);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsTheTlsBehindAConnect(boolean inline) {
        RuleTraffic traffic =
                of(
                        inline,
                        "alert http any any -> any any (http.method; content:\"CONNECT\";)",
                        "alert http any any -> any any (http.server; content:\"proxy\";)",
                        "alert tls any any -> any any (tls.sni; content:\"in.tunnel\";)");
        traffic.toPort(8080).handshake();

        traffic.request(CONNECT).response(CONNECTED).request(HELLO).close().end();

        assertEquals(1, traffic.count(1));
        assertEquals(1, traffic.count(2));
        assertEquals(1, traffic.count(3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsTheHttpBehindAConnect(boolean inline) {
        RuleTraffic traffic =
                of(
                        inline,
                        "alert http any any -> any any (http.uri; content:\"/inner\";)",
                        "alert http any any -> any any (file.data; content:\"hello\";)");
        traffic.toPort(8080).handshake().request(CONNECT).response(CONNECTED);

        traffic.request("GET /inner HTTP/1.1\r\nHost: i\r\n\r\n");
        traffic.response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").close().end();

        assertEquals(1, traffic.count(1));
        assertEquals(1, traffic.count(2));
    }

    @Test
    void looksForNoOtherProtocolBehindAConnectThatIsRefusedOrAnUpgrade() {
        RuleTraffic traffic =
                RuleTraffic.of("alert tls any any -> any any (tls.sni; content:\"in.tunnel\";)");
        traffic.toPort(8080).handshake();

        traffic.request(CONNECT).response("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
        traffic.request(HELLO).close();
        traffic.fromPort(50_000).fromTheFirstNumbersOn().handshake();
        traffic.request("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\n\r\n");
        traffic.response("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n");
        traffic.request(HELLO).close().end();

        assertEquals(0, traffic.count(1));
    }

    @Test
    void tellsOfWhatIsNoTlsThoughBothAgreedOnIt() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp any any -> any any"
                                + " (app-layer-event:applayer_no_tls_after_starttls;)",
                        "alert tcp any any -> any any"
                                + " (app-layer-event:applayer_unexpected_protocol;)",
                        "alert http any any -> any any (http.uri; content:\"/inner\";)",
                        "alert tls any any -> any any (flow:established;)");
        traffic.toPort(25).handshake().response("220 hi\r\n");
        traffic.request("EHLO a\r\n").response("250 ok\r\n");
        traffic.request("STARTTLS\r\n").response("220 go\r\n");

        traffic.request("GET /inner HTTP/1.1\r\nHost: i\r\n\r\n").close().end();

        assertEquals(1, traffic.count(1));
        assertEquals(1, traffic.count(2));
        assertEquals(1, traffic.count(3));
        assertEquals(0, traffic.count(4));
    }

    @ParameterizedTest
    @CsvSource({"false, 2", "true, 4"})
    void tellsTheProtocolInlineOfThePacketBehindTheOneThatShowsItToo(boolean inline, int alerts) {
        RuleTraffic traffic =
                of(inline, "alert tcp any any -> any any (app-layer-protocol:http;)").handshake();

        for (int i = 0; i < 3; i++) {
            traffic.request("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            traffic.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
        traffic.close().end();

        assertEquals(alerts, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource({
        "100, Content-Length: 5, hello, 1",
        "101, Content-Length: 5, hello, 1",
        "102, Transfer-Encoding: chunked, 5~hello~0~~, 1",
        "101, Upgrade: x, hello, 0",
    })
    void looksIntoABodyThatAnInformingAnswerTells(
            int status, String header, String body, int alerts) {
        RuleTraffic traffic =
                RuleTraffic.of("alert http any any -> any any (file.data; content:\"hello\";)");
        traffic.handshake().request("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        traffic.response(
                "HTTP/1.1 %d x\r\n%s\r\n\r\n%s"
                        .formatted(status, header, body.replace("~", "\r\n")));
        traffic.close().end();

        assertEquals(alerts, traffic.count(1));
    }
}
