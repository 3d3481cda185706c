package ips.core.rule;

import static ips.core.rule.TlsMessages.number;
import static ips.core.rule.TlsMessages.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules about operations and oddities of DNS, in queries and answers. */
class DnsEventRulesTest {
    private static final String NAME = "\4host\0";
    private static final String ANSWER = "\u00c0\14" + number(0x10001, 4) + number(60, 4);

    private static String message(int flags, int answers, String name, String rest) {
        return number(7, 2)
                + number(flags, 2)
                + number(1, 2)
                + number(answers, 2)
                + number(0, 4)
                + name
                + number(0x10001, 4)
                + rest;
    }

    private static RuleTraffic ask(RuleTraffic traffic, String query, String answer) {
        traffic.frame(
                FrameBuilder.udp("10.0.0.1", 4000, "10.0.0.2", 53)
                        .payload(query.getBytes(StandardCharsets.ISO_8859_1)));
        return traffic.frame(
                FrameBuilder.udp("10.0.0.2", 53, "10.0.0.1", 4000)
                        .payload(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @CsvSource({
        "dns.opcode:0;, 0x100, 0x8180, 2",
        "dns.opcode:4;, 0x2100, 0xa180, 2",
        "dns.opcode:!0;, 0x2100, 0xa180, 2",
        "dns.opcode:!0;, 0x100, 0x8180, 0",
        "flow:to_client; dns.opcode:0;, 0x100, 0x8180, 1",
        "app-layer-event:dns.z_flag_set;, 0x100, 0x81c0, 1",
        "app-layer-event:dns.z_flag_set;, 0x140, 0x81c0, 2",
        "app-layer-event:dns.invalid_opcode;, 0x3900, 0xb980, 2",
        "app-layer-event:dns.invalid_opcode;, 0x3100, 0xb180, 0"
    })
    void asksAboutQueryAndAnswer(String options, String query, String answer, int alerts) {
        RuleTraffic traffic = RuleTraffic.of("alert dns any any -> any any (" + options + ")");

        ask(
                traffic,
                message(Integer.decode(query), 0, NAME, ""),
                message(Integer.decode(answer), 1, NAME, ANSWER + vector(2, "\1\2\3\4")));

        assertEquals(List.of(), traffic.errors());
        assertEquals(alerts, traffic.count(1));
    }

    @Test
    void tellsOfNamesThatAreTooLong() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert dns any any -> any any (app-layer-event:dns.name_too_long;)",
                        "alert dns any any -> any any (app-layer-event:dns.too_many_labels;)",
                        "alert dns any any -> any any (dns.query; content:\"aaa\"; startswith;)");

        ask(traffic, message(0x100, 0, ("\77" + "a".repeat(63)).repeat(5) + "\0", ""), "");
        assertEquals(List.of(3), traffic.sids());

        ask(traffic, message(0x100, 0, ("\77" + "a".repeat(63)).repeat(20) + "\0", ""), "");
        assertEquals(1, traffic.count(1));
        assertEquals(0, traffic.count(2));

        ask(traffic, message(0x100, 0, "\3aaa\u00c0\14", ""), "");
        assertEquals(1, traffic.count(2));
        assertEquals(3, traffic.count(3));
    }

    @Test
    void tellsOfAnAnswerInAStreamThatIsCutShort() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert dns any any -> any any (flow:to_server;"
                                + " app-layer-event:dns.malformed_data;)",
                        "alert dns any any -> any any (app-layer-event:dns.not_response;)");
        String query = message(0x100, 0, NAME, "");
        traffic.toPort(53).handshake().request(vector(2, query));

        traffic.response(vector(2, message(0x8180, 5, NAME, ANSWER))).close().end();

        assertEquals(List.of(1), traffic.sids());
    }
}
