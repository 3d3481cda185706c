package ips.cli.control;

import ips.cli.Terminal;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ips allow}, asked of a running sensor. */
@Command(
        name = "allow",
        description =
                "Puts an address or network on the allowlist until the sensor ends, "
                        + "and frees whoever is banned in it.",
        mixinStandardHelpOptions = true)
public final class AllowCommand extends ControlCommand {
    @Parameters(paramLabel = "ADDR|CIDR", description = "An address or network.")
    private String address;

    @Option(names = "--undo", description = "Take back what was allowed so.")
    private boolean undo;

    public AllowCommand(Terminal terminal) {
        super("allow", terminal);
    }

    @Override
    void describe(Map<String, String> fields) {
        fields.put("address", network(address));
        if (undo) {
            fields.put("undo", "true");
        }
    }
}
