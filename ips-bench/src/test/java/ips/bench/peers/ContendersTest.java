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

    private Contender contender(String name, int rules) {
        String path = program.toString();
        Map<String, String> programs = Map.of("suricata", path, "snort", path);
        return Contenders.all(program, programs, rules).stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> command(String name, int rules) throws IOException {
        Contender contender = contender(name, rules);
        contender.prepare(folder);
        return contender.command(CAPTURE);
    }

    @Test
    void givesIpsAndSuricataTheSameManyRules() throws IOException {
        String file = folder.resolve("generated-50.rules").toString();

        List<String> ips = command("ips", 50);
        List<String> suricata = command("suricata single", 50);

        assertTrue(ips.contains("--rules=" + file), ips.toString());
        assertTrue(ips.contains("--no-shipped-rules"), ips.toString());
        assertEquals(file, suricata.get(suricata.indexOf("-S") + 1));
        assertEquals(50, Files.readAllLines(Path.of(file)).size());
    }

    @Test
    void leavesEachItsOwnRulesOtherwise() throws IOException {
        List<String> ips = command("ips", 0);
        List<String> suricata = command("suricata single", 0);

        assertFalse(ips.toString().contains("rules"), ips.toString());
        assertTrue(suricata.contains(folder.resolve("peers.rules").toString()));
    }

    @Test
    void leavesSnortOutOfManyRules() {
        IOException refused =
                assertThrows(IOException.class, () -> contender("snort", 50).prepare(folder));

        assertTrue(refused.getMessage().contains("Suricata's language"), refused.getMessage());
    }
}
