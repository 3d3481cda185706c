package ips.core.rule;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.FIN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules note of flows and hosts, and what they count of streams. */
class FlowMemoryRulesTest {
    private static final String TCP = "alert tcp any any -> any any ";

    @Test
    void holdsIfOneOfSeveralBitsIsNotSet() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        TCP + "(flags:S; flowbits:set,one; flowbits:noalert;)",
                        TCP + "(flags:PA; flowbits:isnotset,one|two;)",
                        TCP + "(flags:PA; flowbits:isnotset,one;)",
                        TCP + "(flags:PA; flowbits:isset,two|one;)");

        traffic.handshake().request("a");

        assertEquals(List.of(2, 4), traffic.sids());
    }

    @Test
    void knowsBitsThatAFlowNeverHad() {
        StringBuilder rules = new StringBuilder(TCP + "(flowbits:set,first; sid:1;)\n");
        for (int i = 0; i < 200; i++) {
            rules.append(
                    TCP + "(flags:PA; flowbits:isset,bit%d; sid:%d;)%n".formatted(i, 1000 + i));
        }
        RuleTraffic traffic = RuleTraffic.of(rules.toString());

        traffic.handshake().request("a");

        assertEquals(List.of(1, 1), traffic.sids());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "flowint:number,-,1;                   | flowint:number,isset;   | false",
                "flowint:number,+,1;                   | flowint:number,==,1;    | true",
                "flowint:number,+,unknown;             | flowint:number,==,0;    | true",
                "flowint:number,=,7;                   | flowint:number,==,7;    | true",
                "flowint:one,=,1; flowint:one,-,2;     | flowint:one,>,4294967290; | true"
            })
    void countsInNumbersOf32BitsAndTakesNothingFromNone(String first, String then, boolean holds) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        TCP + "(flags:S; noalert; " + first + ")",
                        TCP + "(flags:PA; " + then + ")");

        traffic.handshake().request("a");

        assertEquals(holds ? 1 : 0, traffic.count(2));
    }

    @Test
    void remembersAHostByOneNameWhicheverKeywordSays() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        TCP + "(flags:S; xbits:set,seen,track ip_src; noalert;)",
                        TCP + "(flags:PA; hostbits:isset,seen,src;)",
                        TCP + "(flags:PA; xbits:isset,seen,track ip_pair;)");

        traffic.handshake().request("a");

        assertEquals(List.of(2), traffic.sids());
    }

    @Test
    void remembersForWholeSecondsFromTheFirstTimeOn() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert udp any any -> any any (ttl:64; xbits:set,seen,track ip_src,expire 3;)",
                        "alert udp any any -> any any (ttl:64; xbits:isset,seen,track ip_src;)");

        traffic.udp("sets it").later(2).udp("holds").later(1).udp("holds").later(1);
        assertEquals(2, traffic.count(2));
        traffic.udp("ran out, and sets it");
        assertEquals(2, traffic.count(2));
        traffic.udp("holds");

        assertEquals(3, traffic.count(2));
    }

    @Test
    void togglesWhatRanOutIntoNothing() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert udp any any -> any any"
                                + " (content:\"t\"; hostbits:toggle,seen; noalert;)",
                        "alert udp any any -> any any (content:\"r\"; hostbits:isset,seen;)");

        traffic.udp("t").udp("r");
        assertEquals(1, traffic.count(2));
        traffic.later(400).udp("t").udp("r");

        assertEquals(1, traffic.count(2));
    }

    @Test
    void asksByMemoryThenByPriorityThenBySid() {
        String udp = "alert udp any any -> any any (";
        RuleTraffic traffic =
                RuleTraffic.of(
                        udp + "sid:9;)",
                        udp + "ttl:64; sid:8;)",
                        udp + "xbits:set,a,track ip_src; sid:7;)",
                        udp + "ttl:64; priority:1; sid:6;)",
                        udp + "xbits:isnotset,b,track ip_pair; sid:5;)",
                        udp + "xbits:isnotset,b,track ip_src; sid:4;)",
                        udp + "hostbits:unset,b; sid:3;)",
                        udp + "flowint:nn,notset; sid:2;)",
                        udp + "flowbits:set,a; sid:1;)");

        traffic.udp("a");

        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), traffic.sids());
    }

    @Test
    void takesANumberThatAFlowHasNotForZeroOnTheRightAlone() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        TCP + "(flags:S; flowint:nn,=,0; noalert;)",
                        TCP + "(flags:PA; flowint:nn,==,none;)",
                        TCP + "(flags:PA; flowint:none,==,nn;)");

        traffic.handshake().request("a");

        assertEquals(List.of(2), traffic.sids());
    }

    @Test
    void countsAFinFromTheNextSegmentOn() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        TCP + "(flags:FA; stream_size:client,=,4;)",
                        TCP + "(flags:FA; stream_size:client,=,5;)",
                        TCP + "(flags:A; stream_size:client,=,5;)");

        traffic.handshake().request("abc").client(FIN | ACK, "").server(FIN | ACK, "");
        traffic.client(ACK, "");

        assertEquals(1, traffic.count(1));
        assertEquals(1, traffic.count(2)); // the server's
        assertEquals(1, traffic.count(3));
    }

    @Test
    void countsAtOnceTheFinOfTheServerThatClosesFirst() {
        RuleTraffic traffic =
                RuleTraffic.of(TCP + "(flags:FA; flow:to_client; stream_size:server,=,2;)");

        traffic.handshake().request("abc").server(FIN | ACK, "");

        assertEquals(1, traffic.count(1));
    }

    @Test
    void looksAtStreamsAloneOrAtPacketsAlone() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        TCP + "(flow:only_stream;)",
                        TCP + "(flow:no_stream;)",
                        TCP + "(flow:only_stream; content:\"abc\";)",
                        TCP + "(flow:no_stream; content:\"abc\";)");

        traffic.handshake().request("a").request("bc").close();

        assertEquals(0, traffic.count(1));
        assertEquals(10, traffic.count(2));
        assertEquals(1, traffic.count(3));
        assertEquals(0, traffic.count(4));
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "!0, 2", "!1, 1", "<2, 6", ">1, 1"})
    void takesASizeThatIsNoneOrNotOneByWhatThereIsToLookAt(String size, int alerts) {
        RuleTraffic traffic = RuleTraffic.of(TCP + "(dsize:" + size + ";)");

        traffic.handshake().request("a").request("bc");

        assertEquals(alerts, traffic.count(1));
    }

    @Test
    void takesASegmentForEmptyOnlyWhereItsStreamIsNotLookedAt() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        TCP + "(flags:FA; dsize:0; flow:to_server;)",
                        TCP + "(flags:FA; dsize:!7; flow:to_server;)",
                        TCP + "(content:\"nothing of this\";)");

        traffic.handshake().request("abc").close();

        assertEquals(List.of(2), traffic.sids());
    }

    @Test
    void tellsTheProtocolOfTheFirstTwoDatagramsOfADirection() {
        RuleTraffic traffic =
                RuleTraffic.of("alert udp any any -> any any (app-layer-protocol:failed;)");

        traffic.udp("a").udp("b").udp("c");

        assertEquals(2, traffic.count(1));
    }

    @Test
    void asksAboutAnEmptySegmentWhenItsStreamDoesNotMatch() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp-stream any any -> any any (isdataat:!5; flow:to_server;)",
                        TCP + "(pcre:!\"/b/\"; flow:to_server;)",
                        TCP + "(content:!\"b\"; flow:to_server;)",
                        TCP + "(flow:to_server,only_stream; isdataat:!5;)");

        traffic.handshake().request("abcabcabc").close();

        assertEquals(List.of(1, 2), traffic.sids());
    }

    @Test
    void countsTheEndOfAnOpenConnectionAsOneOfItsPackets() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (flow:to_server;)",
                        "alert http any any -> any any (flow:to_client;)",
                        "alert http any any -> any any (flow:established,to_server;)");

        traffic.handshake().request("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        List<Integer> before = traffic.sids();
        traffic.end();

        assertEquals(List.of(2), before);
        assertEquals(List.of(2, 1, 2), traffic.sids());
    }

    @Test
    void asksARuleOfNegatedAddressesWhenAnOpenConnectionEnds() {
        RuleTraffic traffic =
                RuleTraffic.of("alert tcp !1.2.3.4 any -> any any (sid:1;)").toPort(4444);

        traffic.handshake().end();

        assertEquals(5, traffic.count(1));
    }
}
