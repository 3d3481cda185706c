package ips.core.inspect;

import ips.core.packet.TcpFlags;

/**
 * The TCP session of a flow as rules see it: its state, which segments count, what is odd. RFC 9293
 * §3.10 with the tolerance Suricata has: what an end would discard does not enter the streams, what
 * it may accept does. States are those of the server. {@link TcpOpening}, {@link TcpHandshake},
 * {@link TcpEstablished} and {@link TcpClosing} say what each state makes of a segment. One per
 * flow; owned by its worker.
 */
public final class TcpSession {
    public static final int NONE = 0;
    public static final int SYN_SENT = 1;
    public static final int SYN_RECEIVED = 2;
    public static final int ESTABLISHED = 3;
    public static final int FIN_WAIT1 = 4;
    public static final int FIN_WAIT2 = 5;
    public static final int TIME_WAIT = 6;
    public static final int LAST_ACK = 7;
    public static final int CLOSE_WAIT = 8;
    public static final int CLOSING = 9;
    public static final int CLOSED = 10;

    /** The greatest scale of a window (RFC 7323 §2.3), assumed where none was seen. */
    static final int GREATEST_SCALE = 14;

    /** The greatest window without a scale. */
    static final int GREATEST_WINDOW = 65_535;

    /** After so long a timestamp may have wrapped round (RFC 7323 §5.5). */
    private static final long OUTDATED_SECONDS = 24L * 86_400;

    public StreamSide client;
    public StreamSide server;

    int state;
    private int stateBefore;

    /** Whether both ends send timestamps. */
    boolean timestamps;

    /** Whether the SYN named a scale of windows. */
    boolean scaled;

    /** Whether the server opened as well, so that four segments make the handshake. */
    boolean fourWay;

    boolean midstream;

    /** Whether the session was picked up at its SYN/ACK. */
    boolean midstreamAnswer;

    /** Whether it was picked up behind the handshake, and the server was not heard since. */
    boolean midstreamHalf;

    boolean fastOpen;

    /** Whether the server sent something behind the handshake. */
    boolean confirmed;

    /** Whether the last segment to the server, or to the client, probed a window of zero. */
    boolean probedServer;

    boolean probedClient;

    /** Whether bytes were lost, so that a RST is taken anywhere in the window. */
    boolean lossy;

    /** Alternative openings and answers; null until there is one. */
    HandshakeQueue queue;

    private boolean establishedBefore;

    /** What the last segment did: bits of {@link StreamEvent}. */
    long events;

    /** Whether the last segment's data entered its stream. */
    boolean added;

    private boolean sealed;
    private boolean resetByClient;
    private boolean resetByServer;

    /** Whether the last segment is one that its receiver takes. */
    boolean taken;

    /** Whether the last segment belongs to a session whose beginning was not seen. */
    boolean unknownSession;

    /** Whether the last segment showed that the flow's first packet came from the server. */
    boolean swapped;

    /** Whether no segment is ever missed, so that what looks like it is odd. */
    boolean inline;

    /**
     * @param streams lends what the bytes of both directions lie in
     */
    TcpSession(BufferPool streams) {
        client = new StreamSide(streams);
        server = new StreamSide(streams);
    }

    void reset() {
        client.reset();
        server.reset();
        state = NONE;
        stateBefore = NONE;
        timestamps = false;
        scaled = false;
        fourWay = false;
        midstream = false;
        midstreamAnswer = false;
        midstreamHalf = false;
        fastOpen = false;
        confirmed = false;
        probedServer = false;
        probedClient = false;
        lossy = false;
        clearQueue();
        establishedBefore = false;
        events = 0;
        added = false;
        sealed = false;
        resetByClient = false;
        resetByServer = false;
    }

    public int state() {
        return state;
    }

    /**
     * Whether the handshake was completed before the segment in hand, or by it and it brings data;
     * or the session was picked up midstream before. It stays so to the flow's end.
     */
    public boolean established() {
        return establishedBefore;
    }

    /** Whether it was picked up midstream. */
    boolean pickedUp() {
        return midstream;
    }

    /** What was taken for the client is the server, and the other way round. */
    void exchangeSides() {
        StreamSide side = client;
        client = server;
        server = side;
    }

    public StreamSide side(boolean toServer) {
        return toServer ? client : server;
    }

    void event(StreamEvent event) {
        events |= event.bit();
    }

    void become(int next) {
        if (next != state) {
            stateBefore = state;
            state = next;
        }
    }

    /** The segment in hand completes the handshake and brings data. */
    void establishedByData() {
        establishedBefore = true;
    }

    void clearQueue() {
        if (queue != null) {
            queue.clear();
        }
    }

    /** The flow ends; what is left is looked at. */
    void atEnd() {
        establishedBefore = state >= ESTABLISHED;
    }

    /** A segment of the flow came that is not looked at: its checksum is wrong. */
    void skipped() {
        establishedBefore = state >= ESTABLISHED;
        events = 0;
        added = false;
    }

    /** Begins with an opening SYN that was noted before. */
    void opened(Segment syn) {
        TcpOpening.open(this, syn);
    }

    /**
     * Takes a segment; afterwards {@link #events} and {@link #added} tell what it was.
     *
     * @param pickUp whether sessions count whose beginning was not seen
     */
    void segment(Segment s, boolean pickUp, boolean inline) {
        events = 0;
        added = false;
        taken = false;
        swapped = false;
        unknownSession = false;
        this.inline = inline;
        establishedBefore = state >= ESTABLISHED;
        if (!s.has(TcpFlags.ACK) && s.acknowledgment != 0) {
            event(StreamEvent.PKT_BROKEN_ACK);
        }
        if (state == NONE) {
            TcpOpening.begin(this, s, pickUp);
        } else if (TcpNoChange.is(this, s) || dispatch(s, state)) {
            afterReset(s);
        }
    }

    /**
     * @return whether the segment is a possible one
     */
    private boolean dispatch(Segment s, int inState) {
        return switch (inState) {
            case SYN_SENT -> TcpOpening.synSent(this, s);
            case SYN_RECEIVED -> TcpHandshake.synReceived(this, s);
            case ESTABLISHED -> TcpEstablished.segment(this, s);
            case CLOSED -> afterClose(s);
            default -> TcpClosing.segment(this, s, inState);
        };
    }

    private boolean afterClose(Segment s) {
        if (s.has(TcpFlags.RST) || side(s.toServer).resetReceived) {
            return true;
        }
        if (s.toServer ? resetByClient : resetByServer) {
            if (stateBefore == NONE) {
                return false;
            }
            state = stateBefore; // it goes on: the reset did not arrive, or was not meant to
            if (!dispatch(s, state)) {
                state = CLOSED;
                return false;
            }
            resetByClient = false;
            resetByServer = false;
            client.rawTriggered = false;
            server.rawTriggered = false;
            return true;
        }
        if (side(!s.toServer).resetReceived) {
            if (stateBefore == NONE || !dispatch(s, stateBefore)) {
                return false;
            }
            if (state == CLOSED) {
                state = stateBefore;
            }
        }
        return true;
    }

    /** Tells of an end that goes on sending though it was reset. */
    private void afterReset(Segment s) {
        StreamSide peer = side(!s.toServer);
        if (!s.has(TcpFlags.RST) && peer.resetReceived) {
            peer.resetReceived = false;
            event(StreamEvent.SUSPECTED_RST_INJECT);
        }
    }

    // Checks and steps that states have in common.

    /** Whether the segment acknowledges what the other side may have sent. */
    boolean validAck(Segment s) {
        if (!s.has(TcpFlags.ACK)) {
            return true;
        }
        StreamSide peer = side(!s.toServer);
        int ahead = s.acknowledgment - peer.lastAck;
        boolean valid;
        if (ahead == 0 || ahead > 0 && s.acknowledgment - peer.nextWindow <= 0) {
            valid = true;
        } else if (ahead < 0) {
            int oldest = peer.lastAck - Math.max(peer.window, peer.greatestWindow);
            valid = peer.window == 0 || s.acknowledgment - oldest >= 0;
        } else {
            valid =
                    state == SYN_SENT
                            && !s.toServer
                            && s.has(TcpFlags.RST)
                            && s.acknowledgment == peer.isn + 1;
        }
        if (!valid) {
            event(StreamEvent.PKT_INVALID_ACK);
        }
        return valid;
    }

    /** Whether the receiver would take a RST; some odd ones are told of. */
    boolean validReset(Segment s) {
        if (lossy) {
            StreamSide own = side(s.toServer);
            return s.sequence - own.lastAck >= 0 && s.sequence - own.nextWindow <= 0;
        }
        if (timestamps && !validTimestamp(s)) {
            return false;
        }
        if (s.length > 0) {
            event(StreamEvent.RST_WITH_DATA);
        }
        if (s.acknowledgment != 0 && !validAck(s)) {
            event(StreamEvent.RST_INVALID_ACK);
            return false;
        }
        if (s.options.signed()) {
            side(!s.toServer).resetReceived = true; // not every receiver checks the signature
        }
        return s.sequence == side(s.toServer).nextSequence;
    }

    void closeByReset(Segment s) {
        resetByClient |= s.toServer;
        resetByServer |= !s.toServer;
        become(CLOSED);
        client.rawTriggered = true;
        server.rawTriggered = true;
    }

    boolean validTimestamp(Segment s) {
        StreamSide own = side(s.toServer);
        boolean unchecked = own.zeroTimestamp && own.nextSequence == s.sequence;
        if (!s.options.hasTimestamp() || unchecked) {
            return true;
        }
        long last = own.lastSeconds == 0 && midstream ? s.seconds : own.lastSeconds;
        boolean outdated = s.seconds > last + OUTDATED_SECONDS;
        if (s.options.timestamp() - own.lastTimestamp < 0 || own.lastTimestamp != 0 && outdated) {
            if (own.nextSequence != s.sequence || !outdated) {
                event(StreamEvent.PKT_INVALID_TIMESTAMP);
                return false;
            }
        }
        return true;
    }

    void noteTimestamp(Segment s) {
        StreamSide own = side(s.toServer);
        if (!timestamps || !s.options.hasTimestamp()) {
            return;
        }
        boolean next = own.nextSequence == s.sequence;
        int timestamp = s.options.timestamp();
        if (own.zeroTimestamp) {
            own.zeroTimestamp = false;
            if (next) {
                own.lastTimestamp = timestamp;
                return;
            }
        }
        if (own.lastSeconds == 0 && midstream) {
            own.lastSeconds = s.seconds;
        }
        boolean outdated = s.seconds > own.lastSeconds + OUTDATED_SECONDS;
        boolean bad = timestamp - own.lastTimestamp < 0 || own.lastTimestamp != 0 && outdated;
        if (bad && !(next && outdated)) {
            event(StreamEvent.PKT_INVALID_TIMESTAMP);
            return;
        }
        if (next && s.sequence - own.lastAck <= 0) {
            own.lastTimestamp = timestamp;
        }
        own.lastSeconds = s.seconds;
    }

    /** Takes the window that a segment offers to the other side. */
    void noteWindow(Segment s) {
        StreamSide peer = side(!s.toServer);
        peer.window = s.window << peer.windowScale;
        peer.greatestWindow = Math.max(peer.greatestWindow, peer.window);
    }

    /** What comes from now on is not kept: there is nothing to read in it. */
    void seal() {
        sealed = true;
    }

    /** Takes a segment; brings its payload into the stream of its side. */
    void store(Segment s) {
        taken = true;
        if (s.length == 0 || s.has(TcpFlags.RST)) {
            return;
        }
        added = true;
        if (sealed) {
            return;
        }
        StreamSide own = side(s.toServer);
        int sequence = s.sequence + (s.has(TcpFlags.SYN) ? 1 : 0);
        own.insert(sequence, s.packet.buffer(), s.packet.payloadOffset(), s.length);
        if (own.differed) {
            event(StreamEvent.REASSEMBLY_OVERLAP_DIFFERENT_DATA);
        }
        if (own.depthReached) {
            event(StreamEvent.REASSEMBLY_DEPTH_REACHED);
        }
    }
}
