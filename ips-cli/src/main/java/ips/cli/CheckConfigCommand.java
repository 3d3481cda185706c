package ips.cli;

import ips.cli.config.ConfigBinder;
import ips.cli.config.ConfigException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ips check-config FILE}: says everything that is wrong with a configuration at once. */
@Command(
        name = "check-config",
        description = "Checks a configuration file and says everything that is wrong with it.",
        mixinStandardHelpOptions = true)
final class CheckConfigCommand implements SensorCommand {
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "The configuration file.")
    private Path file;

    CheckConfigCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
        ConfigBinder.bind(SettingsOptions.read(file), SensorConfig.defaults(SensorPreset.STANDARD));
        terminal.out().println(file + ": all right");
        return ExitCode.OK;
    }
}
