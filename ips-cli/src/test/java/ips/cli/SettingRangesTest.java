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
    private static final Pattern BOUNDS =
            Pattern.compile("(?<![\\w-])([0-9]+[a-z]*) (?:or more|to ([0-9]+[a-z]*)\\b)");
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
            assertTrue(says(row.doc(), matcher.group(2)), refusal + " - " + row.doc());
        }
    }

    /** Not within a longer number or word: 1 to 64 is not 1 to 640. */
    private static boolean says(String doc, String range) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(range) + "(?![\\w-])")
                .matcher(doc)
                .find();
    }

    /** Where they are numbers or times: a bound may be the value of another setting, too. */
    @ParameterizedTest
    @MethodSource("settingsWithARange")
    void acceptsTheBoundsItTellsAndNothingBeyond(ConfigPrinter.Row row) {
        Matcher range = BOUNDS.matcher(row.doc());
        if (!range.find()) {
            return;
        }
        String least = range.group(1);
        assertEquals(Optional.empty(), refusal(row.key(), least));
        assertTrue(refusal(row.key(), stepped(least, -1)).isPresent(), row.doc());
        String most = range.group(2);
        if (most != null) {
            assertEquals(Optional.empty(), refusal(row.key(), most));
            assertTrue(refusal(row.key(), stepped(most, 1)).isPresent(), row.doc());
        }
    }

    /** A number, or a time, and one more or one less of its unit. */
    private static String stepped(String value, int by) {
        String unit = value.replaceFirst("[0-9]+", "");
        long number = Long.parseLong(value.substring(0, value.length() - unit.length()));
        return number + by + unit;
    }

    private static Optional<String> refusal(String key, String value) {
        ConfigNode.Mapping settings = ConfigNode.Mapping.empty("command line");
        settings.put(key, new ConfigNode.Scalar(value, "--set"));
        try {
            ConfigBinder.bind(settings, DEFAULTS);
            return Optional.empty();
        } catch (ConfigException e) {
            return e.problems().stream()
                    .map(ConfigException.Problem::toString)
                    .filter(problem -> problem.startsWith("--set: " + key + ":"))
                    .findFirst();
        }
    }
}
