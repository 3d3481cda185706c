package ips.cli;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the sensor is talked to and talks: its streams, and which of them a person sits at.
 *
 * @param out results
 * @param err progress, status, alerts and errors
 * @param inIsTerminal whether somebody can answer a question
 * @param outIsTerminal whether results are read as they come
 * @param errIsTerminal whether a line may be rewritten in place
 * @param noColor the environment asks for no colour (no-color.org), or the terminal has none
 */
public record Terminal(
        BufferedReader in,
        PrintStream out,
        PrintStream err,
        boolean inIsTerminal,
        boolean outIsTerminal,
        boolean errIsTerminal,
        boolean noColor) {

    /** The process's own. */
    public static Terminal system(Map<String, String> environment) {
        boolean dumb = "dumb".equals(environment.get("TERM"));
        boolean noColor = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                buffered(FileDescriptor.out),
                buffered(FileDescriptor.err),
                isTerminal(0),
                isTerminal(1),
                isTerminal(2) && !dumb,
                noColor || dumb);
    }

    /** UTF-8 whatever the locale says: JSON is, and so are names in captures. */
    private static PrintStream buffered(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    /** Whether what goes to {@link #err} may be coloured. */
    public boolean colorsErr() {
        return errIsTerminal && !noColor;
    }

    /** Whether what goes to {@link #out} may be coloured. */
    public boolean colorsOut() {
        return outIsTerminal && !noColor;
    }
}
