package ips.core.inspect;

import ips.core.packet.FrameBuffer;
import org.agrona.DirectBuffer;

/** A range of a buffer; set anew for each use, and valid until then. */
public final class ByteRange {
    private static final DirectBuffer NOTHING = new FrameBuffer();

    public DirectBuffer buffer = NOTHING;
    public int offset;
    public int length;

    public ByteRange set(DirectBuffer buffer, int offset, int length) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        return this;
    }

    /** The place of the first CR or LF from a place on, or the length where there is none. */
    int indexOfLineEnd(int from) {
        int i = from;
        while (i < length) {
            byte b = buffer.getByte(offset + i);
            if (b == '\n' || b == '\r') {
                break;
            }
            i++;
        }
        return i;
    }

    /** The byte at a place from the range's beginning. */
    public byte at(int index) {
        return buffer.getByte(offset + index);
    }
}
