package ips.core.inspect.anomaly;

import org.agrona.DirectBuffer;

/**
 * Walks the options behind a header of IPv4 (RFC 791 §3.1) or TCP (RFC 9293 §3.1): single bytes 0,
 * which ends them, and 1, which fills a gap, or kind, length and value.
 */
public final class HeaderOptions {
    private static final int END_OF_LIST = 0;
    private static final int NO_OPERATION = 1;

    private DirectBuffer buffer;
    private int at;
    private int end;
    private int kind;
    private int length;
    private boolean lacksLength;
    private boolean badLength;

    public void begin(DirectBuffer options, int from, int end) {
        buffer = options;
        at = from;
        this.end = end;
        length = 0;
        lacksLength = false;
        badLength = false;
    }

    /** Goes to the next option that has a length; false where there is none, or none readable. */
    public boolean next() {
        for (at += length; at < end; at++) {
            kind = buffer.getByte(at) & 0xff;
            if (kind == END_OF_LIST) {
                return false;
            }
            if (kind != NO_OPERATION) {
                return readLength();
            }
        }
        return false;
    }

    private boolean readLength() {
        lacksLength = at + 1 >= end;
        if (lacksLength) {
            return false;
        }
        length = buffer.getByte(at + 1) & 0xff;
        badLength = length < 2 || at + length > end;
        return !badLength;
    }

    public int kind() {
        return kind;
    }

    /** Where the option begins, with its kind. */
    public int at() {
        return at;
    }

    /** Bytes of the option, those of kind and length among them: 2 or more. */
    public int length() {
        return length;
    }

    /** Whether the walk ended at a kind that has no room for its length. */
    public boolean lacksLength() {
        return lacksLength;
    }

    /** Whether the walk ended at a length below 2, or beyond the header's end. */
    public boolean badLength() {
        return badLength;
    }
}
