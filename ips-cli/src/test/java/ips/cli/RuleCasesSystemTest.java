package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.cli.rules.RuleFiles;
import ips.core.rule.SignatureSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample of a public suite of rules, looked for beside the shared captures. */
class RuleCasesSystemTest {
    /** What docs/rules.md says falls short. */
    private static final Set<String> KNOWN = Set.of("datarep-02", "datasets-09-load");

    @TempDir private Path scratch;

    private static Path tier(String tier) {
        Path sample =
                Repository.sharedCaptures().resolveSibling("suricata-verify-sample").resolve(tier);
        assumeTrue(Files.isDirectory(sample), "no " + sample);
        return sample;
    }

    @ParameterizedTest
    @ValueSource(strings = {"T1", "T2", "T3", "TE"})
    void alertsAndStaysSilentAsTheCasesOfATierSay(String tier) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path each : RuleCases.in(tier(tier))) {
            RuleCases.Outcome outcome = RuleCases.run(each, scratch);
            if (!outcome.isRight() && !KNOWN.contains(outcome.name())) {
                wrong.add(outcome.name() + ": " + outcome.complaints());
            }
        }

        assertEquals(List.of(), wrong);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "8"})
    void alertsAlikeWithSeveralWorkers(String workers) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path each : RuleCases.in(tier("T1"))) {
            RuleCases.Outcome outcome = RuleCases.run(each, scratch, "--workers", workers);
            if (!outcome.isRight()) {
                wrong.add(outcome.name() + ": " + outcome.complaints());
            }
        }

        assertEquals(List.of(), wrong);
    }

    @Test
    void tellsWhereABrokenRuleStandsAndLoadsTheOthers() throws IOException {
        Path rules = scratch.resolve("web.rules");
        Files.writeString(
                rules,
                "alert tcp any any -> any any (content:\"half; sid:1;)\n"
                        + "alert icmp any any -> any any (itype:8; sid:2;)\n");
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        SensorConfig.Rules config =
                new SensorConfig.Rules(
                        List.of(rules.toString()),
                        false,
                        SensorConfig.RuleMode.IDS,
                        false,
                        false,
                        "",
                        "",
                        "",
                        1024);

        SignatureSet loaded = RuleFiles.load(config, new PrintStream(errors));

        assertEquals(1, loaded.size());
        assertTrue(
                errors.toString().contains("web.rules:1:31: content: unclosed quote"),
                errors.toString());
    }
}
