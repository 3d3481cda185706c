package ips.core.stream;

import static ips.core.stream.HeldBytes.TRUSTED;
import static ips.core.stream.StreamTable.HELD;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * What directions hold of data that cannot be told yet: for each a list of blocks of {@link
 * HeldBytes}, by sequence number. Knows where bytes lie and how much they are doubted, not when
 * their turn is; that is {@link SegmentOrder}'s.
 */
final class HeldSegments {
    /** Further ahead than anything is held. */
    static final int FAR = 1 << 30;

    private final int[] cells;
    private final HeldBytes held;
    private final Counters counters;

    HeldSegments(StreamTable table, HeldBytes held, Counters counters) {
        this.cells = table.cells;
        this.held = held;
        this.counters = counters;
    }

    boolean any(int direction) {
        return cells[direction + HELD] != HeldBytes.NONE;
    }

    /** Whether there is room for a segment, wherever it begins. */
    boolean hasRoom(int length) {
        return held.freeBlocks() >= length / HeldBytes.BLOCK + 2;
    }

    /** Holds a segment, as far as there is room. Bytes that differ from others held are counted. */
    void put(int direction, int sequence, int level, DirectBuffer buffer, int offset, int length) {
        int at = sequence;
        int end = sequence + length;
        boolean differs = false;
        int previous = HeldBytes.NONE;
        int block = cells[direction + HELD];
        while (at != end) {
            int base = at & -HeldBytes.BLOCK;
            while (block != HeldBytes.NONE && held.base(block) - base < 0) {
                previous = block;
                block = held.next(block);
            }
            if (block == HeldBytes.NONE || held.base(block) != base) {
                int lent = held.lend(at);
                if (lent == HeldBytes.NONE) {
                    counters.increment(Counter.STREAM_SEGMENTS_NOT_HELD);
                    break;
                }
                link(direction, previous, lent, block);
                block = lent;
            }
            int piece = Math.min(end - at, base + HeldBytes.BLOCK - at);
            differs |= held.put(block, at, level, buffer, offset + (at - sequence), piece);
            at += piece;
        }
        if (differs) {
            counters.increment(Counter.STREAM_OVERLAP_CONFLICTS);
        }
    }

    private void link(int direction, int previous, int block, int following) {
        held.next(block, following);
        if (previous == HeldBytes.NONE) {
            cells[direction + HELD] = block;
        } else {
            held.next(previous, block);
        }
    }

    /** The first sequence number from {@code from} on that is held; far away if there is none. */
    int first(int direction, int from, boolean trusted) {
        int at = from;
        for (int block = cells[direction + HELD];
                block != HeldBytes.NONE;
                block = held.next(block)) {
            if (held.base(block) - at > 0) {
                at = held.base(block);
            }
            while (at - held.end(block) < 0) {
                int level = held.level(block, at);
                if (trusted ? level == TRUSTED : level != 0) {
                    return at;
                }
                at += held.run(block, at);
            }
        }
        return from + FAR - 1;
    }

    /** Gives back the blocks that end at or before a sequence number. */
    void releasePassed(int direction, int sequence) {
        int block = cells[direction + HELD];
        while (block != HeldBytes.NONE && held.end(block) - sequence <= 0) {
            block = held.release(block);
        }
        cells[direction + HELD] = block;
    }

    /** Gives back the blocks that begin at or behind a sequence number. */
    void releaseBeyond(int direction, int limit) {
        int last = HeldBytes.NONE;
        int block = cells[direction + HELD];
        while (block != HeldBytes.NONE && held.base(block) - limit < 0) {
            last = block;
            block = held.next(block);
        }
        while (block != HeldBytes.NONE) {
            block = held.release(block);
        }
        if (last == HeldBytes.NONE) {
            cells[direction + HELD] = HeldBytes.NONE;
        } else {
            held.next(last, HeldBytes.NONE);
        }
    }

    void releaseAll(int direction) {
        int block = cells[direction + HELD];
        while (block != HeldBytes.NONE) {
            block = held.release(block);
        }
        cells[direction + HELD] = HeldBytes.NONE;
    }
}
