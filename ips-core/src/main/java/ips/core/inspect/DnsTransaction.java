package ips.core.inspect;

import java.nio.ByteOrder;

/**
 * A DNS query (RFC 1035 §4): the names it asks for, labels parted by dots. Of a datagram, or of one
 * message behind its length in a stream (§4.2.2).
 */
final class DnsTransaction extends AppTransaction {
    private static final int HEADER = 12;
    private static final int MOST_NAMES = 16;
    private static final int LONGEST_NAME = 255;
    private static final int POINTER = 0xc0;

    private final GrowingBytes names;
    private final int[] ends = new int[MOST_NAMES];
    private int count;
    private boolean fresh;

    DnsTransaction(BufferPool buffers) {
        names = new GrowingBytes(buffers, MOST_NAMES * (LONGEST_NAME + 1));
    }

    @Override
    void begin(long number) {
        super.begin(number);
        clear();
    }

    void clear() {
        names.clear();
        count = 0;
        fresh = false;
    }

    boolean isDone() {
        return !fresh;
    }

    /** Reads a message; false where it is no query. */
    boolean read(ByteRange bytes, int from, int length) {
        if (length < HEADER || (bytes.at(from + 2) & 0x80) != 0) {
            return false;
        }
        int questions = number(bytes, from + 4);
        int at = from + HEADER;
        int end = from + length;
        for (int i = 0; i < Math.min(questions, MOST_NAMES) && at >= 0 && at < end; i++) {
            at = name(bytes, at, end);
        }
        fresh = count > 0;
        return fresh;
    }

    private static int number(ByteRange bytes, int at) {
        return bytes.buffer.getShort(bytes.offset + at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    /** Adds a name; returns where the next question begins, or -1. */
    private int name(ByteRange bytes, int from, int end) {
        int start = names.length();
        int at = from;
        while (at < end) {
            int length = bytes.at(at) & 0xff;
            if (length >= POINTER || at + length >= end || names.length() - start > LONGEST_NAME) {
                break; // nothing stands before a question that it could point to
            }
            if (length == 0) {
                ends[count++] = names.length();
                return at + 5; // type and class follow
            }
            if (names.length() > start) {
                names.add((byte) '.');
            }
            names.add(bytes, at + 1, length);
            at += length + 1;
        }
        names.truncate(start);
        return -1;
    }

    @Override
    public boolean news(boolean toServer) {
        boolean news = fresh && toServer;
        fresh &= !toServer;
        return news;
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        if (!word.equals("dns_query") || index >= count) {
            return null;
        }
        int from = index == 0 ? 0 : ends[index - 1];
        return names.range(from, ends[index] - from, into);
    }
}
