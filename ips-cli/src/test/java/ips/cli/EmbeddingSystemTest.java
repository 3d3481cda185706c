package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The README's program in a process of its own: {@code java -cp} and no flag. */
class EmbeddingSystemTest {
    @Test
    void needsNothingButTheClassPath() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "example.Embedding",
                                Repository.root().resolve("samples/attacks.pcap").toString())
                        .redirectErrorStream(true)
                        .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains("192.0.2.66 banned: "), output);
        assertTrue(
                output.lines().allMatch(line -> line.contains(" banned: ")),
                () -> "warnings or errors among: " + output);
    }
}
