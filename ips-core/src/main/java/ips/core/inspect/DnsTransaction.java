package ips.core.inspect;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A DNS message (RFC 1035 §4), of a query with the names it asks for, labels parted by dots. Of a
 * datagram, or of a stream's messages, each behind its length (§4.2.2); those that come together
 * are one.
 */
final class DnsTransaction extends AppTransaction {
    private static final int HEADER = 12;
    private static final int FEW_NAMES = 16;

    /** More do not fit into what is kept of a stream at a time. */
    private static final int MOST_NAMES = 4096;

    private static final int LONGEST_NAME = 1025;
    private static final int MOST_LABELS = 255;
    private static final int MOST_POINTERS = 255;

    // Labels and pointers followed in a message: far more than honest ones have.
    private static final int STEPS_PER_BYTE = 4;
    private static final int FEW_STEPS = 1024;

    /** What a name raises whose pointers lead back to it. */
    private static final long ENDLESS =
            DnsEvent.TOO_MANY_LABELS.bit() | DnsEvent.NAME_TOO_LONG.bit();

    private static final int RECORD = 10;
    private static final int RESERVED_FLAG = 0x40;
    private static final int RESPONSE_FLAG = 0x8000;
    private static final int LAST_OPCODE = 6;
    private static final int POINTER = 0xc0;
    private static final int LONGEST_LABEL = 63;

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

    private boolean toServer = true;
    private int opcode;
    private long events;
    private DnsEvent wrong;

    // The name last read: its labels and pointers so far, and whether no more of it is kept.
    private int labels;
    private int pointers;
    private boolean cut;

    /** Labels and pointers of the message read last, and how many of them are followed. */
    private int steps;

    private int mostSteps;

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
        events = 0;
        opcode = -1;
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

    /** Says of which direction it is. */
    void of(boolean toServer) {
        this.toServer = toServer;
    }

    /** What was wrong with the message read last, or null. */
    DnsEvent wrong() {
        return wrong;
    }

    /** Notes what is odd about it. */
    void note(DnsEvent event) {
        events |= event.bit();
        fresh = true;
    }

    /** The labels and pointers that were looked at of the message read last. */
    int steps() {
        return steps;
    }

    /** Whether too many labels and pointers came to look at the rest of the message. */
    private boolean isSpent() {
        return steps > mostSteps;
    }

    /** Reads the next message of the stream; false where it cannot be read. */
    boolean readNext() {
        int length = messageLength();
        boolean right = read(pending.range(start + 2, length, message), 0, length);
        start += 2 + length;
        return right;
    }

    /** Reads a message; false where it cannot be read. */
    boolean read(ByteRange bytes, int from, int length) {
        wrong = DnsEvent.MALFORMED_DATA;
        if (length < HEADER) {
            return false;
        }
        int flags = number(bytes, from + 2);
        boolean answer = (flags & RESPONSE_FLAG) != 0;
        if (toServer && answer) {
            wrong = null; // that a query is none is not told
            return true;
        }
        steps = 0;
        mostSteps = FEW_STEPS + STEPS_PER_BYTE * length;
        int before = count;
        int textBefore = names.length();
        int at = questions(bytes, from, length);
        if (at < 0 || !toServer && !isSpent() && !records(bytes, from, at, length)) {
            count = before; // less than it says: rules do not see it
            names.truncate(textBefore);
            return false;
        }
        wrong = toServer || answer ? null : DnsEvent.NOT_RESPONSE;
        opcode = flags >> 11 & 0xf;
        events |= (flags & RESERVED_FLAG) != 0 ? DnsEvent.Z_FLAG_SET.bit() : 0;
        events |= opcode > LAST_OPCODE ? DnsEvent.INVALID_OPCODE.bit() : 0;
        fresh = true;
        return true;
    }

    /** The place behind the questions, whose names are kept if it is a query; -1 if cut short. */
    private int questions(ByteRange bytes, int from, int length) {
        int questions = number(bytes, from + 4);
        int at = from + HEADER;
        for (int i = 0; i < questions && count < MOST_NAMES; i++) {
            int name = names.length();
            at = name(bytes, from, at, from + length, toServer) + 4; // type and class follow
            if (isSpent()) {
                names.truncate(name);
                events |= DnsEvent.NAME_TOO_LONG.bit();
                return from + length; // what was read so far is all that rules see
            }
            if (at < 4 || at > from + length) {
                return -1;
            }
            if (names.length() > name) {
                if (count == ends.length) {
                    ends = Arrays.copyOf(ends, count * 2);
                }
                ends[count++] = names.length();
            }
        }
        return at;
    }

    /** Whether the records of an answer are all there. */
    private boolean records(ByteRange bytes, int from, int first, int length) {
        int records = number(bytes, from + 6) + number(bytes, from + 8) + number(bytes, from + 10);
        int at = first;
        for (int i = 0; i < records; i++) {
            at = name(bytes, from, at, from + length, false);
            if (isSpent()) {
                events |= DnsEvent.NAME_TOO_LONG.bit();
                return true;
            }
            if (at < 0 || at + RECORD > from + length) {
                return false;
            }
            at += RECORD + number(bytes, at + 8);
            if (at > from + length) {
                return false;
            }
        }
        return true;
    }

    private static int number(ByteRange bytes, int at) {
        return bytes.buffer.getShort(bytes.offset + at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    /** Reads a name (§4.1.4), and keeps it if wanted; returns the place behind it, or -1. */
    private int name(ByteRange bytes, int message, int from, int end, boolean kept) {
        int first = names.length();
        int at = from;
        int behind = -1;
        labels = 0;
        pointers = 0;
        cut = !kept;
        while (at < end) {
            int length = bytes.at(at) & 0xff;
            if (length == 0) {
                return behind < 0 ? at + 1 : behind;
            }
            if (++steps > mostSteps) {
                return -1;
            }
            if (length >= POINTER) {
                behind = behind < 0 ? at + 2 : behind;
                at = target(bytes, message, at, end);
                if (at < 0) {
                    return -1;
                }
                continue;
            }
            if (length > LONGEST_LABEL || at + length >= end) {
                return -1;
            }
            if (++labels > MOST_LABELS) {
                events |= behind < 0 ? 0 : ENDLESS;
                return behind;
            }
            label(bytes, at, length, first);
            at += length + 1;
        }
        return -1;
    }

    /** Where a pointer points; -1 where that is nowhere, or too many did so before. */
    private int target(ByteRange bytes, int message, int at, int end) {
        if (at + 1 >= end) {
            return -1;
        }
        if (++pointers > MOST_POINTERS) {
            return -1;
        }
        int target = message + (number(bytes, at) & 0x3fff);
        return target < end ? target : -1;
    }

    private void label(ByteRange bytes, int at, int length, int first) {
        if (!cut && names.length() - first + length >= LONGEST_NAME) {
            events |= DnsEvent.NAME_TOO_LONG.bit();
            cut = true;
        }
        if (!cut) {
            if (names.length() > first) {
                names.add((byte) '.');
            }
            names.add(bytes, at + 1, length);
        }
    }

    @Override
    public boolean news(boolean toServer) {
        boolean news = fresh && toServer == this.toServer;
        fresh &= !news;
        return news;
    }

    @Override
    public long events() {
        return events;
    }

    @Override
    public long value(AppValue what, boolean toServer) {
        return what == AppValue.DNS_OPCODE ? opcode : -1;
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        if (!toServer || !word.equals("dns_query") || index >= count) {
            return null;
        }
        int from = index == 0 ? 0 : ends[index - 1];
        return names.range(from, ends[index] - from, into);
    }
}
