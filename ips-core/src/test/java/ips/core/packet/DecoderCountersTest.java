package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What is cut short or absurd about a frame has a counter, and no more is believed than is there.
 */
class DecoderCountersTest {
    private static final String A = "192.0.2.1";
    private static final String B = "198.51.100.2";
    private static final String A6 = "2001:db8::1";
    private static final String B6 = "2001:db8:1::2";

    private final Decoding decoding = new Decoding();
    private final Packet packet = decoding.packet;

    private static FrameBuilder tcp() {
        return FrameBuilder.tcp(A, 1000, B, 80).flags(TcpFlags.SYN);
    }

    private static FrameBuilder tcp6() {
        return FrameBuilder.tcp(A6, 1000, B6, 80).flags(TcpFlags.SYN);
    }

    /** A frame that never had more bytes than these: cut short on the wire. */
    private static byte[] first(FrameBuilder frame, int bytes) {
        return Arrays.copyOf(frame.build(), bytes);
    }

    private void assertUnreadable(Counter counter, byte[] frame) {
        long before = decoding.count(counter);
        assertFalse(decoding.decode(frame));
        assertEquals(before + 1, decoding.count(counter), counter.label());
        assertEquals(0, packet.ipVersion());
        assertEquals(0, packet.sourceLow());
        assertEquals(0, decoding.addresses().sourceHash());
        assertEquals(0, decoding.addresses().destinationHash());
        assertFalse(decoding.addresses().openingSyn());
    }

    private void assertCounted(Counter counter, FrameBuilder frame) {
        assertCounted(counter, frame.build());
    }

    private void assertCounted(Counter counter, byte[] frame) {
        long before = decoding.count(counter);
        assertTrue(decoding.decode(frame));
        assertEquals(before + 1, decoding.count(counter), counter.label());
    }

    private void assertNotCounted(Counter counter, FrameBuilder frame) {
        assertTrue(decoding.decode(frame));
        assertEquals(0, decoding.count(counter), counter.label());
    }

    @Test
    void countsUnsupportedLinkTypes() {
        assertFalse(decoding.decode(tcp().build(), 147));

        assertEquals(1, decoding.count(Counter.UNSUPPORTED_LINK_TYPE));
        assertFalse(LinkType.isSupported(147));
    }

    @Test
    void countsLinkHeadersCutShort() {
        assertUnreadable(Counter.LINK_HEADER_TRUNCATED, first(tcp(), 0));
        assertUnreadable(Counter.LINK_HEADER_TRUNCATED, first(tcp(), 13));
        for (int type : new int[] {LinkType.LINUX_SLL, LinkType.LINUX_SLL2, LinkType.NULL}) {
            assertFalse(decoding.decode(new byte[3], type));
        }
        assertUnreadable(
                Counter.LINK_HEADER_TRUNCATED, first(tcp().link(FrameLink::pppoe), 14 + 7));
        assertEquals(6, decoding.count(Counter.LINK_HEADER_TRUNCATED));
    }

    @Test
    void countsTagsAndLabelsCutShort() {
        assertUnreadable(Counter.VLAN_TRUNCATED, first(tcp().vlan(1), 17));
        assertUnreadable(Counter.MPLS_TRUNCATED, first(tcp().link(link -> link.mpls(5)), 18));
    }

    @Test
    void countsWhatIsNoIp() {
        assertUnreadable(Counter.ARP, new FrameLink().frame(EthernetHeader.TYPE_ARP, new byte[28]));
        assertUnreadable(Counter.NOT_IP, new FrameLink().frame(0x88cc, new byte[46]));
        byte[] padi = tcp().link(FrameLink::pppoe).build();
        padi[21] = 0x55;
        assertUnreadable(Counter.NOT_IP, padi);
        byte[] label = tcp().ipVersion(0).link(link -> link.mpls(5)).build();
        assertUnreadable(Counter.NOT_IP, label);
    }

    @Test
    void countsIpv4HeadersCutShort() {
        assertUnreadable(Counter.IPV4_HEADER_TRUNCATED, first(tcp(), 14));
        assertUnreadable(Counter.IPV4_HEADER_TRUNCATED, first(tcp(), 33));
        assertUnreadable(Counter.IPV4_HEADER_TRUNCATED, first(tcp().ipOptions(1, 1, 1, 1), 37));
    }

    @Test
    void countsAbsurdIpv4Headers() {
        assertUnreadable(Counter.IPV4_BAD_VERSION, tcp().ipVersion(6).build());
        assertUnreadable(Counter.IPV4_BAD_HEADER_LENGTH, tcp().headerLength(16).build());
        assertUnreadable(Counter.IPV4_BAD_TOTAL_LENGTH, tcp().totalLength(19).build());
    }

    @Test
    void takesTheFramesLengthWhereTheTotalLengthIsZero() {
        assertCounted(Counter.IPV4_TOTAL_LENGTH_ZERO, tcp().totalLength(0).payload("all of it"));

        assertEquals("all of it", decoding.payload());
        assertEquals(49, packet.ipTotalLength());
    }

    @Test
    void tellsTheSnapLengthFromAPacketThatWasNeverWhole() {
        assertTrue(decoding.decodeCut(tcp().payload("0123456789"), 60));
        assertEquals("012345", decoding.payload());
        assertTrue(packet.incomplete());
        assertEquals(1, decoding.count(Counter.CUT_BY_SNAP_LENGTH));
        assertEquals(0, decoding.count(Counter.IPV4_BEYOND_FRAME));
        assertEquals(0, decoding.count(Counter.TCP_CHECKSUM_WRONG));

        assertCounted(Counter.IPV4_BEYOND_FRAME, first(tcp().payload("0123456789"), 60));
        assertEquals("012345", decoding.payload());
        assertCounted(Counter.IPV6_BEYOND_FRAME, first(tcp6().payload("0123456789"), 80));
        assertEquals("012345", decoding.payload());
        assertEquals(1, decoding.count(Counter.CUT_BY_SNAP_LENGTH));

        assertTrue(decoding.decodeCut(tcp6().payload("0123456789"), 80));
        assertEquals(2, decoding.count(Counter.CUT_BY_SNAP_LENGTH));
    }

    @Test
    void countsNoHeaderAsTruncatedThatTheSnapLengthCut() {
        int header = 14 + 20;
        for (int length = 0; length < header; length++) {
            assertFalse(decoding.decodeCut(tcp(), length));
        }
        for (int length = header; length < header + 20; length++) {
            assertTrue(decoding.decodeCut(tcp(), length));
        }
        for (int length = 0; length < 14 + 40 + 8 + 20; length++) {
            decoding.decodeCut(tcp6().extension(Protocol.DESTINATION_OPTIONS, new byte[6]), length);
        }

        for (Counter counter : Counter.values()) {
            assertTrue(
                    !counter.name().endsWith("TRUNCATED") || decoding.count(counter) == 0,
                    counter.label());
        }
        assertEquals(54 + 82, decoding.count(Counter.CUT_BY_SNAP_LENGTH));
    }

    @Test
    void countsIpv6HeadersCutShortOrAbsurd() {
        assertUnreadable(Counter.IPV6_HEADER_TRUNCATED, first(tcp6(), 14));
        assertUnreadable(Counter.IPV6_HEADER_TRUNCATED, first(tcp6(), 53));
        assertUnreadable(Counter.IPV6_BAD_VERSION, tcp6().ipVersion(4).build());
    }

    @Test
    void takesIpv4MappedAddressesInIpv6ForNoneOfIpv4() {
        IpAddress mapped = IpAddress.parse("192.0.2.1").mapped();
        IpAddress plain = IpAddress.parse(A6);

        assertCounted(Counter.IPV6_MAPPED_ADDRESS, FrameBuilder.udp(mapped, 1, plain, 2));
        assertFalse(packet.source().isIpv4());
        assertEquals("::ffff:192.0.2.1", packet.source().toString());
        assertFalse(packet.checksumWrong());
        assertTrue(packet.isUdp());

        assertCounted(Counter.IPV6_MAPPED_ADDRESS, FrameBuilder.udp(plain, 1, mapped, 2));
        assertEquals(mapped, packet.destination());
    }

    @Test
    void countsExtensionHeadersCutShort() {
        FrameBuilder frame = tcp6().extension(Protocol.DESTINATION_OPTIONS, new byte[14]);

        frame.totalLength(7);
        assertCounted(Counter.IPV6_EXTENSION_TRUNCATED, first(frame, 54 + 7));
        assertEquals(IpAddress.parse(A6), packet.source());
        assertEquals(Protocol.DESTINATION_OPTIONS, packet.protocol());
        assertEquals(0, packet.transportLength());
        frame.totalLength(15);
        assertCounted(Counter.IPV6_EXTENSION_TRUNCATED, frame);
        assertCounted(
                Counter.IPV6_EXTENSION_TRUNCATED,
                FrameBuilder.ip(A6, B6, 17).fragment(0, true).totalLength(7));
    }

    @Test
    void followsNoMoreExtensionHeadersThanItsLimit() {
        FrameBuilder frame = tcp6();
        for (int i = 0; i < IpWalk.MAX_EXTENSIONS; i++) {
            frame.extension(Protocol.DESTINATION_OPTIONS, new byte[6]);
        }
        assertNotCounted(Counter.IPV6_EXTENSIONS_TOO_MANY, frame);
        assertEquals(TcpFlags.SYN, packet.tcpFlags());

        assertCounted(
                Counter.IPV6_EXTENSIONS_TOO_MANY,
                frame.extension(Protocol.DESTINATION_OPTIONS, new byte[6]));
        assertFalse(packet.isTcp());
    }

    @Test
    void countsImpossibleSources() {
        assertCounted(Counter.SOURCE_IS_MULTICAST, FrameBuilder.udp("224.0.0.5", 1, B, 2));
        assertCounted(Counter.SOURCE_IS_MULTICAST, FrameBuilder.udp("255.255.255.255", 1, B, 2));
        assertCounted(Counter.SOURCE_IS_MULTICAST, FrameBuilder.udp("ff02::1", 1, B6, 2));
        assertCounted(Counter.SOURCE_IS_LOOPBACK, FrameBuilder.udp("127.0.0.1", 1, B, 2));
        assertCounted(Counter.SOURCE_IS_LOOPBACK, FrameBuilder.udp("::1", 1, B6, 2));
        assertCounted(Counter.SOURCE_IS_DESTINATION, FrameBuilder.udp(A, 1, A, 1));
        assertCounted(Counter.SOURCE_IS_DESTINATION, FrameBuilder.udp(A6, 1, A6, 1));
        assertEquals(3, decoding.count(Counter.SOURCE_IS_MULTICAST));
        decoding.decode(FrameBuilder.udp("240.0.0.1", 1, B, 2));
        assertEquals(3, decoding.count(Counter.SOURCE_IS_MULTICAST));
    }

    @Test
    void findsNothingOddAboutTalkOnTheLoopbackNetwork() {
        decoding.decode(FrameBuilder.udp("127.0.0.1", 1, "127.0.0.1", 2));
        decoding.decode(FrameBuilder.udp("127.0.0.1", 1, "127.0.0.53", 2));
        decoding.decode(FrameBuilder.udp("::1", 1, "::1", 2));
        decoding.decode(FrameBuilder.udp("0.0.0.0", 68, "255.255.255.255", 67));

        assertEquals(0, decoding.count(Counter.SOURCE_IS_LOOPBACK));
        assertEquals(0, decoding.count(Counter.SOURCE_IS_DESTINATION));
        assertEquals(0, decoding.count(Counter.SOURCE_IS_MULTICAST));
    }

    @Test
    void countsTcpHeadersCutShort() {
        assertCounted(
                Counter.TCP_HEADER_TRUNCATED,
                FrameBuilder.ip(A, B, Protocol.TCP).payload("nineteen bytes only"));

        assertFalse(packet.isTcp());
        assertEquals(0, packet.sourcePort());
        assertEquals(0, packet.payloadLength());
    }

    @Test
    void countsTcpOffsetsThatPointNowhere() {
        assertCounted(Counter.TCP_BAD_OFFSET, tcp().dataOffset(16));
        assertFalse(packet.isTcp());
        assertEquals(80, packet.destinationPort());
        assertCounted(Counter.TCP_BAD_OFFSET, tcp().dataOffset(24));

        assertFalse(packet.isTcp());
    }

    @Test
    void believesATcpHeaderWhoseOptionsTheSnapLengthCut() {
        assertTrue(decoding.decodeCut(tcp().synOptions(1460, 7), 14 + 20 + 22));

        assertEquals(TcpFlags.SYN, packet.tcpFlags());
        assertEquals(0, packet.payloadLength());
        assertEquals(0, decoding.count(Counter.TCP_BAD_OFFSET));
        assertEquals(-1, TcpHeader.maximumSegmentSize(packet));
    }

    @Test
    void countsUdpHeadersCutShort() {
        assertCounted(
                Counter.UDP_HEADER_TRUNCATED,
                FrameBuilder.ip(A, B, Protocol.UDP).payload("seven.."));

        assertFalse(packet.isUdp());
    }

    @Test
    void countsUdpLengthsThatCannotBe() {
        assertCounted(Counter.UDP_BAD_LENGTH, FrameBuilder.udp(A, 1, B, 2).udpLength(7));
        assertTrue(packet.isUdp());
        assertCounted(
                Counter.UDP_BAD_LENGTH, FrameBuilder.udp(A, 1, B, 2).payload("x").udpLength(10));

        assertEquals("x", decoding.payload());
    }

    @Test
    void findsNothingWrongWithADatagramWithoutPayload() {
        assertNotCounted(Counter.UDP_BAD_LENGTH, FrameBuilder.udp(A, 1, B, 2));
    }

    @Test
    void believesAUdpLengthBeyondWhatTheSnapLengthLeft() {
        assertTrue(decoding.decodeCut(FrameBuilder.udp(A, 1, B, 2).payload("0123456789"), 46));

        assertEquals("0123", decoding.payload());
        assertEquals(0, decoding.count(Counter.UDP_BAD_LENGTH));
    }

    /** RFC 2675 §4: it stands for a length that does not fit its 16 bits, and for no other. */
    @Test
    void takesAUdpLengthOfZeroForTheWholeOfAJumbogramOnly() {
        assertCounted(
                Counter.UDP_BAD_LENGTH,
                FrameBuilder.udp(A6, 1, B6, 2).payload(new byte[65_535 - 8]).udpLength(0));

        FrameBuilder jumbogram =
                FrameBuilder.udp(A6, 1, B6, 2).payload(new byte[65_536 - 8]).totalLength(0);
        assertTrue(decoding.decode(jumbogram.udpLength(0)));
        assertEquals(65_536 - 8, packet.payloadLength());
        assertEquals(1, decoding.count(Counter.UDP_BAD_LENGTH));
        assertCounted(Counter.UDP_CHECKSUM_WRONG, jumbogram.wrongChecksum());
    }

    @Test
    void takesTheUdpLengthWhereThePacketIsLonger() {
        assertNotCounted(
                Counter.UDP_CHECKSUM_WRONG,
                FrameBuilder.udp(A, 1, B, 2).payload("data+more").udpLength(12).noChecksum());

        assertEquals("data", decoding.payload());
    }

    @Test
    void countsIcmpHeadersCutShort() {
        assertCounted(
                Counter.ICMP_HEADER_TRUNCATED,
                FrameBuilder.ip(A, B, Protocol.ICMP).payload("seven.."));
        assertFalse(packet.isIcmp());
        assertCounted(
                Counter.ICMP_HEADER_TRUNCATED,
                FrameBuilder.ip(A6, B6, Protocol.ICMPV6).payload("seven.."));
    }

    @Test
    void countsQuotesThatCannotBeRead() {
        assertCounted(
                Counter.ICMP_QUOTE_UNREADABLE,
                FrameBuilder.icmp(A, B).icmpType(3, 1).payload("nineteen bytes only"));
        assertTrue(packet.isIcmp());
        assertEquals(null, packet.quoted());
    }

    @Test
    void countsWrongChecksumsAndDecodesAllTheSame() {
        assertCounted(Counter.IPV4_CHECKSUM_WRONG, tcp().wrongIpChecksum());
        assertTrue(packet.checksumWrong());
        assertCounted(Counter.IPV4_CHECKSUM_WRONG, tcp().ipOptions(1, 1, 1, 1).wrongIpChecksum());
        assertCounted(Counter.TCP_CHECKSUM_WRONG, tcp().wrongChecksum());
        assertTrue(packet.checksumWrong());
        assertTrue(packet.isTcp());
        assertCounted(Counter.TCP_CHECKSUM_WRONG, tcp6().payload("x").wrongChecksum());
        assertCounted(
                Counter.UDP_CHECKSUM_WRONG,
                FrameBuilder.udp(A, 1, B, 2).payload("x").wrongChecksum());
        assertTrue(packet.checksumWrong());
        assertCounted(Counter.ICMP_CHECKSUM_WRONG, FrameBuilder.icmp(A, B).wrongChecksum());
        assertTrue(packet.checksumWrong());
        assertCounted(Counter.ICMP_CHECKSUM_WRONG, FrameBuilder.icmp(A6, B6).wrongChecksum());
        assertTrue(packet.checksumWrong());

        decoding.decode(tcp());
        assertFalse(packet.checksumWrong());
    }

    @Test
    void takesAUdpChecksumOfZeroForNone() {
        assertNotCounted(
                Counter.UDP_CHECKSUM_WRONG, FrameBuilder.udp(A, 1, B, 2).payload("x").noChecksum());
    }

    @Test
    void leavesChecksumsAloneThatAreNotToBeChecked() {
        decoding.flags = PacketDecoder.CHECKSUM_NOT_TO_BE_CHECKED;

        assertNotCounted(Counter.TCP_CHECKSUM_WRONG, tcp().wrongChecksum().wrongIpChecksum());

        assertEquals(0, decoding.count(Counter.IPV4_CHECKSUM_WRONG));
        assertFalse(packet.checksumWrong());
    }

    @Test
    void doesNotJudgeTheChecksumOfASourceRoutedPacket() {
        // Four bytes type-specific data behind next header, length, type and segments left.
        byte[] oneSegmentLeft = {0, 1, 0, 0, 0, 0};
        byte[] none = {0, 0, 0, 0, 0, 0};

        assertNotCounted(
                Counter.TCP_CHECKSUM_WRONG,
                tcp6().extension(Protocol.ROUTING, oneSegmentLeft).wrongChecksum());
        assertCounted(
                Counter.TCP_CHECKSUM_WRONG,
                tcp6().extension(Protocol.ROUTING, none).wrongChecksum());

        assertTrue(decoding.decode(tcp6().extension(Protocol.ROUTING, oneSegmentLeft)));
        byte[] behindIt = tcp().ipOptions(1, 1, 1, 1).wrongChecksum().build();
        assertCounted(Counter.TCP_CHECKSUM_WRONG, behindIt);
    }
}
