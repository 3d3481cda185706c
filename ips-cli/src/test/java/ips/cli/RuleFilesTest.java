package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of the files beside the rules that cannot be read: one sentence, and a code. */
class RuleFilesTest {
    @TempDir private Path folder;

    private Path rules;
    private Path capture;

    @BeforeEach
    void makeFiles() throws IOException {
        rules = folder.resolve("my.rules");
        Files.writeString(rules, "alert icmp any any -> any any (itype:8; sid:1;)\n");
        capture = new Traffic().pings(0, "192.0.2.1", "192.0.2.2", 1, 1).write(folder.resolve("p"));
    }

    private Sensor.Outcome analyze(String... more) {
        List<String> arguments = new ArrayList<>(List.of("analyze", "-q", "--rules-only"));
        arguments.addAll(List.of("--log-dir", folder.toString(), "--rules", rules.toString()));
        arguments.addAll(List.of(more));
        arguments.add(capture.toString());
        return Sensor.run(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "address-groups: {HOME_NET: '[192.0.2.0/99]'} | HOME_NET: not an address or network:"
                        + " 192.0.2.0/99",
                "address-groups: {HOME_NET: $NOPE} | HOME_NET: no address variable $NOPE",
                "port-groups: {HTTP_PORTS: '99999'} | HTTP_PORTS: not a port: 99999",
                "vars: {groups: none} | neither address-groups nor port-groups in it",
                "address-groups: [a | not valid YAML",
                "\u00ff | not UTF-8 text"
            })
    void refusesVariablesThatCannotBeRead(String text, String reason) throws IOException {
        Path file = folder.resolve("vars.yaml");
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);

        Sensor.Outcome outcome = analyze("--vars", file.toString());

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(
                outcome.err().startsWith("ips: rules.variables-file (--vars): " + file),
                outcome.err());
        assertTrue(outcome.err().contains(reason), outcome.err());
    }

    @Test
    void tellsAllThatIsWrongWithVariablesAndWhere() throws IOException {
        Path file = folder.resolve("vars.yaml");
        Files.writeString(
                file,
                """
                vars:
                  address-groups:
                    HOME_NET: "[010.0.0.1]"
                    EXTERNAL_NET: any
                    DNS_SERVERS: {a: b}
                  port-groups:
                    HTTP_PORTS: [80, 99999]
                    SSH_PORTS:
                """);

        Sensor.Outcome outcome = analyze("--vars", file.toString());

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        assertEquals(
                """
                ips: rules.variables-file (--vars): \
                %1$s:3: HOME_NET: not an address or network: 010.0.0.1; leave out the 0 that a \
                number begins with; \
                %1$s:5: DNS_SERVERS: expected a text, or a list of texts; \
                %1$s:7: HTTP_PORTS: not a port: 99999; \
                %1$s:8: SSH_PORTS: expected a text, or a list of texts
                """
                        .formatted(file),
                outcome.err());
    }

    @ParameterizedTest
    @CsvSource({
        "--vars, rules.variables-file (--vars)",
        "--threshold, rules.threshold-file (--threshold)",
        "--set=rules.classification-file, rules.classification-file",
        "--rules, rules.files (--rules)"
    })
    void namesAFileThatIsMissingOrNone(String option, String told) {
        for (String name : List.of("missing", "")) {
            String file = folder.resolve(name).toString();
            Sensor.Outcome outcome =
                    option.contains("=") ? analyze(option + "=" + file) : analyze(option, file);

            assertEquals(ExitCode.CONFIGURATION, outcome.exitCode(), outcome.err());
            String reason =
                    name.isEmpty()
                            ? file + " is a folder; name a file in it"
                            : file + ": no such file";
            assertEquals("ips: " + told + ": " + reason + "\n", outcome.err());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "suppress gen_id 1 | suppress: sig_id is missing",
                "threshold gen_id 1, sig_id 1, type often, track by_src, count 1, seconds 60 |"
                        + " threshold: unknown type often",
                "rate_filter gen_id 1, sig_id 1, track by_src, count 0, seconds 1, new_action drop,"
                        + " timeout 5 | rate_filter: count is 0",
                "rate_filter gen_id 1, sig_id 1, track by_src, count 1, seconds 1, new_action burn,"
                        + " timeout 5 | rate_filter: unknown action burn",
                "suppress gen_id 1, sig_id 1, track by_src, ip 192.0.2.400 | suppress: not an"
                        + " address or network: 192.0.2.400",
                "nonsense | nonsense: expected suppress, threshold, event_filter or rate_filter"
            })
    void tellsWhereALineOfAThresholdFileIsWrong(String line, String reason) throws IOException {
        Path file = folder.resolve("threshold.config");
        Files.writeString(file, "# ours\n" + line + "\n");

        Sensor.Outcome outcome = analyze("--threshold", file.toString());
        Sensor.Outcome strict = analyze("--strict", "--threshold", file.toString());

        assertEquals(ExitCode.OK, outcome.exitCode());
        assertEquals("ips: " + file + ":2:1: " + reason, outcome.err().lines().toList().get(0));
        assertEquals(ExitCode.CONFIGURATION, strict.exitCode());
    }

    @Test
    void checksTheFilesThatAConfigurationNames() throws IOException {
        Path config = folder.resolve("ips.yaml");
        String wrong =
                """
                rules:
                  files: [%1$s/my.rules, %1$s/none.rules]
                  variables-file: %1$s/none.yaml
                  threshold-file: %1$s/none.config
                """
                        .formatted(folder);
        Files.writeString(config, wrong);

        Sensor.Outcome outcome = Sensor.run("check-config", config.toString());

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        assertEquals(
                """
                ips: %1$s/ips.yaml:2: rules.files (--rules): %1$s/none.rules: no such file
                ips: %1$s/ips.yaml:3: rules.variables-file (--vars): %1$s/none.yaml: no such file
                ips: %1$s/ips.yaml:4: rules.threshold-file (--threshold): %1$s/none.config: no such file
                """
                        .formatted(folder),
                outcome.err());
    }

    @Test
    void checksTheRulesThatAConfigurationNames() throws IOException {
        Path config = folder.resolve("ips.yaml");
        Files.writeString(rules, "\nalert icmp any any -> any any (itype:x; sid:1;)\n");
        Files.writeString(config, "rules:\n  files: [" + rules + "]\n");

        Sensor.Outcome lenient = Sensor.run("check-config", config.toString());
        Files.writeString(config, "rules:\n  strict: true\n  files: [" + rules + "]\n");
        Sensor.Outcome strict = Sensor.run("check-config", config.toString());

        assertEquals(ExitCode.OK, lenient.exitCode());
        assertTrue(lenient.err().startsWith("ips: " + rules + ":2:32: itype: "), lenient.err());
        assertEquals(ExitCode.CONFIGURATION, strict.exitCode());
        assertTrue(
                strict.err().contains("ips.yaml:2: rules.strict (--strict): 1 of"), strict.err());
    }

    /** Those of the parser are found before those of the compiler. */
    @Test
    void reportsWrongRulesInTheOrderOfTheirLines() throws IOException {
        Files.writeString(
                rules,
                """
                alert icmp any any -> any any (content:"a; sid:1;)
                alert icmp any any -> any any (sid:2)
                alert icmp any any -> any any (itype:x; sid:3;)
                """);

        List<String> places =
                Sensor.run("rules", "check", rules.toString())
                        .out()
                        .lines()
                        .filter(line -> line.startsWith(rules.toString()))
                        .map(line -> line.substring(rules.toString().length()).split(":")[1])
                        .toList();

        assertEquals(List.of("1", "2", "3"), places);
    }

    @Test
    void tellsWhereALineOfAClassificationFileIsWrong() throws IOException {
        Path file = folder.resolve("classification.config");
        Files.writeString(
                file,
                "config classification: ours,Our own,1\n\nconfig classification: half,Half\n");

        Sensor.Outcome outcome = analyze("--set", "rules.classification-file=" + file);

        assertEquals(ExitCode.OK, outcome.exitCode());
        assertEquals(
                "ips: "
                        + file
                        + ":3:1: classification: expected config classification:"
                        + " name,text,priority",
                outcome.err().lines().toList().get(0));
    }
}
