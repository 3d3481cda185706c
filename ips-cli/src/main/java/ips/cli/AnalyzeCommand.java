package ips.cli;

import ips.capture.CaptureFileSource;
import ips.capture.CaptureSource;
import ips.cli.config.ConfigException;
import ips.cli.config.ConfigPrinter;
import ips.cli.report.Units;
import ips.cli.rules.RuleFiles;
import ips.core.EngineReport;
import ips.core.rule.SignatureSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ips analyze FILE...}: who attacks in capture files, and who would be banned. */
@Command(
        name = "analyze",
        description =
                "Reads capture files one after another as one stretch of traffic and says who"
                        + " attacks in them.",
        mixinStandardHelpOptions = true)
final class AnalyzeCommand implements SensorCommand {
    private final Terminal terminal;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description =
                    "pcap or pcapng, plain or compressed with gzip or zstd; - for standard input.")
    private List<Path> files = List.of();

    @Mixin private SettingsOptions settings;
    @Mixin private ReportOptions reporting;
    @Spec private CommandSpec spec;

    AnalyzeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, ConfigException {
        SensorConfig config = settings.readForFiles();
        if (settings.printConfig()) {
            terminal.out().print(ConfigPrinter.yaml(config));
            return ExitCode.OK;
        }
        if (files.isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "a capture file is missing; - reads standard input");
        }
        reporting.check(config);
        HeapCheck.check(config.engine());
        try (CaptureSource source = CaptureFileSource.of(files, config.engine().pipelines())) {
            return analyze(source, config);
        }
    }

    private int analyze(CaptureSource source, SensorConfig config) throws IOException {
        EngineReport report;
        String file = files.size() == 1 ? files.get(0).toString() : null;
        SignatureSet rules = RuleFiles.load(config.rules(), terminal.err());
        try (Session session =
                        new Session(
                                config, false, file, rules, List.of(), terminal, terminal.err());
                Interrupts interrupts = new Interrupts(session::stop)) {
            boolean bar = terminal.errIsTerminal() && !reporting.quiet();
            try (FileProgress progress = new FileProgress(source, subject(), terminal.err(), bar)) {
                report = session.run(source);
            }
            source.warnings()
                    .forEach(warning -> terminal.err().println("ips: warning: " + warning));
            reporting.tell(
                    report, subject(), session.elapsed(), "would be banned", config, terminal);
            session.throwFailure();
        }
        return reporting.exitCode(report);
    }

    private String subject() {
        String first = files.get(0).toString();
        String name = first.equals("-") ? "standard input" : first;
        return files.size() == 1 ? name : name + " and " + Units.count(files.size() - 1) + " more";
    }
}
