package ips.core.detect;

import ips.core.flow.ConnectionListener;
import ips.core.packet.Packet;
import java.util.Set;

/**
 * Judges the sources that one worker owns. Each worker has an instance of its own, called by its
 * thread only. It may keep state of bounded size, but no reference to a packet. See {@link
 * ConnectionListener} for what it is told of connections.
 *
 * <p>All methods are on the hot path up to the call of {@code VerdictSink.raise}. Time is the
 * packets' own, never the clock's.
 */
public interface Detector extends ConnectionListener {
    /** Which packets {@link #packet} is called for. */
    enum PacketClass {
        TCP,
        UDP,
        ICMP,
        /** Complete packets of any other protocol. */
        OTHER,
        /** Fragments, before reassembly. */
        FRAGMENT,
        /** TCP segments of both directions, for {@link Detector#segment}. */
        SEGMENT,
        /** All frames between two addresses, for {@link Detector#inspect}. */
        INSPECTED
    }

    /** Asked once; empty for a detector that only listens to connections. */
    Set<PacketClass> packetClasses();

    /**
     * A packet whose source this worker owns. It comes after the connection's events, so that
     * {@code ConnectionTable.current()} is the connection it belongs to.
     *
     * @param source the source's record in {@code SourceTable}, or {@code SourceTable.NONE}
     */
    default void packet(Packet packet, int source) {}

    /**
     * A TCP segment of a connection whose client this worker owns, of either direction. It comes
     * after the connection's events and before {@link #packet}.
     *
     * @param connection what {@code ConnectionTable.current()} says
     */
    default void segment(Packet packet, int connection, boolean fromClient) {}

    /**
     * A frame that falls to this worker by both its addresses: both directions of a flow come to
     * one worker, whoever owns their ends. It comes after the connection's events where the worker
     * owns an end, and before {@link #packet}.
     *
     * @param readable whether the frame holds a packet with addresses
     * @param repeat whether it is one more of many from a flooding source, which differ in nothing
     *     that detectors ask for; see {@link ips.core.flow.ConnectionTable#isRepeat}
     */
    default void inspect(Packet packet, boolean readable, boolean repeat) {}

    /**
     * Frame time passed a multiple of {@link #TICK_NS}. All workers get every tick, at the same
     * place among the frames. After a jump in time there is one tick for all that were passed over.
     *
     * @param frame number of the last frame before it
     */
    default void tick(long nowNs, long frame) {}

    /** The last tick: there will be no more frames. What is pending is to be decided now. */
    default void end(long nowNs, long frame) {}

    /** Nanoseconds between ticks. */
    long TICK_NS = 100_000_000L;
}
