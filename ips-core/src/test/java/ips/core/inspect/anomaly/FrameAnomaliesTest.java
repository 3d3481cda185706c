package ips.core.inspect.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.Protocol;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameAnomaliesTest {
    private final long[] events = new long[2];
    private final FrameAnomalies anomalies = new FrameAnomalies(events, true);
    private final PacketDecoder decoder = new PacketDecoder(true, new Counters());
    private final Packet packet = new Packet();
    private boolean decoded;

    private Set<DecodeEvent> read(FrameBuilder builder) {
        Set<DecodeEvent> events = read(builder.buildBuffer());
        assertTrue(decoded, "what the builder makes has addresses");
        return events;
    }

    /** An Ethernet frame of a type, from what lies behind its header. */
    private Set<DecodeEvent> read(int etherType, String hex) {
        byte[] behind = octets(hex);
        byte[] frame = Arrays.copyOf(new byte[12], 14 + behind.length);
        frame[12] = (byte) (etherType >> 8);
        frame[13] = (byte) etherType;
        System.arraycopy(behind, 0, frame, 14, behind.length);
        return read(new FrameBuffer(frame));
    }

    private Set<DecodeEvent> read(FrameBuffer frame) {
        int length = frame.capacity();
        decoded = decoder.decode(frame, 0, length, length, LinkType.ETHERNET, 0, 0, 1, 1, packet);
        anomalies.read(packet);
        return Arrays.stream(DecodeEvent.values())
                .filter(event -> (events[event.ordinal() >> 6] & 1L << event.ordinal()) != 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(DecodeEvent.class)));
    }

    private static FrameBuilder syn() {
        return FrameBuilder.tcp("192.0.2.1", 40_000, "192.0.2.2", 80);
    }

    private static int[] bytes(String hex) {
        return Arrays.stream(hex.split(" ")).mapToInt(each -> Integer.parseInt(each, 16)).toArray();
    }

    @Test
    void tellsTheProtocolOfPlainFramesOneBehindAnother() {
        FrameBuilder echo = FrameBuilder.icmp("192.0.2.1", "192.0.2.2");
        int[] told = new int[4];

        for (int i = 0; i < told.length; i++) {
            assertEquals(Set.of(), read(i % 3 == 0 ? syn() : echo));
            told[i] = anomalies.transport();
        }

        assertArrayEquals(
                new int[] {Protocol.TCP, Protocol.ICMP, Protocol.ICMP, Protocol.TCP}, told);
    }

    private static byte[] octets(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    private static Set<DecodeEvent> events(String words) {
        Set<DecodeEvent> all = EnumSet.noneOf(DecodeEvent.class);
        if (words != null) {
            Arrays.stream(words.split(" ")).map(DecodeEvent::of).forEach(all::add);
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "02 04 05 b4 01 03 03 07,", // maximum segment size, a gap, window scale
        "02 04 05 b4 02 04 05 b4, tcp.opt_duplicate",
        "02 03 05 01, tcp.opt_invalid_len",
        "03 01 00 00, tcp.opt_invalid_len",
        "03 09 07 00, tcp.opt_invalid_len",
        "01 01 01 03,", // no room for a length
        "00 03 09 07,", // behind the end of the list
    })
    void namesWhatIsOddAboutOptionsOfTcp(String options, String words) {
        assertEquals(events(words), read(syn().tcpOptions(bytes(options))));
    }

    @ParameterizedTest
    @CsvSource({
        "94 04 00 00 01 01 01 01,", // router alert
        "94 04 00 00, ipv4.opt_pad_required",
        "94 04 00 00 94 04 00 00, ipv4.opt_duplicate",
        "94 05 00 00 00 01 01 01, ipv4.opt_invalid_len",
        "94 01 00 00 01 01 01 01, ipv4.opt_invalid_len",
        "01 01 01 01 01 01 01 94, ipv4.opt_eol_required",
        "07 03 03 01 01 01 01 01, ipv4.opt_malformed",
        "9f 04 00 00 01 01 01 01, ipv4.opt_invalid",
    })
    void namesWhatIsOddAboutOptionsOfIpv4(String options, String words) {
        assertEquals(events(words), read(syn().ipOptions(bytes(options))));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 05 02 00 00 01 00,  ipv6.zero_len_padn", // router alert, then padding of no bytes
        "0, 01 04 00 00 00 00, ipv6.hopopts_only_padding",
        "60, 01 04 00 00 00 00, ipv6.dstopts_only_padding",
        "0, 05 01 00 01 01 00, ipv6.exthdr_invalid_optlen",
        "60, c2 04 00 00 00 00,", // a jumbo payload
        "60, 33 04 00 00 00 00, ipv6.dstopts_unknown_opt",
        "0, 01 09 00 00 00 00, ipv6.exthdr_invalid_optlen",
        "43, 00 01 00 00 00 00, ipv6.rh_type_0",
        "43, 02 01 00 00 00 00,",
        "140, 00 00 00 00 00 00,",
    })
    void namesWhatIsOddAboutExtensionsOfIpv6(int kind, String body, String words) {
        FrameBuilder frame = FrameBuilder.udp("2001:db8::1", 1, "2001:db8::2", 2).payload("x");

        assertEquals(events(words), read(frame.extension(kind, octets(body))));
        assertEquals(Protocol.UDP, anomalies.transport());
    }

    @ParameterizedTest
    @CsvSource({
        "8, 0,",
        "8, 1, icmpv4.unknown_code",
        "9, 7,",
        "10, 0, icmpv4.unknown_type",
        "12, 1, icmpv4.unknown_code",
        "13, 0, icmpv4.ipv4_trunc_pkt",
        "3, 16, icmpv4.unknown_code",
        "19, 0, icmpv4.unknown_type",
    })
    void namesWhatIsOddAboutIcmp(int type, int code, String words) {
        FrameBuilder frame = FrameBuilder.icmp("192.0.2.1", "192.0.2.2").icmpType(type, code);

        assertEquals(events(words), read(frame));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 7, icmpv6.unknown_code",
        "1, 6, icmpv6.ipv6_trunc_pkt",
        "127, 0, icmpv6.unknown_type",
        "135, 1, icmpv6.unknown_code",
        "138, 255,",
        "139, 2,",
        "155, 4, icmpv6.unknown_code",
        "131, 0, icmpv6.mld_message_with_invalid_hl",
        "200, 0, icmpv6.experimentation_type",
        "255, 0, icmpv6.unassigned_type",
    })
    void namesWhatIsOddAboutIcmpv6(int type, int code, String words) {
        FrameBuilder frame = FrameBuilder.icmp("2001:db8::1", "2001:db8::2").icmpType(type, code);

        assertEquals(events(words), read(frame));
    }

    @ParameterizedTest
    @CsvSource({
        "00 00 08 00,",
        "07 00 08 00, gre.version0_recur",
        "00 08 08 00, gre.version0_flags",
        "b0 00 08 00, gre.version0_hdr_too_big",
        "40 00 08 00 00 00 00 00 00 08 00 ff, gre.version0_malformed_sre_hdr",
        "40 00 08 00 00 00 00 00 00 00 00 00,",
        "20 01 88 0b 00 00 00 00,",
        "20 01 08 00 00 00 00 00, gre.version1_wrong_protocol",
        "00 01 88 0b, gre.version1_no_key",
        "a0 01 88 0b, gre.version1_chksum",
        "60 01 88 0b, gre.version1_route",
        "28 01 88 0b, gre.version1_ssr",
        "21 01 88 0b, gre.version1_recur",
        "20 11 88 0b, gre.version1_flags",
        "20 81 88 0b 00 00 00 00, gre.version1_hdr_too_big",
        "00 02 08 00, gre.wrong_version",
        "00 00, gre.pkt_too_small",
    })
    void namesWhatIsOddAboutGre(String header, String words) {
        FrameBuilder frame =
                FrameBuilder.ip("192.0.2.1", "192.0.2.2", Protocol.GRE).payload(octets(header));

        assertEquals(events(words), read(frame));
    }

    @ParameterizedTest
    @CsvSource({
        "8847, 00 01 00, mpls.header_too_small",
        "8847, 00 00 01 40 45 00, ipv4.pkt_too_small",
        "8847, 00 00 11 40, mpls.bad_label_router_alert",
        "8847, 00 00 31 40, mpls.bad_label_implicit_null",
        "8847, 00 00 71 40, mpls.bad_label_reserved",
        "8847, 00 06 41 40 45, mpls.pkt_too_small",
        "8847, 00 06 41 40 70 00 00 00, mpls.unknown_payload_type",
        "8863, 11 09 00 00 00 04 01 01 00 00,",
        "8863, 11 09 00 00 00 05 01 01 00 00, pppoe.malformed_tags",
        "8863, 11 0a 00 00 00 00, pppoe.wrong_code",
        "8863, 11 09 00, pppoe.pkt_too_small",
        "8926, 00 00 00 00 08, vntag.header_too_small",
        "8926, 00 00 00 00 ff 00, vntag.unknown_type",
        "88e7, 00 00 00 00 08, ieee8021ah.header_too_small",
        "8903, 00, dce.pkt_too_small",
    })
    void namesWhatIsOddAboutLinkHeaders(String etherType, String hex, String words) {
        assertEquals(events(words), read(Integer.parseInt(etherType, 16), hex));
    }

    @Test
    void forgetsTheFrameBefore() {
        read(syn().tcpOptions(3, 1, 0, 0));

        assertEquals(Set.of(), read(syn()));
    }

    @Test
    void looksIntoHeadersWithinOneAnotherSoDeepAndNoDeeper() {
        byte[] frame = new byte[256 << 10];
        for (int at = 12; at + 2 <= frame.length; at += 16) {
            frame[at] = (byte) 0x89;
            frame[at + 1] = 0x03;
        }

        assertEquals(Set.of(), read(new FrameBuffer(frame)));
    }
}
