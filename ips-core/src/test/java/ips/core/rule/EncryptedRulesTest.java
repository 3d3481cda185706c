package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules about payload that is encrypted: they look at what was said in the clear, and no more. */
class EncryptedRulesTest {
    private static final String[] RULES = {
        "alert tcp any any -> any any (content:\"clear\";)",
        "alert tcp-pkt any any -> any any (content:\"secret\";)",
        "alert tcp any any -> any any (content:\"secret\";)",
        "alert tcp any any -> any any (dsize:>0;)",
        "alert tcp any any -> any any (dsize:!0; flow:to_client;)",
        "alert tcp any any -> any any (flags:PA; flow:to_server;)"
    };

    private static String number(int value, int bytes) {
        StringBuilder out = new StringBuilder();
        for (int i = bytes - 1; i >= 0; i--) {
            out.append((char) (value >> 8 * i & 0xff));
        }
        return out.toString();
    }

    private static String record(int type, String content) {
        return (char) type + "\u0003\u0003" + number(content.length(), 2) + content;
    }

    private static String hello(int type, String content) {
        return record(22, (char) type + number(content.length(), 3) + content);
    }

    private static String sshPacket(int type, String content) {
        return number(2 + content.length(), 4) + "\0" + (char) type + content;
    }

    @Test
    void looksAtNoPayloadBehindTheFirstApplicationDataOfTls() {
        RuleTraffic traffic = RuleTraffic.of(RULES).toPort(443).handshake();

        traffic.request(hello(1, "\u0003\u0003 clear"));
        traffic.response(hello(2, "\u0003\u0003 clear")).request(record(20, "\u0001"));
        traffic.request(record(23, "secret"));
        assertEquals(4, traffic.count(4));
        assertEquals(1, traffic.count(2)); // the segment that tells is looked at itself

        traffic.response(record(23, "secret secret")).request(record(23, "secret".repeat(900)));
        traffic.close().end();

        assertEquals(2, traffic.count(1));
        assertEquals(1, traffic.count(2));
        assertEquals(0, traffic.count(3));
        assertEquals(4, traffic.count(4));
        assertEquals(1, traffic.count(5));
        assertEquals(4, traffic.count(6));
    }

    @Test
    void takesEarlyDataOfTlsForNoEnd() {
        RuleTraffic traffic = RuleTraffic.of(RULES).toPort(443).handshake();

        traffic.request(hello(1, "\u0003\u0003 clear") + record(23, "early"));
        traffic.response(hello(2, "\u0003\u0003 clear"));

        assertEquals(2, traffic.count(4));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void looksAtNoPayloadOnceBothSidesOfSshHaveKeys(int segment) {
        RuleTraffic traffic = RuleTraffic.of(RULES).toPort(22).handshake();

        send(traffic, false, "SSH-2.0-clear\r\n" + sshPacket(20, "keys") + sshPacket(21, ""), 1000);
        send(
                traffic,
                true,
                "SSH-2.0-clear\r\n" + sshPacket(20, "keys") + sshPacket(21, ""),
                segment);
        int before = traffic.count(4);
        traffic.response("secret").request("secret".repeat(900)).close().end();

        assertEquals(2, traffic.count(1));
        assertEquals(List.of(0, 0), List.of(traffic.count(2), traffic.count(3)));
        assertEquals(before, traffic.count(4));
    }

    private static void send(RuleTraffic traffic, boolean toServer, String bytes, int segment) {
        for (int at = 0; at < bytes.length(); at += segment) {
            String part = bytes.substring(at, Math.min(bytes.length(), at + segment));
            if (toServer) {
                traffic.request(part);
            } else {
                traffic.response(part);
            }
        }
    }
}
