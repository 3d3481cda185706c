package ips.bench.flood;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes a flood into a capture file, to be replayed to this or any other sensor, and prints the
 * hash by which published figures name the frames. The file is pcap with times in microseconds,
 * which every tool reads, and depends on the arguments only.
 *
 * <p>Run: {@code java -cp "ips-bench/target/ips-bench.jar:ips-bench/target/lib/*"
 * ips.bench.flood.FloodFiles SYN_SPOOFED 2000000 syn-spoofed.pcap [MICROSECONDS]}, the last being
 * the frame time between two frames, 10 unless told otherwise.
 */
public final class FloodFiles {
    private static final int DEFAULT_GAP_US = 10;

    private FloodFiles() {}

    /**
     * @param arguments flood, number of frames, file, and microseconds between frames
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3 || arguments.length > 4) {
            System.err.printf(
                    "usage: FloodFiles FLOOD FRAMES FILE [MICROSECONDS]%nfloods: %s%n",
                    Arrays.toString(Flood.values()));
            System.exit(2);
        }
        Flood flood = Flood.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        int frames = Integer.parseInt(arguments[1]);
        Path file = Path.of(arguments[2]);
        int gapUs = arguments.length > 3 ? Integer.parseInt(arguments[3]) : DEFAULT_GAP_US;
        write(flood, frames, gapUs, file);
        System.out.printf("%s %d %s%n", flood, frames, flood.hash(frames, Flood.SEED));
    }

    /**
     * Writes the first frames of a flood, with a frame time of so many microseconds between two.
     */
    public static void write(Flood flood, int count, int gapUs, Path file) throws IOException {
        try (TimedFrames frames = new TimedFrames(file, gapUs)) {
            flood.generate(count, Flood.SEED, frames);
        }
    }
}
