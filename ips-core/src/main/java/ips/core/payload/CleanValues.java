package ips.core.payload;

import ips.core.HotPath;

/**
 * Remembers header values in which nothing was found, byte for byte, so that what a client sends
 * with every request is judged once.
 *
 * <p>Direct-mapped: {@value #SLOTS} slots of {@value #LONGEST} bytes. A value that hashes to a
 * taken slot replaces the one there; a longer value is not remembered.
 */
@HotPath
final class CleanValues {
    private static final int SLOTS = 512;
    private static final int LONGEST = 256;

    private final byte[] values = new byte[SLOTS * LONGEST];
    private final short[] lengths = new short[SLOTS];
    private final byte[] parts = new byte[SLOTS];
    private final boolean[] accepted = new boolean[SLOTS];

    /** The slot for a value, or -1 if it is too long. */
    int slot(PartKind part, byte[] bytes, int length) {
        if (length > LONGEST) {
            return -1;
        }
        int hash = part.ordinal() * 31 + length;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + bytes[i];
        }
        hash *= 0x9e3779b9;
        return hash >>> 23;
    }

    /** Whether the slot holds this very value, found clean. */
    boolean holds(int slot, PartKind part, byte[] bytes, int length) {
        if (!accepted[slot] || lengths[slot] != length || parts[slot] != part.ordinal()) {
            return false;
        }
        int at = slot * LONGEST;
        return java.util.Arrays.equals(values, at, at + length, bytes, 0, length);
    }

    /** Puts a value into the slot; it counts once it is accepted. */
    void propose(int slot, PartKind part, byte[] bytes, int length) {
        System.arraycopy(bytes, 0, values, slot * LONGEST, length);
        lengths[slot] = (short) length;
        parts[slot] = (byte) part.ordinal();
        accepted[slot] = false;
    }

    void accept(int slot) {
        accepted[slot] = true;
    }
}
