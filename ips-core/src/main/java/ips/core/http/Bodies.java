package ips.core.http;

import static ips.core.http.Directions.DIGITS;
import static ips.core.http.Directions.EXTENSION;
import static ips.core.http.Directions.FLAGS;
import static ips.core.http.Directions.INCOMPLETE;
import static ips.core.http.Directions.IN_CHUNK_DATA;
import static ips.core.http.Directions.IN_CHUNK_SIZE;
import static ips.core.http.Directions.IN_HEAD;
import static ips.core.http.Directions.IN_LENGTH;
import static ips.core.http.Directions.SKIP_LINE;
import static ips.core.http.Directions.STATE;
import static ips.core.http.Directions.TRAILER;
import static ips.core.http.Directions.isClient;
import static ips.core.http.Directions.streamOf;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * Reads bodies whose length is known and those that come in chunks (RFC 9112 §7.1). The bytes of a
 * body are handed on and not looked at. Owned by the parser's thread.
 */
final class Bodies {
    private final Directions directions;
    private final int[] cells;
    private final Framing framing;
    private final HttpListener listener;
    private final Counters counters;

    Bodies(Directions directions, Framing framing, HttpListener listener, Counters counters) {
        this.directions = directions;
        cells = directions.cells;
        this.framing = framing;
        this.listener = listener;
        this.counters = counters;
    }

    /** Bytes are missing, of this body or chunk at first. */
    void gap(int dir, int length) {
        long left = directions.remaining(dir) - length;
        directions.mark(dir, INCOMPLETE);
        if (left >= 0) {
            directions.remaining(dir, left);
            if (left == 0) {
                pieceEnds(dir);
            }
        } else {
            framing.end(dir, false);
            cells[dir + STATE] = SKIP_LINE;
        }
    }

    /** Tells what of the bytes belongs to the body; returns where they go on. */
    int data(int dir, DirectBuffer buffer, int at, int end) {
        int some = (int) Math.min(directions.remaining(dir), end - at);
        directions.remaining(dir, directions.remaining(dir) - some);
        listener.body(streamOf(dir), isClient(dir), buffer, at, some);
        if (directions.remaining(dir) == 0) {
            pieceEnds(dir);
        }
        return at + some;
    }

    /** The body's or chunk's last byte was seen. */
    private void pieceEnds(int dir) {
        if (cells[dir + STATE] == IN_LENGTH) {
            framing.end(dir, true);
        } else {
            cells[dir + STATE] = IN_CHUNK_SIZE;
            directions.clear(dir, DIGITS | EXTENSION);
            directions.remaining(dir, 0);
        }
    }

    /** Reads a chunk's size and extensions; returns where the bytes go on. */
    int chunkSize(int dir, DirectBuffer buffer, int from, int end) {
        for (int at = from; at < end; at++) {
            int c = buffer.getByte(at);
            int flags = cells[dir + FLAGS];
            if (c == '\n') {
                if ((flags & DIGITS) == 0) {
                    continue; // that behind the chunk before
                }
                directions.declared(dir, 0);
                if (directions.remaining(dir) == 0) {
                    cells[dir + STATE] = IN_HEAD;
                    directions.mark(dir, TRAILER);
                } else {
                    cells[dir + STATE] = IN_CHUNK_DATA;
                }
                return at + 1;
            }
            int digit = Bytes.hex(c);
            if ((flags & EXTENSION) != 0 || c == '\r') {
                continue;
            }
            if (digit >= 0 && directions.remaining(dir) < 1L << 56) {
                directions.remaining(dir, directions.remaining(dir) << 4 | digit);
                directions.mark(dir, DIGITS);
            } else if ((flags & DIGITS) != 0 && (c == ';' || c == ' ' || c == '\t')) {
                directions.mark(dir, EXTENSION);
            } else {
                counters.increment(Counter.HTTP_CHUNKS_BROKEN);
                goesByLength(dir, at - from);
                return at;
            }
        }
        directions.declared(dir, Math.max(0, directions.declared(dir) - (end - from)));
        return end;
    }

    /**
     * A body that says it comes in chunks and does not goes by its Content-Length if it has one, as
     * for a server that does not know the coding; but for hexadecimal digits that it begins with.
     *
     * @param passed bytes of it that were taken for the size of its first chunk
     */
    private void goesByLength(int dir, int passed) {
        long left = directions.declared(dir) - passed;
        directions.declared(dir, 0);
        if (left > 0) {
            directions.remaining(dir, left);
            cells[dir + STATE] = IN_LENGTH;
        } else {
            framing.end(dir, false);
            cells[dir + STATE] = SKIP_LINE;
        }
    }
}
