package ips.bench.pipeline;

import ips.bench.flood.Flood;
import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.counter.Counter;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a frame costs each thread with so many workers and pipelines: the processor time of a
 * capture thread, of the busiest worker and of all workers together, in nanoseconds a frame. The
 * dearest of the threads bounds what a machine with a core for each of them could carry, so the
 * question of where one ring is full can be answered on a machine that has fewer. Caches are shared
 * otherwise there, which this cannot tell.
 *
 * <p>One thread hands all frames to one pipeline after another, as the capture threads of a file
 * do: each sees every frame and passes those of others by. The least of several rounds counts, the
 * engines take turns, and a run that lost a frame fails.
 *
 * <p>Run: {@code java -cp "ips-bench/target/ips-bench.jar:ips-bench/target/lib/*"
 * ips.bench.pipeline.WorkerScaling [FLOOD [ROUNDS [WORKERS,... [PIPELINES,...]]]]}, for {@code
 * SYN_SPOOFED}, 10, {@code 1,2,4,8} and {@code 1}.
 */
public final class WorkerScaling {
    private static final int FRAMES = 1_000_000;
    private static final long FRAME_GAP_NS = 100;

    private WorkerScaling() {}

    public static void main(String[] arguments) {
        Flood flood = arguments.length > 0 ? Flood.valueOf(arguments[0]) : Flood.SYN_SPOOFED;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        int[] workers = numbers(arguments.length > 2 ? arguments[2] : "1,2,4,8");
        int[] pipelines = numbers(arguments.length > 3 ? arguments[3] : "1");
        ByteBuffer data = flood.toBuffer(FRAMES, Flood.SEED);
        List<Setting> settings = new ArrayList<>();
        for (int rings : pipelines) {
            for (int each : workers) {
                if (each >= rings) {
                    settings.add(new Setting(rings, each, data));
                }
            }
        }
        for (int round = 0; round < rounds; round++) {
            settings.forEach(Setting::round);
        }
        for (Setting setting : settings) {
            setting.print(flood);
            setting.engine.close();
        }
    }

    private static int[] numbers(String list) {
        return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    /** An engine, the frames it is given again and again, and the least its threads took. */
    private static final class Setting {
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private final int pipelines;
        private final ByteBuffer data;
        private final FrameBuffer buffer;
        private final Engine engine;
        private final MeasuredWorkers workers;
        private long timeNs = 1_700_000_000_000_000_000L;
        private long sent;
        private long leastCaptureNs = Long.MAX_VALUE;
        private long leastBusiestNs = Long.MAX_VALUE;
        private long leastWorkersNs = Long.MAX_VALUE;

        Setting(int pipelines, int workerCount, ByteBuffer data) {
            this.pipelines = pipelines;
            this.data = data;
            buffer = new FrameBuffer(data);
            workers =
                    new MeasuredWorkers(
                            Engine.builder()
                                    .config(
                                            EngineConfig.DEFAULTS
                                                    .withWorkers(workerCount)
                                                    .withPipelines(pipelines)));
            engine = workers.engine();
            if (workers.count() != workerCount) {
                throw new IllegalStateException(
                        workers.count() + " workers instead of " + workerCount);
            }
        }

        void round() {
            long[] before = workers.processorNs();
            long captureNs = threads.getCurrentThreadCpuTime();
            for (int pipeline = 0; pipeline < pipelines; pipeline++) {
                hand(engine.frames(pipeline));
            }
            captureNs = threads.getCurrentThreadCpuTime() - captureNs;
            timeNs += FRAMES * FRAME_GAP_NS;
            sent += FRAMES;
            while (engine.backlog() > 0) {
                Thread.onSpinWait();
            }
            long busiestNs = 0;
            long workersNs = 0;
            long[] after = workers.processorNs();
            for (int i = 0; i < after.length; i++) {
                busiestNs = Math.max(busiestNs, after[i] - before[i]);
                workersNs += after[i] - before[i];
            }
            leastCaptureNs = Math.min(leastCaptureNs, captureNs / pipelines);
            leastBusiestNs = Math.min(leastBusiestNs, busiestNs);
            leastWorkersNs = Math.min(leastWorkersNs, workersNs);
        }

        private void hand(FrameSink frames) {
            long nowNs = timeNs;
            for (int at = 0; at < data.limit(); ) {
                int length = data.getInt(at);
                frames.frame(nowNs, buffer, at + 4, length, length, LinkType.ETHERNET, 0, 0);
                nowNs += FRAME_GAP_NS;
                at += 4 + length;
            }
            frames.idle(0);
        }

        void print(Flood flood) {
            long processed = engine.counters().get(Counter.FRAMES_PROCESSED);
            if (processed != sent) {
                throw new IllegalStateException("sent " + sent + ", processed " + processed);
            }
            double capture = (double) leastCaptureNs / FRAMES;
            double busiest = (double) leastBusiestNs / FRAMES;
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d pipelines, %2d workers: capture thread %5.1f ns/frame, busiest worker"
                            + " %5.1f, all workers %6.1f; at most %5.1f M frames/s%n",
                    flood,
                    pipelines,
                    workers.count(),
                    capture,
                    busiest,
                    (double) leastWorkersNs / FRAMES,
                    1e3 / Math.max(capture, busiest));
        }
    }
}
