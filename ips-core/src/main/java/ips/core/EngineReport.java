package ips.core;

import ips.core.block.Ban;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import ips.core.verdict.RuleHits;
import java.util.List;
import java.util.Map;

/**
 * What an engine has seen and done so far; final once it is closed.
 *
 * @param frames frames received, lost ones included
 * @param bytes bytes those frames had on the wire
 * @param lost frames that were lost, whatever the cause; {@code counters} tell which
 * @param firstNs time of the first frame, nanoseconds since 1970, or 0
 * @param lastNs time of the last frame, nanoseconds since 1970, or 0
 * @param counters every counter, summed over the threads
 * @param detections campaigns in the order of their beginnings, with their latest counts
 * @param alerts what rules alerted, by rule, in the order of their first alerts
 * @param bans bans in the order of their beginnings, ended ones included
 */
public record EngineReport(
        long frames,
        long bytes,
        long lost,
        long firstNs,
        long lastNs,
        Map<Counter, Long> counters,
        List<Detection> detections,
        List<RuleHits> alerts,
        List<Ban> bans) {}
