package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Settings;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.time.Duration;

/**
 * What detectors of port scans and of sweeps keep alike: probes by source and target in a fast and
 * a slow window, the targets that ever answered, the first probe of each source, and its spread:
 * all other targets that it tried in vain.
 *
 * <p>Owned by one worker; its parts say what bounds them.
 */
final class VainProbes {
    /** In {@link ProbeTable}'s word for what a record's target is: a single one. */
    static final int ONE = 0x100;

    /** In that word: all the targets of a source; the items are the targets. */
    private static final int SPREAD = 0x200;

    final ProbeTable table;
    final AnsweredTargets answered;
    final FirstProbe firstProbe;
    private final DetectorContext context;
    private final long fastNs;
    private final long slowNs;

    VainProbes(
            DetectorContext context,
            Duration fast,
            Duration slow,
            int maxRecords,
            int maxAnswered) {
        this.context = context;
        fastNs = fast.toNanos();
        slowNs = slow.toNanos();
        table = new ProbeTable(maxRecords, context.workers(), fastNs, slowNs, context.counters());
        answered = new AnsweredTargets(maxAnswered, context.workers(), slowNs);
        firstProbe = new FirstProbe(context.sources(), table, slowNs);
    }

    /** Refuses settings that {@link PortScanDetector} and {@link SweepDetector} share. */
    @ColdPath
    static void check(
            int threshold,
            Duration window,
            int slowThreshold,
            Duration slowWindow,
            int factor,
            int maxRecords,
            int maxAnswered) {
        Settings.within("threshold", threshold, 2, 1000);
        Settings.within("slow-threshold", slowThreshold, 2, 1000);
        Settings.within("factor", factor, 1, 100);
        Settings.within("max-records", maxRecords, 64, 1 << 20);
        Settings.within("max-answered", maxAnswered, 64, 1 << 24);
        Settings.within("window", window, Duration.ofSeconds(1), Duration.ofMinutes(10));
        Duration longest = Duration.ofDays(1);
        Settings.inRange(
                slowWindow.compareTo(window) >= 0 && slowWindow.compareTo(longest) <= 0,
                "slow-window",
                Settings.text(slowWindow),
                "window to 1d; window is " + Settings.text(window));
    }

    @ColdPath
    ScanCampaigns campaigns(
            Kind kind, BanScope scope, Thresholds thresholds, ScanCampaigns.Shape shape) {
        return new ScanCampaigns(context, kind, scope, table, thresholds, shape, fastNs, slowNs);
    }

    /** Notes that a source tried a target in vain, among all that it tries. */
    void spread(
            long sourceHigh, long sourceLow, int protocol, long target, long nowNs, long frame) {
        int what = SPREAD | protocol;
        int record = table.find(sourceHigh, sourceLow, 0, 0, what);
        if (record == ProbeTable.NONE) {
            record = table.add(sourceHigh, sourceLow, 0, 0, what, nowNs, frame);
        }
        table.negative(record, target, ProbeTable.UNANSWERED, nowNs, frame);
    }

    /** How many targets the source of a record tried in vain, by the record's protocol. */
    int spreadOf(int record, boolean inFastWindow) {
        int all =
                table.find(
                        table.sourceHigh(record),
                        table.sourceLow(record),
                        0,
                        0,
                        SPREAD | protocol(record));
        if (all == ProbeTable.NONE) {
            return 0;
        }
        return inFastWindow ? table.fast(all) : table.slow(all);
    }

    int protocol(int record) {
        return table.what(record) & 0xff;
    }

    /** Thresholds of the two windows, for a source that does not spread. */
    abstract static class Thresholds implements ScanCampaigns.Thresholds {
        private final ProbeTable table;
        private final int factor;

        /**
         * @param factor by which items without answer must outnumber those with
         */
        Thresholds(VainProbes probes, int factor) {
            this.table = probes.table;
            this.factor = factor;
        }

        /** Whether the source tried so many other targets that this one means nothing. */
        abstract boolean isOneOfMany(int record, int items, boolean inFastWindow);

        @Override
        public final int crossed(int record, int doubtful) {
            int least = factor * table.answered(record);
            int fast = table.fast(record) - doubtful;
            if (fast >= threshold(record, ScanCampaigns.FAST)
                    && fast > least
                    && !isOneOfMany(record, fast, true)) {
                return ScanCampaigns.FAST;
            }
            int slow = table.slow(record) - doubtful;
            return slow >= threshold(record, ScanCampaigns.SLOW)
                            && slow > least
                            && !isOneOfMany(record, slow, false)
                    ? ScanCampaigns.SLOW
                    : ScanCampaigns.NOT_CROSSED;
        }
    }
}
