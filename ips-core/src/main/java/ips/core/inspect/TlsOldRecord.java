package ips.core.inspect;

/**
 * A record of SSL 2, as old clients begin with: two or three bytes of length, of which one of the
 * first two bits is set, then the type of a message. Only lengths and errors are looked at, and the
 * version that a client's hello asks for.
 */
final class TlsOldRecord {
    /** What the record's type is noted as. */
    static final int TYPE = 0x100;

    private static final int VERSION = 0x0200;
    private static final int TWO_BYTES_OF_LENGTH = 0x80;

    /** Messages. */
    static final int ERROR = 0;

    static final int CLIENT_HELLO = 1;
    static final int NONE = -1;

    /** Bytes of a message that count: its type, and a version. */
    private static final int COUNTED = 3;

    /** Bytes of the header that have come, of so many. */
    private int header;

    private int headerLength;

    /** Bytes of the message that have come, as far as they count. */
    private int taken;

    private int message;

    static boolean begins(byte first) {
        return (first & 0xc0) != 0;
    }

    void begin(TlsSide side, byte first) {
        boolean two = (first & TWO_BYTES_OF_LENGTH) != 0;
        side.type = TYPE;
        side.version = VERSION;
        side.recordLength = first & (two ? 0x7f : 0x3f);
        headerLength = two ? 2 : 3;
        side.left = headerLength - 1;
        header = 1;
        taken = 0;
    }

    /** Takes bytes; returns which message is whole now, as far as it counts, or {@link #NONE}. */
    int take(TlsSide side, ByteRange bytes, int at, int length) {
        for (int i = at; i < at + length && taken < COUNTED; i++) {
            int value = bytes.at(i) & 0xff;
            if (header < headerLength) {
                header(side, value);
            } else {
                message(side, value);
            }
        }
        return side.left == 0 && taken > 0 ? message : NONE;
    }

    private void header(TlsSide side, int value) {
        if (header == 1) {
            side.recordLength = side.recordLength << 8 | value;
            side.left += side.recordLength;
        }
        header++;
    }

    private void message(TlsSide side, int value) {
        if (taken++ == 0) {
            message = value;
        } else if (message == CLIENT_HELLO) {
            side.version = taken == 2 ? value << 8 : side.version | value;
            side.versionTold = taken == COUNTED;
        }
    }
}
