package ips.core.rule;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.FIN;
import static ips.core.packet.TcpFlags.PSH;
import static ips.core.packet.TcpFlags.RST;
import static ips.core.packet.TcpFlags.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What rules know of flows: once per direction or per packet, established, whose ICMP errors are.
 */
class FlowRulesTest {
    @Test
    void asksForAddressesOncePerDirectionAndForNegatedOnesEachTime() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert ip any any -> any any (msg:\"all\";)",
                        "alert ip !1.2.3.4 any -> any any (msg:\"negated\";)",
                        // Of all addresses it is what its text says that counts, not the addresses.
                        "alert ip [$EXTERNAL_NET,$HOME_NET] any -> any any (msg:\"within\";)");

        traffic.handshake().request("a").close();

        assertEquals(2, traffic.count(1));
        assertEquals(8, traffic.count(2));
        assertEquals(8, traffic.count(3));
    }

    @Test
    void takesAConnectionForEstablishedBehindItsHandshakeAndToItsEnd() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp any any -> any any (flow:established;)",
                        "alert tcp any any -> any any (flow:not_established;)");

        traffic.handshake().request("a").close().client(ACK, "").server(RST, "");

        assertEquals(3, traffic.count(2));
        assertEquals(7, traffic.count(1));
    }

    @Test
    void takesDataThatCompletesAHandshakeForEstablished() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp any any -> any any (flow:established; content:\"data\";)");

        traffic.client(SYN, "").server(SYN | ACK, "").client(PSH | ACK, "data").server(ACK, "");
        traffic.close();

        assertEquals(1, traffic.count(1));
    }

    @Test
    void looksAtTheStreamWhenItsSenderCloses() {
        RuleTraffic traffic = RuleTraffic.of("alert tcp any any -> any any (content:\"one two\";)");
        traffic.toPort(4444).handshake().request("one").request(" two");
        assertEquals(List.of(), traffic.sids());

        traffic.client(FIN | ACK, "");

        assertEquals(List.of(1), traffic.sids());
    }

    @Test
    void takesAConnectionSeenFromItsClientAloneForNone() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp any any -> any any (flow:established;)",
                        "alert tcp any any -> any any (content:\"lonely\";)");

        traffic.client(SYN, "").client(PSH | ACK, "lonely").end();

        assertEquals(0, traffic.count(1));
        assertEquals(1, traffic.count(2));
    }

    @Test
    void countsAnIcmpErrorToTheFlowItTellsOf() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert icmp any any -> any any (flow:to_client;)",
                        "alert ip any any -> any any (flow:established;)",
                        "alert icmp any any -> any any (flow:to_server;)");
        FrameBuilder known = FrameBuilder.udp("10.0.0.1", 1000, "10.0.0.2", 2000).payload("x");
        FrameBuilder unknown = FrameBuilder.udp("10.0.0.1", 1001, "10.0.0.2", 2001).payload("x");

        traffic.frame(known);
        traffic.frame(unreachable(known)).frame(unreachable(unknown));

        assertEquals(1, traffic.count(1));
        assertEquals(0, traffic.count(2));
        assertEquals(1, traffic.count(3));
    }

    private static FrameBuilder unreachable(FrameBuilder packet) {
        return FrameBuilder.icmp("10.0.0.2", "10.0.0.1").icmpType(3, 3).quoting(packet, 28);
    }

    @Test
    void keepsWritersOfMemoriesBeforeTheirReaders() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert udp any any -> any any (flowint:nn,==,1;)",
                        "alert udp any any -> any any (flowint:nn,+,1;)",
                        "alert udp any any -> any any (flowbits:isset,b;)",
                        "alert udp any any -> any any (flowbits:set,b;)");

        traffic.udp("x");

        assertEquals(List.of(1, 2, 3, 4), traffic.sids().stream().sorted().toList());
    }

    @Test
    void givesUpOnTheProtocolOnceNeitherDirectionTells() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp any any -> any any (app-layer-protocol:!http;)",
                        "alert tcp any any -> any any (app-layer-protocol:failed,to_server;)",
                        "alert tcp any any -> any any (app-layer-protocol:http;)");

        traffic.toPort(4444).handshake().request("nothing that is known");
        assertEquals(List.of(), traffic.sids());
        traffic.response("nor is this an answer of one").request("x").close();

        assertEquals(2, traffic.count(1));
        assertEquals(0, traffic.count(3));
    }

    @Test
    void readsARequestOnceTheResponseTellsWhatItIs() {
        RuleTraffic traffic =
                RuleTraffic.of("alert http any any -> any any (http.method; content:\"FOO\";)");

        traffic.handshake().request("FOO /a HTTP/1.1\r\nHost: a\r\n\r\n");
        traffic.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").close();

        assertEquals(List.of(1), traffic.sids());
    }

    @Test
    void takesAPacketOfNoFlowForOneToTheServerWhereADirectionIsAllThatIsAsked() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert ip any any -> any any (flow:to_server;)",
                        "alert ip any any -> any any (flow:to_client;)",
                        "alert ip any any -> any any (flow:stateless;)",
                        "alert ip any any -> any any (flow:to_server,no_stream;)",
                        "alert ip any any -> any any (flow:no_frag;)",
                        "alert ip any any -> any any (flow:not_established,no_stream;)");

        traffic.frame(FrameBuilder.ip("10.0.0.1", "10.0.0.2", 99).payload("of no flow"));

        assertEquals(List.of(1, 6), traffic.sids().stream().sorted().toList());
    }

    @Test
    void looksIntoTheStreamOfWhatIsNoFragment() {
        RuleTraffic traffic =
                RuleTraffic.of("alert tcp any any -> any any (flow:no_frag; content:\"one two\";)");

        traffic.handshake().request("one ").request("two").close();

        assertEquals(List.of(1), traffic.sids());
    }

    @Test
    void takesAConnectionPickedUpForEstablishedFromItsSecondSegmentOn() {
        RuleTraffic traffic =
                RuleTraffic.midstream(
                        "alert tcp any any -> any any (flow:established;)",
                        "alert tcp any any -> any any (flow:not_established;)");

        traffic.request("a").request("b");

        assertEquals(3, traffic.count(1));
        assertEquals(1, traffic.count(2));
    }

    @Test
    void missesAnAckThatEndsAHandshakeUnlessItIsInline() {
        String[] rules = {
            "alert tcp any any -> any any (flow:established;)",
            "alert tcp any any -> any any (stream-event:3whs_ack_data_inject;)"
        };
        RuleTraffic watching = RuleTraffic.of(rules);
        RuleTraffic inline = RuleTraffic.inline(rules);

        for (RuleTraffic traffic : List.of(watching, inline)) {
            traffic.client(SYN, "").server(SYN | ACK, "").server(PSH | ACK, "banner");
            traffic.client(ACK, "");
        }

        assertEquals(List.of(1), watching.sids());
        assertEquals(List.of(2), inline.sids());
    }

    @Test
    void belongsToTheFlowOfASegmentOnlyWhereAnErrorQuotesItsHeader() {
        RuleTraffic traffic = RuleTraffic.of("alert icmp any any -> any any (flow:to_client;)");
        String server = RuleTraffic.SERVER;
        FrameBuilder segment = FrameBuilder.tcp(RuleTraffic.CLIENT, 40_000, server, 80);
        FrameBuilder error = FrameBuilder.icmp(server, RuleTraffic.CLIENT).icmpType(3, 3);

        traffic.handshake().request("a");
        traffic.frame(error.quoting(segment, 8));
        assertEquals(0, traffic.count(1));
        traffic.frame(error.quoting(segment, 20));

        assertEquals(1, traffic.count(1));
    }

    @Test
    void followsEspByItsParametersIndex() {
        RuleTraffic traffic = RuleTraffic.of("alert ip any any -> any any (flow:to_server;)");

        for (String packet : List.of("\0\0\0\1aaaa", "\0\0\0\1bbbb", "\0\0\0\2cccc", "short")) {
            traffic.frame(
                    FrameBuilder.ip(RuleTraffic.CLIENT, RuleTraffic.SERVER, 50).payload(packet));
        }

        List<Long> flows = traffic.alerts().stream().map(alert -> alert.flowId()).toList();
        assertEquals(flows.get(0), flows.get(1));
        assertEquals(3, List.copyOf(new java.util.TreeSet<>(flows)).size());
        assertEquals(0L, flows.get(3));
    }

    @Test
    void followsTheOpeningThatIsAnsweredWhicheverCameLast() {
        for (int answered : new int[] {1001, 7001}) {
            RuleTraffic traffic =
                    RuleTraffic.of(
                            "alert tcp any any -> any any (content:\"ab\"; flow:established;)");
            FrameBuilder client =
                    FrameBuilder.tcp(RuleTraffic.CLIENT, 40_000, RuleTraffic.SERVER, 80);
            FrameBuilder server =
                    FrameBuilder.tcp(RuleTraffic.SERVER, 80, RuleTraffic.CLIENT, 40_000);

            traffic.frame(client.flags(SYN).seq(1000)).frame(client.seq(7000));
            traffic.frame(server.flags(SYN | ACK).seq(5000).ack(answered));
            traffic.frame(client.flags(ACK).seq(answered).ack(5001));
            traffic.frame(client.flags(PSH | ACK).payload("a"));
            traffic.frame(client.seq(answered + 1).payload("b"));
            traffic.frame(server.flags(ACK).seq(5001).ack(answered + 2)).end();

            assertEquals(1, traffic.count(1));
        }
    }

    /** Whoever sends raw packets chooses the sequence numbers; a server takes any. */
    @Test
    void followsTheNextConnectionThoughItsNumbersAreTheFirst() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp any any -> any any (content:\"evil\"; flow:established;)");

        traffic.handshake().request("good").close().fromTheFirstNumbersOn();
        traffic.handshake().request("evil").close().fromTheFirstNumbersOn();
        traffic.handshake().server(FIN | ACK, "").client(FIN | ACK, "").server(ACK, "");
        traffic.fromTheFirstNumbersOn().handshake().request("evil").close();

        assertEquals(2, traffic.count(1));
    }

    @Test
    void keepsAConnectionWhenOneFrameIsSaidToBeOld() {
        RuleTraffic traffic =
                RuleTraffic.of("alert tcp any any -> any any (flow:established; content:\"abc\";)");
        long years = 600_000_000;
        traffic.client(SYN, "").later(-years).server(SYN | ACK, "");

        traffic.later(years).client(ACK, "").request("abc").close().end();

        assertEquals(1, traffic.count(1));
    }

    @Test
    void looksInlineAtSegmentsThatAreNoPartOfAConnection() {
        String rule = "alert tcp any any -> any any (dsize:>0;)";
        for (int flags : new int[] {0, PSH, ACK, PSH | ACK}) {
            RuleTraffic traffic = RuleTraffic.inline(rule).client(flags, "abc").client(ACK, "def");

            boolean none = (flags & ACK) == 0;
            assertEquals(none ? 1 : 0, traffic.count(1), "flags " + flags);
        }
    }

    @Test
    void saysThatAnEmptyDatagramIsOfNoKnownProtocol() {
        RuleTraffic traffic = RuleTraffic.of("alert udp any any -> any any (dsize:0;)");

        traffic.udp("").frame(FrameBuilder.udp("10.0.0.1", 7, "10.0.0.2", 53).payload(""));

        assertEquals("failed", traffic.alerts().get(0).appProtocol());
    }

    @ParameterizedTest
    @CsvSource({"29, 1", "30, 1", "31, 2"})
    void takesAFlowForOverByWholeSecondsOfSilence(int seconds, int flows) {
        RuleTraffic traffic = RuleTraffic.of("alert udp any any -> any any (sid:1;)");

        traffic.udp("one").later(seconds).udp("two").end();

        assertEquals(flows, traffic.count(1));
    }
}
