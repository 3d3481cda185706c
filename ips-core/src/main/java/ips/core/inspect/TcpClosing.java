package ips.core.inspect;

import ips.core.packet.TcpFlags;

/** How a session treats segments after the first FIN. */
final class TcpClosing {
    private TcpClosing() {}

    static boolean segment(TcpSession t, Segment s, int state) {
        if (s.has(TcpFlags.RST)) {
            if (!t.validReset(s)) {
                return false;
            }
            t.closeByReset(s);
            acknowledgeReset(t, s);
            return true;
        }
        boolean over = state == TcpSession.LAST_ACK || state == TcpSession.TIME_WAIT;
        if (over && s.has(TcpFlags.FIN)) {
            return true;
        }
        boolean fin = s.has(TcpFlags.FIN) && state != TcpSession.CLOSING;
        if (!fin && s.has(TcpFlags.SYN)) {
            t.event(StreamEvent.SHUTDOWN_SYN_RESEND);
            return false;
        }
        if (!fin && !s.has(TcpFlags.ACK)) {
            return true;
        }
        if (t.timestamps && !t.validTimestamp(s)) {
            return false;
        }
        return switch (state) {
            case TcpSession.FIN_WAIT1 ->
                    !fin
                            ? finWait1Ack(t, s)
                            : s.has(TcpFlags.ACK) ? finWait1FinAck(t, s) : finWait1Fin(t, s);
            case TcpSession.FIN_WAIT2 -> fin ? finWait2Fin(t, s) : finWait2Ack(t, s);
            case TcpSession.CLOSE_WAIT -> fin ? closeWaitFin(t, s) : closeWaitAck(t, s);
            case TcpSession.CLOSING -> closingAck(t, s);
            case TcpSession.LAST_ACK -> !s.toServer || lastAck(t, s);
            default -> timeWaitAck(t, s);
        };
    }

    /** Takes for acknowledged what a RST says was received. */
    static void acknowledgeReset(TcpSession t, Segment s) {
        if (s.has(TcpFlags.ACK) && t.validAck(s)) {
            t.side(!s.toServer).acknowledgedUpTo(s.acknowledgment);
        }
        t.side(s.toServer).acknowledgedUpTo(s.sequence);
        t.noteTimestamp(s);
        t.store(s);
    }

    private static boolean refuse(TcpSession t, StreamEvent event) {
        t.event(event);
        return false;
    }

    /** Whether the payload was there before, as far as it was acknowledged or all of it. */
    private static boolean isRepeated(TcpSession t, Segment s, StreamSide own) {
        boolean repeated =
                s.length > 0 && (s.sequence - own.lastAck < 0 || s.end() - own.nextSequence <= 0);
        if (repeated) {
            t.event(StreamEvent.PKT_RETRANSMISSION);
        }
        return repeated;
    }

    /** Whether a FIN lies before what is to come next, or beyond the window. */
    private static boolean isAstray(Segment s, StreamSide own, int next) {
        return s.sequence - next < 0 || s.sequence - (own.lastAck + own.window) > 0;
    }

    private static boolean inWindow(TcpSession t, Segment s, StreamSide own) {
        return s.end() - own.nextWindow <= 0 || t.midstream;
    }

    private static void expect(StreamSide peer, int acknowledged) {
        if (peer.nextSequence - acknowledged < 0) {
            peer.nextSequence = acknowledged;
        }
    }

    private static void expectFromFin(StreamSide peer, int acknowledged) {
        if (peer.nextSequence - 1 - acknowledged < 0) {
            peer.nextSequence = acknowledged;
        }
    }

    private static void follow(StreamSide own, Segment s, int next) {
        if (s.sequence == next) {
            own.nextSequence = s.end();
        }
    }

    private static boolean acknowledgeAndStore(TcpSession t, Segment s) {
        if (s.has(TcpFlags.ACK)) {
            t.side(!s.toServer).acknowledgedUpTo(s.acknowledgment);
        }
        t.store(s);
        return true;
    }

    private static void widen(StreamSide peer, Segment s) {
        peer.acknowledgedUpTo(s.acknowledgment);
        peer.windowUpTo(peer.lastAck + peer.window);
    }

    // The server closed first.

    private static boolean finWait1FinAck(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        StreamSide peer = t.side(!s.toServer);
        boolean repeated = isRepeated(t, s, own);
        if (!repeated && !s.toServer) {
            repeated = s.sequence == own.nextSequence - 1 && s.acknowledgment == peer.lastAck;
        }
        if (!repeated && isAstray(s, own, own.nextSequence - 1)) {
            return refuse(t, StreamEvent.FIN1_FIN_WRONG_SEQ);
        }
        if (!t.validAck(s)) {
            return refuse(t, StreamEvent.FIN1_INVALID_ACK);
        }
        if (!repeated) {
            t.become(TcpSession.TIME_WAIT);
            t.noteWindow(s);
        }
        t.noteTimestamp(s);
        if (s.toServer || !repeated) {
            expectFromFin(peer, s.acknowledgment);
            follow(own, s, own.nextSequence - (s.toServer ? 0 : 1));
            peer.acknowledgedUpTo(s.acknowledgment);
        }
        t.store(s);
        return true;
    }

    private static boolean finWait1Fin(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        boolean repeated = isRepeated(t, s, own);
        if (!repeated && isAstray(s, own, own.nextSequence - 1)) {
            return refuse(t, StreamEvent.FIN1_FIN_WRONG_SEQ);
        }
        if (!repeated) {
            t.become(TcpSession.CLOSING);
            t.noteWindow(s);
        }
        t.noteTimestamp(s);
        expectFromFin(t.side(!s.toServer), s.acknowledgment);
        follow(own, s, own.nextSequence - 1);
        t.store(s);
        return true;
    }

    private static boolean finWait1Ack(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        StreamSide peer = t.side(!s.toServer);
        boolean repeated = isRepeated(t, s, own);
        if (!t.validAck(s)) {
            return refuse(t, StreamEvent.FIN1_INVALID_ACK);
        }
        int next = own.nextSequence - (s.toServer ? 0 : 1);
        if (!repeated && (!s.toServer || s.acknowledgment == peer.nextSequence)) {
            if (!inWindow(t, s, own)) {
                return refuse(t, StreamEvent.FIN1_ACK_WRONG_SEQ);
            }
            if (s.sequence == next) {
                t.become(TcpSession.FIN_WAIT2);
            }
            t.noteWindow(s);
        }
        t.noteTimestamp(s);
        expectFromFin(peer, s.acknowledgment);
        follow(own, s, next);
        widen(peer, s);
        t.store(s);
        return true;
    }

    private static boolean finWait2Fin(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        StreamSide peer = t.side(!s.toServer);
        boolean repeated =
                s.sequence == own.nextSequence - 1 && s.acknowledgment == peer.lastAck
                        || isRepeated(t, s, own);
        if (!repeated && isAstray(s, own, own.nextSequence)) {
            return refuse(t, StreamEvent.FIN2_FIN_WRONG_SEQ);
        }
        if (!t.validAck(s)) {
            return refuse(t, StreamEvent.FIN2_INVALID_ACK);
        }
        if (!repeated) {
            t.become(TcpSession.TIME_WAIT);
            if (s.toServer) {
                follow(own, s, own.nextSequence);
            }
            t.noteWindow(s);
        }
        t.noteTimestamp(s);
        expect(peer, s.acknowledgment);
        return acknowledgeAndStore(t, s);
    }

    private static boolean finWait2Ack(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        boolean repeated = isRepeated(t, s, own);
        if (!t.validAck(s)) {
            return refuse(t, StreamEvent.FIN2_INVALID_ACK);
        }
        if (!repeated) {
            if (!inWindow(t, s, own)) {
                return refuse(t, StreamEvent.FIN2_ACK_WRONG_SEQ);
            }
            t.noteWindow(s);
        }
        t.noteTimestamp(s);
        follow(own, s, own.nextSequence);
        widen(t.side(!s.toServer), s);
        t.store(s);
        return true;
    }

    private static boolean closingAck(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        boolean repeated = isRepeated(t, s, own);
        if (s.sequence != own.nextSequence) {
            return refuse(t, StreamEvent.CLOSING_ACK_WRONG_SEQ);
        }
        if (!t.validAck(s)) {
            return refuse(t, StreamEvent.CLOSING_INVALID_ACK);
        }
        if (!repeated) {
            t.become(TcpSession.TIME_WAIT);
            t.client.window = s.window << t.client.windowScale;
        }
        t.noteTimestamp(s);
        expect(t.side(!s.toServer), s.acknowledgment);
        return acknowledgeAndStore(t, s);
    }

    // The client closed first.

    private static boolean closeWaitFin(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        boolean repeated = isRepeated(t, s, own);
        if (!repeated && isAstray(s, own, own.nextSequence)) {
            return refuse(t, StreamEvent.CLOSEWAIT_FIN_OUT_OF_WINDOW);
        }
        if (!t.validAck(s)) {
            return refuse(t, StreamEvent.CLOSEWAIT_INVALID_ACK);
        }
        if (!repeated) {
            if (!s.toServer) {
                t.become(TcpSession.LAST_ACK);
            }
            t.noteWindow(s);
        }
        t.noteTimestamp(s);
        expect(t.side(!s.toServer), s.acknowledgment);
        return acknowledgeAndStore(t, s);
    }

    private static boolean closeWaitAck(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        boolean repeated = isRepeated(t, s, own);
        if (s.length > 0 && s.end() - own.lastAck <= 0) {
            return refuse(t, StreamEvent.CLOSEWAIT_PKT_BEFORE_LAST_ACK);
        }
        if (s.sequence - (own.lastAck + own.window) > 0) {
            return refuse(t, StreamEvent.CLOSEWAIT_ACK_OUT_OF_WINDOW);
        }
        if (!t.validAck(s)) {
            return refuse(t, StreamEvent.CLOSEWAIT_INVALID_ACK);
        }
        if (!repeated) {
            t.noteWindow(s);
        }
        t.noteTimestamp(s);
        expect(t.side(!s.toServer), s.acknowledgment);
        follow(own, s, own.nextSequence);
        return acknowledgeAndStore(t, s);
    }

    private static boolean lastAck(TcpSession t, Segment s) {
        StreamSide own = t.client;
        boolean repeated = isRepeated(t, s, own);
        if (!t.validAck(s)) {
            return refuse(t, StreamEvent.LASTACK_INVALID_ACK);
        }
        if (!repeated) {
            int ahead = s.sequence - own.nextSequence;
            if (ahead > 1) {
                return refuse(t, StreamEvent.LASTACK_ACK_WRONG_SEQ);
            }
            if (ahead >= 0) {
                t.become(TcpSession.CLOSED);
            }
            t.noteWindow(s);
        }
        t.noteTimestamp(s);
        expect(t.server, s.acknowledgment);
        return acknowledgeAndStore(t, s);
    }

    // Both closed.

    private static boolean timeWaitAck(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        boolean repeated = isRepeated(t, s, own);
        int ahead = s.sequence - own.nextSequence + (s.toServer ? 0 : 1);
        if (!repeated && ahead != 0 && ahead != 1) {
            if (!s.toServer && s.length > 0 && s.sequence == own.lastAck) {
                return true;
            }
            return refuse(t, StreamEvent.TIMEWAIT_ACK_WRONG_SEQ);
        }
        if (!t.validAck(s)) {
            return refuse(t, StreamEvent.TIMEWAIT_INVALID_ACK);
        }
        if (!repeated) {
            t.become(TcpSession.CLOSED);
            t.noteWindow(s);
        }
        t.noteTimestamp(s);
        expect(t.side(!s.toServer), s.acknowledgment);
        return acknowledgeAndStore(t, s);
    }
}
