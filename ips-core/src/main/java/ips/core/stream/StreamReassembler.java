package ips.core.stream;

import static ips.core.stream.SegmentOrder.ACKS_SEEN;
import static ips.core.stream.SegmentOrder.BEYOND_WINDOW;
import static ips.core.stream.SegmentOrder.EDGE_KNOWN;
import static ips.core.stream.SegmentOrder.FIN_SEEN;
import static ips.core.stream.SegmentOrder.GOOD_SUM;
import static ips.core.stream.SegmentOrder.GUESSED;
import static ips.core.stream.SegmentOrder.HOLE_SEEN;
import static ips.core.stream.SegmentOrder.KNOWN;
import static ips.core.stream.SegmentOrder.NO_ACK;
import static ips.core.stream.SegmentOrder.SCALE_SHIFT;
import static ips.core.stream.SegmentOrder.SUMS_OFF;
import static ips.core.stream.SegmentOrder.WRONG_SUM;
import static ips.core.stream.StreamTable.ACKED;
import static ips.core.stream.StreamTable.EDGE;
import static ips.core.stream.StreamTable.FIN;
import static ips.core.stream.StreamTable.IGNORED;
import static ips.core.stream.StreamTable.MARKS;
import static ips.core.stream.StreamTable.NEXT;
import static ips.core.stream.StreamTable.RESET;
import static ips.core.stream.StreamTable.TOLD;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.flow.ConnectionListener;
import ips.core.flow.ConnectionTable;
import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;
import ips.core.packet.TcpHeader;

/**
 * Tells a {@link StreamListener} the bytes of TCP connections in order, as their receivers read
 * them. One per worker; owned by its thread; never grows. Data that arrives in order is told from
 * the frame, without a copy.
 *
 * <p><b>Overlaps.</b> The first byte to come for a sequence number stays, as on BSD; that others
 * came is counted. Urgent data stays in its place. A receiver that takes the byte out, or prefers
 * later data, reads something else: the count tells.
 *
 * <p><b>Doubt.</b> Some segments are not read by their receiver, and an attacker may send them to
 * be read by us. They are held, never told, until the receiver acknowledges them and nothing better
 * has come for the same sequence numbers. They are those
 *
 * <ul>
 *   <li>whose TTL is lower than the lowest known to arrive, at first the SYN's,
 *   <li>whose checksum is wrong, unless the direction's are from its SYN on, as they are in
 *       captures on a host that leaves them to its network card,
 *   <li>without ACK flag, which RFC 9293 §3.10.7.4 discards,
 *   <li>beyond the window the receiver has offered (zero-window probes are).
 * </ul>
 *
 * Where a sort of doubt proves wrong (a route has changed), the like is doubted no longer. Segments
 * far outside the window are dropped.
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
 * follows it, so that a forged one hides nothing.
 */
public final class StreamReassembler implements ConnectionListener {
    // What hangs on a connection instead of a stream: nothing, its end, or what its SYN was like.
    private static final int ENDED_BEFORE = Integer.MIN_VALUE;
    private static final int SYN_SEEN = 1 << 31;
    private static final int SYN_SUM_WRONG = 1 << 12;
    private static final int SYN_SCALE_SHIFT = 8;
    private static final int NO_SCALE = 15;

    private static final int MOST_SCALE = 14;

    /** No path leaves so little by chance; what comes so at first may go no further. */
    private static final int LEAST_TTL = 5;

    private static final int ONE_SIDED_TICKS = 30;
    private static final int GUESS_TICKS = 5;
    private static final int RESET_TICKS = 10;
    private static final int PLAUSIBLE = 1 << 30;

    private final ConnectionTable connections;
    private final StreamListener listener;
    private final Counters counters;
    private final StreamTable table;
    private final int[] cells;
    private final HeldBytes held;
    private final SegmentOrder order;
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
        held = new HeldBytes(config.heldBytes() / HeldBytes.BLOCK);
        order = new SegmentOrder(table, held, listener, counters, window);
    }

    /** Streams at most; they are numbered from 0. */
    public int capacity() {
        return table.capacity();
    }

    /** The connection of a stream. */
    public int connection(int stream) {
        return table.connection(stream);
    }

    /** Tells nothing more of a stream but its end. May be called by the listener. */
    public void ignore(int stream) {
        table.mark(stream, IGNORED);
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
        int stream = attached - 1;
        table.lastTick(stream, tick);
        if (table.is(stream, IGNORED) && (flags & (TcpFlags.FIN | TcpFlags.RST)) == 0) {
            return;
        }
        int direction = StreamTable.direction(stream, fromClient);
        int doubt = doubt(direction, packet);
        if ((flags & TcpFlags.RST) != 0) {
            reset(stream, direction, doubt, packet);
            return;
        }
        if (doubt < WRONG_SUM) { // a low TTL speaks against data, for the sender gains by that only
            acknowledge(direction, packet);
        }
        if (!order.has(direction, KNOWN)) {
            start(direction, packet.tcpSequence());
        }
        int length = packet.payloadLength();
        if (length > 0 && !table.is(stream, IGNORED)) {
            data(stream, direction, doubt, packet, length);
        }
        if ((flags & TcpFlags.FIN) != 0 && doubt == 0) {
            finish(direction, packet);
        }
        if (table.is(stream, IGNORED)) {
            release(stream);
        }
        if (order.has(direction, FIN_SEEN) | order.has(StreamTable.peer(direction), FIN_SEEN)) {
            endIfBothDid(stream, direction);
        }
    }

    private void data(int stream, int direction, int doubt, Packet packet, int length) {
        int sequence = packet.tcpSequence();
        int end = sequence + length;
        int level = doubt;
        if (order.has(direction, EDGE_KNOWN) && end - cells[direction + EDGE] > 0) {
            level += BEYOND_WINDOW;
        }
        if (level == 0 && table.is(stream, RESET)) {
            table.clear(stream, RESET);
            counters.increment(Counter.STREAM_RESETS_IGNORED);
        }
        order.data(
                direction,
                sequence,
                HeldBytes.TRUSTED + level,
                packet.buffer(),
                packet.payloadOffset(),
                length);
        int missing = claimedLength(packet) - length;
        if (missing > 0 && cells[direction + NEXT] == end && !order.holds(direction)) {
            order.skipTo(direction, end + missing); // not captured
        }
    }

    private static int claimedLength(Packet packet) {
        return packet.ipTotalLength() - (packet.payloadOffset() - packet.ipOffset());
    }

    /** Why the receiver may not read a segment; 0 if nothing speaks against it. */
    private int doubt(int direction, Packet packet) {
        int marks = cells[direction + MARKS];
        int doubt = 0;
        int below = (marks >>> SegmentOrder.TTL_SHIFT) - packet.ttl();
        if (below > 0) {
            doubt = below;
        }
        if (packet.checksumWrong()) {
            if ((marks & SUMS_OFF) == 0 || (marks & GOOD_SUM) != 0) {
                doubt += WRONG_SUM;
            }
        } else if (doubt == 0 && (marks & GOOD_SUM) == 0) {
            order.mark(direction, GOOD_SUM);
        }
        if ((packet.tcpFlags() & (TcpFlags.ACK | TcpFlags.RST)) == 0) {
            doubt += NO_ACK;
        }
        return doubt;
    }

    /** What a segment says of the other direction. */
    private void acknowledge(int direction, Packet packet) {
        int peer = StreamTable.peer(direction);
        int acknowledged = packet.tcpAcknowledgment();
        if (!order.has(peer, KNOWN)) {
            start(peer, acknowledged);
        }
        int next = cells[peer + NEXT];
        int beyond = acknowledged - next;
        if (beyond > PLAUSIBLE || beyond < -PLAUSIBLE) {
            return;
        }
        if (!order.has(peer, ACKS_SEEN) || acknowledged - cells[peer + ACKED] > 0) {
            cells[peer + ACKED] = acknowledged;
            order.mark(peer, ACKS_SEEN);
        }
        int scale = cells[peer + MARKS] >>> SCALE_SHIFT & 0xf;
        int edge = acknowledged + (packet.tcpWindow() << scale);
        if (!order.has(peer, EDGE_KNOWN) || edge - cells[peer + EDGE] > 0) {
            cells[peer + EDGE] = edge; // a receiver never takes back what it offered
            order.mark(peer, EDGE_KNOWN);
        }
        if (order.has(peer, GUESSED)) {
            order.locate(peer, acknowledged);
        } else if (beyond > 0 && order.holds(peer)) {
            order.settle(peer);
        }
    }

    private void start(int direction, int sequence) {
        cells[direction + NEXT] = sequence;
        order.mark(direction, KNOWN);
        order.clear(direction, GUESSED);
    }

    private void finish(int direction, Packet packet) {
        int end = packet.tcpSequence() + Math.max(packet.payloadLength(), claimedLength(packet));
        int ahead = end - cells[direction + NEXT];
        boolean ignored = table.is(StreamTable.streamOf(direction), IGNORED);
        if (ignored || ahead >= 0 && ahead <= window) {
            cells[direction + FIN] = end;
            order.mark(direction, FIN_SEEN);
        }
    }

    private void endIfBothDid(int stream, int direction) {
        int peer = StreamTable.peer(direction);
        if (table.is(stream, IGNORED)) {
            if (order.has(direction, FIN_SEEN) && order.has(peer, FIN_SEEN)) {
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
                        || order.has(direction, ACKS_SEEN) && peersAck == 0;
        if (fits && doubt == 0) {
            table.mark(stream, RESET);
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
            if (answer && !table.is(attached - 1, TOLD)) {
                begin(attached - 1, connection, fromClient, packet, 0);
            }
        } else if (answer) {
            int stream = open(connection);
            if (stream != StreamTable.NONE) {
                begin(stream, connection, fromClient, packet, attached);
            }
        } else if (fromClient) {
            int syn = describe(packet);
            if (attached != 0 && attached != ENDED_BEFORE) {
                syn = syn & ~0xff | Math.max(syn & 0xff, attached & 0xff);
            }
            connections.attachStream(connection, syn);
            if (packet.payloadLength() > 0) {
                fastOpen(connection, packet, syn);
            }
        }
    }

    private static int describe(Packet packet) {
        int scale = TcpHeader.windowScale(packet);
        return SYN_SEEN
                | (packet.checksumWrong() ? SYN_SUM_WRONG : 0)
                | (scale < 0 ? NO_SCALE : Math.min(scale, MOST_SCALE)) << SYN_SCALE_SHIFT
                | Math.max(1, packet.ttl() & 0xff);
    }

    /** Data in a SYN (RFC 7413): held until the answer acknowledges it, or it comes again. */
    private void fastOpen(int connection, Packet packet, int syn) {
        int stream = open(connection);
        if (stream == StreamTable.NONE) {
            return;
        }
        int direction = StreamTable.direction(stream, true);
        apply(direction, syn);
        start(direction, packet.tcpSequence() + 1);
        order.data(
                direction,
                packet.tcpSequence() + 1,
                HeldBytes.TRUSTED + BEYOND_WINDOW,
                packet.buffer(),
                packet.payloadOffset(),
                packet.payloadLength());
    }

    private void apply(int direction, int syn) {
        order.ttl(direction, syn & 0xff);
        if ((syn & SYN_SUM_WRONG) != 0) {
            order.mark(direction, SUMS_OFF);
        }
        int scale = syn >>> SYN_SCALE_SHIFT & 0xf;
        if (scale != NO_SCALE) {
            // what it sends is told in its peer's windows, and the other way round
            cells[StreamTable.peer(direction) + MARKS] |= scale << SCALE_SHIFT;
        }
    }

    /** A SYN-ACK says where both directions begin. */
    private void begin(int stream, int connection, boolean fromClient, Packet packet, int syn) {
        int direction = StreamTable.direction(stream, fromClient);
        int peer = StreamTable.peer(direction);
        int asked = syn == ENDED_BEFORE ? 0 : syn;
        if (asked != 0) {
            apply(peer, asked);
        }
        int answer = describe(packet);
        boolean bothScale =
                (answer >>> SYN_SCALE_SHIFT & 0xf) != NO_SCALE
                        && (asked == 0 || (asked >>> SYN_SCALE_SHIFT & 0xf) != NO_SCALE);
        cells[peer + MARKS] = unscaled(peer);
        if (!bothScale) {
            answer |= NO_SCALE << SYN_SCALE_SHIFT;
            cells[direction + MARKS] = unscaled(direction);
        } else if (asked == 0 && !order.has(peer, KNOWN)) {
            cells[direction + MARKS] |= MOST_SCALE << SCALE_SHIFT; // the SYN was not seen
        }
        apply(direction, answer);
        start(direction, packet.tcpSequence() + 1);
        int acknowledged = packet.tcpAcknowledgment();
        int taken = acknowledged - cells[peer + NEXT];
        if (!order.has(peer, KNOWN) || taken < 0 || taken > window) {
            order.releaseAll(peer);
            start(peer, acknowledged);
        }
        cells[peer + ACKED] = acknowledged;
        cells[peer + EDGE] = acknowledged + packet.tcpWindow();
        order.mark(peer, ACKS_SEEN | EDGE_KNOWN);
        order.settle(peer);
        table.lastTick(stream, tick);
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
        if (stream == StreamTable.NONE) {
            return 0;
        }
        int direction = StreamTable.direction(stream, fromClient);
        int peer = StreamTable.peer(direction);
        if (attached != 0) {
            apply(StreamTable.direction(stream, true), attached);
        } else {
            order.ttl(direction, Math.max(LEAST_TTL, packet.ttl()));
        }
        cells[direction + MARKS] = unscaled(direction) | MOST_SCALE << SCALE_SHIFT;
        cells[peer + MARKS] = unscaled(peer) | MOST_SCALE << SCALE_SHIFT;
        start(direction, packet.tcpSequence());
        if (packet.payloadLength() > 0) {
            order.mark(direction, GUESSED); // segments before it may be late
        }
        return stream + 1;
    }

    private int unscaled(int direction) {
        return cells[direction + MARKS] & ~(0xf << SCALE_SHIFT);
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
                close(swept, 0);
            }
        }
    }

    private void giveUpHole(int stream, int direction) {
        if (!order.holds(direction)) {
            return;
        }
        int acked = cells[direction + ACKED];
        if (order.has(direction, GUESSED)) {
            if (tick - table.lastTick(stream) > GUESS_TICKS) {
                order.believeGuess(direction);
            }
        } else if (!order.has(direction, ACKS_SEEN)) {
            if (tick - table.lastTick(stream) > ONE_SIDED_TICKS) {
                order.flush(direction, true);
            }
        } else if (acked - cells[direction + NEXT] > 0) {
            if (order.has(direction, HOLE_SEEN)) {
                order.skipTo(direction, acked);
            } else {
                order.mark(direction, HOLE_SEEN);
            }
        }
        if (order.has(direction, FIN_SEEN)) {
            endIfBothDid(stream, direction);
        }
    }

    /** There will be no more segments: tells what is held and ends all streams. */
    public void end() {
        for (int stream = 0; stream < table.capacity(); stream++) {
            if (table.is(stream, StreamTable.TAKEN)) {
                for (int side = 0; side < 2; side++) {
                    int direction = StreamTable.direction(stream, side == 0);
                    order.flush(direction, !order.has(direction, ACKS_SEEN));
                }
                close(stream, 0);
            }
        }
    }
}
