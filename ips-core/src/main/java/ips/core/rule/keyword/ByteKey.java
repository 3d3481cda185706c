package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import java.util.Arrays;

/** Bytes as a key of a map. One that is used to look up may be filled again. */
final class ByteKey {
    private byte[] bytes;
    private int length;
    private int hash;

    ByteKey(byte[] bytes) {
        this.bytes = bytes;
        length = bytes.length;
        hash = hash();
    }

    /** Takes the bytes of a range; for a key that is no map's. */
    ByteKey fill(ByteRange range) {
        if (bytes.length < range.length) {
            bytes = new byte[Math.max(64, Integer.highestOneBit(range.length) * 2)];
        }
        range.buffer.getBytes(range.offset, bytes, 0, range.length);
        length = range.length;
        hash = hash();
        return this;
    }

    /** A key of its own with the same bytes. */
    ByteKey copy() {
        return new ByteKey(Arrays.copyOf(bytes, length));
    }

    private int hash() {
        int h = length;
        for (int i = 0; i < length; i++) {
            h = 31 * h + bytes[i];
        }
        return h;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteKey key
                && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
    }
}
