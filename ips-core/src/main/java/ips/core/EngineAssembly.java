package ips.core;

import ips.core.block.Allowlist;
import ips.core.block.BannedSources;
import ips.core.block.BlockListener;
import ips.core.block.BlockManager;
import ips.core.block.Enforcer;
import ips.core.block.EnforcerChain;
import ips.core.block.HostFacts;
import ips.core.block.Intake;
import ips.core.block.LogEnforcer;
import ips.core.block.NeverBanGate;
import ips.core.block.WorkersProgress;
import ips.core.counter.Counters;
import ips.core.detect.Detector;
import ips.core.detect.DetectorConfig;
import ips.core.detect.DetectorContext;
import ips.core.detect.RulesInForce;
import ips.core.detect.SignatureDetector;
import ips.core.flow.ConnectionListener;
import ips.core.flow.ConnectionTable;
import ips.core.flow.ConnectionTracker;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.flow.TableConfig;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.pipeline.FrameKeeper;
import ips.core.pipeline.Pipeline;
import ips.core.pipeline.Progress;
import ips.core.pipeline.Share;
import ips.core.pipeline.TunnelEnds;
import ips.core.pipeline.WorkerState;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Doorbell;
import ips.core.verdict.FrameRoom;
import ips.core.verdict.VerdictQueue;
import ips.core.verdict.VerdictSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes the parts of an engine from its builder's settings and joins them. */
final class EngineAssembly {
    private final EngineConfig config;
    private final FrameRoom frameRoom;
    private final List<DetectorConfig> detectors = new ArrayList<>();
    private final SignatureDetector.Config rules;
    private final List<Pipeline> pipelines = new ArrayList<>();
    private final BlockManager blockManager;

    EngineAssembly(Engine.Builder builder, BlockListener reports) {
        config = builder.config;
        frameRoom = builder.keepFrames ? new FrameRoom(frameBytes(builder)) : null;
        rules =
                new SignatureDetector.Config(
                        new RulesInForce(builder.rules, config.allWorkers()), builder.ruleOptions);
        detectors.addAll(config.detectors().all());
        detectors.addAll(builder.detectors);
        detectors.add(rules);
        detectors.removeIf(detector -> !detector.enabled());

        BannedSources banned = new BannedSources(config.bans().maxBans());
        List<Intake> intakes = pipelines(builder, banned);

        Allowlist allowlist = new Allowlist(config.bans().allow());
        NeverBanGate gate =
                builder.protectHost
                        ? new NeverBanGate(
                                allowlist, HostFacts.ofThisHost(Set.of(), builder.errorHandler))
                        : NeverBanGate.forFiles(allowlist);
        Enforcer noted = new LogEnforcer(banned);
        Enforcer enforcer =
                builder.enforcer == null
                        ? noted
                        : new EnforcerChain(List.of(noted, builder.enforcer));
        List<BlockListener> listeners = new ArrayList<>();
        listeners.add(reports);
        listeners.addAll(builder.listeners);
        blockManager =
                new BlockManager(
                        config.bans(),
                        intakes,
                        destinationThresholds(),
                        gate,
                        enforcer,
                        listeners,
                        builder.errorHandler);
        blockManager.remember(builder.banMemory);
        if (builder.protectHost) {
            blockManager.compareWith(System::nanoTime);
        }
    }

    /** What fills the queue where workers wait for it, or little. */
    private static long frameBytes(Engine.Builder builder) {
        return builder.lossless ? 128L << 20 : 16L << 20;
    }

    /**
     * Makes the pipelines. Where frames have the same numbers in all of them, their reports meet in
     * one order; otherwise each has its own.
     */
    private List<Intake> pipelines(Engine.Builder builder, BannedSources banned) {
        Doorbell bell = new Doorbell();
        List<Intake> intakes = new ArrayList<>();
        List<Progress> progress = new ArrayList<>();
        VerdictQueue queue = null;
        for (int index = 0; index < config.pipelines(); index++) {
            if (queue == null || !builder.framesShownToAll) {
                queue = new VerdictQueue(VerdictQueue.DEFAULT_CAPACITY, builder.lossless, bell);
            }
            VerdictQueue verdicts = queue;
            Pipeline pipeline =
                    new Pipeline(
                            config.ring(),
                            share(index, builder.framesShownToAll),
                            worker -> workerState(verdicts),
                            banned,
                            builder.errorHandler);
            pipelines.add(pipeline);
            progress.addAll(pipeline.progress());
            if (!builder.framesShownToAll) {
                WorkersProgress own = WorkersProgress.ofSlowest(pipeline.progress());
                intakes.add(new Intake(queue, own));
            }
        }
        return builder.framesShownToAll
                ? List.of(new Intake(queue, WorkersProgress.ofSlowest(progress)))
                : intakes;
    }

    private Share share(int index, boolean shownAll) {
        return new Share(index, config.pipelines(), config.workersEach(), inspectors(), shownAll);
    }

    /** Rules that count across flows are asked by one worker, for flows fall to all of them. */
    private int inspectors() {
        if (!rules.enabled()) {
            return 0;
        }
        return rules.rules().current().spansFlows() ? 1 : config.allWorkers();
    }

    RulesInForce rules() {
        return rules.rules();
    }

    List<Pipeline> pipelines() {
        return pipelines;
    }

    BlockManager blockManager() {
        return blockManager;
    }

    private WorkerState workerState(VerdictQueue verdicts) {
        TableConfig tables = config.tables();
        int workers = config.allWorkers();
        ConnectionTracker.Config share = tables.connections().perWorker(workers);
        Counters counters = new Counters();
        VerdictSink queue = verdicts.producer(counters);
        FrameKeeper frames = frameRoom == null ? null : new FrameKeeper(queue, frameRoom, counters);
        Packet packet = new Packet();
        TunnelEnds sink = new TunnelEnds(packet, frames == null ? queue : frames);
        SourceTable sources = new SourceTable(tables.sourcesPerWorker(workers), counters);
        ConnectionTable connections = new ConnectionTable(share.capacity(), counters);
        DestinationTable destinations =
                new DestinationTable(tables.destinationsPerWorker(workers), counters);
        for (DestinationThreshold threshold : destinationThresholds()) {
            long perSecond = threshold.count() * 1000 / threshold.window().toMillis();
            destinations.register(threshold.counted(), perSecond / workers);
        }

        DetectorContext context =
                new DetectorContext(sources, connections, destinations, sink, counters, workers);
        List<Detector> own = detectors.stream().map(detector -> detector.create(context)).toList();
        sources.seal();
        ConnectionTracker tracker =
                new ConnectionTracker(
                        connections,
                        sources,
                        counters,
                        share,
                        own.toArray(new ConnectionListener[0]));
        PacketDecoder decoder = new PacketDecoder(config.verifyChecksums(), counters);
        return new WorkerState(
                counters,
                decoder,
                workers == 1 ? decoder : peerDecoder(),
                sources,
                connections,
                tracker,
                destinations,
                own,
                sink,
                frames,
                packet,
                sink);
    }

    /** For frames of others' sources, which a worker that is alone does not meet; 10 MB. */
    private PacketDecoder peerDecoder() {
        return new PacketDecoder(config.verifyChecksums() && rules.enabled(), new Counters());
    }

    private List<DestinationThreshold> destinationThresholds() {
        List<DestinationThreshold> thresholds = new ArrayList<>();
        detectors.forEach(detector -> thresholds.addAll(detector.destinationThresholds()));
        return thresholds;
    }
}
