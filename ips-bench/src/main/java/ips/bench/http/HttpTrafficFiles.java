package ips.bench.http;

import ips.bench.flood.Flood;
import ips.bench.flood.TimedFrames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Writes {@link HttpTraffic} into a capture file, to be replayed to this or any other sensor, and
 * prints what is in it and the hash by which published figures name the frames. 4,000 connections
 * are about 1 GB; a frame comes 5 µs after the one before unless told otherwise.
 *
 * <p>Run: {@code java -cp "ips-bench/target/ips-bench.jar:ips-bench/target/lib/*"
 * ips.bench.http.HttpTrafficFiles CONNECTIONS FILE [ATTACKS-PER-MILLE] [MICROSECONDS]}.
 */
public final class HttpTrafficFiles {
    private static final int DEFAULT_GAP_US = 5;

    private HttpTrafficFiles() {}

    /**
     * @param arguments connections, file, attacks of a thousand connections, microseconds between
     *     frames
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2 || arguments.length > 4) {
            System.err.println(
                    "usage: HttpTrafficFiles CONNECTIONS FILE [ATTACKS-PER-MILLE] [MICROSECONDS]");
            System.exit(2);
        }
        int attacks = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
        int gapUs = arguments.length > 3 ? Integer.parseInt(arguments[3]) : DEFAULT_GAP_US;
        HttpTraffic traffic = new HttpTraffic(Integer.parseInt(arguments[0]), attacks, Flood.SEED);
        HttpTraffic.Totals totals = write(traffic, gapUs, Path.of(arguments[1]));
        System.out.printf(
                "%d frames, %d bytes, %d requests, %d attacks, %s%n",
                totals.frames(),
                totals.bytes(),
                totals.requests(),
                totals.attacks(),
                traffic.hash());
    }

    /** Writes all of it, {@code gapUs} microseconds of frame time between frames. */
    public static HttpTraffic.Totals write(HttpTraffic traffic, int gapUs, Path file)
            throws IOException {
        try (TimedFrames frames = new TimedFrames(file, gapUs)) {
            return traffic.generate(frames);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
