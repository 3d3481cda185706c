package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.verdict.PacketDetails;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules see what comes through tunnels, and of the packets that carry it the headers. */
class TunnelRulesTest {
    private static final int ETHERNET = 14;
    private static final int GRE = 47;

    private static final String[] RULES = {
        "alert udp 1.1.1.1 any -> any 2000 (content:\"inside\";)",
        "alert udp any any -> any any (content:\"inside\";)",
        "alert ip 10.0.0.1 any -> 10.0.0.2 any (msg:\"outside\";)",
        "alert udp 10.0.0.1 any -> 10.0.0.2 any (dsize:0;)",
        "alert udp fd00::1 any -> any 2000 (content:\"inside\";)",
    };

    private static byte[] frame(boolean ipv6) {
        return FrameBuilder.udp(
                        ipv6 ? "fd00::1" : "1.1.1.1", 1000, ipv6 ? "fd00::2" : "2.2.2.2", 2000)
                .payload("inside")
                .build();
    }

    private static byte[] join(String hex, byte[] bytes, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }

    private static List<Integer> alerts(FrameBuilder frame) {
        RuleTraffic traffic = RuleTraffic.of(RULES).frame(frame);
        return traffic.sids().stream().sorted().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "4789, 0800000000000700, 0", // VXLAN
        "6081, 0000655800000700, 0", // Geneve, a frame
        "6081, 020065580000070000000001aabbccdd, 0", // with an option
        "6081, 0000080000000700, 14", // an IPv4 packet
    })
    void looksIntoDatagramsThatCarryPackets(int port, String header, int from) {
        byte[] payload = join(header, frame(false), from);

        assertEquals(
                List.of(1, 2, 3),
                alerts(FrameBuilder.udp("10.0.0.1", 5555, "10.0.0.2", port).payload(payload)));
    }

    @ParameterizedTest
    @CsvSource({
        "4789, 5555, 0800000000000700, 0",
        "6081, 5555, 0000655800000700, 0",
        "3544, 5555, '', 14", // Teredo
        "3544, 5555, 0000111122223333, 14",
        "5555, 3544, '', 14",
        "5555, 3544, 0000111122223333, 14",
    })
    void takesNoDatagramForATunnelByItsSourcePort(
            int source, int destination, String header, int from) {
        for (boolean ipv6 : new boolean[] {false, true}) {
            FrameBuilder outer =
                    FrameBuilder.udp("10.0.0.1", source, "10.0.0.2", destination)
                            .payload(join(header, frame(ipv6), from));
            assertEquals(List.of(2, 3), alerts(outer));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4789, 0801000000000700, 0", // something reserved is set
        "6081, 4000655800000700, 0", // another version
        "6081, 3f00655800000700, 0", // options beyond the end
        "6081, 0001655800000700, 0", // reserved bits are set
        "6081, 0000655800000701, 0",
        "6081, 0000880600000700, 0", // of no known type
    })
    void takesOtherDatagramsForWhatTheyAre(int port, String header, int from) {
        byte[] payload = join(header, frame(true), from);

        assertEquals(
                List.of(2, 3),
                alerts(FrameBuilder.udp("10.0.0.1", 5555, "10.0.0.2", port).payload(payload)));
    }

    @ParameterizedTest
    @CsvSource({
        "00000800, 14", // IPv4
        "00006558, 0", // a frame
        "000088be, 0", // ERSPAN type I
        "100088be 00000001 1001000100000001, 0", // type II
        "3081880b 00200001 00000001 00000002 ff030021, 14", // PPTP
        "3001880b 00200001 00000001 0021, 14",
    })
    void looksIntoGre(String header, int from) {
        byte[] payload = join(header, frame(false), from);

        assertEquals(
                List.of(1, 2, 3),
                alerts(FrameBuilder.ip("10.0.0.1", "10.0.0.2", GRE).payload(payload)));
    }

    @Test
    void doesNotLookIntoErspanOfAnotherVersion() {
        byte[] payload = join("100088be 00000001 3001000100000001", frame(false), 0);

        assertEquals(
                List.of(3), alerts(FrameBuilder.ip("10.0.0.1", "10.0.0.2", GRE).payload(payload)));
    }

    @ParameterizedTest
    @CsvSource({
        "8847 00064140 00000000, 0", // MPLS, a pseudowire
        "88e7 00000001, 0", // 802.1ah
        "8926 00000000 0800, 14", // VN-Tag
    })
    void looksBehindTagsOfTheLink(String typeAndTag, int from) {
        byte[] inner = frame(false);
        byte[] link = Arrays.copyOf(inner, 12);
        byte[] rest = join(typeAndTag, inner, from);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(link);
        out.writeBytes(rest);

        RuleTraffic traffic = RuleTraffic.of(RULES).frame(out.toByteArray());

        assertEquals(List.of(1, 2), traffic.sids().stream().sorted().toList());
    }

    /** A carrier is UDP with ports and a flow, as what carries nothing is. */
    @Test
    void takesACarrierOfUdpForUdp() {
        String[] rules = {
            "alert udp any any -> any 4789 (msg:\"carrier\";)",
            "alert udp any any -> any 4789 (flow:to_server;)",
            "alert ip 10.0.0.1 any -> any any (msg:\"outer\";)",
        };
        FrameBuilder plain =
                FrameBuilder.udp("10.0.0.1", 5555, "10.0.0.2", 4789).payload("nothing inside");
        FrameBuilder vxlan =
                FrameBuilder.udp("10.0.0.1", 5555, "10.0.0.2", 4789)
                        .payload(join("0800000000000700", frame(false), 0));

        List<Integer> ofPlain = RuleTraffic.of(rules).frame(plain).frame(plain).sids();
        RuleTraffic traffic = RuleTraffic.of(rules).frame(vxlan).frame(vxlan);

        assertEquals(ofPlain, traffic.sids());
        assertTrue(traffic.count(1) > 0);
        assertEquals(1, traffic.count(3));
    }

    @Test
    void asksAboutEveryCarrier() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert ip any any -> any any (ip_proto:47;)",
                        "alert ip 10.0.0.1 any -> any any (msg:\"outer\";)",
                        "alert ip 3.3.3.3 any -> any any (msg:\"middle\";)");
        FrameBuilder frame =
                FrameBuilder.udp("1.1.1.1", 1000, "2.2.2.2", 2000)
                        .payload("inside")
                        .inGre("3.3.3.3", "4.4.4.4")
                        .inGre("10.0.0.1", "10.0.0.2");

        traffic.frame(frame).frame(frame);

        assertEquals(4, traffic.count(1));
        assertEquals(2, traffic.count(2)); // GRE has no flows
        assertEquals(2, traffic.count(3));
    }

    @ParameterizedTest
    @CsvSource({
        "4789, 0800000000000700, 0, vxlan encapsulation",
        "6081, 0000080000000700, 14, geneve encapsulation",
    })
    void tellsWhatAPacketCameBy(int port, String header, int from, String origin) {
        byte[] payload = join(header, frame(false), from);
        RuleTraffic traffic = RuleTraffic.of("alert udp any any -> any 2000 (content:\"inside\";)");

        traffic.frame(FrameBuilder.udp("10.0.0.1", 5555, "10.0.0.2", port).payload(payload));

        PacketDetails.Carrier carrier = traffic.alerts().get(0).packet().carrier();
        assertEquals(origin, carrier.origin());
        assertEquals(1, carrier.depth());
        assertEquals("10.0.0.1", carrier.source().toString());
        assertEquals(port, carrier.destinationPort());
    }

    @Test
    void tellsOfTheOutermostOfSeveralTunnels() {
        RuleTraffic traffic = RuleTraffic.of("alert udp any any -> any 2000 (content:\"inside\";)");

        traffic.frame(
                FrameBuilder.udp("1.1.1.1", 1000, "2.2.2.2", 2000)
                        .payload("inside")
                        .inVxlan("3.3.3.3", "4.4.4.4", 7)
                        .inGre("10.0.0.1", "10.0.0.2"));

        PacketDetails.Carrier carrier = traffic.alerts().get(0).packet().carrier();
        assertEquals("vxlan encapsulation", carrier.origin());
        assertEquals(2, carrier.depth());
        assertEquals("10.0.0.1", carrier.source().toString());
    }
}
