package ips.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A line at the bottom of a terminal, rewritten in place, with other output scrolling by above it.
 * Any thread may print; on anything but a terminal the line is never shown.
 */
final class StatusLine implements AutoCloseable {
    private static final String ERASE = "\r\u001b[K";

    /** A line that is too long is cut by the terminal, for one that wraps cannot be rewritten. */
    private static final String CUT = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final PrintStream terminal;
    private final boolean shown;
    private String line = "";

    StatusLine(PrintStream terminal, boolean shown) {
        this.terminal = terminal;
        this.shown = shown;
    }

    boolean isShown() {
        return shown;
    }

    /** Replaces the line. */
    synchronized void show(String text) {
        if (shown && !text.equals(line)) {
            line = text;
            terminal.print(ERASE);
            printLine();
            terminal.flush();
        }
    }

    /** A stream whose output appears above the line. */
    PrintStream above() {
        return new PrintStream(new Above(), true, StandardCharsets.UTF_8);
    }

    private synchronized void print(byte[] bytes, int offset, int length) {
        if (!line.isEmpty()) {
            terminal.print(ERASE);
        }
        terminal.write(bytes, offset, length);
        boolean endsLine = length > 0 && bytes[offset + length - 1] == '\n';
        if (!line.isEmpty() && endsLine) {
            printLine();
        }
        terminal.flush();
    }

    private void printLine() {
        if (!line.isEmpty()) {
            terminal.print(CUT + line + WRAP);
        }
    }

    @Override
    public synchronized void close() {
        show("");
    }

    private final class Above extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            print(bytes, offset, length);
        }
    }
}
