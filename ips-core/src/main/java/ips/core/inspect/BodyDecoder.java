package ips.core.inspect;

import ips.core.http.BrotliBody;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes a message's Content-Encoding: gzip, zlib or bare deflate, whichever it turns out to be; a
 * body that is none of them is taken as it is. Brotli is gathered, at most {@value #MOST_BROTLI}
 * bytes, and undone at the message's end; what is none is taken as it came. One of several layers
 * hands what it finds to the next. What the last writes is bounded by the buffer it writes to, what
 * the others hand on by {@value #MOST_BETWEEN} bytes.
 */
final class BodyDecoder {
    static final int MOST_LAYERS = 2;
    private static final int GZIP_HEADER = 10;
    private static final int LONGEST_HEADER = 4096;
    private static final int MOST_BETWEEN = 1 << 20;
    private static final int MOST_BROTLI = 128 << 10;

    /** What breaks off before so many bytes were found was taken for the wrong thing. */
    private static final int LEAST_FOUND = 256;

    private final HttpPool pool;
    private final int depth;
    private final BodyDecoder next;
    private final GrowingBytes head;
    private final GrowingBytes gathered;
    private boolean brotli;
    private int layers;
    private Inflater inflater;
    private boolean bare;
    private boolean plain;
    private boolean ended;
    private int tried;
    private long found;

    /**
     * @param depth how many layers are before it
     */
    BodyDecoder(HttpPool pool, int depth) {
        this.pool = pool;
        this.depth = depth;
        next = depth + 1 < MOST_LAYERS ? new BodyDecoder(pool, depth + 1) : null;
        head = new GrowingBytes(pool.buffers, LONGEST_HEADER);
        gathered = new GrowingBytes(pool.buffers, MOST_BROTLI);
    }

    /**
     * @param encodings how many times the body was compressed; layers beyond {@value #MOST_LAYERS}
     *     are left as they are
     */
    void begin(int encodings) {
        end();
        if (encodings == 0) {
            return;
        }
        layers = Math.min(encodings, MOST_LAYERS - depth);
        plain = false;
        ended = false;
        tried = 0;
        found = 0;
        if (layers > 1) {
            next.begin(layers - 1);
        }
    }

    /** Begins a body that brotli alone was applied to. */
    void beginBrotli() {
        begin(1);
        brotli = true;
    }

    /** Whether one of the layers turned out to be no gzip or deflate at all. */
    boolean wasNone() {
        return plain || layers > 1 && next.wasNone();
    }

    int layers() {
        return layers;
    }

    /** The message is complete, or nothing more of it comes. */
    void finish(GrowingBytes to) {
        if (!brotli || gathered.length() == 0) {
            return;
        }
        brotli = false;
        BrotliBody body = pool.brotli;
        body.begin(gathered.array(), 0, gathered.length());
        byte[] out = pool.inflated[depth];
        int count = body.read(out, 0, out.length);
        boolean any = count > 0;
        while (count > 0 && !to.isFull()) {
            to.add(out, 0, count);
            count = body.read(out, 0, out.length);
        }
        body.end();
        if (body.broken()) {
            pool.brokenBodies++;
        }
        if (!any) {
            to.add(gathered.array(), 0, gathered.length());
        }
    }

    void end() {
        if (layers == 0) {
            return; // nothing was begun since
        }
        giveBack();
        head.clear();
        gathered.clear();
        brotli = false;
        layers = 0;
        if (next != null) {
            next.end();
        }
    }

    /** Bytes are lost: of a compressed body nothing more can be found. */
    void cutShort() {
        ended = true;
        giveBack();
    }

    private void giveBack() {
        if (inflater != null) {
            pool.give(inflater, bare);
            inflater = null;
        }
    }

    void decode(ByteRange bytes, int offset, int length, GrowingBytes to) {
        int at = offset;
        int left = length;
        byte[] in = pool.compressed;
        while (left > 0 && !ended) {
            int count = Math.min(left, in.length);
            bytes.buffer.getBytes(bytes.offset + at, in, 0, count);
            piece(in, 0, count, to);
            at += count;
            left -= count;
        }
    }

    private void piece(byte[] in, int offset, int count, GrowingBytes to) {
        if (ended) {
            return;
        }
        if (brotli) {
            gathered.add(in, offset, count);
            ended = gathered.isFull();
            return;
        }
        if (plain) {
            found(in, offset, count, to);
        } else if (inflater == null) {
            int before = head.length();
            head.add(in, offset, count);
            int taken = head.length() - before;
            start(to);
            boolean decided = plain || inflater != null;
            if (taken < count && decided) {
                piece(in, offset + taken, count - taken, to);
            }
        } else {
            if (found < LEAST_FOUND) {
                head.add(in, offset, count); // for what may turn out to be something else
            }
            inflater.setInput(in, offset, count);
            inflate(to);
        }
    }

    private void found(byte[] bytes, int offset, int count, GrowingBytes to) {
        found += count;
        if (layers > 1) {
            next.piece(bytes, offset, count, to);
            ended |= found > MOST_BETWEEN || next.ended;
        } else {
            to.add(bytes, offset, count);
        }
    }

    /** Finds out what it is, once there are enough bytes. */
    private void start(GrowingBytes to) {
        int length = head.length();
        if (length < 2) {
            ended = head.isFull();
            return;
        }
        int first = head.at(0) & 0xff;
        int second = head.at(1) & 0xff;
        if (first == 0x1f && second == 0x8b && tried == 0) {
            int header = gzipHeader();
            if (header >= 0) {
                attempt(true, header, to);
                return;
            }
            if (!head.isFull()) {
                return;
            }
        }
        boolean zlib = (first & 0xf) == 8 && (first << 8 | second) % 31 == 0;
        if (zlib && tried < 2) {
            tried = 1;
            attempt(false, 0, to);
        } else {
            tried = 2;
            attempt(true, 0, to);
        }
    }

    private void attempt(boolean isBare, int skip, GrowingBytes to) {
        inflater = pool.takeInflater(isBare);
        bare = isBare;
        if (inflater == null) {
            ended = true;
            return;
        }
        inflater.setInput(head.array(), skip, head.length() - skip);
        inflate(to);
    }

    private int gzipHeader() {
        int length = head.length();
        if (length < GZIP_HEADER) {
            return -1;
        }
        int flags = head.at(3);
        int at = GZIP_HEADER;
        if ((flags & 4) != 0) {
            if (length < at + 2) {
                return -1;
            }
            at += 2 + (head.at(at) & 0xff | (head.at(at + 1) & 0xff) << 8);
        }
        for (int bit = 8; bit <= 16; bit <<= 1) {
            if ((flags & bit) != 0) {
                while (at < length && head.at(at) != 0) {
                    at++;
                }
                at++;
            }
        }
        at += (flags & 2) != 0 ? 2 : 0;
        return at <= length ? at : -1;
    }

    private void inflate(GrowingBytes to) {
        byte[] out = pool.inflated[depth];
        try {
            while (!ended && !inflater.needsInput() && !inflater.finished() && !to.isFull()) {
                int count = inflater.inflate(out);
                if (count == 0) {
                    break;
                }
                found(out, 0, count, to);
            }
            if (inflater.finished() || to.isFull() || inflater.needsDictionary()) {
                ended = true;
            }
        } catch (DataFormatException e) {
            failed(out, (int) (inflater.getBytesWritten() - found), to);
        }
    }

    /**
     * Not what it was taken for: from the start it is plain, later there is no more of it.
     *
     * @param count bytes found just before it broke off
     */
    private void failed(byte[] out, int count, GrowingBytes to) {
        giveBack();
        if (found + count >= LEAST_FOUND) {
            found(out, 0, count, to);
            ended = true;
            pool.brokenBodies++;
            return;
        }
        found = 0;
        to.truncate(0);
        if (next != null) {
            next.begin(layers - 1);
        }
        if (tried < 2) {
            tried = 2;
            attempt(true, 0, to);
        } else {
            plain = true;
            found(head.array(), 0, head.length(), to);
        }
    }
}
