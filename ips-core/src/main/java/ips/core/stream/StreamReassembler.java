package ips.core.stream;

import static ips.core.stream.StreamTable.ACKED;
import static ips.core.stream.StreamTable.ACKS_SEEN;
import static ips.core.stream.StreamTable.EDGE;
import static ips.core.stream.StreamTable.EDGE_KNOWN;
import static ips.core.stream.StreamTable.FIN;
import static ips.core.stream.StreamTable.FIN_SEEN;
import static ips.core.stream.StreamTable.GUESSED;
import static ips.core.stream.StreamTable.HOLE_SEEN;
import static ips.core.stream.StreamTable.IGNORED;
import static ips.core.stream.StreamTable.KNOWN;
import static ips.core.stream.StreamTable.NEXT;
import static ips.core.stream.StreamTable.RESET;
import static ips.core.stream.StreamTable.TOLD;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.flow.ConnectionListener;
import ips.core.flow.ConnectionTable;
import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;

/**
 * Gives a {@link StreamListener} the bytes of TCP connections in order, as their receivers read
 * them. One per worker, used by its thread only; its memory never grows. Data that arrives in order
 * is handed on from the frame, without a copy.
 *
 * <p><b>Overlaps.</b> The first byte to come for a sequence number is kept, as on BSD; later ones
 * that differ are counted. Urgent data stays in its place. A receiver that takes the urgent byte
 * out, or prefers later data, reads something else; the counter shows that this may have happened.
 *
 * <p><b>Doubt.</b> Some segments are discarded by their receiver, and an attacker may send them for
 * the sensor to read: {@link SegmentDoubt} lists how they are known. They are held, and handed on
 * only if the receiver acknowledges them and nothing better has come for the same sequence numbers.
 * A reason for doubt that proves wrong is no longer applied. Segments far outside the window are
 * dropped.
 *
 * <p><b>Losses.</b> A hole is given up when the receiver has acknowledged it and data behind it
 * comes, or at the second tick after. Where acknowledgments are not seen at all, it is given up
 * after {@value #ONE_SIDED_TICKS} ticks. What lies further behind a hole than is held is dropped.
 *
 * <p><b>Midstream.</b> Where a connection was under way before, the first segment seen need not be
 * the first sent. It is held until the receiver's acknowledgment says where the stream is, or,
 * where none comes, for {@value #GUESS_TICKS} ticks.
 *
 * <p><b>Ends.</b> A stream ends with both FINs reached. A reset that fits ends it only when nothing
 * follows it, so that a forged one hides nothing. Nor does a SYN end a stream by itself: the next
 * one between the same ports begins when the server answers it, or, where the server is not seen,
 * when the client goes on from it.
 *
 * <p>{@link StreamStart} has the beginnings, {@link SegmentOrder} puts one direction in order,
 * {@link HeldSegments} keeps what waits.
 */
public final class StreamReassembler implements ConnectionListener {
    /**
     * What hangs on a connection whose stream has ended; otherwise 0, a stream + 1, or a note of
     * its SYN.
     */
    private static final int ENDED_BEFORE = Integer.MIN_VALUE;

    private static final int ONE_SIDED_TICKS = 30;
    private static final int GUESS_TICKS = 5;
    private static final int RESET_TICKS = 10;
    private static final int PLAUSIBLE = 1 << 30;

    private final ConnectionTable connections;
    private final StreamListener listener;
    private final Counters counters;
    private final StreamTable table;
    private final int[] cells;
    private final SegmentDoubt doubts;
    private final SegmentOrder order;
    private final StreamStart start;
    private final int window;
    private int tick;
    private int swept;

    /**
     * @param connections this worker's
     * @param config this worker's part, see {@link StreamConfig#perWorker}
     */
    public StreamReassembler(
            ConnectionTable connections,
            StreamConfig config,
            StreamListener listener,
            Counters counters) {
        this.connections = connections;
        this.listener = listener;
        this.counters = counters;
        window = config.heldPerDirection();
        table = new StreamTable(config.streams());
        cells = table.cells;
        doubts = new SegmentDoubt(table);
        HeldBytes arena = new HeldBytes(config.heldBytes() / HeldBytes.BLOCK);
        order = new SegmentOrder(table, arena, doubts, listener, counters, window);
        start = new StreamStart(table, order, doubts, window);
    }

    /** The connection of a stream. */
    public int connection(int stream) {
        return table.connection(stream);
    }

    /** Tells nothing more of a stream but its end. May be called by the listener. */
    public void ignore(int stream) {
        table.set(stream, IGNORED);
    }

    /**
     * Takes one TCP segment.
     *
     * @param connection what {@link ConnectionTable#current} said, not {@code NONE}
     */
    public void segment(int connection, boolean fromClient, Packet packet) {
        int flags = packet.tcpFlags();
        int attached = connections.stream(connection);
        if ((flags & TcpFlags.SYN) != 0) {
            synchronize(connection, fromClient, packet, attached);
            return;
        }
        if (attached <= 0) {
            attached = pickUp(connection, fromClient, packet, attached);
            if (attached <= 0) {
                return;
            }
        }
        if (table.synNote(attached - 1) != 0) {
            attached = startsAnew(attached, connection, fromClient, packet);
        }
        int stream = attached - 1;
        table.lastTick(stream, tick);
        if (table.is(stream, IGNORED) && (flags & (TcpFlags.FIN | TcpFlags.RST)) == 0) {
            return;
        }
        int direction = StreamTable.direction(stream, fromClient);
        int doubt = doubts.of(direction, packet);
        if ((flags & TcpFlags.RST) != 0) {
            reset(stream, direction, doubt, packet);
            return;
        }
        if (SegmentDoubt.mayAcknowledge(doubt, flags)) {
            acknowledge(direction, packet);
        }
        if (!table.has(direction, KNOWN)) {
            table.start(direction, packet.tcpSequence());
        }
        int length = packet.payloadLength();
        if (length > 0 && !table.is(stream, IGNORED)) {
            data(stream, direction, doubt, packet, length);
        }
        if ((flags & TcpFlags.FIN) != 0 && (doubt == 0 || doubt == SegmentDoubt.STRANGE_ACK)) {
            finish(direction, packet);
        }
        if (table.is(stream, IGNORED)) {
            release(stream);
        }
        if (table.has(direction, FIN_SEEN) | table.has(StreamTable.peer(direction), FIN_SEEN)) {
            endIfBothDid(stream, direction);
        }
    }

    private void data(int stream, int direction, int doubt, Packet packet, int length) {
        int sequence = packet.tcpSequence();
        int offset = packet.payloadOffset();
        int end = sequence + length;
        int beyond = end - cells[direction + EDGE];
        if (doubt == 0 && table.is(stream, RESET)) {
            table.unset(stream, RESET);
            counters.increment(Counter.STREAM_RESETS_IGNORED);
        }
        if (beyond <= 0 || !table.has(direction, EDGE_KNOWN)) {
            take(direction, sequence, doubt, packet, offset, length);
        } else {
            // the receiver takes a segment as far as its window reaches
            int inside = Math.max(0, length - beyond);
            take(direction, sequence, doubt, packet, offset, inside);
            take(
                    direction,
                    sequence + inside,
                    doubt | SegmentDoubt.BEYOND_WINDOW,
                    packet,
                    offset + inside,
                    length - inside);
        }
        if (doubt == 0
                && packet.incomplete()
                && cells[direction + NEXT] == end
                && !order.holds(direction)) {
            order.skipTo(direction, sequence + claimedLength(packet)); // not captured
        }
    }

    private void take(
            int direction, int sequence, int doubt, Packet packet, int offset, int length) {
        if (length > 0) {
            int level = HeldBytes.TRUSTED + doubt;
            order.data(direction, sequence, level, packet.buffer(), offset, length);
        }
    }

    private static int claimedLength(Packet packet) {
        return packet.ipTotalLength() - (packet.payloadOffset() - packet.ipOffset());
    }

    /** What a segment says of the other direction. */
    private void acknowledge(int direction, Packet packet) {
        int peer = StreamTable.peer(direction);
        int acknowledged = packet.tcpAcknowledgment();
        if (!table.has(peer, KNOWN)) {
            table.start(peer, acknowledged);
        }
        int next = cells[peer + NEXT];
        int beyond = acknowledged - next;
        if (beyond > PLAUSIBLE || beyond < -PLAUSIBLE) {
            return;
        }
        if (!table.has(peer, ACKS_SEEN) || acknowledged - cells[peer + ACKED] > 0) {
            cells[peer + ACKED] = acknowledged;
            table.mark(peer, ACKS_SEEN);
        }
        int edge = acknowledged + (packet.tcpWindow() << table.scale(peer));
        if (!table.has(peer, EDGE_KNOWN) || edge - cells[peer + EDGE] > 0) {
            cells[peer + EDGE] = edge; // a receiver never takes back what it offered
            table.mark(peer, EDGE_KNOWN);
        }
        if (table.has(peer, GUESSED)) {
            order.locate(peer, acknowledged);
        } else if (beyond > 0 && order.holds(peer)) {
            order.settle(peer);
        }
    }

    private void finish(int direction, Packet packet) {
        int end = packet.tcpSequence() + Math.max(packet.payloadLength(), claimedLength(packet));
        int ahead = end - cells[direction + NEXT];
        boolean ignored = table.is(StreamTable.streamOf(direction), IGNORED);
        if (ignored || ahead >= 0 && ahead <= window) {
            cells[direction + FIN] = end;
            table.mark(direction, FIN_SEEN);
        }
    }

    private void endIfBothDid(int stream, int direction) {
        int peer = StreamTable.peer(direction);
        if (table.is(stream, IGNORED)) {
            if (table.has(direction, FIN_SEEN) && table.has(peer, FIN_SEEN)) {
                close(stream, ENDED_BEFORE);
            }
            return;
        }
        if (order.ends(direction) & order.ends(peer)) {
            close(stream, ENDED_BEFORE);
        }
    }

    private void reset(int stream, int direction, int doubt, Packet packet) {
        int ahead = packet.tcpSequence() - cells[direction + NEXT];
        int peersAck = packet.tcpSequence() - cells[direction + ACKED];
        boolean fits =
                ahead == 0
                        || order.holds(direction) && ahead > 0 && ahead <= window
                        || table.has(direction, ACKS_SEEN) && peersAck == 0;
        if (fits && doubt == 0) {
            table.set(stream, RESET);
        } else {
            counters.increment(Counter.STREAM_RESETS_IGNORED);
        }
    }

    // Beginnings.

    private void synchronize(int connection, boolean fromClient, Packet packet, int attached) {
        if ((packet.tcpFlags() & (TcpFlags.RST | TcpFlags.FIN)) != 0) {
            return;
        }
        boolean answer = (packet.tcpFlags() & TcpFlags.ACK) != 0;
        if (attached > 0) {
            synchronizeAgain(connection, fromClient, packet, attached - 1, answer);
        } else if (answer) {
            int stream = open(connection);
            start.answered(stream, fromClient, packet, noteIn(attached));
        } else if (fromClient) {
            int note = StreamStart.note(packet, noteIn(attached));
            connections.attachStream(connection, note);
            if (packet.payloadLength() > 0) {
                fastOpen(open(connection), packet, note);
            }
        }
    }

    private static int noteIn(int attached) {
        return attached == ENDED_BEFORE ? 0 : attached;
    }

    /** Data in a SYN (RFC 7413): held until the answer acknowledges it, or it comes again. */
    private void fastOpen(int stream, Packet packet, int note) {
        start.asked(stream, packet, note);
        order.data(
                StreamTable.direction(stream, true),
                packet.tcpSequence() + 1,
                HeldBytes.TRUSTED + SegmentDoubt.BEYOND_WINDOW,
                packet.buffer(),
                packet.payloadOffset(),
                packet.payloadLength());
    }

    /** A SYN, or the answer to one, where there is a stream already. */
    private void synchronizeAgain(
            int connection, boolean fromClient, Packet packet, int stream, boolean answer) {
        if (!answer) {
            int begins = packet.tcpSequence() + 1;
            if (fromClient && begins != table.clientStart(stream)) {
                int before = begins == table.synStart(stream) ? table.synNote(stream) : 0;
                table.noteSyn(stream, StreamStart.note(packet, before), begins);
            }
        } else if (table.synNote(stream) != 0 && !fromClient) {
            int note = table.synNote(stream);
            if (packet.tcpAcknowledgment() == table.synStart(stream)) {
                close(stream, 0);
                start.answered(open(connection), false, packet, note);
            }
        } else if (!table.is(stream, TOLD)) {
            start.answered(stream, fromClient, packet, 0);
        }
    }

    /**
     * There was a SYN while the stream was under way: whether the segment shows that it counts,
     * though its answer was not seen.
     *
     * @return what is attached to the connection now
     */
    private int startsAnew(int attached, int connection, boolean fromClient, Packet packet) {
        int stream = attached - 1;
        int note = table.synNote(stream);
        int begins = table.synStart(stream);
        int client = StreamTable.direction(stream, true);
        boolean goesOn;
        if (fromClient) {
            goesOn = packet.tcpSequence() == begins && !table.has(client, ACKS_SEEN);
        } else {
            int taken = packet.tcpAcknowledgment() - begins;
            int here = packet.tcpAcknowledgment() - cells[client + NEXT];
            goesOn = taken >= 0 && taken <= window && (here > window || here < -window);
        }
        if (!goesOn) {
            return attached;
        }
        close(stream, 0);
        int anew = open(connection);
        start.pickedUp(anew, fromClient, packet, note);
        return anew + 1;
    }

    /** A connection whose SYN-ACK was not seen. */
    private int pickUp(int connection, boolean fromClient, Packet packet, int attached) {
        boolean acknowledges = (packet.tcpFlags() & TcpFlags.ACK) != 0;
        boolean rst = (packet.tcpFlags() & TcpFlags.RST) != 0;
        boolean silent = packet.payloadLength() == 0 && (attached == 0 || !fromClient);
        if (attached == ENDED_BEFORE || !acknowledges || rst || silent) {
            return 0;
        }
        int stream = open(connection);
        start.pickedUp(stream, fromClient, packet, attached);
        return stream + 1;
    }

    private int open(int connection) {
        int stream = table.take(connection);
        if (stream == StreamTable.NONE) {
            int victim = table.victim(tick);
            counters.increment(Counter.STREAMS_EVICTED);
            close(victim, 0);
            stream = table.take(connection);
        }
        counters.increment(Counter.STREAMS_OPENED);
        table.lastTick(stream, tick);
        connections.attachStream(connection, stream + 1);
        listener.opened(stream, connection);
        return stream;
    }

    // Ends.

    private void release(int stream) {
        order.releaseAll(StreamTable.direction(stream, true));
        order.releaseAll(StreamTable.direction(stream, false));
        table.stopWaiting(stream);
    }

    private void close(int stream, int attach) {
        if (!table.is(stream, IGNORED)) {
            order.flush(StreamTable.direction(stream, true), false);
            order.flush(StreamTable.direction(stream, false), false);
        }
        release(stream);
        connections.attachStream(table.connection(stream), attach);
        listener.closed(stream);
        table.release(stream);
    }

    /** The connection's place is needed: its stream ends. */
    @Override
    public void forgotten(int connection) {
        int attached = connections.stream(connection);
        if (attached > 0) {
            close(attached - 1, 0);
        }
    }

    /** Each 100 ms of frame time: gives up holes, and streams that were reset. */
    public void tick() {
        tick++;
        int next;
        for (int stream = table.firstWaiting(); stream != StreamTable.NONE; stream = next) {
            next = table.nextWaiting(stream);
            giveUpHole(stream, StreamTable.direction(stream, true));
            giveUpHole(stream, StreamTable.direction(stream, false));
        }
        int some = table.capacity() / 8 + 1;
        for (int i = 0; i < some; i++) {
            swept = swept + 1 < table.capacity() ? swept + 1 : 0;
            if (table.is(swept, RESET) && tick - table.lastTick(swept) > RESET_TICKS) {
                close(swept, table.synNote(swept));
            }
        }
    }

    private void giveUpHole(int stream, int direction) {
        if (!order.holds(direction)) {
            return;
        }
        int acked = cells[direction + ACKED];
        if (table.has(direction, GUESSED)) {
            if (tick - table.lastTick(stream) > GUESS_TICKS) {
                order.believeGuess(direction);
            }
        } else if (!table.has(direction, ACKS_SEEN)) {
            if (tick - table.lastTick(stream) > ONE_SIDED_TICKS) {
                order.flush(direction, true);
            }
        } else if (acked - cells[direction + NEXT] > 0) {
            if (table.has(direction, HOLE_SEEN)) {
                order.skipTo(direction, acked);
            } else {
                table.mark(direction, HOLE_SEEN);
            }
        }
        if (table.has(direction, FIN_SEEN)) {
            endIfBothDid(stream, direction);
        }
    }

    /** There will be no more segments: tells what is held and ends all streams. */
    public void end() {
        for (int stream = 0; stream < table.capacity(); stream++) {
            if (table.is(stream, StreamTable.TAKEN)) {
                for (int side = 0; side < 2; side++) {
                    int direction = StreamTable.direction(stream, side == 0);
                    order.flush(direction, !table.has(direction, ACKS_SEEN));
                }
                close(stream, 0);
            }
        }
    }
}
