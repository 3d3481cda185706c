package ips.core.block;

import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.RuleInfo;
import ips.core.verdict.SignatureAlert;
import ips.core.verdict.Verdict;

/** Verdicts on the sources of what rules drop. */
final class RuleVerdicts {
    /** The word of the kind of every rule. */
    static final String WORD = "rule";

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;

    private RuleVerdicts() {}

    /**
     * A source that completed a handshake is banned in full; of another, the class of packets that
     * the rule matched, and nobody where they are of none: whoever forged the address of a tunnel's
     * end would have it banned in full.
     */
    static Verdict of(SignatureAlert alert) {
        RuleInfo rule = alert.rule();
        String title = rule.message().isEmpty() ? "rule " + rule.id() : rule.message();
        Kind kind = new Kind(WORD, title, rule.id(), rule.category(), rule.severity());
        BanScope scope = alert.proven() ? BanScope.ALL : classOf(alert.protocol());
        return new Verdict(
                alert.frame(),
                alert.timestampNs(),
                kind,
                scope == null ? Action.ALERT : Action.BAN,
                scope == null ? BanScope.ALL : scope,
                alert.source(),
                alert.destination(),
                alert.destinationPort(),
                1,
                alert.timestampNs(),
                alert.timestampNs(),
                alert.frame(),
                alert.frame(),
                Evidence.of("rule", rule.id().toString()));
    }

    /** What a ban for a packet of a protocol blocks, or null where there is no such class. */
    private static BanScope classOf(int protocol) {
        return switch (protocol) {
            case TCP -> BanScope.SYN;
            case UDP -> BanScope.UDP;
            case SCTP -> BanScope.SCTP;
            case ICMP, ICMPV6 -> BanScope.ICMP;
            default -> null;
        };
    }
}
