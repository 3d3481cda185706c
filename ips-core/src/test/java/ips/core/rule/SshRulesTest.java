package ips.core.rule;

import static ips.core.rule.TlsMessages.number;
import static ips.core.rule.TlsMessages.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules about what SSH offers in the clear, and what is odd about it. */
class SshRulesTest {
    private static final String CLIENT = "SSH-2.0-client_1.0 comment\r\n";
    private static final String SERVER = "SSH-1.99-server\r\n";

    private static String packet(int type, String body) {
        int padding = 8;
        return number(2 + body.length() + padding, 4)
                + number(padding, 1)
                + number(type, 1)
                + body
                + "\0".repeat(padding);
    }

    private static String offer(String exchange) {
        StringBuilder body = new StringBuilder("c".repeat(16));
        String[] lists = {
            exchange, "key", "aes", "aes-s", "sha", "sha-s", "none", "none-s", "", ""
        };
        for (String list : lists) {
            body.append(vector(4, list));
        }
        return packet(20, body + "\0".repeat(5));
    }

    private static int alerts(String options, String client, String server) {
        RuleTraffic traffic = RuleTraffic.of("alert ssh any any -> any any (" + options + ")");
        traffic.toPort(22).handshake().request(client).response(server);
        traffic.request(packet(21, "")).response(packet(21, "")).close().end();
        assertEquals("[]", traffic.errors().toString());
        return traffic.count(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "ssh.hassh.string; content:\"ecdh|3b|aes|3b|sha|3b|none\"; bsize:17;         ~ 1",
                "ssh.hassh.server.string; content:\"dh|3b|aes-s|3b|sha-s|3b|none-s\"; bsize:21; ~ 1",
                "ssh.hassh; content:\"718CF6D512880B0FBA52268AF0F93094\"; bsize:32;       ~ 1",
                "ssh.hassh.server; pcre:\"/^[0-9a-f]{32}$/\";         ~ 1",
                "ssh.protoversion:2.0;                                ~ 1",
                "ssh.protoversion:2_compat;                           ~ 2",
                "ssh.softwareversion:client_1.0;                      ~ 1",
                "ssh.softwareversion:client;                          ~ 0",
            })
    void asksWhatIsOffered(String options, int alerts) {
        assertEquals(alerts, alerts(options, CLIENT + offer("ecdh"), SERVER + offer("dh")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void readsAnOfferHoweverItComes(int segment) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert ssh any any -> any any (ssh.hassh.string; content:\"ecdh\";)");
        traffic.toPort(22).handshake();
        String client = CLIENT + offer("ecdh");

        for (int at = 0; at < client.length(); at += segment) {
            traffic.request(client.substring(at, Math.min(client.length(), at + segment)));
        }
        traffic.close().end();

        assertEquals(1, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "invalid_banner ~ SSH-2.0 client",
                "invalid_banner ~ hello",
                "long_banner    ~ SSH-2.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            })
    void tellsOfOddBanners(String event, String banner) {
        String options = "app-layer-event:ssh." + event + ";";

        assertEquals(2, alerts(options, CLIENT, banner + "\r\n"), "once in each direction");
        assertEquals(0, alerts(options, CLIENT, SERVER));
    }

    @Test
    void tellsOfAPacketThatIsTooShort() {
        String options = "app-layer-event:ssh.invalid_record; flow:to_server;";

        assertEquals(1, alerts(options, CLIENT + "\0\0\0\1\10\24xxxx", SERVER));
        assertEquals(0, alerts(options, CLIENT + offer("dh"), SERVER));
    }

    @Test
    void goesOnInlineBehindABannerThatIsNone() {
        RuleTraffic traffic =
                RuleTraffic.inline("alert tcp any any -> any any (content:\"more\";)");
        traffic.toPort(22).handshake().request("SSH-2.0 client\r\n").response(SERVER);

        traffic.request("more").close().end();

        assertEquals(1, traffic.count(1));
    }
}
