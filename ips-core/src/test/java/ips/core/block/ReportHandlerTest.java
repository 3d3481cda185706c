package ips.core.block;

import static ips.core.block.BlockFixture.SECOND;
import static ips.core.block.BlockFixture.START;
import static ips.core.block.BlockFixture.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportHandlerTest {
    private final List<String> heard = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final Counters counters = new Counters();
    private boolean failing;

    private final BlockListener listener =
            new BlockListener() {
                @Override
                public void detected(Detection detection) {
                    if (failing) {
                        throw new IllegalStateException("out of order");
                    }
                    heard.add("detected " + detection.source());
                }

                @Override
                public void ended(Detection detection) {
                    heard.add("ended " + detection.source());
                }

                @Override
                public void tick(long nowNs) {
                    heard.add("tick " + (nowNs - START) / SECOND);
                }
            };

    private final ReportHandler handler =
            new ReportHandler(
                    BanConfig.DEFAULTS,
                    List.of(),
                    NeverBanGate.forFiles(Allowlist.EMPTY),
                    new EnforcerBatch(new RecordingEnforcer(), counters, errors::add),
                    listener,
                    counters,
                    errors::add);

    private void accuse(double seconds, String source) {
        handler.handle(verdict(seconds, Kind.ICMP_FLOOD, source, BanScope.ALL, 100));
    }

    @Test
    void beginsACampaignAndABanWithTheFirstVerdictAndNoneWithTheSecond() {
        handler.moveOn(START + SECOND, true);
        accuse(1, "192.0.2.1");
        accuse(1, "192.0.2.1");

        assertEquals(List.of("detected 192.0.2.1"), heard);
        assertEquals(1, handler.bans().table().size());
        assertEquals(1, counters.get(Counter.DETECTIONS));
    }

    @Test
    void tellsListenersOnceASecondThatTimePassed() {
        handler.moveOn(START, true);
        handler.moveOn(START + 2 * SECOND + SECOND / 2, true);

        assertEquals(List.of("tick 1", "tick 2"), heard);
    }

    @Test
    void notesATimeWithoutTheTicksBeforeIt() {
        handler.moveOn(START, true);
        handler.noteTime(START + 5 * SECOND);

        assertEquals(START + 5 * SECOND, handler.nowNs());
        assertEquals(List.of(), heard);
    }

    @Test
    void endsCampaignsAndKeepsWhatBansHaveLeftWhenTheClockIsSet() {
        handler.moveOn(START + SECOND, true);
        accuse(1, "192.0.2.1");
        long leftNs = handler.bans().table().snapshot().get(0).untilNs() - handler.nowNs();

        handler.setClock(START + 3600 * SECOND);

        assertEquals(List.of("detected 192.0.2.1", "ended 192.0.2.1"), heard);
        assertEquals(leftNs, handler.bans().table().snapshot().get(0).untilNs() - handler.nowNs());
    }

    @Test
    void handlesTheNextReportWhenOneFails() {
        handler.moveOn(START, true);
        failing = true;
        accuse(0, "192.0.2.1");
        failing = false;
        accuse(0, "192.0.2.2");

        assertEquals(1, errors.size(), errors::toString);
        assertEquals(List.of("detected 192.0.2.2"), heard);
    }
}
