package ips.core.stream;

import static ips.core.stream.HeldBytes.TRUSTED;
import static ips.core.stream.StreamTable.ACKED;
import static ips.core.stream.StreamTable.FIN;
import static ips.core.stream.StreamTable.HELD;
import static ips.core.stream.StreamTable.LAST_LENGTH;
import static ips.core.stream.StreamTable.LAST_SAMPLE;
import static ips.core.stream.StreamTable.LAST_START;
import static ips.core.stream.StreamTable.MARKS;
import static ips.core.stream.StreamTable.NEXT;
import static ips.core.stream.StreamTable.OUTSIDE_COUNT;
import static ips.core.stream.StreamTable.OUTSIDE_NEXT;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Puts the segments of one direction in order and tells their bytes; see {@link StreamReassembler}
 * for the policy. Sequence numbers are compared by the sign of their difference (RFC 9293 §3.4).
 */
final class SegmentOrder {
    // Marks of a direction.
    /** The next sequence number is known. */
    static final int KNOWN = 1;

    /** The peer's acknowledgments of this direction are seen. */
    static final int ACKS_SEEN = 1 << 1;

    /** A segment with a right checksum came. */
    static final int GOOD_SUM = 1 << 2;

    /** Wrong checksums are the capture's fault: they are computed behind it. */
    static final int SUMS_OFF = 1 << 3;

    static final int FIN_SEEN = 1 << 4;

    /** All its data was told, up to the FIN. */
    static final int ENDED = 1 << 5;

    /** The end of the receiver's window is known. */
    static final int EDGE_KNOWN = 1 << 6;

    /** The last tick already found bytes missing that the receiver has. */
    static final int HOLE_SEEN = 1 << 7;

    /**
     * Picked up midstream: where it begins is a guess until the receiver acknowledges something.
     */
    static final int GUESSED = 1 << 8;

    static final int TTL_SHIFT = 24;
    static final int SCALE_SHIFT = 20;

    // Levels of doubt, added to HeldBytes.TRUSTED; see StreamReassembler.
    static final int LOW_TTL_MAX = 255;
    static final int BEYOND_WINDOW = 300;
    static final int WRONG_SUM = 1000;
    static final int NO_ACK = 2000;

    /** Segments that go on from one another outside the window, until one believes them. */
    private static final int OUTSIDE_RUN = 8;

    /** Segments after which a guessed beginning is believed, though nothing was acknowledged. */
    private static final int MOST_GUESSED = 32;

    /** So that what is held of a guessed stream never spans half of the sequence numbers. */
    private static final int GUESS_REACH = 1 << 29;

    private static final int FAR = 1 << 30;

    private final StreamTable table;
    private final int[] cells;
    private final HeldBytes held;
    private final StreamListener listener;
    private final Counters counters;
    private final int window;

    SegmentOrder(
            StreamTable table,
            HeldBytes held,
            StreamListener listener,
            Counters counters,
            int window) {
        this.table = table;
        this.cells = table.cells;
        this.held = held;
        this.listener = listener;
        this.counters = counters;
        this.window = window;
    }

    boolean has(int direction, int mark) {
        return (cells[direction + MARKS] & mark) != 0;
    }

    void mark(int direction, int mark) {
        cells[direction + MARKS] |= mark;
    }

    void clear(int direction, int mark) {
        cells[direction + MARKS] &= ~mark;
    }

    boolean holds(int direction) {
        return cells[direction + HELD] != HeldBytes.NONE;
    }

    /** The lowest TTL that is known to reach the receiver; 0 if none is. */
    int ttl(int direction) {
        return cells[direction + MARKS] >>> TTL_SHIFT;
    }

    void ttl(int direction, int ttl) {
        cells[direction + MARKS] =
                cells[direction + MARKS] & (1 << TTL_SHIFT) - 1 | ttl << TTL_SHIFT;
    }

    /** Takes the data of a segment. */
    void data(int direction, int sequence, int level, DirectBuffer buffer, int offset, int length) {
        int next = cells[direction + NEXT];
        int ahead = sequence - next;
        if (has(direction, GUESSED)) {
            guess(direction, sequence, level, buffer, offset, length);
            return;
        }
        if (ahead == 0 && level == TRUSTED && cells[direction + HELD] == HeldBytes.NONE) {
            remember(direction, sequence, buffer, offset, length);
            cells[direction + NEXT] = sequence + length;
            tell(direction, buffer, offset, length);
            return;
        }
        if (ahead > 0 && cells[direction + ACKED] - next > 0 && has(direction, ACKS_SEEN)) {
            // the receiver has what is missing: it was lost to us
            skipTo(direction, nearer(cells[direction + ACKED], sequence));
            ahead = sequence - cells[direction + NEXT];
        }
        int from = offset;
        int start = sequence;
        int left = length;
        if (ahead < 0) {
            if (ahead < -FAR) {
                outside(direction, sequence, level, buffer, offset, length);
                return;
            }
            repeated(direction, sequence, buffer, offset, length);
            left += ahead;
            if (left <= 0) {
                return;
            }
            from -= ahead;
            start -= ahead;
            ahead = 0;
        }
        if (ahead + left > window || ahead > window) {
            if (ahead >= window) {
                outside(direction, sequence, level, buffer, offset, length);
                return;
            }
            left = window - ahead;
        }
        if (level == TRUSTED && ahead == 0) {
            remember(direction, start, buffer, from, left);
            through(direction, start, buffer, from, left);
        } else {
            hold(direction, start, level, buffer, from, left);
        }
        settle(direction);
    }

    /** Holds a segment of a stream whose beginning is not known yet. */
    private void guess(
            int direction, int sequence, int level, DirectBuffer buffer, int offset, int length) {
        int ahead = sequence - cells[direction + NEXT];
        if (ahead < -GUESS_REACH || ahead > GUESS_REACH) {
            counters.increment(Counter.STREAM_SEGMENTS_OUTSIDE);
            return;
        }
        if (ahead < 0 && ahead >= -window) {
            cells[direction + NEXT] = sequence;
        }
        hold(direction, sequence, level, buffer, offset, length);
        wait(direction);
        if (++cells[direction + OUTSIDE_COUNT] >= MOST_GUESSED) {
            believeGuess(direction);
        }
    }

    /** The receiver, by its acknowledgment, says where a guessed stream really is. */
    void locate(int direction, int acknowledged) {
        int first = firstHeld(direction, acknowledged - window, false);
        cells[direction + NEXT] = nearer(first, acknowledged);
        believeGuess(direction);
    }

    void believeGuess(int direction) {
        clear(direction, GUESSED);
        cells[direction + OUTSIDE_COUNT] = 0;
        releasePassed(direction);
        releaseBeyond(direction, cells[direction + NEXT] + window);
        settle(direction);
    }

    private void releaseBeyond(int direction, int limit) {
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

    private static int nearer(int a, int b) {
        return a - b < 0 ? a : b;
    }

    private void outside(
            int direction, int sequence, int level, DirectBuffer buffer, int offset, int length) {
        counters.increment(Counter.STREAM_SEGMENTS_OUTSIDE);
        if (level != TRUSTED) {
            return;
        }
        boolean goesOn = cells[direction + OUTSIDE_NEXT] == sequence;
        cells[direction + OUTSIDE_COUNT] = goesOn ? cells[direction + OUTSIDE_COUNT] + 1 : 1;
        cells[direction + OUTSIDE_NEXT] = sequence + length;
        if (cells[direction + OUTSIDE_COUNT] >= OUTSIDE_RUN && !has(direction, ACKS_SEEN)) {
            skipTo(direction, sequence);
            cells[direction + NEXT] = sequence;
            releaseAll(direction);
            data(direction, sequence, level, buffer, offset, length);
        }
    }

    /** A segment of which some was told already. */
    private void repeated(
            int direction, int sequence, DirectBuffer buffer, int offset, int length) {
        counters.increment(Counter.STREAM_SEGMENTS_REPEATED);
        if (length > 1
                && sequence == cells[direction + LAST_START]
                && length == cells[direction + LAST_LENGTH]
                && sample(buffer, offset, length) != cells[direction + LAST_SAMPLE]) {
            counters.increment(Counter.STREAM_OVERLAP_CONFLICTS);
        }
    }

    private void remember(
            int direction, int sequence, DirectBuffer buffer, int offset, int length) {
        cells[direction + OUTSIDE_COUNT] = 0;
        cells[direction + LAST_START] = sequence;
        cells[direction + LAST_LENGTH] = length;
        cells[direction + LAST_SAMPLE] = sample(buffer, offset, length);
    }

    /** Of the bytes at both ends and in the middle: enough to notice that others came instead. */
    private static int sample(DirectBuffer buffer, int offset, int length) {
        if (length < Long.BYTES) {
            int sum = length;
            for (int i = 0; i < length; i++) {
                sum = sum * 31 + buffer.getByte(offset + i);
            }
            return sum;
        }
        long sum =
                buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN) * 0x9e37_79b9_7f4a_7c15L
                        + buffer.getLong(
                                offset + (length - Long.BYTES >> 1), ByteOrder.LITTLE_ENDIAN);
        sum =
                sum * 0x9e37_79b9_7f4a_7c15L
                        + buffer.getLong(offset + length - Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        return (int) (sum >>> 32 ^ sum);
    }

    private void tell(int direction, DirectBuffer buffer, int offset, int length) {
        int stream = StreamTable.streamOf(direction);
        table.mark(stream, StreamTable.TOLD);
        listener.bytes(stream, StreamTable.fromClient(direction), buffer, offset, length);
    }

    private void gap(int direction, int length) {
        counters.increment(Counter.STREAM_GAPS);
        counters.add(Counter.STREAM_GAP_BYTES, length);
        listener.gap(StreamTable.streamOf(direction), StreamTable.fromClient(direction), length);
    }

    /**
     * Tells a segment that begins at the next sequence number: its own bytes, but for those that
     * are held and trusted already.
     */
    private void through(int direction, int sequence, DirectBuffer buffer, int offset, int length) {
        int end = sequence + length;
        int direct = sequence; // from here on nothing was told yet
        int at = sequence;
        int block = cells[direction + HELD];
        boolean differs = false;
        while (block != HeldBytes.NONE && held.base(block) - end < 0) {
            int blockEnd = nearer(held.end(block), end);
            if (held.base(block) - at > 0) {
                at = held.base(block);
            }
            while (at - blockEnd < 0) {
                int run = Math.min(held.run(block, at), blockEnd - at);
                int level = held.level(block, at);
                differs |=
                        level != 0
                                && held.differs(block, at, buffer, offset + (at - sequence), run);
                if (level == TRUSTED) {
                    if (at != direct) {
                        tell(direction, buffer, offset + (direct - sequence), at - direct);
                    }
                    tell(direction, held.buffer(), held.index(block, at), run);
                    direct = at + run;
                }
                at += run;
            }
            block = held.next(block);
        }
        if (direct != end) {
            tell(direction, buffer, offset + (direct - sequence), end - direct);
        }
        if (differs) {
            counters.increment(Counter.STREAM_OVERLAP_CONFLICTS);
        }
        cells[direction + NEXT] = end;
        releasePassed(direction);
    }

    private void hold(
            int direction, int sequence, int level, DirectBuffer buffer, int offset, int length) {
        counters.increment(
                level == TRUSTED ? Counter.STREAM_SEGMENTS_HELD : Counter.STREAM_SEGMENTS_DOUBTFUL);
        makeRoom(direction, length / HeldBytes.BLOCK + 2);
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
                held.next(lent, block);
                if (previous == HeldBytes.NONE) {
                    cells[direction + HELD] = lent;
                } else {
                    held.next(previous, lent);
                }
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

    /** Takes blocks from the streams that wait longest, until there are {@code blocks}. */
    private void makeRoom(int direction, int blocks) {
        int own = StreamTable.streamOf(direction);
        int oldest = table.firstWaiting();
        while (held.freeBlocks() < blocks && oldest != StreamTable.NONE) {
            int next = table.nextWaiting(oldest);
            if (oldest != own) {
                counters.increment(Counter.STREAMS_FLUSHED);
                flush(StreamTable.direction(oldest, true), false);
                flush(StreamTable.direction(oldest, false), false);
            }
            oldest = next;
        }
    }

    /** Tells what is held and follows; doubtful bytes only as far as they are acknowledged. */
    void settle(int direction) {
        int acked = has(direction, ACKS_SEEN) ? cells[direction + ACKED] : cells[direction + NEXT];
        advance(direction, acked);
    }

    private void advance(int direction, int acked) {
        int block = cells[direction + HELD];
        while (block != HeldBytes.NONE) {
            int next = cells[direction + NEXT];
            if (held.base(block) - next > 0) {
                break;
            }
            int level = held.level(block, next);
            int run = Math.min(held.run(block, next), held.end(block) - next);
            if (level == 0) {
                break;
            }
            if (level != TRUSTED) {
                run = Math.min(run, acked - next);
                if (run <= 0) {
                    break;
                }
                believe(direction, level, run);
            }
            cells[direction + NEXT] = next + run;
            tell(direction, held.buffer(), held.index(block, next), run);
            releasePassed(direction);
            block = cells[direction + HELD];
        }
        wait(direction);
    }

    /** What was doubted reached the receiver: the like of it is doubted no longer. */
    private void believe(int direction, int level, int length) {
        counters.add(Counter.STREAM_DOUBTFUL_BYTES_USED, length);
        int doubt = level - TRUSTED;
        if (doubt <= LOW_TTL_MAX) {
            ttl(direction, Math.max(1, ttl(direction) - doubt));
        } else if (doubt >= WRONG_SUM && doubt < NO_ACK) {
            mark(direction, SUMS_OFF);
            clear(direction, GOOD_SUM);
        }
    }

    private void wait(int direction) {
        int stream = StreamTable.streamOf(direction);
        if (holds(direction)) {
            table.await(stream);
        } else if (!holds(StreamTable.peer(direction))) {
            table.stopWaiting(stream);
        }
    }

    /** Goes on to a sequence number: tells what is held up to it and the gaps in between. */
    void skipTo(int direction, int target) {
        while (target - cells[direction + NEXT] > 0) {
            advance(direction, target);
            int next = cells[direction + NEXT];
            if (target - next <= 0) {
                break;
            }
            int hole = nearer(firstHeld(direction, next, false), target);
            if (hole == next) {
                hole = target; // held, but for no use
            }
            cells[direction + NEXT] = hole;
            gap(direction, hole - next);
            releasePassed(direction);
        }
        clear(direction, HOLE_SEEN);
        wait(direction);
    }

    /**
     * Tells all that is held, with its gaps, and holds nothing any more. Doubtful bytes are told
     * only if {@code all}.
     */
    void flush(int direction, boolean all) {
        if (has(direction, GUESSED)) {
            believeGuess(direction);
        }
        while (holds(direction)) {
            int next = cells[direction + NEXT];
            int first = firstHeld(direction, next, !all);
            if (first - next >= FAR - 1) {
                break;
            }
            if (first != next) {
                cells[direction + NEXT] = first;
                gap(direction, first - next);
                releasePassed(direction);
            }
            advance(direction, all ? first + window : first);
        }
        releaseAll(direction);
        wait(direction);
    }

    /** The first sequence number from {@code from} on that is held; far away if there is none. */
    private int firstHeld(int direction, int from, boolean trusted) {
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

    private void releasePassed(int direction) {
        int block = cells[direction + HELD];
        while (block != HeldBytes.NONE && held.end(block) - cells[direction + NEXT] <= 0) {
            block = held.release(block);
        }
        cells[direction + HELD] = block;
    }

    void releaseAll(int direction) {
        int block = cells[direction + HELD];
        while (block != HeldBytes.NONE) {
            block = held.release(block);
        }
        cells[direction + HELD] = HeldBytes.NONE;
    }

    /** Whether all up to the FIN was told; notes it once. */
    boolean ends(int direction) {
        if (!has(direction, FIN_SEEN)) {
            return false;
        }
        int behind = cells[direction + NEXT] - cells[direction + FIN];
        if (behind > 0) {
            clear(direction, FIN_SEEN); // data goes on: it was none
            return false;
        }
        if (behind == 0) {
            mark(direction, ENDED);
        }
        return behind == 0;
    }
}
