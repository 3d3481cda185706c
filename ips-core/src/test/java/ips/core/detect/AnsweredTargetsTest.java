package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AnsweredTargetsTest {
    private static final long HOUR = 3_600_000_000_000L;
    private static final long START = 1_700_000_000_000_000_000L;

    private final AnsweredTargets answered = new AnsweredTargets(1024, 1, 4 * HOUR);

    @Test
    void remembersAnAnswerAsLongAsItReaches() {
        long hash = ProbeTable.mix(1, 2);

        answered.note(hash, START);

        assertTrue(answered.contains(hash, START + 4 * HOUR));
        assertFalse(answered.contains(hash, START + 5 * HOUR));
        assertFalse(answered.contains(ProbeTable.mix(1, 3), START));
    }

    @Test
    void aLaterAnswerProlongsTheMemory() {
        long hash = ProbeTable.mix(1, 2);

        answered.note(hash, START);
        answered.note(hash, START + 3 * HOUR);

        assertTrue(answered.contains(hash, START + 6 * HOUR));
    }

    @Test
    void forgetsTheOldestWhenItIsFull() {
        for (int i = 0; i < 100_000; i++) {
            answered.note(ProbeTable.mix(i, 0), START + i * 60_000_000_000L / 1000);
        }
        long now = START + 100 * 60_000_000_000L;

        int last = 0;
        int earlier = 0;
        for (int i = 0; i < 256; i++) {
            last += answered.contains(ProbeTable.mix(99_999 - i, 0), now) ? 1 : 0;
            earlier += answered.contains(ProbeTable.mix(i, 0), now) ? 1 : 0;
        }
        assertTrue(last > 250, "of the last 256: " + last);
        assertEquals(0, earlier);
    }
}
