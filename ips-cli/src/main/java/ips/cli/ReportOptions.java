package ips.cli;

import ips.cli.report.JsonReport;
import ips.cli.report.TextReport;
import ips.core.EngineReport;
import java.io.PrintStream;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options for the report at the end, and for the exit code. */
final class ReportOptions {
    /** What {@code --fail-on} waits for. */
    enum Finding {
        ALERT,
        BAN
    }

    @Option(
            names = "--json",
            description =
                    "Print the outcome as one JSON object, and nothing else on standard output.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description =
                    "Print no progress, no alerts and no summary; errors and --json all the same.")
    private boolean quiet;

    @Option(
            names = "--fail-on",
            paramLabel = "alert|ban",
            description = "End with exit code 3 if anything was alerted, or anybody banned.")
    private Finding failOn;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    boolean quiet() {
        return quiet;
    }

    /** Two things cannot share standard output. */
    void check(SensorConfig config) {
        if (json && config.output().eve().equals("-")) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--json and --eve - both want standard output; give --eve a file");
        }
    }

    /**
     * Tells the outcome.
     *
     * @param subject what was read
     * @param banVerb what became of offenders
     */
    void tell(
            EngineReport report,
            String subject,
            Duration elapsed,
            String banVerb,
            SensorConfig config,
            Terminal terminal) {
        if (json) {
            terminal.out().println(JsonReport.of(report));
        } else if (!quiet) {
            boolean outIsTaken = config.output().eve().equals("-");
            PrintStream stream = outIsTaken ? terminal.err() : terminal.out();
            boolean colors = outIsTaken ? terminal.colorsErr() : terminal.colorsOut();
            TextReport.of(report, subject, elapsed, banVerb, colors).forEach(stream::println);
        }
        terminal.out().flush();
    }

    int exitCode(EngineReport report) {
        boolean found =
                failOn == Finding.ALERT
                                && !(report.detections().isEmpty() && report.alerts().isEmpty())
                        || failOn == Finding.BAN && !report.bans().isEmpty();
        return found ? ExitCode.FINDINGS : ExitCode.OK;
    }
}
