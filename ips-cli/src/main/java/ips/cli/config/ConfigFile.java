package ips.cli.config;

import ips.cli.config.ConfigException.Problem;
import ips.cli.config.ConfigNode.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML 1.2 into {@link ConfigNode}s that know their lines. */
public final class ConfigFile {
    /** Deeper than any setting lies; an anchor that contains itself ends here. */
    private static final int MAX_DEPTH = 32;

    private static final String TOO_DEEP = "nested too deeply";

    private final String name;
    private final List<Problem> problems = new ArrayList<>();

    private ConfigFile(String name) {
        this.name = name;
    }

    /**
     * Reads a file; messages name it as the path was given.
     *
     * @throws IOException if the file cannot be read
     * @throws ConfigException if it is not YAML, or holds a key twice
     */
    public static ConfigNode.Mapping read(Path file) throws IOException, ConfigException {
        return parse(Files.readString(file), file.toString());
    }

    /** Reads text; {@code name} stands for it in messages. */
    public static ConfigNode.Mapping parse(String yaml, String name) throws ConfigException {
        return new ConfigFile(name).parse(yaml);
    }

    private ConfigNode.Mapping parse(String yaml) throws ConfigException {
        LoadSettings settings = LoadSettings.builder().setLabel(name).build();
        ConfigNode root = null;
        try {
            checkDepth(new Parse(settings).parseString(yaml));
            Optional<Node> node =
                    problems.isEmpty()
                            ? new Compose(settings).composeString(yaml)
                            : Optional.empty();
            root = node.isEmpty() ? ConfigNode.Mapping.empty(name) : convert(node.get(), 0);
        } catch (MarkedYamlEngineException e) {
            String origin = e.getProblemMark().map(this::origin).orElse(name);
            problems.add(new Problem(origin, "not valid YAML: " + sentence(e)));
        } catch (YamlEngineException e) {
            problems.add(new Problem(name, "not valid YAML: " + e.getMessage()));
        }
        if (root instanceof ConfigNode.Scalar scalar && scalar.text() == null) {
            root = ConfigNode.Mapping.empty(name);
        }
        if (problems.isEmpty() && root instanceof ConfigNode.Mapping mapping) {
            return mapping;
        }
        if (problems.isEmpty()) {
            problems.add(
                    new Problem(root.origin(), "expected keys with values, such as key: value"));
        }
        throw new ConfigException(problems);
    }

    /** What the parser says, and where that does not tell what to mend, what usually does. */
    private String sentence(MarkedYamlEngineException e) {
        String problem = e.getProblem();
        if (problem.startsWith("expected <block end>")) {
            return problem + "; give this line the indentation of those it belongs to";
        }
        if (problem.startsWith("expected ',' or")) {
            String begun = e.getContextMark().map(this::origin).orElse(name);
            return problem + "; the bracket at " + begun + " is not closed";
        }
        return problem;
    }

    /** Composing recurses, and some thousands of brackets would be the end of its stack. */
    private void checkDepth(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                String origin = event.getStartMark().map(this::origin).orElse(name);
                problems.add(new Problem(origin, TOO_DEEP));
                return;
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private ConfigNode convert(Node node, int depth) {
        String origin = node.getStartMark().map(this::origin).orElse(name);
        if (depth > MAX_DEPTH) {
            problems.add(new Problem(origin, TOO_DEEP));
            return new ConfigNode.Scalar(null, origin);
        }
        if (node instanceof MappingNode mapping) {
            return convert(mapping, origin, depth);
        }
        if (node instanceof SequenceNode sequence) {
            return new ConfigNode.Sequence(
                    sequence.getValue().stream().map(item -> convert(item, depth + 1)).toList(),
                    origin);
        }
        ScalarNode scalar = (ScalarNode) node;
        boolean isNull = scalar.getTag().equals(Tag.NULL);
        return new ConfigNode.Scalar(isNull ? null : scalar.getValue(), origin);
    }

    private ConfigNode convert(MappingNode mapping, String origin, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String at = tuple.getKeyNode().getStartMark().map(this::origin).orElse(name);
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(new Problem(at, "a key is one word"));
                continue;
            }
            Entry entry = new Entry(convert(tuple.getValueNode(), depth + 1), at);
            Entry before = entries.putIfAbsent(key.getValue(), entry);
            if (before != null) {
                problems.add(
                        new Problem(at, key.getValue() + " stands already at " + before.origin()));
            }
        }
        return new ConfigNode.Mapping(entries, origin);
    }

    private String origin(Mark mark) {
        return name + ":" + (mark.getLine() + 1);
    }
}
