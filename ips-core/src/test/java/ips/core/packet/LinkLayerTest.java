package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkLayerTest {
    private final Decoding decoding = new Decoding();
    private final Packet packet = decoding.packet;

    private static FrameBuilder ipv4() {
        return FrameBuilder.udp("192.0.2.1", 1000, "198.51.100.2", 2000).payload("four");
    }

    private static FrameBuilder ipv6() {
        return FrameBuilder.udp("2001:db8::1", 1000, "2001:db8::2", 2000).payload("six");
    }

    private void assertReadsBothFamilies(Consumer<FrameLink> link) {
        assertTrue(decoding.decode(ipv4().link(link)));
        assertEquals("four", decoding.payload());
        assertEquals(IpAddress.parse("192.0.2.1"), packet.source());
        assertTrue(decoding.decode(ipv6().link(link)));
        assertEquals("six", decoding.payload());
        assertEquals(IpAddress.parse("2001:db8::1"), packet.source());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                LinkType.ETHERNET,
                LinkType.LINUX_SLL,
                LinkType.LINUX_SLL2,
                LinkType.NULL,
                LinkType.LOOP,
                LinkType.RAW,
                LinkType.RAW_BSD_12,
                LinkType.RAW_BSD_14
            })
    void readsBothFamiliesOverEveryLinkType(int linkType) {
        assertTrue(LinkType.isSupported(linkType));

        assertReadsBothFamilies(link -> link.type(linkType));

        assertEquals(linkType, packet.linkType());
    }

    @Test
    void readsLinkTypesOfOneFamily() {
        assertTrue(decoding.decode(ipv4().link(link -> link.type(LinkType.IPV4))));
        assertEquals("four", decoding.payload());
        assertTrue(decoding.decode(ipv6().link(link -> link.type(LinkType.IPV6))));
        assertEquals("six", decoding.payload());
        assertFalse(decoding.decode(ipv6().buildIp(), LinkType.IPV4));
        assertEquals(1, decoding.count(Counter.IPV4_BAD_VERSION));
    }

    @Test
    void readsTheLoopbackFamilyInEitherByteOrder() {
        byte[] little = ipv4().link(link -> link.type(LinkType.NULL)).build();
        byte[] big = ipv4().link(link -> link.type(LinkType.LOOP)).build();

        assertEquals(2, little[0]);
        assertEquals(2, big[3]);
        assertTrue(decoding.decode(big, LinkType.NULL));
        assertTrue(decoding.decode(little, LinkType.LOOP));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 24, 28, 30})
    void knowsTheFamiliesThatSystemsGiveIpv6(int family) {
        byte[] frame = ipv6().link(link -> link.type(LinkType.LOOP)).build();
        frame[3] = (byte) family;

        assertTrue(decoding.decode(frame, LinkType.LOOP));
    }

    @Test
    void readsOneVlanTag() {
        assertReadsBothFamilies(link -> link.vlan(42));
        assertEquals(42, packet.outerVlan());
        assertEquals(-1, packet.innerVlan());

        decoding.decode(ipv4());
        assertEquals(0, packet.vlanCount());
        assertEquals(-1, packet.outerVlan());
    }

    @Test
    void readsTagsInTags() {
        assertReadsBothFamilies(link -> link.qinq(4095, 1).vlan(3));

        assertEquals(3, packet.vlanCount());
        assertEquals(4095, packet.outerVlan());
        assertEquals(1, packet.innerVlan());
    }

    @Test
    void readsTagsOnCookedCaptures() {
        assertReadsBothFamilies(link -> link.type(LinkType.LINUX_SLL).vlan(5));
        assertReadsBothFamilies(link -> link.type(LinkType.LINUX_SLL2).vlan(6));

        assertEquals(6, packet.outerVlan());
    }

    @Test
    void followsNoMoreTagsThanItsLimit() {
        FrameBuilder most = ipv4();
        for (int i = 0; i < FrameWalk.MAX_TAGS; i++) {
            most.vlan(i);
        }
        assertTrue(decoding.decode(most));

        assertFalse(decoding.decode(most.vlan(9)));
        assertEquals(1, decoding.count(Counter.LINK_TAGS_TOO_MANY));
    }

    /** Headers of the link that hold each other, the largest frame full. */
    private static byte[] nested(String first, String unit) {
        byte[] head = HexFormat.of().parseHex(first);
        byte[] each = HexFormat.of().parseHex(unit);
        byte[] frame = Arrays.copyOf(head, 65_535);
        for (int i = head.length; i < frame.length; i++) {
            frame[i] = each[(i - head.length) % each.length];
        }
        return frame;
    }

    private static void onSmallStack(Runnable what) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(null, what, "small", 256 << 10);
        thread.setUncaughtExceptionHandler((dead, error) -> thrown.set(error));
        thread.start();
        thread.join();
        assertNull(thrown.get());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 00000000000000000000000088e700000000", // 802.1ah
        "0000000000000000000000008926, 00000000810000008926", // VN-Tag and VLAN by turns
        "'', 00000000000000000000000088470000014000000000", // MPLS, a pseudowire
    })
    void followsNestedHeadersNoFurtherThanOneLimit(String first, String unit)
            throws InterruptedException {
        byte[] whole = nested(first, unit);

        onSmallStack(() -> assertFalse(decoding.decode(whole)));
        assertEquals(1, decoding.count(Counter.LINK_TAGS_TOO_MANY));

        byte[] vxlan = Arrays.copyOf(new byte[] {8}, 60_000);
        System.arraycopy(whole, 0, vxlan, 8, vxlan.length - 8);
        FrameBuilder carrier =
                FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", VxlanHeader.PORT).payload(vxlan);
        onSmallStack(() -> assertTrue(decoding.decode(carrier)));
        assertEquals(IpAddress.parse("10.0.0.1"), packet.source());
        assertEquals(0, packet.tunnelDepth());
        onSmallStack(() -> assertNull(new PacketsAround().carrierOf(packet, 1)));
    }

    @Test
    void readsMplsLabels() {
        assertReadsBothFamilies(link -> link.mpls(16).mpls(1_000_000));
    }

    @Test
    void readsPppoeSessions() {
        assertReadsBothFamilies(FrameLink::pppoe);
    }

    @Test
    void countsA8023FrameAsNotIp() {
        assertFalse(decoding.decode(new FrameLink().frame(60, new byte[60])));
        assertFalse(decoding.decode(new FrameLink().frame(0x88cc, new byte[60])));

        assertEquals(2, decoding.count(Counter.NOT_IP));
    }

    @Test
    void cutsOffEthernetPadding() {
        assertTrue(decoding.decode(ipv4().link(link -> link.padTo(60))));

        assertEquals("four", decoding.payload());
        assertEquals(60, packet.capturedLength());
        assertEquals(32, packet.ipTotalLength());
        assertFalse(packet.incomplete());
    }

    @Test
    void tellsWhatTheFrameWasLike() {
        decoding.flags = 2;
        decoding.decodeCut(ipv4(), 44);

        assertEquals(1, packet.frameNumber());
        assertEquals(Decoding.START_NS, packet.timestampNs());
        assertEquals(Decoding.OFFSET, packet.frameOffset());
        assertEquals(44, packet.capturedLength());
        assertEquals(46, packet.wireLength());
        assertEquals(0, packet.interfaceIndex());
    }
}
