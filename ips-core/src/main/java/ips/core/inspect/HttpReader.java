package ips.core.inspect;

import java.util.List;

/**
 * Reads one direction of an HTTP connection into the messages of its transactions: lines, heads,
 * bodies by length, by chunks or to the end.
 */
final class HttpReader {
    private static final int LINES = 0;
    private static final int COUNTED = 1;
    private static final int CHUNK_LENGTH = 2;
    private static final int CHUNK = 3;
    private static final int UNTIL_END = 4;
    private static final int TUNNEL = 5;
    private static final int CHUNK_END = 6;
    private static final int SWITCHING = 101;
    private static final int LONGEST_LINE = 64 << 10;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final HttpConversation conversation;
    private final HttpPool pool;
    private final boolean toServer;
    private final GrowingBytes current;
    private final BodyDecoder decoder;
    private HttpTransaction at;
    private HttpMessage message;

    /** The transaction before, whose message may have more bytes than were announced. */
    private HttpTransaction last;

    /** Whether it has. */
    private boolean spilling;

    private int mode;
    private long left;
    private boolean carriageReturn;
    private boolean trailer;
    private boolean completed;

    /** Whether rules may have something new to look at. */
    private boolean news;

    /** Whether a line that may be an answer's first follows the line at hand. */
    private boolean answerFollows;

    /** How long CRLF or LF of the line at hand is; 0 where the stream ends without. */
    private int lineEnd;

    HttpReader(HttpConversation conversation, HttpPool pool, boolean toServer) {
        this.conversation = conversation;
        this.pool = pool;
        this.toServer = toServer;
        current = new GrowingBytes(pool.buffers, LONGEST_LINE);
        decoder = new BodyDecoder(pool, 0);
    }

    void begin() {
        current.clear();
        decoder.end();
        at = null;
        message = null;
        last = null;
        mode = LINES;
        carriageReturn = false;
        trailer = false;
    }

    /** Whether a message of this transaction is being read. */
    boolean isAt(HttpTransaction transaction) {
        return at == transaction;
    }

    /** Whether there are bytes that belong to no message yet. */
    boolean holdsBytes() {
        return current.length() > 0;
    }

    /** What follows is no HTTP. */
    void becomeTunnel() {
        mode = TUNNEL;
    }

    /** Lets go of a transaction that is over. */
    void forget(HttpTransaction gone) {
        last = last == gone ? null : last;
    }

    /** Takes bytes; returns whether a message was completed. */
    boolean read(ByteRange bytes) {
        completed = false;
        news = false;
        int i = 0;
        while (i < bytes.length) {
            switch (mode) {
                case COUNTED, CHUNK -> {
                    int taken = (int) Math.min(left, bytes.length - i);
                    body(bytes, i, taken);
                    i += taken;
                    left -= taken;
                    if (left == 0) {
                        news = true;
                        if (mode == COUNTED) {
                            finish();
                        } else {
                            mode = CHUNK_END;
                        }
                    }
                }
                case CHUNK_END -> {
                    mode = bytes.at(i) == '\n' ? CHUNK_LENGTH : CHUNK_END;
                    i++;
                }
                case UNTIL_END -> {
                    body(bytes, i, bytes.length - i);
                    i = bytes.length;
                }
                case TUNNEL -> i = bytes.length;
                default -> {
                    news = true;
                    i = line(bytes, i);
                }
            }
        }
        awaitLeftover();
        return completed;
    }

    /** Whether what was read last may be more than some bytes of a body. */
    boolean hasNews() {
        return news;
    }

    /** A message is not over while a line behind it that is no beginning is not whole. */
    private void awaitLeftover() {
        if (last == null || message != null || mode != LINES || current.length() == 0) {
            return;
        }
        HttpMessage before = last.side(toServer);
        if (!before.endAsked
                && !HttpStarts.is(toServer, current.array(), 0, current.length(), false)) {
            before.state = HttpMessage.State.BODY;
        }
    }

    /** Takes a line that nothing announced for one of the body before. */
    private boolean leftover(byte[] text, int from, int to) {
        if (last == null) {
            return false;
        }
        HttpMessage before = last.side(toServer);
        before.state = HttpMessage.State.DONE;
        boolean blank = to == from;
        if (blank && !spilling) {
            return false;
        }
        if (before.endAsked || !blank && HttpStarts.is(toServer, text, from, to, true)) {
            last = null;
            return false;
        }
        spilling = true;
        if (toServer && lineEnd > 0) {
            before.note(HttpEvent.REQUEST_BODY_UNEXPECTED);
        }
        before.body.add(text, from, to - from);
        before.body.add(LINE_END, LINE_END.length - lineEnd, lineEnd);
        before.bodyBytes += to - from + lineEnd;
        completed = true;
        return true;
    }

    private int line(ByteRange bytes, int i) {
        if (!carriageReturn) {
            int end = bytes.indexOfLineEnd(i);
            if (current.length() == 0 && end - i < LONGEST_LINE) {
                int next = wholeLine(bytes, i, end);
                if (next > 0) {
                    return next;
                }
            }
            if (end > i) {
                raw(bytes, i, end - i);
                current.add(bytes, i, end - i);
                return end;
            }
        }
        byte b = bytes.at(i);
        if (carriageReturn) {
            carriageReturn = false;
            if (b == '\n') {
                raw(bytes, i, 1);
                lineEnd = 2;
                answerFollows = i + 1 < bytes.length && bytes.at(i + 1) == 'H';
                endedInPieces();
                return i + 1;
            }
            if (mode == LINES && !toServer && message != null && b != '\r') {
                endedInPieces(); // a lone CR ends a line, too
                return i;
            }
            current.add((byte) '\r');
        }
        raw(bytes, i, 1);
        if (b == '\r') {
            carriageReturn = true;
        } else if (b == '\n') {
            lineEnd = 1;
            endedInPieces();
        } else {
            current.add(b);
        }
        return i + 1;
    }

    /**
     * Takes a line where it lies, if it ends with CRLF or LF in the bytes at hand.
     *
     * @return the place behind it; 0 where it does not
     */
    private int wholeLine(ByteRange bytes, int from, int end) {
        byte[] text = bytes.array();
        if (text == null || end == bytes.length) {
            return 0;
        }
        int start = bytes.offset + from;
        int stop = bytes.offset + end;
        int next = end + 1;
        if (text[stop] == '\r') {
            if (next == bytes.length || text[stop + 1] != '\n') {
                return 0;
            }
            next++;
        }
        raw(bytes, from, next - from);
        lineEnd = next - end;
        answerFollows = next < bytes.length && bytes.at(next) == 'H';
        ended(text, start, stop);
        return next;
    }

    private void raw(ByteRange bytes, int from, int length) {
        boolean ofHeaders =
                message != null && (trailer || message.state == HttpMessage.State.HEADERS);
        if (ofHeaders && pool.asked.rawHeads()) {
            message.raw.add(bytes, from, length);
        }
    }

    private void endedInPieces() {
        ended(current.array(), 0, current.length());
        current.restart();
    }

    private void ended(byte[] text, int from, int to) {
        if (mode == CHUNK_LENGTH) {
            chunkLength(text, from, to);
        } else if (message == null) {
            firstLine(text, from, to);
        } else if (to > from) {
            message.header(text, from, to);
        } else if (trailer) {
            finish();
        } else {
            headComplete();
        }
    }

    private void firstLine(byte[] text, int from, int end) {
        int to = end;
        while (to > from && text[to - 1] == '\r') {
            to--;
        }
        if (leftover(text, from, to) || to == from) {
            return;
        }
        at = conversation.next(toServer);
        if (at == null) {
            mode = TUNNEL;
            return;
        }
        message = at.side(toServer);
        if (!toServer && !at.request.begun()) {
            message.note(HttpEvent.UNABLE_TO_MATCH_RESPONSE_TO_REQUEST);
        }
        if (!toServer && at.bare) {
            message.state = HttpMessage.State.BODY;
            mode = UNTIL_END;
            addLine(text, from, to);
            return;
        }
        boolean http = GrowingBytes.holds(text, from, Math.min(from + 16, to), "http");
        if (!toServer && !http && answerFollows) {
            message = null; // some server's words before its answer
            at = null;
            return;
        }
        message.line.add(text, from, to - from);
        if (!toServer && !http) {
            message.state = HttpMessage.State.BODY;
            mode = UNTIL_END;
            addLine(text, from, to);
            return;
        }
        message.splitLine();
        message.state = HttpMessage.State.HEADERS;
        if (toServer && message.namesNoProtocol()) {
            completed = true; // HTTP/0.9, or headers follow all the same
        }
    }

    /** Takes a line for one of the body. */
    private void addLine(byte[] text, int from, int to) {
        message.body.add(text, from, to - from);
        message.body.add(LINE_END, LINE_END.length - lineEnd, lineEnd);
        message.bodyBytes += to - from + lineEnd;
    }

    private void headComplete() {
        message.state = HttpMessage.State.BODY;
        at.bare = toServer && message.namesNoProtocol() && message.fields.count() == 0;
        if (pool.asked.events()) {
            HttpAnomalies.ofHead(message, at);
        }
        if (message.isBrotli()) {
            decoder.beginBrotli();
        } else {
            decoder.begin(message.encodings());
        }
        int status = toServer ? 0 : message.status();
        boolean tellsBody =
                message.fields.number("content-length") > 0
                        || message.fields.find("transfer-encoding") >= 0;
        boolean informs = status >= 100 && status < 200 && !tellsBody;
        if (informs && status != SWITCHING) {
            message.begin();
            message = null;
            if (status == 100 && at.continued) {
                at.request.note(HttpEvent._100_CONTINUE_ALREADY_SEEN);
            }
            at.continued |= status == 100;
            return;
        }
        boolean connected = !toServer && status / 100 == 2 && at.request.isConnect();
        if (informs || connected || toServer && message.isConnect()) {
            message.state = HttpMessage.State.DONE;
            completed = true;
            message = null;
            if (!toServer) {
                conversation.becomeTunnel(connected);
            }
            return;
        }
        boolean head = !toServer && at.request.isMethod("head");
        long length = message.fields.number("content-length");
        boolean chunked = message.fields.anyHolds("transfer-encoding", "chunked");
        if (head || (status == 204 || status == 304) && !chunked) {
            finish();
        } else if (chunked) {
            mode = CHUNK_LENGTH;
        } else if (length >= 0) {
            left = length;
            mode = COUNTED;
            if (left == 0) {
                finish();
            } else if (decoder.layers() == 0) {
                message.body.expect(length);
            }
        } else if (toServer) {
            finish();
        } else {
            mode = UNTIL_END;
        }
    }

    private void chunkLength(byte[] text, int start, int end) {
        int from = start;
        while (from < end && text[from] <= ' ' && text[from] >= 0) {
            from++;
        }
        if (from == end) {
            return;
        }
        long length = 0;
        int i = from;
        while (i < end && Character.digit(text[i], 16) >= 0) {
            length = Math.min(1L << 40, length * 16 + Character.digit(text[i], 16));
            i++;
        }
        if (i == from) {
            // no chunk at all: what follows is taken as it is
            message.note(HttpEvent.INVALID_REQUEST_CHUNK_LEN, HttpEvent.INVALID_RESPONSE_CHUNK_LEN);
            mode = UNTIL_END;
            addLine(text, start, end);
            return;
        }
        if (i < end && text[i] == ';') {
            message.note(HttpEvent.REQUEST_CHUNK_EXTENSION);
        }
        if (length == 0) {
            mode = LINES;
            trailer = true;
        } else {
            left = length;
            mode = CHUNK;
        }
    }

    private void body(ByteRange bytes, int offset, int length) {
        message.bodyBytes += length;
        if (decoder.layers() > 0) {
            decoder.decode(bytes, offset, length, message.body);
            if (decoder.wasNone()) {
                message.note(HttpEvent.GZIP_DECOMPRESSION_FAILED);
            }
        } else {
            message.body.add(bytes, offset, length);
        }
        news |= message.hasMoreBody();
    }

    /**
     * Within a counted body what is lost counts; elsewhere what follows is read as if nothing had
     * been between.
     */
    void gap(long length) {
        if (message != null && mode != LINES) {
            message.torn = true;
            decoder.cutShort();
        }
        if (mode != COUNTED && mode != CHUNK) {
            return;
        }
        left -= Math.min(left, length);
        if (left == 0 && mode == COUNTED) {
            finish();
        } else if (left == 0) {
            mode = CHUNK_END;
        }
    }

    private void finish() {
        if (message != null) {
            decoder.finish(message.body);
            if (toServer && pool.asked.events()) {
                MultipartFiles.noteOdd(message);
            }
            message.state = HttpMessage.State.DONE;
            completed = true;
            last = at;
            spilling = false;
        }
        decoder.end();
        at = null;
        message = null;
        trailer = false;
        mode = LINES;
    }

    /** There is no more. */
    void end() {
        lineEnd = 0;
        if (current.length() > 0) {
            if (mode == CHUNK_LENGTH && message != null && Character.digit(current.at(0), 16) < 0) {
                message.body.add(current, 0, current.length());
                message.bodyBytes += current.length();
            } else if (message == null || mode == LINES && !trailer) {
                ended(current.array(), 0, current.length());
            }
        }
        if (message != null) {
            message.torn |= mode != UNTIL_END;
            finish();
        }
        at = null;
        last = null;
        List<HttpTransaction> live = conversation.live();
        for (int i = 0; i < live.size(); i++) {
            HttpMessage side = live.get(i).side(toServer);
            if (side.begun()) {
                side.state = HttpMessage.State.DONE;
            }
        }
    }
}
