package ips.cli.control;

import ips.cli.Terminal;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code ips reload}, asked of a running sensor. */
@Command(
        name = "reload",
        description =
                "Reads the configuration anew, all of it or nothing. Settings of bans and "
                        + "files of rules take effect at once; where any other was changed, it "
                        + "says so and changes nothing. So it is with bans.max-bans, "
                        + "max-campaigns, spoofed-sources, repeat-memory and campaign-pause.",
        mixinStandardHelpOptions = true)
public final class ReloadCommand extends ControlCommand {
    public ReloadCommand(Terminal terminal) {
        super("reload", terminal);
    }

    @Override
    void describe(Map<String, String> fields) {
        // The word says it all.
    }
}
