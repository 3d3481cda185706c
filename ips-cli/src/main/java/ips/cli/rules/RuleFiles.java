package ips.cli.rules;

import ips.cli.Errors;
import ips.cli.ExitCode;
import ips.cli.SensorConfig;
import ips.cli.UserError;
import ips.core.rule.AlertPolicy;
import ips.core.rule.Classifications;
import ips.core.rule.Rule;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleError;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.Signature;
import ips.core.rule.SignatureSet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the files that rules and what belongs to them stand in. */
public final class RuleFiles {
    private static final Pattern COMMENTED_OUT =
            Pattern.compile("\\s*#+\\s*(alert|pass|drop|reject\\w*|config)\\s.*\\(.*\\)\\s*");

    private static final String FILES = "rules.files (--rules)";
    private static final String THRESHOLDS = "rules.threshold-file (--threshold)";
    private static final String CLASSES = "rules.classification-file";

    private RuleFiles() {}

    /**
     * The rules of the configuration, compiled. What is wrong with some is reported, all at once;
     * the others count, unless the configuration is strict.
     */
    public static SignatureSet load(SensorConfig.Rules config, PrintStream errors) {
        if (config.files().isEmpty() && !config.shipped()) {
            return SignatureSet.EMPTY;
        }
        if (onlyShipped(config)) {
            SignatureSet early = HeadStart.rules();
            if (early != null) {
                return early;
            }
        }
        Loaded loaded = read(config);
        tell(loaded, errors);
        List<RuleError> wrong = loaded.errors();
        if (config.strict() && !wrong.isEmpty()) {
            throw new UserError(
                    ExitCode.CONFIGURATION,
                    "rules.strict (--strict): %d of the rules cannot be read; mend them, or leave it out"
                            .formatted(wrong.size()));
        }
        return new SignatureSet(loaded.signatures(), loaded.policy());
    }

    /**
     * Reads the files of the configuration as {@link #load} does at the start. What is wrong with
     * some rules is reported.
     *
     * @return what keeps a sensor from starting, a sentence each that begins with the key
     */
    public static List<String> check(SensorConfig.Rules config, PrintStream errors) {
        List<String> wrong = new ArrayList<>();
        List<Runnable> readers = new ArrayList<>();
        config.files().forEach(file -> readers.add(() -> read(file, FILES)));
        readers.add(() -> VariablesFile.read(config.variablesFile()));
        readers.add(() -> classifications(config, new ArrayList<>()));
        readers.add(
                () -> {
                    if (!config.thresholdFile().isEmpty()) {
                        read(config.thresholdFile(), THRESHOLDS);
                    }
                });
        readers.forEach(reader -> complaint(reader).ifPresent(wrong::add));
        if (wrong.isEmpty() && !onlyShipped(config)) {
            complaint(() -> load(config, errors)).ifPresent(wrong::add);
        }
        return wrong;
    }

    private static Optional<String> complaint(Runnable reader) {
        try {
            reader.run();
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Whether the rules are those that come with the sensor, read as it reads them by itself. */
    private static boolean onlyShipped(SensorConfig.Rules config) {
        return config.shipped()
                && config.files().isEmpty()
                && config.thresholdFile().isEmpty()
                && config.variablesFile().isEmpty()
                && config.classificationFile().isEmpty();
    }

    /**
     * The rules that come with the sensor.
     *
     * @throws IllegalStateException where one of them is refused
     */
    static SignatureSet shipped() {
        Loaded loaded = read(SensorConfig.Rules.DEFAULTS);
        if (!loaded.errors().isEmpty()) {
            throw new IllegalStateException(loaded.errors().get(0).toString());
        }
        return new SignatureSet(loaded.signatures(), AlertPolicy.NONE);
    }

    /**
     * What files of rules hold.
     *
     * @param rules all that could be taken apart
     * @param signatures those of them that could be compiled
     * @param warnings what of them has no effect
     */
    record Loaded(
            List<Rule> rules,
            List<Signature> signatures,
            List<RuleError> errors,
            List<RuleError> warnings,
            AlertPolicy policy) {
        /** How many errors there are of each keyword. */
        Map<String, Integer> refusedByKeyword() {
            Map<String, Integer> byKeyword = new TreeMap<>();
            errors.forEach(error -> byKeyword.merge(error.keyword(), 1, Integer::sum));
            return byKeyword;
        }
    }

    /** The rules of the configuration, each understood or with what is wrong with it. */
    static Loaded read(SensorConfig.Rules config) {
        RuleVariables variables = VariablesFile.read(config.variablesFile());
        RuleParser parser = new RuleParser();
        Map<String, String> texts = texts(config);
        texts.forEach(parser::text);
        List<RuleError> wrong = new ArrayList<>(parser.errors());
        RuleCompiler compiler = new RuleCompiler(variables, classifications(config, wrong));
        parser.rules().forEach(compiler::add);
        wrong.addAll(compiler.errors());
        AlertPolicy policy = AlertPolicy.NONE;
        if (!config.thresholdFile().isEmpty()) {
            String text = read(config.thresholdFile(), THRESHOLDS);
            policy = AlertPolicy.parse(config.thresholdFile(), text, variables, wrong);
        }
        List<String> files = new ArrayList<>(texts.keySet());
        files.addAll(List.of(config.classificationFile(), config.thresholdFile()));
        wrong.sort(
                Comparator.comparingInt((RuleError error) -> files.indexOf(error.file()))
                        .thenComparingInt(RuleError::line));
        return new Loaded(
                parser.rules(), compiler.signatures(), wrong, compiler.warnings(), policy);
    }

    /** Rules that are commented out, as published sets switch some off. */
    static List<Rule> disabled(SensorConfig.Rules config) {
        RuleParser parser = new RuleParser();
        texts(config).forEach((file, text) -> parser.text(file, commentedOut(text)));
        return parser.rules();
    }

    private static String commentedOut(String text) {
        StringBuilder rules = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            boolean isRule = COMMENTED_OUT.matcher(line).matches();
            rules.append(isRule ? line.replaceFirst("#+", "") : "").append('\n');
        }
        return rules.toString();
    }

    /** The texts of all files by their names, the sensor's own first. */
    private static Map<String, String> texts(SensorConfig.Rules config) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (config.shipped()) {
            texts.putAll(ShippedRules.texts());
        }
        config.files().forEach(file -> texts.put(file, read(file, FILES)));
        return texts;
    }

    private static void tell(Loaded loaded, PrintStream errors) {
        loaded.warnings().forEach(each -> errors.println("ips: warning: " + each));
        List<RuleError> wrong = loaded.errors();
        if (wrong.isEmpty()) {
            return;
        }
        wrong.forEach(error -> errors.println("ips: " + error));
        errors.printf(
                "ips: %d rules loaded, %d refused: %s%n",
                loaded.signatures().size(), wrong.size(), summary(loaded.refusedByKeyword()));
    }

    /** {@code content 2, dns.query 1}. */
    static String summary(Map<String, Integer> byKeyword) {
        return byKeyword.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String read(String file, String setting) {
        checkIsFile(file, setting);
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UserError(ExitCode.CONFIGURATION, setting + ": " + Errors.sentence(e), e);
        }
    }

    static void checkIsFile(String file, String setting) {
        if (file.isEmpty()) {
            throw new UserError(ExitCode.CONFIGURATION, setting + ": a file's name is empty");
        }
        if (Files.isDirectory(Path.of(file))) {
            throw new UserError(
                    ExitCode.CONFIGURATION,
                    setting + ": " + file + " is a folder; name a file in it");
        }
    }

    private static Classifications classifications(
            SensorConfig.Rules config, List<RuleError> errors) {
        String file = config.classificationFile();
        if (file.isEmpty()) {
            return Classifications.DEFAULTS;
        }
        String text = read(file, CLASSES);
        return Classifications.DEFAULTS.with(file, text, errors);
    }
}
