package ips.core.rule;

import static ips.core.rule.TlsMessages.certificate;
import static ips.core.rule.TlsMessages.certificates;
import static ips.core.rule.TlsMessages.clientHello;
import static ips.core.rule.TlsMessages.extension;
import static ips.core.rule.TlsMessages.message;
import static ips.core.rule.TlsMessages.name;
import static ips.core.rule.TlsMessages.number;
import static ips.core.rule.TlsMessages.record;
import static ips.core.rule.TlsMessages.serverHello;
import static ips.core.rule.TlsMessages.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules about versions, states, fingerprints and certificates of TLS, and what is odd about it. */
class TlsRulesTest {
    private static final String HELLO =
            clientHello(
                    name("www.example.com")
                            + extension(10, vector(2, "\0\u001d\0\u0017"))
                            + extension(11, vector(1, "\0"))
                            + extension(0x1a1a, ""));
    private static final String CERTIFICATE = certificate("200101000000Z", "491231235959Z");
    private static final String KEYS = message(12, "keys");

    private static RuleTraffic exchange(RuleTraffic traffic, String client, String server) {
        return traffic.toPort(443)
                .handshake()
                .request(client)
                .response(server)
                .request(message(16, "keys") + record(20, "\1"))
                .close()
                .end();
    }

    private static int alerts(String options, String client, String server) {
        RuleTraffic traffic = RuleTraffic.of("alert tls any any -> any any (" + options + ")");
        exchange(traffic, client, server);
        assertEquals(List.of(), traffic.errors());
        return traffic.count(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "tls.version:1.2;                                     ~ 2",
                "tls.version:0x0303; flow:to_server;                  ~ 1",
                "tls.version:1.0;                                     ~ 0",
                "ssl_version:tls1.1,tls1.2;                           ~ 2",
                "ssl_version:!tls1.2;                                 ~ 0",
                "ssl_state:server_keyx;                               ~ 1",
                "ssl_state:client_keyx|server_keyx;                   ~ 2",
                "ssl_state:client_hello; flow:to_server;              ~ 0",
                "ja3.string; content:\"771,4865-49199,0-10-11,29-23,0\"; bsize:30; ~ 1",
                "ja3.hash; content:\"BCA193BF3B6D2156CFBE0E6B4B306D3E\"; bsize:32; ~ 1",
                "ja3.hash; to_uppercase; content:\"BCA193BF\"; startswith; ~ 1",
                "ja3s.string; content:\"771,49199,23\"; bsize:12;     ~ 1",
                "ja3s.hash; pcre:\"/^[0-9a-f]{32}$/\";                ~ 1",
                "tls.random; content:\"rrr\"; startswith; bsize:32;   ~ 1",
                "tls.random_time; content:\"ssss\"; bsize:4;          ~ 1",
                "tls.random_bytes; content:\"s\"; startswith; bsize:28; ~ 1",
                "tls.cert_chain_len:2;                                ~ 1",
                "tls.cert_chain_len:>2;                               ~ 0",
                "tls_cert_valid;                                      ~ 1",
                "tls_cert_expired;                                    ~ 0",
                "tls_cert_notbefore:2020-01-01;                       ~ 1",
                "tls_cert_notbefore:>2020;                            ~ 0",
                "tls_cert_notafter:2049<>2050;                        ~ 1",
                "tls_cert_notafter:<2049-12-31T23:59:59;              ~ 0",
            })
    void asksWhatTheHandshakeSays(String options, int alerts) {
        String server = serverHello(extension(23, "")) + certificates(CERTIFICATE, CERTIFICATE);

        assertEquals(alerts, alerts(options, HELLO, server + KEYS));
    }

    @Test
    void hashesTheFingerprintOfAClient() {
        // MD5 of "771,4865-49199,0-10-11,29-23,0"
        String rule = "ja3.hash; content:\"bca193bf3b6d2156cfbe0e6b4b306d3e\";";

        assertEquals(1, alerts(rule, HELLO, serverHello("")));
    }

    @Test
    void takesTheVersionOfTls13FromItsExtension() {
        String client = clientHello(extension(43, vector(1, "\n\n\3\4\3\3")));
        String server = serverHello(extension(43, "\3\4"));

        assertEquals(2, alerts("tls.version:1.3;", client, server));
        assertEquals(0, alerts("tls.version:1.2;", client, server));
    }

    @Test
    void looksAtTheCertificateOfAClientToo() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tls any any -> any any (flow:to_server; tls.cert_subject;"
                                + " content:\"CN=host\";)",
                        "alert tls any any -> any any (tls.cert_subject; content:\"CN=host\";)");
        traffic.toPort(443).handshake().request(HELLO).response(serverHello(""));

        traffic.request(certificates(CERTIFICATE)).close().end();

        assertEquals(List.of(1, 2), traffic.sids().stream().sorted().toList());
    }

    private static Arguments odd(String event, String client, String server) {
        return Arguments.of(event, client, server);
    }

    static Stream<Arguments> oddities() {
        String hello = serverHello("");
        return Stream.of(
                odd("invalid_record_version", HELLO, record(22, 0x0505, "x".repeat(9))),
                odd("invalid_record_type", HELLO, record(30, "xxxxx")),
                odd("invalid_ssl_record", HELLO, record(22, "\2\0\0")),
                odd("invalid_handshake_message", HELLO, message(99, "abc")),
                odd(
                        "invalid_handshake_message",
                        HELLO,
                        record(22, number(99, 1) + number(0xffffff, 3))),
                odd("handshake_invalid_length", message(1, "\3\3abc"), hello),
                odd("handshake_invalid_length", clientHello(extension(16, "\0\11")), hello),
                odd("handshake_invalid_length", HELLO, message(2, "\3\3abc")),
                odd("multiple_sni_extensions", clientHello(name("a.b") + name("c.d")), hello),
                odd(
                        "invalid_sni_type",
                        clientHello(extension(0, vector(2, "\5" + vector(2, "a.b")))),
                        hello),
                odd("invalid_sni_length", clientHello(name("")), hello),
                odd("invalid_sni_length", clientHello(name("a".repeat(256))), hello),
                odd("invalid_certificate", HELLO, hello + certificates("garbage")),
                odd("certificate_invalid_der", HELLO, hello + changed(0, 0x31)),
                odd("certificate_invalid_serial", HELLO, hello + changed("\2\1\7", "\3\1\7")),
                odd("certificate_invalid_date", HELLO, hello + changed("491231", "491331")),
                odd("certificate_invalid_length", HELLO, hello + changed("\6\2\52\3", "\6\7\52\3")),
                odd("certificate_invalid_version", HELLO, hello + changed("\2\1\2", "\3\1\2")),
                odd("overflow_heartbeat_message", HELLO, hello + record(24, "\1\u0040\0")),
                odd("invalid_heartbeat_message", HELLO, hello + record(24, "\7\0\1" + pad(20))));
    }

    private static String pad(int length) {
        return "p".repeat(length);
    }

    private static String changed(int at, int value) {
        StringBuilder text = new StringBuilder(CERTIFICATE);
        text.setCharAt(at, (char) value);
        return certificates(text.toString());
    }

    private static String changed(String from, String to) {
        int at = CERTIFICATE.indexOf(from);
        String rest = CERTIFICATE.substring(at + from.length());
        return certificates(CERTIFICATE.substring(0, at) + to + rest);
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void tellsWhatIsOdd(String event, String client, String server) {
        String options = "app-layer-event:tls." + event + ";";

        assertEquals(2, alerts(options, client, server), "once in each direction");
        assertEquals(0, alerts(options, HELLO, serverHello("") + certificates(CERTIFICATE)));
    }

    @Test
    void tellsOfAnAnswerToAHeartbeatThatIsLongerThanIt() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tls any any -> any any (flow:to_client;"
                                + " app-layer-event:tls.dataleak_heartbeat_mismatch;)");
        traffic.toPort(443).handshake().request(HELLO).response(serverHello(""));
        traffic.request(record(20, "\1")).response(record(20, "\1"));

        traffic.request(record(24, pad(61))).response(record(24, pad(200))).close().end();

        assertEquals(1, traffic.count(1));
    }

    @Test
    void readsAHeartbeatBetweenWhosePartsTheOtherSideAnswers() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tls any any -> any any (flow:to_server;"
                                + " app-layer-event:tls.overflow_heartbeat_message;)");
        traffic.toPort(443).handshake().request(HELLO).response(serverHello(""));
        String bad = record(24, "\1\17\u00f0");

        traffic.request(record(24, "\1\0\1" + pad(17)) + bad.substring(0, 5));
        traffic.response(record(24, "\2\0\1" + pad(17)));
        traffic.request(bad.substring(5)).close().end();

        assertEquals(1, traffic.count(1));
    }

    static Stream<Arguments> secondHellos() {
        String other = clientHello(name("other.example.net"));
        return Stream.of(
                Arguments.of(HELLO + other, "", 1),
                Arguments.of(HELLO + HELLO, "", 1),
                Arguments.of(HELLO, other, 1),
                Arguments.of(HELLO, HELLO, 0), // as a server may ask for
                Arguments.of(HELLO + message(1, "\3\3"), "", 0));
    }

    @ParameterizedTest
    @MethodSource("secondHellos")
    void keepsTheFirstHelloOfASide(String before, String behind, int events) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tls any any -> any any (tls.sni; content:\"www.example.com\";)",
                        "alert tls any any -> any any (ja3.string; content:\"0-10-11\";)",
                        "alert tls any any -> any any (tls.random; content:\"rrr\";)",
                        "alert tls any any -> any any (flow:to_server;"
                                + " app-layer-event:tls.multiple_sni_extensions;)");
        traffic.toPort(443).handshake().request(before).response(serverHello(""));

        traffic.request(behind + message(16, "keys") + record(20, "\1")).close().end();

        assertEquals(List.of(), traffic.errors());
        assertEquals(1, traffic.count(1));
        assertEquals(1, traffic.count(2));
        assertEquals(1, traffic.count(3));
        assertEquals(events, traffic.count(4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnInlineWhereItCannotBeTls(boolean fromTheFirstBytesOn) {
        RuleTraffic traffic =
                RuleTraffic.inline(
                        "drop tcp any any -> any any (flow:to_server; content:\"more\";)",
                        "alert tcp any any -> any any (flow:to_client; dsize:4;)");
        String hello = fromTheFirstBytesOn ? HELLO.replaceFirst("\3\1|\3\3", "\3\u00ff") : HELLO;
        traffic.toPort(443).handshake().request(hello).response(record(30, "xxxxx"));

        traffic.response("last").request("more").close().end();

        assertEquals(List.of(2, 1), traffic.sids());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tls.version:1.9;",
                "ssl_version:tls1.2,!tls1.0;",
                "ssl_state:half;",
                "tls_cert_notafter:2021<>2020;",
                "flow:to_server; tls_cert_valid;",
                "flow:to_client; ja3.hash; content:\"bca193bf3b6d2156cfbe0e6b4b306d3e\";",
                "app-layer-event:tls.no_such_event;"
            })
    void refusesWhatSuricataRefuses(String options) {
        RuleTraffic traffic = RuleTraffic.of("alert tls any any -> any any (" + options + ")");

        assertEquals(1, traffic.errors().size(), options);
    }

    @Test
    void readsAHelloOfSsl2() {
        String hello =
                number(0x8000 | 25, 2)
                        + "\1\3\1"
                        + number(3, 2)
                        + number(0, 2)
                        + number(13, 2)
                        + pad(16);
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tls any any -> any any (flow:to_server; tls.version:1.0;)",
                        "alert tls any any -> any any (ssl_state:client_hello;)",
                        "alert tls any any -> any any (app-layer-event:tls.invalid_record_type;)");

        traffic.toPort(443).handshake().request(hello).response(serverHello(""));
        traffic.request(record(20, "\1")).close().end();

        assertEquals(List.of(1, 2), Arrays.asList(traffic.sids().stream().sorted().toArray()));
    }
}
