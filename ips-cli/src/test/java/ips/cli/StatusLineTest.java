package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void keepsTheLineBelowWhatScrollsBy() {
        StatusLine line = new StatusLine(terminal, true);
        line.show("1 frame/s");
        line.above().println("alert");
        line.close();

        // Cut where the terminal ends: a line that wraps could not be erased.
        String shown = "\u001b[?7l1 frame/s\u001b[?7h";
        assertEquals("\r\u001b[K" + shown + "\r\u001b[Kalert\n" + shown + "\r\u001b[K", printed());
    }

    @Test
    void writesNothingOfItsOwnToAFile() {
        StatusLine line = new StatusLine(terminal, false);
        line.show("1 frame/s");
        line.above().println("alert");
        line.close();

        assertEquals("alert\n", printed());
    }
}
