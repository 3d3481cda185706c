package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.cli.config.ConfigBinder;
import ips.cli.config.ConfigException;
import ips.cli.config.ConfigNode;
import ips.cli.config.ConfigPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a setting's description says may be given is what its record accepts. */
class SettingRangesTest {
    private static final SensorConfig DEFAULTS = SensorConfig.defaults(SensorPreset.STANDARD);
    private static final Pattern NUMBER = Pattern.compile("[0-9_]+(\\.[0-9]+)?");
    private static final Pattern DURATION = Pattern.compile("[0-9]+(ms|s|m|h|d)");
    private static final Pattern REFUSAL =
            Pattern.compile("--set: (\\S+): \\S+ is out of range; give ([^;]+)(;.*)?");

    static Stream<ConfigPrinter.Row> settingsWithARange() {
        return ConfigPrinter.rows(DEFAULTS).stream().filter(row -> !probes(row.value()).isEmpty());
    }

    /** Values that are out of almost every range, below and above. */
    private static List<String> probes(String value) {
        if (DURATION.matcher(value).matches()) {
            return List.of("0s", "36500d");
        }
        return NUMBER.matcher(value).matches() ? List.of("-1", "0", "2147483647") : List.of();
    }

    @ParameterizedTest
    @MethodSource("settingsWithARange")
    void tellsWhatMayBeGivenWhereItRefusesAValueAndWhereItIsDescribed(ConfigPrinter.Row row) {
        List<String> refusals = new ArrayList<>();
        for (String probe : probes(row.value())) {
            refusal(row.key(), probe).ifPresent(refusals::add);
        }

        assertTrue(!refusals.isEmpty(), row.key() + " accepts anything");
        for (String refusal : refusals) {
            Matcher matcher = REFUSAL.matcher(refusal);
            assertTrue(matcher.matches(), refusal);
            assertEquals(row.key(), matcher.group(1));
            assertTrue(row.doc().contains(matcher.group(2)), refusal + " - " + row.doc());
        }
    }

    private static Optional<String> refusal(String key, String value) {
        ConfigNode.Mapping settings = ConfigNode.Mapping.empty("command line");
        settings.put(key, new ConfigNode.Scalar(value, "--set"));
        try {
            ConfigBinder.bind(settings, DEFAULTS);
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(e.problems().get(0).toString());
        }
    }
}
