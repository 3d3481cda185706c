package ips.core.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IcmpHeader;
import ips.core.packet.Protocol;
import ips.core.packet.Sctp;
import ips.core.packet.SctpHeader;
import ips.core.packet.TcpFlags;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatagramConnectionsTest {
    private static final String CLIENT = "192.0.2.1";
    private static final String SERVER = "198.51.100.2";
    private static final String DNS = " 192.0.2.1:40000>198.51.100.2:53";
    private static final String SIGTRAN = " 192.0.2.1:40000>198.51.100.2:2905";
    private static final String PING = " 192.0.2.1:77>198.51.100.2:0";

    private static final String IN_DOUBT = "unaskedError in doubt 192.0.2.1";

    private final Conversations talk = new Conversations();

    @Test
    void aQuestionIsAnsweredOnce() {
        talk.send(question()).pass(20).send(answer()).send(answer()).pass(700);

        assertEquals(List.of("attempted" + DNS, "answered" + DNS), talk.events());
        assertTrue(talk.table().isAnswered(talk.table().current()));
    }

    @Test
    void furtherDatagramsAreNoFurtherAttempts() {
        talk.send(question()).send(answer()).send(question()).pass(20_000).send(question());

        assertEquals(List.of("attempted" + DNS, "answered" + DNS), talk.events());
    }

    @Test
    void aQuestionWithoutAnswerIsUnanswered() {
        talk.send(question()).pass(700);

        assertEquals(List.of("attempted" + DNS, "unanswered" + DNS), talk.events());
    }

    @Test
    void anAnswerMayComeLate() {
        talk.send(question()).pass(700).send(answer());

        assertEquals(
                List.of("attempted" + DNS, "unanswered" + DNS, "answered" + DNS), talk.events());
    }

    @Test
    void anAnswerWithoutAQuestionIsUnaskedOnce() {
        talk.send(answer()).send(answer()).pass(700).send(answer()).pass(700);

        assertEquals(List.of("unaskedAnswer" + DNS), talk.events());
    }

    @Test
    void afterALongSilenceTheSamePortsAreANewAttempt() {
        talk.send(question()).pass(31_000).events();

        talk.send(question());

        assertEquals(List.of("attempted" + DNS), talk.events());
    }

    @Test
    void aPortUnreachableRefuses() {
        talk.send(question());

        talk.send(error(IcmpHeader.DESTINATION_UNREACHABLE, 3, SERVER)).pass(700);

        assertEquals(List.of("attempted" + DNS, "refused" + DNS), talk.events());
    }

    @Test
    void anErrorAboutWhatWasNotSentIsUnasked() {
        talk.send(error(IcmpHeader.DESTINATION_UNREACHABLE, 3, SERVER)).pass(700);

        assertEquals(List.of("unaskedError 192.0.2.1"), talk.events());
    }

    @Test
    void anErrorThatQuotesNothingIsUnasked() {
        talk.send(unreachable());

        assertEquals(List.of("unaskedError 192.0.2.1"), talk.events());
    }

    @Test
    void anErrorAboutWhatNeedNotBeRememberedIsInDoubt() {
        talk.send(unreachable().quoting(FrameBuilder.ip(CLIENT, SERVER, Protocol.GRE), 8));
        talk.send(unreachable().quoting(sctp(0), 8));
        talk.send(unreachable().quoting(tcp().flags(TcpFlags.RST | TcpFlags.ACK), 8));

        assertEquals(List.of(IN_DOUBT, IN_DOUBT, IN_DOUBT), talk.events());
    }

    @Test
    void anErrorAboutASegmentThatWasNotSentIsUnasked() {
        talk.send(unreachable().quoting(tcp().flags(TcpFlags.SYN).seq(77), 8));

        assertEquals(List.of("unaskedError 192.0.2.1"), talk.events());
    }

    @Test
    void anErrorAboutAReplyToAPingIsInDoubt() {
        FrameBuilder reply =
                FrameBuilder.icmp(CLIENT, SERVER)
                        .icmpType(IcmpHeader.ECHO_REPLY, 0)
                        .icmpEcho(77, 1);
        talk.send(FrameBuilder.icmp(SERVER, CLIENT).icmpEcho(77, 1)).send(reply).events();

        talk.send(unreachable().quoting(reply, 8));

        assertEquals(List.of(IN_DOUBT), talk.events());
    }

    @Test
    void anErrorAboutAReplyThatWasNotSentIsUnasked() {
        talk.send(unreachable().quoting(FrameBuilder.icmp(CLIENT, SERVER).icmpType(0, 0), 8));

        assertEquals(List.of("unaskedError 192.0.2.1"), talk.events());
    }

    private static FrameBuilder unreachable() {
        return FrameBuilder.icmp(SERVER, CLIENT).icmpType(IcmpHeader.DESTINATION_UNREACHABLE, 1);
    }

    private static FrameBuilder tcp() {
        return FrameBuilder.tcp(CLIENT, 80, SERVER, 40_000);
    }

    @Test
    void anErrorAfterTheAnswerRefusesNothing() {
        talk.send(question()).send(answer());

        talk.send(error(IcmpHeader.DESTINATION_UNREACHABLE, 3, SERVER));

        assertEquals(List.of("attempted" + DNS, "answered" + DNS, IN_DOUBT), talk.events());
    }

    @Test
    void tracingARouteIsNeitherRefusedNorUnanswered() {
        talk.send(question()).send(error(IcmpHeader.TIME_EXCEEDED, 0, "203.0.113.1")).pass(700);
        talk.send(question()).send(error(IcmpHeader.TIME_EXCEEDED, 0, "203.0.113.2")).pass(700);

        assertEquals(List.of("attempted" + DNS, "attempted" + DNS), talk.events());
    }

    @Test
    void anAnswerWhoseQuestionWasNotSeenIsNoAttempt() {
        talk.send(answer()).pass(100).send(question()).pass(700);

        assertEquals(List.of(), talk.events());
        assertTrue(talk.table().currentFromClient());
        assertTrue(talk.table().isAnswered(talk.table().current()), "both were heard");
    }

    @Test
    void betweenHighPortsTheFirstToSendIsTheClient() {
        talk.send(FrameBuilder.udp(CLIENT, 2000, SERVER, 50_000));

        assertEquals(List.of("attempted 192.0.2.1:2000>198.51.100.2:50000"), talk.events());
    }

    @Test
    void betweenWellKnownPortsTheFirstToSendIsTheClient() {
        talk.send(FrameBuilder.udp(CLIENT, 123, SERVER, 123))
                .send(FrameBuilder.udp(SERVER, 123, CLIENT, 123));

        assertEquals(
                List.of(
                        "attempted 192.0.2.1:123>198.51.100.2:123",
                        "answered 192.0.2.1:123>198.51.100.2:123"),
                talk.events());
    }

    @Test
    void aPingIsAnsweredByItsReplyOnly() {
        talk.send(ping()).send(reply().icmpEcho(78, 1)).send(reply().icmpEcho(77, 1));
        talk.send(ping()).send(reply().icmpEcho(77, 1)).pass(700);

        assertEquals(List.of("attempted" + PING, "answered" + PING), talk.events());
    }

    @Test
    void aPingWithoutReplyIsUnanswered() {
        talk.send(ping()).pass(700);

        assertEquals(List.of("attempted" + PING, "unanswered" + PING), talk.events());
    }

    @Test
    void anUnreachableHostRefusesAPing() {
        talk.send(ping());

        talk.send(
                FrameBuilder.icmp("203.0.113.1", CLIENT)
                        .icmpType(IcmpHeader.DESTINATION_UNREACHABLE, 1)
                        .quoting(ping(), 8));

        assertEquals(List.of("attempted" + PING, "refused" + PING), talk.events());
    }

    @Test
    void aReplyWithoutRequestIsNothing() {
        talk.send(reply().icmpEcho(77, 1)).pass(700);

        assertEquals(List.of(), talk.events());
        assertEquals(ConnectionTable.NONE, talk.table().current());
    }

    @Test
    void bothEndsMayPingWithTheSameIdentifier() {
        talk.send(ping());
        talk.send(FrameBuilder.icmp(SERVER, CLIENT).icmpEcho(77, 1));

        assertEquals(
                List.of("attempted" + PING, "attempted 198.51.100.2:77>192.0.2.1:0"),
                talk.events());
    }

    @Test
    void icmpv6CountsAlike() {
        FrameBuilder ping = FrameBuilder.icmp("2001:db8::1", "2001:db8::2").icmpEcho(5, 1);
        FrameBuilder question = FrameBuilder.udp("2001:db8::1", 40000, "2001:db8::2", 53);
        talk.send(ping).send(question);

        talk.send(
                FrameBuilder.icmp("2001:db8::2", "2001:db8::1")
                        .icmpType(IcmpHeader.V6_ECHO_REPLY, 0)
                        .icmpEcho(5, 1));
        talk.send(
                FrameBuilder.icmp("2001:db8::2", "2001:db8::1")
                        .icmpType(IcmpHeader.V6_DESTINATION_UNREACHABLE, 4)
                        .quoting(question, 8));

        assertEquals(
                List.of(
                        "attempted 2001:db8::1:5>2001:db8::2:0",
                        "attempted 2001:db8::1:40000>2001:db8::2:53",
                        "answered 2001:db8::1:5>2001:db8::2:0",
                        "refused 2001:db8::1:40000>2001:db8::2:53"),
                talk.events());
    }

    @Test
    void otherProtocolsAreNotFollowed() {
        talk.send(FrameBuilder.ip(CLIENT, SERVER, 132).payload("x".repeat(20)));

        assertEquals(List.of(), talk.events());
        assertEquals(ConnectionTable.NONE, talk.table().current());
    }

    @Test
    void aFragmentIsNoAttemptBeforeItsPacketIsComplete() {
        List<byte[]> fragments = question().payload("x".repeat(100)).id(9).fragments(64);

        talk.ethernet(fragments.get(0));

        assertEquals(2, fragments.size());
        assertEquals(List.of(), talk.events());
        assertEquals(ConnectionTable.NONE, talk.table().current());
    }

    private static FrameBuilder question() {
        return FrameBuilder.udp(CLIENT, 40000, SERVER, 53).payload("?");
    }

    private static FrameBuilder answer() {
        return FrameBuilder.udp(SERVER, 53, CLIENT, 40000).payload("!");
    }

    private static FrameBuilder ping() {
        return FrameBuilder.icmp(CLIENT, SERVER).icmpEcho(77, 1);
    }

    private static FrameBuilder reply() {
        return FrameBuilder.icmp(SERVER, CLIENT).icmpType(IcmpHeader.ECHO_REPLY, 0);
    }

    @Test
    void anAssociationOverSctpIsAnsweredByItsInitAck() {
        talk.send(sctp(SctpHeader.INIT)).send(sctpBack(SctpHeader.INIT_ACK));
        talk.send(sctp(SctpHeader.COOKIE_ECHO)).send(sctpBack(SctpHeader.COOKIE_ACK)).pass(700);

        assertEquals(List.of("attempted" + SIGTRAN, "answered" + SIGTRAN), talk.events());
    }

    @Test
    void anAbortRefusesAnInit() {
        talk.send(sctp(SctpHeader.INIT)).send(sctpBack(SctpHeader.ABORT)).pass(700);

        assertEquals(List.of("attempted" + SIGTRAN, "refused" + SIGTRAN), talk.events());
    }

    @Test
    void anAbortAfterTheAnswerRefusesNothing() {
        talk.send(sctp(SctpHeader.INIT)).send(sctpBack(SctpHeader.INIT_ACK));
        talk.send(sctpBack(SctpHeader.ABORT)).pass(700);

        assertEquals(List.of("attempted" + SIGTRAN, "answered" + SIGTRAN), talk.events());
    }

    @Test
    void chunksOfAnAssociationUnderWayAreNoAttempt() {
        talk.send(sctp(0)).send(sctpBack(3)).send(sctp(SctpHeader.ABORT)).pass(700);

        assertEquals(List.of(), talk.events());
    }

    private static FrameBuilder sctp(int chunk) {
        return Sctp.packet(CLIENT, 40_000, SERVER, 2905, chunk);
    }

    private static FrameBuilder sctpBack(int chunk) {
        return Sctp.packet(SERVER, 2905, CLIENT, 40_000, chunk);
    }

    private static FrameBuilder error(int type, int code, String from) {
        return FrameBuilder.icmp(from, CLIENT).icmpType(type, code).quoting(question(), 8);
    }
}
