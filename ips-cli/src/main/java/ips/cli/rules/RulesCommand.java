package ips.cli.rules;

import ips.cli.SensorCommand;
import ips.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ips rules check|list|explain}: what files of rules hold, without any traffic. */
@Command(
        name = "rules",
        description = "Checks, lists and explains rules in Suricata's language.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RulesCheckCommand.class, RulesListCommand.class, RulesExplainCommand.class},
        mixinStandardHelpOptions = true)
public final class RulesCommand implements SensorCommand {
    @Spec private CommandSpec spec;

    public RulesCommand(Terminal terminal) {
        // Nothing is told here but that a word is missing.
    }

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "a command is missing, such as: ips rules check my.rules");
    }
}
