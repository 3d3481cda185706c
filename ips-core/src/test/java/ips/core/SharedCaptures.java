package ips.core;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Real captures that are too large for the repository: in {@code shared/pcaps} beside it, or in the
 * folder {@code pcaps} of the one that IPS_SHARED names, an environment variable or a system
 * property.
 */
public final class SharedCaptures {
    private static final int MAGIC_MICROSECONDS = 0xa1b2_c3d4;
    private static final int MAGIC_NANOSECONDS = 0xa1b2_3c4d;
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    /** A captured frame. */
    public record Frame(long timeNs, byte[] bytes, int wireLength, int linkType) {}

    private SharedCaptures() {}

    /** The folder of the captures, if there is one. */
    public static Optional<Path> folder() {
        String named = System.getProperty("IPS_SHARED", System.getenv("IPS_SHARED"));
        Stream<Path> candidates =
                named != null
                        ? Stream.of(Path.of(named))
                        : Stream.iterate(
                                        Path.of("").toAbsolutePath(),
                                        Objects::nonNull,
                                        Path::getParent)
                                .map(above -> above.resolve("shared"));
        return candidates
                .map(shared -> shared.resolve("pcaps"))
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** The frames of one capture; the test is skipped where it is not at hand. */
    public static List<Frame> frames(String name) throws IOException {
        Optional<Path> file = folder().map(folder -> folder.resolve(name)).filter(Files::exists);
        assumeTrue(file.isPresent(), name + " is not in shared/pcaps; see IPS_SHARED");
        return read(file.get());
    }

    /** The frames of all captures in the classic format; none where there are no captures. */
    public static List<Frame> allFrames() throws IOException {
        List<Frame> frames = new ArrayList<>();
        if (folder().isPresent()) {
            try (Stream<Path> files = Files.walk(folder().get())) {
                List<Path> captures = files.filter(f -> f.toString().endsWith(".pcap")).toList();
                for (Path file : captures.stream().sorted().toList()) {
                    frames.addAll(read(file));
                }
            }
        }
        return frames;
    }

    /** A broken record ends its file. */
    private static List<Frame> read(Path path) throws IOException {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
        if (file.remaining() < FILE_HEADER) {
            return frames;
        }
        if (file.getInt(0) != MAGIC_MICROSECONDS && file.getInt(0) != MAGIC_NANOSECONDS) {
            file.order(ByteOrder.LITTLE_ENDIAN);
        }
        long unitNs = file.getInt(0) == MAGIC_NANOSECONDS ? 1 : 1000;
        int linkType = file.getInt(20) & 0xffff;
        file.position(FILE_HEADER);
        while (file.remaining() >= RECORD_HEADER) {
            long seconds = file.getInt() & 0xffff_ffffL;
            long timeNs = seconds * 1_000_000_000L + file.getInt() * unitNs;
            int captured = file.getInt();
            int wireLength = file.getInt();
            if (captured < 0 || captured > file.remaining()) {
                break;
            }
            byte[] bytes = new byte[captured];
            file.get(bytes);
            frames.add(new Frame(timeNs, bytes, wireLength, linkType));
        }
        return frames;
    }
}
