package ips.core.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CountMinSketchTest {
    private static final long START = 1_700_000_000_000_000_000L;

    private final CountMinSketch sketch = new CountMinSketch();

    @Test
    void neverSaysTooLittle() {
        Random random = new Random(1);
        long mine = Hash.address(0, 1);

        for (int i = 1; i <= 100; i++) {
            for (int j = 0; j < 1000; j++) {
                sketch.add(Hash.mix(random.nextLong()), START);
            }
            assertTrue(sketch.add(mine, START) >= i);
        }
    }

    @Test
    void countsExactlyWhereNothingElseHits() {
        for (int i = 1; i <= 20; i++) {
            assertEquals(i, sketch.add(Hash.address(0, 1), START));
        }
    }

    @Test
    void halvesEveryHalfLife() {
        for (int i = 0; i < 100; i++) {
            sketch.add(Hash.address(0, 1), START);
        }

        assertEquals(51, sketch.add(Hash.address(0, 1), START + CountMinSketch.HALF_LIFE_NS));
        assertEquals(1, sketch.add(Hash.address(0, 1), START + 100 * CountMinSketch.HALF_LIFE_NS));
    }

    @Test
    void aClockSetBackBeginsAnew() {
        sketch.add(Hash.address(0, 1), START);

        assertEquals(1, sketch.add(Hash.address(0, 1), START - 1));
    }

    @Test
    void sourcesSeenOnceStayBelowNoiseAndPromotion() {
        Random random = new Random(2);
        int above = 0;

        for (int i = 0; i < 2_000_000; i++) {
            int estimate = sketch.add(Hash.address(0, random.nextLong()), START);
            above += estimate >= sketch.noise() + SourceTable.PROMOTION ? 1 : 0;
        }

        assertEquals(0, above);
    }
}
