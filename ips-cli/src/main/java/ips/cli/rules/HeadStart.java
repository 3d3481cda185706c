package ips.cli.rules;

import ips.core.payload.RequestJudge;
import ips.core.rule.SignatureSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Prepares on a second thread what every run of the sensor needs, while the first thread reads the
 * command line and the configuration, which takes as long. A run that needs none of it has wasted a
 * tenth of a second of another core.
 */
public final class HeadStart {
    private static final Set<String> SENSORS = Set.of("analyze", "run");

    private static final FutureTask<SignatureSet> RULES = new FutureTask<>(RuleFiles::shipped);

    private static volatile boolean begun;

    private HeadStart() {}

    /** Begins, if the command is one that needs it. */
    public static void begin(String... arguments) {
        if (arguments.length == 0 || !SENSORS.contains(arguments[0])) {
            return;
        }
        begun = true;
        Thread thread = new Thread(HeadStart::run, "ips-head-start");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run() {
        RULES.run();
        RequestJudge.prepare();
    }

    /** The shipped rules, waited for if they are on their way; null if they are not. */
    static SignatureSet rules() {
        if (!begun) {
            return null;
        }
        try {
            return RULES.get();
        } catch (ExecutionException e) {
            return null; // whoever reads them once more meets what was wrong
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
