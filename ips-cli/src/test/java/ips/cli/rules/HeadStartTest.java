package ips.cli.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.cli.SensorConfig;
import ips.core.rule.Signature;
import ips.core.rule.SignatureSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadStartTest {
    private static final Map<String, String> TEXTS =
            Map.of(
                    "files", "alert icmp any any -> any any (itype:8; sid:1;)",
                    "thresholdFile", "suppress gen_id 1, sig_id 1",
                    "variablesFile", "vars:\n  address-groups:\n    HOME_NET: 192.0.2.0/24\n",
                    "classificationFile", "config classification: own,Our own,1");

    private final PrintStream errors = new PrintStream(new ByteArrayOutputStream());

    @Test
    void rulesMadeAheadAreThoseThatAreRead() {
        HeadStart.begin("analyze", "capture.pcap");

        SignatureSet ahead = HeadStart.rules();

        assertEquals(sids(RuleFiles.shipped()), sids(ahead));
        assertSame(ahead, RuleFiles.load(SensorConfig.Rules.DEFAULTS, errors));
    }

    @ParameterizedTest
    @CsvSource({"files", "thresholdFile", "variablesFile", "classificationFile"})
    void areNotUsedWhereTheConfigurationNamesMore(String what, @TempDir Path folder)
            throws IOException {
        HeadStart.begin("analyze", "capture.pcap");
        String file = Files.writeString(folder.resolve("file"), TEXTS.get(what)).toString();
        SensorConfig.Rules config =
                new SensorConfig.Rules(
                        what.equals("files") ? List.of(file) : List.of(),
                        true,
                        SensorConfig.RuleMode.IDS,
                        false,
                        false,
                        what.equals("thresholdFile") ? file : "",
                        what.equals("variablesFile") ? file : "",
                        what.equals("classificationFile") ? file : "",
                        1 << 16);

        assertNotSame(HeadStart.rules(), RuleFiles.load(config, errors));
    }

    @Test
    void areNotUsedWhereTheShippedRulesAreNotWanted() {
        HeadStart.begin("analyze", "capture.pcap");

        SignatureSet rules =
                RuleFiles.load(
                        new SensorConfig.Rules(
                                List.of(),
                                false,
                                SensorConfig.RuleMode.IDS,
                                false,
                                false,
                                "",
                                "",
                                "",
                                1 << 16),
                        errors);

        assertTrue(rules.isEmpty());
    }

    private static List<Integer> sids(SignatureSet rules) {
        return rules.all().stream().map(HeadStartTest::sid).toList();
    }

    private static int sid(Signature signature) {
        return signature.info().id().sid();
    }
}
