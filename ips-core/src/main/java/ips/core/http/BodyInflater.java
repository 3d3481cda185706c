package ips.core.http;

import ips.core.packet.FrameBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.agrona.DirectBuffer;

/**
 * Undoes gzip, deflate (RFC 1950 to 1952) and brotli up to a limit. Holds two inflaters, used again
 * and again: some 50 KiB outside the heap, nothing per body. A body that is not what it says makes
 * the JDK throw, and so allocate, once.
 */
final class BodyInflater {
    private static final int GZIP_HEADER = 10;
    private static final int GZIP_TRAILER = 8;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int HEADER_CRC = 2;

    private final Inflater raw = new Inflater(true);
    private final Inflater zlib = new Inflater(false);
    private final byte[] input;
    private final byte[] output;
    private final FrameBuffer buffer;
    private final BrotliBody brotli = new BrotliBody();
    private Inflater current = raw;
    private boolean isBrotli;
    private boolean full;
    private int inputLength;
    private int room;

    BodyInflater(int longestInput, int longestOutput) {
        input = new byte[longestInput];
        output = new byte[longestOutput];
        buffer = new FrameBuffer(output);
    }

    /** What {@link #inflate} wrote. */
    FrameBuffer buffer() {
        return buffer;
    }

    /**
     * Inflates a range, as far as there is room for and up to {@code most} bytes; the length of the
     * result, 0 if nothing can be made of it. {@link #more} goes on.
     */
    int inflate(DirectBuffer source, int offset, int length, boolean saysBrotli, int most) {
        room = Math.min(most, output.length);
        int size = Math.min(length, input.length);
        source.getBytes(offset, input, 0, size);
        if (saysBrotli) {
            brotli.begin(input, 0, size);
            isBrotli = true;
            return unbrotli(0);
        }
        isBrotli = false;
        inputLength = size;
        int gzip = gzipHeader(0, size);
        if (gzip > 0) {
            return begin(raw, gzip, size);
        }
        int inflated = begin(zlib, 0, size);
        return inflated > 0 ? inflated : begin(raw, 0, size);
    }

    private int unbrotli(int from) {
        int length = from;
        int some = brotli.read(output, length, room - length);
        while (some > 0) {
            length += some;
            some = brotli.read(output, length, room - length);
        }
        full = length == room;
        if (!full) {
            brotli.end();
        }
        return length;
    }

    /** Whether room was all that the last call lacked. */
    boolean full() {
        return full;
    }

    /**
     * Goes on behind the first {@code kept} bytes of {@link #buffer}, by {@code most} bytes at
     * most; the length of it all.
     */
    int more(int kept, int most) {
        room = Math.min(kept + most, output.length);
        return isBrotli ? unbrotli(kept) : go(kept);
    }

    private int begin(Inflater inflater, int from, int size) {
        inflater.reset();
        inflater.setInput(input, from, size - from);
        current = inflater;
        return go(0);
    }

    private int go(int from) {
        Inflater inflater = current;
        int length = from;
        full = false;
        try {
            while (length < room) {
                int some = inflater.inflate(output, length, room - length);
                if (some == 0 && !nextMember(inflater)) {
                    break;
                }
                length += some;
            }
        } catch (DataFormatException e) {
            return length; // what came out before
        }
        full = length == room && !(inflater.finished() && inflater.getRemaining() == 0);
        return length;
    }

    /** Goes on with the gzip member behind the one that has ended; false if there is none. */
    private boolean nextMember(Inflater inflater) {
        if (inflater != raw || !inflater.finished()) {
            return false;
        }
        int from = inputLength - inflater.getRemaining() + GZIP_TRAILER;
        int data = gzipHeader(from, inputLength);
        if (data == 0) {
            return false;
        }
        inflater.reset();
        inflater.setInput(input, data, inputLength - data);
        return true;
    }

    /** Where the gzip header that begins at {@code from} ends, or 0 if there is none. */
    private int gzipHeader(int from, int size) {
        if (size - from < GZIP_HEADER
                || (input[from] & 0xff) != 0x1f
                || (input[from + 1] & 0xff) != 0x8b) {
            return 0;
        }
        int flags = input[from + 3];
        int at = from + GZIP_HEADER;
        if ((flags & EXTRA) != 0 && at + 2 <= size) {
            at += 2 + (input[at] & 0xff) + ((input[at + 1] & 0xff) << 8);
        }
        at = (flags & NAME) != 0 ? behindZero(at, size) : at;
        at = (flags & COMMENT) != 0 ? behindZero(at, size) : at;
        at += (flags & HEADER_CRC) != 0 ? 2 : 0;
        return at < size ? at : 0;
    }

    private int behindZero(int from, int size) {
        int at = from;
        while (at < size && input[at] != 0) {
            at++;
        }
        return at + 1;
    }
}
