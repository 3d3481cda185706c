package ips.core.rule.keyword;

/** One thing a rule asks of the packet in hand and its flow. Stateless, so workers share it. */
@FunctionalInterface
public interface Condition {
    boolean holds(Inspection inspection);
}
