package ips.core.inspect;

import ips.core.packet.FrameBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** A range of a buffer; set anew for each use, and valid until then. */
public final class ByteRange {
    private static final DirectBuffer NOTHING = new FrameBuffer();
    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final long CARRIAGE_RETURNS = '\r' * ONES;

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
        byte[] text = array();
        if (text == null) {
            return indexOfLineEndOffHeap(from);
        }
        int end = offset + length;
        int at = offset + from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long eight = (long) EIGHT.get(text, at);
            long ends = zeros(eight ^ LINE_FEEDS) | zeros(eight ^ CARRIAGE_RETURNS);
            if (ends != 0) {
                return at + (Long.numberOfTrailingZeros(ends) >>> 3) - offset;
            }
        }
        while (at < end && text[at] != '\n' && text[at] != '\r') {
            at++;
        }
        return at - offset;
    }

    /** The high bit of each byte that is 0; of those behind the first, perhaps of others. */
    private static long zeros(long eight) {
        return eight - ONES & ~eight & HIGHS;
    }

    private int indexOfLineEndOffHeap(int from) {
        int i = from;
        while (i < length && at(i) != '\n' && at(i) != '\r') {
            i++;
        }
        return i;
    }

    /** The array the bytes lie in, at the same offsets; null where they lie in no array of all. */
    byte[] array() {
        byte[] array = buffer.byteArray();
        return array != null && buffer.wrapAdjustment() == 0 ? array : null;
    }

    /** The byte at a place from the range's beginning. */
    public byte at(int index) {
        return buffer.getByte(offset + index);
    }
}
