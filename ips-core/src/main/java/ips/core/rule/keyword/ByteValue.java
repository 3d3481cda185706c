package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a number is read from a buffer: width, byte order, digits, mask. A text of no width is what
 * digits there are.
 */
final class ByteValue {
    static final int NONE = -1;
    static final int OF_PREFIX = 0;
    static final int LONGEST_TEXT = 23;
    private static final int FARTHEST = 65_535;

    int bytes;
    int bytesVariable = NONE;
    int offset;
    int offsetVariable = NONE;
    boolean relative;
    boolean little;
    boolean text;

    /** What digits are of; {@link #OF_PREFIX} as C reads numbers, octal behind 0 and so on. */
    int radix = OF_PREFIX;

    long mask = -1;
    long multiplier = 1;
    int align;

    /**
     * Whether it is {@code byte_math}'s: the mask is for the result, and of a variable width only
     * the lowest byte counts.
     */
    boolean ofMath;

    /** What was said of it. */
    private final Set<Word> said = EnumSet.noneOf(Word.class);

    /** What may be said of a value, by the words that rule each other out. */
    enum Word {
        RELATIVE,
        ENDIAN,
        STRING,
        BASE,
        MASK,
        MULTIPLIER
    }

    boolean says(Word word) {
        return said.contains(word);
    }

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
        if (ofMath) {
            width &= 0xff;
        }
        int most = text ? LONGEST_TEXT : Long.BYTES;
        return width < 0 || width > most ? Integer.MAX_VALUE / 2 : (int) width;
    }

    /** How many bytes a value at a place takes, or {@link #NONE} where there is no number. */
    int length(ByteRange buffer, int at, Inspection in) {
        if (!text) {
            return width(in);
        }
        int end = end(buffer, at, in);
        int sign = behindSign(buffer, at, end);
        int base = base(buffer, sign, end);
        int from = digits(buffer, sign, end, base);
        int i = from;
        while (i < end && Character.digit(buffer.at(i), base) >= 0) {
            i++;
        }
        return i == from ? NONE : i - at;
    }

    private int end(ByteRange buffer, int at, Inspection in) {
        int width = width(in);
        return width > 0 ? at + width : Math.min(buffer.length, at + LONGEST_TEXT);
    }

    private static int behindSign(ByteRange buffer, int from, int to) {
        int i = from;
        while (i < to && (buffer.at(i) == ' ' || buffer.at(i) >= '\t' && buffer.at(i) <= '\r')) {
            i++;
        }
        boolean signed = i < to && (buffer.at(i) == '+' || buffer.at(i) == '-');
        return signed ? i + 1 : i;
    }

    private int base(ByteRange buffer, int at, int to) {
        if (radix != OF_PREFIX) {
            return radix;
        }
        boolean zero = at < to && buffer.at(at) == '0';
        return zero ? saysHexadecimal(buffer, at, to) ? 16 : 8 : 10;
    }

    private static boolean saysHexadecimal(ByteRange buffer, int at, int to) {
        return at + 2 < to
                && buffer.at(at) == '0'
                && (buffer.at(at + 1) | 32) == 'x'
                && Character.digit(buffer.at(at + 2), 16) >= 0;
    }

    private static int digits(ByteRange buffer, int at, int to, int base) {
        return base == 16 && saysHexadecimal(buffer, at, to) ? at + 2 : at;
    }

    /** The value; only where {@link #length} said there is one. */
    long read(ByteRange buffer, int at, Inspection in) {
        int width = width(in);
        long value = 0;
        if (text) {
            int end = end(buffer, at, in);
            int sign = behindSign(buffer, at, end);
            int base = base(buffer, sign, end);
            boolean negative = sign > at && buffer.at(sign - 1) == '-';
            for (int i = digits(buffer, sign, end, base); i < end; i++) {
                int digit = Character.digit(buffer.at(i), base);
                if (digit < 0) {
                    break;
                }
                value = value * base + digit;
            }
            value = negative ? -value : value;
        } else {
            for (int i = 0; i < width; i++) {
                int b = buffer.at(little ? at + width - 1 - i : at + i) & 0xff;
                value = value << 8 | b;
            }
        }
        return ofMath ? value : mask(value);
    }

    /** The bits of a value that the mask lets through, without the empty ones below them. */
    long mask(long value) {
        return mask == -1 ? value : (value & mask) >>> Long.numberOfTrailingZeros(mask | 1L << 63);
    }

    /** Takes one of the words that all byte keywords know; false if it is none. */
    boolean option(String word) {
        return option(word, false);
    }

    /** The same where no word may be said twice. */
    boolean optionOnce(String word) {
        return option(word, true);
    }

    private boolean option(String word, boolean once) {
        String[] parts = word.split("\\s+", 2);
        Word kind = kind(parts[0]);
        if (kind == null) {
            return false;
        }
        if (!said.add(kind) && once) {
            throw new IllegalArgumentException(word + ": the like was said before");
        }
        switch (kind) {
            case RELATIVE -> relative = true;
            case ENDIAN -> little = parts[0].equals("little") || endian(parts).equals("little");
            case STRING -> {
                text = true;
                return parts.length == 1 || option(parts[1], once);
            }
            case BASE -> radix = parts[0].equals("hex") ? 16 : parts[0].equals("oct") ? 8 : 10;
            case MASK -> mask = Long.decode(parts[1].strip());
            case MULTIPLIER -> multiplier = multiplier(parts[1]);
        }
        return true;
    }

    private static Word kind(String word) {
        return switch (word) {
            case "relative" -> Word.RELATIVE;
            case "big", "little", "endian" -> Word.ENDIAN;
            case "string" -> Word.STRING;
            case "hex", "dec", "oct" -> Word.BASE;
            case "bitmask" -> Word.MASK;
            case "multiplier" -> Word.MULTIPLIER;
            case "dce" -> throw new IllegalArgumentException("dce, as DCERPC is not read");
            default -> null;
        };
    }

    private static String endian(String[] parts) {
        String order = parts.length > 1 ? parts[1].strip() : parts[0];
        if (!order.matches("big|little")) {
            throw new IllegalArgumentException("expected endian big or little");
        }
        return order;
    }

    private static long multiplier(String text) {
        long factor = NumberTest.number(text, 65_535);
        if (factor == 0) {
            throw new IllegalArgumentException("multiplier 0");
        }
        return factor;
    }

    void offset(String value, RuleDraft draft) {
        if (value.matches("[+-]?\\d+")) {
            offset = Integer.parseInt(value);
        } else {
            offsetVariable = draft.variable(value);
        }
    }

    /** A number of bytes, either way. */
    static long place(long number) {
        if (number < -FARTHEST || number > FARTHEST) {
            throw new IllegalArgumentException(
                    "%d does not lie within %d either way".formatted(number, FARTHEST));
        }
        return number;
    }

    void bytes(String value, RuleDraft draft) {
        if (value.matches("\\d+")) {
            bytes = Integer.parseInt(value);
        } else {
            bytesVariable = draft.variable(value);
        }
    }
}
