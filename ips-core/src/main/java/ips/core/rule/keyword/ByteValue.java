package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/**
 * How a number is read from a buffer: width, byte order, digits, mask. A text of no width is what
 * digits there are.
 */
final class ByteValue {
    static final int NONE = -1;
    static final int LONGEST_TEXT = 23;

    int bytes;
    int bytesVariable = NONE;
    int offset;
    int offsetVariable = NONE;
    boolean relative;
    boolean little;
    boolean text;
    int radix = 10;
    long mask = -1;
    long multiplier = 1;
    int align;

    /** Where the value begins, or {@link #NONE} where it does not lie in the buffer. */
    int start(ByteRange buffer, Inspection in) {
        long at = relative ? in.position : 0;
        at += offsetVariable == NONE ? offset : in.variables[offsetVariable];
        int width = width(in);
        return at < 0 || at + width > buffer.length ? NONE : (int) at;
    }

    int width(Inspection in) {
        if (bytesVariable == NONE) {
            return bytes;
        }
        long width = in.variables[bytesVariable];
        int most = text ? LONGEST_TEXT : Long.BYTES;
        return width < 0 || width > most ? Integer.MAX_VALUE / 2 : (int) width;
    }

    /** How many bytes a value at a place takes, or {@link #NONE} where there is no number. */
    int length(ByteRange buffer, int at, Inspection in) {
        if (!text) {
            return width(in);
        }
        int end = end(buffer, at, in);
        int i = digits(buffer, at, end);
        int from = i;
        while (i < end && Character.digit(buffer.at(i), radix) >= 0) {
            i++;
        }
        return i == from ? NONE : i - at;
    }

    private int end(ByteRange buffer, int at, Inspection in) {
        int width = width(in);
        return width > 0 ? at + width : Math.min(buffer.length, at + LONGEST_TEXT);
    }

    private int digits(ByteRange buffer, int from, int to) {
        int i = from;
        while (i < to && (buffer.at(i) == ' ' || buffer.at(i) >= '\t' && buffer.at(i) <= '\r')) {
            i++;
        }
        if (i < to && (buffer.at(i) == '+' || buffer.at(i) == '-')) {
            i++;
        }
        if (radix == 16
                && i + 2 < to
                && buffer.at(i) == '0'
                && (buffer.at(i + 1) | 32) == 'x'
                && Character.digit(buffer.at(i + 2), 16) >= 0) {
            i += 2;
        }
        return i;
    }

    /** The value; only where {@link #length} said there is one. */
    long read(ByteRange buffer, int at, Inspection in) {
        int width = width(in);
        long value = 0;
        if (text) {
            int end = end(buffer, at, in);
            int i = digits(buffer, at, end);
            boolean negative = i > at && buffer.at(i - 1) == '-';
            for (; i < end; i++) {
                int digit = Character.digit(buffer.at(i), radix);
                if (digit < 0) {
                    break;
                }
                value = value * radix + digit;
            }
            value = negative ? -value : value;
        } else {
            for (int i = 0; i < width; i++) {
                int b = buffer.at(little ? at + width - 1 - i : at + i) & 0xff;
                value = value << 8 | b;
            }
        }
        if (mask != -1) {
            value &= mask;
            value >>>= Long.numberOfTrailingZeros(mask == 0 ? 1 : mask);
        }
        return value;
    }

    /** Takes one of the words that all byte keywords know; false if it is none. */
    boolean option(String word, RuleDraft draft) {
        String[] parts = word.split("\\s+", 2);
        switch (parts[0]) {
            case "relative" -> relative = true;
            case "big" -> little = false;
            case "little" -> little = true;
            case "string" -> {
                text = true;
                if (parts.length > 1) {
                    return option(parts[1], draft);
                }
            }
            case "hex" -> radix = 16;
            case "dec" -> radix = 10;
            case "oct" -> radix = 8;
            case "dce" -> throw new IllegalArgumentException("dce, as DCERPC is not read");
            case "bitmask" -> mask = Long.decode(parts[1].strip());
            case "multiplier" -> multiplier = NumberTest.number(parts[1], 65_535);
            case "endian" -> little = parts[1].strip().equals("little");
            default -> {
                return false;
            }
        }
        return true;
    }

    void offset(String value, RuleDraft draft) {
        if (value.matches("[+-]?\\d+")) {
            offset = Integer.parseInt(value);
        } else {
            offsetVariable = draft.variable(value);
        }
    }

    void bytes(String value, RuleDraft draft) {
        if (value.matches("\\d+")) {
            bytes = Integer.parseInt(value);
        } else {
            bytesVariable = draft.variable(value);
        }
    }
}
