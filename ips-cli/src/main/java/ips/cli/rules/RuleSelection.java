package ips.cli.rules;

import ips.cli.SensorConfig;
import ips.cli.SensorPreset;
import ips.cli.SettingsOptions;
import ips.cli.config.ConfigBinder;
import ips.cli.config.ConfigException;
import ips.cli.config.ConfigNode.Mapping;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

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

    boolean json() {
        return json;
    }

    /**
     * The settings that rules are read by.
     *
     * @param files those named on the command line; where there are none, those configured and
     *     shipped
     */
    SensorConfig.Rules settings(List<String> files) throws ConfigException {
        Mapping settings =
                config == null ? Mapping.empty("command line") : SettingsOptions.read(config);
        SensorConfig.Rules rules =
                ConfigBinder.bind(settings, SensorConfig.defaults(SensorPreset.STANDARD)).rules();
        return new SensorConfig.Rules(
                files.isEmpty() ? rules.files() : files,
                files.isEmpty() && rules.shipped(),
                rules.mode(),
                rules.midstream(),
                rules.strict(),
                rules.thresholdFile(),
                variables == null ? rules.variablesFile() : variables,
                rules.classificationFile(),
                rules.flows());
    }
}
