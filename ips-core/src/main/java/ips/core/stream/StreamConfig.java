package ips.core.stream;

import ips.core.Setting;
import ips.core.Settings;

/**
 * Bounds of {@link StreamReassembler}.
 *
 * @param streams TCP streams followed at a time, all workers together; 140 bytes each
 * @param heldBytes bytes held out of order, all workers together; takes three times as much memory
 * @param heldPerDirection how far ahead of a hole bytes are held
 */
public record StreamConfig(
        @Setting("TCP streams put in order at a time, all workers together, 64 to 4194304")
                int streams,
        @Setting("bytes held that came out of order, all workers together, 65536 to 536870912")
                int heldBytes,
        @Setting(
                        "bytes held at most behind a hole, for one direction of a connection, 4096 to 16777216")
                int heldPerDirection) {
    public static final StreamConfig DEFAULTS = new StreamConfig(1 << 15, 4 << 20, 256 << 10);

    public StreamConfig {
        Settings.within("streams", streams, 64, 1 << 22);
        Settings.within("held-bytes", heldBytes, 64 << 10, 1 << 29);
        Settings.within("held-per-direction", heldPerDirection, 4096, 1 << 24);
    }

    /** One worker's part. */
    public StreamConfig perWorker(int workers) {
        return new StreamConfig(
                Math.max(64, streams / workers),
                Math.max(64 << 10, heldBytes / workers),
                heldPerDirection);
    }
}
