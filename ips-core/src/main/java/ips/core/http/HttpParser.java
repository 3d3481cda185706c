package ips.core.http;

import static ips.core.http.Directions.BROKEN;
import static ips.core.http.Directions.ENDED;
import static ips.core.http.Directions.HEADERS;
import static ips.core.http.Directions.IN_CHUNK_DATA;
import static ips.core.http.Directions.IN_CHUNK_SIZE;
import static ips.core.http.Directions.IN_CLOSE;
import static ips.core.http.Directions.IN_HEAD;
import static ips.core.http.Directions.IN_LENGTH;
import static ips.core.http.Directions.KEPT;
import static ips.core.http.Directions.LINE;
import static ips.core.http.Directions.SCANNED;
import static ips.core.http.Directions.SKIP_LINE;
import static ips.core.http.Directions.SPOKE;
import static ips.core.http.Directions.STARTED;
import static ips.core.http.Directions.STATE;
import static ips.core.http.Directions.TRAILER;
import static ips.core.http.Directions.isClient;
import static ips.core.http.Directions.streamOf;
import static ips.core.http.StartLines.LONGEST_METHOD;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * Reads HTTP/1.x (RFC 9112, HTTP/0.9 too) from the bytes of streams, however they are cut. One per
 * worker; owned by its thread; allocates nothing after it is made.
 *
 * <p>A head that lies in one range is read in place; one that is cut is gathered in a slot of
 * {@value GatheredHeads#SIZE} bytes first. A head longer than that is told in several runs; a line
 * longer than that is told up to there and skipped to its end. When all slots are taken, an
 * incomplete head is told as far as it has come.
 *
 * <p>Leniency follows what servers do: bare LF ends a line, empty lines and spaces before a request
 * are skipped, folded headers are one header, a chunk may have extensions. What is no HTTP is left
 * alone: at once on a new stream, after {@value #BROKEN_LINES} broken lines on one that spoke HTTP.
 *
 * <pre>
 *  HEAD ──► LENGTH, CLOSE ──────────────────────────► HEAD ...
 *    │ └──► CHUNK_SIZE ◄──► CHUNK_DATA; size 0: HEAD (trailers)
 *    └ a line too long, or broken: SKIP_LINE ──► HEAD        anything else: IGNORED
 * </pre>
 *
 * <p>{@link StartLines} reads first lines, {@link Framing} knows where messages end, {@link Bodies}
 * what lies between, {@link GatheredHeads} keeps what is cut, {@link Directions} how far each
 * direction has come: 60 bytes a direction of a stream, and the slots.
 */
public final class HttpParser {
    static final int BROKEN_LINES = 64;
    static final int MOST_HEADERS = 1000;

    private static final int NEW_LINES = 2;

    private final HttpListener listener;
    private final Counters counters;
    private final Directions directions;
    private final int[] cells;
    private final GatheredHeads heads;
    private final Framing framing;
    private final StartLines startLines;
    private final Bodies bodies;

    /** Whether the head being told ends before its time. */
    private boolean cut;

    /**
     * @param streams streams are numbered from 0 to this, exclusive
     * @param config this worker's part
     */
    public HttpParser(int streams, HttpConfig config, HttpListener listener, Counters counters) {
        this.listener = listener;
        this.counters = counters;
        directions = new Directions(streams);
        cells = directions.cells;
        heads = new GatheredHeads(directions, config.heads());
        framing = new Framing(directions, heads, listener, counters);
        startLines = new StartLines(directions, framing, listener, counters);
        bodies = new Bodies(directions, framing, listener, counters);
    }

    /** A stream begins: whatever had its number before is forgotten. */
    public void opened(int stream) {
        reset(Directions.of(stream, true));
        reset(Directions.of(stream, false));
    }

    private void reset(int dir) {
        heads.release(dir);
        directions.reset(dir);
    }

    /** A stream ends. */
    public void closed(int stream) {
        for (int side = 0; side < 2; side++) {
            int at = Directions.of(stream, side == 0);
            int state = cells[at + STATE];
            if (state == IN_CLOSE) {
                framing.end(at, true);
            } else if (state == IN_LENGTH
                    || state == IN_CHUNK_DATA
                    || state == IN_CHUNK_SIZE
                    || directions.has(at, TRAILER)) {
                framing.end(at, false);
            }
            reset(at);
        }
    }

    /** Whether a client has begun a head and not ended it, as far as it is one beyond doubt. */
    public boolean isInHead(int stream) {
        int dir = Directions.of(stream, true);
        int state = cells[dir + STATE];
        if (state != IN_HEAD && state != SKIP_LINE || directions.has(dir, TRAILER)) {
            return false;
        }
        return directions.has(dir, STARTED)
                || state == IN_HEAD
                        && cells[dir + KEPT] > 0
                        && (cells[dir + LINE] > 0 || startLines.namesPath(heads.buffer(dir), dir));
    }

    /** Whether a client has begun a body and not ended it. */
    public boolean isInBody(int stream) {
        int dir = Directions.of(stream, true);
        int state = cells[dir + STATE];
        return state == IN_LENGTH
                || state == IN_CHUNK_SIZE
                || state == IN_CHUNK_DATA
                || state == IN_HEAD && directions.has(dir, TRAILER);
    }

    /** How many requests of a client were read to their end, or given up. */
    public int requestsEnded(int stream) {
        return cells[Directions.of(stream, true) + ENDED];
    }

    /** Bytes of a direction are missing. */
    public void gap(int stream, boolean fromClient, int length) {
        int at = Directions.of(stream, fromClient);
        switch (cells[at + STATE]) {
            case IN_LENGTH, IN_CHUNK_DATA -> bodies.gap(at, length);
            case IN_HEAD -> {
                boolean begun = directions.has(at, STARTED | TRAILER);
                if (begun || cells[at + KEPT] > 0) {
                    tellKept(at);
                    listener.messageEnd(stream, fromClient, false);
                    directions.nextMessage(at);
                }
                cells[at + STATE] = SKIP_LINE;
            }
            case IN_CHUNK_SIZE -> {
                framing.end(at, false);
                cells[at + STATE] = SKIP_LINE;
            }
            default -> {}
        }
    }

    /** The next bytes of a direction. */
    public void bytes(int stream, boolean fromClient, DirectBuffer buffer, int offset, int length) {
        int dir = Directions.of(stream, fromClient);
        int at = offset;
        int end = offset + length;
        while (at < end) {
            switch (cells[dir + STATE]) {
                case IN_HEAD -> at = head(dir, buffer, at, end);
                case IN_LENGTH, IN_CHUNK_DATA -> at = bodies.data(dir, buffer, at, end);
                case IN_CLOSE -> {
                    listener.body(stream, fromClient, buffer, at, end - at);
                    at = end;
                }
                case IN_CHUNK_SIZE -> at = bodies.chunkSize(dir, buffer, at, end);
                case SKIP_LINE -> at = skipLine(dir, buffer, at, end);
                default -> {
                    return;
                }
            }
        }
    }

    private int skipLine(int dir, DirectBuffer buffer, int at, int end) {
        int lf = Bytes.find(buffer, at, end, '\n');
        if (lf < 0) {
            return end;
        }
        cells[dir + STATE] = IN_HEAD;
        return lf + 1;
    }

    // Heads.

    private int head(int dir, DirectBuffer buffer, int from, int end) {
        int at = from;
        if (cells[dir + KEPT] == 0) {
            boolean fresh = !directions.has(dir, STARTED | TRAILER);
            if (fresh) {
                while (at < end && Bytes.isSpace(buffer.getByte(at))) {
                    at++;
                }
                if (at == end || !StartLines.isPlausible(dir, buffer, at, end)) {
                    return at == end ? end : broken(dir, at);
                }
            }
            int stop = headEnd(dir, buffer, at, end);
            if (stop >= 0) {
                tell(dir, buffer, at, stop);
                return stop;
            }
            if (!takeSlot(dir)) {
                return end;
            }
        }
        return keep(dir, buffer, at, end);
    }

    /** Where the head that begins at {@code from} ends, or -1. */
    private int headEnd(int dir, DirectBuffer buffer, int from, int end) {
        boolean fresh = !directions.has(dir, STARTED | TRAILER);
        int line = from;
        while (true) {
            int lf = Bytes.find(buffer, line, end, '\n');
            if (lf < 0) {
                return -1;
            }
            if (endsHead(dir, buffer, line, lf, fresh && line == from)) {
                return lf + 1;
            }
            line = lf + 1;
        }
    }

    private boolean endsHead(int dir, DirectBuffer buffer, int line, int lf, boolean first) {
        int length = lf - line;
        if (length == 0 || length == 1 && buffer.getByte(line) == '\r') {
            return true;
        }
        return first && isClient(dir) && !StartLines.hasVersion(buffer, line, lf);
    }

    /** A line that begins no message. */
    private int broken(int dir, int at) {
        heads.release(dir);
        directions.nextMessage(dir);
        boolean spoke = directions.has(dir, SPOKE);
        cells[dir + STATE] = SKIP_LINE;
        if (++cells[dir + BROKEN] > (spoke ? BROKEN_LINES : NEW_LINES)) {
            if (spoke) {
                counters.increment(Counter.HTTP_STREAMS_GIVEN_UP);
            }
            framing.leave(dir);
        } else if (spoke) {
            counters.increment(Counter.HTTP_LINES_BROKEN);
        }
        return at;
    }

    private boolean takeSlot(int dir) {
        if (heads.isFull()) {
            counters.increment(Counter.HTTP_HEADS_CUT);
            tellKept(heads.nextVictim());
        }
        return heads.take(dir);
    }

    /** Puts bytes behind those kept and reads the head if that completes it. */
    private int keep(int dir, DirectBuffer buffer, int at, int end) {
        DirectBuffer gathered = heads.buffer(dir);
        int kept = cells[dir + KEPT];
        int some = heads.append(dir, buffer, at, end);
        int length = kept + some;
        boolean fresh = !directions.has(dir, STARTED | TRAILER);
        if (fresh && kept <= LONGEST_METHOD) {
            if (!StartLines.isPlausible(dir, gathered, 0, length)) {
                return broken(dir, at); // what was kept is of the same line
            }
        }
        while (true) {
            int scanned = cells[dir + SCANNED];
            int lf = Bytes.find(gathered, scanned, length, '\n');
            if (lf < 0) {
                cells[dir + SCANNED] = length;
                break;
            }
            int line = cells[dir + LINE];
            boolean first = fresh && line == 0;
            if (endsHead(dir, gathered, line, lf, first)) {
                int slot = heads.detach(dir);
                tell(dir, gathered, 0, lf + 1);
                heads.free(slot);
                return at + lf + 1 - kept;
            }
            cells[dir + LINE] = lf + 1;
            cells[dir + SCANNED] = lf + 1;
        }
        if (length == GatheredHeads.SIZE) {
            overflow(dir);
        }
        return at + some;
    }

    /** Tells the whole lines of a full slot and keeps the rest, or cuts a single long line. */
    private void overflow(int dir) {
        counters.increment(Counter.HTTP_HEADS_CUT);
        int line = cells[dir + LINE];
        DirectBuffer gathered = heads.buffer(dir);
        int slot = heads.detach(dir);
        if (line == 0) {
            tellCut(dir, gathered, GatheredHeads.SIZE);
            heads.free(slot);
            return;
        }
        tell(dir, gathered, 0, line);
        if (cells[dir + STATE] == IN_HEAD) {
            heads.give(dir, slot, line);
        } else {
            heads.free(slot);
        }
    }

    /** Tells what is kept of an incomplete head; the line it ends in is cut. */
    private void tellKept(int dir) {
        if (!heads.has(dir)) {
            return;
        }
        DirectBuffer gathered = heads.buffer(dir);
        int length = cells[dir + KEPT];
        int slot = heads.detach(dir);
        if (length > 0) {
            tellCut(dir, gathered, length);
        }
        heads.free(slot);
    }

    /** Tells what there is of a head; the rest of its last line is skipped. */
    private void tellCut(int dir, DirectBuffer gathered, int end) {
        boolean midLine = gathered.getByte(end - 1) != '\n';
        cut = true;
        tell(dir, gathered, 0, end);
        cut = false;
        if (midLine && cells[dir + STATE] == IN_HEAD) {
            cells[dir + STATE] = SKIP_LINE;
        }
    }

    /** Tells a head, or some lines of one. */
    private void tell(int dir, DirectBuffer buffer, int from, int end) {
        int stream = streamOf(dir);
        boolean client = isClient(dir);
        int line = from;
        if (!directions.has(dir, STARTED | TRAILER)) {
            int lf = Bytes.find(buffer, line, end, '\n');
            int stop = lf < 0 ? end : lf;
            int last = Bytes.trimEnd(buffer, line, stop);
            if (!startLines.read(dir, buffer, line, last, cut)) {
                broken(dir, 0);
                if (cells[dir + STATE] == SKIP_LINE) {
                    cells[dir + STATE] = IN_HEAD; // its line is behind it
                }
                return;
            }
            line = stop + 1;
            if (cells[dir + STATE] != IN_HEAD) {
                return;
            }
        }
        while (line < end) {
            int lf = lineEnd(buffer, line, end);
            int stop = lf < 0 ? end : lf;
            if (stop == line || stop == line + 1 && buffer.getByte(line) == '\r') {
                framing.headersEnd(dir);
                return;
            }
            header(dir, buffer, line, stop);
            line = stop + 1;
        }
        listener.headPause(stream, client);
    }

    /** The line feed that ends a header, behind all lines folded into it. */
    private int lineEnd(DirectBuffer buffer, int line, int end) {
        int lf = Bytes.find(buffer, line, end, '\n');
        boolean blank = lf == line || lf == line + 1 && buffer.getByte(line) == '\r';
        while (lf >= 0 && !blank && lf + 1 < end) {
            int next = buffer.getByte(lf + 1);
            if (next != ' ' && next != '\t') {
                break;
            }
            counters.increment(Counter.HTTP_HEADERS_FOLDED);
            lf = Bytes.find(buffer, lf + 1, end, '\n');
        }
        return lf;
    }

    private void header(int dir, DirectBuffer buffer, int line, int end) {
        if (++cells[dir + HEADERS] > MOST_HEADERS) {
            counters.increment(Counter.HTTP_HEADERS_TOO_MANY);
        }
        int name = Bytes.skipSpace(buffer, line, end);
        int colon = Bytes.find(buffer, name, end, ':');
        int nameEnd = colon < 0 ? name : Bytes.trimEnd(buffer, name, colon);
        int value = Bytes.skipSpace(buffer, colon < 0 ? name : colon + 1, end);
        int valueEnd = Bytes.trimEnd(buffer, value, end);
        if (colon < 0) {
            counters.increment(Counter.HTTP_HEADERS_BROKEN);
        } else if (!directions.has(dir, TRAILER)) {
            framing.header(dir, buffer, name, nameEnd - name, value, valueEnd, nameEnd != colon);
        }
        if (cells[dir + HEADERS] <= MOST_HEADERS) {
            listener.header(
                    streamOf(dir),
                    isClient(dir),
                    buffer,
                    name,
                    nameEnd - name,
                    value,
                    valueEnd - value);
        }
    }
}
