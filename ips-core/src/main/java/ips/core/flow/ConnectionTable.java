package ips.core.flow;

/** The connections of the addresses a worker owns. */
public final class ConnectionTable {
    public long clientHigh(int connection) {
        throw new UnsupportedOperationException();
    }

    public long clientLow(int connection) {
        throw new UnsupportedOperationException();
    }

    public long serverHigh(int connection) {
        throw new UnsupportedOperationException();
    }

    public long serverLow(int connection) {
        throw new UnsupportedOperationException();
    }

    public int clientPort(int connection) {
        throw new UnsupportedOperationException();
    }

    public int serverPort(int connection) {
        throw new UnsupportedOperationException();
    }

    /** See {@code Protocol}: TCP, UDP, ICMP or ICMPv6. */
    public int protocol(int connection) {
        throw new UnsupportedOperationException();
    }

    /** The flags of the client's first segment, for a connection told as outside any. */
    public int firstFlags(int connection) {
        throw new UnsupportedOperationException();
    }

    /** Number of the frame that opened it. */
    public long firstFrame(int connection) {
        throw new UnsupportedOperationException();
    }

    /** Time of the frame that opened it. */
    public long firstNs(int connection) {
        throw new UnsupportedOperationException();
    }

    /** Whether the server ever answered positively. */
    public boolean isAnswered(int connection) {
        throw new UnsupportedOperationException();
    }
}
