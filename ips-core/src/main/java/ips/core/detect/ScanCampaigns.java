package ips.core.detect;

import ips.core.ColdPath;
import ips.core.flow.SourceTable;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * From the records of a {@link ProbeTable} to campaigns: a source that probes a thousand hosts has
 * a thousand records and one campaign of each kind, raised once a second.
 *
 * <p>A record whose threshold is crossed joins its source's campaign, with all its counts. Where
 * most of what it counts is silence, it is looked at again after {@link #DOUBT_NS}: the answers of
 * a slow link come late and are then taken off. Where it rests on handshakes that were answered and
 * abandoned, after {@link #HALF_OPEN_DOUBT_NS}: load balancers check so, at first sight like a
 * scanner, and then come back. When a campaign is over, its records begin anew with their next
 * probe.
 *
 * <p>Owned by one worker. Beside {@link Campaigns}: 128 bytes a campaign, and two {@link Doubts}.
 */
final class ScanCampaigns implements Campaigns.Judge {
    /** How long silence may still turn out to be slowness: with the grace, 1.5 s. */
    static final long DOUBT_NS = 1_000_000_000L;

    /** Within this, health checks half a minute apart come back for the second time. */
    static final long HALF_OPEN_DOUBT_NS = 75_000_000_000L;

    /** The answers of {@link Thresholds}. */
    static final int NOT_CROSSED = 0;

    static final int FAST = 1;
    static final int SLOW = 2;

    private static final long NO_MARK = 0;

    private static final int STRIDE = 16;
    private static final int REFUSED = 0;
    private static final int UNANSWERED = 1;
    private static final int HALF_OPEN = 2;
    private static final int ANSWERED = 3;
    private static final int NUMBER = 4;
    private static final int RECORD = 5;
    private static final int RECORDS = 6;
    private static final int SPEED = 7;
    private static final int LAST_NS = 8;

    /** When records are evidence of a scan. */
    interface Thresholds {
        /**
         * Whether a record crosses the threshold of the fast or of the slow window.
         *
         * @param doubtful how many of its items to leave out
         */
        int crossed(int record, int doubtful);

        /** The threshold of a window, for the evidence. */
        int threshold(int record, int speed);
    }

    /** What the records' targets and items are. */
    enum Shape {
        /** One host's ports. */
        PORTS_OF_HOST("ports", "hosts"),
        /** One port on many hosts. */
        HOSTS_OF_PORT("hosts", "ports"),
        /** One host's IP protocols. */
        PROTOCOLS_OF_HOST("protocols", "hosts");

        private final String items;
        private final String targets;

        Shape(String items, String targets) {
            this.items = items;
            this.targets = targets;
        }
    }

    private final SourceTable sources;
    private final ProbeTable probes;
    private final Thresholds thresholds;
    private final Shape shape;
    private final long fastNs;
    private final long slowNs;
    private final Campaigns campaigns;

    /** By campaign; the first are those of the campaign that is being opened. */
    private final long[] totals = new long[(Campaigns.CAPACITY + 1) * STRIDE];

    private final Doubts silent;
    private final Doubts halfOpen;
    private boolean opening;
    private long opened;

    /**
     * @param scope how wide a ban is asked for while the source is not proven, or null for none,
     *     see {@link Campaigns}
     */
    ScanCampaigns(
            DetectorContext context,
            Kind kind,
            BanScope scope,
            ProbeTable probes,
            Thresholds thresholds,
            Shape shape,
            long fastNs,
            long slowNs) {
        this.sources = context.sources();
        this.probes = probes;
        this.thresholds = thresholds;
        this.shape = shape;
        this.fastNs = fastNs;
        this.slowNs = slowNs;
        this.campaigns = new Campaigns(context, kind, Action.BAN, scope, fastNs, this);
        this.silent = new Doubts(probes, DOUBT_NS);
        this.halfOpen = new Doubts(probes, HALF_OPEN_DOUBT_NS);
    }

    /**
     * Counts a probe without positive answer, and raises if that makes it a scan.
     *
     * @param probedNs when it was sent
     * @param probedFrame in which frame
     * @param nowNs when that is known
     */
    void negative(
            int source,
            int record,
            long item,
            int outcome,
            long probedNs,
            long probedFrame,
            long nowNs,
            long frame) {
        long mark = probes.mark(record);
        if (mark > NO_MARK && !isOpen(source, mark)) {
            probes.restart(record, probedNs, probedFrame);
            mark = NO_MARK;
        }
        probes.negative(record, item, outcome, probedNs, probedFrame);
        if (mark > NO_MARK) {
            grow(source, record, outcome, nowNs);
        } else if (mark == NO_MARK || nowNs >= -mark) {
            decide(source, record, mark != NO_MARK, nowNs, frame);
        } else if (outcome != ProbeTable.HALF_OPEN && -mark - nowNs > DOUBT_NS) {
            decide(source, record, false, nowNs, frame);
        }
    }

    /** Counts an attempt that was answered. */
    void positive(int source, int record, long item, long probedNs, long probedFrame, long nowNs) {
        probes.positive(record, item, probedNs, probedFrame);
        long mark = probes.mark(record);
        if (mark > NO_MARK && isOpen(source, mark)) {
            grow(source, record, ProbeTable.ANSWERED, nowNs);
        }
    }

    private boolean isOpen(int source, long mark) {
        int campaign = campaigns.of(source);
        return campaign != Campaigns.NONE && totals[campaign * STRIDE + NUMBER] == mark;
    }

    /**
     * @param doubted whether it was in doubt and the time for that is over
     */
    private void decide(int source, int record, boolean doubted, long nowNs, long frame) {
        int speed = thresholds.crossed(record, 0);
        if (speed == NOT_CROSSED) {
            probes.mark(record, NO_MARK);
        } else if (doubted) {
            join(source, record, speed, nowNs, frame);
        } else if (restsOn(ProbeTable.HALF_OPEN, record)) {
            if (probes.mark(record) == NO_MARK) {
                halfOpen.add(record, nowNs);
            }
        } else if (restsOn(ProbeTable.UNANSWERED, record)) {
            silent.add(record, nowNs);
        } else {
            join(source, record, speed, nowNs, frame);
        }
    }

    /** Whether a record would cross no threshold without what had this outcome. */
    private boolean restsOn(int outcome, int record) {
        int doubtful = (int) Math.min(probes.count(record, outcome), 1 << 20);
        return thresholds.crossed(record, doubtful) == NOT_CROSSED;
    }

    /** Decides what was in doubt long enough, raises what grew, closes what is over. */
    void tick(long nowNs, long frame) {
        decideDoubts(silent, nowNs, nowNs, frame);
        decideDoubts(halfOpen, nowNs, nowNs, frame);
        campaigns.tick(nowNs, frame);
    }

    /** Decides all that is in doubt and raises all that grew. */
    void end(long nowNs, long frame) {
        decideDoubts(silent, Long.MAX_VALUE, nowNs, frame);
        decideDoubts(halfOpen, Long.MAX_VALUE, nowNs, frame);
        campaigns.end(nowNs, frame);
    }

    private void decideDoubts(Doubts doubts, long dueNs, long nowNs, long frame) {
        for (int record = doubts.poll(dueNs);
                record != ProbeTable.NONE;
                record = doubts.poll(dueNs)) {
            int source = sources.find(probes.sourceHigh(record), probes.sourceLow(record));
            if (source == SourceTable.NONE) {
                probes.mark(record, NO_MARK);
            } else {
                decide(source, record, true, nowNs, frame);
            }
        }
    }

    private void join(int source, int record, int speed, long nowNs, long frame) {
        int campaign = campaigns.of(source);
        if (campaign == Campaigns.NONE) {
            for (int i = 0; i < STRIDE; i++) {
                totals[i] = 0;
            }
            totals[NUMBER] = ++opened;
            addRecord(0, record, speed, nowNs);
            opening = true;
            campaign =
                    campaigns.open(
                            source,
                            probes.count(record),
                            probes.firstNs(record),
                            probes.firstFrame(record),
                            destinationHigh(record),
                            destinationLow(record),
                            port(record),
                            probes.lastNs(record),
                            probes.lastFrame(record),
                            nowNs,
                            frame);
            opening = false;
            if (campaign == Campaigns.NONE) {
                return;
            }
            System.arraycopy(totals, 0, totals, campaign * STRIDE, STRIDE);
        } else {
            addRecord(campaign, record, speed, nowNs);
            addToCampaign(campaign, probes.count(record), record);
        }
        probes.mark(record, totals[campaign * STRIDE + NUMBER]);
    }

    private void addRecord(int campaign, int record, int speed, long nowNs) {
        int at = campaign * STRIDE;
        for (int i = REFUSED; i <= ANSWERED; i++) {
            totals[at + i] += probes.count(record, ProbeTable.REFUSED + i);
        }
        totals[at + RECORD] = record;
        totals[at + RECORDS]++;
        totals[at + SPEED] = speed;
        totals[at + LAST_NS] = nowNs;
    }

    private void grow(int source, int record, int outcome, long nowNs) {
        int campaign = campaigns.of(source);
        int at = campaign * STRIDE;
        totals[at + outcome - ProbeTable.REFUSED]++;
        totals[at + RECORD] = record;
        totals[at + LAST_NS] = nowNs;
        addToCampaign(campaign, 1, record);
    }

    private void addToCampaign(int campaign, long amount, int record) {
        campaigns.add(
                campaign,
                amount,
                destinationHigh(record),
                destinationLow(record),
                port(record),
                probes.lastNs(record),
                probes.lastFrame(record));
    }

    private long destinationHigh(int record) {
        return shape == Shape.HOSTS_OF_PORT ? 0 : probes.targetHigh(record);
    }

    private long destinationLow(int record) {
        return shape == Shape.HOSTS_OF_PORT ? 0 : probes.targetLow(record);
    }

    private int port(int record) {
        return shape == Shape.HOSTS_OF_PORT ? (int) probes.targetLow(record) : 0;
    }

    /** A scan goes on while it is no longer silent than its pace allows for. */
    @Override
    public boolean goesOn(int source, long nowNs) {
        int at = campaigns.of(source) * STRIDE;
        long pauseNs = totals[at + SPEED] == FAST ? Detector.TICK_NS : slowNs / 4;
        return nowNs - totals[at + LAST_NS] <= pauseNs;
    }

    @ColdPath
    @Override
    public Evidence evidence(int source, long nowNs) {
        if (source == SourceTable.NONE) {
            return Evidence.NONE;
        }
        int at = opening ? 0 : campaigns.of(source) * STRIDE;
        int record = (int) totals[at + RECORD];
        int speed = (int) totals[at + SPEED];
        boolean kept = probes.mark(record) == totals[at + NUMBER] || opening;
        Map<String, Object> evidence = new LinkedHashMap<>();
        if (kept) {
            evidence.put("distinct_" + shape.items, (long) probes.slow(record));
        }
        evidence.put(shape.targets, totals[at + RECORDS]);
        if (shape != Shape.PROTOCOLS_OF_HOST) {
            evidence.put("refused", totals[at + REFUSED]);
            evidence.put("unanswered", totals[at + UNANSWERED]);
            evidence.put("half_open", totals[at + HALF_OPEN]);
            evidence.put("answered", totals[at + ANSWERED]);
        }
        if (kept) {
            evidence.put("threshold", (long) thresholds.threshold(record, speed));
        }
        evidence.put("window_s", (speed == FAST ? fastNs : slowNs) / 1_000_000_000L);
        return new Evidence(evidence);
    }
}
