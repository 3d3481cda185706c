package ips.bench;

import ips.bench.peers.PeersCommand;
import ips.bench.results.CompareCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code ips bench}; without a subcommand it compares ips with its peers. */
@Command(
        name = "ips bench",
        description = "Measures ips against its peers, and results against earlier ones.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {PeersCommand.class, CompareCommand.class},
        footer = {
            "",
            "Without a command: peers.",
            "Inside one JVM: java -jar ips-bench/target/ips-bench.jar -h"
        })
public final class Bench {
    private Bench() {}

    /** Runs the command and ends the process: 0, 1 where something got slower, 2 for misuse. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments.length == 0 ? PEERS : arguments));
    }

    private static final String[] PEERS = {"peers"};

    static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(
                        (exception, arguments) -> {
                            CommandLine commandLine = exception.getCommandLine();
                            PrintWriter err = commandLine.getErr();
                            err.println("ips bench: " + exception.getMessage());
                            String command = commandLine.getCommandSpec().qualifiedName();
                            err.println("ips bench: see: " + command + " --help");
                            return 2;
                        })
                .setExecutionExceptionHandler(
                        (exception, commandLine, parsed) -> {
                            PrintWriter err = commandLine.getErr();
                            err.println("ips bench: " + exception.getMessage());
                            return 2;
                        });
    }
}
