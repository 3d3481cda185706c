package ips.core.inspect;

/**
 * The files of a form that was sent as {@code multipart/form-data} (RFC 7578): the contents of
 * parts whose {@code Content-Disposition} names a file. Found anew at each call, in one pass over
 * the body, which is at most 128 KiB.
 */
final class MultipartFiles {
    private static final String FILE_NAME = "filename=";

    /** Longer ones are cut, as in Suricata; RFC 2046 §5.1.1 allows 70. */
    private static final int MOST_BOUNDARY = 200;

    private static final String FORM = "multipart/form-data";

    private MultipartFiles() {}

    /** The file of a number from 0, as far as it came; null where there are not so many. */
    static ByteRange find(HttpMessage message, int index, ByteRange into) {
        return find(message, index, false, into);
    }

    /** The name of a file, as its part tells it; null where there are not so many. */
    static ByteRange findName(HttpMessage message, int index, ByteRange into) {
        ByteRange head = find(message, index, true, into);
        return head != null && fileName(head) ? head : null;
    }

    /** Narrows a range to the file name that is told in it; false where there is none. */
    static boolean fileName(ByteRange head) {
        int at = 0;
        while (at + FILE_NAME.length() <= head.length && !isFileName(head, at)) {
            at++;
        }
        if (at + FILE_NAME.length() > head.length) {
            return false;
        }
        int from = at + FILE_NAME.length();
        boolean quoted = from < head.length && head.at(from) == '"';
        from += quoted ? 1 : 0;
        int end = from;
        while (end < head.length && !endsName(head.at(end), quoted)) {
            end++;
        }
        head.set(head.buffer, head.offset + from, end - from);
        return true;
    }

    private static boolean isFileName(ByteRange head, int at) {
        for (int i = 0; i < FILE_NAME.length(); i++) {
            if (Character.toLowerCase(head.at(at + i)) != FILE_NAME.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsName(byte b, boolean quoted) {
        return quoted ? b == '"' || b == '\n' : b == ';' || b <= ' ' && b >= 0;
    }

    private static ByteRange find(HttpMessage message, int index, boolean head, ByteRange into) {
        int header = message.fields.find("content-type");
        int boundary = boundaryAt(message.fields, header);
        int length = boundary < 0 ? 0 : boundaryLength(message.fields, header, boundary);
        if (length == 0) {
            return null;
        }
        GrowingBytes body = message.body;
        int left = index;
        int at = next(message, boundary, length, 0);
        while (at >= 0) {
            int headAt = at + 2 + length;
            int content = behindHead(body, headAt);
            if (content < 0) {
                return null;
            }
            int end = next(message, boundary, length, content);
            if (body.holds(headAt, content - headAt, FILE_NAME) && left-- == 0) {
                if (head) {
                    return body.range(headAt, content - headAt, into);
                }
                int last = end < 0 ? body.length() : withoutLineEnd(body, content, end);
                return body.range(content, last - content, into);
            }
            at = end;
        }
        return null;
    }

    /** Notes lines in the heads of parts that are no headers, and files without a byte. */
    static void noteOdd(HttpMessage message) {
        if (!message.fields.anyHolds("content-type", FORM)) {
            return;
        }
        int header = message.fields.find("content-type");
        int boundary = boundaryAt(message.fields, header);
        int length = boundary < 0 ? 0 : boundaryLength(message.fields, header, boundary);
        if (length == 0) {
            return;
        }
        GrowingBytes body = message.body;
        int at = next(message, boundary, length, 0);
        while (at >= 0) {
            int headAt = at + 2 + length;
            int content = behindHead(body, headAt);
            if (content < 0 || isDash(body, headAt) && isDash(body, headAt + 1)) {
                return; // the end of the last part
            }
            at = next(message, boundary, length, content);
            if (lacksColon(body, headAt, content)) {
                message.note(HttpEvent.MULTIPART_INVALID_HEADER);
            }
            if (at == content && body.holds(headAt, content - headAt, FILE_NAME)) {
                message.note(HttpEvent.MULTIPART_NO_FILEDATA);
            }
        }
    }

    private static boolean isDash(GrowingBytes body, int at) {
        return at < body.length() && body.at(at) == '-';
    }

    private static boolean lacksColon(GrowingBytes body, int from, int end) {
        int letters = 0;
        boolean colon = false;
        for (int at = from; at < end; at++) {
            byte b = body.at(at);
            if (b == '\n') {
                if (letters > 0 && !colon) {
                    return true;
                }
                letters = 0;
                colon = false;
            } else {
                letters += b == '\r' ? 0 : 1;
                colon |= b == ':';
            }
        }
        return false;
    }

    private static int boundaryAt(HeaderFields fields, int header) {
        int from = fields.valueAt(header);
        int end = fields.valueEnd(header);
        String word = "boundary=";
        for (int at = from; at + word.length() < end; at++) {
            if (fields.text().same(at, word.length(), word)) {
                int start = at + word.length();
                return fields.text().at(start) == '"' ? start + 1 : start;
            }
        }
        return -1;
    }

    private static int boundaryLength(HeaderFields fields, int header, int from) {
        int end = Math.min(fields.valueEnd(header), from + MOST_BOUNDARY);
        int at = from;
        while (at < end && "\"; \t,".indexOf(fields.text().at(at)) < 0) {
            at++;
        }
        return at - from;
    }

    /** Where two dashes and the boundary next lie in the body, or -1. */
    private static int next(HttpMessage message, int boundary, int length, int from) {
        GrowingBytes body = message.body;
        GrowingBytes fields = message.fields.text();
        for (int at = from; at + 2 + length <= body.length(); at++) {
            if (body.at(at) != '-' || body.at(at + 1) != '-') {
                continue;
            }
            int same = 0;
            while (same < length && body.at(at + 2 + same) == fields.at(boundary + same)) {
                same++;
            }
            if (same == length) {
                return at;
            }
        }
        return -1;
    }

    /** Where the content of a part begins: behind the first empty line; -1 where there is none. */
    private static int behindHead(GrowingBytes body, int from) {
        for (int at = from; at + 1 < body.length(); at++) {
            if (body.at(at) != '\n') {
                continue;
            }
            if (body.at(at + 1) == '\n') {
                return at + 2;
            }
            if (at + 2 < body.length() && body.at(at + 1) == '\r' && body.at(at + 2) == '\n') {
                return at + 3;
            }
        }
        return -1;
    }

    private static int withoutLineEnd(GrowingBytes body, int from, int end) {
        int last = end > from && body.at(end - 1) == '\n' ? end - 1 : end;
        return last > from && body.at(last - 1) == '\r' ? last - 1 : last;
    }
}
