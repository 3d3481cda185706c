package ips.bench.pipeline;

import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.detect.Detector;
import ips.core.detect.DetectorConfig;
import ips.core.detect.DetectorContext;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.RingConfig;
import ips.core.pipeline.WaitMode;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictSink;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * How long does a frame take from the ring to its verdict? A whole engine with one worker and all
 * detectors is handed frames at a steady rate, as a link would; of every thousand one is accused by
 * a detector of the program's own, and the clock is read where its verdict is raised.
 *
 * <p>Before that, two threads that do nothing but hand a time to each other a thousand times a
 * second tell what the machine itself adds: no engine can do better than they.
 *
 * <p>Run: {@code java -cp "ips-bench/target/ips-bench.jar:ips-bench/target/lib/*"
 * ips.bench.pipeline.VerdictLatency [WAIT-MODE [FRAMES-A-SECOND [SECONDS]]]}, for {@code
 * BUSY_SPIN}, 1,000,000 and 20. Needs two cores to itself.
 */
public final class VerdictLatency {
    private static final int ACCUSED_OF = 1000;
    private static final int ACCUSED_PORT = 9;
    private static final int WARM_UP_SECONDS = 5;
    private static final int HAND_OVERS_A_SECOND = 1000;

    private final long[] latenciesNs;
    private final long beginNs = System.nanoTime();
    private int samples;
    private volatile boolean measuring;

    private VerdictLatency(int most) {
        latenciesNs = new long[most];
    }

    /** Raises a verdict on each packet to one port, and reads the clock. */
    private final class Accuser implements Detector {
        private final VerdictSink verdicts;

        Accuser(DetectorContext context) {
            verdicts = context.verdicts();
        }

        @Override
        public Set<PacketClass> packetClasses() {
            return Set.of(PacketClass.UDP);
        }

        @Override
        public void packet(Packet packet, int source) {
            if (packet.destinationPort() == ACCUSED_PORT) {
                verdicts.raise(verdict(packet));
                if (measuring && samples < latenciesNs.length) {
                    latenciesNs[samples++] = System.nanoTime() - beginNs - packet.timestampNs();
                }
            }
        }

        private static Verdict verdict(Packet packet) {
            return new Verdict(
                    packet.frameNumber(),
                    packet.timestampNs(),
                    Kind.UDP_FLOOD,
                    Action.ALERT,
                    BanScope.ALL,
                    packet.source(),
                    packet.destination(),
                    ACCUSED_PORT,
                    1,
                    packet.timestampNs(),
                    packet.timestampNs(),
                    packet.frameNumber(),
                    packet.frameNumber(),
                    Evidence.of("seen", 1));
        }
    }

    private DetectorConfig accuser() {
        return new DetectorConfig() {
            @Override
            public boolean enabled() {
                return true;
            }

            @Override
            public Detector create(DetectorContext context) {
                return new Accuser(context);
            }
        };
    }

    /**
     * @param arguments how workers wait, frames a second, seconds
     */
    public static void main(String[] arguments) {
        WaitMode waitMode =
                WaitMode.valueOf(arguments.length > 0 ? arguments[0] : WaitMode.BUSY_SPIN.name());
        int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        int most = (int) ((long) rate * seconds / ACCUSED_OF) + 1;
        print("two threads alone", new HandOver(HAND_OVERS_A_SECOND * seconds).run());
        new VerdictLatency(most).run(waitMode, rate, seconds);
    }

    private static void print(String what, long[] latenciesNs) {
        long[] sorted = latenciesNs.clone();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%s: %d times, median %.1f us, p99 %.1f, p99.9 %.1f, most %.1f%n",
                what,
                sorted.length,
                at(sorted, 0.5),
                at(sorted, 0.99),
                at(sorted, 0.999),
                at(sorted, 1));
    }

    private void run(WaitMode waitMode, int rate, int seconds) {
        RingConfig ring =
                new RingConfig(
                        RingConfig.DEFAULTS.slots(),
                        RingConfig.DEFAULTS.slotBytes(),
                        waitMode,
                        false);
        EngineConfig config = EngineConfig.DEFAULTS.withWorkers(1).withRing(ring);
        try (Engine engine = Engine.builder().config(config).detector(accuser()).build()) {
            send(engine.frames(), rate, WARM_UP_SECONDS);
            measuring = true;
            send(engine.frames(), rate, seconds);
        }
        String what = String.format(Locale.ROOT, "%s, %,d frames/s, verdicts", waitMode, rate);
        print(what, Arrays.copyOf(latenciesNs, samples));
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.ceil(share * (sorted.length - 1))] / 1e3;
    }

    /** Hands over the frames that are due, all at once as a source does, then says it runs dry. */
    private void send(FrameSink frames, int rate, int seconds) {
        byte[] plainBytes = FrameBuilder.udp("192.0.2.1", 4000, "198.51.100.1", 9000).build();
        byte[] accusedBytes =
                FrameBuilder.udp("192.0.2.2", 4000, "198.51.100.1", ACCUSED_PORT).build();
        FrameBuffer plain = new FrameBuffer(plainBytes);
        FrameBuffer accused = new FrameBuffer(accusedBytes);
        int length = plainBytes.length;
        long startNs = System.nanoTime();
        long count = (long) rate * seconds;
        for (long sent = 0; sent < count; ) {
            long due = Math.min(count, (System.nanoTime() - startNs) * rate / 1_000_000_000L + 1);
            if (sent == due) {
                Thread.onSpinWait();
                continue;
            }
            for (; sent < due; sent++) {
                FrameBuffer frame = sent % ACCUSED_OF == 0 ? accused : plain;
                long nowNs = System.nanoTime() - beginNs;
                frames.frame(nowNs, frame, 0, length, length, LinkType.ETHERNET, 0, 0);
            }
            frames.idle(0);
        }
    }
}
