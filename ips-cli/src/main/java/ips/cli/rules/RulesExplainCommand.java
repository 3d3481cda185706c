package ips.cli.rules;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.cli.ExitCode;
import ips.cli.SensorCommand;
import ips.cli.SensorConfig;
import ips.cli.Terminal;
import ips.cli.UserError;
import ips.cli.config.ConfigException;
import ips.cli.report.Json;
import ips.core.block.PrintableAscii;
import ips.core.rule.Rule;
import ips.core.rule.RuleError;
import ips.core.rule.RuleExplanation;
import ips.core.rule.RuleLabel;
import ips.core.rule.Signature;
import ips.core.verdict.RuleInfo;
import ips.core.verdict.SignatureId;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ips rules explain SID}: what a rule asks, in plain words, and how it is found. */
@Command(
        name = "explain",
        description = "Says in plain words what a rule asks, when, and which bytes it is found by.",
        mixinStandardHelpOptions = true)
public final class RulesExplainCommand implements SensorCommand {
    private static final Pattern WHICH = Pattern.compile("(?:(.+):)?(\\d{1,10})");

    private final Terminal terminal;

    @Parameters(paramLabel = "SID|FILE:SID", description = "The rule's sid, or file and sid.")
    private String which;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Where to look for a SID without file; by default those of --config.")
    private List<String> files = List.of();

    @Mixin private RuleSelection selection;
    @Spec private CommandSpec spec;

    public RulesExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
        Matcher matcher = WHICH.matcher(which);
        if (!matcher.matches()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), which + ": expected SID, or FILE:SID");
        }
        List<String> where = matcher.group(1) == null ? files : List.of(matcher.group(1));
        SensorConfig.Rules settings = selection.settings(where);
        RuleFiles.Loaded loaded = RuleFiles.read(settings);
        Signature signature = find(settings, loaded, Long.parseLong(matcher.group(2)));
        List<RuleExplanation.Aspect> aspects = RuleExplanation.of(signature);
        if (selection.json()) {
            terminal.out().println(Json.of(json -> write(json, signature, aspects)));
        } else {
            tell(signature, aspects);
        }
        return ExitCode.OK;
    }

    private static Signature find(SensorConfig.Rules settings, RuleFiles.Loaded loaded, long sid) {
        for (Signature each : loaded.signatures()) {
            if (Integer.toUnsignedLong(each.info().id().sid()) == sid) {
                return each;
            }
        }
        String refused =
                loaded.rules().stream()
                        .filter(rule -> RuleLabel.of(rule).sid() == sid)
                        .flatMap(
                                rule ->
                                        loaded.errors().stream()
                                                .filter(error -> error.file().equals(rule.file()))
                                                .filter(error -> error.line() >= rule.line()))
                        .min(Comparator.comparingInt(RuleError::line))
                        .map(error -> "it is refused: " + error)
                        .orElseGet(() -> switchedOff(settings, sid));
        throw new UserError(ExitCode.CONFIGURATION, "rule " + sid + ": " + refused);
    }

    private static String switchedOff(SensorConfig.Rules settings, long sid) {
        for (Rule each : RuleFiles.disabled(settings)) {
            if (RuleLabel.of(each).sid() == sid) {
                return "it is commented out at " + each.file() + ":" + each.line();
            }
        }
        return "there is no rule of that sid; ips rules list tells which there are";
    }

    private void tell(Signature signature, List<RuleExplanation.Aspect> aspects) {
        RuleInfo info = signature.info();
        terminal.out()
                .printf(
                        "%s %s%n  %s:%d%n",
                        info.id(),
                        info.message().isEmpty()
                                ? "(no message)"
                                : PrintableAscii.escape(info.message()),
                        signature.rule().file(),
                        signature.rule().line());
        if (!info.category().isEmpty()) {
            terminal.out().println("  " + info.category());
        }
        int width = aspects.stream().mapToInt(each -> each.title().length()).max().orElse(0);
        String before = "";
        for (RuleExplanation.Aspect each : aspects) {
            String title = each.title().equals(before) ? "" : each.title();
            before = each.title();
            terminal.out().printf("  %-" + width + "s  %s%n", title, each.text());
        }
        info.references().forEach(each -> terminal.out().println("  see " + each));
    }

    private static void write(
            JsonGenerator json, Signature signature, List<RuleExplanation.Aspect> aspects)
            throws IOException {
        SignatureId id = signature.info().id();
        json.writeStartObject();
        json.writeNumberField("gid", id.gid());
        json.writeNumberField("sid", Integer.toUnsignedLong(id.sid()));
        json.writeNumberField("rev", id.rev());
        json.writeStringField("msg", signature.info().message());
        json.writeStringField("file", signature.rule().file());
        json.writeNumberField("line", signature.rule().line());
        json.writeStringField("rule", signature.rule().text());
        json.writeArrayFieldStart("aspects");
        for (RuleExplanation.Aspect each : aspects) {
            json.writeStartObject();
            json.writeStringField("title", each.title());
            json.writeStringField("text", each.text());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
