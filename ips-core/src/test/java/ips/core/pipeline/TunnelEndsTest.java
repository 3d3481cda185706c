package ips.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Report;
import ips.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TunnelEndsTest {
    private static final String INNER = "10.0.0.7";

    private final Packet packet = new Packet();
    private final List<Report> raised = new ArrayList<>();
    private final TunnelEnds ends = new TunnelEnds(packet, raised::add);

    private void frame(FrameBuilder builder) {
        byte[] bytes = builder.build();
        assertTrue(
                new PacketDecoder(false, new Counters())
                        .decode(
                                new FrameBuffer(bytes),
                                0,
                                bytes.length,
                                bytes.length,
                                LinkType.ETHERNET,
                                0,
                                0,
                                1,
                                9,
                                packet));
    }

    private static FrameBuilder tunnelled(String source, String destination) {
        return FrameBuilder.icmp(source, destination)
                .icmpType(8, 0)
                .icmpEcho(7, 1)
                .inGre("198.51.100.1", "203.0.113.1");
    }

    private static Verdict about(String source, long lastFrame) {
        return new Verdict(
                9,
                1,
                Kind.ICMP_FLOOD,
                Action.BAN,
                BanScope.ICMP,
                IpAddress.parse(source),
                null,
                0,
                100,
                1,
                1,
                1,
                lastFrame,
                Evidence.of("threshold", 100));
    }

    private Map<String, Object> evidence() {
        assertEquals(1, raised.size());
        return ((Verdict) raised.get(0)).evidence().values();
    }

    @Test
    void namesTheEndsOfTheTunnelAPacketCameThrough() {
        frame(tunnelled(INNER, "10.0.0.8"));

        ends.raise(about(INNER, 9));

        assertEquals(
                "{threshold=100, tunnel_from=198.51.100.1, tunnel_to=203.0.113.1}",
                evidence().toString());
    }

    @Test
    void seesThemFromTheOffenderWhenTheAnswerGivesHimAway() {
        frame(tunnelled("10.0.0.8", INNER));

        ends.raise(about(INNER, 9));

        assertEquals("203.0.113.1", evidence().get("tunnel_from"));
    }

    @Test
    void namesNoneForOtherPacketsOtherFramesAndTicks() {
        frame(FrameBuilder.icmp(INNER, "10.0.0.8").icmpType(8, 0).icmpEcho(7, 1));
        ends.raise(about(INNER, 9));
        frame(tunnelled(INNER, "10.0.0.8"));
        ends.raise(about(INNER, 8));
        ends.atTick(true);
        ends.raise(about(INNER, 9));

        assertEquals(3, raised.size());
        for (Report report : raised) {
            assertEquals("{threshold=100}", ((Verdict) report).evidence().values().toString());
        }
    }
}
