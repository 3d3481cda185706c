package ips.core.inspect;

import ips.core.packet.TcpFlags;

/** How a session begins: its first segment, and how it treats others until there is an answer. */
final class TcpOpening {
    private TcpOpening() {}

    // The first segment.

    static void begin(TcpSession t, Segment s, boolean pickUp) {
        if (s.has(TcpFlags.RST)) {
            t.event(StreamEvent.RST_BUT_NO_SESSION);
        } else if (s.has(TcpFlags.FIN)) {
            if (!pickUp || s.length == 0) {
                t.event(StreamEvent.FIN_BUT_NO_SESSION);
                t.unknownSession = !pickUp;
                return;
            }
            pickUp(t, s, TcpSession.FIN_WAIT1);
            t.side(s.toServer).nextSequence++;
        } else if (s.isAnswer()) {
            if (pickUp) {
                pickUpAnswer(t, s);
            }
            t.unknownSession = !pickUp;
        } else if (s.has(TcpFlags.SYN)) {
            open(t, s);
        } else if (pickUp && s.has(TcpFlags.ACK)) {
            pickUp(t, s, TcpSession.ESTABLISHED);
        } else {
            // What has none of the flags that connections are made of is no part of one.
            t.unknownSession = !pickUp && s.has(TcpFlags.ACK);
        }
    }

    /** Takes the opening SYN. */
    static void open(TcpSession t, Segment s) {
        t.become(TcpSession.SYN_SENT);
        t.client.start(s.sequence + 1);
        noteSynTimestamp(t.client, s);
        t.server.window = s.window;
        t.scaled = s.options.scale() >= 0;
        t.server.windowScale = Math.max(0, s.options.scale());
        t.fastOpen = s.options.fastOpen();
        if (t.fastOpen && s.length > 0) {
            t.client.nextSequence += s.length;
            t.store(s);
        }
    }

    private static void noteSynTimestamp(StreamSide side, Segment s) {
        side.timestamps = s.options.hasTimestamp();
        if (side.timestamps) {
            side.lastTimestamp = s.options.timestamp();
            side.zeroTimestamp |= side.lastTimestamp == 0;
            side.lastSeconds = s.seconds;
        }
    }

    private static void pickUp(TcpSession t, Segment s, int state) {
        StreamSide own = t.side(s.toServer);
        StreamSide peer = t.side(!s.toServer);
        t.become(state);
        t.midstream = true;
        t.midstreamHalf = true;
        own.windowScale = TcpSession.GREATEST_SCALE;
        peer.windowScale = TcpSession.GREATEST_SCALE;
        own.start(s.sequence);
        own.nextSequence = s.end();
        own.window = s.window << own.windowScale;
        own.lastAck = s.sequence;
        own.nextWindow = own.lastAck + own.window;
        peer.start(s.acknowledgment);
        peer.acknowledged(s.acknowledgment);
        peer.nextWindow = peer.lastAck;
        noteTimestamps(t, own, peer, s);
        t.store(s);
    }

    private static void pickUpAnswer(TcpSession t, Segment s) {
        t.become(TcpSession.SYN_RECEIVED);
        t.midstream = true;
        t.midstreamAnswer = true;
        t.swapped = s.toServer;
        t.server.start(s.sequence + 1);
        t.server.window = s.window;
        t.client.start(s.acknowledgment);
        t.client.acknowledged(s.acknowledgment);
        t.server.lastAck = s.sequence;
        t.server.nextWindow = t.server.lastAck + t.server.window;
        if (s.options.scale() >= 0) {
            t.client.windowScale = s.options.scale();
            t.server.windowScale = TcpSession.GREATEST_SCALE;
        }
        noteTimestamps(t, t.server, t.client, s);
    }

    private static void noteTimestamps(TcpSession t, StreamSide own, StreamSide peer, Segment s) {
        t.timestamps = s.options.hasTimestamp();
        if (t.timestamps) {
            own.lastTimestamp = s.options.timestamp();
            peer.lastTimestamp = s.options.timestampEcho();
            own.zeroTimestamp = own.lastTimestamp == 0;
            peer.zeroTimestamp = peer.lastTimestamp == 0;
            own.lastSeconds = s.seconds;
        }
    }

    // After the SYN.

    static boolean synSent(TcpSession t, Segment s) {
        if (s.isAnswer()) {
            return s.toServer ? fourWayAnswer(t, s) : answer(t, s);
        }
        if (!s.toServer && !echoesTimestamp(t, s)) {
            t.event(StreamEvent.PKT_INVALID_TIMESTAMP);
            return false;
        }
        if (s.has(TcpFlags.RST)) {
            return resetOpening(t, s);
        }
        if (s.has(TcpFlags.SYN) && !s.has(TcpFlags.FIN)) {
            if (s.toServer) {
                repeatedOpening(t, s);
            } else {
                simultaneousOpening(t, s);
            }
        }
        return true;
    }

    private static boolean answer(TcpSession t, Segment s) {
        StreamSide client = t.client;
        int ack = s.acknowledgment;
        if (!s.options.fastOpen() && !t.fastOpen) {
            if (ack != client.isn + 1 && !answersOther(t, ack)) {
                t.event(StreamEvent._3WHS_SYNACK_WITH_WRONG_ACK);
                if (t.queue == null || t.queue.size() < HandshakeQueue.MOST_OPENINGS) {
                    return false;
                }
                t.client.start(ack); // the SYN that is answered found no room
                t.scaled = true;
                t.server.windowScale = TcpSession.GREATEST_SCALE;
                t.server.window = TcpSession.GREATEST_WINDOW;
            }
        } else {
            if (ack != client.nextSequence) {
                if (ack != client.isn + 1) {
                    t.event(StreamEvent._3WHS_SYNACK_WITH_WRONG_ACK);
                    return false;
                }
                client.nextSequence = client.isn;
                client.dropAll();
                t.event(StreamEvent._3WHS_SYNACK_TFO_DATA_IGNORED);
            }
            t.fastOpen = true;
        }
        if (!echoesTimestamp(t, s)) {
            HandshakeState opening = openingEchoed(t, s);
            if (opening == null) {
                t.event(StreamEvent.PKT_INVALID_TIMESTAMP);
                return false;
            }
            takeOpening(t, opening);
        }
        t.clearQueue();
        TcpHandshake.takeAnswer(t, s.said.read(s));
        return true;
    }

    /** Whether another SYN than the first is answered, which is then the one that counts. */
    private static boolean answersOther(TcpSession t, int acknowledgment) {
        HandshakeState opening = t.queue == null ? null : t.queue.withSequence(acknowledgment - 1);
        if (opening == null) {
            return false;
        }
        t.client.start(acknowledgment);
        takeOpening(t, opening);
        return true;
    }

    private static HandshakeState openingEchoed(TcpSession t, Segment s) {
        if (t.queue == null || t.queue.isEmpty()) {
            return null;
        }
        HandshakeState said = s.said.read(s);
        said.timestamp = said.hasTimestamp ? s.options.timestampEcho() : 0;
        return t.queue.withTimestampOf(said);
    }

    /** Whether a segment of the server echoes what the SYN brought. */
    private static boolean echoesTimestamp(TcpSession t, Segment s) {
        if (!s.options.hasTimestamp() || s.options.timestampEcho() == 0) {
            return true;
        }
        int last = t.client.lastTimestamp;
        return t.client.timestamps ? last == 0 || s.options.timestampEcho() == last : last != 0;
    }

    private static void takeOpening(TcpSession t, HandshakeState opening) {
        if (opening.hasTimestamp) {
            t.client.lastSeconds = opening.seconds;
            t.client.lastTimestamp = opening.timestamp;
            t.client.timestamps = true;
        }
        t.scaled = opening.scaled || t.scaled;
        t.server.windowScale = opening.scale;
        t.server.window = opening.window;
    }

    private static boolean fourWayAnswer(TcpSession t, Segment s) {
        StreamSide client = t.client;
        StreamSide server = t.server;
        if (!t.fourWay) {
            t.event(StreamEvent._3WHS_SYNACK_IN_WRONG_DIRECTION);
            return false;
        }
        if (s.acknowledgment != server.isn + 1) {
            t.event(StreamEvent._4WHS_SYNACK_WITH_WRONG_ACK);
            return false;
        }
        if (s.sequence != client.isn) {
            t.event(StreamEvent._4WHS_SYNACK_WITH_WRONG_SYN);
            return false;
        }
        TcpHandshake.takeAnswer(t, client, server, s.said.read(s));
        return true;
    }

    private static boolean resetOpening(TcpSession t, Segment s) {
        if (!t.validReset(s)) {
            return false;
        }
        int isn = t.client.isn;
        if (!s.toServer) {
            t.client.resetReceived = true;
        } else if (s.sequence == isn && s.window == 0 && s.acknowledgment == isn + 1) {
            t.server.resetReceived = true;
        } else {
            return true;
        }
        t.closeByReset(s);
        t.clearQueue();
        return true;
    }

    private static void simultaneousOpening(TcpSession t, Segment s) {
        t.fourWay = true;
        t.server.start(s.sequence + 1);
        if (s.options.hasTimestamp()) {
            noteSynTimestamp(t.server, s);
        }
        t.server.window = s.window;
        t.scaled = s.options.scale() >= 0;
        t.server.windowScale = Math.max(0, s.options.scale());
    }

    private static void repeatedOpening(TcpSession t, Segment s) {
        HandshakeState said = s.said.read(s);
        if (s.sequence != t.client.isn) {
            // Another attempt over the same ports, or one that never arrives: the answer tells.
            if (t.queue == null || t.queue.withSequence(s.sequence) == null) {
                queue(t, said);
            }
            return;
        }
        HandshakeState known = s.other.readOpening(t);
        if (!said.isOpening(known) && (t.queue == null || t.queue.withTimestampOf(known) == null)) {
            queue(t, known);
        }
        takeOpening(t, said);
    }

    private static void queue(TcpSession t, HandshakeState opening) {
        if (TcpHandshake.queue(t).size() == HandshakeQueue.MOST_OPENINGS) {
            t.event(StreamEvent._3WHS_SYN_FLOOD);
        } else {
            TcpHandshake.queue(t).add(opening);
        }
    }
}
