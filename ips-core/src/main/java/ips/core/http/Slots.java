package ips.core.http;

import ips.core.ColdPath;
import ips.core.packet.FrameBuffer;

/**
 * A fixed number of equal places for what has to be kept until the rest comes. When all are taken,
 * the owner whose turn it is has to give up its own. The memory of a place is taken when it is
 * first needed and kept: few ever are at a time.
 */
final class Slots {
    static final int NONE = -1;

    private final FrameBuffer[] buffers;
    private final int size;
    private final int[] owners;
    private final int[] free;
    private int freeCount;
    private int hand;

    Slots(int count, int size) {
        this.size = size;
        buffers = new FrameBuffer[count];
        owners = new int[count];
        free = new int[count];
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i;
        }
        freeCount = count;
    }

    /** The bytes of a slot that was taken. */
    FrameBuffer buffer(int slot) {
        return buffers[slot];
    }

    int count() {
        return owners.length;
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
        int slot = free[freeCount - 1];
        if (buffers[slot] == null) {
            makeBuffer(slot);
        }
        freeCount--;
        owners[slot] = owner;
        return slot;
    }

    @ColdPath
    private void makeBuffer(int slot) {
        buffers[slot] = FrameBuffer.allocateDirect(size);
    }

    void release(int slot) {
        free[freeCount++] = slot;
    }
}
