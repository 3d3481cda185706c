package ips.cli.control;

import ips.cli.Terminal;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code ips status}, asked of a running sensor. */
@Command(
        name = "status",
        description =
                "Says how a running sensor is: traffic, detections, bans wanted and " + "enforced.",
        mixinStandardHelpOptions = true)
public final class StatusCommand extends ControlCommand {
    public StatusCommand(Terminal terminal) {
        super("status", terminal);
    }

    @Override
    void describe(Map<String, String> fields) {
        // The word says it all.
    }
}
