package ips.core.http;

import ips.core.packet.FrameBuffer;

/**
 * A fixed number of equal places in one arena for what has to be kept until the rest comes. When
 * all are taken, the owner whose turn it is has to give up its own.
 */
final class Slots {
    static final int NONE = -1;

    private final FrameBuffer bytes;
    private final int size;
    private final int[] owners;
    private final int[] free;
    private int freeCount;
    private int hand;

    Slots(int count, int size) {
        this.size = size;
        bytes = FrameBuffer.allocateDirect(count * size);
        owners = new int[count];
        free = new int[count];
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i;
        }
        freeCount = count;
    }

    FrameBuffer buffer() {
        return bytes;
    }

    int count() {
        return owners.length;
    }

    int size() {
        return size;
    }

    int offset(int slot) {
        return slot * size;
    }

    boolean isFull() {
        return freeCount == 0;
    }

    /** Who has to make way; only when full. */
    int nextVictim() {
        hand = hand + 1 < owners.length ? hand + 1 : 0;
        return owners[hand];
    }

    /** A free slot, or {@link #NONE}. */
    int take(int owner) {
        if (freeCount == 0) {
            return NONE;
        }
        int slot = free[--freeCount];
        owners[slot] = owner;
        return slot;
    }

    void release(int slot) {
        free[freeCount++] = slot;
    }
}
