package ips.core.detect;

import ips.core.ColdPath;
import ips.core.packet.IpAddress;
import ips.core.payload.RequestVerdict;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictSink;

/**
 * What sources were accused of by their payloads, by source and kind: raised at once the first time
 * and when an alert becomes a ban, then once a second at most, and at the end if the count grew.
 *
 * <p>Owned by one worker. {@value #CAPACITY} entries found by hash; one that another takes the
 * place of is raised a last time if need be.
 */
final class PayloadCampaigns {
    static final int CAPACITY = 1024;

    private static final class Entry {
        Kind kind;
        Action action;
        Evidence evidence;
        long sourceHigh;
        long sourceLow;
        long serverHigh;
        long serverLow;
        int port;
        long count;
        long raisedCount;
        long raisedNs;
        long firstNs;
        long firstFrame;
        long lastNs;
        long lastFrame;
        int doubtful;
        long doubtfulSinceNs;
    }

    private final VerdictSink verdicts;
    private final int doubtfulLimit;
    private final long windowNs;
    private final Entry[] entries = new Entry[CAPACITY];
    private int pending;

    PayloadCampaigns(VerdictSink verdicts, int doubtfulLimit, long windowNs) {
        this.verdicts = verdicts;
        this.doubtfulLimit = doubtfulLimit;
        this.windowNs = windowNs;
        for (int i = 0; i < CAPACITY; i++) {
            entries[i] = new Entry();
        }
    }

    /**
     * Counts one request.
     *
     * @param most what the source's proof allows
     */
    void add(
            RequestVerdict verdict,
            Action most,
            long sourceHigh,
            long sourceLow,
            long serverHigh,
            long serverLow,
            int port,
            long nowNs,
            long frame) {
        Kind kind = verdict.kind();
        long hash = (sourceHigh * 31 + sourceLow) * 0x9e37_79b9_7f4a_7c15L;
        int at = (int) (hash >>> 40) + kind.id().sid() * 61 & CAPACITY - 1;
        Entry entry = entries[at];
        boolean known =
                entry.kind == kind
                        && entry.sourceHigh == sourceHigh
                        && entry.sourceLow == sourceLow
                        && nowNs - entry.lastNs <= windowNs;
        if (!known) {
            if (entry.count > entry.raisedCount) {
                raise(entry, nowNs, frame);
                pending--;
            }
            entry.kind = kind;
            entry.action = Action.ALERT;
            entry.sourceHigh = sourceHigh;
            entry.sourceLow = sourceLow;
            entry.count = 0;
            entry.raisedCount = 0;
            entry.firstNs = nowNs;
            entry.firstFrame = frame;
            entry.doubtful = 0;
            entry.doubtfulSinceNs = nowNs;
        }
        entry.serverHigh = serverHigh;
        entry.serverLow = serverLow;
        entry.port = port;
        entry.lastNs = nowNs;
        entry.lastFrame = frame;
        boolean ban = most == Action.BAN && isEnough(entry, verdict.certain(), nowNs);
        boolean news = !known || ban && entry.action == Action.ALERT;
        if (ban) {
            entry.action = Action.BAN;
        }
        pending += entry.count == entry.raisedCount ? 1 : 0;
        entry.count++;
        if (news) {
            evidence(entry, verdict);
        }
        if (news || nowNs - entry.raisedNs >= Campaigns.RAISE_PAUSE_NS) {
            pending--;
            raise(entry, nowNs, frame);
        }
    }

    private boolean isEnough(Entry entry, boolean certain, long nowNs) {
        if (nowNs - entry.doubtfulSinceNs > windowNs) {
            entry.doubtfulSinceNs = nowNs;
            entry.doubtful = 0;
        }
        return certain || ++entry.doubtful >= doubtfulLimit;
    }

    /** Raises what was counted since. */
    void tick(long nowNs, long frame) {
        if (pending > 0) {
            raiseAll(nowNs, frame, Campaigns.RAISE_PAUSE_NS);
        }
    }

    void end(long nowNs, long frame) {
        raiseAll(nowNs, frame, Long.MIN_VALUE);
    }

    private void raiseAll(long nowNs, long frame, long pauseNs) {
        for (Entry entry : entries) {
            if (entry.count > entry.raisedCount && nowNs - entry.raisedNs >= pauseNs) {
                pending--;
                raise(entry, nowNs, frame);
            }
        }
    }

    @ColdPath
    private static void evidence(Entry entry, RequestVerdict verdict) {
        entry.evidence = verdict.evidence();
    }

    @ColdPath
    private void raise(Entry entry, long nowNs, long frame) {
        entry.raisedCount = entry.count;
        entry.raisedNs = nowNs;
        verdicts.raise(
                new Verdict(
                        frame,
                        nowNs,
                        entry.kind,
                        entry.action,
                        BanScope.ALL,
                        new IpAddress(entry.sourceHigh, entry.sourceLow),
                        new IpAddress(entry.serverHigh, entry.serverLow),
                        entry.port,
                        entry.count,
                        entry.firstNs,
                        entry.lastNs,
                        entry.firstFrame,
                        entry.lastFrame,
                        entry.evidence));
    }
}
