package ips.core.inspect;

/**
 * Heartbeats of TLS (RFC 6520): whether one asks for more than it brings, as Heartbleed
 * (CVE-2014-0160) does, or is answered with more than was asked.
 */
final class TlsHeartbeats {
    private static final int REQUEST = 1;
    private static final int RESPONSE = 2;
    private static final int HEADER = 3;
    private static final int SHORTEST_PADDING = 16;

    /** The record in hand of one side; those of the other may come between its bytes. */
    private static final class InHand {
        int recordLength;
        boolean encrypted;
        boolean begun;
        int taken;
        int type;
        int payloadLength;

        void begin(int length, boolean encrypted) {
            recordLength = length;
            this.encrypted = encrypted;
            begun = false;
            taken = 0;
        }
    }

    private final InHand ofClient = new InHand();
    private final InHand ofServer = new InHand();

    /** The length of an encrypted one that was not answered yet; 0 where there is none. */
    private int awaitedLength;

    private boolean awaitedToServer;

    void clear() {
        ofClient.begin(0, false);
        ofServer.begin(0, false);
        awaitedLength = 0;
    }

    /** A record of a heartbeat begins. */
    void begin(int length, boolean toServer, boolean encrypted) {
        (toServer ? ofClient : ofServer).begin(length, encrypted);
    }

    /** Takes bytes of the record; returns what they show to be odd, or null. */
    TlsEvent take(boolean toServer, ByteRange bytes, int at, int length) {
        InHand hand = toServer ? ofClient : ofServer;
        if (hand.encrypted) {
            boolean first = !hand.begun;
            hand.begun = true;
            return first ? encrypted(toServer, hand.recordLength) : null;
        }
        for (int i = at; i < at + length && hand.taken < HEADER; i++) {
            int value = bytes.at(i) & 0xff;
            if (hand.taken == 0) {
                hand.type = value;
            } else {
                hand.payloadLength = hand.taken == 1 ? value : hand.payloadLength << 8 | value;
            }
            hand.taken++;
            if (hand.taken == HEADER) {
                return read(hand);
            }
        }
        return null;
    }

    private static TlsEvent read(InHand hand) {
        if (hand.type != REQUEST && hand.type != RESPONSE) {
            return TlsEvent.INVALID_HEARTBEAT_MESSAGE;
        }
        if (hand.payloadLength > hand.recordLength - HEADER) {
            return TlsEvent.OVERFLOW_HEARTBEAT_MESSAGE;
        }
        return hand.recordLength - HEADER - hand.payloadLength < SHORTEST_PADDING
                ? TlsEvent.INVALID_HEARTBEAT_MESSAGE
                : null;
    }

    private TlsEvent encrypted(boolean toServer, int recordLength) {
        if (awaitedLength == 0) {
            awaitedLength = recordLength;
            awaitedToServer = toServer;
            return null;
        }
        if (awaitedToServer == toServer) {
            awaitedLength = recordLength;
            return TlsEvent.INVALID_HEARTBEAT_MESSAGE;
        }
        boolean more = recordLength > awaitedLength;
        awaitedLength = 0;
        return more ? TlsEvent.DATALEAK_HEARTBEAT_MISMATCH : null;
    }
}
