package ips.core;

import ips.core.block.Ban;
import ips.core.block.BlockListener;
import ips.core.block.Detection;
import ips.core.verdict.RuleHits;
import ips.core.verdict.SignatureAlert;
import ips.core.verdict.SignatureId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers campaigns, alerts of rules and bans for {@link EngineReport}. Bounded: beyond {@link
 * #MOST} of each the eldest is forgotten, as a sensor runs for months.
 */
final class ReportListener implements BlockListener {
    /** Some 300 bytes each. */
    static final int MOST = 16_384;

    private final Map<Long, Detection> detections = bounded();
    private final Map<String, Ban> bans = bounded();

    private final Map<SignatureId, RuleHits> alerts = bounded();

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST;
            }
        };
    }

    @Override
    public synchronized void alerted(SignatureAlert alert) {
        RuleHits before = alerts.get(alert.rule().id());
        alerts.put(alert.rule().id(), before == null ? RuleHits.of(alert) : before.and(alert));
    }

    @Override
    public synchronized void detected(Detection detection) {
        detections.put(detection.number(), detection);
    }

    @Override
    public synchronized void ended(Detection detection) {
        detections.put(detection.number(), detection);
    }

    @Override
    public synchronized void banned(Ban ban, Detection cause, boolean prolonged) {
        bans.put(ban.address() + " " + ban.scope() + " " + ban.fromNs(), ban);
    }

    @Override
    public synchronized void restored(Ban ban) {
        bans.put(ban.address() + " " + ban.scope() + " " + ban.fromNs(), ban);
    }

    /**
     * The campaigns in the order of their beginnings.
     *
     * @param underWay those that go on, with their latest counts
     */
    synchronized List<Detection> detections(List<Detection> underWay) {
        Map<Long, Detection> latest = new LinkedHashMap<>(detections);
        underWay.forEach(detection -> latest.replace(detection.number(), detection));
        return new ArrayList<>(latest.values());
    }

    /** What rules alerted, by rule, in the order of their first alerts. */
    synchronized List<RuleHits> alerts() {
        return new ArrayList<>(alerts.values());
    }

    synchronized List<Ban> bans() {
        return new ArrayList<>(bans.values());
    }
}
