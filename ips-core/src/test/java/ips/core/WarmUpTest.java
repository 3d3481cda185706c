package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.rule.RuleInspector;
import ips.core.rule.SignatureSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void framesPassAllThatThoseOfALinkWill() {
        EngineReport report =
                WarmUp.run(
                        EngineConfig.DEFAULTS, SignatureSet.EMPTY, RuleInspector.Options.DEFAULTS);

        Map<Counter, Long> counters = report.counters();
        assertEquals(counters.get(Counter.FRAMES_RECEIVED), counters.get(Counter.FRAMES_PROCESSED));
        assertTrue(counters.get(Counter.HTTP_REQUESTS) > 1000, () -> counters.toString());
        assertEquals(0, counters.get(Counter.HTTP_LINES_BROKEN));
        assertTrue(counters.get(Counter.VERDICTS_RAISED) > 0, "the floods in it are told");
    }
}
