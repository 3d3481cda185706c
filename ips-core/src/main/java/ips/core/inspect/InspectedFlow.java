package ips.core.inspect;

import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import java.util.Arrays;

/**
 * Both directions of a flow, as rules see them. Its client is who sent the first packet. Owned by
 * one worker and used again for another flow once this one has ended; plain fields, for they are
 * read many times a packet and belong to one thread.
 */
public final class InspectedFlow {
    public long clientHigh;
    public long clientLow;
    public long serverHigh;
    public long serverLow;
    public int clientPort;
    public int serverPort;
    public int protocol;
    public int vlan;
    public long firstNs;
    public long lastNs;
    public long packetsToServer;
    public long packetsToClient;
    public long bytesToServer;
    public long bytesToClient;

    /** Told apart by time and place of its first packet, for EVE's {@code flow_id}. */
    public long id;

    /** Rules without any condition of packets were asked already, by direction. */
    public boolean addressesAskedToServer;

    public boolean addressesAskedToClient;

    /** Its server sent something, be it no more than an answer to an echo request. */
    boolean answered;

    /** What both ends say is encrypted: there is nothing to look for in payload. */
    public boolean encrypted;

    /** A rule passed or dropped the rest of it. */
    public boolean passed;

    public boolean dropped;

    public AppProtocol app = AppProtocol.UNKNOWN;
    public AppProtocol appToServer = AppProtocol.UNKNOWN;
    public AppProtocol appToClient = AppProtocol.UNKNOWN;

    /**
     * Rules of transactions are asked with the packet in hand: where rules may drop, only if bytes
     * of the protocol came with it or it ends the connection.
     */
    public boolean read;

    /** The protocol of a direction was found, and no packet of that direction came since. */
    boolean foundToServer;

    boolean foundToClient;

    /** The same for one packet more. */
    boolean foundAgainToServer;

    boolean foundAgainToClient;

    /**
     * What it speaks is sought anew with the next bytes: a proxy connected its client, or both
     * agreed to speak TLS.
     */
    boolean changing;

    /** Whether it is to be TLS. */
    boolean expectsTls;

    /** The same, and rules have not looked once more at what was said before. */
    boolean toBeFlushed;

    /** What came cannot be read as the protocol, so that no more is read. */
    boolean unreadable;

    /** The bytes of a direction did not tell the protocol. */
    boolean givenUpToServer;

    boolean givenUpToClient;

    /** The session, where the protocol is TCP. */
    public final TcpSession tcp;

    /** Its HTTP transactions, or null. */
    public HttpConversation http;

    /** What is read of its stream, such as a handshake of TLS, or the query in hand; or null. */
    public AppTransaction other;

    /** The answer of DNS in hand, or null. */
    public AppTransaction answer;

    /** Transactions that were begun, HTTP's apart. */
    long others;

    /** Bits that rules set, by number; null until the first is. */
    public long[] bits;

    /** Numbers that rules keep, by number; {@link Long#MIN_VALUE} where there is none. */
    public long[] numbers;

    /** Events of the application layer, bits of {@link AppEvent}. */
    public long appEvents;

    long hash;
    InspectedFlow next;
    InspectedFlow older;
    InspectedFlow newer;

    InspectedFlow(BufferPool streams) {
        tcp = new TcpSession(streams);
    }

    /** Begins anew, with the packet's source as its client. */
    void begin(FlowKey key, long nowNs) {
        hash = key.hash;
        protocol = key.protocol;
        vlan = key.vlan;
        clientHigh = key.sourceHigh;
        clientLow = key.sourceLow;
        clientPort = key.sourcePort;
        serverHigh = key.destinationHigh;
        serverLow = key.destinationLow;
        serverPort = key.destinationPort;
        firstNs = nowNs;
        lastNs = nowNs;
        packetsToServer = 0;
        packetsToClient = 0;
        bytesToServer = 0;
        bytesToClient = 0;
        addressesAskedToServer = false;
        addressesAskedToClient = false;
        answered = false;
        encrypted = false;
        passed = false;
        dropped = false;
        app = AppProtocol.UNKNOWN;
        appToServer = AppProtocol.UNKNOWN;
        appToClient = AppProtocol.UNKNOWN;
        read = false;
        unreadable = false;
        changing = false;
        toBeFlushed = false;
        foundToServer = false;
        foundToClient = false;
        foundAgainToServer = false;
        foundAgainToClient = false;
        givenUpToServer = false;
        givenUpToClient = false;
        appEvents = 0;
        others = 0;
        tcp.reset();
        if (bits != null) {
            Arrays.fill(bits, 0);
        }
        if (numbers != null) {
            Arrays.fill(numbers, Long.MIN_VALUE);
        }
    }

    /** Whether both ends are known to talk: a handshake, or packets in both directions. */
    public boolean established() {
        return protocol == Protocol.TCP ? tcp.established() : answered;
    }

    /** Whether it neither closed nor finished what it said. */
    public boolean isOpen() {
        boolean closed = tcp.state() < TcpSession.ESTABLISHED || tcp.state() == TcpSession.CLOSED;
        return !closed || http != null && unanswered();
    }

    private boolean unanswered() {
        for (int i = 0; i < http.live().size(); i++) {
            HttpTransaction each = http.live().get(i);
            if (!each.request.done() || !each.response.done()) {
                return true;
            }
        }
        return false;
    }

    public long packets(boolean toServer) {
        return toServer ? packetsToServer : packetsToClient;
    }

    /** Counts a packet of one of its ends, or an error about one of its packets. */
    public void count(Packet packet, boolean toServer) {
        lastNs = Math.max(lastNs, packet.timestampNs());
        if (toServer) {
            packetsToServer++;
            bytesToServer += packet.wireLength();
        } else {
            packetsToClient++;
            bytesToClient += packet.wireLength();
            answered |= packet.protocol() == protocol;
        }
    }

    /** Whether rules are to look once more at what was said so far; notes that they do. */
    public boolean takeFlush() {
        boolean flush = toBeFlushed;
        toBeFlushed = false;
        return flush;
    }

    /**
     * What it speaks is to be sought anew with the next bytes.
     *
     * @param tls whether both sides agreed to speak TLS
     */
    void seekAnew(boolean tls) {
        changing = true;
        expectsTls = tls;
        toBeFlushed = !tls;
        givenUpToServer = false;
        givenUpToClient = false;
    }

    /** Whether it is the flow of a packet, whichever way that goes. */
    boolean is(FlowKey key) {
        if (protocol != key.protocol || vlan != key.vlan) {
            return false;
        }
        return hasClient(key.sourceHigh, key.sourceLow, key.sourcePort)
                        && hasServer(key.destinationHigh, key.destinationLow, key.destinationPort)
                || hasClient(key.destinationHigh, key.destinationLow, key.destinationPort)
                        && hasServer(key.sourceHigh, key.sourceLow, key.sourcePort);
    }

    boolean hasClient(long high, long low, int port) {
        return clientLow == low && clientPort == port && clientHigh == high;
    }

    private boolean hasServer(long high, long low, int port) {
        return serverLow == low && serverPort == port && serverHigh == high;
    }

    /** The client turns out to be the server: the answer came first. */
    void swap() {
        exchangeEnds();
        long packets = packetsToServer;
        packetsToServer = packetsToClient;
        packetsToClient = packets;
        long bytes = bytesToServer;
        bytesToServer = bytesToClient;
        bytesToClient = bytes;
        boolean asked = addressesAskedToServer;
        addressesAskedToServer = addressesAskedToClient;
        addressesAskedToClient = asked;
    }

    /** Whether the packet in hand is that by which the flow's session was picked up midstream. */
    public boolean justPickedUp() {
        return protocol == Protocol.TCP && tcp.pickedUp() && !tcp.established();
    }

    /** The same of a flow whose bytes told so: what both said goes with them. */
    void turn() {
        swap();
        tcp.exchangeSides();
        AppProtocol protocol = appToServer;
        appToServer = appToClient;
        appToClient = protocol;
        boolean found = foundToServer;
        foundToServer = foundToClient;
        foundToClient = found;
        boolean givenUp = givenUpToServer;
        givenUpToServer = givenUpToClient;
        givenUpToClient = givenUp;
    }

    /** What was taken for the client's address is the server's, and the other way round. */
    void exchangeEnds() {
        long high = clientHigh;
        long low = clientLow;
        int port = clientPort;
        clientHigh = serverHigh;
        clientLow = serverLow;
        clientPort = serverPort;
        serverHigh = high;
        serverLow = low;
        serverPort = port;
    }

    public boolean bit(int number) {
        return bits != null && number >> 6 < bits.length && (bits[number >> 6] & 1L << number) != 0;
    }
}
