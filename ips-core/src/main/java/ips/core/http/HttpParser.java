package ips.core.http;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Reads HTTP/1.x (RFC 9112, HTTP/0.9 too) from the bytes of streams, however they are cut. One per
 * worker; owned by its thread; allocates nothing after it is made.
 *
 * <p>A head that lies in one range is read in place; one that is cut is gathered in a slot of
 * {@value #HEAD} bytes first. A head longer than that is told in several runs; a line longer than
 * that is told up to there and skipped to its end. When all slots are taken, an incomplete head is
 * told as far as it has come.
 *
 * <p>Leniency follows what servers do: bare LF ends a line, empty lines before a request are
 * skipped, folded headers are one header, a chunk may have extensions. Where servers differ
 * (Content-Length beside chunked, or twice) it is counted as smuggling and chunked, or the first,
 * counts. What is no HTTP is left alone: at once on a new stream, after {@value #BROKEN_LINES}
 * broken lines on one that spoke HTTP.
 *
 * <pre>
 *  HEAD ──► LENGTH, CLOSE ──────────────────────────► HEAD ...
 *    │ └──► CHUNK_SIZE ◄──► CHUNK_DATA; size 0: HEAD (trailers)
 *    └ a line too long, or broken: SKIP_LINE ──► HEAD        anything else: IGNORED
 * </pre>
 *
 * <p>48 bytes a direction of a stream, and the slots.
 */
public final class HttpParser {
    static final int HEAD = 32 << 10;
    static final int BROKEN_LINES = 64;
    static final int MOST_HEADERS = 1000;

    private static final int NEW_LINES = 2;
    private static final int LONGEST_METHOD = 32;
    private static final int MOST_PENDING = 32;
    private static final int MOST_DIGITS = 18;

    // Cells of a direction.
    private static final int STATE = 0;
    private static final int FLAGS = 1;
    private static final int SLOT = 2;
    private static final int KEPT = 3;
    private static final int SCANNED = 4;
    private static final int LINE = 5;
    private static final int HEADERS = 6;
    private static final int BROKEN = 7;
    private static final int PENDING = 8;
    private static final int PENDING_HEAD = 9;
    private static final int STRIDE = 10;

    private static final int IN_HEAD = 0;
    private static final int IN_LENGTH = 1;
    private static final int IN_CLOSE = 2;
    private static final int IN_CHUNK_SIZE = 3;
    private static final int IN_CHUNK_DATA = 4;
    private static final int SKIP_LINE = 5;
    private static final int IGNORED = 6;

    // Flags of a message.
    /** The first line was read; what comes are headers. */
    private static final int STARTED = 1;

    private static final int TRAILER = 1 << 1;
    private static final int HAS_LENGTH = 1 << 2;
    private static final int CHUNKED = 1 << 3;
    private static final int NO_BODY = 1 << 4;
    private static final int INTERIM = 1 << 5;
    private static final int TUNNEL = 1 << 6;
    private static final int INCOMPLETE = 1 << 7;
    private static final int DIGITS = 1 << 8;
    private static final int EXTENSION = 1 << 9;
    private static final int SMUGGLING = 1 << 10;
    private static final int CONNECT = 1 << 11;

    // Flags of a direction; they outlive messages.
    private static final int SPOKE = 1 << 16;
    private static final int LASTING = SPOKE;

    private final HttpListener listener;
    private final Counters counters;
    private final int[] cells;
    private final long[] remaining;
    private final Slots slots;

    /** Whether the head being told ends before its time. */
    private boolean cut;

    /**
     * @param streams streams are numbered from 0 to this, exclusive
     * @param config this worker's part
     */
    public HttpParser(int streams, HttpConfig config, HttpListener listener, Counters counters) {
        this.listener = listener;
        this.counters = counters;
        cells = new int[streams * 2 * STRIDE];
        remaining = new long[streams * 2];
        slots = new Slots(config.heads(), HEAD);
        Arrays.fill(cells, 0);
    }

    private static int direction(int stream, boolean fromClient) {
        return (stream * 2 + (fromClient ? 0 : 1)) * STRIDE;
    }

    private static int streamOf(int at) {
        return at / (2 * STRIDE);
    }

    private static boolean isClient(int at) {
        return at / STRIDE % 2 == 0;
    }

    /** A stream begins: whatever had its number before is forgotten. */
    public void opened(int stream) {
        reset(direction(stream, true));
        reset(direction(stream, false));
    }

    private void reset(int at) {
        releaseSlot(at);
        Arrays.fill(cells, at, at + STRIDE, 0);
    }

    /** A stream ends. */
    public void closed(int stream) {
        for (int side = 0; side < 2; side++) {
            int at = direction(stream, side == 0);
            int state = cells[at + STATE];
            if (state == IN_CLOSE) {
                end(at, true);
            } else if (state == IN_LENGTH
                    || state == IN_CHUNK_DATA
                    || state == IN_CHUNK_SIZE
                    || (cells[at + FLAGS] & TRAILER) != 0) {
                end(at, false);
            }
            reset(at);
        }
    }

    /** Bytes of a direction are missing. */
    public void gap(int stream, boolean fromClient, int length) {
        int at = direction(stream, fromClient);
        switch (cells[at + STATE]) {
            case IN_LENGTH, IN_CHUNK_DATA -> {
                long left = remaining[at / STRIDE] - length;
                cells[at + FLAGS] |= INCOMPLETE;
                if (left >= 0) {
                    remaining[at / STRIDE] = left;
                    if (left == 0) {
                        bodyPieceEnds(at);
                    }
                } else {
                    end(at, false);
                    cells[at + STATE] = SKIP_LINE;
                }
            }
            case IN_HEAD -> {
                boolean begun = (cells[at + FLAGS] & (STARTED | TRAILER)) != 0;
                if (begun || cells[at + KEPT] > 0) {
                    tellKept(at);
                    listener.messageEnd(stream, fromClient, false);
                    nextMessage(at);
                }
                cells[at + STATE] = SKIP_LINE;
            }
            case IN_CHUNK_SIZE -> {
                end(at, false);
                cells[at + STATE] = SKIP_LINE;
            }
            default -> {}
        }
    }

    /** The next bytes of a direction. */
    public void bytes(int stream, boolean fromClient, DirectBuffer buffer, int offset, int length) {
        int dir = direction(stream, fromClient);
        int at = offset;
        int end = offset + length;
        while (at < end) {
            switch (cells[dir + STATE]) {
                case IN_HEAD -> at = head(dir, buffer, at, end);
                case IN_LENGTH, IN_CHUNK_DATA -> at = body(dir, buffer, at, end);
                case IN_CLOSE -> {
                    listener.body(stream, fromClient, buffer, at, end - at);
                    at = end;
                }
                case IN_CHUNK_SIZE -> at = chunkSize(dir, buffer, at, end);
                case SKIP_LINE -> at = skipLine(dir, buffer, at, end);
                default -> {
                    return;
                }
            }
        }
    }

    private int body(int dir, DirectBuffer buffer, int at, int end) {
        int some = (int) Math.min(remaining[dir / STRIDE], end - at);
        remaining[dir / STRIDE] -= some;
        listener.body(streamOf(dir), isClient(dir), buffer, at, some);
        if (remaining[dir / STRIDE] == 0) {
            bodyPieceEnds(dir);
        }
        return at + some;
    }

    private void bodyPieceEnds(int dir) {
        if (cells[dir + STATE] == IN_LENGTH) {
            end(dir, true);
        } else {
            cells[dir + STATE] = IN_CHUNK_SIZE;
            cells[dir + FLAGS] &= ~(DIGITS | EXTENSION);
            remaining[dir / STRIDE] = 0;
        }
    }

    private int chunkSize(int dir, DirectBuffer buffer, int from, int end) {
        for (int at = from; at < end; at++) {
            int c = buffer.getByte(at);
            int flags = cells[dir + FLAGS];
            if (c == '\n') {
                if ((flags & DIGITS) == 0) {
                    continue; // that behind the chunk before
                }
                if (remaining[dir / STRIDE] == 0) {
                    cells[dir + STATE] = IN_HEAD;
                    cells[dir + FLAGS] |= TRAILER;
                } else {
                    cells[dir + STATE] = IN_CHUNK_DATA;
                }
                return at + 1;
            }
            int digit = Bytes.hex(c);
            if ((flags & EXTENSION) != 0 || c == '\r') {
                continue;
            }
            if (digit >= 0 && remaining[dir / STRIDE] < 1L << 56) {
                remaining[dir / STRIDE] = remaining[dir / STRIDE] << 4 | digit;
                cells[dir + FLAGS] |= DIGITS;
            } else if ((flags & DIGITS) != 0 && (c == ';' || c == ' ' || c == '\t')) {
                cells[dir + FLAGS] |= EXTENSION;
            } else {
                counters.increment(Counter.HTTP_CHUNKS_BROKEN);
                end(dir, false);
                cells[dir + STATE] = SKIP_LINE;
                return at;
            }
        }
        return end;
    }

    private int skipLine(int dir, DirectBuffer buffer, int at, int end) {
        int lf = Bytes.find(buffer, at, end, '\n');
        if (lf < 0) {
            return end;
        }
        cells[dir + STATE] = IN_HEAD;
        return lf + 1;
    }

    /** Ends the body, or the message without one. */
    private void end(int dir, boolean complete) {
        boolean whole = complete && (cells[dir + FLAGS] & INCOMPLETE) == 0;
        nextMessage(dir);
        listener.messageEnd(streamOf(dir), isClient(dir), whole);
    }

    private void nextMessage(int dir) {
        cells[dir + STATE] = IN_HEAD;
        cells[dir + FLAGS] &= LASTING;
        cells[dir + HEADERS] = 0;
        remaining[dir / STRIDE] = 0;
    }

    // Heads.

    private int head(int dir, DirectBuffer buffer, int from, int end) {
        int at = from;
        if (cells[dir + KEPT] == 0) {
            boolean fresh = (cells[dir + FLAGS] & (STARTED | TRAILER)) == 0;
            if (fresh) {
                while (at < end && (buffer.getByte(at) == '\r' || buffer.getByte(at) == '\n')) {
                    at++;
                }
                if (at == end || !isPlausible(dir, buffer, at, end)) {
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
        boolean fresh = (cells[dir + FLAGS] & (STARTED | TRAILER)) == 0;
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
        return first && isClient(dir) && !hasVersion(buffer, line, lf);
    }

    private static boolean hasVersion(DirectBuffer buffer, int line, int lf) {
        int end = Bytes.trimEnd(buffer, line, lf);
        int at = end - 8;
        return at > line && Bytes.startsWith(buffer, at, end, "http/")
                || at + 2 > line && Bytes.startsWith(buffer, at + 2, end, "http/"); // HTTP/2
    }

    /** Whether what has come of a first line may become one. */
    private boolean isPlausible(int dir, DirectBuffer buffer, int from, int end) {
        if (!isClient(dir)) {
            String word = "http/";
            int length = Math.min(word.length(), end - from);
            for (int i = 0; i < length; i++) {
                if (Bytes.lower(buffer.getByte(from + i)) != word.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
        int last = Math.min(end, from + LONGEST_METHOD + 1);
        for (int at = from; at < last; at++) {
            int c = buffer.getByte(at);
            if (c == ' ' || c == '\t') {
                return at > from;
            }
            int letter = c | 0x20;
            if ((letter < 'a' || letter > 'z') && c != '-' && c != '_') {
                return false;
            }
        }
        return end - from <= LONGEST_METHOD;
    }

    /** A line that begins no message. */
    private int broken(int dir, int at) {
        releaseSlot(dir);
        nextMessage(dir);
        boolean spoke = (cells[dir + FLAGS] & SPOKE) != 0;
        cells[dir + STATE] = SKIP_LINE;
        if (++cells[dir + BROKEN] > (spoke ? BROKEN_LINES : NEW_LINES)) {
            if (spoke) {
                counters.increment(Counter.HTTP_STREAMS_GIVEN_UP);
            }
            leave(dir);
        } else if (spoke) {
            counters.increment(Counter.HTTP_LINES_BROKEN);
        }
        return at;
    }

    private void leave(int dir) {
        int stream = streamOf(dir);
        if (isClient(dir)) {
            releaseSlot(direction(stream, true));
            releaseSlot(direction(stream, false));
            cells[direction(stream, true) + STATE] = IGNORED;
            cells[direction(stream, false) + STATE] = IGNORED;
            listener.leftHttp(stream);
        } else {
            releaseSlot(dir);
            cells[dir + STATE] = IGNORED;
        }
    }

    private boolean takeSlot(int dir) {
        if (slots.isFull()) {
            int victim = slots.nextVictim();
            counters.increment(Counter.HTTP_HEADS_CUT);
            tellKept(victim);
        }
        cells[dir + SLOT] = slots.take(dir) + 1;
        cells[dir + KEPT] = 0;
        cells[dir + SCANNED] = 0;
        cells[dir + LINE] = 0;
        return cells[dir + SLOT] > 0;
    }

    private void releaseSlot(int dir) {
        if (cells[dir + SLOT] > 0) {
            slots.release(cells[dir + SLOT] - 1);
            cells[dir + SLOT] = 0;
            cells[dir + KEPT] = 0;
        }
    }

    /** Puts bytes behind those kept and reads the head if that completes it. */
    private int keep(int dir, DirectBuffer buffer, int at, int end) {
        int base = slots.offset(cells[dir + SLOT] - 1);
        int kept = cells[dir + KEPT];
        int some = Math.min(end - at, HEAD - kept);
        slots.buffer().putBytes(base + kept, buffer, at, some);
        int length = kept + some;
        cells[dir + KEPT] = length;
        boolean fresh = (cells[dir + FLAGS] & (STARTED | TRAILER)) == 0;
        while (true) {
            int scanned = cells[dir + SCANNED];
            int lf = Bytes.find(slots.buffer(), base + scanned, base + length, '\n') - base;
            if (lf < 0) {
                cells[dir + SCANNED] = length;
                break;
            }
            int line = cells[dir + LINE];
            boolean first = fresh && line == 0;
            if (endsHead(dir, slots.buffer(), base + line, base + lf, first)) {
                cells[dir + KEPT] = 0;
                int slot = cells[dir + SLOT] - 1;
                cells[dir + SLOT] = 0;
                tell(dir, slots.buffer(), base, base + lf + 1);
                slots.release(slot);
                return at + lf + 1 - kept;
            }
            cells[dir + LINE] = lf + 1;
            cells[dir + SCANNED] = lf + 1;
        }
        if (fresh && kept < LONGEST_METHOD) {
            if (!isPlausible(dir, slots.buffer(), base, base + length)) {
                return broken(dir, at + some);
            }
        }
        if (length == HEAD) {
            overflow(dir, base);
        }
        return at + some;
    }

    /** Tells the whole lines of a full slot and keeps the rest, or cuts a single long line. */
    private void overflow(int dir, int base) {
        counters.increment(Counter.HTTP_HEADS_CUT);
        int line = cells[dir + LINE];
        int slot = cells[dir + SLOT] - 1;
        cells[dir + SLOT] = 0;
        cells[dir + KEPT] = 0;
        if (line == 0) {
            tellCut(dir, base, base + HEAD);
            slots.release(slot);
            return;
        }
        tell(dir, slots.buffer(), base, base + line);
        if (cells[dir + STATE] == IN_HEAD) {
            int rest = HEAD - line;
            slots.buffer().putBytes(base, slots.buffer(), base + line, rest);
            cells[dir + SLOT] = slot + 1;
            cells[dir + KEPT] = rest;
            cells[dir + SCANNED] = rest;
            cells[dir + LINE] = 0;
        } else {
            slots.release(slot);
        }
    }

    /** Tells what is kept of an incomplete head; the line it ends in is cut. */
    private void tellKept(int dir) {
        int slot = cells[dir + SLOT] - 1;
        if (slot < 0) {
            return;
        }
        int base = slots.offset(slot);
        int length = cells[dir + KEPT];
        cells[dir + SLOT] = 0;
        cells[dir + KEPT] = 0;
        if (length > 0) {
            tellCut(dir, base, base + length);
        }
        slots.release(slot);
    }

    /** Tells what there is of a head; the rest of its last line is skipped. */
    private void tellCut(int dir, int from, int end) {
        boolean midLine = slots.buffer().getByte(end - 1) != '\n';
        cut = true;
        tell(dir, slots.buffer(), from, end);
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
        if ((cells[dir + FLAGS] & (STARTED | TRAILER)) == 0) {
            int lf = Bytes.find(buffer, line, end, '\n');
            int stop = lf < 0 ? end : lf;
            int last = Bytes.trimEnd(buffer, line, stop);
            if (!(client ? request(dir, buffer, line, last) : response(dir, buffer, line, last))) {
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
                headersEnd(dir);
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

    private boolean request(int dir, DirectBuffer buffer, int line, int end) {
        int method = line;
        int methodEnd = method;
        while (methodEnd < end
                && methodEnd - method <= LONGEST_METHOD
                && !Bytes.isSpace(buffer.getByte(methodEnd))) {
            methodEnd++;
        }
        int uri = Bytes.skipSpace(buffer, methodEnd, end);
        if (methodEnd == method || uri == methodEnd || uri == end) {
            return false;
        }
        int uriEnd = end;
        int version = 9;
        int tail = end;
        while (tail > uri && !Bytes.isSpace(buffer.getByte(tail - 1)) && end - tail < 9) {
            tail--;
        }
        if (tail > uri && Bytes.startsWith(buffer, tail, end, "http/")) {
            int major = tail + 5 < end ? buffer.getByte(tail + 5) : '1';
            version = major == '2' ? 20 : buffer.getByte(end - 1) == '0' ? 10 : 11;
            uriEnd = Bytes.trimEnd(buffer, uri, tail);
        } else if (cut) {
            version = 11; // its end was not kept
        } else if (!Bytes.equal(buffer, method, methodEnd - method, "get")
                || buffer.getByte(uri) != '/') {
            return false;
        }
        int stream = streamOf(dir);
        if (version == 20 && Bytes.equal(buffer, method, methodEnd - method, "pri")) {
            counters.increment(Counter.HTTP_2_PREFACES);
            leave(dir);
            return true;
        }
        counters.increment(Counter.HTTP_REQUESTS);
        cells[dir + FLAGS] |= STARTED | SPOKE;
        cells[dir + BROKEN] = 0;
        boolean head = Bytes.equal(buffer, method, methodEnd - method, "head");
        boolean connect = Bytes.equal(buffer, method, methodEnd - method, "connect");
        int peer = direction(stream, false);
        if (cells[peer + PENDING] < MOST_PENDING) {
            cells[peer + PENDING_HEAD] |= (head ? 1 : 0) << cells[peer + PENDING]++;
        }
        if (connect) {
            cells[dir + FLAGS] |= CONNECT | NO_BODY;
        }
        listener.request(stream, buffer, method, methodEnd - method, uri, uriEnd - uri, version);
        if (version == 9) {
            headersEnd(dir);
        }
        return true;
    }

    private boolean response(int dir, DirectBuffer buffer, int line, int end) {
        int at = Bytes.find(buffer, line, end, ' ');
        if (!Bytes.startsWith(buffer, line, end, "http/") || at < 0) {
            return false;
        }
        at = Bytes.skipSpace(buffer, at, end);
        int status = 0;
        for (int digits = 0; digits < 3 && at < end; digits++, at++) {
            int digit = buffer.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            status = status * 10 + digit;
        }
        if (status < 100) {
            return false;
        }
        counters.increment(Counter.HTTP_RESPONSES);
        int stream = streamOf(dir);
        int flags = STARTED | SPOKE;
        if (status < 200 && status != 101) {
            flags |= INTERIM | NO_BODY;
        } else {
            if ((cells[dir + PENDING_HEAD] & 1) != 0 || status == 204 || status == 304) {
                flags |= NO_BODY;
            }
            cells[dir + PENDING_HEAD] >>>= 1;
            cells[dir + PENDING] = Math.max(0, cells[dir + PENDING] - 1);
            boolean connected =
                    status < 300 && (cells[direction(stream, true) + FLAGS] & CONNECT) != 0;
            if (status == 101 || connected) {
                flags |= TUNNEL;
            }
        }
        cells[dir + FLAGS] |= flags;
        cells[dir + BROKEN] = 0;
        listener.response(stream, status);
        return true;
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
        } else if ((cells[dir + FLAGS] & TRAILER) == 0) {
            framing(dir, buffer, name, nameEnd - name, value, valueEnd, nameEnd != colon);
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

    /** Headers that say how long the body is. */
    private void framing(
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
                cells[dir + FLAGS] |= CHUNKED;
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
        int at = value;
        while (at < end && at - value < MOST_DIGITS) {
            int digit = buffer.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            length = length * 10 + digit;
            at++;
        }
        if (at == value || at < end) {
            smuggles(dir);
        }
        if ((cells[dir + FLAGS] & HAS_LENGTH) != 0) {
            if (length != remaining[dir / STRIDE]) {
                smuggles(dir);
            }
            return;
        }
        cells[dir + FLAGS] |= HAS_LENGTH;
        remaining[dir / STRIDE] = length;
    }

    private void smuggles(int dir) {
        if ((cells[dir + FLAGS] & SMUGGLING) == 0) {
            cells[dir + FLAGS] |= SMUGGLING;
            counters.increment(Counter.HTTP_SMUGGLING);
        }
    }

    private void headersEnd(int dir) {
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
        boolean length = (flags & HAS_LENGTH) != 0 && remaining[dir / STRIDE] > 0 && !noBody;
        boolean close = !client && !noBody && (flags & (HAS_LENGTH | CHUNKED)) == 0;
        if ((flags & CHUNKED) != 0 && (flags & HAS_LENGTH) != 0) {
            smuggles(dir);
        }
        listener.headersEnd(stream, client, chunked || length || close);
        listener.headPause(stream, client);
        if ((flags & TUNNEL) != 0) {
            counters.increment(Counter.HTTP_TUNNELS);
            listener.messageEnd(stream, client, true);
            leave(direction(stream, true));
        } else if (chunked) {
            cells[dir + STATE] = IN_CHUNK_SIZE;
            cells[dir + FLAGS] &= ~(DIGITS | EXTENSION);
            remaining[dir / STRIDE] = 0;
        } else if (length) {
            cells[dir + STATE] = IN_LENGTH;
        } else if (close) {
            cells[dir + STATE] = IN_CLOSE;
        } else {
            boolean connect = (flags & CONNECT) != 0;
            end(dir, true);
            if (connect) {
                cells[dir + FLAGS] |= CONNECT; // until its answer says whether it is granted
            }
        }
    }
}
