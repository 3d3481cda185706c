package ips.core.flow;

import static ips.core.flow.ConnectionState.ANSWERED;
import static ips.core.flow.ConnectionState.CLIENT_HEARD;
import static ips.core.flow.ConnectionState.CONTINUED;
import static ips.core.flow.ConnectionState.ESTABLISHED;
import static ips.core.flow.ConnectionState.HALF_OPEN;
import static ips.core.flow.ConnectionState.MIDSTREAM;
import static ips.core.flow.ConnectionState.OPEN;
import static ips.core.flow.ConnectionState.OWNED;
import static ips.core.flow.ConnectionState.POSITIVE;
import static ips.core.flow.ConnectionState.PROVEN;
import static ips.core.flow.ConnectionState.SERVER_HEARD;
import static ips.core.flow.ConnectionState.TOLD_HALF_OPEN;
import static ips.core.flow.ConnectionState.TOLD_UNANSWERED;
import static ips.core.flow.ConnectionState.WAITING;

import ips.core.ColdPath;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Packet;

/**
 * The connections of the addresses a worker owns: TCP connections, UDP exchanges, pings. Storage
 * only; what the states mean and how they change is {@link ConnectionTracker}'s. Owned by one
 * worker; never grows.
 *
 * <p>Set-associative, as {@link SourceTable} is. Both directions of a connection hash alike, to a
 * bucket of eight {@link ConnectionPlaces places}, whose tags are one cache line; the record fills
 * a line of its own. 76 bytes a connection.
 *
 * <pre>
 *  record  +0 client address, high   +1 low   +2 server address, high   +3 low
 *          +4 63..48 client port | 47..32 server port | 31..24 protocol | 23..16 first TCP flags
 *             | 15..12 state | 11..0 marks
 *          +5 time of the frame that opened it, ns
 *          +6 63..24 number of that frame | 23..0 last SYN, ms
 *          +7 63..32 client's next sequence number | 31..0 server's
 * </pre>
 *
 * <p><b>When a bucket is full</b> the connection that expires first makes way. An attempt has 30
 * seconds from its last packet, a closed connection 60, an attempt of a proven source and an
 * answered UDP exchange 120, an established TCP connection an hour: so attempts are given up before
 * closed connections, those before exchanges, and established connections last. A flood of
 * half-open connections displaces its own kind; where it finds a bucket full of established ones,
 * it takes one place of the eight.
 */
public final class ConnectionTable {
    /** Returned where there is no connection. */
    public static final int NONE = -1;

    private static final int RECORD_LONGS = 8;
    private static final int CLIENT_LOW = 1;
    private static final int SERVER_HIGH = 2;
    private static final int SERVER_LOW = 3;
    private static final int META = 4;
    private static final int FIRST_NS = 5;
    private static final int FRAME = 6;
    private static final int SEQUENCES = 7;

    private static final int STATE_SHIFT = 12;
    private static final long STATE_MASK = 0xfL << STATE_SHIFT;
    private static final long MARKS_MASK = 0xfff;
    private static final int FLAGS_SHIFT = 16;
    private static final int PROTOCOL_SHIFT = 24;
    private static final int FRAME_SHIFT = 24;
    private static final long SYN_MASK = (1L << FRAME_SHIFT) - 1;
    private static final long NS_PER_MS = 1_000_000;

    private static final long LOW_INT = 0xffff_ffffL;

    private static final int LINE_PADDING = 6; // see SourceTable

    private final Counters counters;
    private final ConnectionPlaces places;
    private final long[] cells;
    private final int[] streams;

    private int current = NONE;
    private boolean currentFromClient;
    private boolean repeat;

    /**
     * @param capacity connections at most, a power of two from 8 to 2^24
     */
    public ConnectionTable(int capacity, Counters counters) {
        this.counters = counters;
        this.places = new ConnectionPlaces(capacity);
        this.cells = new long[capacity * RECORD_LONGS + LINE_PADDING];
        this.streams = new int[capacity];
    }

    public long clientHigh(int connection) {
        return cells[record(connection)];
    }

    public long clientLow(int connection) {
        return cells[record(connection) + CLIENT_LOW];
    }

    public long serverHigh(int connection) {
        return cells[record(connection) + SERVER_HIGH];
    }

    public long serverLow(int connection) {
        return cells[record(connection) + SERVER_LOW];
    }

    /** The client's port; for a ping its identifier. */
    public int clientPort(int connection) {
        return (int) (meta(connection) >>> 48);
    }

    /** The server's port; for a ping 0. */
    public int serverPort(int connection) {
        return (int) (meta(connection) >>> 32) & 0xffff;
    }

    /** See {@code Protocol}: TCP, UDP, SCTP, ICMP or ICMPv6. */
    public int protocol(int connection) {
        return (int) (meta(connection) >>> PROTOCOL_SHIFT) & 0xff;
    }

    /** The flags of the first segment, for a connection told as outside any the client's. */
    public int firstFlags(int connection) {
        return (int) (meta(connection) >>> FLAGS_SHIFT) & 0xff;
    }

    /** Number of the frame that opened it. */
    public long firstFrame(int connection) {
        return cells[record(connection) + FRAME] >>> FRAME_SHIFT;
    }

    /** Time of the frame that opened it. */
    public long firstNs(int connection) {
        return cells[record(connection) + FIRST_NS];
    }

    /** Whether the server ever answered positively: SYN-ACK, a datagram back, an echo reply. */
    public boolean isAnswered(int connection) {
        return has(connection, POSITIVE);
    }

    /** Whether anything of the client's was seen. */
    public boolean isClientHeard(int connection) {
        return has(connection, CLIENT_HEARD);
    }

    /** Whether both ends may send: the handshake is complete, or it was picked up midstream. */
    public boolean isEstablished(int connection) {
        return state(connection) == ESTABLISHED;
    }

    /** Whether it was under way when first seen. */
    public boolean isMidstream(int connection) {
        return has(connection, MIDSTREAM);
    }

    /** Whether nothing came of it but the one segment it was picked up by. */
    boolean isLoneMidstream(int connection) {
        return has(connection, MIDSTREAM) && !has(connection, CONTINUED | SERVER_HEARD);
    }

    /** Whether the client acknowledged a sequence number of the server's that was seen. */
    public boolean isProven(int connection) {
        return has(connection, PROVEN);
    }

    /** Whether it was told as unanswered; it may be answered or refused all the same. */
    public boolean isToldUnanswered(int connection) {
        return has(connection, TOLD_UNANSWERED);
    }

    /** Whether its handshake was told as left half-open. */
    public boolean isToldHalfOpen(int connection) {
        return has(connection, TOLD_HALF_OPEN);
    }

    /**
     * The connection that the packet in hand belongs to, or {@link #NONE}. A packet that opens one
     * belongs to it.
     */
    public int current() {
        return current;
    }

    /** Whether the packet in hand comes from the client of {@link #current}. */
    public boolean currentFromClient() {
        return currentFromClient;
    }

    /**
     * Whether the packet in hand is one of many like it: counted, to be told by {@link
     * ConnectionListener#repeated}, and not looked up.
     */
    public boolean isRepeat() {
        return repeat;
    }

    /** What {@link #attachStream} put there, or 0. */
    public int stream(int connection) {
        return streams[connection];
    }

    /**
     * Hangs a number on a connection: above 0 a stream, whose end {@link
     * ConnectionListener#forgotten} tells; below 0 a note that is gone with the connection.
     */
    public void attachStream(int connection, int stream) {
        boolean weighs = stream > 0 || streams[connection] > 0;
        streams[connection] = stream;
        if (weighs) {
            weigh(connection);
        }
    }

    // For the tracker.

    void current(int connection, boolean fromClient) {
        current = connection;
        currentFromClient = fromClient;
    }

    void repeat(boolean repeat) {
        this.repeat = repeat;
    }

    /** The same for both directions; ports as {@link #clientPort} and {@link #serverPort} say. */
    static long hash(Packet packet, int protocol, int sourcePort, int destinationPort) {
        return Hash.mix(
                Hash.endpoint(packet.sourceHigh(), packet.sourceLow(), sourcePort)
                        + Hash.endpoint(
                                packet.destinationHigh(), packet.destinationLow(), destinationPort)
                        + protocol);
    }

    /** Twice the connection, plus 1 if the packet's source is its server; or {@link #NONE}. */
    int find(long hash, Packet packet, int protocol, int sourcePort, int destinationPort) {
        for (int ways = places.waysThatFit(hash); ways != 0; ways &= ways - 1) {
            int connection = places.first(hash) + Integer.numberOfTrailingZeros(ways);
            int record = record(connection);
            long meta = cells[record + META];
            if (((int) (meta >>> PROTOCOL_SHIFT) & 0xff) != protocol) {
                continue;
            }
            int ports = (int) (meta >>> 32);
            if (ports == (sourcePort << 16 | destinationPort)
                    && isClient(record, packet.sourceHigh(), packet.sourceLow())
                    && isServer(record, packet.destinationHigh(), packet.destinationLow())) {
                return connection << 1;
            }
            if (ports == (destinationPort << 16 | sourcePort)
                    && isClient(record, packet.destinationHigh(), packet.destinationLow())
                    && isServer(record, packet.sourceHigh(), packet.sourceLow())) {
                return connection << 1 | 1;
            }
        }
        return NONE;
    }

    private boolean isClient(int record, long high, long low) {
        return cells[record + CLIENT_LOW] == low && cells[record] == high;
    }

    private boolean isServer(int record, long high, long low) {
        return cells[record + SERVER_LOW] == low && cells[record + SERVER_HIGH] == high;
    }

    /** The place for a new connection; who has it now, if anyone, is for the caller to settle. */
    int place(long hash, long nowNs) {
        return places.place(hash, nowNs);
    }

    boolean isTaken(int connection) {
        return places.isTaken(connection);
    }

    boolean isExpired(int connection, long nowNs) {
        return places.left(connection, nowNs) < 0;
    }

    /**
     * Whether a TCP connection is none any more: an established one is known however long it was
     * idle, anything else has its time.
     */
    boolean isOver(int connection, long nowNs) {
        return isExpired(connection, nowNs) && state(connection) != ESTABLISHED;
    }

    /** Whether nothing was heard of an established connection for {@code seconds}. */
    boolean isIdle(int connection, int seconds, long nowNs) {
        return places.left(connection, nowNs) < OPEN - ConnectionPlaces.units(seconds);
    }

    /**
     * Whether anything is to be told of a connection before it is overwritten: it is established,
     * its attempt is undecided, or a stream hangs on it. Of the half-open handshakes of a flood,
     * told long ago, there is nothing; so their records, no longer in any cache, need not be read.
     */
    boolean matters(int connection) {
        return places.matters(connection);
    }

    private void weigh(int connection) {
        long meta = meta(connection);
        boolean undecided =
                switch ((int) (meta >>> STATE_SHIFT) & 0xf) {
                    case HALF_OPEN, ANSWERED -> (meta & (OWNED | TOLD_HALF_OPEN)) == OWNED;
                    case WAITING -> (meta & (OWNED | TOLD_UNANSWERED)) == OWNED;
                    case ESTABLISHED -> true;
                    default -> false;
                };
        places.matters(connection, undecided || streams[connection] > 0);
    }

    /** Counts a connection that is about to be overwritten before its time. */
    void countEviction(int connection, long nowNs) {
        if (!isExpired(connection, nowNs)) {
            counters.increment(Counter.CONNECTIONS_EVICTED);
            if (matters(connection)
                    && hasAll(connection, CLIENT_HEARD | SERVER_HEARD)
                    && state(connection) == ESTABLISHED) {
                counters.increment(Counter.CONNECTIONS_EVICTED_ESTABLISHED);
            }
        }
    }

    /** Writes a new connection whose client is the packet's source, or else its destination. */
    void occupy(
            int connection,
            long hash,
            Packet packet,
            int protocol,
            int sourcePort,
            int destinationPort,
            boolean fromClient,
            int state,
            int marks,
            int lifetime) {
        record(connection, packet, protocol, sourcePort, destinationPort, fromClient, state, marks);
        places.take(connection, hash, packet.timestampNs(), lifetime);
        streams[connection] = 0;
        weigh(connection);
    }

    private void record(
            int connection,
            Packet packet,
            int protocol,
            int sourcePort,
            int destinationPort,
            boolean fromClient,
            int state,
            int marks) {
        long[] cells = this.cells;
        long nowNs = packet.timestampNs();
        int record = record(connection);
        int client = fromClient ? 0 : SERVER_HIGH;
        int server = fromClient ? SERVER_HIGH : 0;
        cells[record + client] = packet.sourceHigh();
        cells[record + client + 1] = packet.sourceLow();
        cells[record + server] = packet.destinationHigh();
        cells[record + server + 1] = packet.destinationLow();
        int ports =
                fromClient
                        ? sourcePort << 16 | destinationPort
                        : destinationPort << 16 | sourcePort;
        cells[record + META] =
                (long) ports << 32
                        | (long) protocol << PROTOCOL_SHIFT
                        | (long) (packet.tcpFlags() & 0xff) << FLAGS_SHIFT
                        | (long) state << STATE_SHIFT
                        | marks;
        cells[record + FIRST_NS] = nowNs;
        cells[record + FRAME] = packet.frameNumber() << FRAME_SHIFT | milliseconds(nowNs);
        cells[record + SEQUENCES] = 0;
    }

    /** Notes the time of a packet; the connection is now kept for {@code lifetime}. */
    void touch(int connection, long nowNs, int lifetime) {
        places.keep(connection, nowNs, lifetime);
    }

    int state(int connection) {
        return (int) (meta(connection) >>> STATE_SHIFT) & 0xf;
    }

    void state(int connection, int state) {
        int at = record(connection) + META;
        cells[at] = cells[at] & ~STATE_MASK | (long) state << STATE_SHIFT;
        weigh(connection);
    }

    boolean has(int connection, int mark) {
        return (meta(connection) & mark) != 0;
    }

    boolean hasAll(int connection, int marks) {
        return (meta(connection) & marks) == marks;
    }

    void mark(int connection, int marks) {
        cells[record(connection) + META] |= marks & MARKS_MASK;
        weigh(connection);
    }

    void unmark(int connection, int marks) {
        cells[record(connection) + META] &= ~(long) (marks & MARKS_MASK);
        weigh(connection);
    }

    int clientNext(int connection) {
        return (int) (cells[record(connection) + SEQUENCES] >>> 32);
    }

    int serverNext(int connection) {
        return (int) cells[record(connection) + SEQUENCES];
    }

    void clientNext(int connection, int sequence) {
        int at = record(connection) + SEQUENCES;
        cells[at] = (long) sequence << 32 | cells[at] & LOW_INT;
    }

    void serverNext(int connection, int sequence) {
        int at = record(connection) + SEQUENCES;
        cells[at] = cells[at] & ~LOW_INT | sequence & LOW_INT;
    }

    /** Milliseconds since the client's last SYN; the time is kept for 4 hours only. */
    long msSinceSyn(int connection, long nowNs) {
        return milliseconds(nowNs) - cells[record(connection) + FRAME] & SYN_MASK;
    }

    void synSent(int connection, long nowNs) {
        int at = record(connection) + FRAME;
        cells[at] = cells[at] & ~SYN_MASK | milliseconds(nowNs);
    }

    /** The clock was set: connections are as old as before. */
    @ColdPath
    void shift(long byNs) {
        places.shift(byNs);
        for (int record = LINE_PADDING; record < cells.length; record += RECORD_LONGS) {
            long frame = cells[record + FRAME];
            long synMs = (frame & SYN_MASK) + byNs / NS_PER_MS & SYN_MASK;
            cells[record + FRAME] = frame & ~SYN_MASK | synMs;
            cells[record + FIRST_NS] += byNs;
        }
    }

    private long meta(int connection) {
        return cells[record(connection) + META];
    }

    private static long milliseconds(long nowNs) {
        return nowNs / NS_PER_MS & SYN_MASK;
    }

    private static int record(int connection) {
        return LINE_PADDING + connection * RECORD_LONGS;
    }
}
