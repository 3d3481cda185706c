package ips.core.stream;

import static ips.core.stream.StreamTable.ACKED;
import static ips.core.stream.StreamTable.ACKS_SEEN;
import static ips.core.stream.StreamTable.EDGE;
import static ips.core.stream.StreamTable.EDGE_KNOWN;
import static ips.core.stream.StreamTable.FIN_SEEN;
import static ips.core.stream.StreamTable.GOOD_SUM;
import static ips.core.stream.StreamTable.HELD;
import static ips.core.stream.StreamTable.KNOWN;
import static ips.core.stream.StreamTable.MARKS;
import static ips.core.stream.StreamTable.NEXT;
import static ips.core.stream.StreamTable.SIGNED;
import static ips.core.stream.StreamTable.SUMS_OFF;
import static ips.core.stream.StreamTable.TIMED;
import static ips.core.stream.StreamTable.TIMESTAMP;
import static ips.core.stream.StreamTable.TIMES_OFF;

import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;
import ips.core.packet.TcpHeader;

/**
 * Says why a receiver may not read a segment that came by, and how much speaks against it: 0 for
 * nothing. An attacker sends such segments to be read by the sensor alone. Each reason has a range
 * of its own, and the ranges are added up, so that of two copies of a byte the less doubtful is
 * known.
 *
 * <pre>
 *       1..255  its TTL is that much below the lowest known to arrive, at first the SYN's
 *          300  it lies beyond the window the receiver has offered (zero-window probes do)
 *        1,000  its checksum is wrong, or it was cut off before it came here
 *        2,000  it has no ACK flag                                  RFC 9293 §3.10.7.4
 *        4,000  its timestamp is older than the last, or missing    RFC 7323 §5, §3.2
 *        8,000  it acknowledges what the server has not sent, or sent long before
 *                                                                   RFC 9293 §3.10.7.4, 5961 §5
 *       16,000  it is signed in a connection that is not            RFC 2385
 * </pre>
 *
 * <p>Wrong checksums do not count where they are wrong from the SYN on, as in captures on a host
 * that leaves them to its network card. Where a sort of doubt proves wrong (a route has changed,
 * the receiver does not look at timestamps), the like is doubted no longer in that direction.
 */
final class SegmentDoubt {
    static final int LOW_TTL_MAX = 255;
    static final int BEYOND_WINDOW = 300;
    static final int BROKEN = 1000;
    static final int NO_ACK = 2000;
    static final int OLD_TIME = 4000;
    static final int STRANGE_ACK = 8000;
    static final int STRANGE_SIGNATURE = 16_000;

    private final StreamTable table;
    private final int[] cells;

    SegmentDoubt(StreamTable table) {
        this.table = table;
        this.cells = table.cells;
    }

    /**
     * Whether what a segment says of the other direction counts. Most doubt is of data, for all
     * that a sender of decoys can gain is to have them read; only what is broken says nothing.
     */
    static boolean mayAcknowledge(int doubt, int flags) {
        return (flags & TcpFlags.ACK) != 0 && doubt % NO_ACK < BROKEN;
    }

    /** How much speaks against a segment that is no SYN, but for the window. */
    int of(int direction, Packet packet) {
        int marks = cells[direction + MARKS];
        int doubt = 0;
        int below = (marks >>> StreamTable.TTL_SHIFT) - packet.ttl();
        if (below > 0) {
            doubt = below;
        }
        if (packet.checksumWrong() && ((marks & SUMS_OFF) == 0 || (marks & GOOD_SUM) != 0)) {
            doubt += BROKEN;
        }
        int flags = packet.tcpFlags();
        if ((flags & (TcpFlags.ACK | TcpFlags.RST)) == 0) {
            doubt += NO_ACK;
        } else if ((flags & TcpFlags.ACK) != 0 && acknowledgesStrangely(direction, packet)) {
            doubt += STRANGE_ACK;
        }
        int options = packet.payloadOffset() - packet.transportOffset() - TcpHeader.LENGTH;
        if (options > 0) {
            doubt += ofOptions(direction, packet, doubt);
        } else if ((marks & (TIMED | TIMES_OFF)) == TIMED && (flags & TcpFlags.RST) == 0) {
            doubt += OLD_TIME;
        }
        if (doubt == 0 && (marks & GOOD_SUM) == 0 && !packet.checksumWrong()) {
            table.mark(direction, GOOD_SUM);
        }
        return doubt;
    }

    private boolean acknowledgesStrangely(int direction, Packet packet) {
        if (!StreamTable.fromClient(direction)) {
            return false; // what it acknowledges is what the sensor may have missed
        }
        int peer = StreamTable.peer(direction);
        int peersMarks = cells[peer + MARKS];
        // Unless the peer is seen, and wholly, nobody knows what it has sent.
        if ((cells[direction + MARKS] & ACKS_SEEN) == 0
                || (peersMarks & (KNOWN | ACKS_SEEN)) != (KNOWN | ACKS_SEEN)
                || cells[peer + HELD] != HeldBytes.NONE) {
            return false;
        }
        int acknowledged = packet.tcpAcknowledgment();
        int unsent = acknowledged - cells[peer + NEXT];
        if (unsent > ((peersMarks & FIN_SEEN) != 0 ? 1 : 0)) {
            return true;
        }
        int behind = cells[peer + ACKED] - acknowledged;
        return behind > 0
                && (peersMarks & EDGE_KNOWN) != 0
                && behind > cells[peer + EDGE] - cells[peer + ACKED];
    }

    private int ofOptions(int direction, Packet packet, int doubt) {
        int marks = cells[direction + MARKS];
        if (TcpHeader.isSigned(packet) && (marks & SIGNED) == 0) {
            return STRANGE_SIGNATURE;
        }
        int at = TcpHeader.timestamps(packet);
        boolean counts = (marks & (TIMED | TIMES_OFF)) == TIMED;
        if (at < 0) {
            boolean reset = (packet.tcpFlags() & TcpFlags.RST) != 0;
            return counts && !reset ? OLD_TIME : 0;
        }
        int time = TcpHeader.timestamp(packet, at);
        if (counts && time - cells[direction + TIMESTAMP] < 0) {
            return OLD_TIME;
        }
        int ahead = packet.tcpSequence() - cells[direction + NEXT];
        if (doubt == 0 && ahead <= 0 && ahead + packet.payloadLength() >= 0) {
            timed(direction, time);
        }
        return 0;
    }

    /** The direction's segments bear timestamps; this is the last. */
    void timed(int direction, int time) {
        cells[direction + TIMESTAMP] = time;
        table.mark(direction, TIMED);
    }

    /** What was doubted reached the receiver: the like of it is doubted no longer. */
    void refuted(int direction, int doubt) {
        if (doubt <= LOW_TTL_MAX) {
            table.ttl(direction, Math.max(1, table.ttl(direction) - doubt));
        } else if (doubt >= BROKEN && doubt < NO_ACK) {
            table.mark(direction, SUMS_OFF);
            table.clear(direction, GOOD_SUM);
        } else if (doubt >= OLD_TIME && doubt < STRANGE_ACK) {
            table.mark(direction, TIMES_OFF);
        } else if (doubt >= STRANGE_SIGNATURE) {
            table.mark(direction, SIGNED);
        }
    }
}
