package ips.core.http;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import org.agrona.DirectBuffer;

/**
 * Takes requests apart for judges: path, query, cookies, headers, and the body by its type.
 * Responses are passed over. Owned by one thread; allocates nothing after it is made.
 *
 * <p>A body is gathered up to {@value #BODY} bytes and taken apart when it ends, breaks off or goes
 * on: then window by window ({@link BodySplitter}), up to {@link HttpConfig#bodyBytes}. One that is
 * compressed is inflated, as far as its first {@value #BODY} bytes go. A body of a type not known
 * is recognised by its beginning, or handed out whole. When all slots are taken, the body of
 * another request is judged as far as it has come.
 *
 * <p>Headers that browsers send with every request are handed out only if they hold a sign that
 * they never need.
 *
 * <pre>
 *  slot  | Content-Type, 256 | body, 64 KiB
 * </pre>
 */
public final class RequestReader implements HttpListener {
    static final int BODY = 64 << 10;
    static final int INFLATED = 128 << 10;

    private static final int KEPT = 256;
    private static final int TYPE_AT = 0;
    private static final int BODY_AT = KEPT;
    private static final int LONGEST_REFERER = 4096;
    private static final int LONG_TYPE = 100;

    // Cells of a stream.
    private static final int SLOT = 0;
    private static final int LENGTH = 1;
    private static final int TYPE_LENGTH = 2;
    private static final int ENCODED = 3;
    private static final int BROTLI = 2;
    private static final int STATE = 4;
    private static final int SEEN = 5;
    private static final int STRIDE = 8;

    private static final String[] ROUTINE = {
        "host",
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
        "content-length",
        "transfer-encoding",
        "upgrade-insecure-requests",
        "cache-control",
        "pragma",
        "if-modified-since",
        "if-none-match",
        "dnt"
    };

    private static final boolean[] NEVER_ROUTINE = new boolean[256];

    static {
        for (char c : "{}<>'()`|\\%$".toCharArray()) {
            NEVER_ROUTINE[c] = true;
        }
    }

    private final PartListener parts;
    private final Counters counters;
    private final int[] cells;
    private final Slots slots;
    private final FrameBuffer path = FrameBuffer.allocateDirect(KEPT);
    private final FrameBuffer type = FrameBuffer.allocateDirect(KEPT);
    private final FrameBuffer referer = FrameBuffer.allocateDirect(LONGEST_REFERER);
    private final BodySplitter splitter = new BodySplitter(INFLATED);
    private final BodyInflater inflater = new BodyInflater(BODY, INFLATED);
    private final SwellingAllowance allowance = new SwellingAllowance();
    private final int mostOfBody;
    private boolean running;
    private boolean bodyFollows;
    private int pathLength;
    private int typeLength;
    private boolean encoded;
    private boolean brotli;

    /**
     * @param streams streams are numbered from 0 to this, exclusive
     * @param config this worker's part
     */
    public RequestReader(int streams, HttpConfig config, PartListener parts, Counters counters) {
        this.parts = parts;
        this.counters = counters;
        cells = new int[streams * STRIDE];
        slots = new Slots(config.bodies(), BODY_AT + BODY);
        mostOfBody = config.bodyBytes();
    }

    /** Frame time went on by a tenth of a second, or more. */
    public void tick() {
        allowance.renew();
    }

    /** Requests that may wait for their bodies at a time. */
    public int slots() {
        return slots.count();
    }

    @Override
    public void request(
            int stream,
            DirectBuffer buffer,
            int method,
            int methodLength,
            int uri,
            int uriLength,
            int version) {
        judgeIfWaiting(stream);
        int end = uri + uriLength;
        int query = Bytes.find(buffer, uri, end, '?');
        int pathEnd = query < 0 ? end : query;
        int from = pathStart(buffer, uri, pathEnd);
        pathLength = Math.min(KEPT, pathEnd - from);
        path.putBytes(0, buffer, from, pathLength);
        typeLength = 0;
        encoded = false;
        brotli = false;
        running = true;
        parts.begin(stream, path, 0, pathLength);
        parts.part(PartKind.PATH, buffer, uri, 0, buffer, uri, pathEnd - uri);
        if (query >= 0) {
            PairSplitter.split(PartKind.QUERY, '&', buffer, query + 1, end, parts);
        }
    }

    /** Behind scheme and authority, if there are any. */
    private static int pathStart(DirectBuffer buffer, int uri, int end) {
        int scheme = Bytes.startsWith(buffer, uri, end, "http://") ? 7 : 0;
        scheme = Bytes.startsWith(buffer, uri, end, "https://") ? 8 : scheme;
        int slash = scheme == 0 ? uri : Bytes.find(buffer, uri + scheme, end, '/');
        return slash < 0 ? end : slash;
    }

    @Override
    public void header(
            int stream,
            boolean fromClient,
            DirectBuffer buffer,
            int name,
            int nameLength,
            int value,
            int valueLength) {
        if (!fromClient) {
            return;
        }
        if (!running) {
            resumeHead(stream);
        }
        int end = value + valueLength;
        if (nameLength == 6 && Bytes.startsWith(buffer, name, name + 6, "cookie")) {
            PairSplitter.split(PartKind.COOKIE, ';', buffer, value, end, parts);
            return;
        }
        PartKind kind = PartKind.HEADER;
        if (Bytes.equal(buffer, name, nameLength, "user-agent")) {
            kind = PartKind.USER_AGENT;
        } else if (Bytes.equal(buffer, name, nameLength, "referer")
                || Bytes.equal(buffer, name, nameLength, "origin")) {
            referer(buffer, name, nameLength, value, end);
            return;
        } else if (Bytes.equal(buffer, name, nameLength, "content-type")) {
            typeLength = Math.min(KEPT, valueLength);
            type.putBytes(0, buffer, value, typeLength);
            if (valueLength <= LONG_TYPE && !odd(buffer, value, end)) {
                return;
            }
        } else if (Bytes.equal(buffer, name, nameLength, "content-encoding")) {
            encoded = !Bytes.equal(buffer, value, valueLength, "identity");
            brotli = Bytes.equal(buffer, value, valueLength, "br");
        } else if (Bytes.equal(buffer, name, nameLength, "transfer-encoding")
                && (Bytes.findWord(buffer, value, end, "gzip") >= 0
                        || Bytes.findWord(buffer, value, end, "deflate") >= 0)) {
            encoded = true;
        } else if (isRoutine(buffer, name, nameLength, value, end)) {
            return;
        }
        int from = value;
        if (Bytes.startsWith(buffer, value, end, "basic ")
                && (Bytes.equal(buffer, name, nameLength, "authorization")
                        || Bytes.equal(buffer, name, nameLength, "proxy-authorization"))) {
            from = Bytes.skipSpace(buffer, value + 6, end); // name and password, in base64
        }
        parts.part(kind, buffer, name, nameLength, buffer, from, end - from);
    }

    private static boolean isRoutine(
            DirectBuffer buffer, int name, int nameLength, int value, int end) {
        boolean known = false;
        for (int i = 0; i < ROUTINE.length && !known; i++) {
            known = Bytes.equal(buffer, name, nameLength, ROUTINE[i]);
        }
        return known && !odd(buffer, value, end);
    }

    /** Whether a value holds a sign that what browsers send by routine never needs. */
    private static boolean odd(DirectBuffer buffer, int from, int end) {
        for (int at = from; at < end; at++) {
            int c = buffer.getByte(at) & 0xff;
            if (NEVER_ROUTINE[c] || c == '.' && at > from && buffer.getByte(at - 1) == '.') {
                return true;
            }
        }
        return false;
    }

    /** A URL of the client's own: its path and its parameters. */
    private void referer(DirectBuffer buffer, int name, int nameLength, int value, int end) {
        int query = Bytes.find(buffer, value, end, '?');
        int pathEnd = query < 0 ? end : query;
        parts.part(PartKind.REFERER, buffer, name, nameLength, buffer, value, pathEnd - value);
        if (query < 0) {
            return;
        }
        int length = Math.min(LONGEST_REFERER, end - query - 1);
        for (int i = 0; i < length; i++) {
            byte c = buffer.getByte(query + 1 + i);
            referer.putByte(i, c == '+' ? (byte) ' ' : c);
        }
        PairSplitter.split(PartKind.REFERER, '&', referer, 0, length, parts);
        if (length < end - query - 1) {
            int rest = query + 1 + length;
            parts.part(PartKind.REFERER, buffer, name, nameLength, buffer, rest, end - rest);
        }
    }

    @Override
    public void headersEnd(int stream, boolean fromClient, boolean hasBody) {
        if (fromClient && hasBody) {
            if (!running) { // nothing but the empty line was left of a long head
                resumeHead(stream);
            }
            bodyFollows = true;
        }
    }

    /** A long head goes on. */
    private void resumeHead(int stream) {
        running = true;
        pathLength = 0;
        typeLength = 0;
        encoded = false;
        brotli = false;
        parts.begin(stream, path, 0, 0);
    }

    @Override
    public void headPause(int stream, boolean fromClient) {
        if (!fromClient || !running) {
            return;
        }
        running = false;
        if (bodyFollows) {
            bodyFollows = false;
            gather(stream);
        } else {
            parts.end(stream);
        }
    }

    /** Sets the request aside for its body. One slot is always free for the next. */
    private void gather(int stream) {
        int slot = slots.take(stream);
        slots.buffer(slot).putBytes(TYPE_AT, type, 0, typeLength);
        int at = stream * STRIDE;
        cells[at + SLOT] = slot + 1;
        cells[at + LENGTH] = 0;
        cells[at + TYPE_LENGTH] = typeLength;
        cells[at + ENCODED] = brotli ? BROTLI : encoded ? 1 : 0;
        cells[at + STATE] = BodySplitter.FRESH;
        cells[at + SEEN] = 0;
        parts.pause(stream, slot);
        if (slots.isFull()) {
            counters.increment(Counter.HTTP_BODIES_CUT);
            int victim = slots.nextVictim();
            judge(victim == stream ? slots.nextVictim() : victim);
        }
    }

    @Override
    public void body(int stream, boolean fromClient, DirectBuffer buffer, int offset, int length) {
        int at = stream * STRIDE;
        if (!fromClient || cells[at + SLOT] == 0) {
            return;
        }
        int allowed = Math.min(length, mostOfBody - cells[at + SEEN]);
        int taken = 0;
        while (taken < allowed) {
            int kept = cells[at + LENGTH];
            if (kept == BODY) {
                if (cells[at + ENCODED] != 0) {
                    break;
                }
                window(stream);
                kept = cells[at + LENGTH];
            }
            int some = Math.min(allowed - taken, BODY - kept);
            slots.buffer(cells[at + SLOT] - 1)
                    .putBytes(BODY_AT + kept, buffer, offset + taken, some);
            cells[at + LENGTH] = kept + some;
            taken += some;
        }
        cells[at + SEEN] += taken;
        if (taken < length) {
            counters.increment(Counter.HTTP_BODIES_CUT);
            judge(stream);
        }
    }

    /** Hands out a full slot as far as its fields are complete, which makes room for more. */
    private void window(int stream) {
        int at = stream * STRIDE;
        int slot = cells[at + SLOT] - 1;
        FrameBuffer gathered = slots.buffer(slot);
        int end = BODY_AT + cells[at + LENGTH];
        parts.resume(stream, slot);
        splitter.split(
                gathered,
                TYPE_AT,
                TYPE_AT + cells[at + TYPE_LENGTH],
                gathered,
                BODY_AT,
                end,
                cells[at + STATE],
                true,
                parts);
        parts.pause(stream, slot);
        cells[at + STATE] = splitter.state();
        cells[at + LENGTH] = splitter.keep(gathered, BODY_AT, end);
    }

    @Override
    public void messageEnd(int stream, boolean fromClient, boolean complete) {
        if (fromClient) {
            judgeIfWaiting(stream);
        }
    }

    @Override
    public void leftHttp(int stream) {
        judgeIfWaiting(stream);
        parts.leftHttp(stream);
    }

    private void judgeIfWaiting(int stream) {
        if (cells[stream * STRIDE + SLOT] != 0) {
            judge(stream);
        }
    }

    /** Hands out what was gathered of a body, which ends its request. */
    private void judge(int stream) {
        int at = stream * STRIDE;
        int slot = cells[at + SLOT] - 1;
        int length = cells[at + LENGTH];
        parts.resume(stream, slot);
        if (length > 0) {
            FrameBuffer gathered = slots.buffer(slot);
            int typeEnd = TYPE_AT + cells[at + TYPE_LENGTH];
            int inflated = 0;
            int client = parts.client(stream);
            int most = Math.min(mostOfBody, allowance.of(client, length));
            if (cells[at + ENCODED] != 0) {
                boolean isBrotli = cells[at + ENCODED] == BROTLI;
                inflated = inflater.inflate(gathered, BODY_AT, length, isBrotli, most);
                if (inflated == 0) {
                    counters.increment(Counter.HTTP_BODIES_BROKEN);
                }
            }
            if (inflated > 0) {
                int swollen = inflated(gathered, typeEnd, inflated, most);
                allowance.charge(client, length, swollen);
            } else {
                splitter.split(
                        gathered,
                        TYPE_AT,
                        typeEnd,
                        gathered,
                        BODY_AT,
                        BODY_AT + length,
                        cells[at + STATE],
                        false,
                        parts);
            }
        }
        slots.release(slot);
        cells[at + SLOT] = 0;
        parts.end(stream);
    }

    /** Hands out what the inflater makes of a body, window by window; how much that is. */
    private int inflated(FrameBuffer gathered, int typeEnd, int first, int most) {
        FrameBuffer buffer = inflater.buffer();
        int length = first;
        int seen = first;
        int state = BodySplitter.FRESH;
        while (inflater.full() && seen < most) {
            splitter.split(gathered, TYPE_AT, typeEnd, buffer, 0, length, state, true, parts);
            state = splitter.state();
            int kept = splitter.keep(buffer, 0, length);
            length = inflater.more(kept, most - seen);
            seen += length - kept;
        }
        if (inflater.full()) {
            counters.increment(Counter.HTTP_BODIES_CUT);
        }
        splitter.split(gathered, TYPE_AT, typeEnd, buffer, 0, length, state, false, parts);
        return seen;
    }
}
