package ips.core.inspect;

import ips.core.packet.Packet;

/**
 * Finds out what flows speak and reads what rules know to look into. Owned by one worker; what it
 * keeps of a flow is bounded by the flow's number.
 */
public final class AppLayer {
    private static final int SPARE = 1024;

    /** Bytes of a direction that does not tell its protocol which wait for the other to tell. */
    private static final int LONGEST_WAIT = 16 << 10;

    private final java.util.ArrayDeque<HttpConversation> spare = new java.util.ArrayDeque<>();
    private final HttpPool pool = new HttpPool();
    private final ByteRange datagram = new ByteRange();

    /**
     * @param flows flows at most
     */
    public AppLayer(int flows) {}

    /** Whether it is known what a direction speaks, or that it cannot be told. */
    boolean decided(InspectedFlow flow, boolean toServer) {
        return (toServer ? flow.appToServer : flow.appToClient) != AppProtocol.UNKNOWN;
    }

    /**
     * Tries to tell the protocol by the first bytes of a direction.
     *
     * @return whether it is decided now; otherwise the same bytes and more are to be shown again
     */
    boolean decide(InspectedFlow flow, boolean toServer, ByteRange bytes) {
        AppProtocol found = AppProtocols.ofStream(bytes, bytes.length, toServer, flow.serverPort);
        boolean otherKnown = flow.app != AppProtocol.UNKNOWN && flow.app != AppProtocol.FAILED;
        if (found == AppProtocol.UNKNOWN && !otherKnown) {
            return false;
        }
        if (found == AppProtocol.UNKNOWN || found == AppProtocol.FAILED) {
            boolean over = bytes.length > LONGEST_WAIT || givenUp(flow, toServer);
            if (!otherKnown && !over) {
                return false; // the other direction may tell
            }
            found = AppProtocol.FAILED;
        }
        found(flow, toServer, found);
        return true;
    }

    /** Takes bytes of a direction in order, once it is decided what they are. */
    void bytes(InspectedFlow flow, boolean toServer, ByteRange bytes) {
        if (flow.app == AppProtocol.HTTP) {
            HttpConversation http = conversation(flow);
            if (http.bytes(toServer, bytes)) {
                flow.tcp.side(toServer).rawTriggered = true;
            }
        }
    }

    /** One direction does not tell; whether the other did not either. */
    private static boolean givenUp(InspectedFlow flow, boolean toServer) {
        flow.givenUpToServer |= toServer;
        flow.givenUpToClient |= !toServer;
        if (!flow.givenUpToServer || !flow.givenUpToClient) {
            return false;
        }
        found(flow, !toServer, AppProtocol.FAILED);
        return true;
    }

    private static void found(InspectedFlow flow, boolean toServer, AppProtocol found) {
        AppProtocol other = toServer ? flow.appToClient : flow.appToServer;
        AppProtocol now = found;
        if (other != AppProtocol.UNKNOWN && other != AppProtocol.FAILED) {
            if (found == AppProtocol.FAILED) {
                event(flow, AppEvent.APPLAYER_DETECT_PROTOCOL_ONLY_ONE_DIRECTION);
                now = other;
            } else if (found != other) {
                event(flow, AppEvent.APPLAYER_MISMATCH_PROTOCOL_BOTH_DIRECTIONS);
            }
        } else if (!toServer && found == AppProtocol.HTTP && other == AppProtocol.UNKNOWN) {
            event(flow, AppEvent.APPLAYER_WRONG_DIRECTION_FIRST_DATA);
        }
        if (toServer) {
            flow.appToServer = now;
            flow.foundToServer = true;
        } else {
            flow.appToClient = now;
            flow.foundToClient = true;
        }
        if (flow.app == AppProtocol.UNKNOWN || flow.app == AppProtocol.FAILED) {
            flow.app = now;
        }
    }

    private static void event(InspectedFlow flow, AppEvent event) {
        flow.appEvents |= event.bit();
    }

    void gap(InspectedFlow flow, boolean toServer, long length) {}

    void endOfStream(InspectedFlow flow, boolean toServer) {
        if (flow.http != null && flow.app == AppProtocol.HTTP) {
            flow.http.end(toServer);
        }
    }

    private HttpConversation conversation(InspectedFlow flow) {
        if (flow.http == null) {
            flow.http = spare.poll();
            if (flow.http == null) {
                flow.http = new HttpConversation(pool);
            }
            flow.http.begin();
        }
        return flow.http;
    }

    boolean unfinished(InspectedFlow flow, boolean toServer) {
        if (flow.http == null) {
            return false;
        }
        for (HttpTransaction each : flow.http.live()) {
            if (each.side(toServer).begun() && !each.side(toServer).endAsked) {
                return true;
            }
        }
        return false;
    }

    /** A flow is over: what is kept of it goes. */
    public void ended(InspectedFlow flow) {
        if (flow.http != null) {
            flow.http.begin();
            if (spare.size() < SPARE) {
                spare.add(flow.http);
            }
            flow.http = null;
        }
    }

    /** Takes a datagram. */
    public void datagram(Packet packet, InspectedFlow flow, boolean toServer) {
        AppProtocol known = toServer ? flow.appToServer : flow.appToClient;
        if (known != AppProtocol.UNKNOWN || packet.payloadLength() == 0) {
            return;
        }
        datagram.set(packet.buffer(), packet.payloadOffset(), packet.payloadLength());
        found(
                flow,
                toServer,
                AppProtocols.ofDatagram(
                        datagram, packet.payloadLength(), flow.clientPort, flow.serverPort));
    }

    /** Whether the protocol of a direction was found since the last packet of that direction. */
    public boolean protocolFound(InspectedFlow flow, boolean toServer) {
        boolean found = toServer ? flow.foundToServer : flow.foundToClient;
        if (toServer) {
            flow.foundToServer = false;
        } else {
            flow.foundToClient = false;
        }
        return found;
    }
}
