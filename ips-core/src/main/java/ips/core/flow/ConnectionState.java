package ips.core.flow;

/**
 * What {@link ConnectionTable} notes of a connection: the state it is in, marks of what was seen of
 * it, and how long it is kept. What they mean together and how they change is {@link
 * ConnectionTracker}'s.
 */
final class ConnectionState {
    // States: a connection is in one of them.
    static final int HALF_OPEN = 1;
    static final int ANSWERED = 2;
    static final int ESTABLISHED = 3;
    static final int CLOSED = 4;
    static final int REFUSED = 5;
    static final int ABANDONED = 6;
    static final int OUTSIDE = 7;
    static final int UNASKED = 8;
    static final int WAITING = 9;
    static final int EXCHANGE = 10;
    static final int CANCELLED = 11;

    // Marks: bits.

    /** This worker owns the client and reports its events. */
    static final int OWNED = 1;

    /** The server was heard; for a TCP connection its sequence number is known. */
    static final int SERVER_HEARD = 1 << 1;

    /** The client was heard. */
    static final int CLIENT_HEARD = 1 << 2;

    /** The server ever answered positively. */
    static final int POSITIVE = 1 << 3;

    static final int TOLD_HALF_OPEN = 1 << 4;
    static final int CLIENT_FIN = 1 << 5;
    static final int SERVER_FIN = 1 << 6;
    static final int PROVEN = 1 << 7;
    static final int MIDSTREAM = 1 << 8;

    /** A lone segment outside any connection was followed by others, of its sender's as a rule. */
    static final int CONTINUED = 1 << 9;

    /** An opening SYN came again: while the connection was established, or too soon before. */
    static final int SYN_AGAIN = 1 << 10;

    static final int TOLD_UNANSWERED = 1 << 11;

    // How long a connection is kept behind its last packet, units of the tags.
    static final int ATTEMPT =
            ConnectionPlaces.units(30); // a SYN's repeats pause for longer only from the fifth on
    static final int OVER =
            ConnectionPlaces.units(60); // late segments and repeated FINs still find it
    static final int PROVEN_ATTEMPT = ConnectionPlaces.units(120);
    static final int ANSWERED_DATAGRAMS = ConnectionPlaces.units(120); // RFC 4787 REQ-5
    static final int OPEN = ConnectionPlaces.units(3600);

    private ConnectionState() {}
}
