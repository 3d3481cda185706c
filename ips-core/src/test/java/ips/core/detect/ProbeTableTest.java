package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProbeTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000L * SECOND;

    private final Counters counters = new Counters();
    private final ProbeTable probes = new ProbeTable(1024, 1, 60 * SECOND, 3600 * SECOND, counters);

    @Test
    void countsDistinctItemsHoweverOftenTheyAreProbed() {
        int record = add(1);

        for (int round = 0; round < 50; round++) {
            for (int port = 1; port <= 19; port++) {
                probes.negative(record, port, ProbeTable.REFUSED, START, 1);
            }
        }

        assertEquals(19, probes.fast(record));
        assertEquals(19, probes.slow(record));
        assertEquals(950, probes.count(record, ProbeTable.REFUSED));
    }

    @Test
    void estimatesAThousandItemsWithinATenth() {
        int record = add(1);
        SplittableRandom random = new SplittableRandom(7);

        for (int i = 0; i < 1000; i++) {
            probes.negative(record, random.nextLong(), ProbeTable.REFUSED, START, 1);
        }

        assertEquals(1000, probes.slow(record), 100);
    }

    @Test
    void leavesOutItemsThatEverAnswered() {
        int record = add(1);

        for (int port = 1; port <= 30; port++) {
            probes.negative(record, port, ProbeTable.UNANSWERED, START, 1);
        }
        for (int port = 1; port <= 20; port++) {
            probes.positive(record, port, START + SECOND, 2);
        }

        assertEquals(10, probes.fast(record));
        assertEquals(20, probes.answered(record));
    }

    @Test
    void neverReachesBackFurtherThanTheWindow() {
        int record = add(1);

        for (int i = 0; i < 40; i++) {
            probes.negative(record, i, ProbeTable.REFUSED, START + i * 6 * SECOND, 1);
        }

        assertTrue(probes.fast(record) <= 10, "within 60 s: " + probes.fast(record));
        assertTrue(probes.fast(record) >= 5, "within 30 s: " + probes.fast(record));
        assertTrue(probes.slow(record) >= 40, "within the hour: " + probes.slow(record));
    }

    @Test
    void doesNotCutABurstThatFollowsAPause() {
        int record = add(1);
        probes.negative(record, 1000, ProbeTable.REFUSED, START, 1);
        long burst = START + 100 * SECOND;

        for (int i = 0; i < 20; i++) {
            probes.negative(record, i, ProbeTable.REFUSED, burst + i * SECOND, 1);
        }

        assertEquals(20, probes.fast(record));
    }

    @Test
    void countsAndFirstProbeReachBackAsFarAsTheSlowWindow() {
        int record = add(1);

        for (int hour = 0; hour < 100; hour++) {
            long now = START + hour * 3600 * SECOND / 4;
            probes.negative(record, hour, ProbeTable.REFUSED, now, 10 + hour);
        }

        long last = START + 99L * 3600 * SECOND / 4;
        assertTrue(probes.count(record) <= 4, "probes: " + probes.count(record));
        assertTrue(last - probes.firstNs(record) <= 3600 * SECOND);
        assertTrue(probes.firstFrame(record) > 100, "frame: " + probes.firstFrame(record));
    }

    @Test
    void tellsApartSourcesTargetsAndWhatTheyAre() {
        int record = probes.add(1, 2, 3, 4, 5, START, 1);

        assertEquals(record, probes.find(1, 2, 3, 4, 5));
        assertEquals(ProbeTable.NONE, probes.find(0, 2, 3, 4, 5));
        assertEquals(ProbeTable.NONE, probes.find(1, 0, 3, 4, 5));
        assertEquals(ProbeTable.NONE, probes.find(1, 2, 0, 4, 5));
        assertEquals(ProbeTable.NONE, probes.find(1, 2, 3, 0, 5));
        assertEquals(ProbeTable.NONE, probes.find(1, 2, 3, 4, 0));
    }

    @Test
    void keepsAScannersRecordThroughAFloodOfOthers() {
        int scanner = add(-1);
        for (int port = 0; port < 8; port++) {
            probes.negative(scanner, port, ProbeTable.REFUSED, START, 1);
        }

        for (int i = 0; i < 100_000; i++) {
            int other = add(i);
            probes.negative(other, 1, ProbeTable.UNANSWERED, START + SECOND, 2);
            probes.negative(other, 2, ProbeTable.UNANSWERED, START + SECOND, 2);
        }

        int found = probes.find(0, -1, 0, 80, 6);
        assertNotEquals(ProbeTable.NONE, found);
        assertEquals(8, probes.slow(found));
        assertTrue(counters.get(Counter.PROBE_RECORDS_EVICTED) > 90_000);
    }

    @Test
    void forgetsRecordsOlderThanTheSlowWindowFirst() {
        for (int i = 0; i < 100_000; i++) {
            int record = add(i);
            probes.negative(record, i, ProbeTable.REFUSED, START, 1);
        }
        long evicted = counters.get(Counter.PROBE_RECORDS_EVICTED);

        for (int i = 0; i < 500; i++) {
            probes.add(1, i, 0, 80, 6, START + 3601 * SECOND, 2);
        }

        assertEquals(evicted, counters.get(Counter.PROBE_RECORDS_EVICTED), 20);
    }

    private int add(long source) {
        return probes.add(0, source, 0, 80, 6, START, 1);
    }
}
