package ips.cli;

import java.io.PrintWriter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code ips}: the sensor's subcommands, its version and its exit codes. */
@Command(
        name = "ips",
        description =
                "Finds floods, scans and attacks in network traffic and bans those behind them.",
        subcommands = {
            AnalyzeCommand.class,
            RunCommand.class,
            InterfacesCommand.class,
            CheckConfigCommand.class,
            StatusCommand.class,
            BansCommand.class,
            BanCommand.class,
            UnbanCommand.class,
            AllowCommand.class,
            ExplainCommand.class,
            ReloadCommand.class,
            DoctorCommand.class,
            EvalCommand.class,
            SelftestCommand.class,
            HelpCommand.class,
            GenerateCompletion.class
        },
        versionProvider = Ips.Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all went well",
            "1:a bug in ips; --stacktrace shows where",
            "2:an option or argument that does not exist or does not fit",
            "3:--fail-on found what it was to find",
            "4:a capture file that cannot be read",
            "5:the operating system does not allow it",
            "6:something is missing on this host: an interface, a library, a free port, disk space",
            "7:the configuration is wrong",
            "8:the running sensor was asked and refused, and says why"
        },
        footer = {
            "",
            "Examples:",
            "  ips analyze capture.pcap            what is in a capture file",
            "  ips analyze --json *.pcapng.gz      the same for a program",
            "  ips run --interface eth0            watch a link",
            "  ips run --print-config > ips.yaml   every setting, with its meaning"
        })
public final class Ips implements Runnable {
    private final Terminal terminal;

    @Option(
            names = "--stacktrace",
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "Show where an error came from.")
    boolean stacktrace;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    Ips(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the sensor and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Terminal terminal = Terminal.system(System.getenv());
        int exitCode = commandLine(terminal).execute(arguments);
        // A print stream throws nothing and has to be asked.
        if (terminal.out().checkError()) {
            terminal.err()
                    .println(
                            "ips: standard output was not written to its end: no room, or nobody"
                                    + " reads it any more");
            exitCode = exitCode == ExitCode.OK ? ExitCode.ENVIRONMENT : exitCode;
        }
        System.exit(exitCode);
    }

    /** The command line, ready to be executed; it talks to {@code terminal} alone. */
    static CommandLine commandLine(Terminal terminal) {
        Ips ips = new Ips(terminal);
        CommandLine.IFactory standard = CommandLine.defaultFactory();
        CommandLine commandLine =
                new CommandLine(
                        ips,
                        new CommandLine.IFactory() {
                            @Override
                            public <K> K create(Class<K> type) throws Exception {
                                return SensorCommand.class.isAssignableFrom(type)
                                        ? type.getDeclaredConstructor(Terminal.class)
                                                .newInstance(terminal)
                                        : standard.create(type);
                            }
                        });
        Errors errors = new Errors(ips, terminal);
        return commandLine
                .setOut(new PrintWriter(terminal.out(), true))
                .setErr(new PrintWriter(terminal.err(), true))
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                terminal.colorsOut()
                                        ? CommandLine.Help.Ansi.ON
                                        : CommandLine.Help.Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(errors);
    }

    /** Without a subcommand there is nothing to do but to say what could be done. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "a command is missing, such as: ips analyze capture.pcap");
    }

    /** Takes the version from the jar's manifest; classes outside a jar have none. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Ips.class.getPackage().getImplementationVersion();
            return new String[] {
                "ips " + (version == null ? "(built from source)" : version),
                "Java "
                        + System.getProperty("java.version")
                        + ", "
                        + System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.arch")
            };
        }
    }
}
