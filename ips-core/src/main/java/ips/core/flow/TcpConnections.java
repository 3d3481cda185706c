package ips.core.flow;

import static ips.core.flow.ConnectionState.ABANDONED;
import static ips.core.flow.ConnectionState.ANSWERED;
import static ips.core.flow.ConnectionState.ATTEMPT;
import static ips.core.flow.ConnectionState.CLIENT_FIN;
import static ips.core.flow.ConnectionState.CLIENT_HEARD;
import static ips.core.flow.ConnectionState.CLOSED;
import static ips.core.flow.ConnectionState.CONTINUED;
import static ips.core.flow.ConnectionState.ESTABLISHED;
import static ips.core.flow.ConnectionState.HALF_OPEN;
import static ips.core.flow.ConnectionState.MIDSTREAM;
import static ips.core.flow.ConnectionState.OPEN;
import static ips.core.flow.ConnectionState.OUTSIDE;
import static ips.core.flow.ConnectionState.OVER;
import static ips.core.flow.ConnectionState.OWNED;
import static ips.core.flow.ConnectionState.POSITIVE;
import static ips.core.flow.ConnectionState.PROVEN;
import static ips.core.flow.ConnectionState.REFUSED;
import static ips.core.flow.ConnectionState.SERVER_FIN;
import static ips.core.flow.ConnectionState.SERVER_HEARD;
import static ips.core.flow.ConnectionState.SYN_AGAIN;
import static ips.core.flow.ConnectionState.TOLD_HALF_OPEN;
import static ips.core.flow.ConnectionState.UNASKED;
import static ips.core.flow.ConnectionTable.NONE;

import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;

/**
 * The TCP part of {@link ConnectionTracker}: the states of a connection as seen from between its
 * ends (RFC 9293 §3.3.2 has those of the ends).
 *
 * <pre>
 *             SYN                SYN-ACK             ACK of the SYN-ACK
 *   (none) ─────────► HALF_OPEN ─────────► ANSWERED ────────────────────► ESTABLISHED ──► CLOSED
 *     │                │ server's RST, ICMP     │ client's RST                ▲     FINs, RST
 *     │                ▼                        ▼                             │
 *     │             REFUSED                 ABANDONED                         │
 *     │ lone ACK or FIN-ACK of the client's                  both directions  │
 *     ├────────────────────────────────► OUTSIDE ────────────────────────────►│ (midstream)
 *     │ SYN-ACK to a client of this worker's          client's ACK            │
 *     ├────────────────────────────────► UNASKED ────────────────────────────►│ (midstream)
 *     └ anything with data, or from the server's port ───────────────────────►┘ (midstream)
 * </pre>
 *
 * <p>Segments with other sets of flags (none, FIN alone, SYN with FIN or RST, ...) occur in no
 * connection: they are looked up and change nothing. Whether a segment fits is judged loosely, by a
 * window around the next sequence number expected, so that losses of the sensor's own do no harm
 * while a reset forged blindly is not believed.
 *
 * <p>SYNs and SYN-ACKs are {@link TcpHandshakes}', all other segments are read here.
 */
final class TcpConnections {
    /** How far from the sequence number expected a FIN or RST may lie. */
    private static final int CLOSE_WINDOW = 1 << 20;

    /** How far ahead of it data may lie: what the sensor may have missed. */
    private static final int DATA_WINDOW = 1 << 24;

    /** How much of a server's data may come before the first acknowledgment. */
    private static final int GREETING = 1 << 20;

    private static final int KIND_MASK = TcpFlags.FIN | TcpFlags.SYN | TcpFlags.RST | TcpFlags.ACK;

    private final ConnectionTable table;
    private final SourceTable sources;
    private final ConnectionEvents events;
    private final Attempts attempts;
    private final TcpHandshakes handshakes;
    private final boolean midstream;
    private final boolean trustTunnels;

    TcpConnections(
            ConnectionTable table,
            SourceTable sources,
            ConnectionEvents events,
            Attempts attempts,
            ConnectionTracker.Config config) {
        this.table = table;
        this.sources = sources;
        this.events = events;
        this.attempts = attempts;
        this.midstream = config.midstream();
        this.trustTunnels = config.trustTunnels();
        this.handshakes = new TcpHandshakes(table, events, attempts, config.grace());
    }

    void tick(long nowNs) {
        handshakes.tick(nowNs);
    }

    /** Whether there may be SYNs of late, of a flood, that are not remembered. */
    boolean passesSynsOver(long nowNs) {
        return handshakes.passesSynsOver(nowNs);
    }

    void segment(Packet packet, int source, boolean sourceOwned, boolean destinationOwned) {
        boolean opening = (packet.tcpFlags() & KIND_MASK) == TcpFlags.SYN;
        if (opening && sourceOwned && !attempts.awaitsHandshake(source, packet)) {
            handshakes.attemptUntracked(packet, source);
            return;
        }
        if (isOfNone(packet)) {
            return;
        }
        int from = packet.sourcePort();
        int to = packet.destinationPort();
        long hash = ConnectionTable.hash(packet, Protocol.TCP, from, to);
        int found = table.find(hash, packet, Protocol.TCP, from, to);
        if (found != NONE) {
            table.current(found >> 1, (found & 1) == 0);
        }
        switch (packet.tcpFlags() & KIND_MASK) {
            case TcpFlags.SYN -> {
                if (sourceOwned) {
                    handshakes.syn(packet, source, found, hash, destinationOwned);
                }
            }
            case TcpFlags.SYN | TcpFlags.ACK -> {
                if (isSimultaneousOpen(packet, found)) {
                    fromClient(packet, source, found >> 1, sourceOwned);
                } else {
                    handshakes.synAck(packet, found, hash, destinationOwned);
                }
            }
            case TcpFlags.ACK, TcpFlags.FIN | TcpFlags.ACK -> {
                if (found == NONE || table.isOver(found >> 1, packet.timestampNs())) {
                    outside(packet, source, found, hash, sourceOwned);
                } else if ((found & 1) == 0) {
                    fromClient(packet, source, found >> 1, sourceOwned);
                } else {
                    fromServer(packet, found >> 1);
                }
            }
            case TcpFlags.RST, TcpFlags.RST | TcpFlags.ACK -> {
                if (found != NONE && !table.isOver(found >> 1, packet.timestampNs())) {
                    if ((found & 1) == 0) {
                        resetByClient(packet, source, found >> 1, sourceOwned);
                    } else {
                        resetByServer(packet, found >> 1, destinationOwned);
                    }
                }
            }
            default -> {} // no connection has such segments
        }
    }

    /**
     * Whether no connection has such a segment, whatever its ports say, and it brings no data that
     * those who read streams would look at: no flags, or FIN with URG or PSH. A look-up saved, of
     * some 100 ns where scans keep it out of the cache: PipelineBenchmark FLAG_SCANS.
     */
    private static boolean isOfNone(Packet packet) {
        int flags = packet.tcpFlags() & 0x3f;
        return (flags == 0 || (flags & KIND_MASK) == TcpFlags.FIN && flags != TcpFlags.FIN)
                && packet.payloadLength() == 0;
    }

    /** Whether a SYN-ACK is the client's, whose SYN and the server's crossed (RFC 9293 §3.5). */
    private boolean isSimultaneousOpen(Packet packet, int found) {
        return found != NONE
                && (found & 1) == 0
                && table.state(found >> 1) == ANSWERED
                && !table.isOver(found >> 1, packet.timestampNs());
    }

    private void fromClient(Packet packet, int source, int connection, boolean sourceOwned) {
        int state = table.state(connection);
        if (state == ESTABLISHED) {
            goOn(packet, source, connection, true, sourceOwned);
            return;
        }
        int ahead = packet.tcpSequence() - table.clientNext(connection);
        switch (state) {
            case HALF_OPEN -> {
                if (ahead == 0) {
                    table.serverNext(connection, packet.tcpAcknowledgment());
                    establish(packet, source, connection, false, sourceOwned);
                }
            }
            case ANSWERED -> {
                int beyond = packet.tcpAcknowledgment() - table.serverNext(connection);
                boolean simultaneous = (packet.tcpFlags() & TcpFlags.SYN) != 0;
                if (Integer.compareUnsigned(beyond, GREETING) < 0
                        && (simultaneous || Integer.compareUnsigned(ahead, GREETING) < 0)) {
                    boolean proven = beyond == 0 && mayProve(packet);
                    establish(packet, source, connection, proven, sourceOwned);
                }
            }
            case OUTSIDE -> {
                table.mark(connection, CONTINUED);
                table.touch(connection, packet.timestampNs(), ATTEMPT);
                if (length(packet) > 0) {
                    pickUp(packet, source, connection, true, sourceOwned);
                }
            }
            case UNASKED -> pickUp(packet, source, connection, true, sourceOwned);
            default -> {} // late
        }
    }

    private void fromServer(Packet packet, int connection) {
        int state = table.state(connection);
        if (state == ESTABLISHED) {
            goOn(packet, SourceTable.NONE, connection, false, false);
        } else if (state == OUTSIDE || state == UNASKED) {
            pickUp(packet, SourceTable.NONE, connection, false, false);
        }
    }

    private void establish(
            Packet packet, int source, int connection, boolean proven, boolean sourceOwned) {
        table.state(connection, ESTABLISHED);
        table.unmark(connection, SYN_AGAIN);
        if (sourceOwned) {
            int client = source;
            if (proven) {
                client = prove(packet, source, connection);
            }
            if (table.has(connection, OWNED)) {
                attempts.completed();
                events.established(connection, client, proven, packet);
                if (table.has(connection, TOLD_HALF_OPEN)) {
                    events.completedLate(connection, client, packet);
                }
            }
        }
        goOn(packet, source, connection, true, sourceOwned);
    }

    /** Not inside a tunnel, into which anybody could have written both sides of a handshake. */
    private boolean mayProve(Packet packet) {
        return packet.tunnelDepth() == 0 || trustTunnels;
    }

    private int prove(Packet packet, int source, int connection) {
        int client = source;
        if (client == SourceTable.NONE) {
            client = sources.admit(packet.sourceHigh(), packet.sourceLow(), packet.timestampNs());
        }
        sources.prove(client, packet.timestampNs());
        table.mark(connection, PROVEN);
        return client;
    }

    /** A segment of an established connection. */
    private void goOn(
            Packet packet, int source, int connection, boolean client, boolean sourceOwned) {
        int heard = client ? CLIENT_HEARD : SERVER_HEARD;
        if (!table.has(connection, heard)) {
            hearFirst(packet, connection, heard);
        }
        boolean both = table.hasAll(connection, CLIENT_HEARD | SERVER_HEARD);
        if (!both) {
            table.mark(connection, CONTINUED);
        }
        table.touch(connection, packet.timestampNs(), both ? OPEN : ATTEMPT);
        int next = client ? table.clientNext(connection) : table.serverNext(connection);
        boolean fin = (packet.tcpFlags() & TcpFlags.FIN) != 0;
        int end = packet.tcpSequence() + length(packet) + (fin ? 1 : 0);
        int ahead = end - next;
        if (ahead > 0 && ahead < DATA_WINDOW) {
            if (client) {
                table.clientNext(connection, end);
            } else {
                table.serverNext(connection, end);
            }
        }
        if (client
                && sourceOwned
                && packet.tcpAcknowledgment() == table.serverNext(connection)
                && !table.has(connection, PROVEN)
                && table.has(connection, SERVER_HEARD)
                && mayProve(packet)) {
            prove(packet, source, connection);
        }
        if (fin && ahead > -CLOSE_WINDOW && ahead < CLOSE_WINDOW) {
            table.mark(connection, client ? CLIENT_FIN : SERVER_FIN);
            if (table.hasAll(connection, CLIENT_FIN | SERVER_FIN)) {
                close(packet, connection, CLOSED);
            }
        }
    }

    /** The other direction shows up: what was picked up midstream is a connection indeed. */
    private void hearFirst(Packet packet, int connection, int heard) {
        table.mark(connection, heard);
        if (heard == SERVER_HEARD) {
            table.serverNext(connection, packet.tcpSequence());
        } else {
            table.clientNext(connection, packet.tcpSequence());
        }
    }

    /** A connection that was under way before. */
    private void pickUp(
            Packet packet, int source, int connection, boolean client, boolean sourceOwned) {
        if (!midstream) {
            table.mark(connection, CONTINUED);
            return;
        }
        table.state(connection, ESTABLISHED);
        table.mark(connection, MIDSTREAM);
        goOn(packet, source, connection, client, sourceOwned);
    }

    private void outside(Packet packet, int source, int found, long hash, boolean sourceOwned) {
        boolean client = !isServersPort(packet);
        boolean probe = client && length(packet) == 0;
        if (probe && sourceOwned) {
            int connection = attempts.openTcp(packet, found, hash, true, OUTSIDE, OWNED);
            noteOutside(packet, connection, true);
            events.outsideConnection(connection, source, packet);
            attempts.awaitSequel(connection, packet);
        } else if (probe || !midstream) {
            int connection = attempts.openTcp(packet, found, hash, client, OUTSIDE, CONTINUED);
            noteOutside(packet, connection, client);
        } else {
            int connection = attempts.openTcp(packet, found, hash, client, ESTABLISHED, MIDSTREAM);
            noteOutside(packet, connection, client);
            if (client && sourceOwned) {
                attempts.awaitSequel(connection, packet);
            }
        }
    }

    private void noteOutside(Packet packet, int connection, boolean client) {
        int fin = packet.tcpFlags() & TcpFlags.FIN;
        int end = packet.tcpSequence() + length(packet) + fin;
        table.clientNext(connection, client ? end : packet.tcpAcknowledgment());
        table.serverNext(connection, client ? packet.tcpAcknowledgment() : end);
        if (fin != 0) {
            table.mark(connection, client ? CLIENT_FIN : SERVER_FIN);
        }
    }

    /** Whether the source would be the server by the ports; both directions say the same. */
    private static boolean isServersPort(Packet packet) {
        int source = packet.sourcePort();
        int destination = packet.destinationPort();
        if (source != destination) {
            return source < destination;
        }
        int high = Long.compareUnsigned(packet.sourceHigh(), packet.destinationHigh());
        return high < 0
                || high == 0
                        && Long.compareUnsigned(packet.sourceLow(), packet.destinationLow()) < 0;
    }

    private void resetByServer(Packet packet, int connection, boolean destinationOwned) {
        int state = table.state(connection);
        switch (state) {
            case HALF_OPEN, ABANDONED -> {
                int beyond = packet.tcpAcknowledgment() - table.clientNext(connection);
                boolean acknowledges = (packet.tcpFlags() & TcpFlags.ACK) != 0;
                boolean fits =
                        Integer.compareUnsigned(beyond, TcpHandshakes.FAST_OPEN) < 0
                                || !acknowledges;
                if (fits && !table.has(connection, POSITIVE)) {
                    close(packet, connection, REFUSED);
                    if (destinationOwned && table.has(connection, OWNED)) {
                        events.refused(connection, attempts.client(connection), packet);
                    }
                }
            }
            case OUTSIDE -> {
                boolean lone = !table.has(connection, CONTINUED);
                close(packet, connection, CLOSED);
                if (lone && destinationOwned && table.has(connection, OWNED)) {
                    events.outsideRejected(
                            connection,
                            attempts.client(connection),
                            true,
                            packet.timestampNs(),
                            packet.frameNumber());
                } else if (!lone && midstream && destinationOwned) {
                    sequelRejected(connection, packet);
                }
            }
            case ANSWERED, ESTABLISHED -> {
                boolean heard = table.has(connection, SERVER_HEARD);
                if (!heard || isNear(packet.tcpSequence(), table.serverNext(connection))) {
                    close(packet, connection, CLOSED);
                }
                if (!heard && destinationOwned && table.has(connection, MIDSTREAM)) {
                    sequelRejected(connection, packet);
                }
            }
            case CLOSED -> {
                boolean neverOpen =
                        !table.has(connection, SERVER_HEARD)
                                && (table.firstFlags(connection) & TcpFlags.SYN) == 0;
                if (neverOpen && destinationOwned) {
                    sequelRejected(connection, packet);
                }
            }
            default -> {}
        }
    }

    private void sequelRejected(int connection, Packet reset) {
        events.strayRejected(connection, reset.timestampNs(), reset.frameNumber());
    }

    private void resetByClient(Packet packet, int source, int connection, boolean sourceOwned) {
        if (!isNear(packet.tcpSequence(), table.clientNext(connection))) {
            return;
        }
        switch (table.state(connection)) {
            case HALF_OPEN, ANSWERED -> {
                close(packet, connection, ABANDONED);
                if (sourceOwned && table.has(connection, OWNED)) {
                    events.abandoned(connection, source, packet);
                }
            }
            case ESTABLISHED, OUTSIDE -> close(packet, connection, CLOSED);
            default -> {} // a SYN-ACK not asked for stays that, however often it comes
        }
    }

    private void close(Packet packet, int connection, int state) {
        table.state(connection, state);
        table.touch(connection, packet.timestampNs(), OVER);
    }

    private static boolean isNear(int sequence, int expected) {
        int apart = sequence - expected;
        return apart > -CLOSE_WINDOW && apart < CLOSE_WINDOW;
    }

    /** Bytes of data by the IP header's word; captured may be fewer. */
    private static int length(Packet packet) {
        int claimed = packet.ipTotalLength() - (packet.payloadOffset() - packet.ipOffset());
        return Math.max(packet.payloadLength(), claimed);
    }
}
