package ips.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ips ban}, asked of a running sensor. */
@Command(
        name = "ban",
        description = "Bans an address or network by hand; what must never be banned is refused.",
        mixinStandardHelpOptions = true)
final class BanCommand extends ControlCommand {
    @Parameters(paramLabel = "ADDR|CIDR", description = "An address or network.")
    private String address;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "For how long: ${DEFAULT-VALUE} by default.")
    private String time;

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the log.")
    private String reason = "";

    BanCommand(Terminal terminal) {
        super("ban", terminal);
    }

    @Override
    void describe(Map<String, String> fields) {
        fields.put("address", address);
        fields.put("for", time);
        fields.put("reason", reason);
    }
}
