package ips.core.inspect;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes a message's Content-Encoding: gzip, zlib or bare deflate, whichever it turns out to be; a
 * body that is none of them is taken as it is. What it writes is bounded by the buffer it writes
 * to.
 */
final class BodyDecoder {
    private static final int GZIP_HEADER = 10;

    private final byte[] in = new byte[4096];
    private final byte[] out = new byte[8192];
    private final GrowingBytes head = new GrowingBytes(4096);
    private Inflater inflater;
    private boolean plain;
    private boolean ended;
    private int tried;

    void begin() {
        end();
        head.clear();
        plain = false;
        ended = false;
        tried = 0;
    }

    void end() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    void decode(ByteRange bytes, int offset, int length, GrowingBytes to) {
        int at = offset;
        int left = length;
        while (left > 0 && !ended) {
            int count = Math.min(left, in.length);
            bytes.buffer.getBytes(bytes.offset + at, in, 0, count);
            piece(count, to);
            at += count;
            left -= count;
        }
    }

    private void piece(int count, GrowingBytes to) {
        if (plain) {
            to.add(in, 0, count);
            return;
        }
        if (inflater == null) {
            head.add(in, 0, count);
            if (!start(to)) {
                return;
            }
        } else {
            inflater.setInput(in, 0, count);
            inflate(to);
        }
    }

    /** Finds out what it is, once there are enough bytes; false while there are not. */
    private boolean start(GrowingBytes to) {
        int length = head.length();
        if (length < 2) {
            return false;
        }
        int first = head.at(0) & 0xff;
        int second = head.at(1) & 0xff;
        if (first == 0x1f && second == 0x8b && tried == 0) {
            int header = gzipHeader();
            if (header < 0 && length < 4096) {
                return false;
            }
            if (header >= 0) {
                return attempt(new Inflater(true), header, to);
            }
        }
        boolean zlib = (first & 0xf) == 8 && (first << 8 | second) % 31 == 0;
        if (zlib && tried < 2) {
            tried = 1;
            return attempt(new Inflater(false), 0, to);
        }
        tried = 2;
        return attempt(new Inflater(true), 0, to);
    }

    private boolean attempt(Inflater made, int skip, GrowingBytes to) {
        inflater = made;
        byte[] all = head.text().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        inflater.setInput(all, skip, all.length - skip);
        inflate(to);
        return true;
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
        int before = to.length();
        try {
            while (!inflater.needsInput() && !inflater.finished() && !to.isFull()) {
                int count = inflater.inflate(out);
                if (count == 0) {
                    break;
                }
                to.add(out, 0, count);
            }
            if (inflater.finished() || to.isFull() || inflater.needsDictionary()) {
                ended = true;
            }
        } catch (DataFormatException e) {
            failed(to, to.length() == before && head.length() > 0);
        }
    }

    /** Not what it was taken for: from the start it is plain, later there is no more of it. */
    private void failed(GrowingBytes to, boolean atStart) {
        end();
        if (atStart && tried < 2) {
            tried = 2;
            attempt(new Inflater(true), 0, to);
        } else if (atStart) {
            plain = true;
            to.add(head, 0, head.length());
        } else {
            ended = true;
        }
    }
}
