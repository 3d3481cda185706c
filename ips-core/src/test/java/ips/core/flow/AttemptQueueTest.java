package ips.core.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AttemptQueueTest {
    private final AttemptQueue queue = new AttemptQueue(8);

    @Test
    void givesBackInOrderAroundTheRing() {
        for (int i = 0; i < 100; i++) {
            assertTrue(queue.offer(2 * i, i, false));
            assertTrue(queue.offer(2 * i + 1, i, false));
            assertEquals(2 * i, queue.connection());
            queue.remove();
            assertEquals(2 * i + 1, queue.connection());
            queue.remove();
        }
        assertTrue(queue.isEmpty());
    }

    @Test
    void keepsTheLastQuarterForThoseWhoMayHaveIt() {
        int taken = 0;
        while (queue.offer(taken, taken, true)) {
            taken++;
        }

        assertEquals(6, taken);
        assertTrue(queue.offer(6, 6, false));
        assertTrue(queue.offer(7, 7, false));
        assertFalse(queue.offer(8, 8, false));
    }

    @Test
    void holdsTheLargestConnectionAndFrame() {
        int connection = (1 << 24) - 1;

        queue.offer(connection, (1L << 40) - 1, false);

        assertEquals(connection, queue.connection());
    }
}
