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

    private int recordLength;
    private boolean toServer;
    private boolean encrypted;
    private boolean begun;
    private int taken;
    private int type;
    private int payloadLength;

    /** The length of an encrypted one that was not answered yet; 0 where there is none. */
    private int awaitedLength;

    private boolean awaitedToServer;

    void clear() {
        taken = 0;
        begun = false;
        awaitedLength = 0;
    }

    /** A record of a heartbeat begins. */
    void begin(int length, boolean toServer, boolean encrypted) {
        recordLength = length;
        this.toServer = toServer;
        this.encrypted = encrypted;
        begun = false;
        taken = 0;
    }

    /** Takes bytes of the record; returns what they show to be odd, or null. */
    TlsEvent take(ByteRange bytes, int at, int length) {
        if (encrypted) {
            boolean first = !begun;
            begun = true;
            return first ? encrypted() : null;
        }
        for (int i = at; i < at + length && taken < HEADER; i++) {
            int value = bytes.at(i) & 0xff;
            if (taken == 0) {
                type = value;
            } else {
                payloadLength = taken == 1 ? value : payloadLength << 8 | value;
            }
            taken++;
            if (taken == HEADER) {
                return read();
            }
        }
        return null;
    }

    private TlsEvent read() {
        if (type != REQUEST && type != RESPONSE) {
            return TlsEvent.INVALID_HEARTBEAT_MESSAGE;
        }
        if (payloadLength > recordLength - HEADER) {
            return TlsEvent.OVERFLOW_HEARTBEAT_MESSAGE;
        }
        return recordLength - HEADER - payloadLength < SHORTEST_PADDING
                ? TlsEvent.INVALID_HEARTBEAT_MESSAGE
                : null;
    }

    private TlsEvent encrypted() {
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
