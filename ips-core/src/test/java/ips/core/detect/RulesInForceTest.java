package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ips.core.rule.AlertPolicy;
import ips.core.rule.Classifications;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.SignatureSet;
import org.junit.jupiter.api.Test;

class RulesInForceTest {
    private static final String PLAIN = "alert icmp any any -> any any (itype:8; sid:1;)";
    private static final String COUNTING =
            "alert icmp any any -> any any (itype:8;"
                    + " threshold:type limit, track by_src, count 1, seconds 60; sid:2;)";

    private static SignatureSet set(String text) {
        RuleParser parser = new RuleParser();
        parser.text("test.rules", text);
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        return new SignatureSet(compiler.signatures(), AlertPolicy.NONE);
    }

    @Test
    void takesAnotherSet() {
        RulesInForce rules = new RulesInForce(set(PLAIN), 2);
        SignatureSet other = set(PLAIN);

        rules.replace(other);

        assertEquals(other, rules.current());
    }

    @Test
    void refusesWhatTheWorkersWereNotMadeForAndKeepsWhatItHas() {
        SignatureSet plain = set(PLAIN);
        RulesInForce two = new RulesInForce(plain, 2);
        RulesInForce none = new RulesInForce(SignatureSet.EMPTY, 2);

        assertThrows(IllegalArgumentException.class, () -> two.replace(set(COUNTING)));
        assertThrows(IllegalArgumentException.class, () -> none.replace(plain));

        assertEquals(plain, two.current());
        assertEquals(SignatureSet.EMPTY, none.current());
    }

    @Test
    void takesRulesThatCountWhereOneWorkerAsks() {
        new RulesInForce(set(PLAIN), 1).replace(set(COUNTING));
        new RulesInForce(set(COUNTING), 4).replace(set(COUNTING));
    }
}
