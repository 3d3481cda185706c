package ips.bench.block;

import ips.core.block.Allowlist;
import ips.core.block.Ban;
import ips.core.block.BanConfig;
import ips.core.block.BlockManager;
import ips.core.block.Enforcer;
import ips.core.block.Intake;
import ips.core.block.NeverBanGate;
import ips.core.block.WorkersProgress;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictQueue;
import ips.core.verdict.VerdictSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many verdicts a second does the block manager take? {@code verdicts} prolongs the campaigns
 * and bans of 1,000 offenders; {@code bans} brings a new offender with every verdict, so that each
 * means a campaign and a ban begun and, a minute of frame time later, ended. Queue, order by frame,
 * gate and ban table are the real ones; the enforcer only counts.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar BlockManagerBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class BlockManagerBenchmark implements WorkersProgress {
    /** Verdicts of one invocation, and of one round of the manager. */
    public static final int VERDICTS = 1000;

    /** Between verdicts: 60,000 bans in force at 60 s each, and as many a minute. */
    private static final long GAP_NS = 1_000_000;

    private static final IpAddress TARGET = IpAddress.parse("198.51.100.80");
    private static final Evidence EVIDENCE = Evidence.of("ports", 20, "threshold", 15);

    private final Counters counters = new Counters();
    private final CountingEnforcer enforcer = new CountingEnforcer();
    private BlockManager manager;
    private VerdictSink sink;
    private long frame;
    private long nowNs = 1_700_000_000_000_000_000L;
    private long offenders;

    private static final class CountingEnforcer implements Enforcer {
        long enforced;
        long lifted;

        @Override
        public void enforce(List<Ban> bans) {
            enforced += bans.size();
        }

        @Override
        public void lift(List<Ban> bans) {
            lifted += bans.size();
        }

        @Override
        public String name() {
            return "counting";
        }
    }

    @Setup
    public void start() {
        VerdictQueue queue = new VerdictQueue(VerdictQueue.DEFAULT_CAPACITY);
        sink = queue.producer(counters);
        manager =
                new BlockManager(
                        generous(),
                        List.of(new Intake(queue, this)),
                        List.of(),
                        NeverBanGate.forFiles(Allowlist.EMPTY),
                        enforcer,
                        List.of(),
                        error -> {
                            throw new IllegalStateException(error);
                        });
    }

    /** The defaults with a ban budget that is never used up. */
    private static BanConfig generous() {
        BanConfig defaults = BanConfig.DEFAULTS;
        return new BanConfig(
                Duration.ofSeconds(60),
                defaults.banScope(),
                1,
                defaults.longestBan(),
                defaults.repeatMemory(),
                1 << 18,
                1_000_000,
                defaults.campaignPause(),
                1 << 18,
                defaults.spoofedSources(),
                defaults.ipv6SubnetAfter(),
                defaults.allow());
    }

    @Benchmark
    @OperationsPerInvocation(VERDICTS)
    public long verdicts() {
        offenders = VERDICTS;
        for (int i = 0; i < VERDICTS; i++) {
            accuse(0x0a00_0000 + i);
        }
        manager.doWork();
        return enforcer.enforced;
    }

    @Benchmark
    @OperationsPerInvocation(VERDICTS)
    public long bans() {
        for (int i = 0; i < VERDICTS; i++) {
            // A new one each time, until the 16 million of 11.0.0.0/8 have had their turn.
            accuse(0x0b00_0000 + (int) (offenders++ & 0xff_ffff));
        }
        manager.doWork();
        return enforcer.enforced;
    }

    private void accuse(int source) {
        nowNs += GAP_NS;
        frame++;
        sink.raise(
                new Verdict(
                        frame,
                        nowNs,
                        Kind.SCAN_SYN,
                        Action.BAN,
                        BanScope.SYN,
                        IpAddress.ofIpv4(source),
                        TARGET,
                        0,
                        20,
                        nowNs,
                        nowNs,
                        frame,
                        frame,
                        EVIDENCE));
    }

    /** A verdict that was lost, or no ban, is no work done. */
    @TearDown(Level.Iteration)
    public void check() {
        long raised = counters.get(Counter.VERDICTS_RAISED);
        long begun = manager.counters().get(Counter.BANS);
        if (raised != frame || counters.get(Counter.VERDICTS_LOST) > 0 || begun != offenders) {
            throw new IllegalStateException(
                    frame
                            + " verdicts, "
                            + raised
                            + " raised; "
                            + offenders
                            + " offenders, "
                            + begun
                            + " bans");
        }
        if (enforcer.enforced - enforcer.lifted < manager.bansInForce()) {
            throw new IllegalStateException(
                    enforcer.enforced
                            + " enforced and "
                            + enforcer.lifted
                            + " lifted, but "
                            + manager.bansInForce()
                            + " in force");
        }
    }

    @TearDown
    public void stop() {
        manager.onClose();
    }

    @Override
    public long processedNs() {
        return nowNs;
    }

    @Override
    public long processedFrame() {
        return frame;
    }
}
