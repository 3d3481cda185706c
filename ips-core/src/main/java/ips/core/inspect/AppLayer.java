package ips.core.inspect;

import ips.core.ColdPath;
import ips.core.packet.Packet;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Finds out what flows speak and reads what rules know to look into. Owned by one worker; what it
 * keeps of a flow is bounded by the flow's number.
 */
public final class AppLayer {
    private static final int SPARE = 1024;

    /** Bytes of a direction that does not tell its protocol which wait for the other to tell. */
    private static final int LONGEST_WAIT = 16 << 10;

    private final ArrayDeque<HttpConversation> spare = new ArrayDeque<>();
    private final ArrayDeque<TlsTransaction> spareTls = new ArrayDeque<>();
    private final ArrayDeque<SshTransaction> spareSsh = new ArrayDeque<>();
    private final ArrayDeque<DnsTransaction> spareDns = new ArrayDeque<>();
    private final HttpPool pool;
    private final ByteRange datagram = new ByteRange();

    /**
     * @param rawHeads whether rules ask for heads of HTTP as they came
     */
    public AppLayer(boolean rawHeads) {
        pool = new HttpPool(rawHeads);
    }

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
        flow.read = true;
        if (flow.app == AppProtocol.HTTP) {
            HttpConversation http = conversation(flow);
            if (http.bytes(toServer, bytes)) {
                flow.tcp.side(toServer).rawTriggered = true;
            }
        } else if (flow.app == AppProtocol.TLS) {
            TlsTransaction tls = tls(flow);
            StreamSide side = flow.tcp.side(toServer);
            side.rawTriggered |= tls.read(toServer, bytes);
            if (tls.encrypted() && !flow.encrypted) {
                encrypted(flow);
                // Rules look once more at what led to it.
                flow.tcp.side(!toServer).leaveToParser();
            }
        } else if (flow.app == AppProtocol.SSH) {
            SshTransaction ssh = ssh(flow);
            ssh.read(toServer, bytes);
            if (ssh.encrypted()) {
                encrypted(flow);
            }
        } else if (flow.app == AppProtocol.DNS) {
            flow.tcp.side(toServer).rawTriggered = true;
            if (toServer) {
                dnsStream(flow, bytes);
            }
        }
    }

    /** Whether what came cannot be of the protocol, which an inline sensor does not let pass. */
    boolean broken(InspectedFlow flow) {
        return flow.other instanceof TlsTransaction tls && tls.broken();
    }

    private static void encrypted(InspectedFlow flow) {
        flow.encrypted = true;
        flow.tcp.seal();
    }

    private TlsTransaction tls(InspectedFlow flow) {
        if (flow.other instanceof TlsTransaction known) {
            return known;
        }
        TlsTransaction tls = spareTls.poll();
        if (tls == null) {
            tls = newTls();
        }
        tls.begin(flow.others++);
        flow.other = tls;
        return tls;
    }

    @ColdPath
    private TlsTransaction newTls() {
        return new TlsTransaction(pool.buffers);
    }

    private SshTransaction ssh(InspectedFlow flow) {
        if (flow.other instanceof SshTransaction known) {
            return known;
        }
        SshTransaction ssh = spareSsh.poll();
        if (ssh == null) {
            ssh = newSsh();
        }
        ssh.begin(flow.others++);
        flow.other = ssh;
        return ssh;
    }

    @ColdPath
    private SshTransaction newSsh() {
        return new SshTransaction(pool.buffers);
    }

    private void dns(InspectedFlow flow, ByteRange bytes, int from, int length) {
        DnsTransaction dns = dns(flow);
        dns.begin(flow.others++);
        if (!dns.read(bytes, from, length)) {
            flow.others--;
            release(flow);
        }
    }

    private void dnsStream(InspectedFlow flow, ByteRange bytes) {
        DnsTransaction dns = dns(flow);
        int at = 0;
        while (at < bytes.length) {
            at = dns.take(bytes, at);
            if (dns.hasMessage() && !dns.isFresh()) {
                dns.begin(flow.others);
            }
            boolean fresh = dns.isFresh();
            while (dns.hasMessage()) {
                dns.readNext();
            }
            flow.others += dns.isFresh() && !fresh ? 1 : 0;
        }
        release(flow);
    }

    /** The flow's transaction of DNS, a new one if need be. */
    private DnsTransaction dns(InspectedFlow flow) {
        if (flow.other instanceof DnsTransaction known) {
            return known;
        }
        DnsTransaction dns = spareDns.poll();
        if (dns == null) {
            dns = newDns();
        }
        dns.begin(flow.others);
        flow.other = dns;
        return dns;
    }

    @ColdPath
    private DnsTransaction newDns() {
        return new DnsTransaction(pool.buffers);
    }

    /** Lets go of what rules do not want to see any more. */
    void skipped(InspectedFlow flow) {
        if (flow.http != null) {
            List<HttpTransaction> live = flow.http.live();
            for (int i = 0; i < live.size(); i++) {
                live.get(i).news(true);
                live.get(i).news(false);
            }
        }
        release(flow);
    }

    /** Lets go of what rules are through with. */
    public void release(InspectedFlow flow) {
        if (flow.http != null) {
            flow.http.release();
        }
        if (flow.other instanceof DnsTransaction dns && dns.isDone()) {
            dns.clear();
            flow.other = null;
            if (spareDns.size() < SPARE) {
                spareDns.add(dns);
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

    /** Bytes of a direction are lost: what is read of it has to do without them. */
    void gap(InspectedFlow flow, boolean toServer, long length) {
        if (flow.http != null && flow.app == AppProtocol.HTTP) {
            flow.http.gap(toServer, length);
        } else if (flow.other instanceof TlsTransaction tls) {
            tls.gap(toServer);
        } else if (flow.other instanceof SshTransaction ssh) {
            ssh.gap(toServer);
        } else if (flow.other instanceof DnsTransaction dns && toServer) {
            dns.gap();
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
        if (flow.http != null) {
            flow.http.begin();
            if (spare.size() < SPARE) {
                spare.add(flow.http);
            }
            flow.http = null;
        }
        if (flow.other instanceof TlsTransaction tls) {
            tls.begin(0);
            if (spareTls.size() < SPARE) {
                spareTls.add(tls);
            }
        } else if (flow.other instanceof SshTransaction ssh) {
            ssh.begin(0);
            if (spareSsh.size() < SPARE) {
                spareSsh.add(ssh);
            }
        } else if (flow.other instanceof DnsTransaction dns) {
            dns.clear();
            spareDns.add(dns);
        }
        flow.other = null;
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
        if (flow.app == AppProtocol.DNS && toServer) {
            dns(flow, datagram, 0, datagram.length);
        }
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
