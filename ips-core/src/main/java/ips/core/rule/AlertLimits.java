package ips.core.rule;

import ips.core.inspect.InspectedFlow;
import ips.core.packet.Packet;
import ips.core.rule.keyword.Threshold;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the matches of signatures that are told only so often, and says of each whether it is
 * told. Asked when a signature matched, so its cost is bounded by matches; {@value #MOST} counts at
 * most, the oldest windows are forgotten when there is no room.
 */
final class AlertLimits {
    /** What becomes of a match. */
    enum Outcome {
        ALERT,
        /** No alert, but the rule's action. */
        SILENT,
        /** As if it had not matched. */
        NOTHING
    }

    private static final int MOST = 1 << 17;
    private static final long SECOND_NS = 1_000_000_000L;

    /** What a count is of; changed only while it is no key of the map. */
    private static final class Key {
        private int order;
        private int part;
        private long aHigh;
        private long aLow;
        private long bHigh;
        private long bLow;

        void of(int order, int part, long aHigh, long aLow, long bHigh, long bLow) {
            this.order = order;
            this.part = part;
            this.aHigh = aHigh;
            this.aLow = aLow;
            this.bHigh = bHigh;
            this.bLow = bLow;
        }

        Key copy() {
            Key copy = new Key();
            copy.of(order, part, aHigh, aLow, bHigh, bLow);
            return copy;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && order == key.order
                    && part == key.part
                    && aHigh == key.aHigh
                    && aLow == key.aLow
                    && bHigh == key.bHigh
                    && bLow == key.bLow;
        }

        @Override
        public int hashCode() {
            int hash = order * 31 + part;
            hash = hash * 31 + Long.hashCode(aHigh);
            hash = hash * 31 + Long.hashCode(aLow);
            hash = hash * 31 + Long.hashCode(bHigh);
            return hash * 31 + Long.hashCode(bLow);
        }
    }

    private static final class Count {
        long fromNs;
        long count;
        long next;
        long changedNs = -1;
        long untilNs;
    }

    private record Limits(
            List<AlertPolicy.Suppression> suppressions,
            Threshold detectionFilter,
            Threshold threshold,
            AlertPolicy.RateFilter rateFilter) {
        boolean none() {
            return suppressions.isEmpty()
                    && detectionFilter == null
                    && threshold == null
                    && rateFilter == null;
        }
    }

    private final Limits[] limits;
    private final Map<Key, Count> counts = new HashMap<>();
    private final Key asked = new Key();

    /** The action of the match last asked about, by a rate filter or the rule's own. */
    private Signature.Action action;

    AlertLimits(SignatureSet set) {
        limits = new Limits[set.size()];
        for (int i = 0; i < limits.length; i++) {
            Signature each = set.get(i);
            AlertPolicy.Limits said =
                    set.policy().limits(each.info.id(), each.detectionFilter, each.threshold);
            limits[i] =
                    new Limits(
                            set.policy().suppressions(each.info.id()),
                            said.detectionFilter(),
                            said.threshold(),
                            said.rateFilter());
        }
    }

    Signature.Action action() {
        return action;
    }

    Outcome ask(Signature signature, Packet packet, InspectedFlow flow) {
        action = signature.action;
        Limits limit = limits[signature.order];
        if (limit.none()) {
            return Outcome.ALERT;
        }
        for (int i = 0; i < limit.suppressions.size(); i++) {
            if (suppresses(limit.suppressions.get(i), packet)) {
                return Outcome.SILENT;
            }
        }
        Outcome outcome = Outcome.ALERT;
        if (limit.detectionFilter != null) {
            outcome = count(signature.order, 0, limit.detectionFilter, packet, flow);
        }
        if (outcome == Outcome.ALERT && limit.threshold != null) {
            outcome = count(signature.order, 1, limit.threshold, packet, flow);
        }
        if (outcome == Outcome.ALERT && limit.rateFilter != null) {
            rate(signature, limit.rateFilter, packet, flow);
        }
        return outcome;
    }

    private static boolean suppresses(AlertPolicy.Suppression suppression, Packet packet) {
        AddressSet addresses = suppression.addresses();
        boolean source = addresses.contains(packet.sourceHigh(), packet.sourceLow());
        boolean destination = addresses.contains(packet.destinationHigh(), packet.destinationLow());
        if (suppression.track() == null) {
            return true;
        }
        return switch (suppression.track()) {
            case "by_src" -> source;
            case "by_dst" -> destination;
            default -> source || destination;
        };
    }

    private Count find(int order, int part, Threshold limit, Packet packet, InspectedFlow flow) {
        long sourceHigh = packet.sourceHigh();
        long sourceLow = packet.sourceLow();
        long high = packet.destinationHigh();
        long low = packet.destinationLow();
        boolean inOrder =
                Long.compareUnsigned(sourceHigh, high) < 0
                        || sourceHigh == high && Long.compareUnsigned(sourceLow, low) < 0;
        switch (limit.track()) {
            case BY_SRC -> asked.of(order, part, sourceHigh, sourceLow, 0, 0);
            case BY_DST -> asked.of(order, part, high, low, 0, 0);
            case BY_BOTH -> {
                if (inOrder) {
                    asked.of(order, part, sourceHigh, sourceLow, high, low);
                } else {
                    asked.of(order, part, high, low, sourceHigh, sourceLow);
                }
            }
            case BY_RULE -> asked.of(order, part, 0, 0, 0, 0);
            case BY_FLOW -> asked.of(order, part, flow == null ? 0 : flow.id, 0, 0, 0);
        }
        Count count = counts.get(asked);
        if (count == null) {
            makeRoom(packet.timestampNs());
            count = new Count();
            count.fromNs = Long.MIN_VALUE;
            counts.put(asked.copy(), count);
        }
        count.untilNs = packet.timestampNs() + limit.seconds() * SECOND_NS;
        return count;
    }

    private void makeRoom(long nowNs) {
        if (counts.size() >= MOST) {
            counts.values().removeIf(each -> each.untilNs < nowNs);
            if (counts.size() >= MOST) {
                counts.clear();
            }
        }
    }

    private Outcome count(int order, int part, Threshold limit, Packet packet, InspectedFlow flow) {
        Count at = find(order, part, limit, packet, flow);
        long nowNs = packet.timestampNs();
        if (limit.kind() == Threshold.Kind.BACKOFF) {
            return backOff(at, limit);
        }
        boolean within =
                at.fromNs != Long.MIN_VALUE && nowNs - at.fromNs <= limit.seconds() * SECOND_NS;
        if (!within) {
            at.fromNs = nowNs;
            at.count = 0;
        }
        at.count++;
        return switch (limit.kind()) {
            case LIMIT -> at.count <= Math.max(1, limit.count()) ? Outcome.ALERT : Outcome.SILENT;
            case THRESHOLD -> {
                boolean mayBeFirst = within || limit.count() > 0;
                if (mayBeFirst && at.count >= limit.count()) {
                    at.count = 0;
                    yield Outcome.ALERT;
                }
                yield Outcome.NOTHING;
            }
            case BOTH ->
                    at.count < limit.count()
                            ? Outcome.NOTHING
                            : at.count == limit.count() ? Outcome.ALERT : Outcome.SILENT;
            default -> at.count > limit.count() ? Outcome.ALERT : Outcome.NOTHING;
        };
    }

    private static Outcome backOff(Count at, Threshold limit) {
        if (at.next == 0) {
            at.next = limit.count();
        }
        at.count++;
        if (at.count < at.next) {
            return at.count < limit.count() ? Outcome.NOTHING : Outcome.SILENT;
        }
        at.next *= limit.seconds();
        return Outcome.ALERT;
    }

    private void rate(
            Signature signature, AlertPolicy.RateFilter filter, Packet packet, InspectedFlow flow) {
        Threshold limit = filter.limit();
        Count at = find(signature.order, 2, limit, packet, flow);
        long nowNs = packet.timestampNs();
        if (at.changedNs >= 0) {
            at.untilNs = at.changedNs + filter.timeoutSeconds() * SECOND_NS;
            if (nowNs / SECOND_NS - at.changedNs / SECOND_NS > filter.timeoutSeconds()) {
                at.changedNs = -1; // this one ends the time and is not counted
            } else {
                action = filter.action();
            }
            return;
        }
        boolean within =
                at.fromNs != Long.MIN_VALUE && nowNs - at.fromNs <= limit.seconds() * SECOND_NS;
        if (!within) {
            at.fromNs = nowNs;
            at.count = 1;
            return;
        }
        if (++at.count > limit.count()) {
            at.changedNs = nowNs;
            action = filter.action();
        }
    }
}
