package ips.core.detect;

import ips.core.ColdPath;
import ips.core.rule.SignatureSet;

/**
 * The rules that all workers of an engine ask, which may be replaced while they run. Each worker
 * takes over another set at its next tick, and follows flows anew from there. Any thread.
 */
public final class RulesInForce {
    private final boolean asked;
    private final boolean askedByOneWorker;
    private volatile SignatureSet current;

    /**
     * @param atStart the set that decides how the workers are made
     * @param workers how many there are
     */
    public RulesInForce(SignatureSet atStart, int workers) {
        current = atStart;
        asked = !atStart.isEmpty();
        askedByOneWorker = atStart.spansFlows() || workers == 1;
    }

    public SignatureSet current() {
        return current;
    }

    /**
     * Whether {@link #replace} would take the set.
     *
     * @throws IllegalArgumentException that says why it would not
     */
    @ColdPath
    public void check(SignatureSet rules) {
        if (!asked && !rules.isEmpty()) {
            throw new IllegalArgumentException(
                    "there were no rules at the start, so rules take effect at the next one");
        }
        if (rules.spansFlows() && !askedByOneWorker) {
            throw new IllegalArgumentException(
                    "the new rules count across flows, which those at the start did not, so they"
                            + " take effect at the next start");
        }
    }

    /** Puts another set in force. */
    @ColdPath
    public void replace(SignatureSet rules) {
        check(rules);
        current = rules;
    }
}
