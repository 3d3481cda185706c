package ips.core.detect;

import ips.core.ColdPath;
import ips.core.flow.SourceTable;
import ips.core.flow.WindowCount;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;

/**
 * Counts for each source what became of its handshakes, or only its SYNs with {@link
 * SynFloodDetector.Config#everySyn}, and keeps the campaigns that come of it. Owned by {@link
 * SynFloodDetector}; 160 bytes in each source's record.
 */
final class HandshakeCounts {
    /** Half-open handshakes of a source that are followed each, in thresholds. */
    private static final int FOLLOWED = 10;

    /**
     * How many times as many for each target it takes where the source itself resets what it began:
     * load balancers check so every other second, and a flood does it far more often.
     */
    private static final int ABANDONED = 5;

    private static final int HALF_OPEN = Tally.LONGS;
    private static final int COMPLETED = HALF_OPEN + WindowCount.LONGS;
    private static final int EXCUSED = COMPLETED + WindowCount.LONGS;
    private static final int TARGETS = EXCUSED + WindowCount.LONGS;
    private static final int LONGS = TARGETS + DistinctSketch.LONGS;

    private final SynFloodDetector.Config config;
    private final long windowNs;
    private final SourceTable sources;
    private final int fields;
    private final Campaigns campaigns;

    HandshakeCounts(SynFloodDetector.Config config, DetectorContext context) {
        this.config = config;
        this.windowNs = config.window().toNanos();
        this.sources = context.sources();
        this.fields = sources.claim(LONGS);
        Campaigns.Judge judge = config.everySyn() ? new EverySyn() : new FailedHandshakes();
        this.campaigns =
                new Campaigns(context, Kind.SYN_FLOOD, Action.BAN, BanScope.SYN, windowNs, judge);
    }

    /** Counts an opening SYN, whatever becomes of it. */
    void sent(int source, Packet packet) {
        long nowNs = packet.timestampNs();
        long frame = packet.frameNumber();
        long[] cells = sources.cells();
        int at = source + fields;
        Tally.add(cells, at, nowNs, frame, nowNs, windowNs);
        long count = Tally.get(cells, at, nowNs, windowNs);
        campaigns.note(
                source,
                fields,
                count >= config.threshold(),
                1,
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.destinationPort(),
                nowNs,
                frame,
                nowNs,
                frame);
    }

    /** Counts a handshake that was answered and that the client then reset, as half-open. */
    void abandoned(
            int client,
            long high,
            long low,
            int port,
            long sentNs,
            long sentFrame,
            long nowNs,
            long frame) {
        int perTarget = ABANDONED * config.perTarget();
        count(client, high, low, port, true, 1, perTarget, sentNs, sentFrame, nowNs, frame);
    }

    /**
     * Counts handshakes that failed.
     *
     * @param halfOpen whether they were left half-open, and not refused
     * @param amount how many, 1 or more
     * @param sentNs when the last of their SYNs was sent
     * @param sentFrame in which frame
     */
    void failed(
            int client,
            long high,
            long low,
            int port,
            boolean halfOpen,
            long amount,
            long sentNs,
            long sentFrame,
            long nowNs,
            long frame) {
        int perTarget = config.perTarget();
        count(
                client, high, low, port, halfOpen, amount, perTarget, sentNs, sentFrame, nowNs,
                frame);
    }

    /** Not where every SYN counts. */
    private void count(
            int client,
            long high,
            long low,
            int port,
            boolean halfOpen,
            long amount,
            int perTarget,
            long sentNs,
            long sentFrame,
            long nowNs,
            long frame) {
        if (config.everySyn()) {
            return;
        }
        long[] cells = sources.cells();
        int at = client + fields;
        int rolled = Tally.add(cells, at, amount, sentNs, sentFrame, nowNs, windowNs);
        DistinctSketch.roll(cells, at + TARGETS, rolled);
        DistinctSketch.add(cells, at + TARGETS, high, low, port);
        if (halfOpen) {
            WindowCount.add(cells, at + HALF_OPEN, amount, nowNs, windowNs);
        }
        boolean flood =
                campaigns.of(client) == Campaigns.NONE && isFlood(cells, at, perTarget, nowNs);
        campaigns.note(
                client, fields, flood, amount, high, low, port, sentNs, sentFrame, nowNs, frame);
    }

    private boolean isFlood(long[] cells, int at, int perTarget, long nowNs) {
        long failed = Tally.get(cells, at, nowNs, windowNs);
        long halfOpen = WindowCount.get(cells, at + HALF_OPEN, nowNs, windowNs);
        if (halfOpen < config.threshold() && failed < config.refusedThreshold()) {
            return false;
        }
        return failed > WindowCount.get(cells, at + COMPLETED, nowNs, windowNs)
                && Tally.total(cells, at)
                        >= perTarget * DistinctSketch.estimate(cells, at + TARGETS);
    }

    void completed(int client, long nowNs) {
        WindowCount.add(sources.cells(), client + fields + COMPLETED, 1, nowNs, windowNs);
    }

    /** Whether one more refusal of a source, in an outage, is excused: up to a limit they are. */
    boolean isExcused(int client, long nowNs) {
        if (client == SourceTable.NONE) {
            return true;
        }
        int at = client + fields + EXCUSED;
        return WindowCount.add(sources.cells(), at, 1, nowNs, windowNs)
                <= (long) SynFloodDetector.OUTAGE * config.refusedThreshold();
    }

    /** Takes off a handshake that was counted as half-open and has been completed after all. */
    void completedLate(int client, long nowNs) {
        if (config.everySyn()) {
            return;
        }
        long[] cells = sources.cells();
        int at = client + fields;
        Tally.takeBack(cells, at);
        WindowCount.add(cells, at + HALF_OPEN, -1, nowNs, windowNs);
        int campaign = campaigns.of(client);
        if (campaign != Campaigns.NONE) {
            campaigns.takeBack(campaign, 1);
        }
    }

    /**
     * Whether a source is accused, or would be but for its spread: then it is none of the many of a
     * distributed flood, and what it does stays on its own account.
     */
    boolean standsAlone(int client, int limit, long nowNs) {
        return campaigns.of(client) != Campaigns.NONE
                || Tally.get(sources.cells(), client + fields, nowNs, windowNs) > limit;
    }

    void tick(long nowNs, long frame) {
        campaigns.tick(nowNs, frame);
    }

    void end(long nowNs, long frame) {
        campaigns.end(nowNs, frame);
    }

    private final class FailedHandshakes implements Campaigns.Judge {
        @Override
        public boolean goesOn(int record, long nowNs) {
            long[] cells = sources.cells();
            int at = record + fields;
            long halfOpen = WindowCount.get(cells, at + HALF_OPEN, nowNs, windowNs);
            // Far above the threshold they are counted and no longer followed one by one.
            sources.flooding(
                    record, Protocol.TCP, halfOpen >= (long) FOLLOWED * config.threshold());
            return 2 * halfOpen >= config.threshold()
                    || 2 * Tally.get(cells, at, nowNs, windowNs) >= config.refusedThreshold();
        }

        @Override
        @ColdPath
        public Evidence evidence(int record, long nowNs) {
            if (record == SourceTable.NONE) {
                return Evidence.of(
                        "threshold", config.threshold(), "window_ms", windowNs / 1_000_000);
            }
            long[] cells = sources.cells();
            int at = record + fields;
            long failed = Tally.get(cells, at, nowNs, windowNs);
            long halfOpen = WindowCount.get(cells, at + HALF_OPEN, nowNs, windowNs);
            return Evidence.of(
                    "threshold", config.threshold(),
                    "refused_threshold", config.refusedThreshold(),
                    "window_ms", windowNs / 1_000_000,
                    "half_open", halfOpen,
                    "refused", Math.max(0, failed - halfOpen),
                    "completed", WindowCount.get(cells, at + COMPLETED, nowNs, windowNs),
                    "targets", DistinctSketch.estimate(cells, at + TARGETS));
        }
    }

    private final class EverySyn implements Campaigns.Judge {
        @Override
        public boolean goesOn(int record, long nowNs) {
            return 2 * Tally.get(sources.cells(), record + fields, nowNs, windowNs)
                    >= config.threshold();
        }

        @Override
        @ColdPath
        public Evidence evidence(int record, long nowNs) {
            long inWindow =
                    record == SourceTable.NONE
                            ? 0
                            : Tally.get(sources.cells(), record + fields, nowNs, windowNs);
            return Evidence.of(
                    "threshold",
                    config.threshold(),
                    "window_ms",
                    windowNs / 1_000_000,
                    "syns",
                    inWindow);
        }
    }
}
