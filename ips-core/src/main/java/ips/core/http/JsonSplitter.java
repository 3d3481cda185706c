package ips.core.http;

import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import org.agrona.DirectBuffer;

/**
 * Hands out the strings of a JSON text (RFC 8259), each with the key it belongs to, escapes undone;
 * of an operator such as {@code $ne} with the key of its object too. Goes through the text once and
 * flat, so depth costs nothing; a text that is no JSON is handed out whole besides. Owned by one
 * thread.
 */
final class JsonSplitter {
    private static final int LONGEST_KEY = 256;

    private final FrameBuffer plain;
    private final FrameBuffer key = FrameBuffer.allocateDirect(LONGEST_KEY);
    private final FrameBuffer parent = FrameBuffer.allocateDirect(LONGEST_KEY);
    private int parentLength;

    // The window.
    private DirectBuffer buffer;
    private int from;
    private int end;
    private boolean more;
    private PartListener parts;

    /** Whether there is something outside of strings that JSON does not have. */
    private boolean odd;

    /** Where the next window begins, once that is known, otherwise -1. */
    private int rest;

    // The key last read: its opening quote or -1, its length, whether its value is still to come.
    private int named;
    private int keyLength;
    private boolean keyWaits;

    /** Objects that have begun so far; an array counts as two, to be told from one. */
    private int opened;

    // The string last read, and whether its closing quote was in the window.
    private DirectBuffer string;
    private int stringAt;
    private int stringLength;
    private boolean closed;

    private boolean cut;
    private int stringFrom;
    private int nameFrom;

    /**
     * @param longest bytes of a body at most
     */
    JsonSplitter(int longest) {
        plain = FrameBuffer.allocateDirect(longest);
    }

    /** Whether the last window ended inside a string that was handed out so far. */
    boolean cut() {
        return cut;
    }

    /** The opening quote of that string. */
    int stringFrom() {
        return stringFrom;
    }

    /** The opening quote of its key, or of itself if it has none in the window. */
    int nameFrom() {
        return nameFrom;
    }

    /**
     * Hands out the strings of a window.
     *
     * @param more whether the text goes on behind {@code end}
     * @return where what is left to the next window begins
     */
    int split(DirectBuffer buffer, int from, int end, boolean more, PartListener parts) {
        this.buffer = buffer;
        this.from = from;
        this.end = end;
        this.more = more;
        this.parts = parts;
        cut = false;
        odd = false;
        parentLength = 0;
        // a window in the midst of a document begins with a string or what stands between two
        int first = Bytes.skipSpace(buffer, from, end);
        opened = first < end && buffer.getByte(first) == '{' ? 0 : 2;
        named = -1;
        keyLength = 0;
        keyWaits = false;
        rest = -1;
        int at = from;
        while (at < end && rest < 0) {
            int c = buffer.getByte(at);
            if (c == '"') {
                at = quoted(at);
            } else {
                outside(c);
                at++;
            }
        }
        if (rest < 0) {
            rest = ended();
        }
        return rest;
    }

    /** A byte outside strings. */
    private void outside(int c) {
        odd |= !isStructure(c);
        if (c == '{' || c == '}') {
            within(c == '{' && keyWaits ? keyLength : 0);
        }
        opened += c == '{' ? 1 : c == '[' ? 2 : 0;
        boolean value = c != ',' && c != ':' && !Bytes.isSpace(c);
        if (keyWaits && value) {
            keyAlone();
            keyWaits = false;
        }
    }

    /** A string, a key or a value; says where the text goes on. */
    private int quoted(int open) {
        int at = string(open + 1);
        int next = Bytes.skipSpace(buffer, at, end);
        if (more && (!closed || next == end)) {
            rest = unfinished(open);
            return end;
        }
        if (next < end && buffer.getByte(next) == ':') {
            key(open);
            return next + 1;
        }
        parts.part(PartKind.JSON, key, 0, keyLength, string, stringAt, stringLength);
        keyWaits = false;
        return at;
    }

    private void key(int open) {
        if (keyWaits) {
            keyAlone();
        }
        named = open;
        keyWaits = stringLength <= LONGEST_KEY;
        keyLength = Math.min(stringLength, LONGEST_KEY);
        key.putBytes(0, string, stringAt, keyLength);
        boolean outermost = opened == 1;
        if (keyWaits && (parentLength > 0 || outermost) && keyLength > 0 && key.getByte(0) == '$') {
            keyLength = operator(keyLength);
        }
        if (!keyWaits) {
            parts.part(PartKind.JSON, string, stringAt, 0, string, stringAt, stringLength);
        }
    }

    /** Hands out a key whose value is no string. */
    private void keyAlone() {
        parts.part(PartKind.JSON, key, 0, 0, key, 0, keyLength);
    }

    /**
     * Leaves the string at the window's end to the next one, with its key where both fit there; one
     * that fits nowhere is handed out as far as it goes. Says where the next window begins.
     */
    private int unfinished(int open) {
        int field = keyWaits ? named : open;
        if (BodySplitter.fits(field, from, end)) {
            return field;
        }
        if (BodySplitter.fits(open, from, end)) {
            keyAlone();
            return open;
        }
        parts.part(PartKind.JSON, key, 0, keyLength, string, stringAt, stringLength);
        cut = true;
        stringFrom = open;
        nameFrom = keyLength > 0 && named >= 0 ? named : open;
        return end;
    }

    /** Ends a window outside of strings; says where the next one begins. */
    private int ended() {
        int left = end;
        if (keyWaits && more && BodySplitter.fits(named, from, end)) {
            left = named;
        } else if (keyWaits) {
            keyAlone();
        }
        if (odd) {
            parts.part(PartKind.BODY, buffer, from, 0, buffer, from, end - from);
        }
        return left;
    }

    /** Remembers the key of the object that begins, if it has one of {@code length} bytes. */
    private void within(int length) {
        parentLength = length;
        parent.putBytes(0, key, 0, length);
    }

    /**
     * Names an operator by the field it is for, as forms do: {@code {"user":{"$ne":1}}} is {@code
     * user[$ne]}, which says more than its key alone; that of the document itself is {@code [$ne]}.
     * Returns the name's length.
     */
    private int operator(int length) {
        int all = parentLength + length + 2;
        if (all > LONGEST_KEY) {
            return length;
        }
        parent.putByte(parentLength, (byte) '[');
        parent.putBytes(parentLength + 1, key, 0, length);
        parent.putByte(all - 1, (byte) ']');
        key.putBytes(0, parent, 0, all);
        return all;
    }

    /** Whether a byte occurs outside strings: structure, numbers, true, false, null. */
    private static boolean isStructure(int c) {
        return c >= '0' && c <= '9' || " \t\r\n{}[]:,-+.eEtrufalsn".indexOf((char) c) >= 0;
    }

    /** Reads the string behind an opening quote; says where the text goes on. */
    private int string(int from) {
        int at = from;
        while (at < end && buffer.getByte(at) != '"' && buffer.getByte(at) != '\\') {
            at++;
        }
        closed = at < end;
        if (at == end || buffer.getByte(at) == '"') {
            string = buffer;
            stringAt = from;
            stringLength = at - from;
            return Math.min(end, at + 1);
        }
        closed = false;
        plain.putBytes(0, buffer, from, at - from);
        int length = at - from;
        while (at < end) {
            int c = buffer.getByte(at++);
            if (c == '"') {
                closed = true;
                break;
            }
            if (c != '\\' || at == end) {
                plain.putByte(length++, (byte) c);
                continue;
            }
            int escaped = buffer.getByte(at++);
            int code = escaped == 'u' ? unicode(buffer, at, end) : -1;
            if (code >= 0) {
                at += 4;
                length = utf8(length, code);
            } else {
                plain.putByte(length++, unescaped(escaped));
            }
        }
        string = plain;
        stringAt = 0;
        stringLength = length;
        return at;
    }

    private static byte unescaped(int c) {
        return switch (c) {
            case 'n' -> (byte) '\n';
            case 't' -> (byte) '\t';
            case 'r' -> (byte) '\r';
            case 'b' -> (byte) '\b';
            case 'f' -> (byte) '\f';
            default -> (byte) c;
        };
    }

    private static int unicode(DirectBuffer buffer, int at, int end) {
        if (end - at < 4) {
            return -1;
        }
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Bytes.hex(buffer.getByte(at + i));
            if (digit < 0) {
                return -1;
            }
            code = code << 4 | digit;
        }
        return code;
    }

    /** Writes a UTF-16 unit; halves of pairs one by one. Never longer than its escape. */
    private int utf8(int at, int code) {
        if (code < 0x80) {
            plain.putByte(at, (byte) code);
            return at + 1;
        }
        if (code < 0x800) {
            plain.putByte(at, (byte) (0xc0 | code >> 6));
            plain.putByte(at + 1, (byte) (0x80 | code & 0x3f));
            return at + 2;
        }
        plain.putByte(at, (byte) (0xe0 | code >> 12));
        plain.putByte(at + 1, (byte) (0x80 | code >> 6 & 0x3f));
        plain.putByte(at + 2, (byte) (0x80 | code & 0x3f));
        return at + 3;
    }
}
