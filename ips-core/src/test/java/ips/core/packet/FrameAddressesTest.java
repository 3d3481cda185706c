package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** That it sees what the decoder sees is {@link DecoderFuzzTest}'s to show. */
class FrameAddressesTest {
    private static final String A = "192.0.2.1";
    private static final String B = "198.51.100.2";
    private static final String A6 = "2001:db8::1";
    private static final String B6 = "2001:db8:1::2";

    private final FrameAddresses addresses = new FrameAddresses();

    private void read(FrameBuilder frame) {
        byte[] bytes = frame.build();
        addresses.read(new FrameBuffer(bytes), 0, bytes.length, bytes.length, frame.linkType());
    }

    private void assertHashes(String source, String destination) {
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(destination);
        assertEquals(AddressHash.of(from.high(), from.low()), addresses.sourceHash());
        assertEquals(AddressHash.of(to.high(), to.low()), addresses.destinationHash());
    }

    @Test
    void readsPlainIpv4() {
        read(FrameBuilder.tcp(A, 1, B, 2).flags(TcpFlags.SYN));
        assertHashes(A, B);
        assertTrue(addresses.openingSyn());

        read(FrameBuilder.udp(B, 1, A, 2));
        assertHashes(B, A);
        assertFalse(addresses.openingSyn());
    }

    @Test
    void readsIpv6TagsAndOtherLinkTypes() {
        read(FrameBuilder.tcp(A6, 1, B6, 2).flags(TcpFlags.SYN));
        assertHashes(A6, B6);
        assertTrue(addresses.openingSyn());

        read(FrameBuilder.tcp(A, 1, B, 2).flags(TcpFlags.SYN).qinq(1, 2));
        assertHashes(A, B);
        assertTrue(addresses.openingSyn());

        read(FrameBuilder.tcp(A, 1, B, 2).link(link -> link.type(LinkType.RAW)));
        assertHashes(A, B);
        assertFalse(addresses.openingSyn());
    }

    @Test
    void knowsAnOpeningSyn() {
        int[] opening = {TcpFlags.SYN, TcpFlags.SYN | TcpFlags.ECE | TcpFlags.CWR};
        int[] other = {
            TcpFlags.SYN | TcpFlags.ACK, TcpFlags.SYN | TcpFlags.FIN, TcpFlags.ACK, 0, TcpFlags.RST
        };
        for (int flags : opening) {
            read(FrameBuilder.tcp(A, 1, B, 2).flags(flags));
            assertTrue(addresses.openingSyn());
        }
        for (int flags : other) {
            read(FrameBuilder.tcp(A, 1, B, 2).flags(flags));
            assertFalse(addresses.openingSyn());
        }
    }

    @Test
    void findsTheFlagsBehindIpv4Options() {
        read(FrameBuilder.tcp(A, 1, B, 2).flags(TcpFlags.SYN).ipOptions(1, 1, 1, 1, 1, 1, 1, 0));
        assertTrue(addresses.openingSyn());
    }

    @Test
    void takesNoFragmentForAnOpeningSyn() {
        for (byte[] fragment :
                FrameBuilder.tcp(A, 1, B, 2)
                        .flags(TcpFlags.SYN)
                        .payload("12345678")
                        .fragments(24)) {
            addresses.read(new FrameBuffer(fragment), 0, fragment.length, fragment.length, 1);
            assertHashes(A, B);
            assertFalse(addresses.openingSyn());
        }
    }

    @Test
    void forgetsTheFrameBefore() {
        read(FrameBuilder.tcp(A, 1, B, 2).flags(TcpFlags.SYN));
        byte[] arp = new FrameLink().frame(EthernetHeader.TYPE_ARP, new byte[46]);
        addresses.read(new FrameBuffer(arp), 0, arp.length, arp.length, LinkType.ETHERNET);

        assertEquals(0, addresses.sourceHash());
        assertEquals(0, addresses.destinationHash());
        assertFalse(addresses.openingSyn());
    }
}
