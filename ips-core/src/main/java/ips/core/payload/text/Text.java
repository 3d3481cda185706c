package ips.core.payload.text;

/**
 * A normalised value: bytes in lower case with every decoding undone, and what had to be undone.
 *
 * <p>Mutable and reused: it is valid until its {@link Normalizer} works on the next value. Owned by
 * one thread. Judges read it and never write.
 */
public final class Text {
    /** Percent-encoded more than once. */
    public static final int ENCODED_TWICE = 1;

    /** A character written in more bytes of UTF-8 than it needs. */
    public static final int OVERLONG = 1 << 1;

    /** A full-width or otherwise styled form of an ASCII character. */
    public static final int LOOKALIKE = 1 << 2;

    /** {@code %uXXXX}, which no browser sends. */
    public static final int PERCENT_U = 1 << 3;

    /** A NUL byte, taken out. */
    public static final int NUL = 1 << 4;

    /** An HTML character reference, resolved. */
    public static final int ENTITY = 1 << 5;

    /** A JavaScript escape, resolved. */
    public static final int ESCAPE = 1 << 6;

    /** The value was base64 of text, which is what is shown here. */
    public static final int BASE64 = 1 << 7;

    /** Holds line feeds (carriage returns count, and are written as line feeds). */
    public static final int LINES = 1 << 8;

    /** A character reference with more leading zeros than any encoder writes. */
    public static final int PADDED = 1 << 9;

    private final byte[] bytes;
    private int length;
    private int flags;
    private int plainAngles;

    public Text(int capacity) {
        bytes = new byte[capacity];
    }

    /** The bytes; only the first {@link #length} are meant. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** The constants of this class, or-ed. */
    public int flags() {
        return flags;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    void set(int length, int flags) {
        this.length = length;
        this.flags = flags;
        plainAngles = 0;
    }

    /**
     * Where escapes were undone, how many {@code <} stood in the text before: the others are
     * escaped ones, which a page shows.
     */
    public int plainAngles() {
        return plainAngles;
    }

    void plainAngles(int count) {
        plainAngles = count;
    }

    /** Says how much of {@link #bytes} a caller has filled by itself; flags are cleared. */
    public void resize(int newLength) {
        set(newLength, 0);
    }

    /** Whether {@code word}, ASCII in lower case, stands at {@code at}. */
    public boolean startsWith(String word, int at) {
        int n = word.length();
        if (at < 0 || n > length - at) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (bytes[at + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where {@code word}, ASCII in lower case, first stands in [from, to), or -1. */
    public int find(String word, int from, int to) {
        int last = Math.min(to, length) - word.length();
        byte first = (byte) word.charAt(0);
        for (int i = Math.max(from, 0); i <= last; i++) {
            if (bytes[i] == first && startsWith(word, i)) {
                return i;
            }
        }
        return -1;
    }

    /** The byte at {@code at} as 0 to 255, or -1 outside the text. */
    public int at(int at) {
        return at >= 0 && at < length ? bytes[at] & 0xff : -1;
    }

    /** The first position from {@code at} on that holds no space and no line feed. */
    public int skipSpace(int at) {
        int i = at;
        while (i < length && (bytes[i] == ' ' || bytes[i] == '\n')) {
            i++;
        }
        return i;
    }
}
