package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.Protocol;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules ask of headers and payload of one packet. */
class PacketRulesTest {
    private static boolean alerts(String header, String options, FrameBuilder frame) {
        RuleTraffic traffic = RuleTraffic.of("alert " + header + " (" + options + ")");
        assertEquals(List.of(), traffic.errors());
        return !traffic.frame(frame).sids().isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "!10.0.0.9           | true  | false",
                "!2001:db8::9        | false | true",
                "!$HOME_NET          | false | false",
                "::/0                | false | true",
                "0.0.0.0/0           | true  | false",
                "10.0.0.0/255.0.0.0  | true  | false",
                "[10.0.0.9,!2001:db8::9] | false | true",
                "10.0.0.0-10.0.0.5   | true  | false",
                "10.9.9.9,10.0.0.1   | true  | false",
                "2001:db8::/32,!2001:db8::1 | false | false",
                "any                 | true  | true"
            })
    void keepsNegationWithinAFamilyOfAddresses(String source, boolean v4, boolean v6) {
        String header = "udp " + source + " any -> any any";

        assertEquals(
                v4,
                alerts(
                        header,
                        "dsize:>0;",
                        FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).payload("x")));
        assertEquals(
                v6,
                alerts(
                        header,
                        "dsize:>0;",
                        FrameBuilder.udp("2001:db8::1", 1, "2001:db8::2", 2).payload("x")));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, true, false",
        "::ffff:10.0.0.1, false, true",
        "::ffff:0:0/96, false, true",
        "::ffff:10.0.0.2/128, false, false",
        "!::ffff:10.0.0.1, false, false",
        "::/0, false, true",
        "any, true, true"
    })
    void keepsIpv4MappedAddressesFromThoseTheyName(String source, boolean v4, boolean mapped) {
        String header = "udp " + source + " any -> any any";
        IpAddress client = IpAddress.parse("10.0.0.1");
        IpAddress server = IpAddress.parse("10.0.0.2");

        assertEquals(
                v4,
                alerts(header, "dsize:>0;", FrameBuilder.udp(client, 1, server, 2).payload("x")));
        assertEquals(
                mapped,
                alerts(
                        header,
                        "dsize:>0;",
                        FrameBuilder.udp(client.mapped(), 1, server.mapped(), 2).payload("x")));
    }

    @ParameterizedTest
    @CsvSource({
        "ip.src; content:\"|0a 00 00 01|\"; bsize:4;, true",
        "ip.dst; content:\"|0a 00 00 01|\";, false",
        "ip.dst; content:\"|00 02|\"; endswith;, true",
        "ip.src; bsize:16;, false"
    })
    void looksIntoAddresses(String options, boolean holds) {
        FrameBuilder frame = FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).payload("x");

        assertEquals(holds, alerts("ip any any -> any any", options, frame));
    }

    @Test
    void countsNoPayloadInProtocolsItDoesNotRead() {
        FrameBuilder frame = FrameBuilder.ip("10.0.0.1", "10.0.0.2", 253).payload("abcdef");

        assertTrue(alerts("ip any any -> any any", "dsize:0;", frame));
        assertEquals(false, alerts("ip any any -> any any", "content:\"abc\";", frame));
    }

    @Test
    void asksOnlyAboutTheHeadersOfIpWhereThatOfTheTransportIsBroken() {
        String options = "content:\"evil\";";
        String event = "alert udp any any -> any any (decode-event:udp.len_invalid; sid:9;)";
        FrameBuilder frame =
                FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).payload("evil").udpLength(5).ttl(64);
        RuleTraffic traffic =
                RuleTraffic.of(
                        event,
                        "alert udp any any -> any any (ttl:64; sid:1;)",
                        "alert ip any any -> any any (sid:2;)",
                        "alert udp any any -> any 2 (ttl:64; sid:3;)",
                        "alert udp any any -> any any (" + options + " sid:4;)");

        traffic.frame(frame);

        assertEquals(Set.of(1, 2, 9), Set.copyOf(traffic.sids()));
    }

    @ParameterizedTest
    @CsvSource({"ipv4, true, false", "IP4, true, false", "ip6, false, true"})
    void tellsTheVersionsOfIpApart(String protocol, boolean v4, boolean v6) {
        String options = "l3_proto:" + protocol + ";";
        FrameBuilder ofIpv4 = FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2);
        FrameBuilder ofIpv6 = FrameBuilder.udp("2001:db8::1", 1, "2001:db8::2", 2);

        assertEquals(v4, alerts("ip any any -> any any", options, ofIpv4));
        assertEquals(v6, alerts("ip any any -> any any", options, ofIpv6));
    }

    @Test
    void readsThePortsOfSctp() {
        FrameBuilder frame =
                FrameBuilder.ip("10.0.0.1", "10.0.0.2", 132)
                        .payload("\0\7\0\10" + "tag-" + "sum-" + "evil");

        assertTrue(alerts("sctp any 7 -> any 8", "content:\"evil\"; startswith;", frame));
        assertEquals(false, alerts("sctp any 7 -> any 9", "content:\"evil\";", frame));
    }

    @Test
    void countsThePayloadOfEspBehindItsHeader() {
        FrameBuilder frame =
                FrameBuilder.ip("10.0.0.1", "10.0.0.2", 50).payload("spi-seq-encrypted");

        assertTrue(alerts("ip any any -> any any", "content:\"enc\"; startswith;", frame));
        assertTrue(alerts("ip any any -> any any", "dsize:9;", frame));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "byte_test:1,=,+1,1;            | true",
                "byte_test:2,=,010,1;           | false",
                "byte_test:2,=,258,1;           | true",
                "byte_test:2,=,513,1,little;    | true",
                "byte_test:3,=,1,0,bitmask 0xff00; | true",
                "byte_test:1,!&,1,2;            | true",
                "byte_test:0,=,0xABCDEF,10,string,hex; | true",
                "byte_test:0,=,0xABCDE,10,string,hex; | false",
                "byte_test:0,>=,0,16,string,dec; | false",
                "byte_extract:1,8,n; byte_test:n,>,0,0; | true",
                "byte_extract:1,9,n; byte_test:n,>,0,0; | false",
                "byte_jump:1,3; byte_test:1,=,7,0,relative; | true",
                "byte_math:bytes 1,offset 3,oper +,rvalue 2,result r; byte_test:1,=,r,5; | true",
                "byte_math:bytes 1,offset 3,oper *,rvalue 2,result r,bitmask 3; byte_test:1,=,r,2; | true",
                "byte_extract:2,1,n; byte_math:bytes n,offset 0,oper +,rvalue 1,result r; | true",
                "byte_extract:1,0,n; byte_math:bytes n,offset 0,oper +,rvalue 1,result r; | false"
            })
    void readsNumbers(String options, boolean holds) {
        String bytes = "\0\1\2\3\4\5\6\7\10\20ABCDEF";
        RuleTraffic traffic = RuleTraffic.of("alert udp any any -> any any (" + options + ")");

        traffic.udp(bytes);

        assertEquals(List.of(), traffic.errors());
        assertEquals(holds, !traffic.sids().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "byte_test:5,=,34,5,string;     | true",
                "byte_test:5,=,42,5,string;     | false",
                "byte_test:5,=,42,5,string,dec; | true",
                "byte_test:4,=,42,15,string;    | true",
                "byte_test:2,=,77,20,string;    | true",
                "byte_jump:5,5,string; isdataat:5,relative; | true",
                "byte_jump:5,5,string; isdataat:20,relative; | false",
                "byte_jump:0,5,string,dec; isdataat:!1,relative; | false",
                "byte_jump:0,20,string,dec;     | false",
                "byte_jump:0,0,string,dec;      | false",
                "byte_extract:5,5,n,string; byte_test:1,=,0x2e,n; | false",
                "byte_extract:5,5,n,string; byte_test:1,=,0x21,n; | true",
            })
    void readsNumbersWithoutABaseAsCDoes(String options, boolean holds) {
        String bytes = "size=00042;len=0x2a;77;" + ".".repeat(19) + "!" + ".".repeat(12);
        RuleTraffic traffic = RuleTraffic.of("alert udp any any -> any any (" + options + ")");

        traffic.udp(bytes);

        assertEquals(List.of(), traffic.errors());
        assertEquals(holds, !traffic.sids().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bsize:5;                          | bsize: there is no buffer before it",
                "byte_test:2,=,1,0,dce;            | byte_test: dce, as DCERPC is not read",
                "app-layer-protocol:unknown;       | app-layer-protocol: unknown protocol unknown",
                "http.uri; content:\"a\"; flow:to_client; | rule: a buffer of requests"
            })
    void refusesWhatItCannotMean(String options, String reason) {
        RuleTraffic traffic = RuleTraffic.of("alert tcp any any -> any any (" + options + ")");

        assertEquals(1, traffic.errors().size());
        assertTrue(traffic.errors().get(0).contains(reason), traffic.errors().get(0));
    }

    /** Segments with one flag more than the other count as begin or end, unusual, or neither. */
    @ParameterizedTest
    @CsvSource({
        "S, S, true",
        "S, SA, false",
        "S+, SA, true",
        "SA+, SP, false",
        "*SF, SP, true",
        "*SF, FP, false",
        "*FA, FP, true",
        "*FA, AP, false",
        "*PA, P, true",
        "!S, F, true",
        "!S, PA, false",
        "!A, P, true",
        "!PU, P, false",
        "!PU, U, true",
        "'S,12', SEC, true",
        "'0,12', EC, false",
        "!0, A, true",
        "+0, A, false"
    })
    void takesFlagsAsSuricataDoes(String wanted, String flags, boolean holds) {
        int bits = 0;
        for (char flag : flags.toCharArray()) {
            bits |= 1 << "FSRPAUEC".indexOf(flag);
        }
        FrameBuilder frame = FrameBuilder.tcp("10.0.0.1", 1, "10.0.0.2", 2).flags(bits);

        assertEquals(holds, alerts("tcp any any -> any any", "flags:" + wanted + ";", frame));
    }

    @ParameterizedTest
    @CsvSource({
        "content:!\"A\"; endswith;, xAx, false", // the one it is found by lies nowhere
        "content:!\"A\"; endswith;, xx, true",
        "content:!\"A\"; endswith; dsize:!2;, xAx, true", // where a size is named it is not
        "content:!\"A\"; endswith; dsize:3;, xAx, true",
        "content:!\"A\"; endswith; dsize:<5;, xAx, true",
        "content:!\"A\"; endswith; dsize:1<>5;, xAx, true",
        "content:!\"A\"; endswith; dsize:>1;, xAx, false",
        "content:!\"A\"; endswith; content:!\"qq\";, xAx, true",
        "content:!\"A\"; endswith; content:!\"qq\";, xxA, false",
        "content:!\"A\"; endswith; content:!\"qq\";, AxA, true", // the first place counts
        "content:\"x\"; content:!\"A\"; endswith;, xA, false",
        "content:\"x\"; content:!\"A\"; endswith;, xAx, true",
        "content:\"x\"; content:!\"A\"; endswith; fast_pattern;, xAx, false", // it is sought first
        "content:\"x\"; content:!\"A\"; endswith; fast_pattern; dsize:3;, xAx, true",
        "content:\"x\"; content:!\"A\"; distance:0; endswith;, xA, true",
        "content:\"A\"; endswith;, AxA, true",
        "dsize:!2; content:\"A\";, xxA, false", // lies before the size that is not allowed
        "dsize:!4; content:\"A\";, xxA, true",
        "dsize:!2; content:!\"A\";, xxA, true"
    })
    void boundsContentsAsSuricataDoes(String options, String payload, boolean holds) {
        FrameBuilder frame = FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).payload(payload);

        assertEquals(holds, alerts("udp any any -> any any", options, frame));
    }

    @ParameterizedTest
    @CsvSource({
        "D, false, true, false",
        "+D, false, false, true", // and others beside it
        "*MD, true, true, true",
        "!MD, true, true, false",
        "!D, true, false, false",
        "MD+, false, false, true", // as if it said no more than MD
        "MD, false, false, true"
    })
    void asksForBitsOfFragmentation(String bits, boolean more, boolean dont, boolean both) {
        String options = "fragbits:" + bits + ";";

        assertEquals(more, alerts("ip any any -> any any", options, fragment(true, false)));
        assertEquals(dont, alerts("ip any any -> any any", options, fragment(false, true)));
        assertEquals(both, alerts("ip any any -> any any", options, fragment(true, true)));
    }

    private static FrameBuilder fragment(boolean more, boolean dont) {
        FrameBuilder frame = FrameBuilder.ip("10.0.0.1", "10.0.0.2", 253).payload(new byte[8]);
        return (dont ? frame.dontFragment() : frame).fragment(0, more);
    }

    @Test
    void asksForTheChecksumOfEachFragmentsHeader() {
        FrameBuilder frame =
                FrameBuilder.ip("10.0.0.1", "10.0.0.2", 253).payload(new byte[8]).fragment(8, true);

        assertTrue(alerts("ip any any -> any any", "ipv4-csum:valid;", frame));
        assertFalse(alerts("ip any any -> any any", "ipv4-csum:invalid;", frame));
    }

    @Test
    void asksAboutEachFragmentAndAboutThePacketTheyMake() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert udp any any -> any any (fragbits:M;)",
                        "alert udp any any -> any any (fragoffset:>0;)",
                        "alert udp any any -> any any (dsize:0;)",
                        "alert udp any any -> any 2000 (dsize:>0;)",
                        "alert udp any any -> any !2000 (ttl:64;)",
                        "alert tcp any any -> any any (ttl:64;)");

        FrameBuilder.udp("10.0.0.1", 1000, "10.0.0.2", 2000)
                .id(7)
                .payload("x".repeat(40))
                .fragments(24)
                .forEach(traffic::frame);

        assertEquals(List.of(1, 3, 4, 2, 3), traffic.sids());
    }

    @ParameterizedTest
    @CsvSource({
        "any, any, 3",
        "any, 80,  1",
        "any, !80, 1",
        "any, 0,   0",
        "0,   any, 0",
        "!1,  any, 2"
    })
    void fitsARuleThatNamesAPortOnlyToWhatHasPorts(String from, String to, int alerts) {
        RuleTraffic traffic =
                RuleTraffic.of("alert ip any %s -> any %s (ttl:64;)".formatted(from, to));

        traffic.frame(FrameBuilder.udp("10.0.0.1", 1000, "10.0.0.2", 80));
        traffic.frame(FrameBuilder.icmp("10.0.0.1", "10.0.0.2"));
        traffic.frame(
                FrameBuilder.ip("10.0.0.1", "10.0.0.2", Protocol.SCTP)
                        .payload(new byte[] {0, 9, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0}));

        assertEquals(alerts, traffic.sids().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "content:\"ab\"; content:!\"zz\"; distance:0; isdataat:!1,relative; => true",
                "content:\"ab\"; isdataat:!1,relative; => true",
                "content:\"abc\"; isdataat:!1,relative; => false",
                "content:\"abc\"; content:!\"ab\"; distance:0; isdataat:!1,relative; => true",
                "content:\"ab\"; offset:3; depth:9; isdataat:!1,relative; => false",
                "content:!\"ab\"; isdataat:!1,relative; => false",
                "content:!\"ab\"; offset:8; endswith; => true",
                "content:\"=\"; content:\"aC&\"; distance:-7; within:3; => true",
                "content:\"=\"; content:\"aC&\"; distance:-4; within:3; => false",
                "content:\"1x\"; content:\"aC&\"; distance:-7; within:3; => false"
            })
    void placesContentsWhereSuricataDoes(String options, boolean alerts) {
        FrameBuilder frame =
                FrameBuilder.udp("10.0.0.1", 5, "10.0.0.2", 7).payload("= 1xb&abcaC&ab");

        assertEquals(alerts, alerts("udp any any -> any any", options.strip(), frame));
    }

    /** Suricata looks at no packet that says it is longer than it is, events of decoding aside. */
    @Test
    void doesNotAskAboutPacketsThatAreCutShort() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert ip any any -> any any (msg:\"any\";)",
                        "alert udp any any -> any any (dsize:>0;)");
        FrameBuilder datagram = FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).payload("abc");

        traffic.frame(datagram.totalLength(400));
        assertEquals(0, traffic.alerts().size());

        traffic.frame(FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).payload("abc"));
        assertEquals(2, traffic.alerts().size());
    }
}
