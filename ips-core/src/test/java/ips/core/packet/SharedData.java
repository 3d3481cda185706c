package ips.core.packet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The captures shared between projects: in the folder that the environment variable IPS_SHARED or
 * the system property of that name says, otherwise in {@code ../shared} beside the repository.
 */
final class SharedData {
    private static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
    private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;

    /** A captured frame. */
    record Captured(byte[] bytes, int wireLength, int linkType) {}

    private SharedData() {}

    static Optional<Path> folder() {
        String named = System.getProperty("IPS_SHARED", System.getenv("IPS_SHARED"));
        if (named != null) {
            return Optional.of(Path.of(named)).filter(Files::isDirectory);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path beside = at.resolveSibling("shared");
            if (Files.exists(at.resolve("mvnw")) && Files.isDirectory(beside)) {
                return Optional.of(beside);
            }
        }
        return Optional.empty();
    }

    /** All frames of the classic pcap files; a broken record ends its file. */
    static List<Captured> frames() throws IOException {
        List<Captured> frames = new ArrayList<>();
        if (folder().isEmpty()) {
            return frames;
        }
        try (Stream<Path> files = Files.walk(folder().get().resolve("pcaps"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".pcap")).sorted().toList()) {
                read(ByteBuffer.wrap(Files.readAllBytes(file)), frames);
            }
        }
        return frames;
    }

    private static void read(ByteBuffer file, List<Captured> frames) {
        if (file.remaining() < 24) {
            return;
        }
        file.order(ByteOrder.BIG_ENDIAN);
        if (file.getInt(0) != MAGIC_MICROSECONDS && file.getInt(0) != MAGIC_NANOSECONDS) {
            file.order(ByteOrder.LITTLE_ENDIAN);
        }
        int linkType = file.getInt(20) & 0xffff;
        file.position(24);
        while (file.remaining() >= 16) {
            int at = file.position();
            int captured = file.getInt(at + 8);
            int wire = file.getInt(at + 12);
            file.position(at + 16);
            if (captured < 0 || captured > file.remaining()) {
                return;
            }
            byte[] bytes = new byte[captured];
            file.get(bytes);
            frames.add(new Captured(bytes, wire, linkType));
        }
    }
}
