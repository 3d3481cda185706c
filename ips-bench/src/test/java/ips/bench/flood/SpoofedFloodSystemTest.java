package ips.bench.flood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@link SpoofedFloodSoak} at a tenth of its size; it checks itself and says what was wrong. */
class SpoofedFloodSystemTest {
    private static final int SOURCES = 1_000_000;

    @Test
    void aMillionForgedSourcesGrowNothingAndHarmNobodyIn256MiB() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SpoofedFloodSoak.class.getName(),
                                String.valueOf(SOURCES))
                        .redirectErrorStream(true)
                        .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains("0 bans"), output);
    }

    @Test
    void noSourceComesTwice() {
        byte[] frame = new byte[Flood.MAX_FRAME_LENGTH];
        Set<String> seen = new HashSet<>();

        for (int number = 0; number < 100_000; number++) {
            int length = SpoofedFrames.frame(frame, number);
            boolean four = frame[12] == 0x08;
            String source =
                    four
                            ? new String(frame, 26, 4, StandardCharsets.ISO_8859_1)
                            : new String(frame, 22, 16, StandardCharsets.ISO_8859_1);
            assertTrue(seen.add(source), "frame " + number);
            assertTrue(length >= 54);
        }
    }
}
