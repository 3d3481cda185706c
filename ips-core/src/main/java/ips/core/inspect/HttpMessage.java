package ips.core.inspect;

import java.util.Arrays;

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

    private static final int LONGEST_HEAD = 64 << 10;
    private static final int LONGEST_BODY = 128 << 10;
    private static final int MOST_HEADERS = 256;
    private static final byte[] SEPARATOR = {':', ' '};
    private static final byte[] SEPARATING = {',', ' '};
    private static final byte[] LINE_END = {'\r', '\n'};

    final boolean request;
    State state = State.LINE;

    final GrowingBytes line;
    final GrowingBytes raw;
    final GrowingBytes headers;
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

    // Headers within `headers`, each as "Name: value" and CRLF; folded lines joined, duplicates
    // apart.
    int[] nameAt = new int[16];
    int[] nameLength = new int[16];
    int[] valueAt = new int[16];
    int[] valueLength = new int[16];
    private int[] nameHash = new int[16];
    int count;

    /** A bit for the hash of each name; and whether any name occurs twice. */
    private long names;

    private boolean repeating;

    long bodyBytes;

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
        headers = new GrowingBytes(buffers, LONGEST_HEAD);
        body = new GrowingBytes(buffers, LONGEST_BODY);
        uri = new GrowingBytes(buffers, LONGEST_HEAD);
        rawUri = new GrowingBytes(buffers, LONGEST_HEAD);
        scratch = new GrowingBytes(buffers, LONGEST_HEAD);
    }

    void begin() {
        found.begin();
        state = State.LINE;
        line.restart();
        raw.restart();
        headers.restart();
        body.restart();
        uri.restart();
        rawUri.restart();
        scratch.restart();
        count = 0;
        names = 0;
        repeating = false;
        bodyBytes = 0;
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
        headers.clear();
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
        boolean more = body.length() - bodyAsked >= 32 << 10;
        headAsked |= head;
        endAsked |= end;
        if (head || end || more) {
            bodyAsked = body.length();
            return true;
        }
        return false;
    }

    /** Which rules' patterns were found in it. */
    FoundRules found() {
        found.reached(headComplete(), count, body.length());
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
            if (count > 0) {
                fold(text, start, end);
                return;
            }
            note(HttpEvent.INVALID_REQUEST_FIELD_FOLDING, HttpEvent.INVALID_RESPONSE_FIELD_FOLDING);
            while (start < end && isBlank(text[start])) {
                start++;
            }
        }
        if (count == MOST_HEADERS) {
            return;
        }
        if (count == nameAt.length) {
            moreHeaders();
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
        while (nameEnd > start && isWhite(text[nameEnd - 1])) {
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
        add(text, start, nameEnd, valueStart, valueEnd);
    }

    private void add(byte[] text, int start, int nameEnd, int valueStart, int valueEnd) {
        int at = headers.length();
        int nameBytes = nameEnd - start;
        int valueBytes = valueEnd - valueStart;
        if (at + nameBytes + valueBytes + 4 > LONGEST_HEAD) {
            return;
        }
        if (valueStart == nameEnd + 2 && text[nameEnd] == ':' && text[nameEnd + 1] == ' ') {
            headers.add(text, start, valueEnd - start);
        } else {
            headers.add(text, start, nameBytes);
            headers.add(SEPARATOR, 0, 2);
            headers.add(text, valueStart, valueBytes);
        }
        headers.add(LINE_END, 0, 2);
        if (headers.length() < at + nameBytes + valueBytes + 4) {
            headers.truncate(at); // no buffer was to be had
            return;
        }
        int hash = HeaderNames.hash(text, start, nameEnd);
        nameAt[count] = at;
        nameLength[count] = nameBytes;
        nameHash[count] = hash;
        valueAt[count] = at + nameBytes + 2;
        valueLength[count] = valueBytes;
        repeating |= (names & 1L << hash) != 0 && isAnother(count);
        names |= 1L << hash;
        count++;
    }

    @ips.core.ColdPath
    private void moreHeaders() {
        nameAt = Arrays.copyOf(nameAt, count * 2);
        nameLength = Arrays.copyOf(nameLength, count * 2);
        nameHash = Arrays.copyOf(nameHash, count * 2);
        valueAt = Arrays.copyOf(valueAt, count * 2);
        valueLength = Arrays.copyOf(valueLength, count * 2);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isBlankOrReturn(byte b) {
        return isBlank(b) || b == '\r';
    }

    private static boolean isWhite(byte b) {
        return b <= ' ' && b >= 0;
    }

    /** A line that goes on with the value before it, its first blanks kept. */
    private void fold(byte[] text, int start, int end) {
        int last = end;
        while (last > start && isWhite(text[last - 1])) {
            last--;
        }
        int first = start;
        while (valueLength[count - 1] == 0 && first < last && text[first] <= ' ') {
            first++;
        }
        int before = valueAt[count - 1] + valueLength[count - 1];
        if (before + last - first + 2 > LONGEST_HEAD) {
            return;
        }
        headers.truncate(before);
        headers.add(text, first, last - first);
        valueLength[count - 1] = headers.length() - valueAt[count - 1];
        headers.add(LINE_END, 0, 2);
    }

    /** The first header of a name, in lower case; or -1. */
    int find(String name) {
        return find(name, 0);
    }

    /** The same from a header of a number on. */
    int find(String name, int from) {
        int hash = name.hashCode();
        if ((names & 1L << hash) == 0) {
            return -1;
        }
        for (int i = from; i < count; i++) {
            if (nameHash[i] == hash && headers.same(nameAt[i], nameLength[i], name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether any header of a name holds a word, both in lower case. */
    boolean anyHolds(String name, String word) {
        for (int i = find(name); i >= 0; i = find(name, i + 1)) {
            if (headers.holds(valueAt[i], valueLength[i], word)) {
                return true;
            }
        }
        return false;
    }

    /** How many times the body was compressed, as its Content-Encoding tells: 0 to a few. */
    int encodings() {
        int found = 0;
        for (int i = find("content-encoding"); i >= 0; i = find("content-encoding", i + 1)) {
            int end = valueAt[i] + valueLength[i];
            for (int at = valueAt[i]; at < end; ) {
                int last = at;
                while (last < end && headers.at(last) != ',' && headers.at(last) != ' ') {
                    last++;
                }
                if (headers.holds(at, last - at, "gzip")
                        || headers.holds(at, last - at, "deflate")) {
                    found++;
                }
                at = last + 1;
            }
        }
        return found;
    }

    /** Whether brotli is what its body was compressed with, and nothing else. */
    boolean isBrotli() {
        int at = find("content-encoding");
        return at >= 0 && headers.same(valueAt[at], valueLength[at], "br");
    }

    /** The value of a header, several of one name joined; null where there is none. */
    ByteRange value(String name, ByteRange into) {
        int first = find(name);
        if (first < 0) {
            return null;
        }
        if (!repeating || find(name, first + 1) < 0) {
            return headers.range(valueAt[first], valueLength[first], into);
        }
        scratch.restart();
        joined(first, scratch);
        return scratch.range(into);
    }

    /** The first number in a header, of at most 12 digits; -1 where there is none. */
    long number(String name) {
        int index = find(name);
        if (index < 0) {
            return -1;
        }
        int end = valueAt[index] + valueLength[index];
        int at = valueAt[index];
        while (at < end && !isDigit(headers.at(at))) {
            at++;
        }
        long number = -1;
        for (int digits = 0; at < end && digits < 12 && isDigit(headers.at(at)); digits++) {
            number = Math.max(number, 0) * 10 + headers.at(at++) - '0';
        }
        return number;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a header, several of one name joined; null where there is none, or no value. */
    String text(String name) {
        int first = find(name);
        if (first < 0) {
            return null;
        }
        scratch.clear();
        joined(first, scratch);
        return scratch.length() == 0 ? null : scratch.text();
    }

    /** Whether two headers have the same value, but for the case of its letters. */
    boolean sameValue(int a, int b) {
        return valueLength[a] == valueLength[b]
                && headers.sameLetters(valueAt[a], valueAt[b], valueLength[a]);
    }

    /** Whether a header of the same name was there before. */
    boolean repeats(int index) {
        return repeating && isAnother(index);
    }

    private boolean isAnother(int index) {
        for (int i = 0; i < index; i++) {
            if (sameName(i, index)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a header of the same name follows. */
    boolean isRepeated(int index) {
        for (int i = index + 1; repeating && i < count; i++) {
            if (sameName(i, index)) {
                return true;
            }
        }
        return false;
    }

    private boolean sameName(int a, int b) {
        return nameHash[a] == nameHash[b]
                && nameLength[a] == nameLength[b]
                && headers.sameLetters(nameAt[a], nameAt[b], nameLength[a]);
    }

    /** Adds the values of all headers of one name; of lengths the first is the one that counts. */
    void joined(int first, GrowingBytes to) {
        to.add(headers, valueAt[first], valueLength[first]);
        if (headers.same(nameAt[first], nameLength[first], "content-length")) {
            return;
        }
        for (int i = first + 1; repeating && i < count; i++) {
            if (sameName(first, i)) {
                to.add(SEPARATING, 0, 2);
                to.add(headers, valueAt[i], valueLength[i]);
            }
        }
    }

    /** {@code Name: value} and CRLF for each, without cookies. */
    ByteRange all(ByteRange into) {
        if (!repeating && find(cookieName()) < 0) {
            return headers.range(into);
        }
        scratch.clear();
        addAll(scratch, false);
        return scratch.range(into);
    }

    private void addAll(GrowingBytes to, boolean cookies) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            boolean skipped = !cookies && isCookie(i);
            boolean gathered = repeats(i) || isRepeated(i);
            if (skipped || gathered) {
                to.add(headers, from, nameAt[i] - from);
                from = behind(i);
            }
            if (gathered && !skipped && !repeats(i)) {
                to.add(headers, nameAt[i], nameLength[i] + 2);
                joined(i, to);
                to.add(LINE_END, 0, 2);
            }
        }
        to.add(headers, from, headers.length() - from);
    }

    private boolean isCookie(int index) {
        return headers.same(nameAt[index], nameLength[index], cookieName());
    }

    String cookieName() {
        return request ? "cookie" : "set-cookie";
    }

    /** Where the line of a header ends. */
    private int behind(int index) {
        return valueAt[index] + valueLength[index] + 2;
    }

    /** CRLF, each name with CRLF, CRLF. */
    ByteRange names(ByteRange into) {
        scratch.clear();
        scratch.add("\r\n");
        for (int i = 0; i < count; i++) {
            if (!repeats(i)) {
                scratch.add(headers, nameAt[i], nameLength[i]);
                scratch.add("\r\n");
            }
        }
        scratch.add("\r\n");
        return scratch.range(into);
    }

    ByteRange start(ByteRange into) {
        scratch.clear();
        scratch.add(line, 0, line.length());
        scratch.add("\r\n");
        if (count > 0) {
            addAll(scratch, true);
            scratch.add("\r\n");
        }
        return scratch.range(into);
    }

    /**
     * One header as {@code Name: value}, several of one name joined; null behind the last.
     *
     * @param index its number among those of different names
     */
    ByteRange one(int index, ByteRange into) {
        int left = index;
        for (int i = 0; i < count; i++) {
            if (!repeats(i) && left-- == 0) {
                scratch.clear();
                scratch.add(headers, nameAt[i], nameLength[i] + 2);
                joined(i, scratch);
                return scratch.range(into);
            }
        }
        return null;
    }
}
