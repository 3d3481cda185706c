package ips.cli;

import ips.cli.config.ConfigException;
import ips.cli.config.ConfigPrinter;
import ips.cli.rules.RuleFiles;
import ips.core.block.BanConfig;
import ips.core.detect.RulesInForce;
import ips.core.rule.SignatureSet;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code ips reload} and SIGHUP: reads the configuration and the files of rules as at the start and
 * takes all that changed, or nothing. Logs are opened anew in any case, for whoever has moved them
 * away. Any thread; one reload after the other.
 */
final class Reload implements Supplier<String> {
    /** Reads the configuration, command line included. */
    interface Settings {
        SensorConfig read() throws ConfigException;
    }

    private static final long MOST_WAIT_SECONDS = 10;

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
    public synchronized String get() {
        session.reopenLogs();
        SensorConfig now = read();
        if (!withoutWhatMayChange(now).equals(withoutWhatMayChange(atStart))) {
            throw new IllegalArgumentException(
                    "settings other than those of bans and the files of rules were changed too, and"
                            + " take effect at the next start only: "
                            + String.join(", ", changedKeys(now))
                            + "; nothing was changed");
        }
        RulesInForce inForce = session.engine().rules();
        SignatureSet rules = rules(now, inForce);
        try {
            session.engine()
                    .blockManager()
                    .reconfigure(now.engine().bans())
                    .get(MOST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalArgumentException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalArgumentException(
                    "the sensor has seen no frame yet, or is overloaded; its rules are as they were,"
                            + " so ask again",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("the sensor is ending", e);
        }
        inForce.replace(rules);
        String done =
                "the settings of bans and %d rules are in force, and the logs are opened anew"
                        .formatted(rules.size());
        errors.println("ips: reloaded by hand: " + done);
        return done;
    }

    /**
     * Does it for a signal, whose sender hears no answer: what is wrong is reported as errors are.
     */
    void hungUp() {
        try {
            get();
        } catch (IllegalArgumentException e) {
            errors.println("ips: not reloaded: " + e.getMessage());
        }
    }

    /** What was changed of that which a running sensor cannot change. */
    private List<String> changedKeys(SensorConfig now) {
        List<ConfigPrinter.Row> before = ConfigPrinter.rows(withoutWhatMayChange(atStart));
        return ConfigPrinter.rows(withoutWhatMayChange(now)).stream()
                .filter(row -> !before.contains(row))
                .map(ConfigPrinter.Row::key)
                .toList();
    }

    private static SensorConfig withoutWhatMayChange(SensorConfig config) {
        return new SensorConfig(
                config.engine().withBans(BanConfig.DEFAULTS),
                config.capture(),
                config.block(),
                config.nft(),
                config.rules().withoutFiles(),
                config.output());
    }

    /** Reads them as at the start: what is wrong with some is reported, the others count. */
    private SignatureSet rules(SensorConfig now, RulesInForce inForce) {
        try {
            SignatureSet rules = RuleFiles.load(now.rules(), errors);
            inForce.check(rules);
            return rules;
        } catch (UserError | IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + "; nothing was changed", e);
        }
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
