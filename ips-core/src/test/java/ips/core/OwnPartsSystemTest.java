package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.OwnRules;
import example.Tripwire;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import ips.core.block.BlockListener;
import ips.core.block.RecordingEnforcer;
import ips.core.detect.Detectors;
import ips.core.detect.IpProtocolScanDetector;
import ips.core.flow.ConnectionTracker;
import ips.core.flow.TableConfig;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSink;
import ips.core.rule.RuleInspector;
import ips.core.verdict.Kind;
import ips.core.verdict.SignatureAlert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void alertsByRulesOfItsOwnAndTellsThoseThatCannotBeRead(@TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("my.rules");
        Files.writeString(
                file,
                """
                alert tcp any any -> any 23 (msg:"telnet"; flags:S; sid:1;)
                alert tcp any any -> any any (msg:"broken"; flags:Z; sid:2;)
                """);
        List<String> complaints = new ArrayList<>();
        List<String> alerts = new ArrayList<>();
        BlockListener listener =
                new BlockListener() {
                    @Override
                    public void alerted(SignatureAlert alert) {
                        alerts.add(alert.rule().message());
                    }
                };
        Engine engine =
                Engine.builder()
                        .rules(OwnRules.read(file, complaints::add), RuleInspector.Options.DEFAULTS)
                        .listener(listener)
                        .build();

        syn(engine.frames(), 0, "192.0.2.1", 443);
        syn(engine.frames(), 1, "192.0.2.2", 23);
        engine.close();

        assertEquals(List.of("telnet"), alerts);
        assertEquals(1, complaints.size(), complaints::toString);
        assertTrue(complaints.get(0).startsWith(file + ":2:"), complaints::toString);
    }

    @Test
    void findsByTheSettingsItWasGiven() {
        EngineConfig config =
                EngineConfig.DEFAULTS
                        .withTables(new TableConfig(1024, 64, ConnectionTracker.Config.DEFAULTS))
                        .withDetectors(
                                Detectors.DEFAULTS.with(
                                        new IpProtocolScanDetector.Config(
                                                true, 5, Duration.ofSeconds(60), 1024)));

        assertEquals(1024, config.tables().sources());
        assertEquals(5, config.detectors().ipProtocolScan().threshold());
        assertEquals(Detectors.DEFAULTS.sweep(), config.detectors().sweep());
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
