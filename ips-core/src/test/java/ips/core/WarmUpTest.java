package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.rule.AlertPolicy;
import ips.core.rule.Classifications;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleInspector;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.SignatureSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void framesPassAllThatThoseOfALinkWill() {
        RuleParser parser = new RuleParser();
        parser.text(
                "test.rules", "alert http any any -> any any (http.uri; content:\"/a/\"; sid:1;)");
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        SignatureSet rules = new SignatureSet(compiler.signatures(), AlertPolicy.NONE);

        EngineReport report =
                WarmUp.run(EngineConfig.DEFAULTS, rules, RuleInspector.Options.DEFAULTS);

        Map<Counter, Long> counters = report.counters();
        assertEquals(counters.get(Counter.FRAMES_RECEIVED), counters.get(Counter.FRAMES_PROCESSED));
        assertTrue(counters.get(Counter.HTTP_REQUESTS) > 1000, () -> counters.toString());
        assertEquals(0, counters.get(Counter.HTTP_LINES_BROKEN));
        assertTrue(
                counters.get(Counter.RULE_ALERTS) > 1000,
                () -> "rules see the requests " + counters);
        assertFalse(report.detections().isEmpty(), "the floods in it are told");
    }
}
