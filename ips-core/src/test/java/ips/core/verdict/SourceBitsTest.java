package ips.core.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceBitsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 49, 50, 500, 1000, 3000})
    void estimatesHowManySourcesLeftTheirBits(int sources) {
        assertEquals(sources, SomeSources.of(0, sources).estimate(), sources * 0.01);
    }

    @Test
    void anEstimateEndsWhereAllBitsAreSet() {
        assertEquals(7098, SomeSources.of(0, 100_000).estimate());
    }

    @Test
    void unitedSetsCountCommonSourcesOnce() {
        SourceBits some = SomeSources.of(0, 300);
        SourceBits others = SomeSources.of(500, 300);

        assertEquals(some, some.with(some));
        assertEquals(some.with(others), others.with(some));
        assertNotEquals(some, some.with(others));
        assertEquals(726, some.with(others).estimate(), 3);
    }
}
