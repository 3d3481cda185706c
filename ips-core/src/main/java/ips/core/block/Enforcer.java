package ips.core.block;

import ips.core.packet.Cidr;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * Carries bans out. Only the block manager's thread calls it, always with batches; a slow call
 * delays later bans and no frame. An enforcer deals with failures by itself: it throws nothing,
 * remembers what is wanted, tries again in {@link #maintain}, and reports the failure in {@link
 * #health}.
 *
 * <p>An enforcer acts on sources. Whoever has to judge single frames in the order they came (a
 * bridge, NFQUEUE) asks {@link ips.core.pipeline.PacketFilter}, which {@link BannedSources} is and
 * which every engine keeps up to date whatever its enforcer.
 */
public interface Enforcer extends AutoCloseable {
    /** Blocks the banned. A ban of an address and scope already enforced replaces its end. */
    void enforce(List<Ban> bans);

    /** Ends bans before their time, or at it where the enforcer has no clock of its own. */
    void lift(List<Ban> bans);

    /**
     * Called about once a second with all bans in force, for reconciliation and retries.
     *
     * @param wanted every ban in force now; a view, not to be kept
     */
    default void maintain(Iterable<Ban> wanted, long nowNs) {}

    /**
     * Replaces the addresses and networks that must never be blocked, whatever bans are enforced.
     * Called at the start and whenever they change.
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

    /** Whether it stops traffic, rather than only counting what would be stopped. */
    default boolean blocks() {
        return true;
    }

    /** Whether a ban is known to be in force; from any thread. */
    default boolean isEnforced(Ban ban) {
        return true;
    }

    /** How many packets a ban has stopped so far, where that is known; from any thread. */
    default OptionalLong blockedPackets(Ban ban) {
        return OptionalLong.empty();
    }

    /** One sentence that names what is wrong and the remedy, or "" when all is well. */
    default String health() {
        return "";
    }

    /** The word in messages: {@code log}, {@code nft}. */
    String name();

    @Override
    default void close() {}
}
