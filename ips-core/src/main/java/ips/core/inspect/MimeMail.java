package ips.core.inspect;

/**
 * A mail as its lines come (RFC 5322, RFC 2045, RFC 2046): the files attached to it, which are the
 * parts that have a name, decoded. At most {@value #MOST_FILES} files are kept, and {@value
 * #MOST_BYTES} bytes of all together; parts lie in one another {@value #DEEPEST} deep at most.
 */
final class MimeMail {
    private static final int MOST_FILES = 32;
    private static final int MOST_BYTES = 128 << 10;
    private static final int LONGEST_NAME = 4096;
    private static final int DEEPEST = 10;

    // What Suricata takes for long.
    private static final int LONGEST_LINE = 998;
    private static final int LONGEST_ENCODED_LINE = 76;
    private static final int LONGEST_HEADER_NAME = 75;
    private static final int LONGEST_HEADER_VALUE = 2000;
    private static final int LONGEST_BOUNDARY = 254;

    private enum Encoding {
        NONE,
        BASE64,
        QUOTED_PRINTABLE
    }

    private final GrowingBytes files;
    private final GrowingBytes names;
    private final GrowingBytes header;
    private final GrowingBytes boundaries;
    private final int[] fileEnds = new int[MOST_FILES];
    private final long[] fileSizes = new long[MOST_FILES];
    private final int[] nameEnds = new int[MOST_FILES];
    private final int[] boundaryEnds = new int[DEEPEST];
    private final MimeDecoder decoder;
    private int count;
    private int depth;
    private boolean inHead;
    private boolean failed;

    // Of the part at hand.
    private Encoding encoding = Encoding.NONE;
    private boolean named;
    private boolean message;
    private boolean open;
    private boolean lineBefore;
    private long events;

    MimeMail(BufferPool buffers) {
        files = new GrowingBytes(buffers, MOST_BYTES);
        names = new GrowingBytes(buffers, LONGEST_NAME);
        header = new GrowingBytes(buffers, LONGEST_NAME);
        boundaries = new GrowingBytes(buffers, DEEPEST * LONGEST_BOUNDARY);
        decoder = new MimeDecoder(files);
    }

    /** Forgets the mail and its files. */
    void clear() {
        files.clear();
        names.clear();
        header.clear();
        boundaries.clear();
        count = 0;
        events = 0;
        open = false;
        named = false;
    }

    /** Begins another mail; files of the one before are kept. */
    void begin() {
        boundaries.restart();
        depth = 0;
        failed = false;
        beginHead();
    }

    private void beginHead() {
        inHead = true;
        encoding = Encoding.NONE;
        named = false;
        message = false;
        header.restart();
    }

    /** Whether there may be more of the files than is kept. */
    boolean isFull() {
        return files.isFull();
    }

    /** What is odd about the mails so far, bits of {@link SmtpEvent}. */
    long events() {
        return events;
    }

    private void note(SmtpEvent event) {
        events |= event.bit();
    }

    boolean inHead() {
        return inHead && !failed;
    }

    /** Files that are complete. */
    int files() {
        return count;
    }

    ByteRange file(int index, ByteRange into) {
        int from = index == 0 ? 0 : fileEnds[index - 1];
        return files.range(from, fileEnds[index] - from, into);
    }

    ByteRange name(int index, ByteRange into) {
        int from = index == 0 ? 0 : nameEnds[index - 1];
        return names.range(from, nameEnds[index] - from, into);
    }

    long size(int index) {
        return fileSizes[index];
    }

    /** Takes a line without its end. */
    void line(GrowingBytes line) {
        if (failed) {
            return;
        }
        if (line.length() > LONGEST_LINE) {
            note(SmtpEvent.MIME_LONG_LINE);
        }
        if (inHead) {
            headLine(line);
        } else if (!boundary(line) && open) {
            bodyLine(line);
        }
    }

    /** The mail is over; what is open ends with it. */
    void end() {
        endFile();
        if (depth > 0) {
            note(SmtpEvent.MIME_MALFORMED_MSG);
        }
        depth = 0;
        inHead = false;
    }

    // Heads.

    private void headLine(GrowingBytes line) {
        boolean folded = line.length() > 0 && (line.at(0) == ' ' || line.at(0) == '\t');
        if (!folded && header.length() > 0) {
            headerEnds();
            header.restart();
        }
        if (line.length() == 0) {
            headEnds();
        } else if (depth > 0 && boundary(line)) {
            return; // a part without a body
        } else {
            header.add(line, 0, line.length());
        }
    }

    private void headerEnds() {
        int colon = 0;
        while (colon < header.length() && header.at(colon) != ':') {
            colon++;
        }
        if (colon > LONGEST_HEADER_NAME) {
            note(SmtpEvent.MIME_LONG_HEADER_NAME);
        }
        int value = colon + 1;
        while (value < header.length() && header.at(value) == ' ') {
            value++;
        }
        if (header.length() - value > LONGEST_HEADER_VALUE) {
            note(SmtpEvent.MIME_LONG_HEADER_VALUE);
        }
        if (header.same(0, colon, "content-type")) {
            contentType(value);
        } else if (header.same(0, colon, "content-disposition")) {
            nameFile(MimeParameters.find(header, value, "filename="));
        } else if (header.same(0, colon, "content-transfer-encoding")) {
            if (header.holds(value, header.length() - value, "base64")) {
                encoding = Encoding.BASE64;
            } else if (header.holds(value, header.length() - value, "quoted-printable")) {
                encoding = Encoding.QUOTED_PRINTABLE;
            }
        }
    }

    private void contentType(int value) {
        int length = header.length() - value;
        message = header.holds(value, length, "message/rfc822");
        nameFile(MimeParameters.find(header, value, "name="));
        int boundary = MimeParameters.find(header, value, "boundary=");
        if (boundary < 0) {
            return;
        }
        int end = MimeParameters.end(header, boundary);
        if (end - boundary > LONGEST_BOUNDARY) {
            note(SmtpEvent.MIME_LONG_BOUNDARY);
            note(SmtpEvent.MIME_PARSE_FAILED);
            failed = true;
        } else if (depth == DEEPEST) {
            note(SmtpEvent.MIME_MALFORMED_MSG);
            failed = true;
        } else if (end > boundary) {
            boundaries.truncate(depth == 0 ? 0 : boundaryEnds[depth - 1]);
            boundaries.add(header, boundary, end - boundary);
            boundaryEnds[depth++] = boundaries.length();
        }
    }

    /** Notes the name that a header tells, where none was told before. */
    private void nameFile(int at) {
        if (at < 0 || named || count == MOST_FILES) {
            return;
        }
        int end = MimeParameters.end(header, at);
        names.truncate(count == 0 ? 0 : nameEnds[count - 1]);
        names.add(header, at, end - at);
        named = true;
    }

    private void headEnds() {
        if (message) {
            beginHead(); // that of the mail within
            return;
        }
        inHead = false;
        if (named) {
            nameEnds[count] = names.length();
            fileSizes[count] = 0;
            open = true;
            lineBefore = false;
            decoder.begin();
        }
    }

    // Bodies.

    /** Whether a line is the boundary of a part at hand; then what it ends ends. */
    private boolean boundary(GrowingBytes line) {
        if (line.length() < 3 || line.at(0) != '-' || line.at(1) != '-') {
            return false;
        }
        for (int i = depth - 1; i >= 0; i--) {
            int from = i == 0 ? 0 : boundaryEnds[i - 1];
            int length = boundaryEnds[i] - from;
            if (line.length() < 2 + length || !same(line, from, length)) {
                continue;
            }
            endFile();
            boolean last =
                    line.length() >= 4 + length
                            && line.at(2 + length) == '-'
                            && line.at(3 + length) == '-';
            depth = last ? i : i + 1;
            if (last) {
                inHead = false;
            } else {
                beginHead();
            }
            return true;
        }
        return false;
    }

    private boolean same(GrowingBytes line, int from, int length) {
        for (int i = 0; i < length; i++) {
            if (line.at(2 + i) != boundaries.at(from + i)) {
                return false;
            }
        }
        return true;
    }

    private void bodyLine(GrowingBytes line) {
        int before = files.length();
        if (encoding != Encoding.NONE && line.length() > LONGEST_ENCODED_LINE) {
            note(SmtpEvent.MIME_LONG_ENC_LINE);
        }
        switch (encoding) {
            case BASE64 -> decoder.base64(line);
            case QUOTED_PRINTABLE -> {
                if (!decoder.quotedPrintable(line)) {
                    note(SmtpEvent.MIME_INVALID_QP);
                }
            }
            case NONE -> {
                if (lineBefore) {
                    files.add((byte) '\r');
                    files.add((byte) '\n');
                }
                files.add(line, 0, line.length());
                lineBefore = true;
            }
        }
        fileSizes[count] += files.length() - before;
    }

    private void endFile() {
        if (!open) {
            return;
        }
        open = false;
        named = false;
        fileEnds[count++] = files.length();
    }
}
