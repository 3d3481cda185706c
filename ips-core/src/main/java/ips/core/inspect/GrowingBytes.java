package ips.core.inspect;

import ips.core.packet.FrameBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes that are gathered, up to a limit, in a buffer that is lent until they are cleared. */
final class GrowingBytes {
    private static final FrameBuffer NOTHING = new FrameBuffer();
    private static final byte[] NO_BYTES = new byte[0];
    private static final int KEPT = 4096;

    private final BufferPool buffers;
    private final int limit;
    private FrameBuffer view = NOTHING;
    private byte[] bytes = NO_BYTES;
    private int length;
    private boolean full;

    /** What it is told to come to; 0 where that is not known. */
    private long expected;

    GrowingBytes(BufferPool buffers, int limit) {
        this.buffers = buffers;
        this.limit = limit;
    }

    void clear() {
        length = 0;
        full = false;
        expected = 0;
        if (view != NOTHING) {
            buffers.give(view);
            view = NOTHING;
            bytes = NO_BYTES;
        }
    }

    /** The same for what is soon filled again: a small buffer is kept. */
    void restart() {
        if (bytes.length > KEPT) {
            clear();
        }
        length = 0;
        full = false;
        expected = 0;
    }

    /** So many bytes are announced: what they lie in may grow in fewer steps. */
    void expect(long bytes) {
        expected = bytes;
    }

    int length() {
        return length;
    }

    /** Whether no more is taken: the limit is reached, or no greater buffer was to be had. */
    boolean isFull() {
        return full || length >= limit;
    }

    byte at(int index) {
        return bytes[index];
    }

    void truncate(int length) {
        this.length = Math.min(this.length, length);
    }

    /** Leaves out the first bytes. */
    void drop(int count) {
        System.arraycopy(bytes, count, bytes, 0, length - count);
        length -= count;
    }

    void set(int index, byte value) {
        bytes[index] = value;
    }

    void add(byte value) {
        if (length < limit && reserve(1)) {
            bytes[length++] = value;
        }
    }

    void add(ByteRange from, int offset, int count) {
        int taken = Math.min(count, limit - length);
        if (taken > 0 && reserve(taken)) {
            from.buffer.getBytes(from.offset + offset, bytes, length, taken);
            length += taken;
        }
    }

    void add(byte[] from, int offset, int count) {
        int taken = Math.min(count, limit - length);
        if (taken > 0 && reserve(taken)) {
            System.arraycopy(from, offset, bytes, length, taken);
            length += taken;
        }
    }

    void add(GrowingBytes from, int offset, int count) {
        add(from.bytes, offset, Math.min(count, from.length - offset));
    }

    /** A number as eight bytes, the most significant first. */
    void addLong(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            add((byte) (value >> shift));
        }
    }

    void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            add((byte) text.charAt(i));
        }
    }

    private boolean reserve(int more) {
        return !full && (bytes.length >= length + more || grow(length + more));
    }

    private boolean grow(int wanted) {
        FrameBuffer greater = buffers.take(roomFor(wanted));
        if (greater == null) {
            full = true;
            return false;
        }
        System.arraycopy(bytes, 0, greater.byteArray(), 0, length);
        if (view != NOTHING) {
            buffers.give(view);
        }
        view = greater;
        bytes = greater.byteArray();
        return true;
    }

    /**
     * Twice what is wanted while that is little. Four times of what is announced to come to more,
     * and no more than it: who announces much and sends little shall not have much.
     */
    private int roomFor(int wanted) {
        if (expected > wanted) {
            return (int) Math.min(Math.min(expected, limit), 4L * wanted);
        }
        return length > 0 && wanted < KEPT ? wanted * 2 : wanted;
    }

    /** The array the bytes lie in, from its beginning; until more is added or all is cleared. */
    byte[] array() {
        return bytes;
    }

    ByteRange range(ByteRange into) {
        return into.set(view, 0, length);
    }

    ByteRange range(int offset, int count, ByteRange into) {
        return into.set(view, offset, count);
    }

    String text() {
        return text(0, length);
    }

    String text(int offset, int count) {
        return new String(bytes, offset, count, StandardCharsets.ISO_8859_1);
    }

    boolean same(int offset, int count, String lower) {
        if (count != lower.length()) {
            return false;
        }
        return same(bytes, offset, lower);
    }

    /** Whether two parts are the same but for the case of ASCII letters. */
    boolean sameLetters(int a, int b, int count) {
        for (int i = 0; i < count; i++) {
            int x = bytes[a + i];
            int y = bytes[b + i];
            if (x != y && Character.toLowerCase(x) != Character.toLowerCase(y)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the lower-case word occurs in a part, whatever its case. */
    boolean holds(int offset, int count, String lower) {
        return holds(bytes, offset, offset + count, lower);
    }

    static boolean holds(byte[] text, int from, int to, String lower) {
        int first = lower.charAt(0);
        for (int at = from; at + lower.length() <= to; at++) {
            if ((text[at] | 0x20) == first && same(text, at, lower)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(byte[] text, int at, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            if (Character.toLowerCase((char) (text[at + i] & 0xff)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
