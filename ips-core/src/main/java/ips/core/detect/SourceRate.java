package ips.core.detect;

import ips.core.ColdPath;
import ips.core.flow.SourceTable;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import java.time.Duration;

/**
 * Counts packets of one sort per source against a threshold and keeps the campaigns that come of
 * it. Owned by one detector; 88 bytes in each source's record, or 72 without the sketch of targets.
 */
final class SourceRate implements Campaigns.Judge {
    /**
     * From when on it is a flood.
     *
     * @param counted what is counted, as evidence names it
     * @param perTarget packets that each distinct target must have got on average, lest a
     *     monitoring host or a sweep be taken for a flood; 0 for any
     * @param atAnyTargets count from which it is a flood however many targets it has
     */
    record Threshold(
            String counted, long threshold, Duration window, int perTarget, long atAnyTargets) {
        /** However many targets it has. */
        Threshold(String counted, long threshold, Duration window) {
            this(counted, threshold, window, 0, 0);
        }

        /** Of a source whose targets got {@code count} on average. */
        Threshold perTarget(int count) {
            return new Threshold(counted, threshold, window, count, Long.MAX_VALUE);
        }

        /** Or of one with more targets that sent {@code count} in all. */
        Threshold orAtAnyTargets(long count) {
            return new Threshold(counted, threshold, window, perTarget, count);
        }
    }

    /** Thresholds within the window from which a source is flooding. */
    static final int FLOODING = 10;

    private final SourceTable sources;
    private final Campaigns campaigns;
    private final String counted;
    private final long threshold;
    private final long windowNs;
    private final int perTarget;
    private final long atAnyTargets;
    private final int fields;
    private final int sketch;

    SourceRate(DetectorContext context, Kind kind, Action action, BanScope scope, Threshold limit) {
        this.sources = context.sources();
        this.counted = limit.counted;
        this.threshold = limit.threshold;
        this.windowNs = limit.window.toNanos();
        this.perTarget = limit.perTarget;
        this.atAnyTargets = limit.atAnyTargets;
        this.fields = sources.claim(Tally.LONGS);
        this.sketch = perTarget > 0 ? sources.claim(DistinctSketch.LONGS) : 0;
        this.campaigns = new Campaigns(context, kind, action, scope, windowNs, this);
    }

    /** Whether the source stands accused. */
    boolean isOpen(int record) {
        return campaigns.of(record) != Campaigns.NONE;
    }

    /** Counts one packet. */
    void count(
            int record,
            long destinationHigh,
            long destinationLow,
            int port,
            long nowNs,
            long frame) {
        count(record, 1, destinationHigh, destinationLow, port, nowNs, frame, nowNs, frame);
    }

    /**
     * Counts packets that were sent before they are judged.
     *
     * @param amount how many, 1 or more
     * @param sentNs when the last was sent
     * @param sentFrame in which frame
     */
    void count(
            int record,
            long amount,
            long destinationHigh,
            long destinationLow,
            int port,
            long sentNs,
            long sentFrame,
            long nowNs,
            long frame) {
        long[] cells = sources.cells();
        int at = record + fields;
        int rolled = Tally.add(cells, at, amount, sentNs, sentFrame, nowNs, windowNs);
        if (perTarget > 0) {
            DistinctSketch.roll(cells, record + sketch, rolled);
            DistinctSketch.add(cells, record + sketch, destinationHigh, destinationLow, 0);
        }
        long count = Tally.get(cells, at, nowNs, windowNs);
        boolean flood =
                campaigns.of(record) == Campaigns.NONE
                        && count >= threshold
                        && isConcentrated(cells, record, count);
        campaigns.note(
                record,
                fields,
                flood,
                amount,
                destinationHigh,
                destinationLow,
                port,
                sentNs,
                sentFrame,
                nowNs,
                frame);
    }

    /** Whether what the source sends within the window is far above the threshold. */
    boolean isFlooding(int record, long nowNs) {
        return Tally.get(sources.cells(), record + fields, nowNs, windowNs) >= FLOODING * threshold;
    }

    /** Takes one packet off again that turned out harmless. */
    void takeBack(int record) {
        Tally.takeBack(sources.cells(), record + fields);
        int campaign = campaigns.of(record);
        if (campaign != Campaigns.NONE) {
            campaigns.takeBack(campaign, 1);
        }
    }

    private boolean isConcentrated(long[] cells, int record, long count) {
        return perTarget == 0
                || count >= atAnyTargets
                || Tally.total(cells, record + fields)
                        >= perTarget * DistinctSketch.estimate(cells, record + sketch);
    }

    void tick(long nowNs, long frame) {
        campaigns.tick(nowNs, frame);
    }

    void end(long nowNs, long frame) {
        campaigns.end(nowNs, frame);
    }

    @Override
    public boolean goesOn(int record, long nowNs) {
        return 2 * Tally.get(sources.cells(), record + fields, nowNs, windowNs) >= threshold;
    }

    @Override
    @ColdPath
    public Evidence evidence(int record, long nowNs) {
        long inWindow =
                record == SourceTable.NONE
                        ? 0
                        : Tally.get(sources.cells(), record + fields, nowNs, windowNs);
        long windowMs = windowNs / 1_000_000;
        if (perTarget == 0 || record == SourceTable.NONE) {
            return Evidence.of(
                    "counted", counted,
                    "threshold", threshold,
                    "window_ms", windowMs,
                    "in_window", inWindow);
        }
        return Evidence.of(
                "counted", counted,
                "threshold", threshold,
                "window_ms", windowMs,
                "in_window", inWindow,
                "targets", DistinctSketch.estimate(sources.cells(), record + sketch));
    }
}
