package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keywords that are read, of which a warning says that they have no effect; and refused ones. */
class IdleKeywordsTest {
    private static RuleCompiler compiled(String rule) {
        RuleParser parser = new RuleParser();
        parser.text("my.rules", rule);
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        return compiler;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "content:\"cmd\"; replace:\"dmc\"; | 46: replace: is read and has no effect: packets are never changed",
                "content:\"cmd\"; nfq_set_mark:0x8/0x8; | 46: nfq_set_mark: is read and has no effect: packets do not come from a queue of the kernel",
                "content:\"cmd\"; config: logging disable , type tx, scope tx; | 46: config: is read and has no effect: transactions and flows are not logged"
            })
    void loadAndSayThatTheyDoNothing(String options, String warning) {
        String rule = "alert tcp any any -> any any (" + options + " sid:1;)";

        assertEquals("[my.rules:1:" + warning + "]", compiled(rule).warnings().toString());
        RuleTraffic traffic = RuleTraffic.of("alert tcp any any -> any any (" + options + ")");
        traffic.handshake().request("a cmd here").close().end();
        assertEquals(1, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rdp | content:\"a\"; | 1: rule: never matches: no traffic is recognised as rdp",
                "tcp | app-layer-protocol:mqtt; | 31: app-layer-protocol: is read and has no effect: no traffic is recognised as mqtt"
            })
    void saysOfWhichProtocolsNoTrafficIsRecognised(String protocol, String options, String why) {
        String rule = "alert %s any any -> any any (%s sid:1;)".formatted(protocol, options);

        assertEquals("[my.rules:1:" + why + "]", compiled(rule).warnings().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replace:\"a\";",
                "nfq_set_mark:x;",
                "nfq_set_mark:1/;",
                "config:logging disable;",
                "config:logging enable, type tx, scope tx;",
                "config:tracking disable, type tx, scope flow;"
            })
    void areHeldToTheirForms(String options) {
        assertEquals(
                1,
                compiled("alert tcp any any -> any any (" + options + " sid:1;)").errors().size());
    }

    @Test
    void rulesOfTheActionConfigSetTheirBitsAndNeverAlert() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "config http any any -> any any (http.uri; content:\"/a\"; flowbits:set,b;"
                                + " config:logging disable, type tx, scope tx;)",
                        "alert http any any -> any any (http.uri; content:\"/a\"; flowbits:isset,b;)");

        traffic.handshake().request("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").close().end();

        assertEquals(0, traffic.count(1));
        assertEquals(1, traffic.count(2));
    }

    @Test
    void asksOfSeveralProtocolsThatItIsNoneOfThem() {
        String rule = "alert tcp any any -> any any (content:\"x-y\"; %s)";
        RuleTraffic traffic =
                RuleTraffic.of(
                        rule.formatted("app-layer-protocol:!http; app-layer-protocol:!tls;"),
                        rule.formatted("app-layer-protocol:!ssh; app-layer-protocol:!tls;"));

        traffic.handshake().request("GET /x-y HTTP/1.1\r\nHost: h\r\n\r\n").close().end();

        assertEquals(0, traffic.count(1));
        assertEquals(1, traffic.count(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dce_iface:x; | dce_iface: not supported: DCERPC is not read",
                "iprep:src,a,>,1; | iprep: not supported: no lists of reputation are read; datarep reads one",
                "frame:x; | frame: not supported: messages are looked at by their buffers, not as frames",
                "frames:x; | frames: unknown keyword",
                "smb.sharre; | smb.sharre: unknown keyword",
                "contend:\"a\"; | contend: unknown keyword"
            })
    void saysWhyAKeywordIsRefused(String options, String why) {
        String rule = "alert tcp any any -> any any (" + options + " sid:1;)";

        assertEquals("[my.rules:1:31: " + why + "]", compiled(rule).errors().toString());
    }
}
