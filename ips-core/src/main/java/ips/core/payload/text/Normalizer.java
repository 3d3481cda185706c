package ips.core.payload.text;

import java.util.Arrays;

/**
 * Undoes what attackers do to a value so that the judges see one plain form of it.
 *
 * <p>{@link #normalize} writes the value into its text with percent encoding undone (up to {@value
 * #MAX_LAYERS} layers, {@code %uXXXX} and nested {@code %2%65} too), {@code +} as a space where a
 * form would, overlong UTF-8 and look-alike characters as ASCII, NUL bytes out, a run of white
 * space as one space, of line ends as at most two line feeds, and letters in lower case. {@link
 * #unescape} then derives the text behind HTML character references and JavaScript escapes, if
 * there are any, and {@link #base64} the text inside a value that is base64.
 *
 * <p>Work is linear: each layer is one pass in place over at most {@code capacity} bytes. Owned by
 * one thread; its texts are reused.
 */
public final class Normalizer {
    /** Layers of percent encoding undone; a further one is left as it stands. */
    public static final int MAX_LAYERS = 4;

    /** A shorter value is never taken for base64. */
    public static final int SHORTEST_BASE64 = Base64Text.SHORTEST;

    private static final int UNESCAPE_ROUNDS = 2;

    /** Layers of percent encoding undone inside base64 and behind character references. */
    private static final int INNER_LAYERS = 2;

    private final Text plain;
    private final Text unescaped;
    private final Text decoded;
    private byte[] raw;
    private int rawLength;
    private int rawFlags;

    public Normalizer(int capacity) {
        plain = new Text(capacity);
        unescaped = new Text(capacity);
        decoded = new Text(capacity);
        raw = new byte[capacity];
    }

    /** Where the caller puts the value before {@link #normalize}. */
    public byte[] raw() {
        return raw;
    }

    /**
     * Normalises the first {@code length} bytes of {@link #raw}, which it overwrites.
     *
     * @param plusIsSpace whether the part is form-encoded
     */
    public Text normalize(int length, boolean plusIsSpace) {
        decode(length, plusIsSpace);
        return fold();
    }

    /** The first half of {@link #normalize}, in place: the number of bytes of {@link #raw} left. */
    public int decode(int length, boolean plusIsSpace) {
        rawFlags = 0;
        int size = length;
        if (plusIsSpace) {
            for (int i = 0; i < size; i++) {
                if (raw[i] == '+') {
                    raw[i] = ' ';
                }
            }
        }
        for (int layer = 0; layer < MAX_LAYERS; layer++) {
            long step = percent(raw, size);
            int next = (int) step;
            rawFlags |= (int) (step >>> 32);
            if (next == size) {
                break;
            }
            size = next;
            rawFlags |= layer > 0 ? Text.ENCODED_TWICE : 0;
        }
        size = alternating(size);
        rawLength = size;
        return size;
    }

    /** Takes out percent signs before every byte, which ASP skips: {@code %s%e%l%e%c%t}. */
    private int alternating(int size) {
        int pairs = 0;
        for (int i = 2; i < size; i++) {
            int between = raw[i - 1] | 0x20;
            boolean letter = between >= 'a' && between <= 'z';
            pairs += raw[i] == '%' && raw[i - 2] == '%' ? letter ? 2 : 1 : 0;
        }
        if (pairs < 4) {
            return size;
        }
        int to = 0;
        byte last = 0;
        byte lastButOne = 0;
        for (int i = 0; i < size; i++) {
            byte b = raw[i];
            boolean after = i + 2 < size && raw[i + 2] == '%';
            if (b != '%' || lastButOne != '%' && !after) {
                raw[to++] = b;
            }
            lastButOne = last;
            last = b;
        }
        rawFlags |= Text.ENCODED_TWICE;
        return to;
    }

    /** Says that the first {@code length} bytes of {@link #raw} need no decoding. */
    public void undecoded(int length) {
        rawFlags = 0;
        rawLength = length;
    }

    /** The second half of {@link #normalize}. */
    public Text fold() {
        fold(raw, rawLength, plain, rawFlags);
        return plain;
    }

    /** One layer of percent decoding in place; returns the new length, flags in the upper half. */
    private static long percent(byte[] bytes, int size) {
        int first = 0;
        while (first < size && bytes[first] != '%') {
            first++;
        }
        if (first == size) {
            return size;
        }
        int to = first;
        long flags = 0;
        for (int i = first; i < size; ) {
            byte b = bytes[i];
            if (b != '%') {
                bytes[to++] = b;
                i++;
                continue;
            }
            int high = i + 1 < size ? hex(bytes[i + 1]) : -1;
            int low = i + 2 < size ? hex(bytes[i + 2]) : -1;
            if (high >= 0 && low >= 0) {
                bytes[to++] = (byte) (high << 4 | low);
                i += 3;
            } else if (i + 5 < size && (bytes[i + 1] | 0x20) == 'u' && hex4(bytes, i + 2) >= 0) {
                to = putUtf8(bytes, to, hex4(bytes, i + 2));
                flags |= Text.PERCENT_U;
                i += 6;
            } else if (high == 2 && low < 0 && i + 3 < size && bytes[i + 2] == '%') {
                // %2%65, %2%f: a digit behind a percent sign of its own
                int digit = hex(bytes[i + 3]);
                boolean whole = digit >= 0xe;
                if (whole) {
                    bytes[to++] = (byte) (0x20 | digit);
                    i += 4;
                    flags |= Text.ENCODED_TWICE;
                } else {
                    bytes[to++] = b;
                    i++;
                }
            } else if (high == 5
                    && i + 3 < size
                    && bytes[i + 2] == '%'
                    && hex(bytes[i + 3]) == 12) {
                bytes[to++] = '\\';
                i += 4;
                flags |= Text.ENCODED_TWICE;
            } else {
                bytes[to++] = b;
                i++;
            }
        }
        return flags << 32 | to;
    }

    /** Lower case, white space, look-alikes, overlong forms and NUL, from one array to a text. */
    private static void fold(byte[] in, int size, Text text, int initialFlags) {
        byte[] out = text.bytes();
        int to = 0;
        int flags = initialFlags;
        for (int i = 0; i < size; ) {
            int b = in[i] & 0xff;
            if (b < 0x80) {
                int mapped = ASCII[b];
                i++;
                if (mapped > ' ') {
                    out[to++] = (byte) mapped;
                } else if (mapped == ' ') {
                    if (to == 0 || out[to - 1] != ' ' && out[to - 1] != '\n') {
                        out[to++] = ' ';
                    }
                } else if (mapped == '\n') {
                    if (b == '\r' && i < size && in[i] == '\n') {
                        continue;
                    }
                    flags |= Text.LINES;
                    to = putLineEnd(out, to);
                } else if (b == 0) {
                    flags |= Text.NUL;
                }
                continue;
            }
            long point = codePoint(in, i, size);
            int length = (int) (point >>> 40);
            int value = (int) point;
            if ((point & OVERLONG_BIT) != 0) {
                flags |= Text.OVERLONG;
            }
            int ascii = value < 0 ? -1 : Lookalikes.ascii(value);
            int plain = ascii < 0 ? ascii : ASCII[ascii];
            if (plain >= 0) {
                flags |= value >= 0x80 && plain != ' ' ? Text.LOOKALIKE : 0;
                if (plain == ' ') {
                    if (to == 0 || out[to - 1] != ' ' && out[to - 1] != '\n') {
                        out[to++] = ' ';
                    }
                } else if (plain == '\n') {
                    flags |= Text.LINES;
                    to = putLineEnd(out, to);
                } else if (plain > 0) {
                    out[to++] = (byte) plain;
                }
                i += length;
            } else if (ascii == Lookalikes.NOTHING) {
                i += length;
            } else {
                for (int k = 0; k < length; k++) {
                    out[to++] = in[i++];
                }
            }
        }
        text.set(to, flags);
    }

    /**
     * Writes a line feed in place of the space before it, unless two stand there already: a blank
     * line means something to a judge, more of them would only make it look again and again.
     */
    private static int putLineEnd(byte[] out, int at) {
        int to = at > 0 && out[at - 1] == ' ' ? at - 1 : at;
        if (to < 2 || out[to - 1] != '\n' || out[to - 2] != '\n') {
            out[to++] = '\n';
        }
        return to;
    }

    private static final long OVERLONG_BIT = 1L << 36;

    /** Length (from bit 40), overlong bit and code point (lower half; -1: none) at {@code i}. */
    private static long codePoint(byte[] in, int i, int size) {
        int lead = in[i] & 0xff;
        int next = i + 1 < size ? in[i + 1] & 0xff : -1;
        if (lead == 0xa0) {
            return 1L << 40 | 0xa0;
        }
        if (lead == 0xc0 || lead == 0xc1) {
            if (next < 0) {
                return 1L << 40 | 0xffffffffL;
            }
            if (next == '%' && i + 3 < size) {
                // lenient decoders of old read %qf and %8s as hexadecimal
                return 4L << 40 | OVERLONG_BIT | (lead == 0xc0 ? '/' : '\\');
            }
            int value = (lead & 1) << 6 | next & 0x3f;
            if (next == 0xfe || next == 0x5e) {
                // what lenient decoders of old made of these
                value = '.';
            } else if (next == 0x5c || lead == 0xc1 && next == 0x1c) {
                value = '\\';
            } else if (lead == 0xc1 && next == 0xaf) {
                value = '/';
            } else if (next < 0x80 && value != '.' && value != '/' && value != '\\') {
                return 1L << 40 | 0xffffffffL;
            }
            return 2L << 40 | OVERLONG_BIT | value;
        }
        int more = lead >= 0xfc ? 5 : lead >= 0xf8 ? 4 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (lead < 0xc0 || i + more >= size) {
            return 1L << 40 | 0xffffffffL;
        }
        int value = lead & (0x3f >> more);
        for (int k = 1; k <= more; k++) {
            int b = in[i + k] & 0xff;
            if ((b & 0xc0) != 0x80) {
                return 1L << 40 | 0xffffffffL;
            }
            value = value << 6 | b & 0x3f;
        }
        long overlong = more > 1 && value < 0x80 ? OVERLONG_BIT : 0;
        return (long) (more + 1) << 40 | overlong | value & 0xffffffffL;
    }

    /**
     * The text behind HTML character references and JavaScript escapes, or null if there are none.
     */
    public Text unescape(Text text) {
        byte[] in = text.bytes();
        int size = text.length();
        int flags = text.flags();
        boolean changed = false;
        for (int round = 0; round < UNESCAPE_ROUNDS; round++) {
            long result = Escapes.undo(in, size, unescaped.bytes());
            int found = (int) (result >>> 32);
            if (found == 0) {
                break;
            }
            changed = true;
            flags |= found;
            size = (int) result;
            in = unescaped.bytes();
        }
        if (!changed) {
            return null;
        }
        long inner = inner(unescaped.bytes(), size);
        size = (int) inner;
        flags |= (int) (inner >>> 32);
        // escapes may have written capitals, spaces and control characters
        fold(unescaped.bytes(), size, unescaped, flags);
        int angles = 0;
        for (int i = 0; i < text.length(); i++) {
            angles += text.bytes()[i] == '<' ? 1 : 0;
        }
        unescaped.plainAngles(angles);
        return unescaped;
    }

    /** The text inside the value last normalised if that is base64 of text, or null. */
    public Text base64() {
        return base64(raw, rawLength);
    }

    /**
     * The text inside the first {@code size} bytes of {@code in} if those are base64, or null. A
     * serialised object is no text; it is given as it stands.
     */
    public Text base64(byte[] in, int size) {
        int length = Base64Text.decode(in, size, decoded.bytes());
        if (length == 0) {
            if (!Base64Text.object(in, size)) {
                return null;
            }
            fold(in, size, decoded, Text.BASE64);
            return decoded;
        }
        long inner = inner(decoded.bytes(), length);
        fold(decoded.bytes(), (int) inner, decoded, Text.BASE64 | (int) (inner >>> 32));
        return decoded;
    }

    /** Percent encoding under another one, in place; the new length, flags in the upper half. */
    private static long inner(byte[] bytes, int length) {
        long flags = 0;
        int size = length;
        for (int layer = 0; layer < INNER_LAYERS; layer++) {
            long step = percent(bytes, size);
            flags |= step >>> 32;
            if ((int) step == size) {
                break;
            }
            size = (int) step;
            flags |= Text.ENCODED_TWICE;
        }
        return flags << 32 | size;
    }

    static int hex(int b) {
        return HEX[b & 0xff];
    }

    static int hex4(byte[] bytes, int at) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = hex(bytes[at + i]);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Writes a code point of at most 16 bits; never longer than the escape that it replaces. */
    static int putUtf8(byte[] out, int at, int point) {
        if (point < 0x80) {
            out[at] = (byte) point;
            return at + 1;
        }
        if (point < 0x100) {
            // %u00ae and its kin stand for bytes of an overlong form as often as for characters
            out[at] = (byte) (0xc0 | point >> 6);
            out[at + 1] = (byte) (0x80 | point & 0x3f);
            return at + 2;
        }
        if (point < 0x800) {
            out[at] = (byte) (0xc0 | point >> 6);
            out[at + 1] = (byte) (0x80 | point & 0x3f);
            return at + 2;
        }
        out[at] = (byte) (0xe0 | point >> 12);
        out[at + 1] = (byte) (0x80 | point >> 6 & 0x3f);
        out[at + 2] = (byte) (0x80 | point & 0x3f);
        return at + 3;
    }

    private static final byte[] HEX = new byte[256];
    private static final byte[] ASCII = new byte[128];

    static {
        Arrays.fill(HEX, (byte) -1);
        for (int i = 0; i < 16; i++) {
            HEX["0123456789abcdef".charAt(i)] = (byte) i;
            HEX["0123456789ABCDEF".charAt(i)] = (byte) i;
        }
        for (int i = 0; i < 128; i++) {
            ASCII[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i > ' ' && i < 127 ? i : 0);
        }
        // control characters stand for white space somewhere; NUL and DEL vanish
        for (int i = 1; i <= ' '; i++) {
            ASCII[i] = ' ';
        }
        ASCII['\n'] = '\n';
        ASCII['\r'] = '\n';
    }
}
