package ips.cli;

import ips.cli.config.ConfigException;
import ips.core.EngineConfig;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code ips reload}: reads the configuration as at the start and takes all that changed, or
 * nothing. Logs are opened anew in any case, for whoever has moved them away. Any thread.
 */
final class Reload implements Supplier<String> {
    /** Reads the configuration, command line included. */
    interface Settings {
        SensorConfig read() throws ConfigException;
    }

    private final Settings settings;
    private final SensorConfig atStart;
    private final Session session;
    private final PrintStream errors;

    /**
     * @param errors told that it was done, as every order by hand is
     */
    Reload(Settings settings, SensorConfig atStart, Session session, PrintStream errors) {
        this.settings = settings;
        this.atStart = atStart;
        this.session = session;
        this.errors = errors;
    }

    /**
     * Does it, and says in one sentence what is in force.
     *
     * @throws IllegalArgumentException that says what is wrong; then nothing was changed
     */
    @Override
    public String get() {
        session.reopenLogs();
        SensorConfig now = read();
        EngineConfig engine = now.engine().withBans(atStart.engine().bans());
        SensorConfig same =
                new SensorConfig(
                        engine, now.capture(), now.block(), now.nft(), now.rules(), now.output());
        if (!same.equals(atStart)) {
            throw new IllegalArgumentException(
                    "settings other than those of bans were changed too, and take effect at the"
                            + " next start only; nothing was changed");
        }
        try {
            session.engine().blockManager().reconfigure(now.engine().bans()).get();
        } catch (ExecutionException e) {
            throw new IllegalArgumentException(e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("the sensor is ending", e);
        }
        errors.println("ips: the settings of bans were reloaded by hand");
        return "the settings of bans are in force, and the logs are opened anew";
    }

    private SensorConfig read() {
        try {
            return settings.read();
        } catch (ConfigException e) {
            throw new IllegalArgumentException(
                    e.problems().stream()
                            .map(Object::toString)
                            .collect(Collectors.joining("; ", "", "; nothing was changed")),
                    e);
        } catch (UserError e) {
            throw new IllegalArgumentException(e.getMessage() + "; nothing was changed", e);
        }
    }
}
