package ips.core.rule;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.PSH;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import org.junit.jupiter.api.Test;

/** Rules about checksums, and what a wrong one keeps out. */
class ChecksumRulesTest {
    private static final String V4 = "10.0.0.1";
    private static final String V6 = "fe80::1";

    @Test
    void takesAZeroOfUdpForNoChecksumWhereThatIsAllowed() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert udp any any -> any any (udpv4-csum:valid;)",
                        "alert udp any any -> any any (udpv4-csum:invalid;)",
                        "alert udp any any -> any any (udpv6-csum:valid;)",
                        "alert udp any any -> any any (udpv6-csum:invalid;)");

        traffic.frame(FrameBuilder.udp(V4, 1, "10.0.0.2", 2).payload("a").noChecksum());
        traffic.frame(FrameBuilder.udp(V6, 1, "fe80::2", 2).payload("a").noChecksum());
        traffic.frame(FrameBuilder.udp(V4, 1, "10.0.0.2", 2).payload("a"));

        assertEquals(java.util.List.of(4, 1), traffic.sids());
    }

    @Test
    void looksAtTheHeaderOfEachFragment() {
        RuleTraffic traffic = RuleTraffic.of("alert ip any any -> any any (ipv4-csum:valid;)");

        traffic.frame(
                FrameBuilder.udp(V4, 1, "10.0.0.2", 2).payload("a".repeat(64)).fragment(0, true));

        assertEquals(1, traffic.count(1));
    }

    @Test
    void doesNotMakeARuleOneOfPacketsAlone() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tcp any any -> any any (content:\"GET / HTTP\"; tcpv4-csum:valid;)");

        traffic.handshake().client(PSH | ACK, "GET / ").client(PSH | ACK, "HTTP/1.1\r\n\r\n");
        traffic.server(ACK, "").close().end();

        assertEquals(1, traffic.count(1));
    }

    @Test
    void knowsOfASegmentWithAWrongChecksumThatItsConnectionIsEstablished() {
        RuleTraffic traffic =
                RuleTraffic.of("alert tcp any any -> any any (content:\"abc\"; flow:established;)");

        traffic.handshake();
        traffic.frame(
                FrameBuilder.tcp(RuleTraffic.CLIENT, 40_000, RuleTraffic.SERVER, 80)
                        .flags(PSH | ACK)
                        .seq(1001)
                        .ack(5001)
                        .payload("abc")
                        .wrongChecksum());

        assertEquals(1, traffic.count(1));
    }
}
