package ips.cli;

import ips.cli.config.ConfigException;
import ips.cli.config.ConfigFile;
import ips.cli.config.ConfigNode;
import ips.core.rule.AlertPolicy;
import ips.core.rule.Classifications;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleError;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.SignatureSet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the files that rules and what belongs to them stand in. */
final class RuleFiles {
    private RuleFiles() {}

    /**
     * The rules of the configuration, compiled. What is wrong with some is told, all at once; the
     * others count, unless the configuration is strict.
     */
    static SignatureSet load(SensorConfig.Rules config, PrintStream errors) {
        if (config.files().isEmpty()) {
            return SignatureSet.EMPTY;
        }
        List<RuleError> wrong = new ArrayList<>();
        RuleVariables variables = variables(config.variablesFile());
        RuleParser parser = new RuleParser();
        for (String file : config.files()) {
            parser.text(file, read(file, "--rules"));
        }
        RuleCompiler compiler = new RuleCompiler(variables, classifications(config));
        parser.rules().forEach(compiler::add);
        wrong.addAll(parser.errors());
        wrong.addAll(compiler.errors());
        AlertPolicy policy = AlertPolicy.NONE;
        if (!config.thresholdFile().isEmpty()) {
            String text = read(config.thresholdFile(), "--threshold");
            policy = AlertPolicy.parse(config.thresholdFile(), text, variables, wrong);
        }
        tell(wrong, compiler.signatures().size(), errors);
        if (config.strict() && !wrong.isEmpty()) {
            throw new UserError(
                    ExitCode.CONFIGURATION,
                    wrong.size() + " rules cannot be read; mend them, or leave out --strict");
        }
        return new SignatureSet(compiler.signatures(), policy);
    }

    private static void tell(List<RuleError> wrong, int loaded, PrintStream errors) {
        if (wrong.isEmpty()) {
            return;
        }
        Map<String, Integer> byKeyword = new TreeMap<>();
        for (RuleError error : wrong) {
            errors.println("ips: " + error);
            byKeyword.merge(error.keyword(), 1, Integer::sum);
        }
        StringBuilder summary = new StringBuilder();
        byKeyword.forEach(
                (keyword, count) ->
                        summary.append(summary.isEmpty() ? "" : ", ")
                                .append(keyword)
                                .append(' ')
                                .append(count));
        errors.printf("ips: %d rules loaded, %d refused: %s%n", loaded, wrong.size(), summary);
    }

    private static String read(String file, String option) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UserError(ExitCode.CONFIGURATION, option + ": " + Errors.sentence(e), e);
        }
    }

    private static Classifications classifications(SensorConfig.Rules config) {
        String file = config.classificationFile();
        return file.isEmpty()
                ? Classifications.DEFAULTS
                : Classifications.DEFAULTS.with(read(file, "rules.classification-file"));
    }

    private static RuleVariables variables(String file) {
        if (file.isEmpty()) {
            return RuleVariables.DEFAULTS;
        }
        try {
            ConfigNode.Mapping root = ConfigFile.read(Path.of(file));
            ConfigNode.Mapping groups = mapping(root, "vars");
            groups = groups == null ? root : groups;
            return new RuleVariables(
                    texts(mapping(groups, "address-groups")),
                    texts(mapping(groups, "port-groups")));
        } catch (IOException e) {
            throw new UserError(ExitCode.CONFIGURATION, "--vars: " + Errors.sentence(e), e);
        } catch (ConfigException e) {
            throw new UserError(ExitCode.CONFIGURATION, "--vars: " + e.getMessage(), e);
        }
    }

    private static ConfigNode.Mapping mapping(ConfigNode.Mapping of, String key) {
        ConfigNode.Entry entry = of.entries().get(key);
        return entry != null && entry.value() instanceof ConfigNode.Mapping mapping
                ? mapping
                : null;
    }

    private static Map<String, String> texts(ConfigNode.Mapping mapping) {
        Map<String, String> texts = new HashMap<>();
        if (mapping != null) {
            mapping.entries()
                    .forEach(
                            (key, entry) -> {
                                if (entry.value() instanceof ConfigNode.Scalar scalar
                                        && scalar.text() != null) {
                                    texts.put(key, scalar.text());
                                } else if (entry.value() instanceof ConfigNode.Sequence list) {
                                    texts.put(key, list(list));
                                }
                            });
        }
        return texts;
    }

    private static String list(ConfigNode.Sequence sequence) {
        StringBuilder text = new StringBuilder("[");
        for (ConfigNode item : sequence.items()) {
            if (item instanceof ConfigNode.Scalar scalar) {
                text.append(text.length() > 1 ? "," : "").append(scalar.text());
            }
        }
        return text.append(']').toString();
    }
}
