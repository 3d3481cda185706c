package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ips.core.rule.Signature;
import ips.core.rule.SignatureSet;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadStartTest {
    private final PrintStream errors = new PrintStream(new ByteArrayOutputStream());

    @Test
    void rulesMadeAheadAreThoseThatAreRead() {
        HeadStart.begin("analyze", "capture.pcap");

        SignatureSet ahead = HeadStart.rules();

        assertEquals(sids(RuleFiles.shipped()), sids(ahead));
        assertSame(ahead, RuleFiles.load(SensorConfig.Rules.DEFAULTS, errors));
    }

    private static List<Integer> sids(SignatureSet rules) {
        return rules.all().stream().map(HeadStartTest::sid).toList();
    }

    private static int sid(Signature signature) {
        return signature.info().id().sid();
    }
}
