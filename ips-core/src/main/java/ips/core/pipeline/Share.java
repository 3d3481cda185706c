package ips.core.pipeline;

import ips.core.HotPath;

/**
 * Which part of the traffic falls to one of several pipelines: that of the addresses its workers
 * own. Workers are numbered through all pipelines, {@code workers} to each.
 *
 * @param index which pipeline, from 0
 * @param pipelines how many there are
 * @param workers how many each of them has
 * @param inspectors how many of all workers, the first of them, share the frames by both addresses;
 *     0 where none asks for them
 * @param shownAll whether the pipeline is shown the other pipelines' frames as well: then frames
 *     have the same numbers in all of them
 */
@HotPath
public record Share(int index, int pipelines, int workers, int inspectors, boolean shownAll) {
    /** The share of the only pipeline there is. */
    public static Share whole(int workers, int inspectors) {
        return new Share(0, 1, workers, inspectors, true);
    }

    /** Whether this is all there is. */
    public boolean isWhole() {
        return pipelines == 1;
    }

    /** How many workers there are in all pipelines. */
    int allWorkers() {
        return pipelines * workers;
    }

    /** The number of this pipeline's first worker. */
    int firstWorker() {
        return index * workers;
    }

    /** Whether one of this pipeline's workers owns an address. */
    public boolean owns(int hash) {
        return Sharding.worker(hash, pipelines) == index;
    }

    /** Whether a frame falls to one of this pipeline's workers in any of their roles. */
    public boolean wants(int sourceHash, int destinationHash, boolean openingSyn) {
        return owns(sourceHash)
                || !openingSyn && owns(destinationHash)
                || inspects(sourceHash, destinationHash);
    }

    private boolean inspects(int sourceHash, int destinationHash) {
        if (inspectors == 0) {
            return false;
        }
        int pair = Sharding.pairHash(sourceHash, destinationHash);
        return Sharding.worker(pair, inspectors) / workers == index;
    }
}
