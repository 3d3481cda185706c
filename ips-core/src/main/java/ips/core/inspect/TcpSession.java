package ips.core.inspect;

import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;

/**
 * The TCP session of a flow as rules see it: handshake, state, which segments count, what is odd.
 * RFC 9293 §3.10 with the tolerance Suricata has: what an end would discard does not enter the
 * streams, what it may accept does. States are those of the server. One per flow; owned by its
 * worker.
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

    private static final int LARGE_WINDOW = 65_535 << 14;

    public final StreamSide client;
    public final StreamSide server;

    int state;
    private int stateBefore;
    private boolean resetByClient;
    private boolean resetByServer;
    boolean midstream;
    boolean fastOpen;
    private boolean wasEstablished;
    private boolean establishedBefore;

    /** What the last segment did: bits of {@link StreamEvent}. */
    long events;

    /** Whether the last segment's data entered its stream. */
    boolean added;

    /** Whether the last segment belongs to a session whose beginning was not seen. */
    boolean unknownSession;

    /** Whether the last segment showed that the flow's first packet came from the server. */
    boolean swapped;

    private boolean inline;

    /** Those of the segment in hand. */
    private final SegmentOptions options = new SegmentOptions();

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
        midstream = false;
        fastOpen = false;
        resetByClient = false;
        resetByServer = false;
        wasEstablished = false;
        establishedBefore = false;
        events = 0;
        added = false;
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

    public boolean midstream() {
        return midstream;
    }

    public StreamSide side(boolean toServer) {
        return toServer ? client : server;
    }

    private void event(StreamEvent event) {
        events |= event.bit();
    }

    private void become(int next) {
        stateBefore = state;
        state = next;
        if (next == ESTABLISHED) {
            wasEstablished = true;
        }
    }

    /** The flow ends; what is left is looked at. */
    void atEnd() {
        establishedBefore = wasEstablished;
    }

    /**
     * Takes a segment; afterwards {@link #events} and {@link #added} tell what it was.
     *
     * @param pickUp whether sessions count whose beginning was not seen
     * @param inline whether no segment is ever missed, so that what looks like it is odd
     */
    void segment(Packet packet, boolean toServer, boolean pickUp, boolean inline) {
        events = 0;
        added = false;
        swapped = false;
        unknownSession = false;
        establishedBefore = wasEstablished;
        options.read(packet.buffer(), packet.transportOffset() + 20, packet.payloadOffset());
        int flags = packet.tcpFlags();
        this.inline = inline;
        boolean inHandshake = state == SYN_RECEIVED;
        take(packet, toServer, flags, pickUp);
        establishedBefore |=
                wasEstablished && inHandshake && toServer && packet.payloadLength() > 0;
    }

    private void take(Packet packet, boolean toServer, int flags, boolean pickUp) {
        if ((flags & TcpFlags.ACK) == 0 && packet.tcpAcknowledgment() != 0) {
            event(StreamEvent.PKT_BROKEN_ACK);
        }
        if (state == NONE) {
            first(packet, toServer, flags, pickUp);
            return;
        }
        if (state == CLOSED) {
            afterClose(packet, toServer, flags);
            return;
        }
        dispatch(packet, toServer, flags);
    }

    private void dispatch(Packet packet, boolean toServer, int flags) {
        if (state == SYN_SENT && !toServer && echoesAnotherTimestamp()) {
            event(StreamEvent.PKT_INVALID_TIMESTAMP);
            return;
        }
        if ((flags & TcpFlags.RST) != 0) {
            rst(packet, toServer, flags);
        } else if ((flags & TcpFlags.SYN) != 0) {
            syn(packet, toServer, flags);
        } else if (state == SYN_SENT) {
            dataBeforeAnswer(packet, toServer, flags);
        } else {
            if (state == SYN_RECEIVED && !completes(packet, toServer, flags)) {
                return;
            }
            go(packet, toServer, flags);
        }
    }

    // Beginnings.

    private void first(Packet packet, boolean toServer, int flags, boolean pickUp) {
        if ((flags & TcpFlags.RST) != 0) {
            event(StreamEvent.RST_BUT_NO_SESSION);
            return;
        }
        if ((flags & TcpFlags.FIN) != 0 && (flags & TcpFlags.SYN) == 0) {
            event(StreamEvent.FIN_BUT_NO_SESSION);
            if (!pickUp || packet.payloadLength() == 0) {
                unknownSession = !pickUp;
                return;
            }
        }
        if ((flags & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.SYN) {
            if ((flags & TcpFlags.FIN) != 0) {
                event(StreamEvent.FIN_SYN);
            }
            opening(packet);
        } else if (!pickUp || (flags & TcpFlags.ACK) == 0) {
            unknownSession = !pickUp;
            return;
        } else if ((flags & TcpFlags.SYN) != 0) {
            midstream = true;
            swapped = toServer;
            client.start(packet.tcpAcknowledgment());
            answered(packet);
        } else {
            pickUp(packet, toServer);
        }
    }

    /** Begins with an opening SYN that was noted before. */
    void opened(OpeningSyns syns, int place) {
        int from = syns.optionsOffset(place);
        options.read(syns.options(), from, from + syns.optionsLength(place));
        opening(syns.sequence(place), syns.window(place), syns.firstNs(place));
    }

    /** Begins with an opening SYN that is known from its answer only. */
    void openedUnseen(int acknowledged) {
        options.assumeScale(14);
        opening(acknowledged - 1, 65_535, 0);
    }

    private void opening(int sequence, int window, long timeNs) {
        client.start(sequence + 1);
        client.window = window;
        client.windowScaled = options.scale() >= 0;
        client.windowScale = Math.max(0, options.scale());
        noteTimestamp(timeNs, client);
        become(SYN_SENT);
        fastOpen = options.fastOpen();
    }

    private void opening(Packet packet) {
        opening(packet.tcpSequence(), packet.tcpWindow(), packet.timestampNs());
        if (fastOpen && packet.payloadLength() > 0) {
            store(packet, client, packet.tcpSequence() + 1);
        }
    }

    private void answered(Packet packet) {
        server.start(packet.tcpSequence() + 1);
        server.window = packet.tcpWindow();
        server.windowScaled = options.scale() >= 0;
        server.windowScale = Math.max(0, options.scale());
        if (!midstream && !(client.windowScaled && server.windowScaled)) {
            client.windowScale = 0;
            server.windowScale = 0;
        } else if (midstream) {
            client.windowScale = server.windowScaled ? 14 : 0;
        }
        noteTimestamp(packet.timestampNs(), server);
        client.lastAck = packet.tcpAcknowledgment();
        client.ackSeen = true;
        client.nextWindow = client.lastAck + server.window;
        server.nextWindow = server.lastAck + (client.window << client.windowScale);
        become(SYN_RECEIVED);
    }

    private void pickUp(Packet packet, boolean toServer) {
        midstream = true;
        StreamSide own = side(toServer);
        StreamSide peer = side(!toServer);
        own.start(packet.tcpSequence());
        peer.start(packet.tcpAcknowledgment());
        own.windowScale = 14;
        peer.windowScale = 14;
        own.window = packet.tcpWindow() << 14;
        peer.window = LARGE_WINDOW;
        own.nextWindow = own.lastAck + LARGE_WINDOW;
        peer.nextWindow = peer.lastAck + LARGE_WINDOW;
        noteTimestamp(packet.timestampNs(), own);
        become(ESTABLISHED);
        peer.ackSeen = true;
        if (packet.payloadLength() > 0) {
            store(packet, own, packet.tcpSequence());
        }
        if ((packet.tcpFlags() & TcpFlags.FIN) != 0) {
            fin(packet, toServer, own);
        }
    }

    private void syn(Packet packet, boolean toServer, int flags) {
        boolean answer = (flags & TcpFlags.ACK) != 0;
        if (state == SYN_SENT) {
            if (!answer) {
                if (!toServer) {
                    event(StreamEvent._3WHS_SYN_TOCLIENT_ON_SYN_RECV);
                } else if (packet.tcpSequence() + 1 != client.isn + 1) {
                    opening(packet); // another attempt over the same ports
                }
                return;
            }
            if (toServer) {
                event(StreamEvent._3WHS_SYNACK_IN_WRONG_DIRECTION);
                return;
            }
            int ahead = packet.tcpAcknowledgment() - (client.isn + 1);
            int sent = client.nextSequence - (client.isn + 1);
            if (ahead < 0 || ahead > sent) {
                event(StreamEvent._3WHS_SYNACK_WITH_WRONG_ACK);
                return;
            }
            answered(packet);
            if (fastOpen && ahead < sent) {
                client.nextSequence = packet.tcpAcknowledgment();
            }
            if (packet.payloadLength() > 0 && fastOpen) {
                store(packet, server, packet.tcpSequence() + 1);
            }
            return;
        }
        if (state == SYN_RECEIVED) {
            if (answer && toServer) {
                event(StreamEvent._3WHS_SYNACK_TOSERVER_ON_SYN_RECV);
            } else if (answer) {
                if (packet.tcpAcknowledgment() != client.lastAck) {
                    event(StreamEvent._3WHS_SYNACK_RESEND_WITH_DIFFERENT_ACK);
                }
                if (packet.tcpSequence() != server.isn) {
                    event(StreamEvent._3WHS_SYNACK_RESEND_WITH_DIFF_SEQ);
                    if (packet.tcpAcknowledgment() == client.lastAck) {
                        answered(packet);
                    }
                }
            } else if (!toServer) {
                event(StreamEvent._3WHS_SYN_TOCLIENT_ON_SYN_RECV);
            } else if (packet.tcpSequence() != client.isn) {
                event(StreamEvent._3WHS_SYN_RESEND_DIFF_SEQ_ON_SYN_RECV);
            }
            return;
        }
        if (state == ESTABLISHED) {
            if (answer) {
                if (toServer) {
                    event(StreamEvent.EST_SYNACK_TOSERVER);
                } else if (packet.tcpAcknowledgment() != client.lastAck
                        && packet.tcpAcknowledgment() != client.isn + 1) {
                    event(StreamEvent.EST_SYNACK_RESEND_WITH_DIFFERENT_ACK);
                } else if (packet.tcpSequence() != server.isn) {
                    event(StreamEvent.EST_SYNACK_RESEND_WITH_DIFF_SEQ);
                } else {
                    event(StreamEvent.EST_SYNACK_RESEND);
                }
            } else if (!toServer) {
                event(StreamEvent.EST_SYN_TOCLIENT);
            } else {
                event(
                        packet.tcpSequence() == client.isn
                                ? StreamEvent.EST_SYN_RESEND
                                : StreamEvent.EST_SYN_RESEND_DIFF_SEQ);
            }
            return;
        }
        event(StreamEvent.SHUTDOWN_SYN_RESEND);
    }

    /** Neither a SYN nor a RST while only the opening SYN is known. */
    private void dataBeforeAnswer(Packet packet, boolean toServer, int flags) {
        if (toServer && (flags & TcpFlags.ACK) != 0 && packet.tcpSequence() == client.isn + 1) {
            return; // of a connection seen from one side only nothing is known yet
        } else if (toServer && (flags & TcpFlags.ACK) != 0) {
            event(StreamEvent._3WHS_ASYNC_WRONG_SEQ);
        } else if (!toServer && (flags & TcpFlags.ACK) != 0) {
            event(StreamEvent._3WHS_ACK_IN_WRONG_DIR);
        }
    }

    /** Whether a segment completes the handshake. */
    private boolean completes(Packet packet, boolean toServer, int flags) {
        if ((flags & TcpFlags.ACK) == 0) {
            return false;
        }
        if (!validTimestamp(packet, side(toServer))) {
            return false;
        }
        if (!toServer) {
            boolean follows =
                    packet.tcpAcknowledgment() == client.lastAck
                            && packet.tcpSequence() == server.nextSequence;
            if (fastOpen || follows && !inline && !midstream) {
                become(ESTABLISHED); // the client's ACK was missed
                return true;
            }
            if (midstream) {
                event(StreamEvent._3WHS_WRONG_SEQ_WRONG_ACK);
                return false;
            }
            if (packet.payloadLength() > 0) {
                event(StreamEvent._3WHS_ACK_DATA_INJECT);
            } else {
                event(StreamEvent._3WHS_ACK_IN_WRONG_DIR);
            }
            return false;
        }
        int ahead = packet.tcpAcknowledgment() - (server.isn + 1);
        boolean rightAck = midstream || ahead >= 0 && ahead <= server.nextSequence - server.isn - 1;
        int sequence = packet.tcpSequence() - client.nextSequence;
        boolean rightSequence =
                midstream || fastOpen || sequence == 0 || inWindow(packet, client, 0);
        if (rightAck && rightSequence) {
            if (midstream) {
                client.nextSequence = packet.tcpSequence();
            }
            client.window = packet.tcpWindow() << client.windowScale;
            server.lastAck = packet.tcpAcknowledgment();
            server.ackSeen = true;
            server.nextWindow = server.lastAck + client.window;
            become(ESTABLISHED);
            return true;
        }
        event(
                rightSequence
                        ? StreamEvent._3WHS_RIGHT_SEQ_WRONG_ACK_EVASION
                        : StreamEvent._3WHS_WRONG_SEQ_WRONG_ACK);
        return false;
    }

    // Established and closing.

    private void go(Packet packet, boolean toServer, int flags) {
        StreamSide own = side(toServer);
        StreamSide peer = side(!toServer);
        if (!validTimestamp(packet, own)) {
            return;
        }
        if ((flags & TcpFlags.ACK) != 0 && !validAck(packet, peer)) {
            return;
        }
        int length = packet.payloadLength();
        int sequence = packet.tcpSequence();
        boolean fin = (flags & TcpFlags.FIN) != 0;
        boolean keepAlive = length <= 1 && !fin && sequence == own.nextSequence - 1;
        if (length > 0 && !keepAlive && !inWindow(packet, own, length)) {
            event(
                    state >= FIN_WAIT1 && state != CLOSE_WAIT
                            ? StreamEvent.EST_PACKET_OUT_OF_WINDOW
                            : state == CLOSE_WAIT
                                    ? StreamEvent.CLOSEWAIT_FIN_OUT_OF_WINDOW
                                    : StreamEvent.EST_PACKET_OUT_OF_WINDOW);
            return;
        }
        if (length > 0 && !keepAlive && sequence + length - own.lastAck <= 0 && own.ackSeen) {
            event(StreamEvent.PKT_SPURIOUS_RETRANSMISSION);
        }
        noteTimestamp(packet.timestampNs(), own);
        acknowledge(packet, own, peer, flags);
        if (length > 0) {
            store(packet, own, sequence);
        }
        if (fin) {
            fin(packet, toServer, own);
        } else if ((flags & TcpFlags.ACK) != 0) {
            closingAck(packet, toServer, peer);
        }
    }

    private void acknowledge(Packet packet, StreamSide own, StreamSide peer, int flags) {
        if ((flags & TcpFlags.ACK) == 0) {
            return;
        }
        int ack = packet.tcpAcknowledgment();
        own.window = packet.tcpWindow() << own.windowScale;
        if (!peer.ackSeen || ack - peer.lastAck > 0) {
            peer.lastAck = ack;
            peer.ackSeen = true;
            if (ack - peer.nextSequence > 0) {
                peer.nextSequence = ack;
            }
        }
        int edge = peer.lastAck + own.window;
        if (edge - peer.nextWindow > 0) {
            peer.nextWindow = edge;
        }
    }

    private void fin(Packet packet, boolean toServer, StreamSide own) {
        int end = packet.tcpSequence() + packet.payloadLength();
        if (!own.finSeen && end - own.nextSequence > own.window + LARGE_WINDOW / 2) {
            event(StreamEvent.FIN_OUT_OF_WINDOW);
            return;
        }
        own.finSeen = true;
        own.finSequence = end;
        if (end + 1 - own.nextSequence > 0) {
            own.nextSequence = end + 1;
        }
        switch (state) {
            case ESTABLISHED, SYN_RECEIVED -> become(toServer ? CLOSE_WAIT : FIN_WAIT1);
            case FIN_WAIT1 -> {
                if (toServer) {
                    become(acked(server) ? TIME_WAIT : CLOSING);
                }
            }
            case FIN_WAIT2 -> {
                if (toServer) {
                    become(TIME_WAIT);
                }
            }
            case CLOSE_WAIT -> {
                if (!toServer) {
                    become(LAST_ACK);
                }
            }
            default -> {}
        }
    }

    private static boolean acked(StreamSide side) {
        return side.finSeen && side.lastAck - side.finSequence > 0;
    }

    private void closingAck(Packet packet, boolean toServer, StreamSide peer) {
        boolean finAcked = acked(peer);
        switch (state) {
            case FIN_WAIT1 -> {
                if (toServer && finAcked) {
                    become(FIN_WAIT2);
                }
            }
            case CLOSING -> {
                if (!toServer && finAcked) {
                    become(TIME_WAIT);
                }
            }
            case TIME_WAIT -> become(CLOSED);
            case LAST_ACK -> {
                if (toServer && finAcked) {
                    become(CLOSED);
                }
            }
            default -> {}
        }
    }

    private void rst(Packet packet, boolean toServer, int flags) {
        StreamSide own = side(toServer);
        StreamSide peer = side(!toServer);
        boolean ack = (flags & TcpFlags.ACK) != 0;
        if (state == SYN_SENT) {
            if (!toServer && ack && packet.tcpAcknowledgment() - client.isn < 1) {
                event(StreamEvent.RST_INVALID_ACK);
                return;
            }
            become(CLOSED);
            return;
        }
        if (ack
                && peer.known
                && packet.tcpAcknowledgment() - peer.nextWindow > 0
                && packet.tcpAcknowledgment() - peer.nextSequence > 0) {
            event(StreamEvent.RST_INVALID_ACK);
            return;
        }
        int ahead = packet.tcpSequence() - own.nextSequence;
        boolean fits =
                ahead == 0
                        || packet.tcpSequence() == own.lastAck
                        || ahead > 0 && packet.tcpSequence() - own.nextWindow <= 0
                        || ahead == -1;
        if (!fits) {
            return;
        }
        if (toServer) {
            resetByClient = true;
        } else {
            resetByServer = true;
        }
        become(CLOSED);
        own.rawTriggered = true;
        peer.rawTriggered = true;
    }

    private void afterClose(Packet packet, boolean toServer, int flags) {
        boolean resetBefore = toServer ? resetByClient : resetByServer;
        if ((flags & TcpFlags.RST) != 0 || !resetBefore) {
            return;
        }
        state = stateBefore;
        dispatch(packet, toServer, flags);
        if (toServer) {
            resetByClient = false;
        } else {
            resetByServer = false;
        }
        event(StreamEvent.SUSPECTED_RST_INJECT);
    }

    // Checks.

    private boolean validAck(Packet packet, StreamSide peer) {
        int ack = packet.tcpAcknowledgment();
        boolean beyond = ack - peer.nextWindow > 0 && ack - peer.nextSequence > 0;
        if (!beyond || midstream && !peer.ackSeen) {
            return true;
        }
        event(StreamEvent.PKT_INVALID_ACK);
        event(
                switch (state) {
                    case FIN_WAIT1 -> StreamEvent.FIN1_INVALID_ACK;
                    case FIN_WAIT2 -> StreamEvent.FIN2_INVALID_ACK;
                    case CLOSE_WAIT -> StreamEvent.CLOSEWAIT_INVALID_ACK;
                    case CLOSING -> StreamEvent.CLOSING_INVALID_ACK;
                    case LAST_ACK -> StreamEvent.LASTACK_INVALID_ACK;
                    case TIME_WAIT -> StreamEvent.TIMEWAIT_INVALID_ACK;
                    default -> StreamEvent.EST_INVALID_ACK;
                });
        return false;
    }

    private boolean inWindow(Packet packet, StreamSide own, int length) {
        int sequence = packet.tcpSequence();
        if (sequence - own.nextSequence == 0) {
            return true;
        }
        return sequence + length - own.nextWindow <= 0 || midstream;
    }

    private boolean validTimestamp(Packet packet, StreamSide own) {
        if (!options.hasTimestamp() || !own.timestamps || own.lastTimestamp == 0) {
            return true;
        }
        int behind = options.timestamp() - own.lastTimestamp;
        long idleNs = packet.timestampNs() - own.lastTimestampNs;
        if (behind < 0 && idleNs < 24L * 86_400 * 1_000_000_000L) {
            event(StreamEvent.PKT_INVALID_TIMESTAMP);
            return false;
        }
        return true;
    }

    /** Whether an answer to the opening SYN echoes a timestamp that it did not bring. */
    private boolean echoesAnotherTimestamp() {
        if (!options.hasTimestamp() || options.timestampEcho() == 0) {
            return false;
        }
        return !client.timestamps
                || client.lastTimestamp != 0 && options.timestampEcho() != client.lastTimestamp;
    }

    private void noteTimestamp(long timeNs, StreamSide own) {
        if (options.hasTimestamp()) {
            if (!own.timestamps || options.timestamp() - own.lastTimestamp >= 0) {
                own.lastTimestamp = options.timestamp();
                own.lastTimestampNs = timeNs;
            }
            own.timestamps = true;
        }
    }

    private void store(Packet packet, StreamSide own, int sequence) {
        int length = packet.payloadLength();
        int end = sequence + length;
        long progress = own.appProgress;
        if (own.place(sequence) + length <= progress) {
            event(StreamEvent.REASSEMBLY_SEGMENT_BEFORE_BASE_SEQ);
        }
        own.insert(sequence, packet.buffer(), packet.payloadOffset(), length);
        added = true;
        if (own.differed) {
            event(StreamEvent.REASSEMBLY_OVERLAP_DIFFERENT_DATA);
        }
        if (own.depthReached) {
            event(StreamEvent.REASSEMBLY_DEPTH_REACHED);
        }
        if (end - own.nextSequence > 0) {
            own.nextSequence = end;
        }
    }
}
