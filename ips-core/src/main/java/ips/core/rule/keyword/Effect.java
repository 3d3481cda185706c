package ips.core.rule.keyword;

/** What a rule does once it matched, besides its alert: sets a bit, counts. */
@FunctionalInterface
public interface Effect {
    void apply(Inspection inspection);
}
