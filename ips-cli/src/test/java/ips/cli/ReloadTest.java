package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.rule.SignatureSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReloadTest {
    private final AtomicInteger reading = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private SensorConfig readSlowly() {
        most.accumulateAndGet(reading.incrementAndGet(), Math::max);
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reading.decrementAndGet();
        throw new UserError(ExitCode.USAGE, "no such file", null);
    }

    /** SIGHUP and any number of operators may ask at the same time. */
    @Test
    void isDoneOneAfterTheOther() throws InterruptedException {
        Terminal terminal = new Terminal(null, System.out, System.err, false, false, false, true);
        SensorConfig config = SensorConfig.defaults(SensorPreset.STANDARD);
        try (Session session =
                new Session(
                        config, false, null, SignatureSet.EMPTY, List.of(), terminal, System.err)) {
            Reload reload = new Reload(this::readSlowly, config, session, System.err);
            List<Thread> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(new Thread(reload::hungUp));
            }
            all.forEach(Thread::start);
            for (Thread each : all) {
                each.join();
            }
        }

        assertEquals(1, most.get());
    }
}
