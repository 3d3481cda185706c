package ips.core;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static String refused(Executable check) {
        return assertThrows(IllegalArgumentException.class, check).getMessage();
    }

    @Test
    void namesKeyValueAndRangeOfWhatItRefuses() {
        assertEquals(
                "workers: 65 is out of range; give 1 to 64",
                refused(() -> Settings.within("workers", 65, 1, 64)));
        assertEquals(
                "factor: NaN is out of range; give 1 to 100",
                refused(() -> Settings.within("factor", Double.NaN, 1, 100)));
        assertEquals(
                "grace: 20s is out of range; give 100ms to 1s",
                refused(
                        () ->
                                Settings.within(
                                        "grace",
                                        Duration.ofSeconds(20),
                                        Duration.ofMillis(100),
                                        SECOND)));
        assertEquals(
                "threshold: 0 is out of range; give 1 or more",
                refused(() -> Settings.atLeast("threshold", 0, 1)));
        assertEquals(
                "slots: 48 is out of range; give a power of two, 2 to 64",
                refused(() -> Settings.powerOfTwo("slots", 48, 2, 64)));
        assertEquals(
                "program: \"\" cannot be used; give a name or a path",
                refused(() -> Settings.form(false, "program", "", "a name or a path")));
    }

    @Test
    void acceptsBothEndsOfARange() {
        assertDoesNotThrow(() -> Settings.within("n", 1, 1, 2));
        assertDoesNotThrow(() -> Settings.within("n", 2, 1, 2));
        assertDoesNotThrow(() -> Settings.within("t", SECOND, SECOND, SECOND));
        assertDoesNotThrow(() -> Settings.atLeast("n", 3, 3));
        assertDoesNotThrow(() -> Settings.powerOfTwo("n", 64, 2, 64));
    }

    @Test
    void writesDurationsInTheLargestUnitThatLeavesNoRest() {
        assertEquals("0s", Settings.text(Duration.ZERO));
        assertEquals("60s", Settings.text(Duration.ofMinutes(1)));
        assertEquals("30d", Settings.text(Duration.ofDays(30)));
        assertEquals("721h", Settings.text(Duration.ofHours(721)));
        assertEquals("1500us", Settings.text(Duration.ofNanos(1_500_000)));
    }
}
