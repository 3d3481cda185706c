package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @Test
    void namesTheSettingsThatTakeEffectAtTheNextStartOnly() {
        Terminal terminal = new Terminal(null, System.out, System.err, false, false, false, true);
        SensorConfig before = SensorConfig.defaults(SensorPreset.STANDARD);
        SensorConfig now = SensorConfig.defaults(SensorPreset.STRICT);
        try (Session session =
                new Session(
                        before, false, null, SignatureSet.EMPTY, List.of(), terminal, System.err)) {
            Reload reload = new Reload(() -> now, before, session, System.err);

            String refused = assertThrows(IllegalArgumentException.class, reload::get).getMessage();

            assertTrue(
                    refused.endsWith(
                            "at the next start only: detectors.syn-flood.per-target,"
                                    + " detectors.syn-flood.every-syn,"
                                    + " detectors.ping-flood.threshold,"
                                    + " detectors.ping-flood.per-target; nothing was changed"),
                    refused);
        }
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
