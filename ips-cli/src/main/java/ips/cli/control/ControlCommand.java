package ips.cli.control;

import ips.cli.ExitCode;
import ips.cli.SensorCommand;
import ips.cli.Terminal;
import ips.cli.UserError;
import ips.core.packet.Cidr;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** A command that asks a running sensor through its control socket. */
abstract class ControlCommand implements SensorCommand {
    private final String word;
    private final Terminal terminal;

    @Option(
            names = {"--socket", "--control-socket"},
            paramLabel = "PATH",
            defaultValue = ControlSocket.AUTO,
            description = "The sensor's control socket; found by itself where it is the usual one.")
    private String socket;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    ControlCommand(String word, Terminal terminal) {
        this.word = word;
        this.terminal = terminal;
    }

    /** Adds what the request needs beside its word. */
    abstract void describe(Map<String, String> fields);

    /**
     * An address or network as it was given, if it is one: no sensor need be asked about others.
     */
    static String network(String text) {
        try {
            Cidr.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.USAGE, e.getMessage(), e);
        }
        return text;
    }

    @Override
    public Integer call() {
        Map<String, String> fields = new TreeMap<>();
        fields.put("command", word);
        fields.put("format", json ? "json" : "text");
        describe(fields);
        Path path =
                ControlSocket.path(socket, System.getenv())
                        .orElseThrow(
                                () ->
                                        new UserError(
                                                ExitCode.ENVIRONMENT,
                                                "there is no usual place for a control socket here;"
                                                        + " name it with --socket"));
        Reply reply = ControlClient.ask(path, new Request(fields));
        if (reply.exitCode() == ExitCode.OK) {
            terminal.out().print(reply.text().endsWith("\n") ? reply.text() : reply.text() + "\n");
        } else {
            terminal.err().println("ips: " + reply.text().strip());
        }
        return reply.exitCode();
    }
}
