package ips.core.block;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.verdict.Action;
import ips.core.verdict.AlertFrame;
import ips.core.verdict.DestinationCount;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Report;
import ips.core.verdict.SignatureAlert;
import ips.core.verdict.Verdict;
import java.util.List;
import org.agrona.ErrorHandler;

/**
 * What comes of reports and of frame time going by: campaigns begin and end, offenders are banned
 * and released, sums per destination are judged, and listeners hear of it. Which report comes next,
 * and how far time has gone, is for the {@link BlockManager} to say, whose thread owns this.
 */
final class ReportHandler {
    private final DestinationFloods destinations;
    private final CampaignTable campaigns;
    private final OddFlagAlerts oddFlags;
    private final Bans bans;
    private final EnforcerBatch enforcer;
    private final BlockListener listeners;
    private final Counters counters;
    private final ErrorHandler errorHandler;
    private final Ticks ticks = new Ticks();
    private long nowNs;

    /**
     * @param destinationThresholds what counts as a flood of many sources against a destination
     * @param errorHandler told what goes wrong in handling one report; the next is handled all the
     *     same
     */
    ReportHandler(
            BanConfig config,
            List<DestinationThreshold> destinationThresholds,
            NeverBanGate gate,
            EnforcerBatch enforcer,
            BlockListener listeners,
            Counters counters,
            ErrorHandler errorHandler) {
        this.enforcer = enforcer;
        this.listeners = listeners;
        this.counters = counters;
        this.errorHandler = errorHandler;
        destinations =
                new DestinationFloods(
                        destinationThresholds, DestinationFloods.DEFAULT_CAPACITY, counters);
        campaigns =
                new CampaignTable(
                        config.maxCampaigns(), config.campaignPause().toNanos(), counters);
        oddFlags = new OddFlagAlerts(campaigns);
        bans = new Bans(config, gate, campaigns, enforcer, listeners, counters);
    }

    Bans bans() {
        return bans;
    }

    CampaignTable campaigns() {
        return campaigns;
    }

    /** The frame time, nanoseconds since 1970; 0 before the first frame. */
    long nowNs() {
        return nowNs;
    }

    void handle(Report report) {
        try {
            if (report instanceof Verdict verdict) {
                judged(verdict);
            } else if (report instanceof SignatureAlert alert) {
                alerted(alert);
            } else if (report instanceof AlertFrame frame) {
                listeners.frame(frame);
                frame.release();
            } else {
                destinations.add((DestinationCount) report);
            }
        } catch (RuntimeException e) {
            errorHandler.onError(e);
        }
    }

    /** A rule matched; where it asks to block, that is a verdict on the source, too. */
    private void alerted(SignatureAlert alert) {
        counters.increment(Counter.RULE_ALERTS);
        listeners.alerted(alert);
        if (alert.ban() && alert.source() != null) {
            judged(RuleVerdicts.of(alert));
        }
    }

    private void judged(Verdict verdict) {
        if (oddFlags.withholds(verdict)) {
            counters.increment(Counter.FLAG_ALERTS_WITHHELD);
            return;
        }
        CampaignTable.Merged merged = campaigns.merge(verdict, listeners::ended);
        if (merged.isNew()) {
            counters.increment(Counter.DETECTIONS);
            listeners.detected(merged.detection());
        }
        if (verdict.action() == Action.BAN && verdict.source() != null) {
            bans.accuse(verdict, merged.campaign(), merged.detection(), nowNs);
        }
    }

    /** Notes the time of a report, without the ticks up to it: those wait for other reports. */
    void noteTime(long ns) {
        nowNs = Math.max(nowNs, ns);
    }

    /**
     * Lets frame time pass, tick by tick.
     *
     * @param inclusive whether everything of {@code toNs} itself has been handled: only then does a
     *     tick at that very time come
     */
    void moveOn(long toNs, boolean inclusive) {
        ticks.passTo(toNs, inclusive, this::tick);
        nowNs = Math.max(nowNs, toNs);
        bans.expire(nowNs);
    }

    private void tick(long ns) {
        nowNs = Math.max(nowNs, ns);
        oddFlags.tick();
        bans.expire(nowNs);
        try {
            destinations.tick(ns, this::judged);
        } catch (RuntimeException e) {
            errorHandler.onError(e);
        }
        if (ticks.beginsSecond()) {
            campaigns.expire(ns, listeners::ended);
            listeners.tick(ns);
            enforcer.maintain(bans.table().all(), ns);
        }
    }

    /** Takes over bans found in force, mostly ahead of the first tick: listeners hear the time. */
    void restore(List<Ban> standing) {
        if (!standing.isEmpty()) {
            listeners.tick(nowNs);
            standing.forEach(ban -> bans.restore(ban, nowNs));
        }
    }

    /** The frames' clock was set: campaigns end, bans keep the time they have left. */
    void setClock(long toNs) {
        endCampaigns();
        destinations.forget();
        bans.shift(toNs - nowNs);
        ticks.set(toNs);
        nowNs = toNs;
    }

    /** Judges the sums per destination as they are: no more counts come. */
    void endCounts() {
        destinations.end(nowNs, this::judged);
    }

    void endCampaigns() {
        campaigns.endAll(listeners::ended);
    }
}
