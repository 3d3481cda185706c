package ips.cli.config;

import ips.core.Settings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one type of value is written: what is expected, text to value, value to text.
 *
 * <p>Beside the types listed here, every enum is known by its words, and every class with a static
 * {@code parse(String)} by that.
 *
 * @param expected what is right: "a duration such as 60s, 10m or 500ms"
 * @param parse throws IllegalArgumentException, with or without a reason, for anything else, and
 *     ArithmeticException for what would be right but is too large
 */
record ValueType(String expected, Function<String, Object> parse, Function<Object, String> print) {
    private static final String WHOLE = "a whole number such as 500, 65_536 or 16MiB";

    private static final ValueType PATH = new ValueType("a path", Path::of, Object::toString);

    private static final Map<Class<?>, ValueType> TYPES =
            Map.of(
                    int.class,
                    new ValueType(
                            WHOLE, text -> Math.toIntExact(parseLong(text)), ValueType::grouped),
                    long.class,
                    new ValueType(WHOLE, ValueType::parseLong, ValueType::grouped),
                    double.class,
                    new ValueType("a number such as 0.5", ValueType::parseDouble, Object::toString),
                    boolean.class,
                    new ValueType("true or false", ValueType::parseBoolean, Object::toString),
                    String.class,
                    new ValueType("text", text -> text, Object::toString),
                    Duration.class,
                    new ValueType(
                            "a duration such as 60s, 10m or 500ms",
                            ValueType::parseDuration,
                            value -> Settings.text((Duration) value)),
                    Path.class,
                    PATH);

    private static final Map<String, Duration> UNITS =
            Map.of(
                    "ns", Duration.ofNanos(1),
                    "us", Duration.ofNanos(1_000),
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "d", Duration.ofDays(1));

    private static final Pattern WHOLE_NUMBER =
            Pattern.compile("([+-]?[0-9][0-9_]*)\\s*(KiB|MiB|GiB)?");

    /** Java reads hexadecimal and {@code 5d}, too, which somebody means for five days. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9][0-9_]*\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");

    private static final Pattern DURATION_PART =
            Pattern.compile("([0-9][0-9_]*)(ns|us|ms|s|m|h|d)");

    /** The type's way of writing, or nothing for a type that is no single value. */
    static Optional<ValueType> of(Class<?> type) {
        if (TYPES.containsKey(type)) {
            return Optional.of(TYPES.get(type));
        }
        if (type.isEnum()) {
            return Optional.of(ofEnum(type));
        }
        return Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getName().equals("parse"))
                .filter(
                        method ->
                                Arrays.equals(
                                        method.getParameterTypes(), new Class<?>[] {String.class}))
                .filter(method -> type.isAssignableFrom(method.getReturnType()))
                .findFirst()
                .map(method -> ofParse(type, method));
    }

    private static ValueType ofEnum(Class<?> type) {
        List<?> constants = List.of(type.getEnumConstants());
        List<String> words = constants.stream().map(ValueType::word).toList();
        Function<String, Object> parse =
                text -> {
                    int i = words.indexOf(text.toLowerCase(Locale.ROOT).replace('_', '-'));
                    if (i < 0) {
                        throw new IllegalArgumentException();
                    }
                    return constants.get(i);
                };
        return new ValueType("one of " + String.join(", ", words), parse, ValueType::word);
    }

    private static String word(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ValueType ofParse(Class<?> type, Method method) {
        Function<String, Object> parse =
                text -> {
                    try {
                        return method.invoke(null, text);
                    } catch (InvocationTargetException e) {
                        throw new IllegalArgumentException(e.getCause().getMessage());
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                };
        String name = Keys.kebab(type.getSimpleName()).replace('-', ' ');
        String expected = name.equals("cidr") ? "an address or network such as 192.0.2.0/24" : name;
        return new ValueType(expected, parse, Object::toString);
    }

    private static long parseLong(String text) {
        Matcher matcher = WHOLE_NUMBER.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        long number = counted(matcher.group(1));
        String unit = matcher.group(2) == null ? "" : matcher.group(2);
        int shift =
                switch (unit) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    default -> 0;
                };
        return Math.multiplyExact(number, 1L << shift);
    }

    /** Digits, which may have a sign and underscores. */
    private static long counted(String digits) {
        try {
            return Long.parseLong(digits.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new ArithmeticException();
        }
    }

    private static double parseDouble(String text) {
        String written = text.strip();
        if (!NUMBER.matcher(written).matches()) {
            throw new IllegalArgumentException();
        }
        double number = Double.parseDouble(written.replace("_", ""));
        if (Double.isInfinite(number)) {
            throw new ArithmeticException();
        }
        return number;
    }

    private static boolean parseBoolean(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    /** {@code 60s}, {@code 500ms}, {@code 1h30m}. */
    static Duration parseDuration(String text) {
        String rest = text.strip();
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = DURATION_PART.matcher(rest);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (end < rest.length() && matcher.find(end) && matcher.start() == end) {
            long number = counted(matcher.group(1));
            sum = sum.plus(UNITS.get(matcher.group(2)).multipliedBy(number));
            end = matcher.end();
        }
        if (end == 0 || end < rest.length()) {
            throw new IllegalArgumentException();
        }
        return sum;
    }

    /** Digits in groups of three from 10_000 on, as Java writes them. */
    private static String grouped(Object number) {
        long value = ((Number) number).longValue();
        return Math.abs(value) < 10_000
                ? Long.toString(value)
                : String.format(Locale.ROOT, "%,d", value).replace(',', '_');
    }
}
