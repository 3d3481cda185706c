package ips.core.inspect;

/**
 * The files of a form that was sent as {@code multipart/form-data} (RFC 7578): the contents of
 * parts whose {@code Content-Disposition} names a file. Found anew at each call, in one pass over
 * the body, which is at most 128 KiB.
 */
final class MultipartFiles {
    private MultipartFiles() {}

    /** The file of a number from 0, as far as it came; null where there are not so many. */
    static ByteRange find(HttpMessage message, int index, ByteRange into) {
        int header = message.find("content-type");
        int boundary = boundaryAt(message, header);
        int length = boundary < 0 ? 0 : boundaryLength(message, header, boundary);
        if (length == 0) {
            return null;
        }
        GrowingBytes body = message.body;
        int left = index;
        int at = next(message, boundary, length, 0);
        while (at >= 0) {
            int head = at + 2 + length;
            int content = behindHead(body, head);
            if (content < 0) {
                return null;
            }
            int end = next(message, boundary, length, content);
            if (body.holds(head, content - head, "filename=") && left-- == 0) {
                int last = end < 0 ? body.length() : withoutLineEnd(body, content, end);
                return body.range(content, last - content, into);
            }
            at = end;
        }
        return null;
    }

    private static int boundaryAt(HttpMessage message, int header) {
        int from = message.valueAt[header];
        int end = from + message.valueLength[header];
        String word = "boundary=";
        for (int at = from; at + word.length() < end; at++) {
            if (message.headers.same(at, word.length(), word)) {
                int start = at + word.length();
                return message.headers.at(start) == '"' ? start + 1 : start;
            }
        }
        return -1;
    }

    private static int boundaryLength(HttpMessage message, int header, int from) {
        int end = message.valueAt[header] + message.valueLength[header];
        int at = from;
        while (at < end && "\"; \t,".indexOf(message.headers.at(at)) < 0) {
            at++;
        }
        return at - from;
    }

    /** Where two dashes and the boundary next lie in the body, or -1. */
    private static int next(HttpMessage message, int boundary, int length, int from) {
        GrowingBytes body = message.body;
        for (int at = from; at + 2 + length <= body.length(); at++) {
            if (body.at(at) != '-' || body.at(at + 1) != '-') {
                continue;
            }
            int same = 0;
            while (same < length && body.at(at + 2 + same) == message.headers.at(boundary + same)) {
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
