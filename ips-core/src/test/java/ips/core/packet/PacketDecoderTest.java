package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.util.Arrays;
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

    @Test
    void readsQuotesOfBothFamiliesAndAllProtocols() {
        FrameBuilder segment = FrameBuilder.tcp(B, 1000, A, 80).seq(4711).ipOptions(1, 1, 1, 1);
        decoding.decode(FrameBuilder.icmp(A, B).icmpType(11, 0).quoting(segment, 8));
        assertEquals(80, packet.quoted().destinationPort());
        assertEquals(4711, packet.quoted().tcpSequence());
        assertFalse(packet.quoted().isTcp());
        assertEquals(Protocol.TCP, packet.quoted().protocol());

        decoding.decode(
                FrameBuilder.icmp(A6, B6)
                        .icmpType(IcmpHeader.V6_DESTINATION_UNREACHABLE, 4)
                        .quoting(FrameBuilder.udp(B6, 5000, A6, 53), 8));
        assertEquals(IpAddress.parse(B6), packet.quoted().source());
        assertEquals(53, packet.quoted().destinationPort());

        FrameBuilder ping = FrameBuilder.icmp(B, A).icmpEcho(33, 44);
        decoding.decode(FrameBuilder.icmp(A, B).icmpType(3, 1).quoting(ping, 8));
        assertEquals(IcmpHeader.ECHO_REQUEST, packet.quoted().icmpType());
        assertEquals(33, packet.quoted().icmpId());
        assertEquals(44, packet.quoted().icmpSequence());
    }

    @Test
    void quotesNothingInMessagesThatAreNoErrors() {
        decoding.decode(FrameBuilder.icmp(A, B).payload(FrameBuilder.udp(B, 1, A, 9).buildIp()));

        assertNull(packet.quoted());
        assertEquals(0, decoding.count(Counter.ICMP_QUOTE_UNREADABLE));
    }

    @Test
    void givesNoPortsOfAQuotedLaterFragment() {
        FrameBuilder later = FrameBuilder.udp(B, 1000, A, 9).fragment(64, false);

        decoding.decode(FrameBuilder.icmp(A, B).icmpType(3, 3).quoting(later, 8));

        assertTrue(packet.quoted().fragment());
        assertEquals(0, packet.quoted().destinationPort());
    }

    @Test
    void skipsExtensionHeaders() {
        FrameBuilder frame =
                FrameBuilder.tcp(A6, 1, B6, 80)
                        .extension(Protocol.HOP_BY_HOP, new byte[6])
                        .extension(Protocol.ROUTING, new byte[14])
                        .extension(Protocol.AUTHENTICATION, new byte[10])
                        .extension(Protocol.DESTINATION_OPTIONS, new byte[22])
                        .extension(Protocol.MOBILITY, new byte[6])
                        .payload("behind");

        assertTrue(decoding.decode(frame));

        assertEquals(Protocol.TCP, packet.protocol());
        assertEquals(40 + 8 + 16 + 12 + 24 + 8, packet.ipHeaderLength());
        assertEquals("behind", decoding.payload());
        assertEquals(0, decoding.count(Counter.TCP_CHECKSUM_WRONG));
    }

    @Test
    void takesAnAtomicFragmentForAWholePacket() {
        assertTrue(decoding.decode(FrameBuilder.udp(A6, 1, B6, 9).fragment(0, false).id(5)));

        assertFalse(packet.fragment());
        assertFalse(packet.reassembled());
        assertEquals(9, packet.destinationPort());
        assertEquals(5, packet.identification());
    }

    @Test
    void takesIcmpOfTheOtherFamilyForAnUnknownProtocol() {
        decoding.decode(FrameBuilder.ip(A, B, Protocol.ICMPV6).payload("12345678"));
        assertFalse(packet.isIcmp());
        assertEquals("12345678", decoding.payload());

        decoding.decode(FrameBuilder.ip(A6, B6, Protocol.ICMP).payload("12345678"));
        assertFalse(packet.isIcmp());
    }

    @Test
    void givesThePayloadOfAnUnknownProtocol() {
        decoding.decode(FrameBuilder.ip(A, B, 253).payload("experiment"));

        assertEquals(253, packet.protocol());
        assertEquals("experiment", decoding.payload());
        assertFalse(packet.isTcp());
        assertFalse(packet.isUdp());
    }

    @Test
    void readsThePortsOfSctp() {
        byte[] ports = {0, 9, 31, 64, 0, 0, 0, 0, 0, 0, 0, 0, 'c', 'h'};

        decoding.decode(FrameBuilder.ip(A, B, Protocol.SCTP).payload(ports));
        assertEquals(9, packet.sourcePort());
        assertEquals(8000, packet.destinationPort());
        assertEquals("ch", decoding.payload());

        decoding.decode(FrameBuilder.ip(A, B, Protocol.SCTP).payload(Arrays.copyOf(ports, 12)));
        assertEquals(8000, packet.destinationPort());
        assertEquals("", decoding.payload());

        decoding.decode(FrameBuilder.ip(A, B, Protocol.SCTP).payload("short"));
        assertEquals(0, packet.destinationPort());
        assertEquals(0, packet.payloadLength());
    }

    @Test
    void givesWhatLiesBehindTheHeaderOfEsp() {
        decoding.decode(FrameBuilder.ip(A, B, Protocol.ESP).payload("index###sealed"));
        assertEquals("sealed", decoding.payload());

        decoding.decode(FrameBuilder.ip(A, B, Protocol.ESP).payload("short"));
        assertEquals("", decoding.payload());
    }

    @Test
    void readsTcpOptionsOnDemand() {
        decoding.decode(FrameBuilder.tcp(A, 1, B, 2).synOptions(1460, 7));
        assertEquals(1460, TcpHeader.maximumSegmentSize(packet));
        assertEquals(7, TcpHeader.windowScale(packet));

        decoding.decode(FrameBuilder.tcp(A, 1, B, 2).synOptions(1460, 200));
        assertEquals(14, TcpHeader.windowScale(packet));

        decoding.decode(FrameBuilder.tcp(A, 1, B, 2));
        assertEquals(-1, TcpHeader.maximumSegmentSize(packet));

        decoding.decode(FrameBuilder.udp(A, 1, B, 2));
        assertEquals(-1, TcpHeader.windowScale(packet));
    }

    @Test
    void believesNoAbsurdTcpOptions() {
        int[][] absurd = {
            {2}, {2, 0, 5, 180}, {2, 1, 5, 180}, {2, 40, 5, 180}, {2, 3, 5, 180}, {0, 2, 4, 5, 180}
        };
        for (int[] options : absurd) {
            decoding.decode(FrameBuilder.tcp(A, 1, B, 2).tcpOptions(options));
            assertEquals(-1, TcpHeader.maximumSegmentSize(packet));
        }
    }

    @Test
    void verifiesNothingIfItIsNotTo() {
        Counters counters = new Counters();
        FrameBuffer frame =
                FrameBuilder.tcp(A, 1, B, 2).wrongChecksum().wrongIpChecksum().buildBuffer();

        new PacketDecoder(false, counters)
                .decode(frame, 0, frame.capacity(), frame.capacity(), 1, 0, 0, 0, 1, packet);

        assertFalse(packet.checksumWrong());
        assertEquals(0, counters.get(Counter.TCP_CHECKSUM_WRONG));
    }

    @Test
    void readsAJumbogramAsFarAsItWasCaptured() {
        byte[] payload = new byte[70_000];
        FrameBuilder frame =
                FrameBuilder.udp(A6, 1, B6, 2).payload(payload).totalLength(0).udpLength(0);

        assertTrue(decoding.decode(frame));

        assertEquals(70_000, packet.payloadLength());
        assertFalse(packet.checksumWrong());
        assertEquals(40 + 8 + 70_000, packet.ipTotalLength());
    }
}
