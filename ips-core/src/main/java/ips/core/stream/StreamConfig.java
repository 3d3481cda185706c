package ips.core.stream;

import ips.core.Setting;

/**
 * Bounds of {@link StreamReassembler}.
 *
 * @param streams TCP streams followed at a time, all workers together; 140 bytes each
 * @param heldBytes bytes held out of order, all workers together; takes three times as much memory
 * @param heldPerDirection how far ahead of a hole bytes are held
 */
public record StreamConfig(
        @Setting("TCP streams put in order at a time, all workers together") int streams,
        @Setting("bytes held that came out of order, all workers together") int heldBytes,
        @Setting("bytes held at most behind a hole, for one direction of a connection")
                int heldPerDirection) {
    public static final StreamConfig DEFAULTS = new StreamConfig(1 << 15, 4 << 20, 256 << 10);

    public StreamConfig {
        if (streams < 64 || streams > 1 << 22) {
            throw new IllegalArgumentException(
                    "streams must lie between 64 and 4194304, not " + streams);
        }
        if (heldBytes < 64 << 10 || heldBytes > 1 << 29) {
            throw new IllegalArgumentException(
                    "held-bytes must lie between 65536 and 536870912, not " + heldBytes);
        }
        if (heldPerDirection < 4096 || heldPerDirection > 1 << 24) {
            throw new IllegalArgumentException(
                    "held-per-direction must lie between 4096 and 16777216, not "
                            + heldPerDirection);
        }
    }

    /** One worker's part. */
    public StreamConfig perWorker(int workers) {
        return new StreamConfig(
                Math.max(64, streams / workers),
                Math.max(64 << 10, heldBytes / workers),
                heldPerDirection);
    }
}
