package ips.cli.doctor;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.cli.ExitCode;
import ips.cli.SensorCommand;
import ips.cli.SensorConfig;
import ips.cli.SensorPreset;
import ips.cli.SettingsOptions;
import ips.cli.Terminal;
import ips.cli.config.ConfigBinder;
import ips.cli.config.ConfigException;
import ips.cli.report.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ips doctor}: what this host lacks to run the sensor, and the command that mends it. */
@Command(
        name = "doctor",
        description =
                "Checks this host and says what is wrong, each with the command that mends it."
                        + " Exit code 6 if something keeps the sensor from working.",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements SensorCommand {
    private final Terminal terminal;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The sensor's configuration. What blocking needs is wrong to lack with block:"
                            + " nft only.")
    private Path file;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IF",
            description = "The link that is to be watched.")
    private String link;

    @Option(
            names = "--log-dir",
            paramLabel = "DIR",
            description = "Where logs are to be written; logs by default.")
    private Path logDir;

    @Option(names = "--json", description = "Print a JSON array, for programs.")
    private boolean json;

    public DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, ConfigException {
        SensorConfig config = SensorConfig.defaults(SensorPreset.STANDARD);
        if (file != null) {
            config = ConfigBinder.bind(SettingsOptions.read(file), config);
        }
        List<Finding> findings =
                new Checks(
                                link == null ? config.capture().interfaces() : List.of(link),
                                logDir == null ? config.output().logDir() : logDir,
                                config.nft().program(),
                                config.block().enforces())
                        .run();
        if (json) {
            terminal.out().println(Json.of(json -> write(json, findings)));
        } else {
            for (Finding finding : findings) {
                terminal.out()
                        .printf(
                                "%-5s %-12s %s%n",
                                finding.level().word(), finding.subject(), finding.text());
                if (!finding.remedy().isEmpty()) {
                    terminal.out().printf("%-18s -> %s%n", "", finding.remedy());
                }
            }
        }
        boolean wrong = findings.stream().anyMatch(each -> each.level() == Finding.Level.WRONG);
        return wrong ? ExitCode.ENVIRONMENT : ExitCode.OK;
    }

    private static void write(JsonGenerator json, List<Finding> findings) throws IOException {
        json.writeStartArray();
        for (Finding finding : findings) {
            json.writeStartObject();
            json.writeStringField("level", finding.level().word());
            json.writeStringField("subject", finding.subject());
            json.writeStringField("text", finding.text());
            json.writeStringField("remedy", finding.remedy());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
