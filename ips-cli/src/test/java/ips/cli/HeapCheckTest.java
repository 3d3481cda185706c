package ips.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.EngineConfig;
import ips.core.pipeline.RingConfig;
import org.junit.jupiter.api.Test;

class HeapCheckTest {
    private static final long HEAP = 500L << 20;

    @Test
    void letsPassWhatFits() {
        assertDoesNotThrow(() -> HeapCheck.check(EngineConfig.DEFAULTS.withWorkers(8), HEAP));
    }

    @Test
    void saysHowMuchItTakes() {
        EngineConfig many = EngineConfig.DEFAULTS.withWorkers(64);

        UserError tables = assertThrows(UserError.class, () -> HeapCheck.check(many, HEAP));

        assertEquals(ExitCode.ENVIRONMENT, tables.exitCode());
        assertTrue(tables.getMessage().startsWith("the tables of"), tables.getMessage());
        assertTrue(tables.getMessage().contains("IPS_JAVA_OPTS=-Xmx"), tables.getMessage());
    }

    @Test
    void saysHowMuchTheRingTakes() {
        RingConfig ring = new RingConfig(65_536, 131_072, RingConfig.DEFAULTS.waitMode(), false);
        EngineConfig config = EngineConfig.DEFAULTS.withRing(ring);

        UserError rings = assertThrows(UserError.class, () -> HeapCheck.check(config, HEAP));

        assertTrue(rings.getMessage().startsWith("the rings of"), rings.getMessage());
    }
}
