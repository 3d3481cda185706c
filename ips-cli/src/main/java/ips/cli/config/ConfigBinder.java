package ips.cli.config;

import ips.cli.config.ConfigException.Problem;
import ips.cli.config.ConfigNode.Entry;
import ips.cli.config.ConfigNode.Mapping;
import ips.cli.config.ConfigNode.Scalar;
import ips.cli.config.ConfigNode.Sequence;
import ips.core.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts the values of a {@link ConfigNode} in the place of a record's defaults, level by level, and
 * collects everything that is wrong on the way.
 *
 * <p>What a value may be is for its record's constructor to say, with an {@link
 * IllegalArgumentException}; it is reported with the line of the key that the message begins with,
 * as those of {@link Settings} do.
 */
public final class ConfigBinder {
    private final List<Problem> problems = new ArrayList<>();

    private ConfigBinder() {}

    /**
     * The record with what {@code config} sets, and {@code defaults} elsewhere.
     *
     * @throws ConfigException with every unknown key, wrong value and refused record
     */
    public static <T extends Record> T bind(Mapping config, T defaults) throws ConfigException {
        ConfigBinder binder = new ConfigBinder();
        binder.refuseUnknown(config, defaults, "");
        T bound = binder.bind(config, defaults, "");
        if (!binder.problems.isEmpty()) {
            binder.problems.sort(Comparator.comparingInt(Problem::line));
            throw new ConfigException(binder.problems);
        }
        return bound;
    }

    /**
     * A record's constructor names the first value that it refuses. So that one is replaced by its
     * default and the record made again, until all have been named.
     */
    private <T extends Record> T bind(Mapping config, T defaults, String path) {
        List<SettingComponent> components = SettingComponent.of(defaults);
        List<Object> values = new ArrayList<>();
        for (SettingComponent component : components) {
            values.add(value(config, component, path));
        }
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) defaults.getClass();
        Set<String> replaced = new TreeSet<>();
        while (true) {
            try {
                return SettingComponent.make(type, values);
            } catch (IllegalArgumentException | NullPointerException e) {
                String message = String.valueOf(e.getMessage());
                // What depends on a value that stands here by default only is nobody's mistake yet.
                if (replaced.stream().noneMatch(key -> names(message, key))) {
                    problems.add(refused(config, defaults, path, message));
                }
                if (!replaceRefused(components, values, message, replaced)) {
                    return defaults;
                }
            }
        }
    }

    /** Whether there was a value to be replaced. */
    private static boolean replaceRefused(
            List<SettingComponent> components,
            List<Object> values,
            String message,
            Set<String> replaced) {
        String key = keyOf(message);
        for (int i = 0; i < values.size(); i++) {
            SettingComponent component = components.get(i);
            if (component.key().equals(key) && !component.inline() && replaced.add(key)) {
                values.set(i, component.value());
                return true;
            }
        }
        return false;
    }

    /** Whether a key stands in a message by itself, and not within a longer one. */
    private static boolean names(String message, String key) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(key) + "(?![\\w-])")
                .matcher(message)
                .find();
    }

    /** The key that a constructor's message begins with, or "". */
    private static String keyOf(String message) {
        return message.substring(0, Math.max(0, message.indexOf(": ")));
    }

    private Object value(Mapping config, SettingComponent component, String path) {
        if (component.inline()) {
            return bind(config, component.section(), path);
        }
        Entry entry = config.entries().get(component.key());
        if (entry == null) {
            return component.value();
        }
        String keyPath = path + component.key();
        if (component.isSection()) {
            return section(entry, component, keyPath);
        }
        if (component.isListOfSections()) {
            return sections(entry, component, keyPath);
        }
        if (component.list()) {
            return list(entry, component, keyPath);
        }
        return scalar(entry.value(), component, keyPath, component.value());
    }

    private Object section(Entry entry, SettingComponent component, String keyPath) {
        if (entry.value() instanceof Mapping below) {
            refuseUnknown(below, component.section(), keyPath + ".");
            return bind(below, component.section(), keyPath + ".");
        }
        if (!(entry.value() instanceof Scalar scalar && scalar.text() == null)) {
            String known = String.join(", ", keys(component.section()));
            problem(entry.origin(), keyPath + ": expected keys below it: " + known);
        }
        return component.value();
    }

    /** A list of keys with values each: {@code - path: /blog/*}. */
    private Object sections(Entry entry, SettingComponent component, String keyPath) {
        Record defaults = component.item();
        String expected =
                "%s: expected a list of items, each with any of: %s"
                        .formatted(keyPath, String.join(", ", keys(defaults)));
        if (!(entry.value() instanceof Sequence sequence)) {
            if (!(entry.value() instanceof Scalar scalar && scalar.text() == null)) {
                problem(entry.origin(), expected);
            }
            return component.value();
        }
        List<Object> values = new ArrayList<>();
        for (ConfigNode item : sequence.items()) {
            if (item instanceof Mapping mapping) {
                refuseUnknown(mapping, defaults, keyPath + ".");
                values.add(bind(mapping, defaults, keyPath + "."));
            } else {
                problem(item.origin(), expected);
            }
        }
        return List.copyOf(values);
    }

    /** A list as YAML writes it, or its items in one text, separated by commas. */
    private Object list(Entry entry, SettingComponent component, String keyPath) {
        List<ConfigNode> items = new ArrayList<>();
        if (entry.value() instanceof Sequence sequence) {
            items.addAll(sequence.items());
        } else if (entry.value() instanceof Scalar scalar && scalar.text() != null) {
            for (String item : scalar.text().split(",")) {
                if (!item.isBlank()) {
                    items.add(new Scalar(item.strip(), scalar.origin()));
                }
            }
        } else if (entry.value() instanceof Mapping) {
            problem(entry.origin(), keyPath + ": expected a list: [a, b]");
        }
        List<Object> values = new ArrayList<>();
        for (ConfigNode item : items) {
            Object value = scalar(item, component, keyPath, null);
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private Object scalar(
            ConfigNode node, SettingComponent component, String keyPath, Object fallback) {
        ValueType type = component.valueType();
        if (!(node instanceof Scalar scalar) || scalar.text() == null) {
            problem(node.origin(), keyPath + ": expected " + type.expected());
            return fallback;
        }
        try {
            return type.parse().apply(scalar.text());
        } catch (IllegalArgumentException e) {
            problem(
                    scalar.origin(),
                    "%s: %s is not %s".formatted(keyPath, quoted(scalar.text()), type.expected()));
            return fallback;
        } catch (ArithmeticException e) {
            problem(
                    scalar.origin(),
                    "%s: %s is too large; give %s"
                            .formatted(keyPath, quoted(scalar.text()), type.expected()));
            return fallback;
        }
    }

    private void refuseUnknown(Mapping config, Record defaults, String path) {
        Set<String> known = keys(defaults);
        for (Map.Entry<String, Entry> entry : config.entries().entrySet()) {
            String key = entry.getKey();
            if (known.contains(key)) {
                continue;
            }
            String hint =
                    Keys.nearest(key, known)
                            .map(nearest -> "; did you mean " + path + nearest + "?")
                            .orElse(";");
            problem(
                    entry.getValue().origin(),
                    "%s: unknown key%s known here: %s"
                            .formatted(quoted(path + key), hint, String.join(", ", known)));
        }
    }

    private static Set<String> keys(Record config) {
        Set<String> keys = new TreeSet<>();
        for (SettingComponent component : SettingComponent.of(config)) {
            if (component.inline()) {
                keys.addAll(keys(component.section()));
            } else {
                keys.add(component.key());
            }
        }
        return keys;
    }

    /**
     * Blames the key that the constructor's message begins with, or else the level it stands on. A
     * default is refused because of another key: then that one's line is told.
     */
    private static Problem refused(Mapping config, Record defaults, String path, String message) {
        Set<String> keys = keys(defaults);
        String key = keyOf(message);
        String said = printable(message);
        if (!keys.contains(key)) {
            String level = path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ";
            return new Problem(config.origin(), level + said);
        }
        String origin =
                Stream.concat(Stream.of(key), keys.stream().filter(each -> names(message, each)))
                        .map(config.entries()::get)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .map(Entry::origin)
                        .orElse(config.origin());
        return new Problem(origin, path + said);
    }

    private void problem(String origin, String message) {
        problems.add(new Problem(origin, message));
    }

    /** What somebody wrote, cut and without what would disturb a terminal. */
    private static String quoted(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return '"' + printable(shown) + '"';
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    }
}
