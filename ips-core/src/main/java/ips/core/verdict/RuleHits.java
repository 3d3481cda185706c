package ips.core.verdict;

import ips.core.packet.IpAddress;

/**
 * The alerts of one rule, added up.
 *
 * @param first the first of them
 * @param lastNs time of the last, nanoseconds since 1970
 * @param manySources whether another source than the first's raised some
 */
public record RuleHits(SignatureAlert first, long count, long lastNs, boolean manySources) {
    /** Those of a rule that alerted once. */
    public static RuleHits of(SignatureAlert alert) {
        return new RuleHits(alert, 1, alert.timestampNs(), false);
    }

    /** With one more alert of the same rule. */
    public RuleHits and(SignatureAlert alert) {
        IpAddress source = first.source();
        boolean other = source == null ? alert.source() != null : !source.equals(alert.source());
        return new RuleHits(
                first, count + 1, Math.max(lastNs, alert.timestampNs()), manySources || other);
    }
}
