package ips.core.inspect;

/** What one side of a TLS connection says in the clear: its records, and the messages in them. */
final class TlsSide {
    static final int RECORD_HEADER = 5;
    private static final int MOST_BYTES = 32 << 10;
    private static final int MOST_CERTIFICATES = 16;

    final GrowingBytes messages;
    final TlsHello hello = new TlsHello();
    final TlsOldRecord old = new TlsOldRecord();

    /** The header of the record in hand, as far as it has come. */
    final byte[] header = new byte[RECORD_HEADER];

    int headerLength;
    int type;

    /** Bytes of the record in hand, and those of it that have yet to come. */
    int recordLength;

    int left;

    /** Where the next message begins. */
    int at;

    /** Where the message begins whose type was looked at last; -1 before the first. */
    int typeAt;

    /** As its records say, then its hello; 0 before. */
    int version;

    /** Whether a hello told the version, so that records are not asked any more. */
    boolean versionTold;

    /** Whether it said that its messages are encrypted from now on. */
    boolean cipherChanged;

    /** Whether its records cannot be told apart any more. */
    boolean lost;

    private final int[] certificateAt = new int[MOST_CERTIFICATES];
    private final int[] certificateLength = new int[MOST_CERTIFICATES];
    private int certificates;

    /** Certificates as they came, with those that there is no room for. */
    int chainLength;

    TlsSide(BufferPool buffers) {
        messages = new GrowingBytes(buffers, MOST_BYTES);
    }

    void clear() {
        messages.clear();
        hello.clear();
        headerLength = 0;
        recordLength = 0;
        left = 0;
        at = 0;
        typeAt = -1;
        version = 0;
        versionTold = false;
        cipherChanged = false;
        lost = false;
        certificates = 0;
        chainLength = 0;
    }

    static int number(GrowingBytes from, int at, int bytes) {
        int value = 0;
        for (int i = at; i < at + bytes; i++) {
            value = value << 8 | from.at(i) & 0xff;
        }
        return value;
    }

    /**
     * Finds the certificates of a message (RFC 5246 §7.4.2): each behind its length, all of them
     * behind theirs.
     *
     * @return false where the first is longer than the message
     */
    boolean certificates(int from, int end) {
        int place = from + 3;
        while (place + 3 <= end) {
            int length = number(messages, place, 3);
            if (place + 3 + length > end) {
                return chainLength > 0;
            }
            if (length == 0) {
                return true;
            }
            if (certificates < MOST_CERTIFICATES) {
                certificateAt[certificates] = place + 3;
                certificateLength[certificates++] = length;
            }
            chainLength++;
            place += 3 + length;
        }
        return true;
    }

    /** A certificate, or null; the first is the side's own. */
    ByteRange certificate(int index, ByteRange into) {
        return index < certificates
                ? messages.range(certificateAt[index], certificateLength[index], into)
                : null;
    }
}
