package ips.core.http;

import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import org.agrona.DirectBuffer;

/**
 * Hands out text and attributes of an XML text, references to characters resolved, text that
 * comments and CDATA sections cut also joined, and its markup of declarations (DTD, entities,
 * processing instructions) and of pages in one piece. Goes through the text once; nothing need be
 * well-formed. Owned by one thread.
 */
final class XmlSplitter {
    private static final String[] OF_PAGES = {
        "<script", "<html:script", "<xi:include", "<img", "<iframe", "<svg", "<body"
    };

    /** The first so many of them need no attribute. */
    private static final int BARE = 3;

    private static final byte[] CDATA_END = {']', ']', '>'};

    private final FrameBuffer plain;
    private final FrameBuffer markup;
    private final FrameBuffer joined;
    private int markupLength;
    private int joinedLength;
    private int pieces;

    /**
     * @param longest bytes of a body at most
     */
    XmlSplitter(int longest) {
        plain = FrameBuffer.allocateDirect(longest);
        markup = FrameBuffer.allocateDirect(longest * 2);
        joined = FrameBuffer.allocateDirect(longest);
    }

    void split(DirectBuffer buffer, int from, int end, PartListener parts) {
        markupLength = 0;
        joinedLength = 0;
        pieces = 0;
        int at = from;
        while (at < end) {
            int open = Bytes.find(buffer, at, end, '<');
            int stop = open < 0 ? end : open;
            int text = Bytes.skipSpace(buffer, at, stop);
            int textEnd = Bytes.trimEnd(buffer, text, stop);
            if (textEnd > text) {
                value(buffer, text, 0, text, textEnd, parts);
                boolean goesOn = open >= 0 && open + 1 < end && buffer.getByte(open + 1) == '!';
                if (goesOn || pieces > 0) {
                    join(buffer, at, stop);
                }
            }
            if (open < 0) {
                break;
            }
            if (Bytes.startsWith(buffer, open, end, "<![cdata[")) {
                at = cdata(buffer, open, end, parts);
            } else if (open + 1 < end && buffer.getByte(open + 1) == '!') {
                at = declaration(buffer, open, end);
            } else {
                tellJoined(parts);
                at = element(buffer, open, end, parts);
            }
        }
        tellJoined(parts);
        if (markupLength > 0) {
            parts.part(PartKind.XML_PROLOG, markup, 0, 0, markup, 0, markupLength);
        }
    }

    private int cdata(DirectBuffer buffer, int open, int end, PartListener parts) {
        int text = open + 9;
        int close = Bytes.find(buffer, text, end, CDATA_END);
        int stop = close < 0 ? end : close;
        parts.part(PartKind.XML, buffer, text, 0, buffer, text, stop - text);
        join(buffer, text, stop);
        addMarkup(buffer, open, Math.min(end, open + 40));
        return Math.min(end, stop + 3);
    }

    /** Text that CDATA sections and comments interrupt is one text to its reader. */
    private void join(DirectBuffer buffer, int from, int end) {
        int length = Math.min(end - from, joined.capacity() - joinedLength);
        joined.putBytes(joinedLength, buffer, from, length);
        joinedLength += length;
        pieces++;
    }

    private void tellJoined(PartListener parts) {
        if (pieces > 1) {
            value(joined, 0, 0, 0, joinedLength, parts);
        }
        joinedLength = 0;
        pieces = 0;
    }

    private int declaration(DirectBuffer buffer, int open, int end) {
        int close = Bytes.find(buffer, open, end, '>');
        int subset = close < 0 ? -1 : Bytes.find(buffer, open, close, '[');
        if (subset >= 0) {
            int bracket = Bytes.find(buffer, subset, end, ']');
            close = bracket < 0 ? -1 : Bytes.find(buffer, bracket, end, '>');
        }
        int stop = close < 0 ? end : close + 1;
        addMarkup(buffer, open, stop);
        return stop;
    }

    private int element(DirectBuffer buffer, int open, int end, PartListener parts) {
        boolean instruction = open + 1 < end && buffer.getByte(open + 1) == '?';
        int at = open + 1;
        int name = -1;
        int nameEnd = -1;
        while (at < end && buffer.getByte(at) != '>') {
            int c = buffer.getByte(at);
            if (c == '"' || c == '\'') {
                int quote = Bytes.find(buffer, at + 1, end, c);
                int stop = quote < 0 ? end : quote;
                if (!instruction && stop > at + 1) {
                    int length = name < 0 ? 0 : nameEnd - name;
                    value(buffer, name < 0 ? at : name, length, at + 1, stop, parts);
                }
                name = -1;
                at = Math.min(end, stop + 1);
            } else if (c == '=' || Bytes.isSpace(c) || c == '/') {
                at++;
            } else {
                name = at;
                while (at < end && isName(buffer.getByte(at))) {
                    at++;
                }
                nameEnd = at;
                at = Math.max(at, name + 1);
            }
        }
        int stop = Math.min(end, at + 1);
        boolean xml = Bytes.startsWith(buffer, open, end, "<?xml ");
        if (instruction && !xml || isOfPages(buffer, open, end)) {
            addMarkup(buffer, open, stop);
        }
        return stop;
    }

    private static boolean isName(int c) {
        return c != '>' && c != '=' && c != '"' && c != '\'' && c != '/' && !Bytes.isSpace(c);
    }

    /**
     * Whether an element may run or fetch something in a page. Without an attribute only a script
     * does; {@code <body>} is what many documents call a text.
     */
    private static boolean isOfPages(DirectBuffer buffer, int open, int end) {
        for (int i = 0; i < OF_PAGES.length; i++) {
            int after = open + OF_PAGES[i].length();
            if (Bytes.startsWith(buffer, open, end, OF_PAGES[i])) {
                int c = after == end ? ' ' : buffer.getByte(after);
                return c != '>' && !Character.isLetterOrDigit(c) || c == '>' && i < BARE;
            }
        }
        return false;
    }

    private void addMarkup(DirectBuffer buffer, int from, int end) {
        int length = Math.min(end - from, markup.capacity() - markupLength - 1);
        if (length > 0) {
            markup.putBytes(markupLength, buffer, from, length);
            markup.putByte(markupLength + length, (byte) ' ');
            markupLength += length + 1;
        }
    }

    private void value(
            DirectBuffer buffer, int name, int nameLength, int from, int end, PartListener parts) {
        if (Bytes.find(buffer, from, end, '&') < 0) {
            parts.part(PartKind.XML, buffer, name, nameLength, buffer, from, end - from);
            return;
        }
        int length = 0;
        int at = from;
        while (at < end) {
            int c = buffer.getByte(at);
            int semicolon = c == '&' ? Bytes.find(buffer, at, Math.min(end, at + 10), ';') : -1;
            int character = semicolon < 0 ? -1 : reference(buffer, at + 1, semicolon);
            if (character >= 0) {
                plain.putByte(length++, (byte) character);
                at = semicolon + 1;
            } else {
                plain.putByte(length++, (byte) c);
                at++;
            }
        }
        parts.part(PartKind.XML, buffer, name, nameLength, plain, 0, length);
    }

    /** The ASCII character a reference means, or -1. */
    private static int reference(DirectBuffer buffer, int from, int end) {
        int length = end - from;
        if (length > 1 && buffer.getByte(from) == '#') {
            boolean hex = Bytes.lower(buffer.getByte(from + 1)) == 'x';
            int code = 0;
            for (int at = from + (hex ? 2 : 1); at < end; at++) {
                int digit = Bytes.hex(buffer.getByte(at));
                if (digit < 0 || digit > 9 && !hex) {
                    return -1;
                }
                code = code * (hex ? 16 : 10) + digit;
            }
            return code > 0 && code < 128 ? code : -1;
        }
        if (Bytes.equal(buffer, from, length, "lt")) {
            return '<';
        }
        if (Bytes.equal(buffer, from, length, "gt")) {
            return '>';
        }
        if (Bytes.equal(buffer, from, length, "amp")) {
            return '&';
        }
        if (Bytes.equal(buffer, from, length, "quot")) {
            return '"';
        }
        return Bytes.equal(buffer, from, length, "apos") ? '\'' : -1;
    }
}
