package ips.bench.flood;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloodTest {
    /** As docs/benchmarks.md has them: published figures name their frames by these. */
    @ParameterizedTest
    @CsvSource({
        "SYN_ONE_SOURCE, 7bab3cc9f7943eb3",
        "SYN_OPTIONS, 97b6bc54d6da44a8",
        "SYN_SPOOFED, 8cb399a3766e7ddf",
        "ICMP, 2de42b97af8946e8",
        "ICMP_LARGE, 44e624756609004c",
        "UDP_SPOOFED, ee829de33fd3d548",
        "FLAG_SCANS, 21c44387b866a445",
        "MIXED, d80ba7abe5bcc5c6",
    })
    void itsFramesAreTheSameOnEveryMachine(Flood flood, String hash) {
        assertEquals(hash, flood.hash(100_000, Flood.SEED));
    }
}
