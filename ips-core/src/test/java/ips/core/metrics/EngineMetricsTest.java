package ips.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.verdict.Kind;
import ips.core.verdict.SignatureId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EngineMetricsTest {
    private final Counters counters = new Counters();
    private final Map<Kind, Long> detections = new HashMap<>();
    private final AtomicInteger bans = new AtomicInteger();
    private final AtomicInteger enforced = new AtomicInteger();
    private final AtomicInteger depth = new AtomicInteger();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private void bind() {
        new EngineMetrics(
                        () -> Counters.sum(List.of(counters)),
                        () -> detections,
                        Kind.PACKET_KINDS,
                        bans::get,
                        enforced::get,
                        Map.of("ring", depth::get))
                .bindTo(registry);
    }

    @Test
    void countsEveryCounterByItsLabel() {
        bind();
        counters.add(Counter.FRAMES_RECEIVED, 1000);
        counters.add(Counter.FRAMES_BLOCKED, 7);

        assertEquals(1000, registry.get("ips.frames-received").functionCounter().count());
        assertEquals(7, registry.get("ips.frames-blocked").functionCounter().count());
        for (Counter counter : Counter.values()) {
            assertNotNull(registry.find("ips." + counter.label()).functionCounter());
        }
    }

    @Test
    void saysWhatEachMeterIs() {
        bind();

        for (Meter meter : registry.getMeters()) {
            String help = meter.getId().getDescription();
            assertTrue(
                    help != null && help.matches("[A-Z].*\\."),
                    meter.getId().getName() + ": " + help);
        }
    }

    @Test
    void countsDetectionsByKind() {
        bind();
        detections.put(Kind.SYN_FLOOD, 3L);
        detections.put(new Kind("own", "Own", new SignatureId(1, 1, 1), "None", 3), 2L);

        assertEquals(3, detectionsOf("syn_flood"));
        assertEquals(0, detectionsOf("scan_null"));
        assertEquals(2, detectionsOf("other"));
    }

    private double detectionsOf(String kind) {
        return registry.get("ips.detections").tag("kind", kind).functionCounter().count();
    }

    @Test
    void showsBansInForceAndWhatWaitsInQueues() {
        bind();
        bans.set(5);
        depth.set(9);

        assertEquals(5, registry.get("ips.bans.in.force").gauge().value());
        assertEquals(9, registry.get("ips.queue.depth").tag("queue", "ring").gauge().value());
    }

    @Test
    void keepsCountingWhenNobodyHoldsTheBinder() {
        bind();
        System.gc();
        counters.add(Counter.FRAMES_RECEIVED, 1);

        assertEquals(1, registry.get("ips.frames-received").functionCounter().count());
    }
}
