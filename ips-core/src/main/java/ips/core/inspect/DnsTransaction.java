package ips.core.inspect;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A DNS query (RFC 1035 §4): the names it asks for, labels parted by dots. Of a datagram, or of a
 * stream's messages, each behind its length (§4.2.2); those that come together are one.
 */
final class DnsTransaction extends AppTransaction {
    private static final int HEADER = 12;
    private static final int FEW_NAMES = 16;

    /** More do not fit into what is kept of a stream at a time. */
    private static final int MOST_NAMES = 4096;

    private static final int LONGEST_NAME = 255;
    private static final int POINTER = 0xc0;

    private static final int LONGEST_MESSAGE = 2 + 0xffff;

    private final GrowingBytes names;

    /** What came of a stream and is no whole message yet. */
    private final GrowingBytes pending;

    private final ByteRange message = new ByteRange();
    private int[] ends = new int[FEW_NAMES];
    private int count;
    private boolean fresh;

    /** Where in {@link #pending} the next message begins. */
    private int start;

    DnsTransaction(BufferPool buffers) {
        names = new GrowingBytes(buffers, LONGEST_MESSAGE);
        pending = new GrowingBytes(buffers, LONGEST_MESSAGE);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        names.clear();
        count = 0;
        fresh = false;
        if (ends.length > FEW_NAMES) {
            ends = new int[FEW_NAMES];
        }
    }

    void clear() {
        begin(0);
        pending.clear();
        start = 0;
    }

    /** Whether there is something to ask rules about. */
    boolean isFresh() {
        return fresh;
    }

    boolean isDone() {
        return !fresh && pending.length() == start;
    }

    /** Bytes of the stream are lost: where the next message begins is not known. */
    void gap() {
        pending.clear();
        start = 0;
    }

    /**
     * Takes bytes of a stream, as many as there is room for.
     *
     * @return the place behind them
     */
    int take(ByteRange bytes, int from) {
        pending.drop(start);
        start = 0;
        int room = LONGEST_MESSAGE - pending.length();
        int taken = Math.min(room, bytes.length - from);
        pending.add(bytes, from, taken);
        return from + taken;
    }

    /** Whether a whole message of the stream is there. */
    boolean hasMessage() {
        int left = pending.length() - start;
        return left >= 2 && left >= 2 + messageLength();
    }

    private int messageLength() {
        return (pending.at(start) & 0xff) << 8 | pending.at(start + 1) & 0xff;
    }

    /** Reads the next message of the stream; false where it is no query. */
    boolean readNext() {
        int length = messageLength();
        boolean query = read(pending.range(start + 2, length, message), 0, length);
        start += 2 + length;
        return query;
    }

    /** Reads a message; false where it is no query. */
    boolean read(ByteRange bytes, int from, int length) {
        if (length < HEADER || (bytes.at(from + 2) & 0x80) != 0) {
            return false;
        }
        int questions = number(bytes, from + 4);
        int before = count;
        int textBefore = names.length();
        int at = from + HEADER;
        for (int i = 0; i < questions && count < MOST_NAMES; i++) {
            at = name(bytes, at, from + length);
            if (at < 0) { // less than it says: rules do not see it
                count = before;
                names.truncate(textBefore);
                return false;
            }
        }
        fresh |= count > before;
        return count > before;
    }

    private static int number(ByteRange bytes, int at) {
        return bytes.buffer.getShort(bytes.offset + at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    /** Adds a name, if it has any labels; returns where the next question begins, or -1. */
    private int name(ByteRange bytes, int from, int end) {
        int start = names.length();
        int at = from;
        while (at < end) {
            int length = bytes.at(at) & 0xff;
            if (length >= POINTER || at + length >= end || names.length() - start > LONGEST_NAME) {
                break; // nothing stands before a question that it could point to
            }
            if (length == 0) {
                int next = at + 5; // type and class follow
                if (next <= end && names.length() > start) {
                    if (count == ends.length) {
                        ends = Arrays.copyOf(ends, count * 2);
                    }
                    ends[count++] = names.length();
                }
                return next <= end ? next : -1;
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
