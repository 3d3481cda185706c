package ips.core.http;

import static ips.core.http.Directions.CHUNKED;
import static ips.core.http.Directions.CONNECT;
import static ips.core.http.Directions.DIGITS;
import static ips.core.http.Directions.EXTENSION;
import static ips.core.http.Directions.FLAGS;
import static ips.core.http.Directions.HAS_LENGTH;
import static ips.core.http.Directions.HEADERS;
import static ips.core.http.Directions.IGNORED;
import static ips.core.http.Directions.INCOMPLETE;
import static ips.core.http.Directions.IN_CHUNK_SIZE;
import static ips.core.http.Directions.IN_CLOSE;
import static ips.core.http.Directions.IN_LENGTH;
import static ips.core.http.Directions.NO_BODY;
import static ips.core.http.Directions.SMUGGLING;
import static ips.core.http.Directions.STATE;
import static ips.core.http.Directions.TRAILER;
import static ips.core.http.Directions.TUNNEL;
import static ips.core.http.Directions.isClient;
import static ips.core.http.Directions.streamOf;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * Knows where messages end: reads the headers that say how long a body is (RFC 9112 §6), begins
 * bodies and ends messages, and leaves streams that turn to something else. Where servers differ
 * (Content-Length beside chunked, or twice) it is counted as smuggling and chunked, or the first,
 * counts. Owned by the parser's thread.
 */
final class Framing {
    private static final int MOST_DIGITS = 18;

    private final Directions directions;
    private final int[] cells;
    private final GatheredHeads heads;
    private final HttpListener listener;
    private final Counters counters;

    Framing(Directions directions, GatheredHeads heads, HttpListener listener, Counters counters) {
        this.directions = directions;
        cells = directions.cells;
        this.heads = heads;
        this.listener = listener;
        this.counters = counters;
    }

    /** Headers that say how long the body is. */
    void header(
            int dir,
            DirectBuffer buffer,
            int name,
            int nameLength,
            int value,
            int valueEnd,
            boolean spaced) {
        if (nameLength == 14 && Bytes.startsWith(buffer, name, name + 14, "content-length")) {
            contentLength(dir, buffer, value, valueEnd);
        } else if (nameLength == 17
                && Bytes.startsWith(buffer, name, name + 17, "transfer-encoding")) {
            int length = valueEnd - value;
            if (Bytes.findWord(buffer, value, Math.min(valueEnd, value + 256), "chunked") >= 0) {
                boolean plain =
                        Bytes.startsWith(buffer, valueEnd - 7, valueEnd, "chunked")
                                && (length == 7 || " ,\t".indexOf(before(buffer, valueEnd)) >= 0);
                if (!plain || spaced) {
                    smuggles(dir);
                }
                directions.mark(dir, CHUNKED);
            } else if (!Bytes.equal(buffer, value, length, "identity")) {
                smuggles(dir);
            }
        }
    }

    private static char before(DirectBuffer buffer, int valueEnd) {
        return (char) buffer.getByte(valueEnd - 8);
    }

    private void contentLength(int dir, DirectBuffer buffer, int value, int end) {
        long length = 0;
        boolean signed = value < end && buffer.getByte(value) == '+';
        int first = signed ? value + 1 : value;
        int at = first;
        while (at < end && at - first < MOST_DIGITS) {
            int digit = buffer.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            length = length * 10 + digit;
            at++;
        }
        if (signed || at == first || at < end) {
            smuggles(dir);
        }
        if (directions.has(dir, HAS_LENGTH)) {
            if (length != directions.remaining(dir)) {
                smuggles(dir);
            }
            return;
        }
        directions.mark(dir, HAS_LENGTH);
        directions.remaining(dir, length);
    }

    private void smuggles(int dir) {
        if (!directions.has(dir, SMUGGLING)) {
            directions.mark(dir, SMUGGLING);
            counters.increment(Counter.HTTP_SMUGGLING);
        }
    }

    /** The head is complete: begins its body, or ends the message without one. */
    void headersEnd(int dir) {
        int stream = streamOf(dir);
        boolean client = isClient(dir);
        int flags = cells[dir + FLAGS];
        cells[dir + HEADERS] = 0;
        if ((flags & TRAILER) != 0) {
            listener.headPause(stream, client);
            end(dir, true);
            return;
        }
        boolean noBody = (flags & NO_BODY) != 0;
        boolean chunked = (flags & CHUNKED) != 0 && !noBody;
        boolean length = (flags & HAS_LENGTH) != 0 && directions.remaining(dir) > 0 && !noBody;
        boolean close = !client && !noBody && (flags & (HAS_LENGTH | CHUNKED)) == 0;
        if ((flags & CHUNKED) != 0 && (flags & HAS_LENGTH) != 0) {
            smuggles(dir);
        }
        listener.headersEnd(stream, client, chunked || length || close);
        listener.headPause(stream, client);
        if ((flags & TUNNEL) != 0) {
            counters.increment(Counter.HTTP_TUNNELS);
            listener.messageEnd(stream, client, true);
            leave(Directions.of(stream, true));
        } else if (chunked) {
            cells[dir + STATE] = IN_CHUNK_SIZE;
            directions.clear(dir, DIGITS | EXTENSION);
            directions.declared(dir, directions.remaining(dir));
            directions.remaining(dir, 0);
        } else if (length) {
            cells[dir + STATE] = IN_LENGTH;
        } else if (close) {
            cells[dir + STATE] = IN_CLOSE;
        } else {
            boolean connect = (flags & CONNECT) != 0;
            end(dir, true);
            if (connect) {
                directions.mark(dir, CONNECT); // until its answer says whether it is granted
            }
        }
    }

    /** Ends the body, or the message without one. */
    void end(int dir, boolean complete) {
        boolean whole = complete && !directions.has(dir, INCOMPLETE);
        directions.nextMessage(dir);
        listener.messageEnd(streamOf(dir), isClient(dir), whole);
    }

    /** Reads no more of a client's stream, or of what a server sends. */
    void leave(int dir) {
        int stream = streamOf(dir);
        if (isClient(dir)) {
            heads.release(Directions.of(stream, true));
            heads.release(Directions.of(stream, false));
            cells[Directions.of(stream, true) + STATE] = IGNORED;
            cells[Directions.of(stream, false) + STATE] = IGNORED;
            listener.leftHttp(stream);
        } else {
            heads.release(dir);
            cells[dir + STATE] = IGNORED;
        }
    }
}
