package ips.core.http;

import static ips.core.http.Directions.KEPT;
import static ips.core.http.Directions.LINE;
import static ips.core.http.Directions.SCANNED;
import static ips.core.http.Directions.SLOT;

import ips.core.packet.FrameBuffer;
import org.agrona.DirectBuffer;

/**
 * Heads that came cut and are gathered until they are complete: {@value #SIZE} bytes each, as many
 * as there are slots. Owned by the parser's thread.
 */
final class GatheredHeads {
    static final int SIZE = 32 << 10;

    private final int[] cells;
    private final Slots slots;

    GatheredHeads(Directions directions, int count) {
        cells = directions.cells;
        slots = new Slots(count, SIZE);
    }

    /** The bytes of the head of a direction that has one, from 0 on. */
    FrameBuffer buffer(int dir) {
        return slots.buffer(cells[dir + SLOT] - 1);
    }

    boolean isFull() {
        return slots.isFull();
    }

    /** The direction that has to give up its slot; only when full. */
    int nextVictim() {
        return slots.nextVictim();
    }

    /** Takes a slot, empty, for a direction's head; false if there is none. */
    boolean take(int dir) {
        cells[dir + SLOT] = slots.take(dir) + 1;
        cells[dir + KEPT] = 0;
        cells[dir + SCANNED] = 0;
        cells[dir + LINE] = 0;
        return cells[dir + SLOT] > 0;
    }

    boolean has(int dir) {
        return cells[dir + SLOT] > 0;
    }

    /** Puts as many bytes as there is room for behind those kept; returns how many. */
    int append(int dir, DirectBuffer from, int offset, int end) {
        int kept = cells[dir + KEPT];
        int some = Math.min(end - offset, SIZE - kept);
        buffer(dir).putBytes(kept, from, offset, some);
        cells[dir + KEPT] = kept + some;
        return some;
    }

    /**
     * Takes the head away from its direction, so that nobody else touches it while it is told; to
     * be given back by {@link #give} or {@link #free}.
     */
    int detach(int dir) {
        int slot = cells[dir + SLOT] - 1;
        cells[dir + SLOT] = 0;
        cells[dir + KEPT] = 0;
        return slot;
    }

    /** Gives a detached slot back to its direction, with what lies from {@code rest} on. */
    void give(int dir, int slot, int rest) {
        FrameBuffer buffer = slots.buffer(slot);
        int length = SIZE - rest;
        buffer.putBytes(0, buffer, rest, length);
        cells[dir + SLOT] = slot + 1;
        cells[dir + KEPT] = length;
        cells[dir + SCANNED] = length;
        cells[dir + LINE] = 0;
    }

    /** Frees a detached slot. */
    void free(int slot) {
        slots.release(slot);
    }

    /** Forgets what was gathered of a direction's head. */
    void release(int dir) {
        if (has(dir)) {
            free(detach(dir));
        }
    }
}
