package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ips.core.packet.FrameBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which a value can be written, as Suricata 7.0.10 takes or refuses them. */
class RuleFormsTest {
    private static RuleTraffic of(String options) {
        String protocol = options.contains("http") || options.contains("urilen") ? "http" : "ip";
        return RuleTraffic.of("alert %s any any -> any any (%s)".formatted(protocol, options));
    }

    private static boolean alerts(String options, FrameBuilder frame) {
        RuleTraffic traffic = of(options);
        assertEquals(List.of(), traffic.errors());
        return !traffic.frame(frame).sids().isEmpty();
    }

    private static FrameBuilder udp(String payload) {
        return FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).payload(payload);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dsize:0x5;",
                "dsize:+5;",
                "dsize:5<>6;",
                "dsize:!5<>9;",
                "dsize:!<5;",
                "ttl:0x5;",
                "ttl:5<>6;",
                "ttl:!>5;",
                "tos:0x10;",
                "id:0x5;",
                "itype:!5<>10;",
                "http.uri; bsize:0x5;",
                "http.uri; content:\"abcd\"; bsize:<3;",
                "http.uri; bsize:1<>3; content:\"abcd\";",
                "isdataat:0x10;",
                "byte_extract:1,0,v,multiplier 0x5;",
                "http.uri; to_lowercase; content:\"a\"; to_uppercase; content:\"A\";",
                "http.uri; content:\"a\"; to_uppercase; http.method; content:\"A\";",
                "flow:to_server; http.response_body; content:\"a\";",
                "http.response_body; content:\"a\"; http.uri; content:\"a\";",
                "byte_extract:1,0,v; byte_extract:1,v,w;",
                "byte_extract:1,0,v; byte_extract:v,1,w;",
                "byte_extract:1,0,v; byte_extract:1,v,w;",
                "byte_extract:1,0,v; byte_extract:v,1,w;",
                "app-layer-protocol:ssh; app-layer-protocol:!tls;",
                "app-layer-protocol:!ssh; app-layer-protocol:tls;",
                "engine-event:ipv4.pkt_too_small;",
                "requires;",
                "requires:version = 7;",
                "requires:version 7;"
            })
    void refuses(String options) {
        assertNotEquals(List.of(), of(options).errors());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content:\"|41,42|\";",
                "content:\"abc\"; depth:0x10;",
                "http.uri; content:\"abcd\"; bsize:<4;",
                "http.uri; content:\"abcdef\"; bsize:<=5;",
                "http.uri; bsize:4294967296;",
                "priority:65535;",
                "byte_test:1,=,1,0x5;",
                "content:\"a\"; byte_jump:2,0,LITTLE;",
                "byte_extract:2,0,v,string dec;",
                "byte_extract:1,0,1v;",
                "byte_math:bytes 1,offset 0,oper +,rvalue +5,result v;",
                "threshold:type limit, track by_src, count 4294967295, seconds 4294967295;",
                "filesize:1gb;",
                "filesize:>10MB;",
                "filesize:10Kb<>20KB;",
                "bypass;",
                "Content:\"a\"; NOCASE; Http_Uri;",
                "app-layer-protocol:!ssh; app-layer-protocol:!tls;",
                "engine-event:stream.est_invalid_ack;",
                "engine-event:decoder.ipv4.pkt_too_small;",
                "http.uri; content:\"a\"; to_uppercase;"
            })
    void takes(String options) {
        assertEquals(List.of(), of(options).errors());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "dsize:<1kb;                                    ~ true",
                "dsize:>1kb;                                    ~ false",
                "dsize:<1024; content:\"abc\";                  ~ true",
                "content:\"|61,62|\"; startswith;                ~ true",
                "content:\"ijk\"; offset:010;                    ~ true", // octal
                "content:\"hij\"; offset:010;                    ~ false",
                "content:\"ijk\"; offset:0x8;                    ~ true",
                "content:\"hij\"; depth:0x9;                     ~ false",
                "content:\"abc\"; content:\"fg\"; distance:0x2;  ~ true",
                "content:\"abc\"; content:\"fg\"; distance:0x3;  ~ false",
                "byte_test:1,=,0x69,010;                         ~ true",
                "byte_math:bytes 4,offset 0,oper +,rvalue 1,result v; ~ true",
                "byte_math:bytes 5,offset 0,oper +,rvalue 1,result v; ~ false",
                "byte_math:bytes 1,offset 0,oper +,rvalue 0x1,result v; byte_test:1,=,v,1; ~ true",
                "byte_math:bytes 1,offset 0,oper -,rvalue 96,result v; content:\"g\"; distance:v;"
                        + " within:1; ~ true", // a distance that is a variable has no within
                "byte_math:bytes 1,offset 0,oper -,rvalue 96,result v; content:\"g\"; distance:1;"
                        + " within:v; ~ false",
                "byte_extract:1,0,1v; byte_test:1,>,1v,1;        ~ true",
                "pcre:\"/^a{,1}b/\";                             ~ true",
                "requires:version >= 7; content:\"abc\";         ~ true",
                "requires:version >= 6 < 7 | >= 7.0.2 < 8; dsize:11; ~ true"
            })
    void means(String options, boolean holds) {
        assertEquals(holds, alerts(options, udp("abcdefghijk")));
    }

    @ParameterizedTest
    @CsvSource({
        "4, 5, false",
        "5, 5, true",
        "5, 5<>6, true", // nothing lies between: its first number alone
        "6, 5<>6, false",
        "7, 5<>9, true",
        "5, '5,x', true",
        "5, 5>, true",
        "5, '5,NORM', true",
        "5, '!5<>9', false",
        "7, '!5<>9', true"
    })
    void readsOfUrilenWhatIsANumber(int length, String value, boolean holds) {
        String uri = "/abcdefgh".substring(0, length);
        RuleTraffic traffic = of("urilen:" + value + ";");
        assertEquals(List.of(), traffic.errors());

        traffic.handshake().request("GET " + uri + " HTTP/1.1\r\nHost: a\r\n\r\n").close();

        assertEquals(holds, !traffic.sids().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"x10, 16", "X10, 16", "'\"5\"', 5", "! 5, 6"})
    void readsTos(String value, int tos) {
        assertEquals(true, alerts("tos:" + value + ";", udp("a").trafficClass(tos)));
    }

    @ParameterizedTest
    @CsvSource({
        "ipip, 94",
        "ipencap, 4",
        "RDP, 27",
        "eigrp, 88",
        "mpls-in-ip, 137",
        "PTP, 123",
        "!ospf, 88",
        "ospf, 89"
    })
    void knowsProtocolsByName(String name, int number) {
        FrameBuilder frame = FrameBuilder.ip("10.0.0.1", "10.0.0.2", number).payload("abc");

        assertEquals(true, alerts("ip_proto:" + name + ";", frame));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "requires:version >= 8; unheard of;",
                "unheard:of; requires:version >= 7.0.11;",
                "requires:version < 7;",
                "requires:feature geoip;",
                "requires:version >= 7, feature geoip;",
                "requires:keyword content;"
            })
    void leavesOutWithoutAWordWhatIsForAnotherEngine(String options) {
        RuleTraffic traffic = of(options);

        assertEquals(List.of(), traffic.errors());
        assertEquals(List.of(), traffic.frame(udp("abc")).sids());
    }

    @ParameterizedTest
    @CsvSource({"'80,81'", "'[80,81,]'"})
    void readsListsOfPorts(String ports) {
        RuleTraffic traffic =
                RuleTraffic.of("alert udp any " + ports + " -> any any (dsize:1; sid:1;)");
        assertEquals(List.of(), traffic.errors());

        traffic.frame(FrameBuilder.udp("10.0.0.1", 81, "10.0.0.2", 2).payload("a"));
        traffic.frame(FrameBuilder.udp("10.0.0.1", 82, "10.0.0.2", 2).payload("a"));

        assertEquals(List.of(1), traffic.sids());
    }

    @Test
    void transformsWhatStandsBehindATransformAlone() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (http.uri; content:\"Abc\"; to_lowercase;"
                                + " content:\"abc\"; sid:1;)",
                        "alert http any any -> any any (http.uri; content:\"Abc\"; to_lowercase;"
                                + " sid:2;)",
                        "alert http any any -> any any (http.uri; content:\"abc\"; to_lowercase;"
                                + " sid:3;)");
        assertEquals(List.of(), traffic.errors());

        traffic.handshake().request("GET /Abc HTTP/1.1\r\nHost: a\r\n\r\n").close();

        assertEquals(List.of(1, 2), traffic.sids());
    }

    @Test
    void looksForServerBodiesInFilesOfRequestsTooUnlessTheBufferIsSticky() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (http.response_body; content:\"abc\"; sid:1;)",
                        "alert http any any -> any any (content:\"abc\"; http_server_body; sid:2;)",
                        "alert http any any -> any any (flow:to_client; http.response_body;"
                                + " content:\"abc\"; sid:3;)");
        assertEquals(List.of(), traffic.errors());

        traffic.handshake()
                .request("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
                .response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");

        assertEquals(List.of(2), traffic.sids());
    }

    @Test
    void asksNothingBehindABypass() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp any any -> any any (flags:SA; bypass; sid:1;)",
                        "alert tcp any any -> any any (content:\"first\"; sid:2;)",
                        "alert tcp any any -> any any (flow:established; sid:3;)");

        traffic.toPort(4444).handshake().request("first").close();

        assertEquals(List.of(1), traffic.sids());
    }
}
