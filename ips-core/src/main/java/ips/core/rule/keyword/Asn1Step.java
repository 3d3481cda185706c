package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/**
 * {@code asn1}: whether what lies at a place is written in BER (ITU-T X.690) and holds a value that
 * decoders of old overran. Values are read one behind the other until one is malformed, which then
 * does not count, nor do those within it. A test of the bytes at hand; keeps nothing.
 */
final class Asn1Step extends Step {
    /** Values within values that are looked into; deeper ones are malformed. */
    private static final int DEEPEST = 256;

    private static final int CONSTRUCTED = 0x20;
    private static final int BIT_STRING = 3;
    private static final int REAL = 9;
    private static final int SEQUENCE = 16;
    private static final int SET = 17;

    /** Where a real number written in letters was copied to had this many bytes. */
    private static final int ROOM_FOR_REAL = 256;

    /** Bytes that a type's number takes at most behind the first. */
    private static final int LONGEST_NUMBER = 5;

    /** No value begins there, or it is malformed. */
    private static final int MALFORMED = -1;

    private static final int INDEFINITE = -2;

    /** Set in where a value ends, when it or one within it is what the rule asks for. */
    private static final long FOUND = 1L << 32;

    /** What a rule asks; a size or place that it does not name is -1. */
    record Wanted(
            boolean bitString, boolean real, long size, long absolute, boolean relative, int by) {}

    private final Wanted wanted;

    Asn1Step(Wanted wanted) {
        this.wanted = wanted;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        long from = wanted.by;
        if (wanted.absolute >= 0) {
            from = wanted.absolute;
        } else if (wanted.relative) {
            from += in.position; // of the first match alone: other places are not tried
        }
        if (from < 0 || from >= buffer.length) {
            return false;
        }
        int at = (int) from;
        while (at < buffer.length) {
            long end = read(buffer, at, buffer.length, 0);
            if (end < 0) {
                return false;
            }
            if (end >= FOUND) {
                return next.matches(buffer, in);
            }
            at = (int) end;
        }
        return false;
    }

    /** Where a value ends, with {@link #FOUND} or without, or {@link #MALFORMED}. */
    private long read(ByteRange buffer, int at, int limit, int depth) {
        int lengthAt = lengthAt(buffer, at, limit);
        int length = length(buffer, lengthAt, limit);
        if (length == MALFORMED || depth == DEEPEST) {
            return MALFORMED;
        }
        int type = type(buffer, at, lengthAt);
        int content = lengthAt + 1 + (buffer.at(lengthAt) < 0 ? buffer.at(lengthAt) & 0x7f : 0);
        if (length == INDEFINITE) {
            if ((type & CONSTRUCTED) == 0) {
                return MALFORMED;
            }
            long end = readIndefinite(buffer, content, limit, depth);
            return end < 0 || isNested(type) ? end : end & ~FOUND;
        }
        if (length > limit - content || !Asn1Values.fits(buffer, type, content, length)) {
            return MALFORMED;
        }
        long found = isSign(buffer, type, content, length) ? FOUND : 0;
        if (isNested(type)) {
            int last = content + length;
            for (int child = content; child < last; ) {
                long end = read(buffer, child, last, depth + 1);
                if (end < 0) {
                    return MALFORMED;
                }
                found |= end & FOUND;
                child = (int) end;
            }
        }
        return content + length | found;
    }

    private long readIndefinite(ByteRange buffer, int content, int limit, int depth) {
        int at = content;
        long found = 0;
        while (at + 1 < limit && (buffer.at(at) != 0 || buffer.at(at + 1) != 0)) {
            long end = read(buffer, at, limit, depth + 1);
            if (end < 0) {
                return MALFORMED;
            }
            found |= end & FOUND;
            at = (int) end;
        }
        return at + 1 < limit ? at + 2 | found : MALFORMED;
    }

    private boolean isSign(ByteRange buffer, int type, int content, int length) {
        if (wanted.size >= 0 && length > wanted.size) {
            return true;
        }
        if (wanted.bitString && type == BIT_STRING && length > 0) {
            return (buffer.at(content) & 0xff) > length * 8;
        }
        return wanted.real
                && type == REAL
                && length > ROOM_FOR_REAL
                && (buffer.at(content) & 0xc0) == 0;
    }

    private static boolean isNested(int type) {
        return type == (CONSTRUCTED | SEQUENCE) || type == (CONSTRUCTED | SET);
    }

    /** Class, form and number in a byte; {@code 0x1f} stands for all greater numbers. */
    private static int type(ByteRange buffer, int at, int lengthAt) {
        int first = buffer.at(at) & 0xff;
        if ((first & 0x1f) != 0x1f) {
            return first;
        }
        long number = 0;
        for (int i = at + 1; i < lengthAt; i++) {
            number = number << 7 | buffer.at(i) & 0x7f;
        }
        return first & ~0x1f | (int) Math.min(number, 0x1f);
    }

    /** Where the length behind the type is, or {@link #MALFORMED}. */
    private static int lengthAt(ByteRange buffer, int at, int limit) {
        int next = at + 1;
        if (next < limit && (buffer.at(at) & 0x1f) == 0x1f) {
            int most = Math.min(limit, next + LONGEST_NUMBER);
            while (next < most && buffer.at(next) < 0) {
                next++;
            }
            if (next == most) {
                return MALFORMED;
            }
            next++;
        }
        return next < limit ? next : MALFORMED;
    }

    private static int length(ByteRange buffer, int at, int limit) {
        if (at < 0) {
            return MALFORMED;
        }
        int first = buffer.at(at);
        if (first >= 0) {
            return first;
        }
        int bytes = first & 0x7f;
        if (bytes == 0) {
            return INDEFINITE;
        }
        if (bytes == 0x7f || at + bytes >= limit) {
            return MALFORMED;
        }
        long length = 0;
        for (int i = 1; i <= bytes; i++) {
            length = length << 8 | buffer.at(at + i) & 0xff;
            if (length > Integer.MAX_VALUE) {
                return MALFORMED;
            }
        }
        return (int) length;
    }
}
