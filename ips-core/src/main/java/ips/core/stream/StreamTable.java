package ips.core.stream;

import java.util.Arrays;

/**
 * The state of streams: 32 ints each, a cache line for either direction. Storage only; what it
 * means is {@link StreamReassembler}'s. Never grows.
 *
 * <pre>
 *  direction (client's at +0, server's at +16)
 *   +0 next sequence number   +1 acknowledged by the peer   +2 end of the peer's window
 *   +3 marks: 31..24 lowest TTL known to arrive | 23..20 window scale of the peer | 15..0 bits
 *   +4 end of data, by the FIN   +5 first block held   +6, +7, +8 the last segment told: start,
 *   length, sample   +9, +10 segments outside the window: where they go on, how many
 *  stream
 *   +11 connection   +12 marks   +13 tick of the last packet   +27, +28 before and behind it among
 *   those that wait   +29 next free
 * </pre>
 */
final class StreamTable {
    static final int NONE = -1;

    static final int NEXT = 0;
    static final int ACKED = 1;
    static final int EDGE = 2;
    static final int MARKS = 3;
    static final int FIN = 4;
    static final int HELD = 5;
    static final int LAST_START = 6;
    static final int LAST_LENGTH = 7;
    static final int LAST_SAMPLE = 8;
    static final int OUTSIDE_NEXT = 9;
    static final int OUTSIDE_COUNT = 10;

    private static final int STRIDE = 32;
    private static final int DIRECTION = 16;
    private static final int CONNECTION = 11;
    private static final int STREAM_MARKS = 12;
    private static final int LAST_TICK = 13;
    private static final int BEFORE = 27;
    private static final int BEHIND = 28;
    private static final int FREE = 29;

    // Marks of a stream.
    static final int TAKEN = 1;

    /** Bytes were told. */
    static final int TOLD = 1 << 1;

    /** A reset that fits was seen. */
    static final int RESET = 1 << 2;

    /** The listener wants no more of it. */
    static final int IGNORED = 1 << 3;

    static final int WAITING = 1 << 4;

    private static final int SAMPLES = 8;

    final int[] cells;
    private final int capacity;
    private int free;
    private int hand;
    private int firstWaiting = NONE;
    private int lastWaiting = NONE;

    StreamTable(int capacity) {
        this.capacity = capacity;
        cells = new int[capacity * STRIDE];
        for (int i = 0; i < capacity; i++) {
            cells[i * STRIDE + FREE] = i + 1 < capacity ? i + 1 : NONE;
        }
    }

    int capacity() {
        return capacity;
    }

    /** Where a direction's cells begin. */
    static int direction(int stream, boolean fromClient) {
        return stream * STRIDE + (fromClient ? 0 : DIRECTION);
    }

    static int peer(int direction) {
        return direction ^ DIRECTION;
    }

    static int streamOf(int direction) {
        return direction / STRIDE;
    }

    static boolean fromClient(int direction) {
        return (direction & DIRECTION) == 0;
    }

    int connection(int stream) {
        return cells[stream * STRIDE + CONNECTION];
    }

    boolean is(int stream, int mark) {
        return (cells[stream * STRIDE + STREAM_MARKS] & mark) != 0;
    }

    void mark(int stream, int mark) {
        cells[stream * STRIDE + STREAM_MARKS] |= mark;
    }

    void clear(int stream, int mark) {
        cells[stream * STRIDE + STREAM_MARKS] &= ~mark;
    }

    int lastTick(int stream) {
        return cells[stream * STRIDE + LAST_TICK];
    }

    void lastTick(int stream, int tick) {
        cells[stream * STRIDE + LAST_TICK] = tick;
    }

    /** A free stream, or {@link #NONE}. */
    int take(int connection) {
        int stream = free;
        if (stream == NONE) {
            return NONE;
        }
        int at = stream * STRIDE;
        free = cells[at + FREE];
        Arrays.fill(cells, at, at + STRIDE, 0);
        cells[at + HELD] = HeldBytes.NONE;
        cells[at + DIRECTION + HELD] = HeldBytes.NONE;
        cells[at + CONNECTION] = connection;
        cells[at + STREAM_MARKS] = TAKEN;
        return stream;
    }

    void release(int stream) {
        int at = stream * STRIDE;
        cells[at + STREAM_MARKS] = 0;
        cells[at + FREE] = free;
        free = stream;
    }

    /**
     * Which stream is to make way, of a few: those that told nothing yet or were reset first, then
     * the longest idle.
     */
    int victim(int tick) {
        int victim = NONE;
        int most = -1;
        for (int i = 0; i < SAMPLES; i++) {
            hand = hand + 1 < capacity ? hand + 1 : 0;
            if (is(hand, TAKEN)) {
                int idle = Math.min(tick - lastTick(hand), 1 << 29);
                boolean dead = !is(hand, TOLD) || is(hand, RESET);
                int score = dead ? idle | 1 << 30 : idle;
                if (score > most) {
                    most = score;
                    victim = hand;
                }
            }
        }
        return victim;
    }

    int firstWaiting() {
        return firstWaiting;
    }

    int nextWaiting(int stream) {
        return cells[stream * STRIDE + BEHIND];
    }

    /** Puts a stream behind all others that wait, unless it waits already. */
    void await(int stream) {
        if (is(stream, WAITING)) {
            return;
        }
        mark(stream, WAITING);
        int at = stream * STRIDE;
        cells[at + BEFORE] = lastWaiting;
        cells[at + BEHIND] = NONE;
        if (lastWaiting == NONE) {
            firstWaiting = stream;
        } else {
            cells[lastWaiting * STRIDE + BEHIND] = stream;
        }
        lastWaiting = stream;
    }

    void stopWaiting(int stream) {
        if (!is(stream, WAITING)) {
            return;
        }
        clear(stream, WAITING);
        int before = cells[stream * STRIDE + BEFORE];
        int behind = cells[stream * STRIDE + BEHIND];
        if (before == NONE) {
            firstWaiting = behind;
        } else {
            cells[before * STRIDE + BEHIND] = behind;
        }
        if (behind == NONE) {
            lastWaiting = before;
        } else {
            cells[behind * STRIDE + BEFORE] = before;
        }
    }
}
