package ips.cli;

import ips.cli.config.ConfigBinder;
import ips.cli.config.ConfigException;
import ips.cli.config.ConfigNode.Mapping;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code ips rules} that say how rules are to be read. */
final class RuleSelection {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The sensor's settings: its variables and classes, and its files of rules"
                            + " where none is named.")
    private Path config;

    @Option(
            names = "--vars",
            paramLabel = "FILE",
            description = "YAML or JSON with address-groups and port-groups for rules.")
    private String variables;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    boolean json() {
        return json;
    }

    /**
     * The settings that rules are read by.
     *
     * @param files those named on the command line; where there are none, those configured
     */
    SensorConfig.Rules settings(List<String> files) throws ConfigException {
        Mapping settings =
                config == null ? Mapping.empty("command line") : SettingsOptions.read(config);
        SensorConfig.Rules rules =
                ConfigBinder.bind(settings, SensorConfig.defaults(Preset.STANDARD)).rules();
        SensorConfig.Rules chosen =
                new SensorConfig.Rules(
                        files.isEmpty() ? rules.files() : files,
                        rules.mode(),
                        rules.midstream(),
                        rules.strict(),
                        rules.thresholdFile(),
                        variables == null ? rules.variablesFile() : variables,
                        rules.classificationFile(),
                        rules.flows());
        if (chosen.files().isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "a file of rules is missing");
        }
        return chosen;
    }
}
