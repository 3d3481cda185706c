package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counters;
import ips.core.flow.SourceTable;
import org.junit.jupiter.api.Test;

class FirstProbeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000L * SECOND;

    private final SourceTable sources = new SourceTable(64, new Counters());
    private final ProbeTable probes =
            new ProbeTable(64, 1, 60 * SECOND, 3600 * SECOND, new Counters());
    private final FirstProbe first = new FirstProbe(sources, probes, 3600 * SECOND);
    private final int source;

    FirstProbeTest() {
        sources.seal();
        source = sources.findOrAdd(0, 1, START);
    }

    @Test
    void holdsBackASourceThatRetriesOneItem() {
        for (int i = 0; i < 100; i++) {
            assertFalse(passes(443, 77, START + i * SECOND));
        }

        assertTrue(passes(444, 77, START + 100 * SECOND));
    }

    @Test
    void putsTheFirstProbeIntoTheRecordOfItsTarget() {
        passes(443, 77, START);

        int record = first.admit(source, 0, 1, 0, 9, 6, 77, START + SECOND, 20);

        assertEquals(1, probes.fast(record));
        assertEquals(1, probes.count(record, ProbeTable.REFUSED));
        assertEquals(START, probes.firstNs(record));
        assertEquals(10, probes.firstFrame(record));
    }

    @Test
    void beginsTheRecordOfAnotherTargetEmpty() {
        passes(443, 77, START);

        int record = first.admit(source, 0, 1, 0, 9, 6, 78, START + SECOND, 20);

        assertEquals(0, probes.fast(record));
        assertEquals(START + SECOND, probes.firstNs(record));
    }

    @Test
    void forgetsAFirstProbeThatWasAnsweredAfterAll() {
        passes(443, 77, START);

        first.answered(source, 443, 77);

        assertFalse(passes(444, 77, START + SECOND));
    }

    @Test
    void forgetsAFirstProbeOlderThanTheWindow() {
        passes(443, 77, START);

        assertFalse(passes(444, 77, START + 3601 * SECOND));
    }

    private boolean passes(long item, long target, long nowNs) {
        return first.isPassed(source, item, target, ProbeTable.REFUSED, nowNs, 10);
    }
}
