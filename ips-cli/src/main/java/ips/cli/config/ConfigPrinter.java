package ips.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A configuration record as YAML that {@link ConfigFile} reads back, and as a table for the docs.
 */
public final class ConfigPrinter {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/_][A-Za-z0-9/_.:-]*");

    private ConfigPrinter() {}

    /**
     * One setting with its full key.
     *
     * @param value as the file writes it
     * @param doc what it does
     */
    public record Row(String key, String value, String doc) {}

    /** The record as YAML, each key below a comment that says what it does. */
    public static String yaml(Record config) {
        StringBuilder yaml = new StringBuilder();
        yaml(config, "", yaml);
        return yaml.toString();
    }

    private static void yaml(Record config, String indent, StringBuilder yaml) {
        for (SettingComponent component : SettingComponent.of(config)) {
            if (component.inline()) {
                yaml(component.section(), indent, yaml);
                continue;
            }
            if (indent.isEmpty() && !yaml.isEmpty()) {
                yaml.append('\n');
            }
            if (!component.doc().isEmpty()) {
                yaml.append(indent).append("# ").append(component.doc()).append('\n');
            }
            yaml.append(indent).append(component.key()).append(':');
            if (component.isSection()) {
                yaml.append('\n');
                yaml(component.section(), indent + "  ", yaml);
            } else {
                yaml.append(' ').append(text(component)).append('\n');
            }
        }
    }

    /** Every setting, in the order of the records. */
    public static List<Row> rows(Record config) {
        List<Row> rows = new ArrayList<>();
        rows(config, "", rows);
        return rows;
    }

    private static void rows(Record config, String path, List<Row> rows) {
        for (SettingComponent component : SettingComponent.of(config)) {
            if (component.inline()) {
                rows(component.section(), path, rows);
            } else if (component.isSection()) {
                rows(component.section(), path + component.key() + ".", rows);
            } else {
                rows.add(new Row(path + component.key(), text(component), component.doc()));
            }
        }
    }

    /** The settings as a Markdown table. */
    public static String markdown(Record config) {
        StringBuilder table =
                new StringBuilder("| key | default | what it does |\n|---|---|---|\n");
        for (Row row : rows(config)) {
            table.append(
                    "| `%s` | `%s` | %s |\n"
                            .formatted(row.key(), row.value(), row.doc().replace("|", "\\|")));
        }
        return table.toString();
    }

    private static String text(SettingComponent component) {
        if (component.isListOfSections()) {
            List<String> items =
                    ((List<?>) component.value())
                            .stream().map(item -> inline((Record) item)).toList();
            return "[" + String.join(", ", items) + "]";
        }
        if (component.list()) {
            List<String> items =
                    ((List<?>) component.value())
                            .stream().map(item -> text(component.valueType(), item)).toList();
            return "[" + String.join(", ", items) + "]";
        }
        return text(component.valueType(), component.value());
    }

    /** A record in one line: {@code {path: "/blog/*", judges: [sqli]}}. */
    private static String inline(Record item) {
        return SettingComponent.of(item).stream()
                .map(component -> component.key() + ": " + text(component))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String text(ValueType type, Object value) {
        String text = type.print().apply(value);
        boolean plain = PLAIN.matcher(text).matches() && !text.endsWith(":");
        return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
