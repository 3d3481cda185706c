package ips.core.http;

import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import org.agrona.DirectBuffer;

/**
 * Takes bodies apart by their type, window by window: a body longer than a window is handed out as
 * far as its fields are complete, and what is left of the last one is begun again with in the next.
 * So padding hides nothing behind it, and memory stays one window.
 *
 * <p>A field that is itself longer than half a window is handed out in pieces that overlap by
 * {@value #OVERLAP} bytes, each with the field's name; of a long file what {@link
 * MultipartSplitter} samples. What is left of a window is a {@link #rest}, before which the field's
 * beginning is repeated.
 *
 * <p>Owned by one thread; allocates nothing after it is made.
 */
final class BodySplitter {
    /** The state of a body of which no window was seen. */
    static final int FRESH = 0;

    static final int OVERLAP = 512;

    private static final int FORM = 1;
    private static final int JSON = 2;
    private static final int XML = 3;
    private static final int MULTIPART = 4;
    private static final int WHOLE = 5;
    private static final int KIND = 7;

    /** The window before ended inside a field. */
    private static final int INSIDE = 8;

    /** A longer name is not repeated. */
    private static final int LONGEST_NAME = 1024;

    private final JsonSplitter json;
    private final XmlSplitter xml;
    private final MultipartSplitter multipart = new MultipartSplitter();
    private int state;
    private int headFrom;
    private int headEnd;
    private int rest;

    /**
     * @param longest bytes of a window at most
     */
    BodySplitter(int longest) {
        json = new JsonSplitter(longest);
        xml = new XmlSplitter(longest);
    }

    /** What the body's next window has to be given. */
    int state() {
        return state;
    }

    /**
     * Hands out what is complete in a window.
     *
     * @param types holds the Content-Type in [typeFrom, typeEnd)
     * @param before {@link #FRESH}, or {@link #state} after the body's window before
     * @param more whether the body goes on behind {@code end}: then {@link #keep} has to be called;
     *     if not, everything is handed out
     */
    void split(
            DirectBuffer types,
            int typeFrom,
            int typeEnd,
            DirectBuffer buffer,
            int from,
            int end,
            int before,
            boolean more,
            PartListener parts) {
        int kind = before & KIND;
        if (kind == FRESH) {
            kind = kind(types, typeFrom, typeEnd, buffer, from, end);
        }
        state = kind;
        headFrom = from;
        headEnd = from;
        rest = end;
        switch (kind) {
            case MULTIPART -> {
                multipart.boundary(types, typeFrom, typeEnd, buffer, from, end);
                boolean inside = (before & INSIDE) != 0;
                rest = multipart.split(buffer, from, end, inside, more, parts);
                if (rest == MultipartSplitter.NO_FIELD) {
                    cut(from, end, from, from);
                    state = WHOLE;
                } else if (multipart.cut()) {
                    cut(from, end, multipart.headFrom(), multipart.headEnd());
                    state |= INSIDE;
                }
            }
            case JSON -> {
                rest = json.split(buffer, from, end, more, parts);
                if (json.cut()) {
                    int quote = json.stringFrom();
                    boolean named = quote - json.nameFrom() <= LONGEST_NAME;
                    cut(from, end, named ? json.nameFrom() : quote, quote + 1);
                }
            }
            case XML -> {
                int last = more ? last(buffer, from, end, '<') : -1;
                xml.split(buffer, from, last < 0 ? end : last, parts);
                rest = last;
                if (more && last < 0) {
                    cut(from, end, from, from);
                }
            }
            case FORM -> form(buffer, from, end, more, parts);
            default -> {
                parts.part(PartKind.BODY, buffer, from, 0, buffer, from, end - from);
                cut(from, end, from, from);
            }
        }
    }

    private static int kind(
            DirectBuffer types, int typeFrom, int typeEnd, DirectBuffer buffer, int from, int end) {
        int start = Bytes.skipSpace(buffer, from, end);
        int first = start < end ? buffer.getByte(start) : 0;
        if (Bytes.startsWith(types, typeFrom, typeEnd, "multipart/")) {
            return MULTIPART;
        }
        if (Bytes.findWord(types, typeFrom, typeEnd, "json") >= 0) {
            return JSON;
        }
        if (Bytes.findWord(types, typeFrom, typeEnd, "xml") >= 0
                || Bytes.startsWith(buffer, start, end, "<?xml")) {
            return XML;
        }
        if (Bytes.findWord(types, typeFrom, typeEnd, "urlencoded") >= 0) {
            return FORM;
        }
        if (first == '{' || first == '[') {
            return JSON;
        }
        return typeFrom == typeEnd && pair(buffer, start, end) ? FORM : WHOLE;
    }

    /** Whether a body without a type begins with a name and an equals sign, as forms do. */
    private static boolean pair(DirectBuffer buffer, int from, int end) {
        int at = from;
        while (at < end && at - from < 64) {
            int c = buffer.getByte(at);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letter && c != '_' && c != '-' && c != '.' && c != '[' && c != ']' && c != '%') {
                return c == '=' && at > from;
            }
            at++;
        }
        return false;
    }

    private void form(DirectBuffer buffer, int from, int end, boolean more, PartListener parts) {
        int last = more ? last(buffer, from, end, '&') : -1;
        PairSplitter.split(PartKind.FORM, '&', buffer, from, last < 0 ? end : last, parts);
        rest = last + 1;
        if (more && last < 0) {
            int start = end - 1;
            while (start > from && buffer.getByte(start - 1) != '&') {
                start--;
            }
            int equals = Bytes.find(buffer, start, Math.min(end, start + LONGEST_NAME), '=');
            cut(from, end, start, equals < 0 ? start : equals + 1);
        }
    }

    /** Where {@code sign} stands last in the later half of a window, or -1. */
    private static int last(DirectBuffer buffer, int from, int end, int sign) {
        for (int at = end - 1; at > end - (end - from) / 2; at--) {
            if (buffer.getByte(at) == sign) {
                return at;
            }
        }
        return -1;
    }

    /** The window's last field goes on; its beginning is to be repeated before the rest of it. */
    private void cut(int from, int end, int fieldHead, int fieldHeadEnd) {
        headFrom = fieldHead;
        headEnd = fieldHeadEnd;
        rest = Math.max(headEnd, Math.max(from + (end - from) / 2, end - OVERLAP));
    }

    /** Whether a field that begins at {@code start} leaves room for more of it in a window. */
    static boolean fits(int start, int from, int end) {
        return end - start <= (end - from) / 2;
    }

    /** Moves what is left to {@code to}, the window's beginning; returns its length. */
    int keep(FrameBuffer buffer, int to, int end) {
        int at = to;
        for (int i = headFrom; i < headEnd; i++) {
            buffer.putByte(at++, buffer.getByte(i));
        }
        for (int i = rest; i < end; i++) {
            buffer.putByte(at++, buffer.getByte(i));
        }
        return at - to;
    }
}
