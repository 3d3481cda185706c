package ips.core.block;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * The campaigns that go on, and how many of each kind there have been. Owned by the block manager's
 * thread; any thread may take a {@link #snapshot} and read {@link #begun}.
 *
 * <p>Holds {@code capacity} campaigns at most, some 500 bytes each; when full, the one whose last
 * verdict is the oldest is let go.
 */
final class CampaignTable {
    private final int capacity;
    private final long pauseNs;
    private final Counters counters;

    /** In the order of their last verdicts, the most recent at the end. */
    private final Map<Campaign.Key, Campaign> byKey = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<Long, Detection> shown = new ConcurrentHashMap<>();
    private final Map<Kind, Long> begun = new ConcurrentSkipListMap<>();
    private final Map<Kind, Integer> floodedDestinations = new HashMap<>();
    private long lastNumber;

    CampaignTable(int capacity, long pauseNs, Counters counters) {
        this.capacity = capacity;
        this.pauseNs = pauseNs;
        this.counters = counters;
    }

    /** What became of a verdict: its campaign, and whether it began with it. */
    record Merged(Campaign campaign, Detection detection, boolean isNew) {}

    /** Whether the verdict belongs to a campaign that goes on. */
    boolean isOfCampaign(Verdict verdict) {
        Campaign campaign = byKey.get(Campaign.Key.of(verdict));
        return campaign != null && verdict.timestampNs() < campaign.endsNs(pauseNs);
    }

    /**
     * Adds a verdict to its campaign.
     *
     * @param ended told of the campaign that had ended before it, or had to make room for its own
     */
    Merged merge(Verdict verdict, Consumer<Detection> ended) {
        Campaign.Key key = Campaign.Key.of(verdict);
        Campaign campaign = byKey.get(key);
        if (campaign != null && verdict.timestampNs() >= campaign.endsNs(pauseNs)) {
            end(campaign, ended);
            campaign = null;
        }
        boolean isNew = campaign == null;
        if (isNew) {
            if (byKey.size() >= capacity) {
                counters.increment(Counter.DETECTIONS_EVICTED);
                end(byKey.values().iterator().next(), ended);
            }
            campaign = new Campaign(++lastNumber, verdict);
            byKey.put(key, campaign);
            begun.merge(verdict.kind(), 1L, Long::sum);
            if (key.source() == null) {
                floodedDestinations.merge(key.kind(), 1, Integer::sum);
            }
        } else {
            campaign.add(verdict);
        }
        Detection detection = campaign.detection();
        shown.put(campaign.number, detection);
        return new Merged(campaign, detection, isNew);
    }

    /** Whether a flood of this kind by many sources goes on against some destination. */
    boolean isDestinationFlooded(Kind kind) {
        return floodedDestinations.getOrDefault(kind, 0) > 0;
    }

    /** Ends what has paused for long enough by now, in the order of their numbers. */
    void expire(long nowNs, Consumer<Detection> ended) {
        Map<Long, Campaign> over = new TreeMap<>();
        for (Campaign campaign : byKey.values()) {
            if (campaign.endsNs(pauseNs) <= nowNs) {
                over.put(campaign.number, campaign);
            }
        }
        over.values().forEach(campaign -> end(campaign, ended));
    }

    /** Ends all, in the order of their numbers. */
    void endAll(Consumer<Detection> ended) {
        expire(Long.MAX_VALUE, ended);
    }

    private void end(Campaign campaign, Consumer<Detection> ended) {
        byKey.remove(campaign.key);
        shown.remove(campaign.number);
        if (campaign.key.source() == null) {
            floodedDestinations.merge(campaign.key.kind(), -1, Integer::sum);
        }
        ended.accept(campaign.detection());
    }

    /** The campaigns that go on about now, in the order of their beginnings; for any thread. */
    List<Detection> snapshot() {
        List<Detection> detections = new ArrayList<>(shown.values());
        detections.sort(Comparator.comparingLong(Detection::number));
        return detections;
    }

    /** How many campaigns of each kind began so far; for any thread, a live view. */
    Map<Kind, Long> begun() {
        return Collections.unmodifiableMap(begun);
    }
}
