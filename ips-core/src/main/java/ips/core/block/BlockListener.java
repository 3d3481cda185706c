package ips.core.block;

import ips.core.packet.Cidr;
import ips.core.verdict.AlertFrame;
import ips.core.verdict.SignatureAlert;

/**
 * Is told what the block manager does: on its thread, in frame order. A slow listener delays bans
 * and no frame; reports that find the queue full meanwhile are counted as lost, unless the engine
 * is lossless. An exception is counted ({@code Counter.LISTENER_ERRORS}) and goes to the engine's
 * error handler; the next listener is called all the same.
 *
 * <p>All times are frame times, nanoseconds since 1970. What is passed is immutable and may be
 * kept, but for an {@link AlertFrame}.
 */
public interface BlockListener extends AutoCloseable {
    /**
     * A frame that led to the next alert of a rule or to the next campaign, if that has the same
     * frame number. Called only if the engine was asked to keep frames. Not to be kept: the room
     * for its bytes is given back after the call.
     */
    default void frame(AlertFrame frame) {}

    /** A rule matched; once for each packet or transaction, however many there are. */
    default void alerted(SignatureAlert alert) {}

    /** A campaign began; what it counts later is heard at its end. */
    default void detected(Detection detection) {}

    /** A campaign paused for long enough to have ended, or the engine stops: its final counts. */
    default void ended(Detection detection) {}

    /**
     * A ban began, or was prolonged: the latter with each further verdict, up to once a second.
     *
     * @param cause the campaign behind it, or null for a manual ban
     * @param prolonged whether a ban of this address and scope stood already, with an earlier end
     */
    default void banned(Ban ban, Detection cause, boolean prolonged) {}

    /** A ban that an earlier run gave was found in force and goes on. */
    default void restored(Ban ban) {}

    /** An operator put a network on the allowlist. */
    default void allowed(Cidr network, long nowNs) {}

    /** An operator took a network off the allowlist that was put there by hand. */
    default void disallowed(Cidr network, long nowNs) {}

    /** A ban ended, by time or for another reason. */
    default void released(Ban ban, ReleaseReason reason) {}

    /**
     * A verdict asked for a ban and did not get it. Called once per campaign and reason; for the
     * budget once a minute.
     */
    default void spared(Detection detection, SpareReason reason) {}

    /**
     * Once for each second of frame time that passed, or for several that passed at once; and ahead
     * of bans that are restored.
     */
    default void tick(long nowNs) {}

    /** The last call, when the engine closes: after every campaign was told to have ended. */
    @Override
    default void close() {}

    /** Why a ban ended. */
    enum ReleaseReason {
        /** Its time was over. */
        EXPIRED,
        /** An operator lifted it. */
        BY_HAND,
        /** The table was full, and this ban the one to end first. */
        EVICTED,
        /** Its address turned out to be one that must never be banned. */
        PROTECTED,
        /** Its source turned out to be one of many forged ones. */
        SPOOFED
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
