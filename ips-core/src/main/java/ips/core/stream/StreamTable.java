package ips.core.stream;

import java.util.Arrays;

/**
 * The state of streams: 32 ints each, a cache line for either direction. Storage only; what it
 * means is {@link StreamReassembler}'s. Never grows.
 *
 * <pre>
 *  direction (client's at +0, server's at +16)
 *   +0 next sequence number   +1 acknowledged by the peer   +2 end of the peer's window
 *   +3 marks: 31..24 lowest TTL known to arrive | 23..20 window scale of the peer
 *             | 19..12 first TTL | 10..0 bits
 *   +4 end of data, by the FIN   +5 first block held   +6, +7, +8 the last segment told: start,
 *   length, sample   +9, +10 segments outside the window: where they go on, how many
 *   +14 last timestamp
 *  stream
 *   +11 connection   +12 marks   +13 tick of the last packet   +15 where the client began
 *   +27, +28 before and behind it among those that wait, or +27 next free
 *   +29, +31 another SYN of the client's: what it was like, where it begins
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
    static final int TIMESTAMP = 14;

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

    /** Its segments bear timestamps. */
    static final int TIMED = 1 << 9;

    /** Its segments are signed. */
    static final int SIGNED = 1 << 10;

    private static final int LOWEST_TTL_SHIFT = 24;
    private static final int FIRST_TTL_SHIFT = 12;
    private static final int TTL_MASK = 0xff;
    private static final int SCALE_SHIFT = 20;
    private static final int SCALE_MASK = 0xf << SCALE_SHIFT;

    private static final int STRIDE = 32;
    private static final int DIRECTION = 16;
    private static final int CONNECTION = 11;
    private static final int STREAM_MARKS = 12;
    private static final int LAST_TICK = 13;
    private static final int CLIENT_START = 15;
    private static final int BEFORE = 27;
    private static final int BEHIND = 28;
    private static final int FREE = BEFORE;
    private static final int SYN_NOTE = 29;
    private static final int SYN_START = 31;

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

    boolean has(int direction, int mark) {
        return (cells[direction + MARKS] & mark) != 0;
    }

    void mark(int direction, int mark) {
        cells[direction + MARKS] |= mark;
    }

    void clear(int direction, int mark) {
        cells[direction + MARKS] &= ~mark;
    }

    /** The TTL that a direction began with; 0 if it is not known. */
    int firstTtl(int direction) {
        return cells[direction + MARKS] >>> FIRST_TTL_SHIFT & TTL_MASK;
    }

    void firstTtl(int direction, int ttl) {
        int others = cells[direction + MARKS] & ~(TTL_MASK << FIRST_TTL_SHIFT);
        cells[direction + MARKS] = others | ttl << FIRST_TTL_SHIFT;
        lowestTtl(direction, ttl);
    }

    /** The lowest TTL that is known to reach the receiver; 0 if none is. */
    int lowestTtl(int direction) {
        return cells[direction + MARKS] >>> LOWEST_TTL_SHIFT;
    }

    void lowestTtl(int direction, int ttl) {
        int others = cells[direction + MARKS] & (1 << LOWEST_TTL_SHIFT) - 1;
        cells[direction + MARKS] = others | ttl << LOWEST_TTL_SHIFT;
    }

    /** Window scale of the direction's receiver. */
    int scale(int direction) {
        return (cells[direction + MARKS] & SCALE_MASK) >>> SCALE_SHIFT;
    }

    void scale(int direction, int scale) {
        cells[direction + MARKS] = cells[direction + MARKS] & ~SCALE_MASK | scale << SCALE_SHIFT;
    }

    /** A direction's next sequence number, from now on. */
    void start(int direction, int sequence) {
        cells[direction + NEXT] = sequence;
        mark(direction, KNOWN);
        clear(direction, GUESSED);
    }

    int connection(int stream) {
        return cells[stream * STRIDE + CONNECTION];
    }

    boolean is(int stream, int mark) {
        return (cells[stream * STRIDE + STREAM_MARKS] & mark) != 0;
    }

    void set(int stream, int mark) {
        cells[stream * STRIDE + STREAM_MARKS] |= mark;
    }

    void unset(int stream, int mark) {
        cells[stream * STRIDE + STREAM_MARKS] &= ~mark;
    }

    /** Where the client's data began, if its beginning was seen. */
    int clientStart(int stream) {
        return cells[stream * STRIDE + CLIENT_START];
    }

    void clientStart(int stream, int sequence) {
        cells[stream * STRIDE + CLIENT_START] = sequence;
    }

    /** What a SYN of the client's was like that came when the stream was under way; 0 for none. */
    int synNote(int stream) {
        return cells[stream * STRIDE + SYN_NOTE];
    }

    /** The sequence number of the first byte behind that SYN. */
    int synStart(int stream) {
        return cells[stream * STRIDE + SYN_START];
    }

    void noteSyn(int stream, int note, int start) {
        cells[stream * STRIDE + SYN_NOTE] = note;
        cells[stream * STRIDE + SYN_START] = start;
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
        set(stream, WAITING);
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
        unset(stream, WAITING);
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
