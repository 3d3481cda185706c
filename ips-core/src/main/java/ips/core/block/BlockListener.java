package ips.core.block;

/**
 * Hears what the block manager does, on its thread, in frame order. An exception is counted and
 * reported to the engine's error handler; the next listener is called all the same.
 */
public interface BlockListener extends AutoCloseable {
    /** A campaign began. */
    default void detected(Detection detection) {}

    /** A campaign paused for long enough to have ended, or the engine stops: its final counts. */
    default void ended(Detection detection) {}

    /**
     * A ban began, or was prolonged.
     *
     * @param prolonged whether the same ban stood already
     */
    default void banned(Ban ban, Detection cause, boolean prolonged) {}

    /** A ban ended by time, by hand, or because the table was full. */
    default void released(Ban ban, ReleaseReason reason) {}

    /** A verdict asked for a ban and did not get it. */
    default void spared(Detection detection, SpareReason reason) {}

    /** About once a second of the engine's time, for what is written periodically. */
    default void tick(long nowNs) {}

    @Override
    default void close() {}

    /** Why a ban ended. */
    enum ReleaseReason {
        EXPIRED,
        BY_HAND,
        EVICTED
    }

    /** Why a verdict led to no ban. */
    enum SpareReason {
        /** The address is the host's own, a gateway, a resolver, an SSH peer or special. */
        NEVER_BAN,
        /** The operator's allowlist holds the address. */
        ALLOWLIST,
        /** The ban budget of this minute is used up. */
        BUDGET,
        /** Many unproven sources attack at once: the addresses are spoofed. */
        SPOOFED
    }
}
