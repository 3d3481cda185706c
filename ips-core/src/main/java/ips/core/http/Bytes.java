package ips.core.http;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Searches and comparisons in ranges of buffers. */
final class Bytes {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    private Bytes() {}

    /** Where {@code wanted} first stands in [from, end), or -1. Eight bytes at a time. */
    static int find(DirectBuffer buffer, int from, int end, int wanted) {
        long pattern = ONES * wanted;
        int i = from;
        for (int last = end - Long.BYTES; i <= last; i += Long.BYTES) {
            long odd = buffer.getLong(i, ByteOrder.LITTLE_ENDIAN) ^ pattern;
            long zero = odd - ONES & ~odd & HIGHS;
            if (zero != 0) {
                return i + (Long.numberOfTrailingZeros(zero) >>> 3);
            }
        }
        for (; i < end; i++) {
            if (buffer.getByte(i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Where {@code word} first stands in [from, end), or -1. */
    static int find(DirectBuffer buffer, int from, int end, byte[] word) {
        int last = end - word.length;
        int at = from;
        while (at <= last) {
            at = find(buffer, at, last + 1, word[0]);
            if (at < 0) {
                return -1;
            }
            if (is(buffer, at, word)) {
                return at;
            }
            at++;
        }
        return -1;
    }

    private static boolean is(DirectBuffer buffer, int at, byte[] word) {
        for (int i = 1; i < word.length; i++) {
            if (buffer.getByte(at + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code word}, in lower case, stands at {@code at} in any case. */
    static boolean startsWith(DirectBuffer buffer, int at, int end, String word) {
        int length = word.length();
        if (end - at < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(buffer.getByte(at + i)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a range is {@code word}, in lower case, in any case. */
    static boolean equal(DirectBuffer buffer, int at, int length, String word) {
        return length == word.length() && startsWith(buffer, at, at + length, word);
    }

    /** Where {@code word}, in lower case, first stands in any case, or -1. */
    static int findWord(DirectBuffer buffer, int from, int end, String word) {
        for (int at = from; at <= end - word.length(); at++) {
            if (startsWith(buffer, at, end, word)) {
                return at;
            }
        }
        return -1;
    }

    static int lower(int letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    static int skipSpace(DirectBuffer buffer, int from, int end) {
        int at = from;
        while (at < end && isSpace(buffer.getByte(at))) {
            at++;
        }
        return at;
    }

    /** The end of [from, end) without the white space before it. */
    static int trimEnd(DirectBuffer buffer, int from, int end) {
        int at = end;
        while (at > from && isSpace(buffer.getByte(at - 1))) {
            at--;
        }
        return at;
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = lower(c);
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
