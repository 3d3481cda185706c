package ips.cli;

import ips.cli.config.ConfigBinder;
import ips.cli.config.ConfigException;
import ips.cli.config.ConfigFile;
import ips.cli.config.ConfigNode.Mapping;
import ips.cli.config.ConfigNode.Scalar;
import ips.cli.config.ConfigPrinter;
import ips.cli.syslog.SyslogTarget;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The options that set something: each is a key of the configuration and takes its place. What a
 * value may be is the configuration's business, not picocli's.
 */
public final class SettingsOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in YAML; options on the command line override them.")
    private Path config;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "standard",
            description =
                    "Settings to begin with: standard (default), or strict, which takes any ICMP"
                            + " echo and 50 SYNs of a source for an attack.")
    private SensorPreset preset;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Any setting by its key, such as detectors.syn-flood.threshold=500;"
                            + " --print-config lists them.")
    private List<String> set = List.of();

    @Option(
            names = "--rules-only",
            description = "No detectors but the given rules'; without rules, nothing is detected.")
    private boolean rulesOnly;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Rules in Suricata's language, beside those configured.")
    private List<String> rules = List.of();

    @Option(
            names = "--no-shipped-rules",
            description = "Do not ask the rules that come with the sensor.")
    private boolean noShippedRules;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "ids: rules only tell (default); ips: drop and reject take effect.")
    private String mode;

    @Option(
            names = "--checksums",
            paramLabel = "WHAT",
            description = "none: checksums are not verified; auto: they are (default).")
    private String checksums;

    @Option(
            names = "--midstream",
            paramLabel = "BOOLEAN",
            description =
                    "Whether rules follow TCP connections whose beginning was not seen; false by"
                            + " default.")
    private String midstream;

    @Option(
            names = "--threshold",
            paramLabel = "FILE",
            description = "suppress, threshold and rate_filter lines, as in threshold.config.")
    private String threshold;

    @Option(
            names = "--vars",
            paramLabel = "FILE",
            description = "YAML or JSON with address-groups and port-groups for rules.")
    private String variables;

    @Option(names = "--strict", description = "Do not start when a rule cannot be read.")
    private boolean strict;

    @Option(names = "--workers", paramLabel = "N", description = "Threads that judge frames.")
    private String workers;

    @Option(
            names = "--pipelines",
            paramLabel = "N",
            description =
                    "Rings side by side, each with a capture thread and its share of the workers;"
                            + " for more frames than one thread can take in.")
    private String pipelines;

    @Option(
            names = "--wait-strategy",
            paramLabel = "NAME",
            description =
                    "How workers wait for frames: parking (default), yielding, or busy-spin where"
                            + " each has a core of its own.")
    private String waitStrategy;

    @Option(
            names = "--log-dir",
            paramLabel = "DIR",
            description = "Where blocked_ips.log is written; logs by default.")
    private String logDir;

    @Option(
            names = "--eve",
            paramLabel = "FILE",
            description = "Write Suricata EVE JSON to a file, - for standard output.")
    private String eve;

    @Option(
            names = "--syslog",
            paramLabel = "HOST:PORT",
            arity = "0..1",
            fallbackValue = SyslogTarget.LOCAL,
            preprocessor = SyslogArgument.class,
            description =
                    "Send alerts and bans to syslog: this host's, or another's by UDP (RFC 5424).")
    private String syslog;

    @Option(
            names = "--pcap-alerts",
            paramLabel = "FILE",
            description = "Write the frames of alerts to a pcapng file, for Wireshark.")
    private String pcapAlerts;

    @Option(
            names = "--ban-time",
            paramLabel = "TIME",
            description = "How long a first ban lasts, such as 60s (default) or 10m.")
    private String banTime;

    @Option(
            names = "--allow",
            paramLabel = "CIDR",
            description = "An address or network never to be banned, beside those configured.")
    private List<String> allow = List.of();

    @Option(
            names = "--print-config",
            description = "Print the settings in force as YAML, each with its meaning, and end.")
    private boolean printConfig;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    boolean printConfig() {
        return printConfig;
    }

    /** A setting an option stands for, if it was given. */
    public record Override(String option, String key, String value) {}

    /**
     * The configuration in force.
     *
     * @param more options of the command at hand; those with a null value were not given
     */
    public SensorConfig read(Override... more) throws ConfigException {
        return read(SensorConfig.defaults(preset), more);
    }

    /** The same where frames come from files. */
    public SensorConfig readForFiles() throws ConfigException {
        return read(SensorConfig.defaultsForFiles(preset));
    }

    private SensorConfig read(SensorConfig defaults, Override... more) throws ConfigException {
        Mapping settings = config == null ? Mapping.empty("command line") : read(config);
        for (String assignment : set) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(),
                        "--set %s: expected KEY=VALUE, such as detectors.syn-flood.threshold=500"
                                .formatted(assignment));
            }
            put(
                    settings,
                    "--set",
                    assignment.substring(0, equals),
                    assignment.substring(equals + 1));
        }
        put(settings, "--workers", "workers", workers);
        put(settings, "--pipelines", "pipelines", pipelines);
        put(settings, "--wait-strategy", "ring.wait-mode", waitStrategy);
        put(settings, "--log-dir", "output.log-dir", logDir);
        put(settings, "--eve", "output.eve", eve);
        put(settings, "--syslog", "output.syslog", syslog);
        put(settings, "--pcap-alerts", "output.pcap-alerts", pcapAlerts);
        put(settings, "--ban-time", "bans.ban-time", banTime);
        for (String network : allow) {
            settings.append("bans.allow", new Scalar(network, "--allow"));
        }
        for (String file : rules) {
            settings.append("rules.files", new Scalar(file, "--rules"));
        }
        put(settings, "--no-shipped-rules", "rules.shipped", noShippedRules ? "false" : null);
        put(settings, "--mode", "rules.mode", mode);
        put(settings, "--midstream", "rules.midstream", midstream);
        put(settings, "--threshold", "rules.threshold-file", threshold);
        put(settings, "--vars", "rules.variables-file", variables);
        put(settings, "--strict", "rules.strict", strict ? "true" : null);
        put(settings, "--checksums", "verify-checksums", verifyChecksums());
        for (Override override : more) {
            put(settings, override.option(), override.key(), override.value());
        }
        if (rulesOnly) {
            put(settings, "--rules-only", "rules.shipped", "false");
            ConfigPrinter.rows(defaults).stream()
                    .map(ConfigPrinter.Row::key)
                    .filter(key -> key.matches("detectors\\.[^.]+\\.enabled"))
                    .forEach(key -> put(settings, "--rules-only", key, "false"));
        }
        return ConfigBinder.bind(settings, defaults);
    }

    private String verifyChecksums() {
        if (checksums == null) {
            return null;
        }
        return switch (checksums) {
            case "none" -> "false";
            case "auto" -> "true";
            default ->
                    throw new CommandLine.ParameterException(
                            spec.commandLine(),
                            "--checksums %s: expected none or auto".formatted(checksums));
        };
    }

    private static void put(Mapping settings, String option, String key, String value) {
        if (value != null) {
            settings.put(key, new Scalar(value, option));
        }
    }

    /** Reads a configuration file; what keeps it from being read is a sentence. */
    public static Mapping read(Path file) throws ConfigException {
        try {
            return ConfigFile.read(file);
        } catch (CharacterCodingException e) {
            throw new UserError(ExitCode.CONFIGURATION, file + ": not UTF-8 text", e);
        } catch (IOException e) {
            if (file.toString().isEmpty()) {
                throw new UserError(
                        ExitCode.CONFIGURATION, "the name of the configuration is empty", e);
            }
            if (Files.isDirectory(file)) {
                throw new UserError(
                        ExitCode.CONFIGURATION, file + " is a directory; name a file in it", e);
            }
            throw new UserError(
                    ExitCode.CONFIGURATION,
                    "the configuration cannot be read: " + Errors.sentence(e),
                    e);
        }
    }
}
