package ips.core.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import ips.core.counter.Counter;
import ips.core.verdict.Kind;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * An engine's numbers as Micrometer meters. Nothing is measured for their sake: a meter asks for a
 * number that is kept anyway when its registry is read, on the reader's thread.
 *
 * <ul>
 *   <li>{@code ips.<label>} counts every {@link Counter} by its label: {@code ips.frames-received},
 *       which Prometheus shows as {@code ips_frames_received_total};
 *   <li>{@code ips.detections} counts campaigns by the tag {@code kind}, those of kinds that were
 *       not named beforehand as {@code other};
 *   <li>{@code ips.bans.in.force}, {@code ips.bans.enforced} (how many of those the enforcer knows
 *       to be carried out) and {@code ips.queue.depth}, by the tag {@code queue}, are gauges.
 * </ul>
 */
public final class EngineMetrics implements MeterBinder {
    private static final String OTHER = "other";

    private final Supplier<Map<Counter, Long>> counters;
    private final Supplier<Map<Kind, Long>> detections;
    private final List<Kind> kinds;
    private final IntSupplier bansInForce;
    private final IntSupplier bansEnforced;
    private final Map<String, LongSupplier> queueDepths;

    /**
     * @param counters the sums over all threads
     * @param detections campaigns begun so far by kind
     * @param kinds which of them get a meter of their own from the start
     * @param bansInForce how many there are now
     * @param bansEnforced how many of them are carried out
     * @param queueDepths how many wait in each queue now
     */
    public EngineMetrics(
            Supplier<Map<Counter, Long>> counters,
            Supplier<Map<Kind, Long>> detections,
            List<Kind> kinds,
            IntSupplier bansInForce,
            IntSupplier bansEnforced,
            Map<String, LongSupplier> queueDepths) {
        this.counters = counters;
        this.detections = detections;
        this.kinds = List.copyOf(kinds);
        this.bansInForce = bansInForce;
        this.bansEnforced = bansEnforced;
        this.queueDepths = Map.copyOf(queueDepths);
    }

    // Registries hold the object they ask weakly and the function strongly, so the functions below
    // hold this binder, and the objects are ones that stay.
    @Override
    public void bindTo(MeterRegistry registry) {
        for (Counter counter : Counter.values()) {
            if (counter != Counter.DETECTIONS) {
                FunctionCounter.builder(
                                "ips." + counter.label(),
                                counter,
                                c -> counters.get().getOrDefault(c, 0L))
                        .description(counter.help())
                        .register(registry);
            }
        }
        for (Kind kind : kinds) {
            FunctionCounter.builder(
                            "ips.detections",
                            Counter.DETECTIONS,
                            c -> detections.get().getOrDefault(kind, 0L))
                    .tag("kind", kind.word())
                    .description(Counter.DETECTIONS.help())
                    .register(registry);
        }
        FunctionCounter.builder("ips.detections", Counter.DETECTIONS, c -> otherDetections())
                .tag("kind", OTHER)
                .description(Counter.DETECTIONS.help())
                .register(registry);
        Gauge.builder("ips.bans.in.force", bansInForce::getAsInt)
                .description("Bans in force now.")
                .strongReference(true)
                .register(registry);
        Gauge.builder("ips.bans.enforced", bansEnforced::getAsInt)
                .description("Bans in force that the enforcer is known to carry out.")
                .strongReference(true)
                .register(registry);
        queueDepths.forEach(
                (queue, depth) ->
                        Gauge.builder("ips.queue.depth", depth::getAsLong)
                                .description("What waits in a queue: batches of frames, reports.")
                                .strongReference(true)
                                .tag("queue", queue)
                                .register(registry));
    }

    private long otherDetections() {
        long others = 0;
        for (Map.Entry<Kind, Long> each : detections.get().entrySet()) {
            if (!kinds.contains(each.getKey())) {
                others += each.getValue();
            }
        }
        return others;
    }
}
