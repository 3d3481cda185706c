package ips.core.inspect;

import ips.core.packet.TcpFlags;

/**
 * Tells segments that change nothing in a session: keep-alives, probes of a closed window, windows
 * that shrink against the rules, acknowledgments and payload that are outdated.
 */
final class TcpNoChange {
    private TcpNoChange() {}

    static boolean is(TcpSession t, Segment s) {
        StreamSide own = t.side(s.toServer);
        StreamSide peer = t.side(!s.toServer);
        if (s.length <= 1
                && s.isPlain()
                && s.acknowledgment == peer.lastAck
                && s.sequence == own.nextSequence - 1) {
            own.keepAlive = true;
            return true;
        }
        own.keepAlive = false;
        if (isKeepAliveAnswer(s, own, peer)) {
            peer.keepAlive = false;
            return true;
        }
        boolean probeAnswer = isProbeAnswer(t, s, own, peer);
        if (s.toServer) {
            t.probedClient = false;
        } else {
            t.probedServer = false;
        }
        if (probeAnswer) {
            return true;
        }
        if (!isShutdownAck(t, s, own, peer)
                && !isWindowUpdate(t, s, own, peer)
                && (isBadWindowUpdate(t, s, own, peer) || isOutdatedAck(t, s, own, peer))) {
            return true;
        }
        return isSpurious(t, s, own);
    }

    private static boolean isKeepAliveAnswer(Segment s, StreamSide own, StreamSide peer) {
        return s.length == 0
                && s.isPlain()
                && s.window != 0
                && s.window << peer.windowScale == peer.window
                && peer.keepAlive
                && s.acknowledgment == peer.lastAck
                && s.sequence == own.nextSequence;
    }

    private static boolean isProbeAnswer(TcpSession t, Segment s, StreamSide own, StreamSide peer) {
        return t.state >= TcpSession.ESTABLISHED
                && s.isBareAck()
                && (s.toServer ? t.probedClient : t.probedServer)
                && s.window == 0
                && peer.window == 0
                && s.sequence == own.nextSequence
                && s.acknowledgment == peer.lastAck;
    }

    private static boolean isShutdownAck(TcpSession t, Segment s, StreamSide own, StreamSide peer) {
        return (t.state == TcpSession.TIME_WAIT
                        || t.state == TcpSession.CLOSE_WAIT
                        || t.state == TcpSession.LAST_ACK)
                && s.flags == TcpFlags.ACK
                && s.length == 0
                && s.sequence == own.nextSequence + 1
                && s.acknowledgment == peer.nextSequence + 1;
    }

    private static boolean isWindowUpdate(
            TcpSession t, Segment s, StreamSide own, StreamSide peer) {
        return t.state >= TcpSession.ESTABLISHED
                && s.length == 0
                && s.isPlain()
                && s.window != 0
                && s.window << peer.windowScale != peer.window
                && s.acknowledgment == peer.lastAck
                && s.sequence == own.nextSequence;
    }

    private static boolean isBadWindowUpdate(
            TcpSession t, Segment s, StreamSide own, StreamSide peer) {
        if (t.state < TcpSession.ESTABLISHED || t.state == TcpSession.CLOSED || !s.isPlain()) {
            return false;
        }
        int window = s.window << peer.windowScale;
        int less = peer.window - window;
        if (less <= 0
                || less <= s.length
                || s.acknowledgment - peer.nextSequence <= 0
                || s.sequence - own.nextSequence <= 0) {
            return false;
        }
        long acknowledged = Integer.toUnsignedLong(s.acknowledgment - peer.lastAck);
        if (less > acknowledged + (window > 1024 ? 32 : 0)) {
            t.event(StreamEvent.PKT_BAD_WINDOW_UPDATE);
            return true;
        }
        return false;
    }

    private static boolean isOutdatedAck(TcpSession t, Segment s, StreamSide own, StreamSide peer) {
        return t.state >= TcpSession.ESTABLISHED
                && s.isBareAck()
                && s.sequence == own.nextSequence
                && s.acknowledgment - peer.lastAck < 0
                && !s.options.selective();
    }

    /** Tells of bytes that were acknowledged before, and leaves out those that are done with. */
    private static boolean isSpurious(TcpSession t, Segment s, StreamSide own) {
        if (s.length == 0) {
            return false;
        }
        boolean doneWith = own.known && own.isDoneWith(s.end());
        if (doneWith || s.end() - own.lastAck <= 0) {
            t.event(StreamEvent.PKT_SPURIOUS_RETRANSMISSION);
        }
        return doneWith;
    }
}
