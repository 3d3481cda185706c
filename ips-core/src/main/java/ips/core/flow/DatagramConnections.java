package ips.core.flow;

import static ips.core.flow.ConnectionState.ANSWERED_DATAGRAMS;
import static ips.core.flow.ConnectionState.ATTEMPT;
import static ips.core.flow.ConnectionState.CANCELLED;
import static ips.core.flow.ConnectionState.CLIENT_HEARD;
import static ips.core.flow.ConnectionState.EXCHANGE;
import static ips.core.flow.ConnectionState.HALF_OPEN;
import static ips.core.flow.ConnectionState.OWNED;
import static ips.core.flow.ConnectionState.POSITIVE;
import static ips.core.flow.ConnectionState.REFUSED;
import static ips.core.flow.ConnectionState.SERVER_HEARD;
import static ips.core.flow.ConnectionState.WAITING;
import static ips.core.flow.ConnectionTable.NONE;

import ips.core.packet.IcmpHeader;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.SctpHeader;

/**
 * The part of {@link ConnectionTracker} that knows no handshake: UDP, pings, SCTP as far as who
 * begins and what the first answer is, and the ICMP errors that answer any of these or TCP.
 *
 * <pre>
 *             first datagram           datagram back
 *   (none) ──────────────────► WAITING ─────────────► EXCHANGE
 *                                 │ destination unreachable, ABORT   │ time exceeded
 *                                 ▼                                  ▼
 *                              REFUSED                            CANCELLED: judged no more
 * </pre>
 *
 * <p>A ping's identifier stands for the client's port and 0 for the server's. A first datagram from
 * a well-known port to one that is not is taken for an answer whose question was not seen; if there
 * was a question, more of the client's comes as a rule, and what nothing comes of is told as
 * unasked. Of SCTP an INIT begins, or a COOKIE ECHO whose INIT was not seen; other chunks of
 * associations that are not known change nothing.
 */
final class DatagramConnections {
    private static final int WELL_KNOWN = 1024;

    private static final int DHCP_SERVER = 67;
    private static final int DHCP_CLIENT = 68;
    private static final int DHCPV6_SERVER = 547;
    private static final int DHCPV6_CLIENT = 546;

    /** Code of destination-unreachable: not that the server cannot be reached (RFC 1191). */
    private static final int FRAGMENTATION_NEEDED = 4;

    private final ConnectionTable table;
    private final ConnectionEvents events;
    private final Attempts attempts;
    private final TcpConnections tcp;

    DatagramConnections(
            ConnectionTable table, ConnectionEvents events, Attempts attempts, TcpConnections tcp) {
        this.table = table;
        this.events = events;
        this.attempts = attempts;
        this.tcp = tcp;
    }

    void udp(Packet packet, int source, boolean sourceOwned, boolean destinationOwned) {
        int sourcePort = packet.sourcePort();
        int destinationPort = packet.destinationPort();
        boolean answers =
                sourcePort < WELL_KNOWN && destinationPort >= WELL_KNOWN
                        || isLeaseOffered(sourcePort, destinationPort);
        datagram(
                packet,
                source,
                sourceOwned,
                destinationOwned,
                Protocol.UDP,
                sourcePort,
                destinationPort,
                answers);
    }

    /** DHCP's ports, both well-known: who asked did it by broadcast, from no address (RFC 2131). */
    private static boolean isLeaseOffered(int sourcePort, int destinationPort) {
        return sourcePort == DHCP_SERVER && destinationPort == DHCP_CLIENT
                || sourcePort == DHCPV6_SERVER && destinationPort == DHCPV6_CLIENT;
    }

    void sctp(Packet packet, int source, boolean sourceOwned, boolean destinationOwned) {
        int from = packet.sourcePort();
        int to = packet.destinationPort();
        int chunk = SctpHeader.firstChunk(packet);
        if (chunk == SctpHeader.INIT || chunk == SctpHeader.COOKIE_ECHO) {
            datagram(packet, source, sourceOwned, destinationOwned, Protocol.SCTP, from, to, false);
            return;
        }
        long hash = ConnectionTable.hash(packet, Protocol.SCTP, from, to);
        int found = table.find(hash, packet, Protocol.SCTP, from, to);
        int connection = found >> 1;
        if (found == NONE || table.isExpired(connection, packet.timestampNs())) {
            return;
        }
        boolean fromClient = (found & 1) == 0;
        table.current(connection, fromClient);
        if (fromClient) {
            hear(packet, connection, CLIENT_HEARD);
        } else if (chunk != SctpHeader.ABORT) {
            back(packet, connection, destinationOwned);
        } else if (table.state(connection) == WAITING) {
            table.state(connection, REFUSED);
            if (destinationOwned && table.has(connection, OWNED)) {
                events.refused(connection, attempts.client(connection), packet);
            }
        }
    }

    void icmp(Packet packet, int source, boolean sourceOwned, boolean destinationOwned) {
        int protocol = packet.protocol();
        int type = packet.icmpType();
        if (IcmpHeader.isRequest(protocol, type)) {
            request(packet, source, sourceOwned, destinationOwned);
        } else if (IcmpHeader.isReply(protocol, type)) {
            reply(packet, destinationOwned);
        } else if (destinationOwned && IcmpHeader.isError(protocol, type)) {
            error(packet);
        }
    }

    private void request(Packet packet, int source, boolean sourceOwned, boolean destinationOwned) {
        datagram(
                packet,
                source,
                sourceOwned,
                destinationOwned,
                packet.protocol(),
                packet.icmpId(),
                0,
                false);
    }

    private void reply(Packet packet, boolean destinationOwned) {
        long hash = ConnectionTable.hash(packet, packet.protocol(), 0, packet.icmpId());
        int found = table.find(hash, packet, packet.protocol(), 0, packet.icmpId());
        if (found != NONE && (found & 1) == 1) {
            table.current(found >> 1, false);
            back(packet, found >> 1, destinationOwned);
        }
    }

    private void datagram(
            Packet packet,
            int source,
            boolean sourceOwned,
            boolean destinationOwned,
            int protocol,
            int sourcePort,
            int destinationPort,
            boolean answers) {
        long hash = ConnectionTable.hash(packet, protocol, sourcePort, destinationPort);
        int found = table.find(hash, packet, protocol, sourcePort, destinationPort);
        int connection = found >> 1;
        boolean begins =
                found == NONE
                        || table.isExpired(connection, packet.timestampNs())
                        || table.state(connection) == CANCELLED && (found & 1) == 0;
        if (!begins) {
            boolean fromClient = (found & 1) == 0;
            table.current(connection, fromClient);
            if (fromClient) {
                hear(packet, connection, CLIENT_HEARD);
            } else {
                back(packet, connection, destinationOwned);
            }
            return;
        }
        int state = answers ? EXCHANGE : WAITING;
        boolean attempt = !answers && sourceOwned;
        int marks = attempt ? OWNED : 0;
        connection =
                attempts.open(
                        found,
                        hash,
                        packet,
                        protocol,
                        sourcePort,
                        destinationPort,
                        !answers,
                        state,
                        marks);
        if (attempt) {
            events.attempted(connection, source, packet);
        }
        if (sourceOwned) {
            attempts.awaitDatagram(connection, packet);
        }
    }

    /** A datagram from the server. */
    private void back(Packet packet, int connection, boolean destinationOwned) {
        int state = table.state(connection);
        if (state == WAITING || state == CANCELLED) {
            table.state(connection, EXCHANGE);
            table.mark(connection, POSITIVE);
            hear(packet, connection, SERVER_HEARD);
            if (destinationOwned && table.has(connection, OWNED)) {
                events.answered(connection, attempts.client(connection), packet);
            }
        } else {
            hear(packet, connection, SERVER_HEARD);
        }
    }

    private void hear(Packet packet, int connection, int heard) {
        table.mark(connection, heard);
        boolean both = table.hasAll(connection, CLIENT_HEARD | SERVER_HEARD);
        if (both) {
            table.mark(connection, POSITIVE); // also where the server was heard first
        }
        table.touch(connection, packet.timestampNs(), both ? ANSWERED_DATAGRAMS : ATTEMPT);
    }

    /** An ICMP error to an address of this worker's: the end of an attempt, or unasked. */
    private void error(Packet packet) {
        Packet quoted = packet.quoted();
        if (quoted == null) {
            events.unaskedError(packet, !packet.incomplete());
        } else if (quoted.sourceLow() != packet.destinationLow()
                || quoted.sourceHigh() != packet.destinationHigh()) {
            events.unaskedError(packet, true);
        } else {
            int found = find(quoted);
            if (found == NONE) {
                events.unaskedError(packet, isFollowed(quoted));
            } else if (!endsAttempt(packet, found)) {
                events.unaskedError(packet, false);
            }
        }
    }

    /** The connection to which a quoted packet belongs, and by which end it was sent, as found. */
    private int find(Packet quoted) {
        int protocol = quoted.protocol();
        boolean ping = protocol == Protocol.ICMP || protocol == Protocol.ICMPV6;
        boolean reply = ping && IcmpHeader.isReply(protocol, quoted.icmpType());
        int from = !ping ? quoted.sourcePort() : reply ? 0 : quoted.icmpId();
        int to = !ping ? quoted.destinationPort() : reply ? quoted.icmpId() : 0;
        long hash = ConnectionTable.hash(quoted, protocol, from, to);
        return table.find(hash, quoted, protocol, from, to);
    }

    /**
     * Ends the attempt that an error is about, if it waits. The server's owner may not see the
     * error, so it leaves the time alone at which the connection expires: that must be the same for
     * both.
     */
    private boolean endsAttempt(Packet packet, int found) {
        int connection = found >> 1;
        int outcome = outcome(packet);
        if ((found & 1) == 1
                || outcome == WAITING
                || !table.has(connection, OWNED)
                || table.isExpired(connection, packet.timestampNs())) {
            return false;
        }
        int state = table.state(connection);
        if (state != WAITING && state != HALF_OPEN) {
            return false;
        }
        table.current(connection, false);
        table.state(connection, outcome);
        if (outcome == REFUSED) {
            events.refused(connection, attempts.client(connection), packet);
        }
        return true;
    }

    /**
     * Whether a packet would have been remembered, had it been sent. Not a fragment, a chunk of an
     * association under way, a SYN of a flood, or the RST to a SYN, which leaves no trace with the
     * server's owner; by RFC 9293 §3.10.7.1 its sequence number is 0, and more of it is not always
     * quoted.
     */
    private boolean isFollowed(Packet quoted) {
        int protocol = quoted.protocol();
        return !quoted.fragment()
                && switch (protocol) {
                    case Protocol.UDP -> true;
                    case Protocol.TCP ->
                            quoted.tcpSequence() != 0 && !tcp.passesSynsOver(quoted.timestampNs());
                    case Protocol.ICMP, Protocol.ICMPV6 ->
                            IcmpHeader.isRequest(protocol, quoted.icmpType())
                                    || IcmpHeader.isReply(protocol, quoted.icmpType());
                    default -> false;
                };
    }

    /** What an ICMP error makes of an attempt that waits, which may be nothing. */
    private static int outcome(Packet packet) {
        boolean four = packet.protocol() == Protocol.ICMP;
        int type = packet.icmpType();
        if (type
                == (four
                        ? IcmpHeader.DESTINATION_UNREACHABLE
                        : IcmpHeader.V6_DESTINATION_UNREACHABLE)) {
            return four && packet.icmpCode() == FRAGMENTATION_NEEDED ? WAITING : REFUSED;
        }
        return type == (four ? IcmpHeader.TIME_EXCEEDED : IcmpHeader.V6_TIME_EXCEEDED)
                ? CANCELLED
                : WAITING;
    }
}
