package ips.core.detect;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.packet.FrameBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The project's real captures, which lie beside the repository: in {@code ../shared}, or where
 * {@code IPS_SHARED} says. Tests that need one are skipped where there is none.
 */
final class SharedCaptures {
    private static final int MAGIC_MICROSECONDS = 0xa1b2_c3d4;
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    private SharedCaptures() {}

    private static Path find(String name) {
        String told = System.getProperty("IPS_SHARED", System.getenv("IPS_SHARED"));
        Path path = told == null ? null : Path.of(told, "pcaps", name);
        Path directory = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (path == null && directory != null) {
            Path candidate = directory.resolve("shared").resolve("pcaps").resolve(name);
            path = Files.exists(candidate) ? candidate : null;
            directory = directory.getParent();
        }
        assumeTrue(
                path != null && Files.exists(path),
                name + " is not in ../shared/pcaps; set IPS_SHARED to where the captures are");
        return path;
    }

    /** Sends every frame of a classic pcap file with microseconds, at its time. */
    static void replay(String name, DetectorHarness harness) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(find(name)));
        file.order(ByteOrder.LITTLE_ENDIAN);
        if (file.getInt(0) != MAGIC_MICROSECONDS) {
            file.order(ByteOrder.BIG_ENDIAN);
        }
        if (file.getInt(0) != MAGIC_MICROSECONDS) {
            throw new IOException(name + " is no pcap file with microseconds");
        }
        int linkType = file.getInt(20);
        long lastNs = -1;
        int at = FILE_HEADER;
        while (at + RECORD_HEADER <= file.limit()) {
            long timeNs =
                    (file.getInt(at) & 0xffff_ffffL) * 1_000_000_000L + file.getInt(at + 4) * 1000L;
            int length = Math.min(file.getInt(at + 8), file.limit() - at - RECORD_HEADER);
            byte[] frame = new byte[length];
            file.get(at + RECORD_HEADER, frame);
            harness.pause(lastNs < 0 ? 0 : Math.max(0, timeNs - lastNs));
            harness.send(new FrameBuffer(frame), length, linkType);
            lastNs = lastNs < 0 ? timeNs : Math.max(lastNs, timeNs);
            at += RECORD_HEADER + length;
        }
    }
}
