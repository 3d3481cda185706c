package ips.core.block;

import ips.core.packet.Cidr;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * Carries bans out. The block manager's thread alone calls it, where a method does not say
 * otherwise; a slow call delays later bans and no frame.
 *
 * <p>An enforcer deals with failures by itself: it remembers what is wanted, tries again in {@link
 * #maintain}, and reports the failure in {@link #health}. What it throws all the same is counted
 * ({@code Counter.ENFORCER_ERRORS}) and goes to the engine's error handler; the batch is not given
 * again, but {@link #maintain} names all bans that should be in force.
 *
 * <p>An enforcer acts on sources. Whoever has to judge single frames in the order they came (a
 * bridge, NFQUEUE) asks {@link ips.core.pipeline.PacketFilter}, which {@link BannedSources} is and
 * which every engine keeps up to date whatever its enforcer.
 */
public interface Enforcer extends AutoCloseable {
    /**
     * Blocks the banned, each from now until {@link Ban#untilNs} of frame time. A ban of an address
     * and scope already enforced replaces its end.
     *
     * @param bans one or more, immutable; one at most of each address and scope
     */
    void enforce(List<Ban> bans);

    /**
     * Ends bans, whether or not their time is over. One that this enforcer does not know, or has
     * ended by a clock of its own, is none of its errors.
     *
     * @param bans one or more, immutable; one at most of each address and scope
     */
    void lift(List<Ban> bans);

    /**
     * Called once a second of frame time with all bans in force, for reconciliation and retries.
     *
     * @param wanted every ban in force now; a view, not to be kept
     * @param nowNs frame time, nanoseconds since 1970
     */
    default void maintain(Iterable<Ban> wanted, long nowNs) {}

    /**
     * Replaces the addresses and networks that must never be blocked, whatever bans are enforced.
     * Called before the first ban, by the thread that builds the engine, and whenever they change.
     *
     * @param never all of them, not only what is new
     */
    default void protect(Collection<Cidr> never) {}

    /**
     * Bans found in force that {@link #enforce} was not called for, as an earlier run left them.
     * Each is returned once, and stays in force; whoever takes them calls {@link #lift} for those
     * that should not be. Empty most of the time; asked often, so it must be cheap.
     */
    default List<Ban> takeStanding() {
        return List.of();
    }

    /** Whether it stops traffic, rather than only counting what would be stopped; any thread. */
    default boolean blocks() {
        return true;
    }

    /** Whether a ban is known to be in force; from any thread. */
    default boolean isEnforced(Ban ban) {
        return true;
    }

    /** How many packets a ban has stopped so far, or empty if not known; from any thread. */
    default OptionalLong blockedPackets(Ban ban) {
        return OptionalLong.empty();
    }

    /**
     * One sentence that names what is wrong and the remedy, or "" when all is well; from any
     * thread.
     */
    default String health() {
        return "";
    }

    /** The word in messages, always the same: {@code log}, {@code nft}. */
    String name();

    /**
     * The last call, when the engine closes. Whether bans in force outlive it is the enforcer's
     * affair.
     */
    @Override
    default void close() {}
}
