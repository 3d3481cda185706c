package ips.core.inspect;

import ips.core.ColdPath;
import java.util.Arrays;

/**
 * The header fields of one HTTP message in the order they came: folded lines joined, fields of the
 * same name apart until they are asked for. At most {@value #MOST} fields and 64 KiB; what is
 * beyond that is left out. Names are compared without regard to case.
 */
final class HeaderFields {
    private static final int MOST = 256;
    private static final byte[] SEPARATOR = {':', ' '};
    private static final byte[] SEPARATING = {',', ' '};
    private static final byte[] LINE_END = {'\r', '\n'};

    /** Each field as {@code Name: value} and CRLF. */
    private final GrowingBytes text;

    /** What views are put together in that do not lie in {@link #text} as they are. */
    private final GrowingBytes scratch;

    private final String cookieName;

    // Where names and values lie within the text, by the number of the field.
    private int[] nameAt = new int[16];
    private int[] nameLength = new int[16];
    private int[] nameHash = new int[16];
    private int[] valueAt = new int[16];
    private int[] valueLength = new int[16];
    private int count;

    /** A bit for the hash of each name: most names asked for are not there. */
    private long names;

    /** Whether any name occurs twice. */
    private boolean repeating;

    /**
     * @param scratch holds the views that are put together, each until the next is asked for
     * @param cookieName the name, in lower case, of the field that {@link #all} leaves out
     */
    HeaderFields(BufferPool buffers, GrowingBytes scratch, String cookieName) {
        text = new GrowingBytes(buffers, HttpMessage.LONGEST_HEAD);
        this.scratch = scratch;
        this.cookieName = cookieName;
    }

    void begin() {
        text.restart();
        count = 0;
        names = 0;
        repeating = false;
    }

    /** Lets go of the buffer kept for the next message. */
    void giveBuffersBack() {
        text.clear();
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count == MOST;
    }

    /** The bytes that {@link #valueAt} counts in. */
    GrowingBytes text() {
        return text;
    }

    int valueAt(int index) {
        return valueAt[index];
    }

    int nameLength(int index) {
        return nameLength[index];
    }

    int valueLength(int index) {
        return valueLength[index];
    }

    int valueEnd(int index) {
        return valueAt[index] + valueLength[index];
    }

    /** Whether the value is a word, which is given in lower case. */
    boolean isValue(int index, String lower) {
        return text.same(valueAt[index], valueLength[index], lower);
    }

    /** Takes a field from a line; not when it is {@link #isFull full}. */
    void add(byte[] line, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int at = text.length();
        int nameBytes = nameEnd - nameStart;
        int valueBytes = valueEnd - valueStart;
        if (at + nameBytes + valueBytes + 4 > HttpMessage.LONGEST_HEAD) {
            return;
        }
        if (valueStart == nameEnd + 2 && line[nameEnd] == ':' && line[nameEnd + 1] == ' ') {
            text.add(line, nameStart, valueEnd - nameStart);
        } else {
            text.add(line, nameStart, nameBytes);
            text.add(SEPARATOR, 0, 2);
            text.add(line, valueStart, valueBytes);
        }
        text.add(LINE_END, 0, 2);
        if (text.length() < at + nameBytes + valueBytes + 4) {
            text.truncate(at); // no buffer was to be had
            return;
        }
        if (count == nameAt.length) {
            grow();
        }
        int hash = HeaderNames.hash(line, nameStart, nameEnd);
        nameAt[count] = at;
        nameLength[count] = nameBytes;
        nameHash[count] = hash;
        valueAt[count] = at + nameBytes + 2;
        valueLength[count] = valueBytes;
        repeating |= (names & 1L << hash) != 0 && follows(count);
        names |= 1L << hash;
        count++;
    }

    @ColdPath
    private void grow() {
        nameAt = Arrays.copyOf(nameAt, count * 2);
        nameLength = Arrays.copyOf(nameLength, count * 2);
        nameHash = Arrays.copyOf(nameHash, count * 2);
        valueAt = Arrays.copyOf(valueAt, count * 2);
        valueLength = Arrays.copyOf(valueLength, count * 2);
    }

    /**
     * Takes a line that goes on with the last field's value (obs-fold, RFC 9112 §5.2). Its first
     * blanks are kept, unless nothing came before them.
     */
    void fold(byte[] line, int start, int end) {
        int last = end;
        while (last > start && isWhite(line[last - 1])) {
            last--;
        }
        int first = start;
        while (valueLength[count - 1] == 0 && first < last && line[first] <= ' ') {
            first++;
        }
        int before = valueEnd(count - 1);
        if (before + last - first + 2 > HttpMessage.LONGEST_HEAD) {
            return;
        }
        text.truncate(before);
        text.add(line, first, last - first);
        valueLength[count - 1] = text.length() - valueAt[count - 1];
        text.add(LINE_END, 0, 2);
    }

    static boolean isWhite(byte b) {
        return b <= ' ' && b >= 0;
    }

    /** The first field of a name, given in lower case; or -1. */
    int find(String name) {
        return find(name, 0);
    }

    /** The first field of a name among those from a number on; or -1. */
    int find(String name, int from) {
        int hash = name.hashCode();
        if ((names & 1L << hash) == 0) {
            return -1;
        }
        for (int i = from; i < count; i++) {
            if (nameHash[i] == hash && text.same(nameAt[i], nameLength[i], name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether any field of a name holds a word, both given in lower case. */
    boolean anyHolds(String name, String word) {
        for (int i = find(name); i >= 0; i = find(name, i + 1)) {
            if (text.holds(valueAt[i], valueLength[i], word)) {
                return true;
            }
        }
        return false;
    }

    /** The first number in a field, of at most 12 digits; -1 where there is none. */
    long number(String name) {
        int index = find(name);
        if (index < 0) {
            return -1;
        }
        int end = valueEnd(index);
        int at = valueAt[index];
        while (at < end && !isDigit(text.at(at))) {
            at++;
        }
        long number = -1;
        for (int digits = 0; at < end && digits < 12 && isDigit(text.at(at)); digits++) {
            number = Math.max(number, 0) * 10 + text.at(at++) - '0';
        }
        return number;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a field, several of one name joined; null where there is none. */
    ByteRange value(String name, ByteRange into) {
        int first = find(name);
        if (first < 0) {
            return null;
        }
        if (!repeating || find(name, first + 1) < 0) {
            return text.range(valueAt[first], valueLength[first], into);
        }
        scratch.restart();
        addValues(first, scratch);
        return scratch.range(into);
    }

    /** The same as text; null also where the value is empty. */
    String valueText(String name) {
        int first = find(name);
        if (first < 0) {
            return null;
        }
        scratch.clear();
        addValues(first, scratch);
        return scratch.length() == 0 ? null : scratch.text();
    }

    /** Whether two fields have the same value, but for the case of its letters. */
    boolean sameValue(int a, int b) {
        return valueLength[a] == valueLength[b]
                && text.sameLetters(valueAt[a], valueAt[b], valueLength[a]);
    }

    /** Whether a field of the same name was there before. */
    boolean repeats(int index) {
        return repeating && follows(index);
    }

    private boolean follows(int index) {
        for (int i = 0; i < index; i++) {
            if (sameName(i, index)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a field of the same name comes after it. */
    boolean isRepeated(int index) {
        for (int i = index + 1; repeating && i < count; i++) {
            if (sameName(i, index)) {
                return true;
            }
        }
        return false;
    }

    private boolean sameName(int a, int b) {
        return nameHash[a] == nameHash[b]
                && nameLength[a] == nameLength[b]
                && text.sameLetters(nameAt[a], nameAt[b], nameLength[a]);
    }

    /** Adds the values of all fields of one name; of lengths the first is the one that counts. */
    void addValues(int first, GrowingBytes to) {
        to.add(text, valueAt[first], valueLength[first]);
        if (text.same(nameAt[first], nameLength[first], "content-length")) {
            return;
        }
        for (int i = first + 1; repeating && i < count; i++) {
            if (sameName(first, i)) {
                to.add(SEPARATING, 0, 2);
                to.add(text, valueAt[i], valueLength[i]);
            }
        }
    }

    String cookieName() {
        return cookieName;
    }

    /** {@code Name: value} and CRLF for each name, without cookies. */
    ByteRange all(ByteRange into) {
        if (!repeating && find(cookieName) < 0) {
            return text.range(into);
        }
        scratch.clear();
        addAll(scratch, false);
        return scratch.range(into);
    }

    /** Adds {@code Name: value} and CRLF for each name, the values of one name joined. */
    void addAll(GrowingBytes to, boolean cookies) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            boolean skipped = !cookies && isCookie(i);
            boolean gathered = repeats(i) || isRepeated(i);
            if (skipped || gathered) {
                to.add(text, from, nameAt[i] - from);
                from = valueEnd(i) + LINE_END.length;
            }
            if (gathered && !skipped && !repeats(i)) {
                to.add(text, nameAt[i], nameLength[i] + 2);
                addValues(i, to);
                to.add(LINE_END, 0, 2);
            }
        }
        to.add(text, from, text.length() - from);
    }

    private boolean isCookie(int index) {
        return text.same(nameAt[index], nameLength[index], cookieName);
    }

    /** CRLF, each name with CRLF, CRLF. */
    ByteRange names(ByteRange into) {
        scratch.clear();
        scratch.add(LINE_END, 0, 2);
        for (int i = 0; i < count; i++) {
            if (!repeats(i)) {
                scratch.add(text, nameAt[i], nameLength[i]);
                scratch.add(LINE_END, 0, 2);
            }
        }
        scratch.add(LINE_END, 0, 2);
        return scratch.range(into);
    }

    /**
     * One field as {@code Name: value}, several of one name joined; null behind the last.
     *
     * @param index its number among those of different names
     */
    ByteRange one(int index, ByteRange into) {
        int left = index;
        for (int i = 0; i < count; i++) {
            if (!repeats(i) && left-- == 0) {
                scratch.clear();
                scratch.add(text, nameAt[i], nameLength[i] + 2);
                addValues(i, scratch);
                return scratch.range(into);
            }
        }
        return null;
    }
}
