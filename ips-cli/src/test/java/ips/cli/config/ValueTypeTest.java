package ips.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ips.core.Setting;
import ips.core.Settings;
import ips.core.verdict.BanScope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypeTest {
    record Limits(
            @Setting("how many") int most,
            @Setting("how long") Duration window,
            @Setting("a share") double share,
            @Setting("bytes") long size,
            @Setting("on or off") boolean enabled) {
        static final Limits DEFAULTS = new Limits(1, Duration.ZERO, 0, 0, false);

        Limits {
            Settings.within("window", window, Duration.ZERO, Duration.ofDays(1));
        }
    }

    private static Object parse(Class<?> type, String text) {
        return ValueType.of(type).orElseThrow().parse().apply(text);
    }

    private static void refuses(Class<?> type, String text) {
        assertThrows(IllegalArgumentException.class, () -> parse(type, text), text);
    }

    private static void findsTooLarge(Class<?> type, String text) {
        assertThrows(ArithmeticException.class, () -> parse(type, text), text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "+5, 5",
        "-5, -5",
        "007, 7",
        "65_536, 65536",
        "' 500 ', 500",
        "2KiB, 2048",
        "16MiB, 16777216",
        "16 MiB, 16777216",
        "-1GiB, -1073741824",
        "2147483647, 2147483647",
        "-2147483648, -2147483648",
        "-2GiB, -2147483648"
    })
    void readsWholeNumbers(String text, int number) {
        assertEquals(number, parse(int.class, text));
        assertEquals((long) number, parse(long.class, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "-", "_5", "MiB", "1.5", "1e3", "0x10", "5 5", "16MB", "16mib", "16KB",
                "16K", "16MiBs", "5%", "--5", "+-5", "\u0661", "\uff15"
            })
    void refusesWhatIsNoWholeNumber(String text) {
        refuses(int.class, text);
        refuses(long.class, text);
    }

    @Test
    void findsWholeNumbersTooLargeRatherThanCutThem() {
        for (String text : List.of("2147483648", "-2147483649", "2GiB", "2097152 KiB")) {
            findsTooLarge(int.class, text);
        }
        for (String text :
                List.of("9223372036854775808", "-9223372036854775809", "8589934592GiB")) {
            findsTooLarge(int.class, text);
            findsTooLarge(long.class, text);
        }
        assertEquals(Long.MIN_VALUE, parse(long.class, "-8589934592GiB"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0s, 0",
        "1ns, 1",
        "1us, 1000",
        "1ms, 1000000",
        "1m, 60000000000",
        "1h30m, 5400000000000",
        "1m1s1ms1us1ns, 61001001001",
        "1_500ms, 1500000000",
        "' 2d ', 172800000000000",
        "106751d, 9223286400000000000",
        "9223372036854775807ns, 9223372036854775807"
    })
    void readsDurations(String text, long nanos) {
        assertEquals(Duration.ofNanos(nanos), parse(Duration.class, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "5", "s", "-5s", "+5s", "1.5s", "1,5s", "5 s", "1h 30m", "5S", "5min",
                "5sec", "s5", "5s3", "5s;", "5w", "5y", "PT5S", "1e3s", "_5s", "\uff15s", "forever"
            })
    void refusesWhatIsNoDuration(String text) {
        refuses(Duration.class, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775807s1s",
                "9223372036854775807m",
                "9223372036854775808ns",
                "99999999999999999999999999s"
            })
    void findsDurationsTooLargeThatNobodyCanCount(String text) {
        findsTooLarge(Duration.class, text);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "0.5, 0.5",
        ".5, 0.5",
        "5., 5",
        "-0.25, -0.25",
        "+1_000.5, 1000.5",
        "1e-3, 0.001",
        "1.0E9, 1000000000"
    })
    void readsNumbers(String text, double number) {
        assertEquals(number, parse(double.class, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "e3",
                "5d",
                "0.5f",
                "5D",
                "0x1p3",
                "NaN",
                "Infinity",
                "-Infinity",
                "1,5",
                "1.2.3",
                "1e",
                "5%"
            })
    void refusesWhatIsNoNumber(String text) {
        refuses(double.class, text);
    }

    @Test
    void findsNumbersTooLargeThatNoDoubleHolds() {
        findsTooLarge(double.class, "1e309");
        findsTooLarge(double.class, "-1e999");
    }

    @Test
    void readsWordsInAnyCase() {
        for (String yes : List.of("true", "Yes", "ON", " on ")) {
            assertEquals(true, parse(boolean.class, yes));
        }
        for (String no : List.of("false", "No", "OFF")) {
            assertEquals(false, parse(boolean.class, no));
        }
        for (String neither : List.of("", "1", "0", "y", "n", "true false")) {
            refuses(boolean.class, neither);
        }
        assertEquals(BanScope.ODD_FLAGS, parse(BanScope.class, "odd-flags"));
        assertEquals(BanScope.ODD_FLAGS, parse(BanScope.class, "ODD_FLAGS"));
        assertEquals(BanScope.ALL, parse(BanScope.class, "all"));
        refuses(BanScope.class, "odd flags");
        refuses(BanScope.class, "odd");
        refuses(BanScope.class, "");
    }

    @ParameterizedTest
    @CsvSource({
        "9999, 9999",
        "10000, 10_000",
        "-9999, -9999",
        "-10000, -10_000",
        "1234567, 1_234_567",
        "9223372036854775807, 9_223_372_036_854_775_807"
    })
    void writesNumbersThatItReadsBack(long number, String text) {
        ValueType type = ValueType.of(long.class).orElseThrow();

        assertEquals(text, type.print().apply(number));
        assertEquals(number, type.parse().apply(text));
    }

    @Test
    void readsBackTheLeastOfAllNumbers() {
        ValueType type = ValueType.of(long.class).orElseThrow();

        assertEquals(Long.MIN_VALUE, type.parse().apply(type.print().apply(Long.MIN_VALUE)));
    }

    @Test
    void namesTheLineWhatIsWrongAndWhatIsRight() {
        String yaml =
                """
                most: 99_999_999_999
                window: 999999999999999d
                share: 5d
                size: 8589934592GiB
                enabled: "\\e[2J\\u009b\\u202e"
                """;

        ConfigException e =
                assertThrows(
                        ConfigException.class,
                        () ->
                                ConfigBinder.bind(
                                        ConfigFile.parse(yaml, "ips.yaml"), Limits.DEFAULTS));

        String number = "a whole number such as 500, 65_536 or 16MiB";
        assertEquals(
                List.of(
                        "ips.yaml:1: most: \"99_999_999_999\" is too large; give " + number,
                        "ips.yaml:2: window: \"999999999999999d\" is too large; give a duration such"
                                + " as 60s, 10m or 500ms",
                        "ips.yaml:3: share: \"5d\" is not a number such as 0.5",
                        "ips.yaml:4: size: \"8589934592GiB\" is too large; give " + number,
                        "ips.yaml:5: enabled: \"?[2J??\" is not true or false"),
                e.problems().stream().map(ConfigException.Problem::toString).toList());
    }

    /** A time whose nanoseconds no long holds is out of range like any other. */
    @ParameterizedTest
    @CsvSource({
        "1d1ns, 86400000000001ns",
        "106751d1ns, 9223286400000000001ns",
        "106752d, 106752d",
        "110000d1ns, 110000d",
        "9999999999999d23h, 9999999999999d"
    })
    void namesTheRangeThatATimeIsOutOf(String written, String told) {
        ConfigException e =
                assertThrows(
                        ConfigException.class,
                        () ->
                                ConfigBinder.bind(
                                        ConfigFile.parse("window: " + written, "ips.yaml"),
                                        Limits.DEFAULTS));

        assertEquals(
                "ips.yaml:1: window: " + told + " is out of range; give 0s to 1d", e.getMessage());
    }

    @Test
    void namesTheKeyOfADurationBesideTheConfiguration() {
        assertEquals(
                "--for: \"999999999999999d\" is too large; give a time such as 60s or 10m",
                refusal("999999999999999d"));
        assertEquals("--for: \"-5s\" is not a duration such as 60s, 10m or 1h30m", refusal("-5s"));
    }

    private static String refusal(String text) {
        return assertThrows(IllegalArgumentException.class, () -> Durations.parse("--for", text))
                .getMessage();
    }
}
