package ips.core.http;

import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import org.agrona.DirectBuffer;

/**
 * Hands out the fields and file names of a multipart body (RFC 7578), their headers, and the first
 * {@value #FILE_SAMPLE} bytes of each file. Owned by one thread.
 */
final class MultipartSplitter {
    /** RFC 2046 §5.1.1 allows 70. */
    private static final int LONGEST_BOUNDARY = 128;

    private static final int FILE_SAMPLE = 1024;

    /** The longest head of a field that is repeated where its value goes on. */
    private static final int LONGEST_HEAD = 8192;

    static final int NO_FIELD = -1;

    private final FrameBuffer boundary = FrameBuffer.allocateDirect(LONGEST_BOUNDARY);
    private int boundaryLength;
    private int value;
    private int valueLength;
    private boolean cut;
    private int headFrom;
    private int headEnd;

    /** Finds the boundary: {@code type} tells it, or else the first line of a body. */
    void boundary(
            DirectBuffer type, int typeFrom, int typeEnd, DirectBuffer buffer, int from, int end) {
        boundaryLength = 0;
        int at = Bytes.findWord(type, typeFrom, typeEnd, "boundary=");
        if (at >= 0) {
            boundaryOf(type, at + 9, typeEnd);
        }
        if (boundaryLength > 0 && find(buffer, from, end) >= 0) {
            return;
        }
        int start = Bytes.skipSpace(buffer, from, end);
        int line = Bytes.find(buffer, start, end, '\n');
        boundaryLength = 0;
        if (line > start + 2 && buffer.getByte(start) == '-') {
            copyBoundary(buffer, start + 2, Bytes.trimEnd(buffer, start + 2, line));
        }
    }

    /**
     * Hands out the fields of a window.
     *
     * @param inside whether the window begins with the head of a field that is cut, and goes on
     *     inside it
     * @param more whether the body goes on behind {@code end}
     * @return where what is left to the next window begins, or {@link #NO_FIELD} if that is not the
     *     beginning of a field
     */
    int split(
            DirectBuffer buffer,
            int from,
            int end,
            boolean inside,
            boolean more,
            PartListener parts) {
        cut = false;
        int open = boundaryLength == 0 ? -1 : find(buffer, from, end);
        if (open < 0) {
            parts.part(PartKind.BODY, buffer, from, 0, buffer, from, end - from);
            return NO_FIELD;
        }
        boolean continued = inside;
        while (open >= 0) {
            int start = open + 2 + boundaryLength;
            int next = find(buffer, start, end);
            if (next < 0 && more) {
                if (BodySplitter.fits(open, from, end)) {
                    return open;
                }
                cut = true;
            }
            headFrom = open;
            headEnd = -1;
            section(buffer, start, next < 0 ? end : next, continued, parts);
            if (cut && (headEnd < 0 || headEnd - headFrom > LONGEST_HEAD)) {
                parts.part(PartKind.BODY, buffer, open, 0, buffer, open, end - open);
                return NO_FIELD;
            }
            continued = false;
            open = next;
        }
        return end;
    }

    /** Whether the last window ended inside a field or file of which it showed the beginning. */
    boolean cut() {
        return cut;
    }

    /** Where the head of that field begins, with its boundary. */
    int headFrom() {
        return headFrom;
    }

    /** Where its value begins. */
    int headEnd() {
        return headEnd;
    }

    private void boundaryOf(DirectBuffer type, int from, int end) {
        int start = from;
        int stop = Bytes.find(type, from, end, ';');
        stop = stop < 0 ? end : stop;
        if (from < end && type.getByte(from) == '"') {
            start = from + 1;
            int quote = Bytes.find(type, start, end, '"');
            stop = quote < 0 ? end : quote;
        }
        copyBoundary(type, start, Bytes.trimEnd(type, start, stop));
    }

    private void copyBoundary(DirectBuffer buffer, int from, int end) {
        boundaryLength = Math.max(0, Math.min(LONGEST_BOUNDARY, end - from));
        boundary.putBytes(0, buffer, from, boundaryLength);
    }

    /** Where the next boundary stands, dashes included, or -1. */
    private int find(DirectBuffer buffer, int from, int end) {
        int last = end - 2 - boundaryLength;
        int at = from;
        while (at <= last) {
            at = Bytes.find(buffer, at, last + 1, '-');
            if (at < 0) {
                return -1;
            }
            if (buffer.getByte(at + 1) == '-' && matches(buffer, at + 2)) {
                return at;
            }
            at++;
        }
        return -1;
    }

    private boolean matches(DirectBuffer buffer, int at) {
        for (int i = 0; i < boundaryLength; i++) {
            if (buffer.getByte(at + i) != boundary.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    private void section(
            DirectBuffer buffer, int from, int end, boolean continued, PartListener parts) {
        int line = Bytes.find(buffer, from, end, '\n') + 1;
        if (line == 0) {
            return; // the dashes behind the last
        }
        int head = line;
        int body = -1;
        while (body < 0) {
            int lf = Bytes.find(buffer, line, end, '\n');
            if (lf < 0) {
                return;
            }
            if (lf == line || lf == line + 1 && buffer.getByte(line) == '\r') {
                body = lf + 1;
            }
            line = lf + 1;
        }
        int stop = end;
        if (stop > body && buffer.getByte(stop - 1) == '\n') {
            stop--;
        }
        if (stop > body && buffer.getByte(stop - 1) == '\r') {
            stop--;
        }
        // without a name it is a field to many servers, and what browsers send for no file chosen
        boolean file = attribute(buffer, head, body, "filename") && valueLength > 0;
        int fileName = value;
        int fileNameLength = valueLength;
        boolean named = attribute(buffer, head, body, "name");
        int name = named ? value : head;
        int nameLength = named ? valueLength : 0;
        headEnd = body;
        if (file && continued) {
            return;
        }
        headers(buffer, head, body, parts);
        if (file) {
            parts.part(
                    PartKind.FILE_NAME, buffer, name, nameLength, buffer, fileName, fileNameLength);
            int sample = Math.min(FILE_SAMPLE, stop - body);
            if (sample > 0) {
                parts.part(PartKind.FILE, buffer, name, 0, buffer, body, sample);
            }
        } else {
            parts.part(PartKind.MULTIPART, buffer, name, nameLength, buffer, body, stop - body);
        }
    }

    /** Hands out a field's own headers but the one that names it. */
    private static void headers(DirectBuffer buffer, int from, int end, PartListener parts) {
        int at = from;
        while (at < end) {
            int lf = Bytes.find(buffer, at, end, '\n');
            int stop = lf < 0 ? end : lf;
            int colon = Bytes.find(buffer, at, stop, ':');
            if (colon > at && !Bytes.startsWith(buffer, at, stop, "content-disposition")) {
                int value = Bytes.skipSpace(buffer, colon + 1, stop);
                int length = Bytes.trimEnd(buffer, value, stop) - value;
                parts.part(PartKind.HEADER, buffer, at, colon - at, buffer, value, length);
            }
            at = stop + 1;
        }
    }

    /** Finds {@code word=}, quoted or not, also {@code word*=}. */
    private boolean attribute(DirectBuffer buffer, int from, int end, String word) {
        int at = from;
        while (true) {
            at = Bytes.findWord(buffer, at, end, word);
            if (at < 0) {
                return false;
            }
            int before = at > from ? buffer.getByte(at - 1) : ' ';
            int after = at + word.length();
            if (after < end && buffer.getByte(after) == '*') {
                after++;
            }
            after = Bytes.skipSpace(buffer, after, end);
            boolean starts = before == ';' || Bytes.isSpace(before);
            if (starts && after < end && buffer.getByte(after) == '=') {
                valueOf(buffer, Bytes.skipSpace(buffer, after + 1, end), end);
                return true;
            }
            at++;
        }
    }

    private void valueOf(DirectBuffer buffer, int from, int end) {
        int lf = Bytes.find(buffer, from, end, '\n');
        int line = Bytes.trimEnd(buffer, from, lf < 0 ? end : lf);
        value = from;
        int stop;
        if (from < line && buffer.getByte(from) == '"') {
            value = from + 1;
            stop = quoteEnd(buffer, value, line);
        } else {
            stop = Bytes.find(buffer, from, line, ';');
        }
        valueLength = Math.max(0, (stop < 0 ? line : stop) - value);
    }

    /** The quote that ends a value: one before a semicolon or the line's end, whatever it holds. */
    private static int quoteEnd(DirectBuffer buffer, int from, int line) {
        int at = from;
        while (true) {
            at = Bytes.find(buffer, at, line, '"');
            if (at < 0) {
                return -1;
            }
            int next = Bytes.skipSpace(buffer, at + 1, line);
            if (next >= line || buffer.getByte(next) == ';') {
                return at;
            }
            at++;
        }
    }
}
