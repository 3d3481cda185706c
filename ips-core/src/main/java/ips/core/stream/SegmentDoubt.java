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

import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;
import ips.core.packet.TcpHeader;

/**
 * Says why a receiver may discard a segment that came by, and how much speaks for that: 0 for
 * nothing. An attacker sends such segments for the sensor alone to read. Each reason has bits of
 * its own, the surer ones higher, so that of two copies of a byte the less doubtful one can be
 * told.
 *
 * <pre>
 *       0  it lies beyond the window the receiver has offered, as far as was seen
 *    9..1  twice as much as its TTL is below the SYN's, if none so low is known to arrive;
 *          odd, and no less than 63, if its timestamp is older than the last or missing
 *                                                    RFC 7323 §5, §3.2
 *      10  it acknowledges what the server has not sent, or long before
 *                                                    RFC 9293 §3.10.7.4, RFC 5961 §5
 *      11  it is signed in a connection that is not    RFC 2385
 *      12  it has no ACK flag                          RFC 9293 §3.10.7.4
 *      13  its checksum is wrong, or it was cut off before it came here
 * </pre>
 *
 * <p>The window comes first because receivers may have more room than they have offered. A
 * timestamp speaks more against a segment than a TTL that a longer route explains, and less than
 * one that none does, because which timestamp a receiver had last shows late.
 *
 * <p>Wrong checksums do not count where they are wrong from the SYN on, as in captures on a host
 * that leaves them to its network card. What is doubted is not lost: its bytes are read when the
 * receiver acknowledges them. If that happens for a reason that honest traffic may have, a longer
 * route or such a network card midstream, that reason is no longer applied in that direction.
 */
final class SegmentDoubt {
    static final int BEYOND_WINDOW = 1;
    static final int STRANGE_ACK = 1 << 10;
    static final int STRANGE_SIGNATURE = 1 << 11;
    static final int NO_ACK = 1 << 12;
    static final int BROKEN = 1 << 13;

    /** All that speaks for sure is above. */
    private static final int SURE = STRANGE_ACK;

    private static final int TTL_SHIFT = 2;
    private static final int OLD = 2;
    private static final int LEAST_OLD = 63 << 1;

    /** By how much a TTL may fall when a route changes. */
    private static final int LONGER_WAY = 16;

    private final StreamTable table;
    private final int[] cells;

    SegmentDoubt(StreamTable table) {
        this.table = table;
        this.cells = table.cells;
    }

    /**
     * Whether what a segment says of the other direction counts. Most doubt is of data, for all
     * that a sender of decoys can gain is to have them read.
     */
    static boolean mayAcknowledge(int doubt, int flags) {
        return (flags & TcpFlags.ACK) != 0 && (doubt & (BROKEN | STRANGE_ACK)) == 0;
    }

    /** How much speaks against a segment that is no SYN, but for the window. */
    int of(int direction, Packet packet) {
        int marks = cells[direction + MARKS];
        int doubt = 0;
        if (packet.ttl() < table.lowestTtl(direction)) {
            doubt = table.firstTtl(direction) - packet.ttl() << TTL_SHIFT;
        }
        if (packet.checksumWrong() && ((marks & SUMS_OFF) == 0 || (marks & GOOD_SUM) != 0)) {
            doubt |= BROKEN;
        }
        if (packet.incomplete() && isCutOff(packet)) {
            doubt |= BROKEN;
        }
        int flags = packet.tcpFlags();
        if ((flags & (TcpFlags.ACK | TcpFlags.RST)) == 0) {
            doubt |= NO_ACK;
        } else if (StreamTable.fromClient(direction)
                && packet.tcpAcknowledgment() != cells[StreamTable.peer(direction) + NEXT]
                && (flags & TcpFlags.ACK) != 0
                && acknowledgesStrangely(direction, packet)) {
            doubt |= STRANGE_ACK;
        }
        int options = packet.payloadOffset() - packet.transportOffset() - TcpHeader.LENGTH;
        if (options > 0) {
            doubt = withOptions(direction, packet, doubt);
        } else if ((marks & TIMED) != 0 && (flags & TcpFlags.RST) == 0) {
            doubt = old(doubt);
        }
        if (doubt == 0 && (marks & GOOD_SUM) == 0 && !packet.checksumWrong()) {
            table.mark(direction, GOOD_SUM);
        }
        return doubt;
    }

    /** Whether bytes are missing that never were on the wire, rather than not captured. */
    private static boolean isCutOff(Packet packet) {
        int onWire = packet.frameOffset() + packet.wireLength() - packet.ipOffset();
        return !packet.reassembled() && onWire < packet.ipTotalLength();
    }

    /** A client that is; what a server acknowledges tells what the sensor has missed. */
    private boolean acknowledgesStrangely(int direction, Packet packet) {
        int peer = StreamTable.peer(direction);
        int peersMarks = cells[peer + MARKS];
        // Unless the peer is seen, and wholly, nobody knows what it has sent.
        if ((cells[direction + MARKS] & ACKS_SEEN) == 0
                || (peersMarks & KNOWN) == 0
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
                && (peersMarks & (ACKS_SEEN | EDGE_KNOWN)) == (ACKS_SEEN | EDGE_KNOWN)
                && behind > cells[peer + EDGE] - cells[peer + ACKED];
    }

    /** What speaks against a segment besides, now that its options are looked at. */
    private int withOptions(int direction, Packet packet, int doubt) {
        int marks = cells[direction + MARKS];
        if (TcpHeader.isSigned(packet) && (marks & SIGNED) == 0) {
            return doubt | STRANGE_SIGNATURE;
        }
        boolean reset = (packet.tcpFlags() & TcpFlags.RST) != 0;
        int at = TcpHeader.timestamps(packet);
        boolean counts = (marks & TIMED) != 0;
        if (at < 0) {
            return counts && !reset ? old(doubt) : doubt;
        }
        int time = TcpHeader.timestamp(packet, at);
        if (counts && time - cells[direction + TIMESTAMP] < 0) {
            return old(doubt);
        }
        if (doubt == 0 && !reset && isNext(direction, packet)) {
            timed(direction, time);
        }
        if (doubt == 0 && !StreamTable.fromClient(direction)) {
            echoed(StreamTable.peer(direction), TcpHeader.echoedTimestamp(packet, at));
        }
        return doubt;
    }

    private static int old(int doubt) {
        int hops = doubt & SURE - 1;
        return doubt - hops + Math.max(hops | OLD, LEAST_OLD);
    }

    /** The server says which timestamp it had last: of a segment that was doubted, maybe. */
    private void echoed(int direction, int time) {
        if (table.has(direction, TIMED) && time - cells[direction + TIMESTAMP] > 0) {
            cells[direction + TIMESTAMP] = time;
        }
    }

    /** Whether the receiver, if it reads the segment, takes its timestamp (RFC 7323 §4.3). */
    private boolean isNext(int direction, Packet packet) {
        int ahead = packet.tcpSequence() - cells[direction + NEXT];
        int length = packet.payloadLength();
        return ahead == 0 || ahead < 0 && ahead + length > 0;
    }

    /** The direction's segments bear timestamps; this is the last. */
    void timed(int direction, int time) {
        cells[direction + TIMESTAMP] = time;
        table.mark(direction, TIMED);
    }

    /**
     * What was doubted reached the receiver, as far as can be seen: the like is doubted no longer,
     * if it is likely in honest traffic. (Where the sensor misses what was read, a decoy seems to
     * have been.)
     */
    void refuted(int direction, int doubt) {
        if ((doubt & OLD) != 0) {
            return;
        }
        if (doubt < SURE && (doubt & BEYOND_WINDOW) == 0) {
            int ttl = table.firstTtl(direction) - (doubt >> TTL_SHIFT);
            if (table.lowestTtl(direction) - LONGER_WAY <= ttl) {
                table.lowestTtl(direction, Math.min(ttl, table.lowestTtl(direction)));
            }
        } else if (doubt - (doubt & SURE - 1) == BROKEN) {
            table.mark(direction, SUMS_OFF); // counts only where none was ever right
        }
    }
}
