package ips.core.flow;

import static ips.core.flow.ConnectionState.ABANDONED;
import static ips.core.flow.ConnectionState.ANSWERED;
import static ips.core.flow.ConnectionState.ATTEMPT;
import static ips.core.flow.ConnectionState.CLIENT_FIN;
import static ips.core.flow.ConnectionState.ESTABLISHED;
import static ips.core.flow.ConnectionState.HALF_OPEN;
import static ips.core.flow.ConnectionState.MIDSTREAM;
import static ips.core.flow.ConnectionState.OWNED;
import static ips.core.flow.ConnectionState.POSITIVE;
import static ips.core.flow.ConnectionState.SERVER_FIN;
import static ips.core.flow.ConnectionState.SERVER_HEARD;
import static ips.core.flow.ConnectionState.SYN_AGAIN;
import static ips.core.flow.ConnectionState.TOLD_HALF_OPEN;
import static ips.core.flow.ConnectionState.UNASKED;
import static ips.core.flow.ConnectionTable.NONE;

import ips.core.packet.Packet;
import java.time.Duration;

/**
 * What SYNs and SYN-ACKs do to the connections of {@link TcpConnections}: they begin one, answer,
 * come again, or come unasked. The handshake's last ACK is any other segment's business.
 */
final class TcpHandshakes {
    /** A SYN repeated sooner is no TCP's: RFC 6298 §2 waits a second; half of it is allowed for. */
    private static final long REPEAT_MS = 500;

    /** Silence after which a SYN opens an established connection's ports anew. */
    private static final int IDLE_SECONDS = 60;

    /** How long the answer to a SYN without a place may take. */
    private static final long UNTRACKED_NS = 3_000_000_000L;

    /** How much an answer may acknowledge beyond the SYN (RFC 7413). */
    static final int FAST_OPEN = 1 << 16;

    private final ConnectionTable table;
    private final ConnectionEvents events;
    private final Attempts attempts;
    private final long quietNs;

    /** Until then a SYN-ACK may answer a SYN sent before the sensor began. */
    private long quietUntilNs = Long.MAX_VALUE;

    /** Until then a SYN-ACK or an ICMP error may answer a SYN that got no place. */
    private long untrackedUntilNs;

    /**
     * @param grace how long the answer to a SYN may take
     */
    TcpHandshakes(
            ConnectionTable table, ConnectionEvents events, Attempts attempts, Duration grace) {
        this.table = table;
        this.events = events;
        this.attempts = attempts;
        this.quietNs = grace.toNanos();
    }

    void tick(long nowNs) {
        // The first tick of all, which all workers hear, or the clock was set back.
        if (quietUntilNs - nowNs > quietNs) {
            quietUntilNs = nowNs + quietNs;
        }
        if (untrackedUntilNs - nowNs > UNTRACKED_NS) {
            untrackedUntilNs = nowNs;
        }
    }

    void syn(Packet packet, int source, int found, long hash, boolean destinationOwned) {
        if (found == NONE) {
            attempt(packet, source, NONE, hash);
        } else if ((found & 1) == 0) {
            synAgain(packet, source, found, hash);
        } else {
            synFromServer(packet, source, found, hash, destinationOwned);
        }
    }

    private void attempt(Packet packet, int source, int found, long hash) {
        // A SYN alone ends no stream between the same ports: it may be a decoy.
        boolean again = found != NONE && (found & 1) == 0;
        int stream = again ? table.stream(found >> 1) : 0;
        if (stream > 0) {
            table.attachStream(found >> 1, 0);
        }
        int connection = attempts.openTcp(packet, found, hash, true, HALF_OPEN, OWNED);
        if (stream > 0) {
            table.attachStream(connection, stream);
        }
        table.clientNext(connection, packet.tcpSequence() + 1);
        events.attempted(connection, source, packet);
        attempts.awaitHandshake(connection, source, packet);
    }

    /**
     * Under a flood, a handshake that is reported as left half-open at once is not looked up and
     * gets no place in the table, where it would only displace another: it is followed from its
     * SYN-ACK on, if one comes. Of an unproven source a SYN sent again counts twice then. A look-up
     * that misses the cache is what a SYN costs most of all: PipelineBenchmark SYN_ONE_SOURCE.
     */
    void attemptUntracked(Packet packet, int source) {
        untrackedUntilNs = packet.timestampNs() + UNTRACKED_NS;
        attempts.tellAtOnce(source, packet);
    }

    boolean passesSynsOver(long nowNs) {
        return nowNs < untrackedUntilNs;
    }

    private void synAgain(Packet packet, int source, int found, long hash) {
        int connection = found >> 1;
        long nowNs = packet.timestampNs();
        int state = table.state(connection);
        boolean opening = state == HALF_OPEN || state == ANSWERED;
        if (!opening && state != ESTABLISHED
                || table.has(connection, MIDSTREAM)
                || table.isOver(connection, nowNs)) {
            attempt(packet, source, found, hash);
            return;
        }
        boolean tooSoon = table.msSinceSyn(connection, nowNs) < REPEAT_MS;
        boolean another =
                opening
                        ? packet.tcpSequence() + 1 != table.clientNext(connection)
                        : table.has(connection, CLIENT_FIN | SERVER_FIN)
                                || table.isIdle(connection, IDLE_SECONDS, nowNs);
        if (!tooSoon && another) {
            attempt(packet, source, found, hash);
            return;
        }
        table.synSent(connection, nowNs);
        // A mirror port may show every frame twice, so of each SYN one more is no repetition.
        boolean told = tooSoon && table.has(connection, SYN_AGAIN);
        if (opening) {
            table.touch(connection, nowNs, ATTEMPT);
        }
        if (opening && !tooSoon) {
            table.unmark(connection, SYN_AGAIN);
        } else {
            table.mark(connection, SYN_AGAIN);
        }
        if (told) {
            events.repeatedTooSoon(connection, source, packet);
        }
    }

    /** Both ends open at a time (RFC 9293 §3.5), or the ports' roles have changed. */
    private void synFromServer(
            Packet packet, int source, int found, long hash, boolean destinationOwned) {
        int connection = found >> 1;
        int state = table.state(connection);
        if (table.isOver(connection, packet.timestampNs())) {
            attempt(packet, source, found, hash);
        } else if (state == HALF_OPEN) {
            answer(packet, connection, destinationOwned);
        } else if (state != ANSWERED
                && (state != ESTABLISHED || table.has(connection, MIDSTREAM))) {
            attempt(packet, source, found, hash);
        }
    }

    private void answer(Packet packet, int connection, boolean destinationOwned) {
        table.state(connection, ANSWERED);
        table.serverNext(connection, packet.tcpSequence() + 1);
        table.touch(connection, packet.timestampNs(), ATTEMPT);
        tellAnswered(packet, connection, destinationOwned);
    }

    private void tellAnswered(Packet packet, int connection, boolean destinationOwned) {
        table.mark(connection, SERVER_HEARD | POSITIVE);
        if (destinationOwned && table.has(connection, OWNED)) {
            events.answered(connection, attempts.client(connection), packet);
        }
    }

    /** Takes a SYN-ACK, unless it is the client's in a simultaneous open. */
    void synAck(Packet packet, int found, long hash, boolean destinationOwned) {
        int connection = found >> 1;
        if (found == NONE || table.isOver(connection, packet.timestampNs())) {
            unasked(packet, found, hash, destinationOwned);
            return;
        }
        int state = table.state(connection);
        if ((found & 1) == 0) {
            if (state != HALF_OPEN && state != ESTABLISHED) {
                unasked(packet, found, hash, destinationOwned);
            }
            return;
        }
        int beyond = packet.tcpAcknowledgment() - table.clientNext(connection);
        switch (state) {
            case HALF_OPEN -> {
                if (Integer.compareUnsigned(beyond, FAST_OPEN) < 0) {
                    table.clientNext(connection, packet.tcpAcknowledgment());
                    answer(packet, connection, destinationOwned);
                }
            }
            case ANSWERED -> {
                if (!table.has(connection, OWNED)
                        || Integer.compareUnsigned(beyond, FAST_OPEN) < 0) {
                    table.clientNext(connection, packet.tcpAcknowledgment());
                    table.serverNext(connection, packet.tcpSequence() + 1);
                    table.touch(connection, packet.timestampNs(), ATTEMPT);
                }
            }
            case ABANDONED -> {
                if (!table.has(connection, POSITIVE)
                        && Integer.compareUnsigned(beyond, FAST_OPEN) < 0) {
                    tellAnswered(packet, connection, destinationOwned);
                }
            }
            case UNASKED -> {
                note(packet, connection);
                if (isUnasked(packet, destinationOwned)) {
                    events.unaskedSynAck(connection, packet.timestampNs(), packet.frameNumber());
                }
            }
            case ESTABLISHED -> synAckWhileEstablished(packet, found, hash);
            default -> {
                if (!table.has(connection, OWNED)) {
                    unasked(packet, found, hash, destinationOwned); // its SYN went elsewhere
                }
            }
        }
    }

    /**
     * The SYN-ACK repeated, for the ACK was lost, or that of a new connection between the ports.
     */
    private void synAckWhileEstablished(Packet packet, int found, long hash) {
        int connection = found >> 1;
        boolean asked =
                !table.has(connection, OWNED) || table.has(connection, SYN_AGAIN | MIDSTREAM);
        if (!table.has(connection, SERVER_HEARD)) {
            table.serverNext(connection, packet.tcpSequence() + 1);
            table.mark(connection, SERVER_HEARD | POSITIVE);
        } else if (asked && packet.tcpSequence() + 1 != table.serverNext(connection)) {
            int owned = table.has(connection, OWNED) ? OWNED : 0;
            int anew = attempts.openTcp(packet, found, hash, false, ANSWERED, owned | POSITIVE);
            note(packet, anew);
        }
    }

    private void unasked(Packet packet, int found, long hash, boolean destinationOwned) {
        if (destinationOwned && passesSynsOver(packet.timestampNs())) {
            // Most likely the answer to a SYN that got no place: see attemptUntracked.
            int marks = OWNED | TOLD_HALF_OPEN;
            int asked = attempts.openTcp(packet, found, hash, false, ANSWERED, marks);
            note(packet, asked);
            tellAnswered(packet, asked, true);
            return;
        }
        int state = destinationOwned ? UNASKED : ANSWERED;
        int connection = attempts.openTcp(packet, found, hash, false, state, POSITIVE);
        note(packet, connection);
        if (isUnasked(packet, destinationOwned)) {
            attempts.awaitProof(connection, packet);
        }
    }

    private boolean isUnasked(Packet packet, boolean destinationOwned) {
        return destinationOwned && packet.timestampNs() >= quietUntilNs;
    }

    /** Takes over both sequence numbers of a SYN-ACK. */
    private void note(Packet packet, int connection) {
        table.serverNext(connection, packet.tcpSequence() + 1);
        table.clientNext(connection, packet.tcpAcknowledgment());
    }
}
