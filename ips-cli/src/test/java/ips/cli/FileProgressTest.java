package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.capture.CaptureSource;
import ips.core.pipeline.FrameSink;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    /** A file of 300 MiB, half of which is read. */
    private static final class HalfRead implements CaptureSource {
        @Override
        public int poll(FrameSink sink, int limit) {
            return 0;
        }

        @Override
        public Progress progress() {
            return new Progress(150 << 20, 300 << 20);
        }

        @Override
        public List<String> interfaces() {
            return List.of("en0");
        }

        @Override
        public void close() {}
    }

    @Test
    void fitsEveryTerminalAndLeavesNothingBehind() throws Exception {
        String name = "/var/captures/2026/11/23/of-the-link-to-the-provider.pcapng.zst";
        try (FileProgress progress = new FileProgress(new HalfRead(), name, terminal, true)) {
            for (int i = 0; i < 100 && !printed().contains("50%"); i++) {
                Thread.sleep(50);
            }
        }

        assertTrue(printed().contains("50%"), printed());
        assertFalse(printed().contains("\n"), printed());
        String[] drawn = printed().split("\r");
        for (String line : drawn) {
            assertTrue(line.length() <= 79, line);
        }
        assertEquals("", drawn[drawn.length - 1].strip());
        assertTrue(printed().endsWith("\r"));
    }

    @Test
    void staysAwayWhereNobodyLooks() throws Exception {
        try (FileProgress progress = new FileProgress(new HalfRead(), "a", terminal, false)) {
            Thread.sleep(600);
        }

        assertEquals("", printed());
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
