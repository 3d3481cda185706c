package ips.core.block;

import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;

/**
 * An offender blocked until a time. A ban that is prolonged is a new value with the same {@link
 * #fromNs}; at any time one at most is in force for an address and scope. Times are frame times.
 *
 * @param address who: one address, or a network for a manual ban
 * @param scope which of its packets
 * @param kind the kind of the verdict behind it, or null for a manual ban
 * @param reason one line for people, with counts; what is not printable ASCII is escaped with
 *     backslashes, see {@link PrintableAscii}
 * @param fromNs begin, nanoseconds since 1970
 * @param untilNs end, nanoseconds since 1970
 * @param repeat how many bans of this address came before it, 0 for the first
 */
public record Ban(
        Cidr address,
        BanScope scope,
        Kind kind,
        String reason,
        long fromNs,
        long untilNs,
        int repeat) {
    /** The kernel reports ends to the second. */
    private static final long FOUND_TOLERANCE_NS = 2_000_000_000L;

    public Ban {
        if (!PrintableAscii.isPrintable(reason)) {
            reason = PrintableAscii.escape(reason);
        }
    }

    /** The same ban with another end, and its reason as it is by now. */
    Ban prolonged(long newUntilNs, String newReason) {
        return new Ban(address, scope, kind, newReason, fromNs, newUntilNs, repeat);
    }

    /** The same ban as it was found in force; its own end where that says the same. */
    Ban inForceUntil(long foundNs) {
        return Math.abs(foundNs - untilNs) <= FOUND_TOLERANCE_NS
                ? this
                : new Ban(address, scope, kind, reason, fromNs, foundNs, repeat);
    }

    /**
     * When a release says the ban ended: on time where it expired, otherwise now.
     *
     * @param nowNs frame time as far as the caller heard of it, which may be behind the begin
     */
    public long endedNs(BlockListener.ReleaseReason reason, long nowNs) {
        return reason == BlockListener.ReleaseReason.EXPIRED ? untilNs : Math.max(nowNs, fromNs);
    }

    Ban shifted(long byNs) {
        return new Ban(address, scope, kind, reason, fromNs + byNs, untilNs + byNs, repeat);
    }
}
