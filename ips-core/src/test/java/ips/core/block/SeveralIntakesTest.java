package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import ips.core.verdict.Doorbell;
import ips.core.verdict.Kind;
import ips.core.verdict.VerdictQueue;
import ips.core.verdict.VerdictSink;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A block manager that several pipelines report to, each with frame numbers of its own. */
class SeveralIntakesTest {
    private final Doorbell bell = new Doorbell();
    private final Lane first = new Lane();
    private final Lane second = new Lane();
    private final RecordingEnforcer enforcer = new RecordingEnforcer();
    private final BlockManager manager =
            new BlockManager(
                    BanConfig.DEFAULTS,
                    List.of(first.intake, second.intake),
                    List.of(),
                    NeverBanGate.forFiles(Allowlist.EMPTY),
                    enforcer,
                    List.of(),
                    error -> {
                        throw new AssertionError(error);
                    });

    /** One pipeline, its progress moved by hand. */
    private final class Lane implements WorkersProgress {
        final VerdictQueue queue = new VerdictQueue(64, false, bell);
        final VerdictSink sink = queue.producer(new Counters());
        final Intake intake = new Intake(queue, this);
        long frame;
        long ns;

        @Override
        public long processedNs() {
            return ns;
        }

        @Override
        public long processedFrame() {
            return frame;
        }

        void reach(double seconds) {
            frame = Math.round(seconds * 1000);
            ns = BlockFixture.START + (long) (seconds * BlockFixture.SECOND);
        }

        void accuse(double seconds, String source) {
            sink.raise(BlockFixture.verdict(seconds, Kind.ICMP_FLOOD, source, BanScope.ALL, 100));
        }
    }

    @Test
    void aPipelineThatStandsStillHoldsNobodyElsesBansUp() {
        first.reach(5);
        first.accuse(5, "192.0.2.1");

        manager.doWork();

        assertEquals(1, manager.bans().size());
        assertEquals(IpAddress.parse("192.0.2.1"), manager.bans().get(0).address().address());
    }

    @Test
    void reportsWaitForTheWorkersOfTheirOwnPipeline() {
        first.reach(1);
        second.reach(9);
        first.accuse(5, "192.0.2.1");
        second.accuse(5, "192.0.2.2");

        manager.doWork();
        assertEquals(1, manager.bans().size());
        assertTrue(manager.hasPending());

        first.reach(6);
        manager.doWork();
        assertEquals(2, manager.bans().size());
    }

    @Test
    void bansEndAsTheSlowestHasCome() {
        first.reach(5);
        second.reach(5);
        first.accuse(5, "192.0.2.1");
        manager.doWork();
        double over = 5 + BanConfig.DEFAULTS.banTime().toSeconds() + 1;

        first.reach(over);
        manager.doWork();
        assertEquals(1, manager.bans().size());

        second.reach(over);
        manager.doWork();
        assertEquals(0, manager.bans().size());
    }

    @Test
    void waitsForAllPipelinesWhenTheClockIsSetBack() {
        first.reach(1000);
        second.reach(1000);
        first.accuse(1000, "192.0.2.1");
        manager.doWork();

        first.ns = BlockFixture.START + 10 * BlockFixture.SECOND;
        manager.doWork();
        second.reach(1001);
        second.accuse(1001, "192.0.2.2");
        manager.doWork();
        second.ns = BlockFixture.START + 10 * BlockFixture.SECOND;
        manager.doWork();

        assertEquals(
                List.of(
                        BlockFixture.START + 69 * BlockFixture.SECOND,
                        BlockFixture.START + 70 * BlockFixture.SECOND),
                manager.bans().stream().map(Ban::untilNs).toList());
    }

    @Test
    void takesWhatIsLeftInEveryPipelineAtTheEnd() {
        first.reach(1);
        second.reach(1);
        first.accuse(3, "192.0.2.1");
        second.accuse(4, "192.0.2.2");

        manager.onClose();

        assertEquals(2, manager.bans().size());
    }
}
