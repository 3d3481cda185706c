package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunnelTest {
    private static final String OUTER = "10.0.0.1";
    private static final String OUTER_PEER = "10.0.0.2";

    private final Decoding decoding = new Decoding();
    private final Packet packet = decoding.packet;

    private static FrameBuilder syn(String source, String destination) {
        return FrameBuilder.tcp(source, 1000, destination, 80).flags(TcpFlags.SYN).payload("in");
    }

    private void assertInner(FrameBuilder frame, String source, int depth) {
        assertTrue(decoding.decode(frame));
        assertEquals(IpAddress.parse(source), packet.source());
        assertEquals(depth, packet.tunnelDepth());
        assertEquals(80, packet.destinationPort());
        assertEquals("in", decoding.payload());
        assertFalse(packet.checksumWrong());
        assertEquals(
                AddressHash.of(packet.sourceHigh(), packet.sourceLow()),
                decoding.addresses().sourceHash());
        assertTrue(decoding.addresses().openingSyn());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.2, 10.0.0.1, 10.0.0.2",
        "2001:db8::1, 2001:db8::2, 10.0.0.1, 10.0.0.2",
        "192.0.2.1, 192.0.2.2, fd00::1, fd00::2",
        "2001:db8::1, 2001:db8::2, fd00::1, fd00::2"
    })
    void takesEitherVersionOutOfEither(String source, String to, String outer, String peer) {
        assertInner(syn(source, to).inIp(outer, peer), source, 1);
        assertInner(syn(source, to).inGre(outer, peer), source, 1);
        assertInner(syn(source, to).inVxlan(outer, peer, 77), source, 1);
    }

    @Test
    void takesOptionalGreFieldsOff() {
        byte[] inner = syn("192.0.2.1", "192.0.2.2").buildIp();
        byte[] gre = new byte[16 + inner.length];
        gre[0] = (byte) 0xb0;
        gre[2] = 0x08;
        System.arraycopy(inner, 0, gre, 16, inner.length);

        assertInner(FrameBuilder.ip(OUTER, OUTER_PEER, Protocol.GRE).payload(gre), "192.0.2.1", 1);
    }

    @Test
    void readsEthernetInGre() {
        byte[] inner = syn("192.0.2.1", "192.0.2.2").vlan(3).build();
        byte[] gre = new byte[4 + inner.length];
        gre[2] = 0x65;
        gre[3] = 0x58;
        System.arraycopy(inner, 0, gre, 4, inner.length);

        assertInner(
                FrameBuilder.ip(OUTER, OUTER_PEER, Protocol.GRE).payload(gre).vlan(9),
                "192.0.2.1",
                1);
        assertEquals(1, packet.vlanCount());
        assertEquals(9, packet.outerVlan());
    }

    @Test
    void takesTunnelsOutOfTunnels() {
        FrameBuilder frame =
                syn("192.0.2.1", "192.0.2.2")
                        .inVxlan("10.1.0.1", "10.1.0.2", 1)
                        .inGre("fd00::1", "fd00::2")
                        .inIp(OUTER, OUTER_PEER);

        assertInner(frame, "192.0.2.1", 3);
        assertEquals(3, decoding.count(Counter.TUNNELS_TAKEN_OFF));
    }

    @Test
    void leavesTunnelsBehindTheLimitOn() {
        FrameBuilder frame = syn("192.0.2.1", "192.0.2.2");
        for (int i = 0; i <= FrameWalk.MAX_TUNNELS; i++) {
            frame = frame.inIp("10.0.0." + (i + 1), OUTER_PEER);
        }

        assertTrue(decoding.decode(frame));

        assertEquals(FrameWalk.MAX_TUNNELS, packet.tunnelDepth());
        assertEquals(IpAddress.parse("10.0.0.1"), packet.source());
        assertEquals(1, decoding.count(Counter.TUNNELS_TOO_DEEP));
    }

    @Test
    void letsTheOuterPacketStandWhereTheInnerIsUnreadable() {
        byte[] inner = syn("192.0.2.1", "192.0.2.2").ipVersion(5).buildIp();

        assertTrue(
                decoding.decode(FrameBuilder.ip(OUTER, OUTER_PEER, Protocol.IPIP).payload(inner)));

        assertEquals(IpAddress.parse(OUTER), packet.source());
        assertEquals(Protocol.IPIP, packet.protocol());
        assertEquals(0, packet.tunnelDepth());
        assertEquals(inner.length, packet.payloadLength());
        assertEquals(1, decoding.count(Counter.TUNNEL_UNREADABLE));
        assertEquals(1, decoding.count(Counter.IPV4_BAD_VERSION));
    }

    @Test
    void leavesGreOfOtherVersionsAndSourceRoutesAlone() {
        for (byte[] gre : new byte[][] {{0, 1, 8, 0}, {0x40, 0, 8, 0}, {0, 0, 8}}) {
            assertTrue(
                    decoding.decode(FrameBuilder.ip(OUTER, OUTER_PEER, Protocol.GRE).payload(gre)));
            assertEquals(IpAddress.parse(OUTER), packet.source());
        }
        assertEquals(3, decoding.count(Counter.TUNNEL_UNREADABLE));
    }

    @Test
    void takesUdpOfVxlansPortForUdpWhereItIsNoVxlan() {
        assertTrue(
                decoding.decode(
                        FrameBuilder.udp(OUTER, 1, OUTER_PEER, VxlanHeader.PORT)
                                .payload("just some text that is long enough")));

        assertTrue(packet.isUdp());
        assertEquals(0, decoding.count(Counter.TUNNEL_UNREADABLE));
    }

    @ParameterizedTest
    @CsvSource({"4789, 0800000000000700, 0", "6081, 0000655800000700, 0", "3544, '', 14"})
    void takesUdpFromATunnelsPortForUdp(int port, String header, int from) {
        byte[] inner = syn("2001:db8::1", "2001:db8::2").build();
        byte[] head = HexFormat.of().parseHex(header);
        byte[] payload = Arrays.copyOf(head, head.length + inner.length - from);
        System.arraycopy(inner, from, payload, head.length, inner.length - from);

        assertTrue(decoding.decode(FrameBuilder.udp(OUTER, port, OUTER_PEER, 53).payload(payload)));

        assertTrue(packet.isUdp());
        assertEquals(0, packet.tunnelDepth());
        assertEquals(IpAddress.parse(OUTER), packet.source());
        assertEquals(IpAddress.parse(OUTER_PEER), packet.destination());
        assertEquals(payload.length, packet.payloadLength());
        assertEquals(
                AddressHash.of(packet.sourceHigh(), packet.sourceLow()),
                decoding.addresses().sourceHash());
    }

    @Test
    void findsAFragmentedTunnelByItsOuterAddressesUntilItIsWhole() {
        FrameBuilder frame = syn("192.0.2.1", "192.0.2.2").inIp(OUTER, OUTER_PEER).id(4);
        byte[] first = frame.fragments(24).get(0);
        byte[] last = frame.fragments(24).get(1);

        assertTrue(decoding.decode(first));
        assertEquals(IpAddress.parse(OUTER), packet.source());
        assertEquals(
                AddressHash.of(packet.sourceHigh(), packet.sourceLow()),
                decoding.addresses().sourceHash());

        assertTrue(decoding.decode(last));
        assertEquals(IpAddress.parse("192.0.2.1"), packet.source());
        assertTrue(packet.reassembled());
        long outer = IpAddress.parse(OUTER).low();
        assertEquals(AddressHash.of(0, outer), decoding.addresses().sourceHash());
    }

    @Test
    void takesTheLengthOfTheOuterPacketForTheInnersLimit() {
        byte[] whole = syn("192.0.2.1", "192.0.2.2").buildIp();
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);

        assertTrue(
                decoding.decode(
                        FrameBuilder.ip(OUTER, OUTER_PEER, Protocol.IPIP)
                                .payload(cut)
                                .link(link -> link.padTo(100))));

        assertEquals("i", decoding.payload());
        assertTrue(packet.incomplete());
        assertEquals(1, decoding.count(Counter.IPV4_BEYOND_FRAME));
    }
}
