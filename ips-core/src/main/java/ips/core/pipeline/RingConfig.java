package ips.core.pipeline;

import ips.core.Setting;
import ips.core.Settings;

/**
 * The ring between the capture thread and the workers: {@code slots} x {@code slotBytes} of memory,
 * 8 MiB by default, and 4 KiB for each slot and worker.
 */
public record RingConfig(
        @Setting(
                        "batches of frames the ring holds, a power of two, 2 to 65536; ips analyze"
                                + " has 128 of itself")
                int slots,
        @Setting(
                        "bytes of a batch, headers included; the longest frame kept whole is 32 bytes"
                                + " shorter; 4096 to 2097152")
                int slotBytes,
        @Setting("how workers wait for frames: parking, yielding or busy-spin") WaitMode waitMode,
        @Setting(
                        "whether a packet that comes twice within 500 ms, as where both sides of a"
                                + " router are watched, counts once")
                boolean skipDuplicates) {
    public static final RingConfig DEFAULTS = new RingConfig(64, 131_072, WaitMode.PARKING, false);

    /**
     * A file comes as fast as the ring takes it; through twice as many slots, with more frames to
     * each, floods are read faster (docs/benchmarks/tried.md).
     */
    public static final RingConfig FOR_FILES =
            new RingConfig(
                    128, DEFAULTS.slotBytes(), DEFAULTS.waitMode(), DEFAULTS.skipDuplicates());

    public RingConfig {
        Settings.powerOfTwo("slots", slots, 2, 65_536);
        Settings.within("slot-bytes", slotBytes, 4096, FrameBatch.MAX_BLOCK_BYTES);
    }
}
