package ips.cli.control;

import ips.cli.Terminal;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code ips bans}, asked of a running sensor. */
@Command(
        name = "bans",
        description = "Lists the bans in force, and whether the kernel enforces them.",
        mixinStandardHelpOptions = true)
public final class BansCommand extends ControlCommand {
    public BansCommand(Terminal terminal) {
        super("bans", terminal);
    }

    @Override
    void describe(Map<String, String> fields) {
        // The word says it all.
    }
}
