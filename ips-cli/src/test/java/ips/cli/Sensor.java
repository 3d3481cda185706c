package ips.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;

/** Runs the command line within the test, with streams of the test's own. */
final class Sensor {
    private final boolean isTerminal;
    private final String input;

    /**
     * What a command did.
     *
     * @param out standard output
     * @param err standard error
     */
    record Outcome(int exitCode, String out, String err) {}

    private Sensor(boolean isTerminal, String input) {
        this.isTerminal = isTerminal;
        this.input = input;
    }

    /** With all streams redirected, as a script has them. */
    static Outcome run(String... arguments) {
        return new Sensor(false, "").execute(arguments);
    }

    /** With a person at a terminal, who types {@code input}. */
    static Outcome runAtTerminal(String input, String... arguments) {
        return new Sensor(true, input).execute(arguments);
    }

    private Outcome execute(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal =
                new Terminal(
                        new BufferedReader(new StringReader(input)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        isTerminal,
                        isTerminal,
                        isTerminal,
                        true);
        int exitCode = Ips.commandLine(terminal, arguments).execute(arguments);
        return new Outcome(
                exitCode,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }
}
