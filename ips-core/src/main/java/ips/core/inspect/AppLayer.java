package ips.core.inspect;

import ips.core.packet.Packet;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Recognises the application protocol of each flow, and reads those protocols that rules can look
 * into. Owned by one worker; what it keeps is bounded by the number of flows.
 */
public final class AppLayer {
    private static final int SPARE = 1024;

    /** Bytes of a direction that does not tell its protocol which wait for the other to tell. */
    private static final int LONGEST_WAIT = 16 << 10;

    private final ArrayDeque<HttpConversation> spare = new ArrayDeque<>();
    private final HttpPool pool;
    private final ByteRange datagram = new ByteRange();
    private final ExpectedFiles expected;
    private final StreamTransactions streams;
    private final DnsTransactions dns;
    private final int enoughToClient;

    /**
     * @param http what rules ask of HTTP
     * @param midstream whether the first packet of a flow may be the server's
     */
    public AppLayer(HttpAsked http, boolean midstream) {
        enoughToClient = midstream ? AppProtocols.ENOUGH_TO_SERVER : AppProtocols.ENOUGH_TO_CLIENT;
        pool = new HttpPool(http);
        expected = new ExpectedFiles(pool.buffers);
        streams = new StreamTransactions(pool.buffers, expected);
        dns = new DnsTransactions(pool.buffers);
    }

    /** Whether it is known what a direction speaks, or that it cannot be told. */
    boolean decided(InspectedFlow flow, boolean toServer) {
        return !flow.changing
                && (toServer ? flow.appToServer : flow.appToClient) != AppProtocol.UNKNOWN;
    }

    /**
     * Tries to tell the protocol by the first bytes of a direction.
     *
     * @param mayTurn whether the bytes may tell that the flow's ends are to be taken the other way
     *     round: of one picked up midstream, the first packet may come from the server
     * @return whether it is decided now; otherwise the same bytes and more are to be shown again
     */
    boolean decide(InspectedFlow flow, boolean toServer, ByteRange bytes, boolean mayTurn) {
        if (flow.app == AppProtocol.UNKNOWN && isExpected(flow)) {
            return true;
        }
        AppProtocol found = told(bytes, toServer, flow.serverPort);
        boolean otherKnown =
                !flow.changing && flow.app != AppProtocol.UNKNOWN && flow.app != AppProtocol.FAILED;
        boolean untold = found == AppProtocol.UNKNOWN || found == AppProtocol.FAILED;
        if (untold && mayTurn && flow.app == AppProtocol.UNKNOWN && flow.tcp.pickedUp()) {
            AppProtocol turned = ofOtherEnd(flow, toServer, bytes);
            if (turned != null) {
                flow.turn();
                found(flow, !toServer, turned);
                flow.appEvents = 0; // who spoke first before the session was picked up is unknown
                return true;
            }
        }
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

    private AppProtocol told(ByteRange bytes, boolean toServer, int port) {
        int enough = toServer ? AppProtocols.ENOUGH_TO_SERVER : enoughToClient;
        return AppProtocols.ofStream(bytes, bytes.length, toServer, port, enough);
    }

    /** The protocol if the bytes come from the other end than it seems; or null. */
    private AppProtocol ofOtherEnd(InspectedFlow flow, boolean toServer, ByteRange bytes) {
        if (toServer ? flow.givenUpToClient : flow.givenUpToServer) {
            return null;
        }
        AppProtocol told = told(bytes, !toServer, flow.clientPort);
        return told == AppProtocol.UNKNOWN || told == AppProtocol.FAILED ? null : told;
    }

    /** Whether a control connection announced what comes in the flow. */
    private boolean isExpected(InspectedFlow flow) {
        int index = expected.take(flow);
        if (index < 0) {
            return false;
        }
        found(flow, true, AppProtocol.FTP_DATA);
        found(flow, false, AppProtocol.FTP_DATA);
        if (streamed(flow) instanceof FtpDataTransaction file) {
            file.expect(expected.command(index), expected.name(index));
        }
        return true;
    }

    /** Takes bytes of a direction in order, once it is decided what they are. */
    void bytes(InspectedFlow flow, boolean toServer, ByteRange bytes) {
        flow.read = true;
        if (flow.app == AppProtocol.HTTP) {
            HttpConversation http = conversation(flow);
            if (http.bytes(toServer, bytes)) {
                flow.tcp.side(toServer).rawTriggered = true;
            }
            if (http.isConnected() && !flow.changing) {
                flow.seekAnew(false);
            }
        } else if (flow.app == AppProtocol.DNS) {
            flow.tcp.side(toServer).rawTriggered = true;
            dns.stream(flow, toServer, bytes);
        } else {
            StreamTransaction transaction = streamed(flow);
            if (transaction != null) {
                read(transaction, flow, toServer, bytes);
                if (transaction.startsTls()) {
                    flow.seekAnew(true);
                    // rules of the protocol before it look once more
                    flow.tcp.side(true).rawTriggered = true;
                    flow.tcp.side(false).rawTriggered = true;
                }
            }
        }
    }

    private static void read(
            StreamTransaction transaction, InspectedFlow flow, boolean toServer, ByteRange bytes) {
        flow.tcp.side(toServer).rawTriggered |= transaction.read(toServer, bytes);
        if (transaction.encrypted() && !flow.encrypted) {
            encrypted(flow);
            if (flow.app == AppProtocol.TLS) {
                // Rules look once more at what led to it.
                flow.tcp.side(!toServer).leaveToParser();
            }
        }
    }

    /** The transaction of the flow's stream, a new one if need be; null where none is read. */
    private StreamTransaction streamed(InspectedFlow flow) {
        if (flow.other == null) {
            flow.other = streams.begin(flow);
        }
        return flow.other instanceof StreamTransaction known ? known : null;
    }

    private static void encrypted(InspectedFlow flow) {
        flow.encrypted = true;
        flow.tcp.seal();
    }

    /** Lets go of what rules do not want to see any more. */
    void skipped(InspectedFlow flow) {
        if (flow.http != null) {
            flow.http.skip();
        }
        release(flow);
    }

    /** Lets go of what rules are through with. */
    public void release(InspectedFlow flow) {
        if (flow.http != null) {
            flow.http.release();
        }
        dns.release(flow);
    }

    /** One direction does not tell; whether the other did not either. */
    private boolean givenUp(InspectedFlow flow, boolean toServer) {
        flow.givenUpToServer |= toServer;
        flow.givenUpToClient |= !toServer;
        if (!flow.givenUpToServer || !flow.givenUpToClient) {
            return false;
        }
        found(flow, !toServer, AppProtocol.FAILED);
        return true;
    }

    private void found(InspectedFlow flow, boolean toServer, AppProtocol found) {
        if (flow.changing) {
            leave(flow, found);
        }
        AppProtocol other = toServer ? flow.appToClient : flow.appToServer;
        if (other != AppProtocol.UNKNOWN && other != AppProtocol.FAILED) {
            if (found == AppProtocol.FAILED) {
                event(flow, AppEvent.APPLAYER_DETECT_PROTOCOL_ONLY_ONE_DIRECTION);
            } else if (found != other) {
                event(flow, AppEvent.APPLAYER_MISMATCH_PROTOCOL_BOTH_DIRECTIONS);
            }
        } else if (!toServer && found == AppProtocol.HTTP && other == AppProtocol.UNKNOWN) {
            event(flow, AppEvent.APPLAYER_WRONG_DIRECTION_FIRST_DATA);
        }
        if (toServer) {
            flow.appToServer = found;
            flow.foundToServer = true;
        } else {
            flow.appToClient = found;
            flow.foundToClient = true;
        }
        if (flow.app == AppProtocol.UNKNOWN || flow.app == AppProtocol.FAILED) {
            flow.app = found;
        }
    }

    /** What was spoken before is over. */
    private void leave(InspectedFlow flow, AppProtocol found) {
        if (flow.expectsTls && found != AppProtocol.TLS) {
            event(flow, AppEvent.APPLAYER_UNEXPECTED_PROTOCOL);
            event(flow, AppEvent.APPLAYER_NO_TLS_AFTER_STARTTLS);
        }
        flow.changing = false;
        flow.app = AppProtocol.UNKNOWN;
        flow.appToServer = AppProtocol.UNKNOWN;
        flow.appToClient = AppProtocol.UNKNOWN;
        endHttp(flow);
        endStream(flow);
    }

    private static void event(InspectedFlow flow, AppEvent event) {
        flow.appEvents |= event.bit();
    }

    /** Bytes of a direction are lost: what is read of it has to do without them. */
    void gap(InspectedFlow flow, boolean toServer, long length) {
        if (flow.http != null && flow.app == AppProtocol.HTTP) {
            flow.http.gap(toServer, length);
        } else if (flow.other instanceof StreamTransaction known) {
            known.gap(toServer);
        } else {
            DnsTransactions.gap(flow, toServer);
        }
    }

    /** How often a message's part found no room. */
    public long buffersRefused() {
        return pool.buffers.refusals();
    }

    /** How many bodies were not compressed as they say. */
    public long brokenBodies() {
        return pool.brokenBodies;
    }

    void endOfStream(InspectedFlow flow, boolean toServer) {
        if (flow.http != null && flow.app == AppProtocol.HTTP) {
            flow.http.end(toServer);
        } else if (flow.other instanceof StreamTransaction known) {
            known.end(toServer);
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
        if (flow.other instanceof StreamTransaction known && known.unfinished(toServer)) {
            return true;
        }
        if (flow.http == null) {
            return false;
        }
        if (flow.http.holdsBytes(toServer)) {
            return true;
        }
        List<HttpTransaction> live = flow.http.live();
        for (int i = 0; i < live.size(); i++) {
            HttpTransaction each = live.get(i);
            if (each.side(toServer).begun() && !each.side(toServer).endAsked) {
                return true;
            }
        }
        return false;
    }

    /** A flow is over: what is kept of it goes. */
    public void ended(InspectedFlow flow) {
        endHttp(flow);
        endStream(flow);
        dns.ended(flow);
    }

    private void endStream(InspectedFlow flow) {
        if (flow.other instanceof StreamTransaction known) {
            streams.end(known);
            flow.other = null;
        }
    }

    private void endHttp(InspectedFlow flow) {
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
        if (packet.payloadLength() == 0) {
            return;
        }
        datagram.set(packet.buffer(), packet.payloadOffset(), packet.payloadLength());
        if ((toServer ? flow.appToServer : flow.appToClient) == AppProtocol.UNKNOWN) {
            found(
                    flow,
                    toServer,
                    AppProtocols.ofDatagram(datagram, packet.payloadLength(), flow.serverPort));
        }
        flow.read = true;
        if (flow.app == AppProtocol.DNS) {
            dns.datagram(flow, toServer, datagram);
        }
    }

    /**
     * Whether the protocol of a direction was found since the last packet of that direction.
     *
     * @param twice whether it is news for the next packet, too: as Suricata has it inline, where
     *     the packet that tells the protocol and the one behind it are asked about
     */
    public boolean protocolFound(InspectedFlow flow, boolean toServer, boolean twice) {
        boolean found = toServer ? flow.foundToServer : flow.foundToClient;
        boolean again = toServer ? flow.foundAgainToServer : flow.foundAgainToClient;
        if (toServer) {
            flow.foundToServer = false;
            flow.foundAgainToServer = found && twice;
        } else {
            flow.foundToClient = false;
            flow.foundAgainToClient = found && twice;
        }
        return found || again;
    }
}
