package ips.bench.peers;

import ips.bench.flood.Flood;
import ips.bench.flood.FloodFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A capture file that all contenders read.
 *
 * @param name as the table names it
 * @param hash the first 16 hex digits of the SHA-256 over its frames
 * @param frames how many it holds
 * @param bytes of all frames
 */
record DataSet(String name, String hash, long frames, long bytes, Path file) {
    private static final int PCAP_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;

    /** A flood with a microsecond between frames; a file that is there already is used again. */
    static DataSet flood(Flood flood, int frames, Path folder) throws IOException {
        String hash = flood.hash(frames, Flood.SEED);
        String name = flood.name().toLowerCase(Locale.ROOT);
        Path file = folder.resolve("%s-%d-%s.pcap".formatted(name, frames, hash));
        if (Files.notExists(file)) {
            Path part = folder.resolve(name + ".part");
            FloodFiles.write(flood, frames, 1, part);
            Files.move(part, file);
        }
        long bytes = Files.size(file) - PCAP_HEADER_BYTES - (long) RECORD_HEADER_BYTES * frames;
        return new DataSet(name, hash, frames, bytes, file);
    }
}
