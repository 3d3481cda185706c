package ips.core.stream;

import static ips.core.stream.HeldBytes.TRUSTED;
import static ips.core.stream.StreamTable.ACKED;
import static ips.core.stream.StreamTable.ACKS_SEEN;
import static ips.core.stream.StreamTable.ENDED;
import static ips.core.stream.StreamTable.FIN;
import static ips.core.stream.StreamTable.FIN_SEEN;
import static ips.core.stream.StreamTable.GUESSED;
import static ips.core.stream.StreamTable.HELD;
import static ips.core.stream.StreamTable.HOLE_SEEN;
import static ips.core.stream.StreamTable.LAST_LENGTH;
import static ips.core.stream.StreamTable.LAST_SAMPLE;
import static ips.core.stream.StreamTable.LAST_START;
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
    /** Segments that go on from one another outside the window, until one believes them. */
    private static final int OUTSIDE_RUN = 8;

    /** Segments after which a guessed beginning is believed, though nothing was acknowledged. */
    private static final int MOST_GUESSED = 32;

    /** So that what is held of a guessed stream never spans half of the sequence numbers. */
    private static final int GUESS_REACH = 1 << 29;

    private final StreamTable table;
    private final int[] cells;
    private final HeldBytes arena;
    private final HeldSegments held;
    private final SegmentDoubt doubts;
    private final StreamListener listener;
    private final Counters counters;
    private final int window;

    SegmentOrder(
            StreamTable table,
            HeldBytes arena,
            SegmentDoubt doubts,
            StreamListener listener,
            Counters counters,
            int window) {
        this.table = table;
        this.cells = table.cells;
        this.arena = arena;
        this.held = new HeldSegments(table, arena, counters);
        this.doubts = doubts;
        this.listener = listener;
        this.counters = counters;
        this.window = window;
    }

    boolean holds(int direction) {
        return held.any(direction);
    }

    /** Takes the data of a segment. */
    void data(int direction, int sequence, int level, DirectBuffer buffer, int offset, int length) {
        int next = cells[direction + NEXT];
        int ahead = sequence - next;
        if (table.has(direction, GUESSED)) {
            guess(direction, sequence, level, buffer, offset, length);
            return;
        }
        if (ahead == 0 && level == TRUSTED && cells[direction + HELD] == HeldBytes.NONE) {
            remember(direction, sequence, buffer, offset, length);
            cells[direction + NEXT] = sequence + length;
            tell(direction, buffer, offset, length);
            return;
        }
        if (ahead > 0 && cells[direction + ACKED] - next > 0 && table.has(direction, ACKS_SEEN)) {
            // the receiver has what is missing: it was lost to us
            skipTo(direction, nearer(cells[direction + ACKED], sequence));
            ahead = sequence - cells[direction + NEXT];
        }
        int from = offset;
        int start = sequence;
        int left = length;
        if (ahead < 0) {
            if (ahead < -HeldSegments.FAR) {
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
        int first = held.first(direction, acknowledged - window, false);
        cells[direction + NEXT] = nearer(first, acknowledged);
        believeGuess(direction);
    }

    void believeGuess(int direction) {
        table.clear(direction, GUESSED);
        cells[direction + OUTSIDE_COUNT] = 0;
        releasePassed(direction);
        held.releaseBeyond(direction, cells[direction + NEXT] + window);
        settle(direction);
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
        if (cells[direction + OUTSIDE_COUNT] >= OUTSIDE_RUN && !table.has(direction, ACKS_SEEN)) {
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
        table.set(stream, StreamTable.TOLD);
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
        while (block != HeldBytes.NONE && arena.base(block) - end < 0) {
            int blockEnd = nearer(arena.end(block), end);
            if (arena.base(block) - at > 0) {
                at = arena.base(block);
            }
            while (at - blockEnd < 0) {
                int run = Math.min(arena.run(block, at), blockEnd - at);
                int level = arena.level(block, at);
                differs |=
                        level != 0
                                && arena.differs(block, at, buffer, offset + (at - sequence), run);
                if (level == TRUSTED) {
                    if (at != direct) {
                        tell(direction, buffer, offset + (direct - sequence), at - direct);
                    }
                    tell(direction, arena.buffer(), arena.index(block, at), run);
                    direct = at + run;
                }
                at += run;
            }
            block = arena.next(block);
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
        makeRoom(direction, length);
        held.put(direction, sequence, level, buffer, offset, length);
    }

    /** Takes room from the streams that wait longest, until there is enough for a segment. */
    private void makeRoom(int direction, int length) {
        int own = StreamTable.streamOf(direction);
        int oldest = table.firstWaiting();
        while (!held.hasRoom(length) && oldest != StreamTable.NONE) {
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
        int acked =
                table.has(direction, ACKS_SEEN)
                        ? cells[direction + ACKED]
                        : cells[direction + NEXT];
        advance(direction, acked);
    }

    private void advance(int direction, int acked) {
        int block = cells[direction + HELD];
        while (block != HeldBytes.NONE) {
            int next = cells[direction + NEXT];
            if (arena.base(block) - next > 0) {
                break;
            }
            int level = arena.level(block, next);
            int run = Math.min(arena.run(block, next), arena.end(block) - next);
            if (level == 0) {
                break;
            }
            if (level != TRUSTED) {
                run = Math.min(run, acked - next);
                if (run <= 0) {
                    break;
                }
                counters.add(Counter.STREAM_DOUBTFUL_BYTES_USED, run);
                doubts.refuted(direction, level - TRUSTED);
            }
            cells[direction + NEXT] = next + run;
            tell(direction, arena.buffer(), arena.index(block, next), run);
            releasePassed(direction);
            block = cells[direction + HELD];
        }
        wait(direction);
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
            int hole = nearer(held.first(direction, next, false), target);
            if (hole == next) {
                hole = target; // held, but for no use
            }
            cells[direction + NEXT] = hole;
            gap(direction, hole - next);
            releasePassed(direction);
        }
        table.clear(direction, HOLE_SEEN);
        wait(direction);
    }

    /**
     * Tells all that is held, with its gaps, and holds nothing any more. Doubtful bytes are told
     * only if {@code all}.
     */
    void flush(int direction, boolean all) {
        if (table.has(direction, GUESSED)) {
            believeGuess(direction);
        }
        while (holds(direction)) {
            int next = cells[direction + NEXT];
            int first = held.first(direction, next, !all);
            if (first - next >= HeldSegments.FAR - 1) {
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

    private void releasePassed(int direction) {
        held.releasePassed(direction, cells[direction + NEXT]);
    }

    void releaseAll(int direction) {
        held.releaseAll(direction);
    }

    /** Whether all up to the FIN was told; notes it once. */
    boolean ends(int direction) {
        if (!table.has(direction, FIN_SEEN)) {
            return false;
        }
        int behind = cells[direction + NEXT] - cells[direction + FIN];
        if (behind > 0) {
            table.clear(direction, FIN_SEEN); // data goes on: it was none
            return false;
        }
        if (behind == 0) {
            table.mark(direction, ENDED);
        }
        return behind == 0;
    }
}
