package ips.bench.peers;

import ips.bench.flood.Flood;
import ips.bench.flood.FloodFiles;
import ips.bench.http.HttpTraffic;
import ips.bench.http.HttpTrafficFiles;
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
    private static final int HTTP_GAP_US = 5;

    /** What data sets there are. */
    enum Kind {
        SYN_ONE_SOURCE(Flood.SYN_ONE_SOURCE),
        SYN_OPTIONS(Flood.SYN_OPTIONS),
        SYN_SPOOFED(Flood.SYN_SPOOFED),
        ICMP(Flood.ICMP),
        ICMP_LARGE(Flood.ICMP_LARGE),
        UDP_SPOOFED(Flood.UDP_SPOOFED),
        FLAG_SCANS(Flood.FLAG_SCANS),
        MIXED(Flood.MIXED),
        /** Browsers' traffic, see {@link HttpTraffic}. */
        HTTP(0),
        /** The same, with attacks in one connection of a hundred. */
        HTTP_ATTACKS(10);

        private final Flood flood;
        private final int attacksPerMille;

        Kind(Flood flood) {
            this.flood = flood;
            this.attacksPerMille = 0;
        }

        Kind(int attacksPerMille) {
            this.flood = null;
            this.attacksPerMille = attacksPerMille;
        }
    }

    /**
     * @param frames of a flood
     * @param connections of HTTP
     */
    static DataSet of(Kind kind, int frames, int connections, Path folder) throws IOException {
        return kind.flood != null
                ? flood(kind.flood, frames, folder)
                : http(kind, connections, folder);
    }

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

    private static DataSet http(Kind kind, int connections, Path folder) throws IOException {
        String name = kind.name().toLowerCase(Locale.ROOT);
        HttpTraffic traffic = new HttpTraffic(connections, kind.attacksPerMille, Flood.SEED);
        Path file = folder.resolve("%s-%d-%s.pcap".formatted(name, connections, traffic.hash()));
        HttpTraffic.Totals totals;
        if (Files.exists(file)) {
            totals = traffic.generate((number, frame, length) -> {});
        } else {
            Path part = folder.resolve(name + ".part");
            totals = HttpTrafficFiles.write(traffic, HTTP_GAP_US, part);
            Files.move(part, file);
        }
        return new DataSet(name, traffic.hash(), totals.frames(), totals.bytes(), file);
    }
}
