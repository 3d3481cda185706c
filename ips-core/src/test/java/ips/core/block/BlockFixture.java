package ips.core.block;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Report;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictQueue;
import ips.core.verdict.VerdictSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A block manager with time and progress moved by hand, and everything it says written down. */
final class BlockFixture implements WorkersProgress {
    static final long SECOND = 1_000_000_000L;

    /** A whole second, so that ticks and times of tests are easily compared. */
    static final long START = 1_700_000_000L * SECOND;

    final VerdictQueue queue = new VerdictQueue(1 << 14);
    final Counters workerCounters = new Counters();
    final VerdictSink sink = queue.producer(workerCounters);
    final RecordingEnforcer enforcer = new RecordingEnforcer();
    final List<String> said = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    final BlockManager manager;

    long frame;
    long ns;

    BlockFixture(BanConfig config) {
        this(config, NeverBanGate.forFiles(new Allowlist(config.allow())), List.of());
    }

    BlockFixture(BanConfig config, NeverBanGate gate, List<DestinationThreshold> thresholds) {
        this(config, gate, thresholds, null, null);
    }

    BlockFixture(
            BanConfig config,
            NeverBanGate gate,
            List<DestinationThreshold> thresholds,
            Enforcer other,
            BlockListener first) {
        List<BlockListener> listeners = new ArrayList<>();
        if (first != null) {
            listeners.add(first);
        }
        listeners.add(new Scribe());
        manager =
                new BlockManager(
                        config,
                        List.of(new Intake(queue, this)),
                        thresholds,
                        gate,
                        other == null ? enforcer : other,
                        listeners,
                        errors::add);
    }

    @Override
    public long processedNs() {
        return ns;
    }

    @Override
    public long processedFrame() {
        return frame;
    }

    /** Workers come as far as the time, in seconds since the start, and the manager works. */
    void reach(double seconds) {
        ns = START + (long) (seconds * SECOND);
        frame = Math.round(seconds * 1000);
        manager.doWork();
    }

    void raise(Report... reports) {
        for (Report report : reports) {
            sink.raise(report);
        }
    }

    /** Raises a verdict and comes as far as that. */
    void accuse(double seconds, Kind kind, String source, BanScope scope) {
        raise(verdict(seconds, kind, source, scope, 100));
        reach(seconds);
    }

    long count(Counter counter) {
        return manager.counters().get(counter);
    }

    List<String> saidOf(String word) {
        return said.stream().filter(line -> line.startsWith(word)).toList();
    }

    /** A request for a ban at that time; frames are numbered by the millisecond. */
    static Verdict verdict(double seconds, Kind kind, String source, BanScope scope, long count) {
        return verdict(seconds, kind, source, scope, count, 0);
    }

    static Verdict verdict(
            double seconds, Kind kind, String source, BanScope scope, long count, double first) {
        long ns = START + (long) (seconds * SECOND);
        long number = Math.round(seconds * 1000);
        return new Verdict(
                number,
                ns,
                kind,
                Action.BAN,
                scope,
                IpAddress.parse(source),
                IpAddress.parse("203.0.113.80"),
                80,
                count,
                START + (long) (first * SECOND),
                ns,
                Math.max(1, Math.round(first * 1000)),
                number,
                Evidence.of("seen", count, "threshold", 50));
    }

    /** The same verdict without the request for a ban. */
    static Verdict alertOnly(Verdict ban) {
        return new Verdict(
                ban.frame(),
                ban.timestampNs(),
                ban.kind(),
                Action.ALERT,
                ban.scope(),
                ban.source(),
                ban.destination(),
                ban.port(),
                ban.count(),
                ban.firstNs(),
                ban.lastNs(),
                ban.firstFrame(),
                ban.lastFrame(),
                ban.evidence());
    }

    /** An alarm on a destination. */
    static Verdict alarm(double seconds, Kind kind, String destination, long count) {
        Verdict from = verdict(seconds, kind, "198.51.100.1", BanScope.ALL, count);
        return new Verdict(
                from.frame(),
                from.timestampNs(),
                kind,
                Action.ALERT,
                BanScope.ALL,
                null,
                IpAddress.parse(destination),
                80,
                count,
                from.firstNs(),
                from.lastNs(),
                from.firstFrame(),
                from.lastFrame(),
                from.evidence());
    }

    static BanConfig config(Duration banTime, int maxBans, int budget) {
        BanConfig d = BanConfig.DEFAULTS;
        return config(banTime, d.banScope(), maxBans, budget, d.maxCampaigns());
    }

    static BanConfig config(BanConfig.Scope scope) {
        BanConfig d = BanConfig.DEFAULTS;
        return config(d.banTime(), scope, d.maxBans(), d.banBudget(), d.maxCampaigns());
    }

    static BanConfig config(int maxCampaigns) {
        BanConfig d = BanConfig.DEFAULTS;
        return config(d.banTime(), d.banScope(), d.maxBans(), d.banBudget(), maxCampaigns);
    }

    private static BanConfig config(
            Duration banTime, BanConfig.Scope scope, int maxBans, int budget, int maxCampaigns) {
        BanConfig d = BanConfig.DEFAULTS;
        return new BanConfig(
                banTime,
                scope,
                d.repeatFactor(),
                d.longestBan(),
                d.repeatMemory(),
                maxBans,
                budget,
                d.campaignPause(),
                maxCampaigns,
                d.spoofedSources(),
                d.ipv6SubnetAfter(),
                d.allow());
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.1f", (ns - START) / 1e9);
    }

    private static String who(Detection detection) {
        return String.valueOf(
                detection.source() != null ? detection.source() : detection.destination());
    }

    /** Writes down what it hears, a line each. */
    private final class Scribe implements BlockListener {
        @Override
        public void detected(Detection d) {
            said.add("detected " + d.kind() + " " + who(d) + " " + d.count());
        }

        @Override
        public void ended(Detection d) {
            said.add("ended " + d.kind() + " " + who(d) + " " + d.count());
        }

        @Override
        public void banned(Ban ban, Detection cause, boolean prolonged) {
            said.add(
                    (prolonged ? "prolonged " : "banned ")
                            + ban.address()
                            + " "
                            + ban.scope().word()
                            + " "
                            + seconds(ban.fromNs())
                            + "-"
                            + seconds(ban.untilNs())
                            + (ban.repeat() > 0 ? " repeat " + ban.repeat() : ""));
        }

        @Override
        public void released(Ban ban, ReleaseReason reason) {
            said.add("released " + ban.address() + " " + ban.scope().word() + " " + reason);
        }

        @Override
        public void spared(Detection d, SpareReason reason) {
            said.add("spared " + d.kind() + " " + who(d) + " " + reason);
        }

        @Override
        public void close() {
            said.add("closed");
        }
    }
}
