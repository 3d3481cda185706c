package ips.core.inspect;

import ips.core.ColdPath;
import ips.core.packet.TcpFlags;

/** How a session treats segments between the SYN/ACK and the one that establishes it. */
final class TcpHandshake {
    private TcpHandshake() {}

    /** Takes the SYN/ACK that counts. */
    static void takeAnswer(TcpSession t, HandshakeState answer) {
        takeAnswer(t, t.server, t.client, answer);
        t.fourWay = false;
    }

    /**
     * Takes a SYN/ACK from either side: in a handshake of four segments it is the client's.
     *
     * @param from whose it is
     * @param to whom it answers
     */
    static void takeAnswer(TcpSession t, StreamSide from, StreamSide to, HandshakeState answer) {
        t.become(TcpSession.SYN_RECEIVED);
        from.start(answer.sequence + 1);
        to.window = answer.window;
        if (answer.hasTimestamp && to.timestamps) {
            from.lastTimestamp = answer.timestamp;
            from.lastSeconds = answer.seconds;
            from.zeroTimestamp |= answer.timestamp == 0;
            t.timestamps = true;
        } else {
            to.lastTimestamp = 0;
            from.lastTimestamp = 0;
            to.zeroTimestamp = false;
        }
        to.acknowledged(answer.acknowledgment);
        from.lastAck = from.isn + 1;
        to.windowScale = t.scaled && answer.scaled ? answer.scale : 0;
        from.nextWindow = from.lastAck + from.window;
        to.nextWindow = to.lastAck + to.window;
    }

    static HandshakeQueue queue(TcpSession t) {
        if (t.queue == null) {
            t.queue = newQueue();
        }
        return t.queue;
    }

    @ColdPath
    private static HandshakeQueue newQueue() {
        return new HandshakeQueue();
    }

    static boolean synReceived(TcpSession t, Segment s) {
        if (s.has(TcpFlags.RST)) {
            if (!t.validReset(s)) {
                return false;
            }
            t.closeByReset(s);
            t.noteTimestamp(s);
            return true;
        }
        if (s.has(TcpFlags.FIN)) {
            return (!t.timestamps || t.validTimestamp(s)) && TcpEstablished.fin(t, s);
        }
        if (s.has(TcpFlags.SYN)) {
            return s.isAnswer() ? repeatedAnswer(t, s) : lateOpening(t, s);
        }
        return !s.has(TcpFlags.ACK) || completes(t, s);
    }

    private static boolean repeatedAnswer(TcpSession t, Segment s) {
        if (s.toServer) {
            t.event(StreamEvent._3WHS_SYNACK_TOSERVER_ON_SYN_RECV);
            return false;
        }
        if (s.acknowledgment != t.client.lastAck) {
            t.event(StreamEvent._3WHS_SYNACK_RESEND_WITH_DIFFERENT_ACK);
            return false;
        }
        if (s.sequence == t.server.isn) {
            return true;
        }
        HandshakeState said = s.said.read(s);
        if (t.queue != null && t.queue.holds(said)) {
            return true;
        }
        if (queue(t).size() >= HandshakeQueue.MOST_ANSWERS) {
            t.event(StreamEvent._3WHS_SYNACK_FLOOD);
            return false;
        }
        queue(t).add(said);
        return true;
    }

    private static boolean lateOpening(TcpSession t, Segment s) {
        if (!s.toServer) {
            t.event(StreamEvent._3WHS_SYN_TOCLIENT_ON_SYN_RECV);
            return false;
        }
        if (s.sequence != t.client.isn) {
            t.event(StreamEvent._3WHS_SYN_RESEND_DIFF_SEQ_ON_SYN_RECV);
            return false;
        }
        return true;
    }

    /** Takes what may be the handshake's last segment. */
    private static boolean completes(TcpSession t, Segment s) {
        if (t.queue != null && !t.queue.isEmpty()) {
            HandshakeState agreed = t.queue.answeredBy(s);
            if (agreed != null) {
                takeAnswer(t, agreed);
            }
        }
        if (t.timestamps && !t.validTimestamp(s)) {
            return false;
        }
        if (t.fourWay && !s.toServer) {
            return completesFourWay(t, s);
        }
        boolean ackMissed = false;
        if (!s.toServer && !t.midstreamAnswer && !t.fastOpen) {
            if (t.inline) {
                boolean data =
                        s.length > 0
                                && s.acknowledgment == t.client.lastAck
                                && s.sequence == t.server.nextSequence;
                t.event(
                        data
                                ? StreamEvent._3WHS_ACK_DATA_INJECT
                                : StreamEvent._3WHS_ACK_IN_WRONG_DIR);
                return false;
            }
            ackMissed = true;
        }
        return completes(t, s, ackMissed);
    }

    private static boolean completesFourWay(TcpSession t, Segment s) {
        if (s.sequence != t.server.nextSequence) {
            t.event(StreamEvent._4WHS_WRONG_SEQ);
            return false;
        }
        if (!t.validAck(s)) {
            t.event(StreamEvent._4WHS_INVALID_ACK);
            return false;
        }
        t.noteTimestamp(s);
        t.client.acknowledgedUpTo(s.acknowledgment);
        t.server.nextSequence += s.length;
        t.noteWindow(s);
        t.client.nextWindow = t.client.lastAck + t.client.window;
        t.become(TcpSession.ESTABLISHED);
        t.store(s);
        return true;
    }

    private static boolean completes(TcpSession t, Segment s, boolean ackMissed) {
        StreamSide client = t.client;
        StreamSide server = t.server;
        int ahead = s.sequence - client.nextSequence;
        boolean rightAck = s.acknowledgment == server.nextSequence;
        if (ahead == 0 && rightAck) {
            t.noteTimestamp(s);
            server.acknowledgedUpTo(s.acknowledgment);
            client.nextSequence += s.length;
            server.window = s.window << server.windowScale;
            server.nextWindow = server.lastAck + server.window;
            if (t.midstream) {
                client.window = s.window << client.windowScale;
                client.nextWindow = client.lastAck + client.window;
            }
            t.become(TcpSession.ESTABLISHED);
            if (s.length > 0) {
                t.establishedByData();
            }
        } else if (ahead == 0) {
            t.event(StreamEvent._3WHS_RIGHT_SEQ_WRONG_ACK_EVASION);
            return false;
        } else if (!s.toServer && !t.inline && ahead > 0 && s.acknowledgment - client.lastAck > 0) {
            t.noteTimestamp(s);
            client.acknowledgedUpTo(s.acknowledgment);
            server.nextSequence = s.end();
            client.window = s.window << client.windowScale;
            client.nextWindow = client.lastAck + client.window;
            client.window = s.window;
            server.nextWindow = server.lastAck + server.window;
            t.become(TcpSession.ESTABLISHED);
        } else if (ahead > 0 && s.sequence - client.nextWindow <= 0 && rightAck) {
            t.noteTimestamp(s);
            client.nextSequence = s.end();
            server.acknowledgedUpTo(s.acknowledgment);
            server.window = s.window << server.windowScale;
            server.nextWindow = server.lastAck + server.window;
            if (t.midstream) {
                client.window = s.window;
                server.windowScale = TcpSession.GREATEST_SCALE;
                client.windowScale = TcpSession.GREATEST_SCALE;
            }
            t.become(TcpSession.ESTABLISHED);
        } else if ((ackMissed || t.fastOpen)
                && s.acknowledgment == client.lastAck
                && s.sequence == server.nextSequence) {
            server.nextSequence = s.end();
            server.window = s.window << server.windowScale;
            server.nextWindow = server.lastAck + server.window;
            t.become(TcpSession.ESTABLISHED);
        } else {
            t.event(StreamEvent._3WHS_WRONG_SEQ_WRONG_ACK);
            return false;
        }
        t.store(s);
        return true;
    }
}
