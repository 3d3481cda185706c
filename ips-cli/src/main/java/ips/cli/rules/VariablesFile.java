package ips.cli.rules;

import ips.cli.Errors;
import ips.cli.ExitCode;
import ips.cli.UserError;
import ips.cli.config.ConfigException;
import ips.cli.config.ConfigFile;
import ips.cli.config.ConfigNode;
import ips.core.rule.RuleVariables;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Reads the file of what {@code $HOME_NET} and the like stand for, with the groups that Suricata's
 * configuration has, at its top or in {@code vars}. All that is wrong is told at once.
 */
final class VariablesFile {
    private static final String SETTING = "rules.variables-file (--vars)";

    private final List<String> wrong = new ArrayList<>();

    private VariablesFile() {}

    /** What a file says, or the defaults where none is named. */
    static RuleVariables read(String file) {
        if (file.isEmpty()) {
            return RuleVariables.DEFAULTS;
        }
        RuleFiles.checkIsFile(file, SETTING);
        try {
            ConfigNode.Mapping root = ConfigFile.read(Path.of(file));
            ConfigNode.Mapping vars = mapping(root, "vars");
            return new VariablesFile().variables(file, vars == null ? root : vars);
        } catch (CharacterCodingException e) {
            throw error(file + ": not UTF-8 text", e);
        } catch (IOException e) {
            throw error(Errors.sentence(e), e);
        } catch (ConfigException e) {
            throw error(String.join("; ", e.problems().stream().map(Object::toString).toList()), e);
        }
    }

    private static UserError error(String sentence, Exception cause) {
        return new UserError(ExitCode.CONFIGURATION, SETTING + ": " + sentence, cause);
    }

    private RuleVariables variables(String file, ConfigNode.Mapping groups) {
        ConfigNode.Mapping addresses = mapping(groups, "address-groups");
        ConfigNode.Mapping ports = mapping(groups, "port-groups");
        if (addresses == null && ports == null) {
            throw error(file + ": neither address-groups nor port-groups in it", null);
        }
        RuleVariables variables = new RuleVariables(texts(addresses), texts(ports));
        tellOf(addresses, variables::addressProblem);
        tellOf(ports, variables::portProblem);
        if (!wrong.isEmpty()) {
            throw error(String.join("; ", wrong), null);
        }
        return variables;
    }

    private void tellOf(ConfigNode.Mapping group, UnaryOperator<String> problem) {
        if (group != null) {
            group.entries()
                    .forEach(
                            (name, entry) -> {
                                String sentence =
                                        text(entry.value()) == null
                                                ? "expected a text, or a list of texts"
                                                : problem.apply(name);
                                if (sentence != null) {
                                    wrong.add(entry.origin() + ": " + name + ": " + sentence);
                                }
                            });
        }
    }

    private static ConfigNode.Mapping mapping(ConfigNode.Mapping of, String key) {
        ConfigNode.Entry entry = of.entries().get(key);
        return entry != null && entry.value() instanceof ConfigNode.Mapping mapping
                ? mapping
                : null;
    }

    private static Map<String, String> texts(ConfigNode.Mapping group) {
        Map<String, String> texts = new HashMap<>();
        if (group != null) {
            group.entries()
                    .forEach(
                            (name, entry) -> {
                                String text = text(entry.value());
                                if (text != null) {
                                    texts.put(name, text);
                                }
                            });
        }
        return texts;
    }

    /** A value as a rule's header would write it; null where it is no such thing. */
    private static String text(ConfigNode value) {
        if (value instanceof ConfigNode.Scalar scalar) {
            return scalar.text();
        }
        if (!(value instanceof ConfigNode.Sequence list)) {
            return null;
        }
        List<String> items = new ArrayList<>();
        for (ConfigNode item : list.items()) {
            if (!(item instanceof ConfigNode.Scalar scalar) || scalar.text() == null) {
                return null;
            }
            items.add(scalar.text());
        }
        return "[" + String.join(",", items) + "]";
    }
}
