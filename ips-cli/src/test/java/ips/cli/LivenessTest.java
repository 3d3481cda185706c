package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LivenessTest {
    private static final long SECOND = 1_000_000_000L;

    private boolean answers = true;
    private long progressNs;
    private long clockNs;
    private final Liveness liveness = new Liveness(() -> answers, () -> progressNs, () -> clockNs);

    /** A second passes, and the sensor is asked. */
    private boolean isAliveAfter(int seconds) {
        clockNs += seconds * SECOND;
        return liveness.getAsBoolean();
    }

    @Test
    void isAliveWhileTimeMovesOnAndBeforeTheFirstFrame() {
        for (int i = 0; i < 100; i++) {
            assertTrue(isAliveAfter(10));
        }
        for (int i = 0; i < 100; i++) {
            progressNs += SECOND;
            assertTrue(isAliveAfter(10));
        }
    }

    @Test
    void isNotOnceFramesAreJudgedNoLonger() {
        progressNs = 77 * SECOND;
        assertTrue(isAliveAfter(1));

        assertTrue(isAliveAfter(10));
        assertEquals("", liveness.trouble());
        assertFalse(isAliveAfter(10));
        assertTrue(liveness.trouble().contains("restart"));

        progressNs += SECOND;
        assertTrue(isAliveAfter(10));
    }

    @Test
    void isNotWhileBansAreNotDecided() {
        answers = false;
        progressNs = SECOND;

        assertFalse(isAliveAfter(1));
    }
}
