package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import org.junit.jupiter.api.Test;

class PacketDecoderTest {
    private static final String A = "192.0.2.1";
    private static final String B = "198.51.100.2";
    private static final String A6 = "2001:db8::1";
    private static final String B6 = "2001:db8:1::2";

    private final Decoding decoding = new Decoding();
    private final Packet packet = decoding.packet;

    @Test
    void decodesTcpOverIpv4() {
        FrameBuilder frame =
                FrameBuilder.tcp(A, 40_000, B, 80)
                        .flags(TcpFlags.PSH | TcpFlags.ACK)
                        .seq(0xfedcba98)
                        .ack(77)
                        .window(1234)
                        .ttl(57)
                        .trafficClass(0x10)
                        .id(999)
                        .payload("GET /");

        assertTrue(decoding.decode(frame));

        assertEquals(IpAddress.parse(A), packet.source());
        assertEquals(IpAddress.parse(B), packet.destination());
        assertEquals(4, packet.ipVersion());
        assertEquals(Protocol.TCP, packet.protocol());
        assertEquals(40_000, packet.sourcePort());
        assertEquals(80, packet.destinationPort());
        assertEquals(TcpFlags.PSH | TcpFlags.ACK, packet.tcpFlags());
        assertEquals(0xfedcba98, packet.tcpSequence());
        assertEquals(77, packet.tcpAcknowledgment());
        assertEquals(1234, packet.tcpWindow());
        assertEquals(57, packet.ttl());
        assertEquals(0x10, packet.trafficClass());
        assertEquals(999, packet.identification());
        assertEquals("GET /", decoding.payload());
        assertFalse(packet.checksumWrong());
        assertFalse(packet.fragment());
        assertTrue(packet.isTcp());
    }

    @Test
    void decodesTcpOverIpv6() {
        FrameBuilder frame =
                FrameBuilder.tcp(A6, 40_000, B6, 80).flags(TcpFlags.SYN).payload("odd");

        assertTrue(decoding.decode(frame));

        assertEquals(IpAddress.parse(A6), packet.source());
        assertEquals(IpAddress.parse(B6), packet.destination());
        assertEquals(6, packet.ipVersion());
        assertEquals(TcpFlags.SYN, packet.tcpFlags());
        assertEquals("odd", decoding.payload());
        assertFalse(packet.checksumWrong());
        assertEquals(0, decoding.count(Counter.TCP_CHECKSUM_WRONG));
    }

    @Test
    void decodesUdp() {
        assertTrue(decoding.decode(FrameBuilder.udp(A, 53, B, 5353).payload("name")));

        assertTrue(packet.isUdp());
        assertEquals(53, packet.sourcePort());
        assertEquals(5353, packet.destinationPort());
        assertEquals("name", decoding.payload());
        assertEquals(-1, packet.tcpFlags());
        assertFalse(packet.checksumWrong());
    }

    @Test
    void decodesEchoRequestsOfBothFamilies() {
        assertTrue(decoding.decode(FrameBuilder.icmp(A, B).icmpEcho(7, 9).payload("ping")));
        assertEquals(IcmpHeader.ECHO_REQUEST, packet.icmpType());
        assertEquals(7, packet.icmpId());
        assertEquals(9, packet.icmpSequence());
        assertEquals("ping", decoding.payload());

        assertTrue(decoding.decode(FrameBuilder.icmp(A6, B6).icmpEcho(8, 10)));
        assertEquals(IcmpHeader.V6_ECHO_REQUEST, packet.icmpType());
        assertEquals(8, packet.icmpId());
        assertEquals(10, packet.icmpSequence());
        assertEquals(0, decoding.count(Counter.ICMP_CHECKSUM_WRONG));
    }

    @Test
    void takesOffVlanTags() {
        assertTrue(decoding.decode(FrameBuilder.tcp(A, 1, B, 2).qinq(100, 7)));

        assertEquals(2, packet.vlanCount());
        assertEquals(100, packet.outerVlan());
        assertEquals(7, packet.innerVlan());
        assertEquals(1, packet.sourcePort());
    }

    @Test
    void takesOffTunnels() {
        assertTrue(
                decoding.decode(FrameBuilder.tcp(A, 1, B, 2).inVxlan("10.0.0.1", "10.0.0.2", 5)));
        assertEquals(1, packet.tunnelDepth());
        assertEquals(IpAddress.parse(A), packet.source());

        assertTrue(decoding.decode(FrameBuilder.tcp(A6, 1, B6, 2).inGre("10.0.0.1", "10.0.0.2")));
        assertEquals(IpAddress.parse(A6), packet.source());
        assertEquals(
                AddressHash.of(packet.sourceHigh, packet.sourceLow),
                decoding.addresses().sourceHash());

        assertTrue(decoding.decode(FrameBuilder.tcp(A, 1, B, 2).inIp(A6, B6)));
        assertEquals(IpAddress.parse(A), packet.source());
    }

    @Test
    void readsTheQuotedPacketOfAnIcmpError() {
        FrameBuilder probe = FrameBuilder.udp(B, 1000, A, 9);

        assertTrue(decoding.decode(FrameBuilder.icmp(A, B).icmpType(3, 3).quoting(probe, 8)));

        assertNotNull(packet.quoted());
        assertEquals(IpAddress.parse(B), packet.quoted().source());
        assertEquals(Protocol.UDP, packet.quoted().protocol());
        assertEquals(1000, packet.quoted().sourcePort());
        assertEquals(9, packet.quoted().destinationPort());
        assertEquals(0, packet.quoted().payloadLength());
    }

    @Test
    void forgetsThePacketBefore() {
        decoding.decode(
                FrameBuilder.icmp(A, B).icmpType(3, 3).quoting(FrameBuilder.udp(B, 1, A, 9), 8));
        decoding.decode(new FrameLink().frame(EthernetHeader.TYPE_ARP, new byte[28]));

        assertEquals(0, packet.ipVersion());
        assertEquals(-1, packet.icmpType());
        assertNull(packet.quoted());
        assertEquals(1, decoding.count(Counter.ARP));
    }
}
