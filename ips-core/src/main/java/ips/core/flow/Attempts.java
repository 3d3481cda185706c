package ips.core.flow;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;

/**
 * Opens connections, and judges those whose client waits for an answer once their grace is over.
 *
 * <p>Handshakes, datagrams and segments outside connections wait in queues of their own, so that a
 * flood of one hides nothing of another. When handshakes find no room (more than 98,304 SYN/s at
 * the default size) they are judged at once as left half-open and taken back when they complete.
 * Not so those of proven sources: a busy proxy always has some under way, and must not pay for
 * somebody else's flood. A quarter of the room is theirs alone; what finds none is not judged.
 *
 * <p>While {@link HandshakeOutcomes} tells of a flood, those of sources that have no record are
 * judged at once, too, room or not: nearly all of them are forged, and to keep each for its grace
 * takes the worker nearly three times as long: {@code ips analyze} of 10 million forged SYNs at
 * 100,000/s, sampled.
 */
final class Attempts {
    /**
     * Attempts whose connections are read ahead when they are judged, for half a second after they
     * were made they are in no cache, and reads that do not wait for each other take the time of
     * one: 250 ns an attempt to 40, {@code ips analyze} of 100,000 forged SYNs a second.
     */
    private static final int TOUCHED_AHEAD = 16;

    private final ConnectionTable table;
    private final SourceTable sources;
    private final ConnectionEvents events;
    private final Counters counters;
    private final long graceNs;
    private final AttemptQueue handshakes;
    private final AttemptQueue datagrams;
    private final AttemptQueue outside;
    private final HandshakeOutcomes outcomes = new HandshakeOutcomes();

    /** What was read ahead, so that it is read. */
    private long touched;

    Attempts(
            ConnectionTable table,
            SourceTable sources,
            ConnectionEvents events,
            Counters counters,
            ConnectionTracker.Config config) {
        this.table = table;
        this.sources = sources;
        this.events = events;
        this.counters = counters;
        this.graceNs = config.grace().toNanos();
        this.handshakes = new AttemptQueue(config.attempts());
        this.datagrams = new AttemptQueue(config.attempts());
        this.outside = new AttemptQueue(config.attempts() / 4);
    }

    /**
     * Makes a connection of a packet and its place the current one.
     *
     * @param found what {@link ConnectionTable#find} found, if it is to be overwritten, or NONE
     */
    int open(
            int found,
            long hash,
            Packet packet,
            int protocol,
            int sourcePort,
            int destinationPort,
            boolean fromClient,
            int state,
            int marks) {
        long nowNs = packet.timestampNs();
        int connection;
        if (found >= 0) {
            connection = found >> 1;
            settle(connection, nowNs, packet.frameNumber());
        } else {
            connection = table.place(hash, nowNs);
            if (table.isTaken(connection)) {
                table.countEviction(connection, nowNs);
                if (table.matters(connection)) {
                    settle(connection, nowNs, packet.frameNumber());
                }
            }
        }
        int heard = fromClient ? ConnectionState.CLIENT_HEARD : ConnectionState.SERVER_HEARD;
        table.occupy(
                connection,
                hash,
                packet,
                protocol,
                sourcePort,
                destinationPort,
                fromClient,
                state,
                marks | heard,
                ConnectionState.ATTEMPT);
        table.current(connection, fromClient);
        return connection;
    }

    /** The same for a TCP segment. */
    int openTcp(Packet packet, int found, long hash, boolean fromClient, int state, int marks) {
        return open(
                found,
                hash,
                packet,
                Protocol.TCP,
                packet.sourcePort(),
                packet.destinationPort(),
                fromClient,
                state,
                marks);
    }

    /**
     * Whether one more handshake of this client can wait for its answer: there is room, and it is
     * not one of the many of a flood.
     */
    boolean awaitsHandshake(int client, Packet packet) {
        if (client == SourceTable.NONE) {
            return handshakes.hasRoom(true) && !outcomes.isFlood();
        }
        return handshakes.hasRoom(true) && !sources.isFlooding(client, Protocol.TCP)
                || sources.isProven(client, packet.timestampNs());
    }

    /** A SYN of which no connection is made: it counts as left half-open at once. */
    void tellAtOnce(int client, Packet packet) {
        counters.increment(Counter.ATTEMPTS_DECIDED_EARLY);
        outcomes.leftHalfOpen();
        events.leftHalfOpenAtOnce(client, packet);
    }

    /** A handshake of a client of this worker's has begun. */
    void awaitHandshake(int connection, int client, Packet packet) {
        boolean proven = sources.isProven(client, packet.timestampNs());
        if (proven) {
            table.touch(connection, packet.timestampNs(), ConnectionState.PROVEN_ATTEMPT);
        }
        if (handshakes.offer(connection, packet.frameNumber(), !proven)) {
            return;
        }
        if (proven) {
            counters.increment(Counter.ATTEMPTS_UNDECIDED);
        } else {
            counters.increment(Counter.ATTEMPTS_DECIDED_EARLY);
            tellHalfOpen(connection, client, packet.timestampNs(), packet.frameNumber());
        }
    }

    /** A handshake of a client of this worker's is complete. */
    void completed() {
        outcomes.completed();
    }

    /** An address of this worker's has sent a first datagram, or what looks like an answer. */
    void awaitDatagram(int connection, Packet packet) {
        if (!datagrams.offer(connection, packet.frameNumber(), false)) {
            counters.increment(Counter.ATTEMPTS_UNDECIDED);
        }
    }

    /** A client of this worker's has sent a segment outside any connection. */
    void awaitSequel(int connection, Packet packet) {
        if (!outside.offer(connection, packet.frameNumber(), false)) {
            counters.increment(Counter.ATTEMPTS_UNDECIDED);
        }
    }

    /**
     * A client of this worker's got a SYN-ACK to a SYN that was not seen. Connections go on, where
     * the sensor lost the SYN or sees one direction only; what forged SYNs call forth does not.
     */
    void awaitProof(int connection, Packet packet) {
        if (!outside.offer(connection, packet.frameNumber(), false)) {
            events.unaskedSynAck(connection, packet.timestampNs(), packet.frameNumber());
        }
    }

    /** Judges those whose grace is over, or all of them. */
    void judge(long nowNs, long frame, boolean all) {
        outcomes.tick(nowNs);
        judge(handshakes, nowNs, frame, all);
        judge(datagrams, nowNs, frame, all);
        judge(outside, nowNs, frame, all);
    }

    private void judge(AttemptQueue queue, long nowNs, long frame, boolean all) {
        for (int count = 0; !queue.isEmpty(); count++) {
            if ((count & TOUCHED_AHEAD - 1) == 0) {
                touched += queue.touch(TOUCHED_AHEAD, table);
            }
            int connection = queue.connection();
            if (queue.isCurrent(table)) {
                long age = nowNs - table.firstNs(connection);
                if (age < graceNs && age >= 0 && !all) {
                    return;
                }
                judge(connection, nowNs, frame);
            }
            queue.remove();
        }
    }

    private void judge(int connection, long nowNs, long frame) {
        switch (table.state(connection)) {
            case ConnectionState.HALF_OPEN -> {
                int client = client(connection);
                table.mark(connection, ConnectionState.TOLD_UNANSWERED);
                events.unanswered(connection, client, nowNs, frame);
                tellHalfOpen(connection, client, nowNs, frame);
            }
            case ConnectionState.ANSWERED ->
                    tellHalfOpen(connection, client(connection), nowNs, frame);
            case ConnectionState.WAITING -> {
                table.mark(connection, ConnectionState.TOLD_UNANSWERED);
                events.unanswered(connection, client(connection), nowNs, frame);
            }
            case ConnectionState.EXCHANGE -> {
                if (!table.has(connection, ConnectionState.CLIENT_HEARD)) {
                    events.unaskedAnswer(connection, server(connection), nowNs, frame);
                }
            }
            case ConnectionState.OUTSIDE -> {
                if (!table.has(connection, ConnectionState.CONTINUED)) {
                    events.outsideRejected(connection, client(connection), false, nowNs, frame);
                }
            }
            case ConnectionState.ESTABLISHED -> {
                if (table.isLoneMidstream(connection)) {
                    events.strayRejected(
                            connection, table.firstNs(connection), table.firstFrame(connection));
                }
            }
            case ConnectionState.UNASKED -> {
                if (!table.has(connection, ConnectionState.CONTINUED)) {
                    long sentNs = table.firstNs(connection);
                    events.unaskedSynAck(connection, sentNs, table.firstFrame(connection));
                }
            }
            default -> {}
        }
    }

    /** Tells what has to be told of a connection before it is overwritten. */
    private void settle(int connection, long nowNs, long frame) {
        if (table.stream(connection) > 0) {
            events.forgotten(connection);
            table.attachStream(connection, 0);
        }
        if (!table.has(connection, ConnectionState.OWNED)) {
            return;
        }
        int state = table.state(connection);
        if (state == ConnectionState.HALF_OPEN || state == ConnectionState.ANSWERED) {
            settleHandshake(connection, nowNs, frame);
        } else if (state == ConnectionState.WAITING
                && nowNs - table.firstNs(connection) < graceNs) {
            counters.increment(Counter.ATTEMPTS_UNDECIDED);
        }
    }

    private void settleHandshake(int connection, long nowNs, long frame) {
        if (table.has(connection, ConnectionState.TOLD_HALF_OPEN)) {
            return;
        }
        int client = client(connection);
        if (sources.isProven(client, nowNs)) {
            counters.increment(Counter.ATTEMPTS_UNDECIDED);
        } else {
            counters.increment(Counter.ATTEMPTS_DECIDED_EARLY);
            tellHalfOpen(connection, client, nowNs, frame);
        }
    }

    private void tellHalfOpen(int connection, int client, long nowNs, long frame) {
        if (!table.has(connection, ConnectionState.TOLD_HALF_OPEN)) {
            table.mark(connection, ConnectionState.TOLD_HALF_OPEN);
            outcomes.leftHalfOpen();
            events.leftHalfOpen(connection, client, nowNs, frame);
        }
    }

    /** The record of a connection's client, or {@link SourceTable#NONE}. */
    int client(int connection) {
        return sources.find(table.clientHigh(connection), table.clientLow(connection));
    }

    private int server(int connection) {
        return sources.find(table.serverHigh(connection), table.serverLow(connection));
    }
}
