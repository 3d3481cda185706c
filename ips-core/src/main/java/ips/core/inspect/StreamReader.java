package ips.core.inspect;

import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;

/**
 * Brings segments into their streams, hands what is in order to the application layer, and tells
 * which bytes of a stream rules are to look at now.
 *
 * <p>Where rules only watch, bytes count once their receiver acknowledged them, and rules look at
 * them when there are {@value #ENOUGH}, when a message is complete, or when the connection ends.
 * Where rules may drop, they look at each segment at once, along with bytes before it.
 */
public final class StreamReader {
    /** Bytes after which rules look at a stream in any case. */
    private static final int ENOUGH = 2560;

    /** Bytes before new ones that are looked at again, so that contents over the border match. */
    private static final int WINDOW = 2560;

    private final boolean inline;
    private final AppLayer app;
    private final ByteRange range = new ByteRange();
    private final Segment segment = new Segment();
    private TcpSession session;
    private boolean swapped;

    // The stretch rules look at.
    private StreamSide side;
    private long at;
    private long limit;

    public StreamReader(boolean inline, AppLayer app) {
        this.inline = inline;
        this.app = app;
    }

    /** Takes a segment; afterwards the accessors tell what it did. */
    public void segment(Packet packet, InspectedFlow flow, boolean toServer, boolean midstream) {
        session = flow.tcp;
        flow.lastNs = Math.max(flow.lastNs, packet.timestampNs());
        session.segment(segment.read(packet, toServer), midstream, inline);
        swapped = session.swapped;
        boolean direction = toServer;
        if (swapped) {
            flow.swap();
            direction = !toServer;
        }
        if (inline && session.unknownSession) {
            flow.dropped = true; // as an IPS cannot tell what it is, it lets none of it pass
        }
        if (session.taken) {
            read(flow, direction);
        }
        letGoWhenOver(flow);
    }

    /** Leaves a segment out whose checksum is wrong. */
    public void unread(InspectedFlow flow) {
        flow.tcp.skipped();
    }

    /** A closed connection waits for its late segments without its bytes. */
    private void letGoWhenOver(InspectedFlow flow) {
        TcpSession tcp = flow.tcp;
        boolean over = tcp.state() == TcpSession.TIME_WAIT || tcp.state() == TcpSession.CLOSED;
        if (over && !leftOver(flow, true) && !leftOver(flow, false)) {
            tcp.client.letGo();
            tcp.server.letGo();
        }
    }

    /** Rules do not look at the segment's flow any more: what comes is not kept for them. */
    public void skipped(InspectedFlow flow) {
        skipped(flow.tcp.client);
        skipped(flow.tcp.server);
        app.skipped(flow);
    }

    private static void skipped(StreamSide data) {
        data.rawProgress = Math.max(data.rawProgress, data.appProgress);
        data.prune();
    }

    /** Whether the segment came from the flow's server, which had been taken for its client. */
    public boolean swapped() {
        return swapped;
    }

    /** Whether the segment's data entered the stream. */
    public boolean added() {
        return session.added;
    }

    public long events() {
        return session.events;
    }

    /** Hands on what a segment made ready: what it acknowledged, its own bytes, or both. */
    private void read(InspectedFlow flow, boolean toServer) {
        boolean direction = toServer;
        int state = session.state();
        boolean own = inline || segment.has(TcpFlags.RST) || state == TcpSession.CLOSED;
        boolean last = segment.has(TcpFlags.FIN) && state > TcpSession.TIME_WAIT;
        if (!inline && !segment.has(TcpFlags.RST) && (!last || segment.has(TcpFlags.ACK))) {
            StreamSide sent = flow.tcp.side(toServer);
            StreamSide acknowledged = flow.tcp.side(!toServer);
            read(flow, !toServer, false);
            if (acknowledged.gapsUnread && flow.app == AppProtocol.UNKNOWN) {
                session.event(StreamEvent.REASSEMBLY_SEQ_GAP);
            }
            direction = sent == flow.tcp.side(true);
        }
        if (own || last) {
            read(flow, direction, false);
        }
    }

    /** Hands on what is in order; at the flow's end, or inline, acknowledged or not. */
    private void read(InspectedFlow flow, boolean direction, boolean atEnd) {
        boolean toServer = direction;
        StreamSide data = flow.tcp.side(toServer);
        if (!data.known || data.isEmpty()) {
            return;
        }
        long acked = data.acked();
        long to = inline || atEnd ? data.rightEdge() : Math.min(acked, data.rightEdge());
        while (data.appProgress < to) {
            long from = data.appProgress;
            long end = Math.min(to, data.contiguousEnd(from));
            if (end > from) {
                data.range(from, end, range);
                if (!app.decided(flow, toServer)) {
                    if (!app.decide(flow, toServer, range, !atEnd)) {
                        return; // too little yet to tell what it is
                    }
                    if (flow.tcp.side(toServer) != data) {
                        toServer = !toServer; // these bytes told which end is the server
                        swapped = !swapped;
                    }
                    if (!app.decided(flow, !toServer)) {
                        read(flow, !toServer, atEnd); // what came first is read first
                        data.range(from, end, range);
                    }
                }
                app.bytes(flow, toServer, range);
                data.appProgress = end;
            } else {
                long next = data.nextByte(from);
                boolean lost = atEnd || acked > from;
                if (next < 0 || next > to || !lost) {
                    return;
                }
                lost(flow, data, toServer, next - from);
                data.appProgress = next;
            }
        }
    }

    /** Bytes are missing: while nobody knows what they are of, each further segment tells of it. */
    private void lost(InspectedFlow flow, StreamSide data, boolean toServer, long length) {
        if (flow.app != AppProtocol.FAILED) {
            data.gapsUnread = flow.app == AppProtocol.UNKNOWN;
            flow.tcp.event(StreamEvent.REASSEMBLY_SEQ_GAP);
            flow.tcp.lossy = true;
        }
        app.gap(flow, toServer, length);
    }

    /**
     * Replaces a segment's bytes by the stream's, where others came first: an inline sensor lets no
     * other pass.
     */
    public void asReceived(Packet packet, InspectedFlow flow, boolean toServer, ByteRange bytes) {
        if (!inline || !session.added) {
            return;
        }
        StreamSide data = flow.tcp.side(toServer);
        long from = data.place(packet.tcpSequence());
        if (data.runStart(from, from) == from
                && data.contiguousEnd(from) >= from + bytes.length
                && data.differed) {
            data.range(from, from + bytes.length, bytes);
        }
    }

    /** A flow ends: hands on what is left of a direction. */
    public void end(InspectedFlow flow, boolean toServer) {
        session = flow.tcp;
        session.atEnd();
        session.added = false;
        session.events = 0;
        read(flow, toServer, true);
        app.endOfStream(flow, toServer);
    }

    /** Whether anything of a direction was not looked at yet. */
    public boolean leftOver(InspectedFlow flow, boolean toServer) {
        StreamSide data = flow.tcp.side(toServer);
        return data.known
                && (!data.isEmpty()
                                && (data.rawProgress < data.rightEdge()
                                        || data.appProgress < data.rightEdge())
                        || app.unfinished(flow, toServer));
    }

    /**
     * Whether rules are to look at the stream of the packet's direction now.
     *
     * @param fresh whether the packet's own data entered the stream
     */
    public boolean hasData(
            Packet packet, InspectedFlow flow, boolean toServer, boolean fresh, boolean atEnd) {
        StreamSide data = flow.tcp.side(toServer);
        if (data.isEmpty()) {
            return false;
        }
        if (inline && !atEnd) {
            return fresh && packet.payloadLength() > 0 && !flow.justPickedUp();
        }
        long right = data.rightEdge();
        if (data.rawProgress >= right) {
            return false;
        }
        return atEnd
                || data.rawTriggered && data.acked() > data.rawProgress
                || flow.tcp.state() > TcpSession.TIME_WAIT
                || Math.min(data.acked(), right) - data.rawProgress >= ENOUGH;
    }

    /** Begins the stretch that rules look at now; {@link #next} tells its pieces. */
    public void rewind(Packet packet, InspectedFlow flow, boolean toServer, boolean atEnd) {
        side = flow.tcp.side(toServer);
        if (inline && !atEnd) {
            long start = side.place(packet.tcpSequence());
            int length = packet.payloadLength();
            int window = Math.max(WINDOW, length + length / 3);
            limit = side.contiguousEnd(start);
            at = side.runStart(Math.max(start, 0), Math.max(0, start + length - window));
        } else {
            limit = atEnd ? side.rightEdge() : Math.min(side.acked(), side.rightEdge());
            at = side.rawProgress;
        }
    }

    /** Begins all that is kept of a direction, looked at before or not. */
    public void rewindToKept(InspectedFlow flow, boolean toServer) {
        side = flow.tcp.side(toServer);
        at = side.keptFrom();
        limit = side.rightEdge();
    }

    /** The next piece without a hole; false when there is none. */
    public boolean next(ByteRange chunk) {
        while (at < limit) {
            long end = Math.min(limit, side.contiguousEnd(at));
            if (end > at) {
                side.range(at, end, chunk);
                at = end;
                return true;
            }
            long next = side.nextByte(at);
            if (next < 0) {
                return false;
            }
            at = next;
        }
        return false;
    }

    /** Rules looked at the stretch: they go on behind it. */
    public void inspected(InspectedFlow flow, boolean toServer, boolean atEnd) {
        StreamSide data = flow.tcp.side(toServer);
        boolean all = inline || atEnd || flow.encrypted;
        long to = all ? data.rightEdge() : Math.min(data.acked(), data.rightEdge());
        data.rawProgress = Math.max(data.rawProgress, to);
        data.rawTriggered = false;
        data.prune();
        letGoWhenOver(flow);
    }
}
