package ips.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ContendersTest {
    private static final Path CAPTURE = Path.of("some.pcap");

    @TempDir private Path folder;
    private Path program;

    @BeforeEach
    void anyProgramWillDo() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh");
        program = folder.resolve("program");
        Files.writeString(program, "#!/bin/sh\necho ips 1\necho Suricata version 7.0.1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private Contender contender(String name, String rules) {
        String path = program.toString();
        Map<String, String> programs = Map.of("suricata", path, "snort", path);
        return Contenders.all(program, programs, new RuleChoice.Converter().convert(rules)).stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> command(String name, String rules) throws IOException {
        Contender contender = contender(name, rules);
        contender.prepare(folder);
        return contender.command(CAPTURE);
    }

    @Test
    void givesIpsAndSuricataTheSameManyRules() throws IOException {
        String file = folder.resolve("generated-50.rules").toString();

        List<String> ips = command("ips", "50");
        List<String> suricata = command("suricata single", "50");

        assertTrue(ips.contains("--rules=" + file), ips.toString());
        assertTrue(ips.contains("--no-shipped-rules"), ips.toString());
        assertEquals(file, suricata.get(suricata.indexOf("-S") + 1));
        assertEquals(50, Files.readAllLines(Path.of(file)).size());
    }

    @Test
    void givesSuricataTheShippedRulesBesideItsOwn() throws IOException {
        Path shipped = Files.createDirectory(folder.resolve("rules"));
        Files.writeString(shipped.resolve("a.rules"), "the first rule\n");
        Files.writeString(shipped.resolve("b.rules"), "the second rule\n");
        Files.writeString(shipped.resolve("README.md"), "no rule\n");

        List<String> ips = command("ips", "shipped");
        List<String> suricata = command("suricata autofp", "shipped");

        assertFalse(ips.toString().contains("rules"), ips.toString());
        String text = Files.readString(Path.of(suricata.get(suricata.indexOf("-S") + 1)));
        assertTrue(text.contains("SYN flood"), text);
        assertTrue(text.endsWith("the first rule\nthe second rule\n"), text);
    }

    @Test
    void leavesSuricataOutWithoutTheShippedRules() {
        IOException refused =
                assertThrows(
                        IOException.class,
                        () -> contender("suricata single", "shipped").prepare(folder));

        assertTrue(refused.getMessage().contains("no folder of shipped rules"));
    }

    @Test
    void leavesSuricataItsFew() throws IOException {
        String few = folder.resolve("peers.rules").toString();

        assertFalse(command("ips", "few").toString().contains("rules"));
        assertTrue(command("suricata single", "few").contains(few));
        assertTrue(command("ips", "none").contains("--no-shipped-rules"));
        assertTrue(command("suricata single", "none").contains(few));
    }

    @Test
    void refusesNoChoiceAtAll() {
        for (String wrong : List.of("0", "-1", "many", "")) {
            assertThrows(
                    CommandLine.TypeConversionException.class,
                    () -> new RuleChoice.Converter().convert(wrong));
        }
    }

    @Test
    void leavesSnortOutOfManyRules() {
        IOException refused =
                assertThrows(IOException.class, () -> contender("snort", "50").prepare(folder));

        assertTrue(refused.getMessage().contains("Suricata's language"), refused.getMessage());
    }
}
