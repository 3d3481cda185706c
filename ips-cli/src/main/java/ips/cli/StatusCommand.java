package ips.cli;

import java.util.Map;
import picocli.CommandLine.Command;

/** {@code ips status}, asked of a running sensor. */
@Command(
        name = "status",
        description =
                "Says how a running sensor is: traffic, detections, bans wanted and " + "enforced.",
        mixinStandardHelpOptions = true)
final class StatusCommand extends ControlCommand {
    StatusCommand(Terminal terminal) {
        super("status", terminal);
    }

    @Override
    void describe(Map<String, String> fields) {
        // The word says it all.
    }
}
