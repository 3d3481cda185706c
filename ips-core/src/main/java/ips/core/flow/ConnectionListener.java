package ips.core.flow;

import ips.core.HotPath;
import ips.core.packet.Packet;

/**
 * Is told what becomes of connections: TCP connections, UDP exchanges, SCTP associations and pings
 * alike. Called on the worker that owns the client, never on one that owns the server only (of an
 * {@link #unaskedAnswer} the other way around), so each event is reported once, however many
 * workers there are.
 *
 * <p>{@code connection} is an index for {@link ConnectionTable}'s accessors, valid during the call;
 * {@code client} is the client's record in {@link SourceTable}, or {@link SourceTable#NONE} where
 * the table had no room for it.
 */
@HotPath
public interface ConnectionListener {
    /** The client's first packet: an opening SYN, an INIT, a datagram, an echo request. */
    default void attempted(int connection, int client, Packet packet) {}

    /**
     * An opening SYN of a connection that is open or opening already, sooner than a TCP repeats one
     * (RFC 6298 §2: one second; half of that is allowed for). One copy of each SYN is not reported:
     * a mirror port may show every frame twice.
     */
    default void repeatedTooSoon(int connection, int client, Packet packet) {}

    /** The server's first positive answer: SYN-ACK, INIT ACK, a datagram back, an echo reply. */
    default void answered(int connection, int client, Packet packet) {}

    /**
     * The handshake is complete. {@code proven} when the client acknowledged a sequence number of
     * the server's that was seen, so its address is not forged.
     */
    default void established(int connection, int client, boolean proven, Packet packet) {}

    /**
     * The server refused before anything else: RST to a SYN, ABORT to an INIT, or an ICMP
     * destination-unreachable that quotes the client's packet.
     */
    default void refused(int connection, int client, Packet packet) {}

    /**
     * The client reset its own handshake before it was complete, answered or not. What a SYN flood
     * or scan from raw sockets looks like: the kernel below knows nothing of the connection and
     * resets it when the SYN-ACK comes.
     */
    default void abandoned(int connection, int client, Packet packet) {}

    /**
     * The grace for an answer is over and there was none. Heard at a tick.
     *
     * @param nowNs the tick's time
     * @param frame the tick's frame number
     */
    default void unanswered(int connection, int client, long nowNs, long frame) {}

    /**
     * The grace for a handshake is over and it is not complete, answered or not (but not refused
     * and not {@link #abandoned}). Heard at a tick, or with the SYN that finds no place to wait.
     */
    default void leftHalfOpen(int connection, int client, long nowNs, long frame) {}

    /**
     * An opening SYN that comes when too many wait for their answer: it is not followed, and counts
     * as left half-open until it completes. Neither {@link #attempted} nor {@link #leftHalfOpen} is
     * heard of it, and there is no connection to ask about.
     *
     * @param packet the SYN
     */
    default void leftHalfOpenAtOnce(int client, Packet packet) {}

    /**
     * Further packets of a source that is marked as flooding, summed up since the last tick:
     * opening SYNs left half-open, or echo requests. They are reported in no other way. Called at a
     * tick, or at the source's next packet of another sort.
     *
     * @param protocol TCP, ICMP or ICMPv6
     * @param port the destination's, 0 for echo requests
     * @param count how many, 1 or more
     * @param lastNs time of the last of them
     * @param lastFrame number of its frame
     */
    default void repeated(
            int client,
            int protocol,
            long serverHigh,
            long serverLow,
            int port,
            long count,
            long lastNs,
            long lastFrame,
            long nowNs,
            long frame) {}

    /**
     * A handshake that was reported as {@link #leftHalfOpen} completed after all; {@link
     * #established} was heard just before. One that is refused or abandoned instead is reported as
     * that: ask {@link ConnectionTable#isToldHalfOpen}.
     */
    default void completedLate(int connection, int client, Packet packet) {}

    /**
     * A TCP segment without SYN and RST that belongs to no connection known, from the end that
     * would be the client by its ports. What it opens, if it opens anything, is picked up
     * midstream.
     */
    default void outsideConnection(int connection, int client, Packet packet) {}

    /**
     * A segment reported as {@link #outsideConnection} was answered by RST, or by nothing within
     * the grace; a connection that goes on in both directions is never reported here. What else its
     * sender sends between the same ports may be {@link #strayRejected}.
     *
     * @param byReset answered by RST; otherwise by silence
     */
    default void outsideRejected(
            int connection, int client, boolean byReset, long nowNs, long frame) {}

    /**
     * Another segment outside any connection was rejected: data picked up midstream (by RST or,
     * where no more came in either direction, by silence), or a segment that followed such data
     * between the same ports (by RST). Nothing else was ever seen of the server there.
     *
     * @param nowNs time of the RST, or of the data
     * @param frame number of that frame
     */
    default void strayRejected(int connection, long nowNs, long frame) {}

    /**
     * A SYN-ACK came to an address of this worker's that had sent no SYN, and no connection went on
     * within the grace. Called at a tick, or at once when the SYN-ACK is repeated. The receiver
     * counts as the connection's client.
     *
     * @param sentNs time of the SYN-ACK
     * @param sentFrame number of its frame
     */
    default void unaskedSynAck(int connection, long sentNs, long sentFrame) {}

    /**
     * A datagram of what is the server, by its port, came where nobody had asked, and nothing was
     * heard of its receiver within the grace. Told of the first between two ports, on the worker
     * that owns the server. Heard at a tick.
     *
     * @param server the sender's record, or {@link SourceTable#NONE}
     */
    default void unaskedAnswer(int connection, int server, long nowNs, long frame) {}

    /**
     * An ICMP error to an address of this worker's that ends no attempt.
     *
     * @param certain whether its receiver cannot have caused it: it quotes no packet at all, or one
     *     of a connection that would be remembered and is not. False for a packet of a known
     *     connection, and for protocols that are not remembered, such as GRE
     */
    default void unaskedError(Packet packet, boolean certain) {}

    /**
     * The connection is about to be overwritten by another: a stream attached to it by {@link
     * ConnectionTable#attachStream} has to be let go. Called on each worker that attached one.
     */
    default void forgotten(int connection) {}
}
