package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctSketchTest {
    private final long[] cells = new long[DistinctSketch.LONGS + 1];

    @Test
    void countsOneValueAsOneHoweverOftenItComes() {
        for (int i = 0; i < 1000; i++) {
            DistinctSketch.add(cells, 1, 0, 0xffff_0a00_0001L, 80);
        }

        assertEquals(1, DistinctSketch.estimate(cells, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10, 100, 1000, 10_000, 65_535, 300_000})
    void staysWithinAFactorOfTwo(int distinct) {
        for (int i = 0; i < distinct; i++) {
            DistinctSketch.add(cells, 1, 0, 0xffff_0a00_0001L + i / 1000, i % 1000);
        }
        long estimate = DistinctSketch.estimate(cells, 1);

        assertTrue(estimate >= distinct / 2 && estimate <= 2L * distinct, "estimate " + estimate);
    }

    @Test
    void remembersOneWindowAndForgetsTheOneBefore() {
        DistinctSketch.add(cells, 1, 0, 1, 1);
        DistinctSketch.roll(cells, 1, Tally.NEXT);
        DistinctSketch.add(cells, 1, 0, 1, 1);
        long both = DistinctSketch.estimate(cells, 1);
        DistinctSketch.roll(cells, 1, Tally.NEXT);
        DistinctSketch.roll(cells, 1, Tally.NEXT);

        assertEquals(1, both);
        assertEquals(0, DistinctSketch.estimate(cells, 1));
    }
}
