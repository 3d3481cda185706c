package ips.core.inspect;

/**
 * Reads what a {@code Content-Range} tells (RFC 9110 §14.4): {@code bytes 0-499/1234}. One per
 * message, used again.
 */
final class ContentRange {
    private static final long HIGHEST = Long.MAX_VALUE / 16;

    private GrowingBytes text;
    private int end;
    private int at;

    /** Whether one can be understood, and its range lies within the size it names. */
    boolean isValid(HeaderFields fields, int header) {
        text = fields.text();
        at = fields.valueAt(header);
        end = fields.valueEnd(header);
        skipBlanks();
        if (end - at < 5 || !text.same(at, 5, "bytes")) {
            return false;
        }
        at += 5;
        skipBlanks();
        boolean anyRange = take('*');
        long first = anyRange ? 0 : number();
        long last = anyRange ? 0 : take('-') ? number() : -1;
        if (first < 0 || last < 0 || !take('/')) {
            return false;
        }
        boolean anySize = take('*');
        long size = anySize ? HIGHEST : number();
        return size >= 0 && (anyRange || first <= last && last < size);
    }

    private void skipBlanks() {
        while (at < end && text.at(at) == ' ') {
            at++;
        }
    }

    private boolean take(char wanted) {
        boolean there = at < end && text.at(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    /** A number in decimal digits, or -1 where there is none. */
    private long number() {
        int from = at;
        long value = 0;
        while (at < end && text.at(at) >= '0' && text.at(at) <= '9') {
            value = Math.min(HIGHEST, value * 10 + text.at(at++) - '0');
        }
        return at == from ? -1 : value;
    }
}
