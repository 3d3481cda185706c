package ips.cli.rules;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.cli.ExitCode;
import ips.cli.SensorCommand;
import ips.cli.SensorConfig;
import ips.cli.Terminal;
import ips.cli.config.ConfigException;
import ips.cli.report.Json;
import ips.cli.report.TextTable;
import ips.core.block.PrintableAscii;
import ips.core.rule.Rule;
import ips.core.rule.RuleLabel;
import ips.core.rule.Signature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ips rules list}: a line for each rule, refused and commented-out ones included. */
@Command(
        name = "list",
        description = "Lists rules: sid, action, state, class, file and message.",
        mixinStandardHelpOptions = true)
public final class RulesListCommand implements SensorCommand {
    /** Whether a rule is asked. */
    private enum State {
        ENABLED,
        /** Commented out. */
        DISABLED,
        /** A newer one of its sid is asked instead. */
        REPLACED,
        /** It cannot be read. */
        REFUSED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Row(Rule rule, RuleLabel label, State state) {
        String sid() {
            String sid = label.sid() == 0 ? "-" : Long.toString(label.sid());
            return label.gid() == 1 ? sid : label.gid() + ":" + sid;
        }

        String place() {
            return rule.file() + ":" + rule.line();
        }
    }

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files of rules.")
    private List<String> files = List.of();

    @Mixin private RuleSelection selection;

    public RulesListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
        List<Row> rows = rows(selection.settings(files));
        if (selection.json()) {
            terminal.out().println(Json.of(json -> write(json, rows)));
            return ExitCode.OK;
        }
        TextTable table = new TextTable("SID>", "ACTION", "STATE", "CLASS", "WHERE", "MESSAGE");
        for (Row row : rows) {
            table.row(
                    row.sid(),
                    row.rule().action(),
                    row.state().word(),
                    row.label().classtype().isEmpty() ? "-" : row.label().classtype(),
                    row.place(),
                    PrintableAscii.escape(row.label().message()));
        }
        table.lines().forEach(terminal.out()::println);
        return ExitCode.OK;
    }

    private static List<Row> rows(SensorConfig.Rules settings) {
        RuleFiles.Loaded loaded = RuleFiles.read(settings);
        Set<Rule> understood = Collections.newSetFromMap(new IdentityHashMap<>());
        loaded.signatures().stream().map(Signature::rule).forEach(understood::add);
        List<Row> rows = new ArrayList<>();
        Set<String> later = new HashSet<>();
        for (int i = loaded.rules().size() - 1; i >= 0; i--) {
            Rule rule = loaded.rules().get(i);
            RuleLabel label = RuleLabel.of(rule);
            String id = label.gid() + ":" + label.sid();
            State state = later.contains(id) ? State.REPLACED : State.REFUSED;
            if (understood.contains(rule)) {
                state = State.ENABLED;
                later.add(id);
            }
            rows.add(new Row(rule, label, state));
        }
        for (Rule rule : RuleFiles.disabled(settings)) {
            rows.add(new Row(rule, RuleLabel.of(rule), State.DISABLED));
        }
        List<String> order = loaded.rules().stream().map(Rule::file).distinct().toList();
        rows.sort(
                Comparator.comparingInt((Row row) -> order.indexOf(row.rule().file()))
                        .thenComparingInt(row -> row.rule().line()));
        return rows;
    }

    private static void write(JsonGenerator json, List<Row> rows) throws IOException {
        json.writeStartArray();
        for (Row row : rows) {
            json.writeStartObject();
            json.writeNumberField("gid", row.label().gid());
            json.writeNumberField("sid", row.label().sid());
            json.writeNumberField("rev", row.label().rev());
            json.writeStringField("action", row.rule().action());
            json.writeStringField("state", row.state().word());
            json.writeStringField("msg", row.label().message());
            json.writeStringField("classtype", row.label().classtype());
            json.writeStringField("file", row.rule().file());
            json.writeNumberField("line", row.rule().line());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
