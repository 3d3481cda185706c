package ips.core.http;

import java.util.Arrays;

/**
 * What the parser knows of the directions of streams: some cells each, and the flags of the message
 * that is being read. 60 bytes a direction. Owned by the parser's thread.
 */
final class Directions {
    // Cells of a direction.
    static final int STATE = 0;
    static final int FLAGS = 1;

    /** One more than the slot in which its head is gathered; 0 where none is. */
    static final int SLOT = 2;

    /** Bytes of the head gathered so far. */
    static final int KEPT = 3;

    /** Bytes of those in which no line end is left to be found. */
    static final int SCANNED = 4;

    /** Where among them the last line begins. */
    static final int LINE = 5;

    static final int HEADERS = 6;
    static final int BROKEN = 7;

    /** Requests that wait for their responses; the server's direction only. */
    static final int PENDING = 8;

    /** A bit for each of them: whether it was HEAD. */
    static final int PENDING_HEAD = 9;

    /** How many messages were read to their end, or given up. */
    static final int ENDED = 10;

    static final int STRIDE = 11;

    // States.
    static final int IN_HEAD = 0;
    static final int IN_LENGTH = 1;
    static final int IN_CLOSE = 2;
    static final int IN_CHUNK_SIZE = 3;
    static final int IN_CHUNK_DATA = 4;
    static final int SKIP_LINE = 5;
    static final int IGNORED = 6;

    // Flags of a message.
    /** The first line was read; what comes are headers. */
    static final int STARTED = 1;

    static final int TRAILER = 1 << 1;
    static final int HAS_LENGTH = 1 << 2;
    static final int CHUNKED = 1 << 3;
    static final int NO_BODY = 1 << 4;
    static final int TUNNEL = 1 << 5;
    static final int INCOMPLETE = 1 << 6;
    static final int DIGITS = 1 << 7;
    static final int EXTENSION = 1 << 8;
    static final int SMUGGLING = 1 << 9;
    static final int CONNECT = 1 << 10;

    // Flags of a direction; they outlive messages.
    static final int SPOKE = 1 << 16;
    private static final int LASTING = SPOKE;

    final int[] cells;

    /** Bytes of the body, or of the chunk, that are still to come: one a direction. */
    private final long[] remaining;

    /** The Content-Length beside chunks, of which no chunk was read yet; or 0. */
    private final long[] declared;

    Directions(int streams) {
        cells = new int[streams * 2 * STRIDE];
        remaining = new long[streams * 2];
        declared = new long[streams * 2];
    }

    /** Where the cells of a direction begin; directions are called by this everywhere. */
    static int of(int stream, boolean fromClient) {
        return (stream * 2 + (fromClient ? 0 : 1)) * STRIDE;
    }

    static int streamOf(int dir) {
        return dir / (2 * STRIDE);
    }

    static boolean isClient(int dir) {
        return dir / STRIDE % 2 == 0;
    }

    boolean has(int dir, int flag) {
        return (cells[dir + FLAGS] & flag) != 0;
    }

    void mark(int dir, int flag) {
        cells[dir + FLAGS] |= flag;
    }

    void clear(int dir, int flag) {
        cells[dir + FLAGS] &= ~flag;
    }

    long remaining(int dir) {
        return remaining[dir / STRIDE];
    }

    void remaining(int dir, long bytes) {
        remaining[dir / STRIDE] = bytes;
    }

    long declared(int dir) {
        return declared[dir / STRIDE];
    }

    void declared(int dir, long bytes) {
        declared[dir / STRIDE] = bytes;
    }

    /** Forgets the message at hand: a head comes next. */
    void nextMessage(int dir) {
        cells[dir + STATE] = IN_HEAD;
        cells[dir + FLAGS] &= LASTING;
        cells[dir + HEADERS] = 0;
        cells[dir + ENDED]++;
        remaining(dir, 0);
    }

    /** Forgets everything. */
    void reset(int dir) {
        Arrays.fill(cells, dir, dir + STRIDE, 0);
    }
}
