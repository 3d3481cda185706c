package ips.core.inspect;

import ips.core.packet.FrameBuffer;
import java.util.Arrays;

/** Bytes that are gathered, up to a limit, and used again for the next message. */
final class GrowingBytes {
    private static final int KEPT = 8192;

    private final int limit;
    private byte[] bytes = new byte[0];
    private final FrameBuffer view = new FrameBuffer();
    private int length;

    GrowingBytes(int limit) {
        this.limit = limit;
    }

    void clear() {
        length = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[0];
            view.wrap(bytes);
        }
    }

    int length() {
        return length;
    }

    boolean isFull() {
        return length >= limit;
    }

    byte at(int index) {
        return bytes[index];
    }

    void truncate(int length) {
        this.length = Math.min(this.length, length);
    }

    void add(byte value) {
        if (length < limit) {
            reserve(1);
            bytes[length++] = value;
        }
    }

    void add(ByteRange from, int offset, int count) {
        int taken = Math.min(count, limit - length);
        if (taken > 0) {
            reserve(taken);
            from.buffer.getBytes(from.offset + offset, bytes, length, taken);
            length += taken;
        }
    }

    void add(byte[] from, int offset, int count) {
        int taken = Math.min(count, limit - length);
        if (taken > 0) {
            reserve(taken);
            System.arraycopy(from, offset, bytes, length, taken);
            length += taken;
        }
    }

    void add(GrowingBytes from, int offset, int count) {
        add(from.bytes, offset, count);
    }

    void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            add((byte) text.charAt(i));
        }
    }

    private void reserve(int more) {
        if (bytes.length < length + more) {
            bytes = Arrays.copyOf(bytes, Math.max(256, Integer.highestOneBit(length + more) * 2));
            view.wrap(bytes);
        }
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
        return new String(bytes, offset, count, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    boolean same(int offset, int count, String lower) {
        if (count != lower.length()) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (Character.toLowerCase((char) (bytes[offset + i] & 0xff)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the lower-case word occurs in a part, whatever its case. */
    boolean holds(int offset, int count, String lower) {
        for (int i = 0; i + lower.length() <= count; i++) {
            if (same(offset + i, lower.length(), lower)) {
                return true;
            }
        }
        return false;
    }
}
