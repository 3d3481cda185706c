package ips.cli;

import ips.cli.config.ConfigBinder;
import ips.cli.config.ConfigException;
import ips.cli.config.ConfigException.Problem;
import ips.cli.config.ConfigNode.Entry;
import ips.cli.config.ConfigNode.Mapping;
import ips.cli.rules.RuleFiles;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code ips check-config FILE}: says everything that is wrong with a configuration at once, and
 * with the files of rules that it names.
 */
@Command(
        name = "check-config",
        description =
                "Checks a configuration file, and the files of rules it names, and says everything"
                        + " that is wrong.",
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
        Mapping settings = SettingsOptions.read(file);
        SensorConfig config =
                ConfigBinder.bind(settings, SensorConfig.defaults(SensorPreset.STANDARD));
        List<Problem> problems =
                RuleFiles.check(config.rules(), terminal.err()).stream()
                        .map(sentence -> new Problem(origin(settings, sentence), sentence))
                        .toList();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        terminal.out().println(file + ": all right");
        return ExitCode.OK;
    }

    /** Where the key stands that a sentence begins with: {@code rules.files (--rules): ...}. */
    private static String origin(Mapping settings, String sentence) {
        Mapping level = settings;
        String origin = settings.origin();
        for (String key : sentence.split("[ :]", 2)[0].split("\\.")) {
            Entry entry = level.entries().get(key);
            if (entry == null) {
                break;
            }
            origin = entry.origin();
            level = entry.value() instanceof Mapping below ? below : Mapping.empty(origin);
        }
        return origin;
    }
}
