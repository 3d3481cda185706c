package ips.core.http;

import static ips.core.http.Directions.BROKEN;
import static ips.core.http.Directions.CONNECT;
import static ips.core.http.Directions.KEPT;
import static ips.core.http.Directions.NO_BODY;
import static ips.core.http.Directions.PENDING;
import static ips.core.http.Directions.PENDING_HEAD;
import static ips.core.http.Directions.SPOKE;
import static ips.core.http.Directions.STARTED;
import static ips.core.http.Directions.TUNNEL;
import static ips.core.http.Directions.isClient;
import static ips.core.http.Directions.streamOf;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * Reads first lines of messages, as leniently as servers do: any method, any white space between
 * words, HTTP/0.9. Pairs responses with the requests they answer. Owned by the parser's thread.
 */
final class StartLines {
    /** A longer word is no method. */
    static final int LONGEST_METHOD = 32;

    private static final int MOST_PENDING = 32;

    private final Directions directions;
    private final int[] cells;
    private final Framing framing;
    private final HttpListener listener;
    private final Counters counters;

    StartLines(Directions directions, Framing framing, HttpListener listener, Counters counters) {
        this.directions = directions;
        cells = directions.cells;
        this.framing = framing;
        this.listener = listener;
        this.counters = counters;
    }

    /** Whether what has come of a first line may become one. */
    static boolean isPlausible(int dir, DirectBuffer buffer, int from, int end) {
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

    static boolean hasVersion(DirectBuffer buffer, int line, int lf) {
        int end = Bytes.trimEnd(buffer, line, lf);
        int at = end - 8;
        return at > line && Bytes.startsWith(buffer, at, end, "http/")
                || at + 2 > line && Bytes.startsWith(buffer, at + 2, end, "http/"); // HTTP/2
    }

    /** Whether the beginning of a first line that was kept has a method and a path behind it. */
    boolean namesPath(DirectBuffer kept, int dir) {
        int length = Math.min(cells[dir + KEPT], LONGEST_METHOD + 2);
        int space = Bytes.find(kept, 0, length, ' ');
        return space > 0 && space + 1 < length && kept.getByte(space + 1) == '/';
    }

    /**
     * Reads the line in [{@code line}, {@code end}) and tells it; false if it begins no message.
     *
     * @param cut whether its end may be missing
     */
    boolean read(int dir, DirectBuffer buffer, int line, int end, boolean cut) {
        return isClient(dir)
                ? request(dir, buffer, line, end, cut)
                : response(dir, buffer, line, end);
    }

    private boolean request(int dir, DirectBuffer buffer, int line, int end, boolean cut) {
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
            framing.leave(dir);
            return true;
        }
        counters.increment(Counter.HTTP_REQUESTS);
        directions.mark(dir, STARTED | SPOKE);
        cells[dir + BROKEN] = 0;
        boolean head = Bytes.equal(buffer, method, methodEnd - method, "head");
        boolean connect = Bytes.equal(buffer, method, methodEnd - method, "connect");
        int peer = Directions.of(stream, false);
        if (cells[peer + PENDING] < MOST_PENDING) {
            cells[peer + PENDING_HEAD] |= (head ? 1 : 0) << cells[peer + PENDING]++;
        }
        if (connect) {
            directions.mark(dir, CONNECT | NO_BODY);
        }
        listener.request(stream, buffer, method, methodEnd - method, uri, uriEnd - uri, version);
        if (version == 9) {
            framing.headersEnd(dir);
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
            flags |= NO_BODY;
        } else {
            if ((cells[dir + PENDING_HEAD] & 1) != 0 || status == 204 || status == 304) {
                flags |= NO_BODY;
            }
            cells[dir + PENDING_HEAD] >>>= 1;
            cells[dir + PENDING] = Math.max(0, cells[dir + PENDING] - 1);
            boolean connected =
                    status < 300 && directions.has(Directions.of(stream, true), CONNECT);
            if (status == 101 || connected) {
                flags |= TUNNEL;
            }
        }
        directions.mark(dir, flags);
        cells[dir + BROKEN] = 0;
        listener.response(stream, status);
        return true;
    }
}
