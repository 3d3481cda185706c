package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FragmentReassemblerTest {
    private static final String A = "192.0.2.1";
    private static final String B = "198.51.100.2";
    private static final String A6 = "2001:db8::1";
    private static final String B6 = "2001:db8:1::2";
    private static final long SECOND = 1_000_000_000L;

    private Decoding decoding = new Decoding();

    private static String text(int length) {
        StringBuilder text = new StringBuilder();
        Random random = new Random(length);
        while (text.length() < length) {
            text.append((char) ('!' + random.nextInt(90)));
        }
        return text.toString();
    }

    private void decodeAll(List<byte[]> frames) {
        frames.forEach(decoding::decode);
    }

    private void assertWhole(String payload) {
        assertTrue(decoding.packet.reassembled());
        assertFalse(decoding.packet.fragment());
        assertEquals(payload, decoding.payload());
        assertFalse(decoding.packet.checksumWrong());
        assertEquals(0, decoding.count(Counter.IPV4_CHECKSUM_WRONG));
        assertEquals(0, decoding.count(Counter.UDP_CHECKSUM_WRONG));
        assertEquals(0, decoding.count(Counter.TCP_CHECKSUM_WRONG));
    }

    @Test
    void putsIpv4FragmentsTogether() {
        String payload = text(3001);

        decodeAll(FrameBuilder.udp(A, 1000, B, 2000).id(7).payload(payload).fragments(1480));

        assertWhole(payload);
        assertEquals(1000, decoding.packet.sourcePort());
        assertEquals(2000, decoding.packet.destinationPort());
        assertEquals(IpAddress.parse(A), decoding.packet.source());
        assertEquals(1, decoding.count(Counter.FRAGMENTED_PACKETS_COMPLETED));
    }

    @Test
    void putsIpv6FragmentsTogether() {
        String payload = text(3002);

        decodeAll(FrameBuilder.tcp(A6, 1000, B6, 80).id(7).payload(payload).fragments(1232));

        assertWhole(payload);
        assertEquals(80, decoding.packet.destinationPort());
        assertEquals(TcpFlags.ACK, decoding.packet.tcpFlags());
    }

    @Test
    void keepsIpv4Options() {
        String payload = text(100);

        decodeAll(
                FrameBuilder.udp(A, 1, B, 2)
                        .id(7)
                        .ipOptions(7, 7, 4, 0, 0, 0, 0)
                        .payload(payload)
                        .fragments(48));

        assertWhole(payload);
        assertEquals(28, decoding.packet.ipHeaderLength());
    }

    @Test
    void takesFragmentsInAnyOrderAndTwice() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            String payload = text(1 + random.nextInt(9000));
            String source = round % 2 == 0 ? A : A6;
            String destination = round % 2 == 0 ? B : B6;
            List<byte[]> frames =
                    new ArrayList<>(
                            FrameBuilder.udp(source, round, destination, 9)
                                    .id(round)
                                    .payload(payload)
                                    .fragments(8 * (1 + random.nextInt(200))));
            Collections.shuffle(frames, random);
            byte[] last = frames.remove(frames.size() - 1);
            decodeAll(frames);
            decodeAll(frames);
            decoding.decode(last);

            assertEquals(frames.size() > 0, decoding.packet.reassembled());
            assertEquals(payload, decoding.payload());
        }
        assertEquals(0, decoding.count(Counter.FRAGMENT_OVERLAP));
        assertEquals(0, decoding.count(Counter.UDP_CHECKSUM_WRONG));
        assertTrue(decoding.count(Counter.FRAGMENT_DUPLICATE) > 0);
    }

    @Test
    void putsTheLongestPacketTogether() {
        String payload = text(65_535 - 20 - 8);

        decodeAll(FrameBuilder.udp(A, 1, B, 2).id(7).payload(payload).fragments(8192));

        assertWhole(payload);
    }

    @Test
    void givesAFragmentAddressesButNoPorts() {
        List<byte[]> frames =
                FrameBuilder.udp(A, 1000, B, 2000).id(9).ttl(33).payload(text(100)).fragments(64);

        assertTrue(decoding.decode(frames.get(0)));

        Packet packet = decoding.packet;
        assertTrue(packet.fragment());
        assertFalse(packet.reassembled());
        assertEquals(IpAddress.parse(A), packet.source());
        assertEquals(Protocol.UDP, packet.protocol());
        assertEquals(33, packet.ttl());
        assertEquals(0, packet.sourcePort());
        assertEquals(0, packet.payloadLength());
        assertEquals(0, packet.fragmentOffset());
        assertEquals(64, packet.fragmentEnd());
        assertTrue(packet.moreFragments());
        assertFalse(packet.isUdp());

        decoding.decode(frames.get(1));
        assertFalse(packet.moreFragments());
        assertEquals(0, packet.fragmentEnd());
    }

    @Test
    void keepsPacketsApartByIdentificationAndProtocol() {
        List<byte[]> one = FrameBuilder.udp(A, 1, B, 2).id(1).payload(text(100)).fragments(64);
        List<byte[]> two = FrameBuilder.udp(A, 1, B, 2).id(2).payload(text(101)).fragments(64);
        List<byte[]> three = FrameBuilder.icmp(A, B).id(1).payload(text(102)).fragments(64);

        decodeAll(List.of(one.get(0), two.get(0), three.get(0), one.get(1)));
        assertWhole(text(100));
        decoding.decode(two.get(1));
        assertWhole(text(101));
        decoding.decode(three.get(1));
        assertWhole(text(102));
    }

    @Test
    void letsTheFirstDataWinInIpv4() {
        decoding.decode(ipv4Fragment(8, true, "first..."));
        decoding.decode(ipv4Fragment(0, true, "12345678second..16......"));
        decoding.decode(ipv4Fragment(24, false, "end"));

        assertTrue(decoding.packet.reassembled());
        assertEquals("12345678first...16......end", decoding.payload());
        assertEquals(1, decoding.count(Counter.FRAGMENT_OVERLAP));
    }

    @Test
    void givesAnIpv6PacketUpOverAnOverlap() {
        decoding.decode(ipv6Fragment(8, true, "first..."));
        decoding.decode(ipv6Fragment(0, true, "12345678second.."));
        decoding.decode(ipv6Fragment(0, true, "12345678"));
        decoding.decode(ipv6Fragment(16, false, "end"));

        assertTrue(decoding.packet.fragment());
        assertEquals(1, decoding.count(Counter.FRAGMENT_OVERLAP));
        assertEquals(0, decoding.count(Counter.FRAGMENTED_PACKETS_COMPLETED));
    }

    @Test
    void countsADuplicateWithOtherBytesAsOverlap() {
        decoding.decode(ipv4Fragment(0, true, "12345678"));
        decoding.decode(ipv4Fragment(0, true, "1234567!"));
        decoding.decode(ipv4Fragment(8, false, "end"));

        assertEquals("12345678end", decoding.payload());
        assertEquals(1, decoding.count(Counter.FRAGMENT_OVERLAP));
        assertEquals(0, decoding.count(Counter.FRAGMENT_DUPLICATE));
    }

    @Test
    void ignoresFragmentsThatContradictTheEndInIpv4() {
        decoding.decode(ipv4Fragment(8, false, "end"));
        decoding.decode(ipv4Fragment(16, true, "behind.."));
        decoding.decode(ipv4Fragment(8, false, "e"));
        decoding.decode(ipv4Fragment(0, true, "12345678"));

        assertEquals("12345678end", decoding.payload());
        assertEquals(2, decoding.count(Counter.FRAGMENT_OVERLAP));
    }

    @Test
    void flagsAPingOfDeath() {
        decoding.decode(
                FrameBuilder.ip(A, B, Protocol.ICMP)
                        .fragment(65_528, false)
                        .payload("12345678901234567890"));

        assertTrue(decoding.packet.fragment());
        assertTrue(decoding.packet.fragmentOversized());
        assertEquals(65_548, decoding.packet.fragmentEnd());
        assertEquals(1, decoding.count(Counter.FRAGMENT_OVERSIZED));

        decoding.decode(ipv4Fragment(65_504, false, "12345678901"));
        assertFalse(decoding.packet.fragmentOversized());
        decoding.decode(ipv4Fragment(65_504, false, "123456789012"));
        assertTrue(decoding.packet.fragmentOversized());
        decoding.decode(ipv6Fragment(65_528, false, "12345678"));
        assertTrue(decoding.packet.fragmentOversized());
        decoding.decode(ipv6Fragment(65_504, false, "12345678"));
        assertFalse(decoding.packet.fragmentOversized());
    }

    @Test
    void dropsAPacketThatItsOwnOptionsMakeTooLong() {
        String payload = text(65_535 - 20 - 8 - 20);
        List<byte[]> frames =
                FrameBuilder.udp(A, 1, B, 2).id(7).payload(payload + text(20)).fragments(8192);
        byte[] first =
                FrameBuilder.ip(A, B, Protocol.UDP)
                        .id(7)
                        .ipOptions(1, 1, 1, 1)
                        .fragment(0, true)
                        .payload(Arrays.copyOfRange(frames.get(0), 34, 34 + 8192))
                        .build();

        decoding.decode(first);
        decodeAll(frames.subList(1, frames.size()));

        assertEquals(1, decoding.count(Counter.FRAGMENT_OVERSIZED));
        assertEquals(0, decoding.count(Counter.FRAGMENTED_PACKETS_COMPLETED));
    }

    @Test
    void countsTinyFragments() {
        decoding.decode(FrameBuilder.ip(A, B, Protocol.TCP).fragment(0, true).payload("12345678"));
        decoding.decode(FrameBuilder.ip(A, B, Protocol.TCP).fragment(8, true).payload("12345678"));
        decoding.decode(FrameBuilder.ip(A, B, Protocol.UDP).fragment(64, true));
        assertEquals(3, decoding.count(Counter.FRAGMENT_TINY));

        decoding.decode(FrameBuilder.ip(A, B, Protocol.UDP).fragment(0, true).payload("12345678"));
        assertEquals(3, decoding.count(Counter.FRAGMENT_TINY));
    }

    @Test
    void stillPutsTinyFragmentsTogether() {
        decodeAll(FrameBuilder.tcp(A, 1, B, 2).id(3).flags(TcpFlags.SYN).fragments(8));

        assertEquals(TcpFlags.SYN, decoding.packet.tcpFlags());
        assertTrue(decoding.packet.reassembled());
    }

    @Test
    void takesWholeUnitsOnlyOfAnIpv4FragmentWithOddLength() {
        decoding.decode(ipv4Fragment(0, true, "12345678odd"));
        decoding.decode(ipv4Fragment(8, false, "end"));

        assertEquals("12345678end", decoding.payload());
        assertEquals(1, decoding.count(Counter.FRAGMENT_BAD_LENGTH));

        decoding.decode(ipv6Fragment(0, true, "12345678odd"));
        decoding.decode(ipv6Fragment(8, false, "end"));
        assertTrue(decoding.packet.fragment());
        assertEquals(2, decoding.count(Counter.FRAGMENT_BAD_LENGTH));
    }

    @Test
    void givesUpAfterTheTimeout() {
        List<byte[]> frames = FrameBuilder.udp(A, 1, B, 2).id(7).payload(text(200)).fragments(64);
        decoding.decode(frames.get(0));
        decoding.nowNs += 20 * SECOND;
        decoding.decode(frames.get(1));
        decoding.nowNs += 11 * SECOND;
        decoding.decode(frames.get(2));
        decoding.decode(frames.get(3));

        assertTrue(decoding.packet.fragment());
        assertEquals(1, decoding.count(Counter.FRAGMENTED_PACKETS_EXPIRED));

        decoding.nowNs += 31 * SECOND;
        decoding.decode(ipv4Fragment(0, true, "12345678"));
        assertEquals(2, decoding.count(Counter.FRAGMENTED_PACKETS_EXPIRED));
    }

    @Test
    void evictsTheColdestPacketWhenAllEntriesAreTaken() {
        decoding = new Decoding(new FragmentReassembler.Config(2, 1 << 16, Duration.ofSeconds(30)));
        List<byte[]> one = FrameBuilder.udp(A, 1, B, 2).id(1).payload(text(150)).fragments(64);
        List<byte[]> two = FrameBuilder.udp(A, 1, B, 2).id(2).payload(text(150)).fragments(64);
        List<byte[]> three = FrameBuilder.udp(A, 1, B, 2).id(3).payload(text(150)).fragments(64);

        decodeAll(List.of(one.get(0), two.get(0), one.get(1), three.get(0)));
        assertEquals(1, decoding.count(Counter.FRAGMENTED_PACKETS_EVICTED));

        decoding.decode(one.get(2));
        assertTrue(decoding.packet.reassembled());
        decodeAll(two.subList(1, 3));
        assertFalse(decoding.packet.reassembled());
    }

    @Test
    void evictsWhenTheBytesRunOut() {
        decoding =
                new Decoding(new FragmentReassembler.Config(100, 1 << 16, Duration.ofSeconds(30)));
        for (int id = 0; id < 64; id++) {
            decoding.decode(
                    FrameBuilder.udp(A, 1, B, 2).id(id).payload(text(200)).fragments(64).get(0));
        }
        assertEquals(0, decoding.count(Counter.FRAGMENTED_PACKETS_EVICTED));

        String payload = text(65_000);
        decodeAll(FrameBuilder.udp(A, 1, B, 2).id(1000).payload(payload).fragments(1480));

        assertWhole(payload);
        assertEquals(64, decoding.count(Counter.FRAGMENTED_PACKETS_EVICTED));
        decodeAll(FrameBuilder.udp(A, 1, B, 2).id(1001).payload(payload).fragments(1480));
        assertWhole(payload);
        assertEquals(64, decoding.count(Counter.FRAGMENTED_PACKETS_EVICTED));
    }

    @Test
    void putsFragmentsOfATunnelAndInsideATunnelTogether() {
        String payload = text(500);
        List<byte[]> inner = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            FrameBuilder fragment =
                    FrameBuilder.ip(A, B, Protocol.UDP)
                            .id(5)
                            .fragment(112 * i, i < 4)
                            .payload(udpPart(payload, 112 * i));
            inner.addAll(fragment.inGre("10.0.0.1", "10.0.0.2").id(100 + i).fragments(64));
        }

        decodeAll(inner);

        assertWhole(payload);
        assertEquals(IpAddress.parse(A), decoding.packet.source());
        assertEquals(1, decoding.packet.tunnelDepth());
    }

    private static byte[] udpPart(String payload, int from) {
        byte[] whole = FrameBuilder.udp(A, 1, B, 2).payload(payload).buildIp();
        return Arrays.copyOfRange(whole, 20 + from, Math.min(whole.length, 20 + from + 112));
    }

    @Test
    void leavesOutFragmentsThatTheSnapLengthCut() {
        List<byte[]> frames = FrameBuilder.udp(A, 1, B, 2).id(7).payload(text(100)).fragments(64);
        FrameBuilder cut =
                FrameBuilder.ip(A, B, Protocol.UDP)
                        .id(7)
                        .fragment(0, true)
                        .payload(Arrays.copyOfRange(frames.get(0), 34, 98));

        decoding.decodeCut(cut, 60);
        decoding.decode(frames.get(1));

        assertTrue(decoding.packet.fragment());
        assertEquals(1, decoding.count(Counter.CUT_BY_SNAP_LENGTH));
    }

    @Test
    void refusesSettingsThatCannotHoldOnePacket() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new FragmentReassembler.Config(1, 65_535, Duration.ofSeconds(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new FragmentReassembler.Config(0, 1 << 16, Duration.ofSeconds(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new FragmentReassembler.Config(1, 1 << 16, Duration.ZERO));
    }

    /** A fragment of a packet of an unknown protocol, whose payload is all bytes. */
    private static byte[] ipv4Fragment(int offset, boolean more, String bytes) {
        return FrameBuilder.ip(A, B, 99).id(1).fragment(offset, more).payload(bytes).build();
    }

    private static byte[] ipv6Fragment(int offset, boolean more, String bytes) {
        return FrameBuilder.ip(A6, B6, 99).id(1).fragment(offset, more).payload(bytes).build();
    }
}
