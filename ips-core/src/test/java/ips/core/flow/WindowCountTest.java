package ips.core.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowCountTest {
    private static final long WINDOW = 10_000;
    private static final long START = 1_000_000_000;

    private final long[] cells = new long[WindowCount.LONGS + 2];

    @Test
    void aBurstIsCountedExactlyWhereverItBegins() {
        for (int i = 0; i < 100; i++) {
            assertEquals(i + 1, add(1, START + 7777 + i * 99));
        }
    }

    @Test
    void whatLiesTwoWindowsBackIsForgotten() {
        add(50, START);

        assertEquals(1, add(1, START + 2 * WINDOW));
    }

    @Test
    void thePreviousWindowCountsByThePartStillWithinReach() {
        add(100, START);

        assertEquals(100, WindowCount.get(cells, 1, START + WINDOW, WINDOW));
        assertEquals(50, WindowCount.get(cells, 1, START + WINDOW * 3 / 2, WINDOW));
    }

    @Test
    void whatTurnsOutHarmlessIsTakenOffButNeverBelowNothing() {
        add(10, START);
        add(5, START + WINDOW);

        assertEquals(0, add(-20, START + WINDOW));
        assertEquals(1, add(1, START + WINDOW));
    }

    @Test
    void aClockSetBackBeginsAnew() {
        add(10, START);

        assertEquals(1, add(1, START - 5 * WINDOW));
    }

    @Test
    void neighbouringFieldsAreLeftAlone() {
        cells[0] = 7;
        cells[4] = 8;

        add(3, START);
        add(3, START + WINDOW);
        WindowCount.clear(cells, 1);

        assertEquals(7, cells[0]);
        assertEquals(8, cells[4]);
        assertEquals(0, WindowCount.get(cells, 1, START + WINDOW, WINDOW));
    }

    @Test
    void staysNearTheTrueCountOfASteadyRate() {
        Deque<Long> model = new ArrayDeque<>();
        Random random = new Random(5);
        long now = START;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(40);
            model.addLast(now);
            while (now - model.peekFirst() >= WINDOW) {
                model.removeFirst();
            }
            long estimate = add(1, now);
            assertTrue(Math.abs(estimate - model.size()) <= 60, estimate + " for " + model.size());
        }
    }

    private long add(long amount, long now) {
        return WindowCount.add(cells, 1, amount, now, WINDOW);
    }
}
