package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import example.Tripwire;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import ips.core.block.RecordingEnforcer;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSink;
import ips.core.verdict.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An engine with parts of the embedder's own, as docs/embedding.md has it. */
class OwnPartsSystemTest {
    private static final long BEGIN = 1_700_000_000_000_000_000L;

    @Test
    void bansThroughAnOwnEnforcerWhomAnOwnDetectorAccuses() {
        RecordingEnforcer enforcer = new RecordingEnforcer();
        Engine engine =
                Engine.builder().detector(new Tripwire.Config(23)).enforcer(enforcer).build();

        syn(engine.frames(), 0, "192.0.2.1", 443);
        syn(engine.frames(), 1, "192.0.2.2", 23);
        syn(engine.frames(), 2, "192.0.2.2", 23);
        engine.close();

        List<String> bans =
                enforcer.enforced().stream()
                        .map(ban -> ban.address() + " " + ban.scope().word() + " " + ban.kind())
                        .toList();
        assertEquals(List.of("192.0.2.2 syn tripwire"), bans);
    }

    @Test
    void hasAMeterForEachKindOfItsOwn() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Engine engine = Engine.builder().build()) {
            engine.metrics().bindTo(registry);
        }

        for (Kind kind : List.of(Kind.SYN_FLOOD, Kind.SQLI)) {
            assertNotNull(registry.find("ips.detections").tag("kind", kind.word()).meter());
        }
    }

    private static void syn(FrameSink frames, int number, String source, int port) {
        byte[] frame =
                FrameBuilder.tcp(source, 40_000 + number, "198.51.100.1", port)
                        .flags(TcpFlags.SYN)
                        .build();
        frames.frame(
                BEGIN + number * 1_000_000L,
                new FrameBuffer(frame),
                0,
                frame.length,
                frame.length,
                LinkType.ETHERNET,
                0,
                0);
    }
}
