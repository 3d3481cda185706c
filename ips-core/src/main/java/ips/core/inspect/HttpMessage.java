package ips.core.inspect;

/**
 * A request or a response as rules look into it: first line, headers, body decoded. Tolerant as
 * browsers are, for what they accept has to be seen: lone CR or LF end lines, lines may be folded,
 * chunks may be followed by anything.
 */
public final class HttpMessage {
    /** How far it has come. */
    enum State {
        LINE,
        HEADERS,
        BODY,
        DONE
    }

    /** Bytes of the first line, and of all header fields. */
    static final int LONGEST_HEAD = 64 << 10;

    private static final int LONGEST_BODY = 128 << 10;
    private static final String CODING = "content-encoding";

    final boolean request;
    State state = State.LINE;

    final GrowingBytes line;
    final GrowingBytes raw;
    final HeaderFields fields;
    final ContentRange range = new ContentRange();
    final GrowingBytes body;
    final GrowingBytes uri;
    final GrowingBytes rawUri;
    final GrowingBytes scratch;

    // The words of the first line: method and protocol, or protocol, code and message.
    int firstStart;
    int firstEnd;
    int secondStart;
    int secondEnd;
    int thirdStart;
    int thirdEnd;

    long bodyBytes;

    /** Whether bytes of the body are missing. */
    boolean torn;

    /** The body was asked about when it had so many bytes. */
    int bodyAsked;

    private final FoundRules found = new FoundRules();
    boolean headAsked;
    boolean endAsked;

    /** What is odd about it, bits of {@link HttpEvent}. */
    long events;

    HttpMessage(boolean request, BufferPool buffers) {
        this.request = request;
        line = new GrowingBytes(buffers, LONGEST_HEAD);
        raw = new GrowingBytes(buffers, LONGEST_HEAD);
        body = new GrowingBytes(buffers, LONGEST_BODY);
        uri = new GrowingBytes(buffers, LONGEST_HEAD);
        rawUri = new GrowingBytes(buffers, LONGEST_HEAD);
        scratch = new GrowingBytes(buffers, LONGEST_HEAD);
        fields = new HeaderFields(buffers, scratch, request ? "cookie" : "set-cookie");
    }

    void begin() {
        found.begin();
        state = State.LINE;
        line.restart();
        raw.restart();
        fields.begin();
        body.restart();
        uri.restart();
        rawUri.restart();
        scratch.restart();
        bodyBytes = 0;
        torn = false;
        bodyAsked = 0;
        headAsked = false;
        endAsked = false;
        events = 0;
        firstStart = 0;
        firstEnd = 0;
        secondStart = 0;
        secondEnd = 0;
        thirdStart = 0;
        thirdEnd = 0;
    }

    /** Lets go of the buffers kept for the next, while it is no one's. */
    void giveBuffersBack() {
        line.clear();
        raw.clear();
        fields.giveBuffersBack();
        body.clear();
        uri.clear();
        rawUri.clear();
        scratch.clear();
    }

    void note(HttpEvent event) {
        events |= event.bit();
    }

    void note(HttpEvent inRequest, HttpEvent inResponse) {
        note(request ? inRequest : inResponse);
    }

    /** Whether rules have something new to look at; notes that they did. */
    public boolean news() {
        boolean head = headComplete() && !headAsked;
        boolean end = done() && !endAsked;
        boolean more = hasMoreBody();
        headAsked |= head;
        endAsked |= end;
        if (head || end || more) {
            bodyAsked = body.length();
            return true;
        }
        return false;
    }

    /** Whether enough of its body came for rules to look at it again. */
    boolean hasMoreBody() {
        return body.length() - bodyAsked >= 32 << 10;
    }

    /** Which rules' patterns were found in it. */
    FoundRules found() {
        found.reached(headComplete(), fields.count(), body.length());
        return found;
    }

    /** Whether all of it came, or enough of its body for rules to look at. */
    public boolean bodyReady() {
        return done() || body.length() >= 32 << 10;
    }

    boolean headComplete() {
        return state.ordinal() >= State.BODY.ordinal();
    }

    boolean done() {
        return state == State.DONE;
    }

    boolean begun() {
        return line.length() > 0 || state != State.LINE || body.length() > 0;
    }

    /** Takes the first line apart. */
    void splitLine() {
        int length = line.length();
        int at = spaces(0, length);
        firstStart = at;
        while (at < length && !isSpace(at)) {
            at++;
        }
        firstEnd = at;
        secondStart = spaces(at, length);
        if (request) {
            splitRequest(length);
            return;
        }
        at = secondStart;
        while (at < length && !isSpace(at)) {
            at++;
        }
        secondEnd = at;
        thirdStart = spaces(at, length);
        thirdEnd = length;
    }

    /** The URI ends at the first blank, or where there is none at other white space. */
    private void splitRequest(int length) {
        int end = length;
        while (end > secondStart && isSpace(end - 1)) {
            end--;
        }
        int at = secondStart;
        while (at < end && line.at(at) != ' ') {
            at++;
        }
        if (at == end) {
            at = secondStart;
            while (at < end && !isSpace(at)) {
                at++;
            }
        }
        secondEnd = at;
        thirdStart = spaces(at, end);
        thirdEnd = thirdStart < end ? length : end;
        rawUri.add(line, secondStart, secondEnd - secondStart);
        if (!isConnect()) {
            UriText.normalize(rawUri, uri);
        }
    }

    private int spaces(int from, int to) {
        int at = from;
        while (at < to && isSpace(at)) {
            at++;
        }
        return at;
    }

    boolean isMethod(String lower) {
        return line.same(firstStart, firstEnd - firstStart, lower);
    }

    boolean isConnect() {
        return isMethod("connect");
    }

    /** Whether a request's line names no protocol, as in HTTP/0.9. */
    boolean namesNoProtocol() {
        return thirdEnd == thirdStart;
    }

    private boolean isSpace(int at) {
        byte b = line.at(at);
        return b == ' ' || b == '\t' || b == 0x0b || b == 0x0c;
    }

    int status() {
        int status = 0;
        for (int i = secondStart; i < secondEnd && status < 1000; i++) {
            int digit = Character.digit(line.at(i), 10);
            if (digit < 0) {
                return -1;
            }
            status = status * 10 + digit;
        }
        return secondEnd > secondStart ? status : -1;
    }

    /** Takes a header line, its end left out. */
    void header(byte[] text, int from, int end) {
        int start = from;
        if (start < end && isBlank(text[start])) {
            if (fields.count() > 0 && !beginsField(text, start, end)) {
                fields.fold(text, start, end);
                return;
            }
            note(HttpEvent.INVALID_REQUEST_FIELD_FOLDING, HttpEvent.INVALID_RESPONSE_FIELD_FOLDING);
            while (start < end && isBlank(text[start])) {
                start++;
            }
        }
        if (fields.isFull()) {
            return;
        }
        int colon = HeaderNames.end(text, start, end);
        boolean token = colon < end && text[colon] == ':' && colon > start;
        while (colon < end && text[colon] != ':' && text[colon] != 0) {
            colon++;
        }
        if (colon < end && text[colon] == 0) {
            colon = end; // no name may hold it
        }
        int nameEnd = colon == end ? start : colon;
        while (nameEnd > start && HeaderFields.isWhite(text[nameEnd - 1])) {
            nameEnd--;
        }
        if (colon == end) {
            note(HttpEvent.REQUEST_FIELD_MISSING_COLON, HttpEvent.RESPONSE_FIELD_MISSING_COLON);
        } else if (!token) {
            note(HttpEvent.REQUEST_HEADER_INVALID, HttpEvent.RESPONSE_HEADER_INVALID);
        }
        int valueStart = colon == end ? start : colon + 1;
        while (valueStart < end && isBlank(text[valueStart])) {
            valueStart++;
        }
        int valueEnd = end;
        while (valueEnd > valueStart && isBlankOrReturn(text[valueEnd - 1])) {
            valueEnd--;
        }
        fields.add(text, start, nameEnd, valueStart, valueEnd);
    }

    /**
     * Whether a folded line is a field of its own, as Suricata has it: one with a colon, behind a
     * field that has a name, in an answer of HTTP/1.1.
     */
    private boolean beginsField(byte[] text, int from, int end) {
        if (request || !line.same(firstStart, firstEnd - firstStart, "http/1.1")) {
            return false;
        }
        boolean named = fields.nameLength(fields.count() - 1) > 0;
        for (int i = from; named && i < end; i++) {
            if (text[i] == ':') {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isBlankOrReturn(byte b) {
        return isBlank(b) || b == '\r';
    }

    /** How many times the body was compressed, as its Content-Encoding tells: 0 to a few. */
    int encodings() {
        GrowingBytes text = fields.text();
        int found = 0;
        for (int i = fields.find(CODING); i >= 0; i = fields.find(CODING, i + 1)) {
            int end = fields.valueEnd(i);
            for (int at = fields.valueAt(i); at < end; ) {
                int last = at;
                while (last < end && text.at(last) != ',' && text.at(last) != ' ') {
                    last++;
                }
                if (text.holds(at, last - at, "gzip") || text.holds(at, last - at, "deflate")) {
                    found++;
                }
                at = last + 1;
            }
        }
        return found;
    }

    /** Whether brotli is what its body was compressed with, and nothing else. */
    boolean isBrotli() {
        int coding = fields.find(CODING);
        return coding >= 0 && fields.isValue(coding, "br");
    }

    /** First line and header fields as rules see them, each with CRLF, then CRLF. */
    ByteRange start(ByteRange into) {
        scratch.clear();
        scratch.add(line, 0, line.length());
        scratch.add("\r\n");
        if (fields.count() > 0) {
            fields.addAll(scratch, true);
            scratch.add("\r\n");
        }
        return scratch.range(into);
    }
}
