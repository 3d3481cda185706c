package ips.core.inspect;

/**
 * Tells the first line of a message from what is no such line: bytes that were sent behind a
 * message without being announced. Suricata's parser counts those for the body of that message.
 */
final class HttpStarts {
    static final String[] METHODS = {
        "GET",
        "POST",
        "PUT",
        "HEAD",
        "DELETE",
        "OPTIONS",
        "CONNECT",
        "TRACE",
        "PATCH",
        "PROPFIND",
        "PROPPATCH",
        "MKCOL",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
        "VERSION-CONTROL",
        "CHECKOUT",
        "UNCHECKOUT",
        "CHECKIN",
        "UPDATE",
        "LABEL",
        "REPORT",
        "MKWORKSPACE",
        "MKACTIVITY",
        "BASELINE-CONTROL",
        "MERGE",
        "INVALID",
        "ERROR"
    };

    private static final String PROTOCOL = "http";

    private HttpStarts() {}

    /**
     * Whether a line begins a message: a request by its method or by the protocol it names, a
     * response by its protocol.
     *
     * @param whole whether all of the line is there; what may still become a beginning counts for
     *     one otherwise
     */
    static boolean is(boolean request, byte[] text, int start, int to, boolean whole) {
        int from = start;
        while (from < to && text[from] <= ' ' && text[from] >= 0) {
            from++;
        }
        if (from == to) {
            return true;
        }
        if (!request) {
            return begins(text, from, to, whole);
        }
        int end = from;
        while (end < to && (text[end] > ' ' || text[end] < 0)) {
            end++;
        }
        return isMethod(text, from, end, !whole && end == to)
                || GrowingBytes.holds(text, end, to, "http/");
    }

    private static boolean begins(byte[] text, int from, int to, boolean whole) {
        int length = Math.min(PROTOCOL.length(), to - from);
        if (whole && length < PROTOCOL.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((text[from + i] | 0x20) != PROTOCOL.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMethod(byte[] text, int from, int to, boolean cut) {
        int length = to - from;
        for (String method : METHODS) {
            boolean mayBe = cut ? method.length() >= length : method.length() == length;
            if (mayBe && same(text, from, method, length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(byte[] text, int from, String method, int length) {
        for (int i = 0; i < length; i++) {
            if (text[from + i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
