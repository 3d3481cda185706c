package ips.cli.control;

import ips.cli.Terminal;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ips unban}, asked of a running sensor. */
@Command(
        name = "unban",
        description = "Ends bans and forgives them.",
        mixinStandardHelpOptions = true)
public final class UnbanCommand extends ControlCommand {
    @Parameters(
            paramLabel = "ADDR|CIDR",
            arity = "0..1",
            description = "An address, or a network and all in it.")
    private String address;

    @Option(names = "--all", description = "All bans.")
    private boolean all;

    @Spec private CommandSpec spec;

    public UnbanCommand(Terminal terminal) {
        super("unban", terminal);
    }

    @Override
    void describe(Map<String, String> fields) {
        if (all == (address != null)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "give either an address or network, or --all");
        }
        fields.put("address", all ? "all" : network(address));
    }
}
