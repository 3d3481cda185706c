package ips.core;

import ips.core.block.BanConfig;
import ips.core.detect.Detectors;
import ips.core.flow.TableConfig;
import ips.core.pipeline.RingConfig;

/**
 * Everything about an engine that can be set; a tree of records, each checked where it is made: a
 * value out of range is an {@link IllegalArgumentException} that names it. Immutable; {@code with}
 * methods give a copy with another part.
 *
 * @param workers how many threads judge, 1 to 64; verdicts do not depend on it
 * @param pipelines how many rings there are, 1 to 64, each with a capture thread of its own; the
 *     workers are divided among them, rounded down, and each has at least one
 * @param verifyChecksums whether checksums are computed, to count wrong ones
 * @param ring how frames wait for the workers
 * @param tables how many sources, connections and destinations are remembered
 * @param detectors what counts as an attack
 * @param bans who is banned, how widely and for how long
 */
public record EngineConfig(
        @Setting("threads that judge frames, 1 to 64; verdicts do not depend on it") int workers,
        @Setting(
                        "rings side by side, each with a capture thread and its share of the"
                                + " workers, one at least; 1 to 64")
                int pipelines,
        @Setting("whether checksums are computed, to count wrong ones; no frame is skipped for one")
                boolean verifyChecksums,
        @Setting("the ring between the capture thread and the workers") RingConfig ring,
        @Setting("sizes of the tables of sources, connections and destinations") TableConfig tables,
        @Setting("what counts as an attack") Detectors detectors,
        @Setting("who is banned and for how long") BanConfig bans) {
    /** One worker per core but one, which the capture thread takes; eight at most. */
    private static final int DEFAULT_WORKERS =
            Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors() - 1));

    /** What the sensor does unless told otherwise. */
    public static final EngineConfig DEFAULTS =
            new EngineConfig(
                    DEFAULT_WORKERS,
                    1,
                    true,
                    RingConfig.DEFAULTS,
                    TableConfig.DEFAULTS,
                    Detectors.DEFAULTS,
                    BanConfig.DEFAULTS);

    public EngineConfig {
        Settings.within("workers", workers, 1, 64);
        Settings.within("pipelines", pipelines, 1, 64);
    }

    /** How many workers each pipeline has. */
    int workersEach() {
        return Math.max(1, workers / pipelines);
    }

    /** How many workers there are in all. */
    int allWorkers() {
        return workersEach() * pipelines;
    }

    public EngineConfig withPipelines(int pipelines) {
        return new EngineConfig(workers, pipelines, verifyChecksums, ring, tables, detectors, bans);
    }

    public EngineConfig withWorkers(int workers) {
        return new EngineConfig(workers, pipelines, verifyChecksums, ring, tables, detectors, bans);
    }

    public EngineConfig withRing(RingConfig ring) {
        return new EngineConfig(workers, pipelines, verifyChecksums, ring, tables, detectors, bans);
    }

    public EngineConfig withTables(TableConfig tables) {
        return new EngineConfig(workers, pipelines, verifyChecksums, ring, tables, detectors, bans);
    }

    public EngineConfig withDetectors(Detectors detectors) {
        return new EngineConfig(workers, pipelines, verifyChecksums, ring, tables, detectors, bans);
    }

    public EngineConfig withBans(BanConfig bans) {
        return new EngineConfig(workers, pipelines, verifyChecksums, ring, tables, detectors, bans);
    }
}
