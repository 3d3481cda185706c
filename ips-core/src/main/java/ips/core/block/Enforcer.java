package ips.core.block;

import java.util.List;

/**
 * Carries bans out. Called by the block manager's thread only, with batches always; a slow call
 * delays later bans and no frame. A failure is the enforcer's to survive: it throws nothing, keeps
 * what is wanted, tries again in {@link #maintain} and tells in {@link #health}.
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

    /** One sentence that names what is wrong and the remedy, or "" when all is well. */
    default String health() {
        return "";
    }

    /** The word in messages: {@code log}, {@code nft}. */
    String name();

    @Override
    default void close() {}
}
