package ips.core.inspect;

import ips.core.packet.TcpFlags;

/** How an established session treats a segment. */
final class TcpEstablished {
    private TcpEstablished() {}

    static boolean segment(TcpSession t, Segment s) {
        if (s.has(TcpFlags.RST)) {
            return rst(t, s);
        }
        if (s.has(TcpFlags.FIN)) {
            return (!t.timestamps || t.validTimestamp(s)) && fin(t, s);
        }
        if (s.has(TcpFlags.SYN)) {
            return syn(t, s);
        }
        if (!s.has(TcpFlags.ACK)) {
            return true;
        }
        if (t.timestamps && !t.validTimestamp(s)) {
            return false;
        }
        t.confirmed |= !s.toServer;
        data(t, s);
        return true;
    }

    private static boolean rst(TcpSession t, Segment s) {
        if (!t.validReset(s)) {
            return false;
        }
        // Its numbers and window are not noted: it may never arrive, and the session go on.
        t.closeByReset(s);
        TcpClosing.acknowledgeReset(t, s);
        return true;
    }

    private static boolean syn(TcpSession t, Segment s) {
        if (!s.isAnswer()) {
            boolean same = s.sequence == t.client.isn;
            t.event(
                    !s.toServer
                            ? StreamEvent.EST_SYN_TOCLIENT
                            : same
                                    ? StreamEvent.EST_SYN_RESEND
                                    : StreamEvent.EST_SYN_RESEND_DIFF_SEQ);
            return false;
        }
        if (s.toServer) {
            t.event(StreamEvent.EST_SYNACK_TOSERVER);
        } else if (s.acknowledgment != t.client.lastAck) {
            t.event(StreamEvent.EST_SYNACK_RESEND_WITH_DIFFERENT_ACK);
        } else if (s.sequence != t.server.isn) {
            t.event(StreamEvent.EST_SYNACK_RESEND_WITH_DIFF_SEQ);
        } else if (t.confirmed) {
            t.event(StreamEvent.EST_SYNACK_RESEND);
        } else {
            return true; // the handshake's last segment was lost on its way
        }
        return false;
    }

    private static void data(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        StreamSide peer = t.side(!s.toServer);
        boolean probed = s.toServer ? t.probedClient : t.probedServer;
        if (probed && s.acknowledgment == peer.nextSequence + 1) {
            t.event(StreamEvent.EST_ACK_ZWP_DATA);
        } else if (!t.validAck(s)) {
            t.event(StreamEvent.EST_INVALID_ACK);
            return;
        }
        if (!s.toServer && t.midstreamHalf) {
            t.server.window = s.window << t.server.windowScale;
            t.server.nextWindow = t.server.lastAck + t.server.window;
            t.midstreamHalf = false;
        }
        boolean keepAlive = s.length <= 1 && s.sequence == own.nextSequence - 1;
        if (!keepAlive && s.end() - own.lastAck < 0) {
            boolean fills = own.lastAck - own.nextSequence > 0 && s.end() - own.nextSequence > 0;
            if (!fills) {
                t.event(StreamEvent.EST_PKT_BEFORE_LAST_ACK);
                return;
            }
        }
        if (s.length == 1 && s.sequence == own.nextSequence && own.window == 0) {
            if (s.toServer) {
                t.probedServer = true;
            } else {
                t.probedClient = true;
            }
            t.store(s);
            return;
        }
        if (s.end() - own.nextSequence >= 0) {
            own.nextSequence = s.end();
        }
        if (s.end() - own.nextWindow > 0 && !t.midstream) {
            t.event(StreamEvent.EST_PACKET_OUT_OF_WINDOW);
            return;
        }
        t.noteWindow(s);
        peer.acknowledgedUpTo(s.acknowledgment);
        t.noteTimestamp(s);
        peer.windowUpTo(peer.lastAck + peer.window);
        t.store(s);
    }

    /** Takes the first FIN. */
    static boolean fin(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        StreamSide peer = t.side(!s.toServer);
        if (!t.validAck(s)) {
            t.event(StreamEvent.FIN_INVALID_ACK);
            return false;
        }
        if (s.end() - own.lastAck < 0 || s.end() - own.nextWindow > 0) {
            t.event(StreamEvent.FIN_OUT_OF_WINDOW);
            return false;
        }
        if (s.toServer && s.has(TcpFlags.SYN)) {
            t.event(StreamEvent.FIN_SYN);
            return false;
        }
        t.become(s.toServer ? TcpSession.CLOSE_WAIT : TcpSession.FIN_WAIT1);
        own.nextSequence = s.end() + (s.toServer ? 0 : 1);
        t.noteWindow(s);
        t.noteTimestamp(s);
        if (peer.nextSequence - s.acknowledgment < 0) {
            peer.nextSequence = s.acknowledgment;
        }
        if (s.has(TcpFlags.ACK)) {
            peer.acknowledgedUpTo(s.acknowledgment);
        }
        t.store(s);
        return true;
    }
}
