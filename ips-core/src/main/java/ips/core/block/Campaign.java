package ips.core.block;

import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the verdicts of one campaign add up to; owned by the block manager's thread.
 *
 * <p>A verdict's count is cumulative since its detector was last armed. So a verdict that begins
 * behind everything counted so far is of a new arming, and its count is added to those before; any
 * other is the same stretch seen again (or seen by a second, longer window), and the larger count
 * of the two holds.
 */
final class Campaign {
    /** What belongs together: the kind, and the offender or, where they are many, the attacked. */
    record Key(Kind kind, IpAddress source, IpAddress destination) {
        static Key of(Verdict verdict) {
            return verdict.source() != null
                    ? new Key(verdict.kind(), verdict.source(), null)
                    : new Key(verdict.kind(), null, verdict.destination());
        }
    }

    /** A campaign may pause for this many times its mean gap, so that slow scans stay one. */
    private static final int MEAN_GAPS = 4;

    private static final long LONGEST_PAUSE_NS = 3_600_000_000_000L;

    final long number;
    final Key key;
    final Set<BlockListener.SpareReason> sparedFor =
            EnumSet.noneOf(BlockListener.SpareReason.class);

    private Action action;
    private BanScope scope;
    private IpAddress destination;
    private int port;
    private long countBefore;
    private long count;
    private long firstNs;
    private long lastNs;
    private long firstFrame;
    private long lastFrame;
    private long lastVerdictNs;
    private Evidence evidence;

    Campaign(long number, Verdict verdict) {
        this.number = number;
        key = Key.of(verdict);
        action = verdict.action();
        scope = verdict.scope();
        destination = verdict.destination();
        port = verdict.port();
        count = verdict.count();
        firstNs = verdict.firstNs();
        lastNs = verdict.lastNs();
        firstFrame = verdict.firstFrame();
        lastFrame = verdict.lastFrame();
        lastVerdictNs = verdict.timestampNs();
        evidence = verdict.evidence();
    }

    void add(Verdict verdict) {
        if (verdict.firstFrame() > lastFrame) {
            countBefore += count;
            count = verdict.count();
        } else {
            count = Math.max(count, verdict.count());
        }
        if (verdict.action() == Action.BAN) {
            scope = action == Action.BAN && scope == BanScope.ALL ? scope : verdict.scope();
            action = Action.BAN;
        }
        if (destination != null && !destination.equals(verdict.destination())) {
            destination = null;
        }
        if (port != verdict.port()) {
            port = 0;
        }
        firstNs = Math.min(firstNs, verdict.firstNs());
        lastNs = Math.max(lastNs, verdict.lastNs());
        firstFrame = Math.min(firstFrame, verdict.firstFrame());
        lastFrame = Math.max(lastFrame, verdict.lastFrame());
        lastVerdictNs = Math.max(lastVerdictNs, verdict.timestampNs());
        evidence = inTunnelOf(evidence, verdict.evidence());
    }

    /** What is raised without a frame at hand does not know through which tunnel it came. */
    private static Evidence inTunnelOf(Evidence before, Evidence now) {
        Object from = before.values().get(Evidence.TUNNEL_FROM);
        if (from == null || now.values().containsKey(Evidence.TUNNEL_FROM)) {
            return now;
        }
        return now.with(Evidence.TUNNEL_FROM, from)
                .with(Evidence.TUNNEL_TO, before.values().get(Evidence.TUNNEL_TO));
    }

    /** When it will have ended, should no verdict come. */
    long endsNs(long pauseNs) {
        long total = countBefore + count;
        long meanGapNs = total > 1 ? (lastNs - firstNs) / (total - 1) : 0;
        long slowPauseNs = Math.min(LONGEST_PAUSE_NS, MEAN_GAPS * meanGapNs);
        return lastVerdictNs + Math.max(pauseNs, slowPauseNs);
    }

    Detection detection() {
        return new Detection(
                number,
                key.kind(),
                action,
                scope,
                key.source(),
                destination,
                port,
                countBefore + count,
                firstNs,
                lastNs,
                firstFrame,
                lastFrame,
                evidence);
    }
}
