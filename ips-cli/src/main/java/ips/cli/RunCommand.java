package ips.cli;

import ips.capture.CaptureException;
import ips.capture.CaptureInterfaces.Interface;
import ips.capture.CaptureSource;
import ips.capture.CaptureSources;
import ips.cli.config.ConfigException;
import ips.cli.config.ConfigPrinter;
import ips.cli.control.AddressHistory;
import ips.cli.control.ControlServer;
import ips.cli.control.ControlSocket;
import ips.cli.control.Operator;
import ips.cli.rules.RuleFiles;
import ips.core.EngineReport;
import ips.core.WarmUp;
import ips.core.alert.ConsoleAlerts;
import ips.core.block.BlockListener;
import ips.core.block.BlockManager;
import ips.core.rule.SignatureSet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ips run}: watches links until it is told to end. */
@Command(
        name = "run",
        description =
                "Watches links: alerts on the console, bans and releases in blocked_ips.log."
                        + " Ctrl-C ends it and prints a summary.",
        mixinStandardHelpOptions = true)
final class RunCommand implements SensorCommand {
    /** How often a person may mistype before it is taken for a refusal. */
    private static final int TRIES = 3;

    private final Terminal terminal;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IF",
            description = "The link to watch; several are watched at once. Asks when missing.")
    private List<String> interfaces;

    @Option(
            names = "--capture",
            paramLabel = "auto|afpacket|pcap",
            description = "afpacket: the kernel's ring, Linux only; pcap: libpcap; auto: the best.")
    private String capture;

    @Option(
            names = "--filter",
            paramLabel = "BPF",
            description = "Frames to look at, as tcpdump writes it, such as 'not port 22'.")
    private String filter;

    @Option(
            names = "--block",
            paramLabel = "log|nft",
            description =
                    "What carries bans out; log: tells what would be blocked; nft: blocks in the"
                            + " kernel's firewall.")
    private String block;

    @Option(
            names = "--on-exit",
            paramLabel = "keep|lift",
            description = "What becomes of the kernel's bans at the end; they are kept by default.")
    private String onExit;

    @Option(
            names = "--control-socket",
            paramLabel = "PATH",
            description = "Socket for ips status, bans, ban...: a path, auto (default) or none.")
    private String controlSocket;

    @Option(
            names = "--metrics-port",
            paramLabel = "N",
            description = "Serve Prometheus on 127.0.0.1:N/metrics, and /healthz.")
    private String metricsPort;

    @Mixin private SettingsOptions settings;
    @Mixin private ReportOptions reporting;
    @Spec private CommandSpec spec;

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, ConfigException {
        SensorConfig config = settings.read(overrides());
        if (settings.printConfig()) {
            terminal.out().print(ConfigPrinter.yaml(config));
            return ExitCode.OK;
        }
        reporting.check(config);
        HeapCheck.check(config.engine());
        checkAlone(config);
        List<String> links = config.capture().interfaces();
        if (links.isEmpty()) {
            links = ask();
        }
        SignatureSet rules = RuleFiles.load(config.rules(), terminal.err());
        // A mistake is to be told at once, and to leave no folder behind.
        open(links, config).close();
        Logs.check(config.output());
        try (LogFolderLock lock = LogFolderLock.take(config.output().logDir())) {
            if (config.capture().warmUp()) {
                warmUp(config, rules);
            }
            try (CaptureSource source = open(links, config)) {
                return watch(source, String.join(", ", links), config, rules);
            }
        }
    }

    /** Before the links are opened, for their rings hold no more than a second. */
    private static void warmUp(SensorConfig config, SignatureSet rules) {
        WarmUp.run(config.engine(), rules, Session.ruleOptions(config));
        System.gc(); // its tables make room for those to come
    }

    /**
     * Refuses to run beside another sensor where the two would be in each other's way, before
     * anything is begun: with one table of nftables for both, each would end the other's bans.
     */
    private static void checkAlone(SensorConfig config) {
        String setting = config.output().controlSocket();
        Optional<Path> held =
                ControlSocket.path(setting, System.getenv()).filter(ControlServer::isAnswered);
        if (held.isEmpty()) {
            return;
        }
        if (!setting.equals(ControlSocket.AUTO)) {
            throw new UserError(
                    ExitCode.ENVIRONMENT,
                    held.get()
                            + " is another sensor's; give this one a --control-socket of its own");
        }
        if (config.block() == SensorConfig.Block.NFT) {
            throw new UserError(
                    ExitCode.ENVIRONMENT,
                    "another sensor listens at "
                            + held.get()
                            + ", and two that block may end each other's bans; end it, or give this"
                            + " one a --control-socket and an nft.table of its own");
        }
    }

    private SettingsOptions.Override[] overrides() {
        return new SettingsOptions.Override[] {
            override(
                    "--interface",
                    "capture.interfaces",
                    interfaces == null ? null : String.join(",", interfaces)),
            override("--capture", "capture.mode", capture),
            override("--filter", "capture.filter", filter),
            override("--block", "block", block),
            override("--on-exit", "nft.on-exit", onExit),
            override("--control-socket", "output.control-socket", controlSocket),
            override("--metrics-port", "output.metrics-port", metricsPort)
        };
    }

    private static SettingsOptions.Override override(String option, String key, String value) {
        return new SettingsOptions.Override(option, key, value);
    }

    private CaptureSource open(List<String> links, SensorConfig config) {
        SensorConfig.Capture capture = config.capture();
        try {
            return CaptureSources.live(
                    links, capture.mode(), capture.filter(), config.engine().pipelines());
        } catch (CaptureException e) {
            int exitCode =
                    switch (e.reason()) {
                        case PERMISSION -> ExitCode.PERMISSION;
                        case FILTER -> ExitCode.USAGE;
                        case OTHER -> ExitCode.ENVIRONMENT;
                    };
            throw new UserError(exitCode, e.getMessage(), e);
        }
    }

    private int watch(CaptureSource source, String links, SensorConfig config, SignatureSet rules)
            throws IOException {
        StatusLine line =
                new StatusLine(terminal.err(), terminal.errIsTerminal() && !reporting.quiet());
        PrintStream above = line.above();
        AddressHistory history = new AddressHistory();
        List<BlockListener> console = new ArrayList<>(List.of(history));
        if (!reporting.quiet()) {
            console.add(new ConsoleAlerts(above, terminal.colorsErr()));
        }
        String link = source.interfaces().size() == 1 ? links : null;
        EngineReport report;
        try (line;
                Session session =
                        new Session(config, true, link, rules, console, terminal, above)) {
            Liveness liveness = liveness(session.engine().blockManager());
            Supplier<String> trouble = () -> sentences(source.status(), liveness.trouble());
            Reload reload = new Reload(() -> settings.read(overrides()), config, session, above);
            try (Interrupts interrupts = interrupts(session, reload);
                    MetricsServer metrics = metrics(config, session, trouble);
                    ControlServer control =
                            control(config, session, trouble, history, reload, above);
                    ServiceManager service = new ServiceManager(System.getenv(), liveness);
                    LiveStatus status = new LiveStatus(session.engine(), source, line, above)) {
                if (!reporting.quiet()) {
                    above.println("watching " + links + "; Ctrl-C ends it");
                }
                report = session.run(source);
                status.close();
                source.warnings()
                        .forEach(warning -> terminal.err().println("ips: warning: " + warning));
                reporting.tell(report, links, session.elapsed(), "banned", config, terminal);
                session.throwFailure();
            }
        } catch (CaptureException e) {
            throw new UserError(ExitCode.ENVIRONMENT, e.getMessage(), e);
        }
        return reporting.exitCode(report);
    }

    /** SIGHUP is what services are told to reload by; at a terminal it is the terminal's end. */
    private Interrupts interrupts(Session session, Reload reload) {
        return terminal.errIsTerminal()
                ? new Interrupts(session::stop)
                : new Interrupts(session::stop, reload::hungUp);
    }

    /** The operator's socket, or null where there is none; the sensor runs without, too. */
    private ControlServer control(
            SensorConfig config,
            Session session,
            Supplier<String> trouble,
            AddressHistory history,
            Reload reload,
            PrintStream errors) {
        String setting = config.output().controlSocket();
        Optional<Path> path = ControlSocket.path(setting, System.getenv());
        if (path.isEmpty()) {
            return null;
        }
        Operator operator = new Operator(session.engine(), history, trouble, reload);
        try {
            return new ControlServer(path.get(), operator::answer);
        } catch (IOException e) {
            String sentence = Errors.sentence(e);
            if (!setting.equals(ControlSocket.AUTO)) {
                throw new UserError(ExitCode.ENVIRONMENT, sentence, e);
            }
            errors.println("ips: warning: no control socket: " + sentence);
            return null;
        }
    }

    /** The endpoint, or null where none is wanted: try-with-resources takes that. */
    private static MetricsServer metrics(
            SensorConfig config, Session session, Supplier<String> trouble) {
        int port = config.output().metricsPort();
        return port == 0
                ? null
                : new MetricsServer(
                        port,
                        session.engine().metrics(),
                        () ->
                                sentences(
                                        trouble.get(),
                                        session.engine().blockManager().enforcerHealth()));
    }

    private static Liveness liveness(BlockManager bans) {
        return new Liveness(() -> bans.isAlive(2000), bans::progressNs, System::nanoTime);
    }

    private static String sentences(String... each) {
        return Stream.of(each)
                .filter(sentence -> !sentence.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /** Lets a person choose; where nobody sits there is a word missing on the command line. */
    private List<String> ask() throws IOException {
        if (!terminal.inIsTerminal() || !terminal.errIsTerminal()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--interface is missing; ips interfaces lists those there are");
        }
        List<Interface> there = InterfacesCommand.list();
        InterfacesCommand.lines(there, true).forEach(terminal.err()::println);
        for (int i = 0; i < TRIES && !there.isEmpty(); i++) {
            terminal.err().print("Watch which? [1] ");
            terminal.err().flush();
            String answer = terminal.in().readLine();
            if (answer == null) {
                break;
            }
            Optional<String> chosen = choose(answer.strip(), there);
            if (chosen.isPresent()) {
                return List.of(chosen.get());
            }
            terminal.err().println("There is no " + answer.strip() + "; type a number or a name.");
        }
        throw new CommandLine.ParameterException(spec.commandLine(), "no interface chosen");
    }

    private static Optional<String> choose(String answer, List<Interface> there) {
        if (answer.isEmpty()) {
            return Optional.of(there.get(0).name());
        }
        for (int i = 0; i < there.size(); i++) {
            String name = there.get(i).name();
            if (answer.equals(name) || answer.equals(Integer.toString(i + 1))) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }
}
