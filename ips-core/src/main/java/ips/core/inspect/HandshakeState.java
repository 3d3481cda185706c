package ips.core.inspect;

/** What a SYN or SYN/ACK says. */
final class HandshakeState {
    int sequence;
    int acknowledgment;
    int window;
    boolean scaled;
    int scale;
    boolean hasTimestamp;
    int timestamp;
    long seconds;

    HandshakeState read(Segment s) {
        sequence = s.sequence;
        acknowledgment = s.acknowledgment;
        window = s.window;
        scaled = s.options.scale() >= 0;
        scale = Math.max(0, s.options.scale());
        hasTimestamp = s.options.hasTimestamp();
        timestamp = hasTimestamp ? s.options.timestamp() : 0;
        seconds = s.seconds;
        return this;
    }

    /** The SYN that a session counts. */
    HandshakeState readOpening(TcpSession session) {
        sequence = session.client.isn;
        acknowledgment = 0;
        window = session.server.window;
        scaled = session.scaled;
        scale = scaled ? session.server.windowScale : 0;
        hasTimestamp = session.client.timestamps;
        timestamp = hasTimestamp ? session.client.lastTimestamp : 0;
        seconds = session.client.lastSeconds;
        return this;
    }

    void copy(HandshakeState other) {
        sequence = other.sequence;
        acknowledgment = other.acknowledgment;
        window = other.window;
        scaled = other.scaled;
        scale = other.scale;
        hasTimestamp = other.hasTimestamp;
        timestamp = other.timestamp;
        seconds = other.seconds;
    }

    /** Whether a SYN says the same at the same second. */
    boolean isOpening(HandshakeState other) {
        return window == other.window
                && scaled == other.scaled
                && scale == other.scale
                && hasTimestamp == other.hasTimestamp
                && timestamp == other.timestamp
                && seconds == other.seconds;
    }

    /** Whether a SYN/ACK says the same. */
    boolean isAnswer(HandshakeState other) {
        return sequence == other.sequence
                && acknowledgment == other.acknowledgment
                && window == other.window
                && scaled == other.scaled
                && scale == other.scale
                && hasTimestamp == other.hasTimestamp
                && timestamp == other.timestamp;
    }
}
