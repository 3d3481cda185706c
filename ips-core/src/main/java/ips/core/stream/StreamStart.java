package ips.core.stream;

import static ips.core.stream.StreamTable.ACKED;
import static ips.core.stream.StreamTable.ACKS_SEEN;
import static ips.core.stream.StreamTable.EDGE;
import static ips.core.stream.StreamTable.EDGE_KNOWN;
import static ips.core.stream.StreamTable.GOOD_SUM;
import static ips.core.stream.StreamTable.GUESSED;
import static ips.core.stream.StreamTable.KNOWN;
import static ips.core.stream.StreamTable.NEXT;
import static ips.core.stream.StreamTable.SIGNED;
import static ips.core.stream.StreamTable.SUMS_OFF;

import ips.core.packet.Packet;
import ips.core.packet.TcpHeader;

/**
 * What the first segments of a connection say of its stream: where its directions begin, how far
 * its packets go, how its windows are scaled. Until a stream is made, the client's SYN is known by
 * a note of one int.
 *
 * <pre>
 *  note   31 set | 12 checksum wrong | 11..8 window scale, 15 for none | 7..0 TTL, at least 1
 * </pre>
 */
final class StreamStart {
    private static final int SEEN = 1 << 31;
    private static final int SUM_WRONG = 1 << 12;
    private static final int SCALE_SHIFT = 8;
    private static final int NO_SCALE = 15;
    private static final int TTL_MASK = 0xff;

    private static final int MOST_SCALE = 14;

    /** No path leaves so little by chance; what comes so at first may go no further. */
    private static final int LEAST_TTL = 5;

    private final StreamTable table;
    private final int[] cells;
    private final SegmentOrder order;
    private final SegmentDoubt doubts;
    private final int window;

    StreamStart(StreamTable table, SegmentOrder order, SegmentDoubt doubts, int window) {
        this.table = table;
        this.cells = table.cells;
        this.order = order;
        this.doubts = doubts;
        this.window = window;
    }

    /**
     * Notes a SYN.
     *
     * @param before the note of one before it in the same attempt, or 0: which of them arrived is
     *     not known, so the better of each is taken
     */
    static int note(Packet packet, int before) {
        int scale = TcpHeader.windowScale(packet);
        boolean sumWrong = packet.checksumWrong() && (before == 0 || (before & SUM_WRONG) != 0);
        int ttl = Math.max(Math.max(1, packet.ttl() & TTL_MASK), before & TTL_MASK);
        return SEEN
                | (sumWrong ? SUM_WRONG : 0)
                | (scale < 0 ? NO_SCALE : Math.min(scale, MOST_SCALE)) << SCALE_SHIFT
                | ttl;
    }

    /**
     * A SYN-ACK says where both directions begin.
     *
     * @param syn the note of the SYN that it answers, 0 if none was seen
     */
    void answered(int stream, boolean fromClient, Packet packet, int syn) {
        int direction = StreamTable.direction(stream, fromClient);
        int peer = StreamTable.peer(direction);
        int answer = note(packet, 0);
        apply(peer, syn);
        apply(direction, answer);
        scales(direction, peer, answer, syn);
        options(direction, peer, packet);
        begin(direction, packet.tcpSequence() + 1);
        int acknowledged = packet.tcpAcknowledgment();
        int taken = acknowledged - cells[peer + NEXT];
        if (!table.has(peer, KNOWN) || taken < 0 || taken > window) {
            begin(peer, acknowledged);
        }
        if (!fromClient) {
            table.clientStart(stream, cells[peer + NEXT]);
        }
        cells[peer + ACKED] = acknowledged;
        cells[peer + EDGE] = acknowledged + packet.tcpWindow(); // not scaled yet: RFC 7323 §2.2
        table.mark(peer, ACKS_SEEN | EDGE_KNOWN);
        order.settle(peer);
    }

    private void begin(int direction, int sequence) {
        if (cells[direction + NEXT] != sequence) {
            order.releaseAll(direction); // a guess of before, or what came too early
        }
        table.start(direction, sequence);
    }

    /** What a direction sends is told in its peer's windows, and the other way round. */
    private void scales(int direction, int peer, int answer, int syn) {
        int answerers = answer >>> SCALE_SHIFT & 0xf;
        int askers = syn >>> SCALE_SHIFT & 0xf;
        boolean asked = syn != 0;
        if (answerers == NO_SCALE || asked && askers == NO_SCALE) {
            table.scale(direction, 0);
            table.scale(peer, 0);
            return;
        }
        table.scale(peer, answerers);
        if (asked) {
            table.scale(direction, askers);
        } else if (!table.has(peer, KNOWN)) {
            table.scale(direction, MOST_SCALE); // the SYN was not seen
        }
    }

    /** Both ends use what the SYN-ACK has: it answers the like in the SYN (RFC 7323 §3.2). */
    private void options(int direction, int peer, Packet packet) {
        int at = TcpHeader.timestamps(packet);
        if (at >= 0) {
            doubts.timed(direction, TcpHeader.timestamp(packet, at));
            doubts.timed(peer, TcpHeader.echoedTimestamp(packet, at));
        }
        if (TcpHeader.isSigned(packet)) {
            table.mark(direction, SIGNED);
            table.mark(peer, SIGNED);
        }
    }

    /** A SYN with data begins a stream; what its data is worth shows in the answer (RFC 7413). */
    void asked(int stream, Packet packet, int syn) {
        int direction = StreamTable.direction(stream, true);
        apply(direction, syn);
        table.start(direction, packet.tcpSequence() + 1);
    }

    /**
     * A connection whose SYN-ACK was not seen goes on.
     *
     * @param syn the note of its SYN, or 0
     */
    void pickedUp(int stream, boolean fromClient, Packet packet, int syn) {
        int direction = StreamTable.direction(stream, fromClient);
        if (syn != 0) {
            apply(StreamTable.direction(stream, true), syn);
        } else {
            table.firstTtl(direction, Math.max(LEAST_TTL, packet.ttl()));
        }
        table.scale(direction, MOST_SCALE);
        table.scale(StreamTable.peer(direction), MOST_SCALE);
        table.start(direction, packet.tcpSequence());
        if (packet.payloadLength() > 0) {
            table.mark(direction, GUESSED); // segments before it may be late
        }
    }

    /** What a direction's SYN, or SYN-ACK, says of its segments. */
    private void apply(int direction, int syn) {
        if (syn != 0) {
            table.firstTtl(direction, syn & TTL_MASK);
            table.mark(direction, (syn & SUM_WRONG) != 0 ? SUMS_OFF : GOOD_SUM);
        }
    }
}
