package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TallyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long WINDOW = 10 * SECOND;

    private final long[] cells = new long[Tally.LONGS + 1];

    /** Events that are counted as they happen. */
    private long add(int events, long nowNs, long frame) {
        for (int i = 0; i < events; i++) {
            Tally.add(cells, 1, nowNs, frame, nowNs, WINDOW);
        }
        return Tally.get(cells, 1, nowNs, WINDOW);
    }

    @Test
    void isExactWithinOneWindowThatBeginsWithItsFirstEvent() {
        add(1, 7 * SECOND, 3);

        long count = add(4, 16 * SECOND, 9);

        assertEquals(5, count);
        assertEquals(7 * SECOND, Tally.firstNs(cells, 1));
        assertEquals(3, Tally.firstFrame(cells, 1));
        assertEquals(5, Tally.total(cells, 1));
    }

    @Test
    void weighsTheEarlierWindowByThePartWithinReach() {
        add(100, 0, 1);
        add(1, 12 * SECOND, 2);

        long atFifteen = Tally.get(cells, 1, 15 * SECOND, WINDOW);

        assertEquals(1 + 50, atFifteen);
        assertEquals(1, Tally.firstFrame(cells, 1));
    }

    @Test
    void forgetsWhatLiesTwoWindowsBack() {
        add(100, 0, 1);

        long count = add(1, 20 * SECOND, 2);

        assertEquals(1, count);
        assertEquals(20 * SECOND, Tally.firstNs(cells, 1));
    }

    @Test
    void fadesWithoutFurtherEvents() {
        add(100, SECOND, 1);

        assertEquals(100, Tally.get(cells, 1, 11 * SECOND, WINDOW));
        assertEquals(50, Tally.get(cells, 1, 16 * SECOND, WINDOW));
        assertEquals(0, Tally.get(cells, 1, 21 * SECOND, WINDOW));
    }

    @Test
    void takesBackFromTheEarlierWindowWhatTheCurrentOneDoesNotHold() {
        add(5, 0, 1);
        add(1, 10 * SECOND, 2);

        for (int i = 0; i < 4; i++) {
            Tally.takeBack(cells, 1);
        }

        assertEquals(2, Tally.total(cells, 1));
        Tally.takeBack(cells, 1);
        Tally.takeBack(cells, 1);
        Tally.takeBack(cells, 1);
        assertEquals(0, Tally.total(cells, 1));
    }

    @Test
    void tellsWhenTheFirstEventHappenedThoughItWasCountedLater() {
        Tally.add(cells, 1, 2 * SECOND, 20, 3 * SECOND, WINDOW);
        Tally.add(cells, 1, SECOND, 10, 3 * SECOND, WINDOW);
        Tally.add(cells, 1, 14 * SECOND, 30, 15 * SECOND, WINDOW);

        assertEquals(SECOND, Tally.firstNs(cells, 1));
        assertEquals(10, Tally.firstFrame(cells, 1));
        assertEquals(3, Tally.total(cells, 1));
    }

    @Test
    void countsFromTheFirstEventAgainWhenAllWereTakenBack() {
        add(1, SECOND, 1);
        Tally.takeBack(cells, 1);
        Tally.add(cells, 1, 4 * SECOND, 7, 5 * SECOND, WINDOW);

        assertEquals(4 * SECOND, Tally.firstNs(cells, 1));
        assertEquals(7, Tally.firstFrame(cells, 1));
    }

    @Test
    void beginsAnewWhenTheClockIsSetBackByMoreThanAWindow() {
        add(5, 100 * SECOND, 1);

        assertEquals(1, add(1, SECOND, 2));
    }
}
