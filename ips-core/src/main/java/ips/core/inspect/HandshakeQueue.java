package ips.core.inspect;

/**
 * The SYNs, or SYN/ACKs, of one handshake besides the one that counts: the third segment tells
 * which of them the ends agree on. Bounded; made when there is a first.
 */
final class HandshakeQueue {
    static final int MOST_OPENINGS = 10;
    static final int MOST_ANSWERS = 5;

    private final HandshakeState[] states = new HandshakeState[MOST_OPENINGS];
    private int size;

    void clear() {
        size = 0;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(HandshakeState state) {
        if (states[size] == null) {
            states[size] = new HandshakeState();
        }
        states[size++].copy(state);
    }

    /** The latest SYN with the same timestamp, or with none either; or null. */
    HandshakeState withTimestampOf(HandshakeState other) {
        for (int i = size - 1; i >= 0; i--) {
            HandshakeState each = states[i];
            if (each.hasTimestamp == other.hasTimestamp && each.timestamp == other.timestamp) {
                return each;
            }
        }
        return null;
    }

    /** The latest SYN with a sequence number, or null. */
    HandshakeState withSequence(int sequence) {
        for (int i = size - 1; i >= 0; i--) {
            if (states[i].sequence == sequence) {
                return states[i];
            }
        }
        return null;
    }

    /** Whether the same SYN/ACK is there. */
    boolean holds(HandshakeState answer) {
        for (int i = 0; i < size; i++) {
            if (states[i].isAnswer(answer)) {
                return true;
            }
        }
        return false;
    }

    /** The latest SYN/ACK that a segment is the answer to, or null. */
    HandshakeState answeredBy(Segment s) {
        for (int i = size - 1; i >= 0; i--) {
            HandshakeState each = states[i];
            if (each.sequence == s.acknowledgment - 1 && each.acknowledgment == s.sequence) {
                return each;
            }
        }
        return null;
    }
}
