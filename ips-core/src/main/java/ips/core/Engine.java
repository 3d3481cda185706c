package ips.core;

import io.micrometer.core.instrument.binder.MeterBinder;
import ips.core.block.BanMemory;
import ips.core.block.BlockListener;
import ips.core.block.BlockManager;
import ips.core.block.Enforcer;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.detect.DetectorConfig;
import ips.core.detect.RulesInForce;
import ips.core.metrics.EngineMetrics;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.FrameSource;
import ips.core.pipeline.Pipeline;
import ips.core.rule.RuleInspector;
import ips.core.rule.SignatureSet;
import ips.core.verdict.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agrona.ErrorHandler;

/**
 * The whole path from frames to verdicts and timed bans, ready to be embedded.
 *
 * <p>An engine is made by {@link #builder()}, fed once, and closed. It is fed either by {@link
 * #run}, which polls a source on the calling thread until it ends, or through {@link #frames()} by
 * a thread of the embedder's; either way that one thread is the capture thread. Workers and the
 * block manager run on daemon threads of their own. {@link #close} returns when every frame that
 * was handed over has been judged.
 *
 * <p>Listeners and the enforcer are called on the block manager's thread. No JVM flag is needed.
 */
public final class Engine implements AutoCloseable {
    private final List<Pipeline> pipelines;
    private final BlockManager blockManager;
    private final RulesInForce rules;
    private final BlockManagerThread blockManagerThread;
    private final ReportListener reports = new ReportListener();
    private final CaptureThreads capture;
    private final List<Counters> listenerCounters;
    private boolean closed;

    private Engine(Builder builder) {
        listenerCounters = List.copyOf(builder.listenerCounters);
        EngineAssembly assembly = new EngineAssembly(builder, reports);
        pipelines = assembly.pipelines();
        blockManager = assembly.blockManager();
        rules = assembly.rules();
        blockManagerThread = new BlockManagerThread(blockManager);
        capture = new CaptureThreads(pipelines);
        pipelines.forEach(Pipeline::start);
        blockManagerThread.start();
    }

    /** An engine with the default settings, no listener and bans that are only recorded. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where the capture thread puts frames; not to be used beside {@link #run}. */
    public FrameSink frames() {
        return frames(0);
    }

    /**
     * Where the capture thread of one of several pipelines puts frames; each pipeline has a thread
     * of its own.
     *
     * @param pipeline its number, from 0 up to {@link EngineConfig#pipelines} - 1
     * @throws IndexOutOfBoundsException when there is no such pipeline
     */
    public FrameSink frames(int pipeline) {
        return pipelines.get(pipeline).frames();
    }

    /**
     * Polls a source on the calling thread until it ends or {@link #stop} is called. With several
     * pipelines, each further part of the source is polled on a thread of its own. The source is
     * not closed.
     *
     * @throws IOException when the source failed; what it delivered is judged all the same
     * @throws IllegalArgumentException when it has not as many parts as there are pipelines
     */
    public void run(FrameSource source) throws IOException {
        capture.run(source.parts());
    }

    /**
     * Makes {@link #run} return soon; from any thread, a signal handler's included. A source that
     * waits for a pipe is interrupted.
     */
    public void stop() {
        capture.stop();
    }

    /**
     * What has been seen and done so far; from any thread. What workers have not reported yet is
     * missing: final after {@link #close}.
     */
    public EngineReport report() {
        Map<Counter, Long> counters = counters();
        long lost =
                counters.get(Counter.FRAMES_LOST_BY_KERNEL)
                        + counters.get(Counter.FRAMES_LOST_BY_SOURCE);
        return new EngineReport(
                counters.get(Counter.FRAMES_RECEIVED),
                counters.get(Counter.BYTES_RECEIVED),
                lost,
                pipelines.stream()
                        .mapToLong(Pipeline::firstNs)
                        .filter(ns -> ns != 0)
                        .min()
                        .orElse(0),
                pipelines.stream().mapToLong(Pipeline::lastNs).max().orElse(0),
                counters,
                reports.detections(blockManager.detections()),
                reports.alerts(),
                reports.bans());
    }

    /** Every counter, summed over all threads; from any thread. */
    public Map<Counter, Long> counters() {
        List<Counters> all = new ArrayList<>();
        pipelines.forEach(pipeline -> all.addAll(pipeline.counters()));
        all.add(blockManager.counters());
        all.addAll(listenerCounters);
        return Counters.sum(all);
    }

    /**
     * The owner of bans: knows those in force, and takes manual ones. What an embedder may call
     * says that it is for any thread.
     */
    public BlockManager blockManager() {
        return blockManager;
    }

    /** The rules in force, which may be replaced while frames flow; from any thread. */
    public RulesInForce rules() {
        return rules;
    }

    /**
     * Counters, bans in force and the lengths of queues as Micrometer meters, to be bound to a
     * registry; they may be read until the process ends.
     */
    public MeterBinder metrics() {
        return new EngineMetrics(
                this::counters,
                blockManager::detectionsByKind,
                Kind.ALL,
                blockManager::bansInForce,
                blockManager::bansEnforced,
                Map.of("ring", this::backlog, "verdicts", blockManager::backlog));
    }

    /** Batches waiting in the rings. Any thread may ask, however often: it allocates nothing. */
    public long backlog() {
        long batches = 0;
        for (int i = 0; i < pipelines.size(); i++) {
            batches += pipelines.get(i).backlog();
        }
        return batches;
    }

    /**
     * Judges what is still in the ring, ends campaigns, flushes listeners and closes them and the
     * enforcer; returns when that is done. The capture thread calls it, or another once {@link
     * #run} has returned. Called again, it does nothing. {@link #report} and {@link #counters} may
     * still be asked.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        capture.stop();
        pipelines.forEach(Pipeline::end);
        blockManagerThread.end();
    }

    /**
     * What an engine is made of. For one thread; every setter returns the builder, and refuses null
     * with a {@link NullPointerException}.
     */
    public static final class Builder {
        EngineConfig config = EngineConfig.DEFAULTS;
        final List<DetectorConfig> detectors = new ArrayList<>();
        final List<BlockListener> listeners = new ArrayList<>();
        Enforcer enforcer;
        SignatureSet rules = SignatureSet.EMPTY;
        RuleInspector.Options ruleOptions = RuleInspector.Options.DEFAULTS;
        boolean lossless;
        boolean framesShownToAll;
        boolean protectHost;
        boolean keepFrames;
        final List<Counters> listenerCounters = new ArrayList<>();
        BanMemory banMemory = BanMemory.NONE;
        ErrorHandler errorHandler = new RecurringErrors(ErrorReports::log);

        private Builder() {}

        /** Replaces the settings; {@link EngineConfig#DEFAULTS} without it. */
        public Builder config(EngineConfig config) {
            this.config = Objects.requireNonNull(config);
            return this;
        }

        /** Adds a detector to those of the configuration. */
        public Builder detector(DetectorConfig detector) {
            detectors.add(Objects.requireNonNull(detector));
            return this;
        }

        /** Matches rules against every packet, besides the detectors. */
        public Builder rules(SignatureSet rules, RuleInspector.Options options) {
            this.rules = Objects.requireNonNull(rules);
            this.ruleOptions = Objects.requireNonNull(options);
            return this;
        }

        /**
         * Whether workers wait while the queue to the block manager is full, rather than lose
         * reports: for frames that can wait, such as those of a file.
         */
        public Builder lossless(boolean lossless) {
            this.lossless = lossless;
            return this;
        }

        /**
         * Whether each of several pipelines is given all frames, as when each reads the same file:
         * the output then does not depend on how many there are. Otherwise each is given its own
         * share, as on a link whose kernel shares frames out, and the order of reports from
         * different pipelines depends on how their threads run.
         */
        public Builder framesShownToAll(boolean framesShownToAll) {
            this.framesShownToAll = framesShownToAll;
            return this;
        }

        /** Whether listeners get the frames of alerts, see {@link BlockListener#frame}. */
        public Builder keepFrames(boolean keepFrames) {
            this.keepFrames = keepFrames;
            return this;
        }

        /** Adds counters that listeners write, to be summed up with the engine's. */
        public Builder counters(Counters counters) {
            listenerCounters.add(Objects.requireNonNull(counters));
            return this;
        }

        /** Adds a listener; the engine closes it. */
        public Builder listener(BlockListener listener) {
            listeners.add(Objects.requireNonNull(listener));
            return this;
        }

        /**
         * Sets what carries bans out; the engine closes it. With or without one, later frames of
         * banned sources are counted.
         */
        public Builder enforcer(Enforcer enforcer) {
            this.enforcer = Objects.requireNonNull(enforcer);
            return this;
        }

        /**
         * What an earlier run remembered of its bans: repeat counts, and the reasons of bans that
         * the enforcer finds in force.
         */
        public Builder banMemory(BanMemory banMemory) {
            this.banMemory = Objects.requireNonNull(banMemory);
            return this;
        }

        /**
         * Whether this host's own addresses, gateways, resolvers and SSH peers are never banned,
         * and bans keep the time they have left when its clock is set. For live links; a capture
         * file has nothing to do with the host that reads it.
         */
        public Builder protectHost(boolean protectHost) {
            this.protectHost = protectHost;
            return this;
        }

        /** Takes what goes wrong inside: bugs, failing listeners. By default it is logged. */
        public Builder errorHandler(ErrorHandler errorHandler) {
            this.errorHandler = Objects.requireNonNull(errorHandler);
            return this;
        }

        /**
         * Takes the memory (some 140 MB with one worker and default settings, see
         * docs/architecture.md) and starts the threads. Each call makes an engine; parts that are
         * passed as instances (listeners, enforcer) belong to one only.
         */
        public Engine build() {
            return new Engine(this);
        }
    }
}
