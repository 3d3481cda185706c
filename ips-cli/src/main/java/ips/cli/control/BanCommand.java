package ips.cli.control;

import ips.cli.ExitCode;
import ips.cli.Terminal;
import ips.cli.UserError;
import ips.cli.config.Durations;
import ips.core.Settings;
import ips.core.block.BlockManager;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ips ban}, asked of a running sensor. */
@Command(
        name = "ban",
        description = "Bans an address or network by hand; what must never be banned is refused.",
        mixinStandardHelpOptions = true)
public final class BanCommand extends ControlCommand {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

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

    public BanCommand(Terminal terminal) {
        super("ban", terminal);
    }

    @Override
    void describe(Map<String, String> fields) {
        fields.put("address", network(address));
        fields.put("for", checkedTime());
        fields.put("reason", reason);
    }

    private String checkedTime() {
        try {
            time("--for", time);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.USAGE, e.getMessage(), e);
        }
        return time;
    }

    /**
     * How long a ban by hand is to last.
     *
     * @param key what the text was given for
     * @throws IllegalArgumentException if it is no duration, or none that a ban can have
     */
    static Duration time(String key, String text) {
        Duration time = Durations.parse(key, text);
        Settings.within(key, time, SHORTEST, BlockManager.LONGEST_BAN);
        return time;
    }
}
