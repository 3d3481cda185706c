package ips.cli.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration as written, before it is known what the keys mean; knows where it stands. */
public sealed interface ConfigNode {
    /** {@code ips.yaml:12}, or an option on the command line. */
    String origin();

    /** One value; {@code text} is null for an empty one. */
    record Scalar(String text, String origin) implements ConfigNode {}

    record Sequence(List<ConfigNode> items, String origin) implements ConfigNode {}

    /** Keys in the order written. */
    record Mapping(Map<String, Entry> entries, String origin) implements ConfigNode {
        public static Mapping empty(String origin) {
            return new Mapping(new LinkedHashMap<>(), origin);
        }

        /**
         * Sets a key by its path, {@code detectors.syn-flood.threshold}, over whatever stands
         * there.
         */
        public void put(String path, ConfigNode value) {
            int dot = path.indexOf('.');
            if (dot < 0) {
                entries.put(path, new Entry(value, value.origin()));
                return;
            }
            String key = path.substring(0, dot);
            Entry below = entries.get(key);
            Mapping mapping;
            if (below != null && below.value() instanceof Mapping there) {
                mapping = there;
            } else {
                mapping = empty(value.origin());
                entries.put(key, new Entry(mapping, value.origin()));
            }
            mapping.put(path.substring(dot + 1), value);
        }

        /** Adds an item to the list at a path, which may hold some already, or be empty. */
        public void append(String path, ConfigNode item) {
            List<ConfigNode> items = new ArrayList<>();
            ConfigNode there = find(path);
            if (there instanceof Sequence sequence) {
                items.addAll(sequence.items());
            } else if (there != null && !(there instanceof Scalar one && one.text() == null)) {
                items.add(there);
            }
            items.add(item);
            put(path, new Sequence(items, item.origin()));
        }

        private ConfigNode find(String path) {
            ConfigNode node = this;
            for (String key : path.split("\\.")) {
                if (!(node instanceof Mapping mapping) || !mapping.entries().containsKey(key)) {
                    return null;
                }
                node = mapping.entries().get(key).value();
            }
            return node;
        }
    }

    /**
     * A key's value, and where the key stands, which need not be where the value does.
     *
     * @param origin of the key
     */
    record Entry(ConfigNode value, String origin) {}
}
