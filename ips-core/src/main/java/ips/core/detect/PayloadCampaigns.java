package ips.core.detect;

import ips.core.ColdPath;
import ips.core.flow.WindowCount;
import ips.core.packet.IpAddress;
import ips.core.payload.RequestVerdict;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictSink;
import java.util.Arrays;

/**
 * What sources were accused of by their payloads, by source and kind: raised at once the first time
 * and when an alert becomes a ban, then once a second at most, and at the end if the count grew.
 *
 * <p>A certain attack bans; doubtful ones ban once a source has sent as many within the window as
 * it takes, of whatever kind.
 *
 * <p>Owned by one worker. {@value #CAPACITY} entries of some 150 bytes in sets of {@value #WAYS}
 * found by hash; when a set is full the entry not used for longest is raised a last time, if need
 * be, and makes room.
 */
final class PayloadCampaigns {
    static final int CAPACITY = 1024;
    static final int WAYS = 4;

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
    }

    /** The doubtful requests of a source. */
    private static final class Doubt {
        long sourceHigh;
        long sourceLow;
        long lastNs;
        final long[] count = new long[WindowCount.LONGS];
    }

    private final VerdictSink verdicts;
    private final int doubtfulLimit;
    private final long windowNs;
    private final Entry[] entries = new Entry[CAPACITY];
    private final Doubt[] doubts = new Doubt[CAPACITY];
    private int pending;

    PayloadCampaigns(VerdictSink verdicts, int doubtfulLimit, long windowNs) {
        this.verdicts = verdicts;
        this.doubtfulLimit = doubtfulLimit;
        this.windowNs = windowNs;
        for (int i = 0; i < CAPACITY; i++) {
            entries[i] = new Entry();
            doubts[i] = new Doubt();
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
        Entry entry = entry(kind, sourceHigh, sourceLow);
        boolean known =
                entry.kind == kind
                        && entry.sourceHigh == sourceHigh
                        && entry.sourceLow == sourceLow
                        && nowNs >= entry.lastNs // unless the clock was set back
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
        }
        entry.serverHigh = serverHigh;
        entry.serverLow = serverLow;
        entry.port = port;
        entry.lastNs = nowNs;
        entry.lastFrame = frame;
        boolean enough = verdict.certain() || doubtful(sourceHigh, sourceLow, nowNs);
        boolean ban = most == Action.BAN && enough;
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

    private static int set(long sourceHigh, long sourceLow, int salt) {
        long hash = (sourceHigh * 31 + sourceLow) * 0x9e37_79b9_7f4a_7c15L;
        return ((int) (hash >>> 40) + salt * 61) * WAYS & CAPACITY - 1;
    }

    /** The entry of a source and kind, or that which makes room for it. */
    private Entry entry(Kind kind, long sourceHigh, long sourceLow) {
        int set = set(sourceHigh, sourceLow, kind.id().sid());
        Entry oldest = entries[set];
        for (int i = 0; i < WAYS; i++) {
            Entry entry = entries[set + i];
            if (entry.kind == kind
                    && entry.sourceHigh == sourceHigh
                    && entry.sourceLow == sourceLow) {
                return entry;
            }
            if (entry.kind == null || oldest.kind != null && entry.lastNs < oldest.lastNs) {
                oldest = entry;
            }
        }
        return oldest;
    }

    /** Counts a doubtful request; whether they are enough for a ban. */
    private boolean doubtful(long sourceHigh, long sourceLow, long nowNs) {
        int set = set(sourceHigh, sourceLow, 0);
        Doubt found = null;
        Doubt oldest = doubts[set];
        for (int i = 0; i < WAYS && found == null; i++) {
            Doubt doubt = doubts[set + i];
            if (doubt.sourceHigh == sourceHigh && doubt.sourceLow == sourceLow) {
                found = doubt;
            } else if (doubt.lastNs < oldest.lastNs) {
                oldest = doubt;
            }
        }
        if (found == null) {
            found = oldest;
            found.sourceHigh = sourceHigh;
            found.sourceLow = sourceLow;
            Arrays.fill(found.count, 0);
        }
        found.lastNs = nowNs;
        return WindowCount.add(found.count, 0, 1, nowNs, windowNs) >= doubtfulLimit;
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
            boolean due = nowNs - entry.raisedNs >= pauseNs || nowNs < entry.raisedNs;
            if (entry.count > entry.raisedCount && due) {
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
