package ips.core.packet;

import ips.core.ColdPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.agrona.AsciiNumberFormatException;
import org.agrona.DirectBuffer;

/**
 * The part of Agrona's {@link DirectBuffer} that reads numbers and strings, apart from that which
 * reads frames.
 */
abstract class TextBuffer implements DirectBuffer {
    @Override
    public int parseNaturalIntAscii(int index, int length) {
        return (int) parseDigits(index, length, Integer.MAX_VALUE, false);
    }

    @Override
    public long parseNaturalLongAscii(int index, int length) {
        return parseDigits(index, length, Long.MAX_VALUE, false);
    }

    @Override
    public int parseIntAscii(int index, int length) {
        boolean negative = isMinus(index, length);
        return (int)
                (negative
                        ? parseDigits(index + 1, length - 1, -(long) Integer.MIN_VALUE, true)
                        : parseDigits(index, length, Integer.MAX_VALUE, false));
    }

    @Override
    public long parseLongAscii(int index, int length) {
        boolean negative = isMinus(index, length);
        return negative
                ? parseDigits(index + 1, length - 1, Long.MIN_VALUE, true)
                : parseDigits(index, length, Long.MAX_VALUE, false);
    }

    private boolean isMinus(int index, int length) {
        boundsCheck(index, length);
        return length > 0 && getByte(index) == '-';
    }

    /** The number; {@code largest} is its largest absolute value, unsigned. */
    @ColdPath
    private long parseDigits(int index, int length, long largest, boolean negative) {
        boundsCheck(index, length);
        if (length <= 0) {
            throw new AsciiNumberFormatException("no digits at index " + index);
        }
        long value = 0;
        for (int i = index; i < index + length; i++) {
            int digit = getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new AsciiNumberFormatException("no digit at index " + i);
            }
            if (Long.compareUnsigned(value, Long.divideUnsigned(largest - digit, 10)) > 0) {
                throw new AsciiNumberFormatException("number too large at index " + index);
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    @Override
    public String getStringAscii(int index) {
        return getStringAscii(index, getInt(index));
    }

    @Override
    public String getStringAscii(int index, ByteOrder order) {
        return getStringAscii(index, getInt(index, order));
    }

    @Override
    public String getStringAscii(int index, int length) {
        return string(index + STR_HEADER_LEN, length, StandardCharsets.US_ASCII);
    }

    @Override
    public int getStringAscii(int index, Appendable appendable) {
        return getStringAscii(index, getInt(index), appendable);
    }

    @Override
    public int getStringAscii(int index, Appendable appendable, ByteOrder order) {
        return getStringAscii(index, getInt(index, order), appendable);
    }

    @Override
    public int getStringAscii(int index, int length, Appendable appendable) {
        return getStringWithoutLengthAscii(index + STR_HEADER_LEN, length, appendable);
    }

    @Override
    @ColdPath
    public String getStringWithoutLengthAscii(int index, int length) {
        return string(index, length, StandardCharsets.US_ASCII);
    }

    @Override
    @ColdPath
    public int getStringWithoutLengthAscii(int index, int length, Appendable appendable) {
        boundsCheck(index, length);
        try {
            for (int i = index; i < index + length; i++) {
                byte b = getByte(i);
                appendable.append(b < 0 ? '?' : (char) b);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return length;
    }

    @Override
    public String getStringUtf8(int index) {
        return getStringUtf8(index, getInt(index));
    }

    @Override
    public String getStringUtf8(int index, ByteOrder order) {
        return getStringUtf8(index, getInt(index, order));
    }

    @Override
    public String getStringUtf8(int index, int length) {
        return string(index + STR_HEADER_LEN, length, StandardCharsets.UTF_8);
    }

    @Override
    public String getStringWithoutLengthUtf8(int index, int length) {
        return string(index, length, StandardCharsets.UTF_8);
    }

    @ColdPath
    private String string(int index, int length, Charset charset) {
        boundsCheck(index, length);
        byte[] copy = new byte[length];
        getBytes(index, copy);
        return new String(copy, charset);
    }
}
