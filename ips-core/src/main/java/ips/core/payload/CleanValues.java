package ips.core.payload;

import ips.core.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Remembers values in which nothing was found, byte for byte as they came, so that what clients
 * send again and again is judged once. A value is compared where it lies, eight bytes at a time.
 *
 * <p>Direct-mapped: {@value #SLOTS} slots of {@value #LONGEST} bytes. A value that hashes to a
 * taken slot replaces the one there; a longer value is not remembered. Who floods it with values of
 * his own makes others be judged again, and nothing worse.
 */
@HotPath
final class CleanValues {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long MIX = 0x9e3779b97f4a7c15L;
    private static final int SLOT_BITS = 10;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int LONGEST = 256;

    private final byte[] values = new byte[SLOTS * LONGEST];
    private final short[] lengths = new short[SLOTS];
    private final byte[] parts = new byte[SLOTS];

    /** The slot for a value, or -1 if it is too long. */
    int slot(PartKind part, DirectBuffer buffer, int offset, int length) {
        if (length > LONGEST || length == 0) {
            return -1;
        }
        long hash = part.ordinal() * 31 + length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = (hash ^ buffer.getLong(offset + i, ByteOrder.LITTLE_ENDIAN)) * MIX;
            hash ^= hash >>> 32;
        }
        for (; i < length; i++) {
            hash = (hash ^ buffer.getByte(offset + i)) * MIX;
        }
        return (int) (hash >>> 64 - SLOT_BITS);
    }

    /** Whether the slot holds this very value. */
    boolean holds(int slot, PartKind part, DirectBuffer buffer, int offset, int length) {
        if (lengths[slot] != length || parts[slot] != part.ordinal()) {
            return false;
        }
        int at = slot * LONGEST;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if (buffer.getLong(offset + i, ByteOrder.LITTLE_ENDIAN)
                    != (long) LONGS.get(values, at + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (buffer.getByte(offset + i) != values[at + i]) {
                return false;
            }
        }
        return true;
    }

    void keep(int slot, PartKind part, DirectBuffer buffer, int offset, int length) {
        buffer.getBytes(offset, values, slot * LONGEST, length);
        lengths[slot] = (short) length;
        parts[slot] = (byte) part.ordinal();
    }
}
