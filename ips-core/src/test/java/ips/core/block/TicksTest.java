package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicksTest {
    private static final long TENTH = 100_000_000L;
    private static final long START = 1_700_000_000L * 10 * TENTH;

    private final Ticks ticks = new Ticks();
    private final List<Long> heard = new ArrayList<>();
    private final List<Long> seconds = new ArrayList<>();

    private void pass(double tenths, boolean inclusive) {
        ticks.passTo(START + (long) (tenths * TENTH), inclusive, this::hear);
    }

    private void hear(long ns) {
        heard.add((ns - START) / TENTH);
        if (ticks.beginsSecond()) {
            seconds.add((ns - START) / TENTH);
        }
    }

    @Test
    void comeAtEveryTenthAndKnowTheFirstOfASecond() {
        pass(7.5, true);
        pass(11.5, true);

        assertEquals(List.of(8L, 9L, 10L, 11L), heard);
        assertEquals(List.of(10L), seconds);
    }

    @Test
    void comeAtATimeItselfOnlyWhenAllOfItIsHandled() {
        pass(7.5, true);

        pass(9, false);
        assertEquals(List.of(8L), heard);

        pass(9, true);
        assertEquals(List.of(8L, 9L), heard);
    }

    @Test
    void jumpOverALongSilence() {
        pass(0, true);
        int before = heard.size();

        pass(10 * 86_400 * 365.0, true); // a year

        assertTrue(heard.size() - before < 10_000, heard.size() + " ticks");
        assertEquals(10 * 86_400 * 365L, heard.get(heard.size() - 1));
    }

    @Test
    void goOnFromATimeThatWasSet() {
        pass(100, true);
        heard.clear();

        ticks.set(START + 3 * TENTH);
        pass(4.5, true);

        assertEquals(List.of(4L), heard);
    }
}
