package ips.cli.control;

import ips.cli.Terminal;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ips explain}, asked of a running sensor. */
@Command(
        name = "explain",
        description =
                "Says what was found about an address, what was done, and why it is "
                        + "not banned if it is not.",
        mixinStandardHelpOptions = true)
public final class ExplainCommand extends ControlCommand {
    @Parameters(paramLabel = "ADDR", description = "An address or network.")
    private String address;

    public ExplainCommand(Terminal terminal) {
        super("explain", terminal);
    }

    @Override
    void describe(Map<String, String> fields) {
        fields.put("address", network(address));
    }
}
