package ips.cli.rules;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.cli.ExitCode;
import ips.cli.SensorCommand;
import ips.cli.SensorConfig;
import ips.cli.Terminal;
import ips.cli.config.ConfigException;
import ips.cli.config.Keys;
import ips.cli.report.Json;
import ips.core.rule.RuleError;
import ips.core.rule.RuleExplanation;
import ips.core.rule.Signature;
import ips.core.rule.keyword.Keywords;
import ips.core.rule.keyword.UnsupportedKeywords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ips rules check FILE...}: everything that is wrong with rules, at once. */
@Command(
        name = "check",
        description =
                "Says of each rule that cannot be read where it stands, what is wrong and what mends"
                        + " it; warns of slow ones. Ends with exit code 7 when a rule is refused.",
        mixinStandardHelpOptions = true)
public final class RulesCheckCommand implements SensorCommand {
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files of rules.")
    private List<String> files = List.of();

    @Mixin private RuleSelection selection;

    public RulesCheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
        SensorConfig.Rules settings = selection.settings(files);
        RuleFiles.Loaded loaded = RuleFiles.read(settings);
        List<RuleError> warnings = warnings(loaded);
        List<RuleError> errors =
                loaded.errors().stream()
                        .map(
                                each ->
                                        each.file().equals(settings.thresholdFile())
                                                ? each
                                                : remedied(each))
                        .toList();
        if (selection.json()) {
            terminal.out().println(Json.of(json -> write(json, loaded, errors, warnings)));
        } else {
            errors.forEach(terminal.out()::println);
            warnings.forEach(each -> terminal.out().println(warned(each)));
            terminal.out().println(summary(loaded, warnings.size()));
        }
        return errors.isEmpty() ? ExitCode.OK : ExitCode.CONFIGURATION;
    }

    /** With what mends it, where the reason does not say so itself. */
    private static RuleError remedied(RuleError error) {
        boolean isWord = error.keyword().equals("rule") || error.keyword().equals("classification");
        if (isWord || Keywords.of(error.keyword()) != null) {
            return error;
        }
        String remedy = "comment the rule out, or write it without";
        if (!UnsupportedKeywords.isKnown(error.keyword())) {
            remedy =
                    Keys.nearest(error.keyword(), Keywords.all().keySet())
                            .map(nearest -> "did you mean " + nearest + "?")
                            .orElse(remedy);
        }
        return new RuleError(
                error.file(),
                error.line(),
                error.column(),
                error.keyword(),
                error.reason() + "; " + remedy);
    }

    private static List<RuleError> warnings(RuleFiles.Loaded loaded) {
        List<RuleError> warnings = new ArrayList<>(loaded.warnings());
        for (Signature each : loaded.signatures()) {
            String slow = RuleExplanation.slowness(each);
            if (slow != null) {
                warnings.add(warning(each, "slow", slow));
            }
        }
        return warnings;
    }

    private static RuleError warning(Signature signature, String word, String reason) {
        return new RuleError(signature.rule().file(), signature.rule().line(), 1, word, reason);
    }

    private static String warned(RuleError warning) {
        return "%s:%d:%d: warning: %s: %s"
                .formatted(
                        warning.file(),
                        warning.line(),
                        warning.column(),
                        warning.keyword(),
                        warning.reason());
    }

    private static String summary(RuleFiles.Loaded loaded, int warnings) {
        String refused =
                loaded.errors().isEmpty()
                        ? "none refused"
                        : loaded.errors().size()
                                + " refused: "
                                + RuleFiles.summary(loaded.refusedByKeyword());
        String warned = warnings == 0 ? "" : "; warnings: " + warnings;
        int understood = loaded.signatures().size();
        return "understood %d %s, %s%s"
                .formatted(understood, understood == 1 ? "rule" : "rules", refused, warned);
    }

    private static void write(
            JsonGenerator json,
            RuleFiles.Loaded loaded,
            List<RuleError> errors,
            List<RuleError> warnings)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("understood", loaded.signatures().size());
        json.writeNumberField("refused", errors.size());
        json.writeObjectFieldStart("refused_by_keyword");
        for (Map.Entry<String, Integer> each : loaded.refusedByKeyword().entrySet()) {
            json.writeNumberField(each.getKey(), each.getValue());
        }
        json.writeEndObject();
        write(json, "errors", errors);
        write(json, "warnings", warnings);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, List<RuleError> those)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (RuleError each : those) {
            json.writeStartObject();
            json.writeStringField("file", each.file());
            json.writeNumberField("line", each.line());
            json.writeNumberField("column", each.column());
            json.writeStringField("keyword", each.keyword());
            json.writeStringField("reason", each.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
