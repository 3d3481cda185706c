package ips.cli;

import ips.cli.control.AllowCommand;
import ips.cli.control.BanCommand;
import ips.cli.control.BansCommand;
import ips.cli.control.ExplainCommand;
import ips.cli.control.ReloadCommand;
import ips.cli.control.StatusCommand;
import ips.cli.control.UnbanCommand;
import ips.cli.doctor.DoctorCommand;
import ips.cli.eval.EvalCommand;
import ips.cli.rules.HeadStart;
import ips.cli.rules.RulesCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
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
            "  ips run --print-config > ips.yaml   every setting, with its meaning",
            "  ./ips bench --help                  measure it, in its checkout only"
        })
public final class Ips implements Runnable {
    /** In the order of the help. */
    static final List<String> SUBCOMMANDS =
            List.of(
                    "analyze",
                    "run",
                    "interfaces",
                    "rules",
                    "check-config",
                    "status",
                    "bans",
                    "ban",
                    "unban",
                    "allow",
                    "explain",
                    "reload",
                    "doctor",
                    "eval",
                    "selftest",
                    "help",
                    "generate-completion");

    /** Those that tell about the others. */
    private static final Set<String> NEEDS_ALL = Set.of("help", "generate-completion");

    @Option(
            names = "--stacktrace",
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "Show where an error came from.")
    boolean stacktrace;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    /** Runs the sensor and ends the process with its exit code. */
    public static void main(String[] arguments) {
        HeadStart.begin(arguments);
        Terminal terminal = Terminal.system(System.getenv());
        int exitCode = commandLine(terminal, arguments).execute(arguments);
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

    /**
     * The command line, ready to be executed on these arguments; it talks to {@code terminal}
     * alone. Reading the options of a subcommand costs milliseconds of the start, so where the
     * first argument names one, the others are left out.
     */
    static CommandLine commandLine(Terminal terminal, String... arguments) {
        Ips ips = new Ips();
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
        String first = arguments.length == 0 ? "help" : arguments[0];
        boolean alone = SUBCOMMANDS.contains(first) && !NEEDS_ALL.contains(first);
        for (String name : alone ? List.of(first) : SUBCOMMANDS) {
            commandLine.addSubcommand(name, subcommand(name));
        }
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
                .setExpandAtFiles(false) // a capture file's name may begin with @
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(errors);
    }

    /** A switch, so that only the classes of the subcommands asked for are loaded. */
    private static Class<?> subcommand(String name) {
        return switch (name) {
            case "analyze" -> AnalyzeCommand.class;
            case "run" -> RunCommand.class;
            case "interfaces" -> InterfacesCommand.class;
            case "rules" -> RulesCommand.class;
            case "check-config" -> CheckConfigCommand.class;
            case "status" -> StatusCommand.class;
            case "bans" -> BansCommand.class;
            case "ban" -> BanCommand.class;
            case "unban" -> UnbanCommand.class;
            case "allow" -> AllowCommand.class;
            case "explain" -> ExplainCommand.class;
            case "reload" -> ReloadCommand.class;
            case "doctor" -> DoctorCommand.class;
            case "eval" -> EvalCommand.class;
            case "selftest" -> SelftestCommand.class;
            case "help" -> HelpCommand.class;
            case "generate-completion" -> GenerateCompletion.class;
            default -> throw new IllegalArgumentException(name);
        };
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
