package ips.core.match;

import ips.core.ColdPath;
import org.agrona.DirectBuffer;

/**
 * Byte patterns compiled into an automaton that finds them all in one pass (Aho and Corasick,
 * "Efficient string matching", 1975), over classes of bytes rather than bytes.
 *
 * <p>States are numbered breadth first, so the states that traffic visits come first. The first of
 * them have full rows, one cell for each class of bytes, up to 4 MiB; deeper ones (only sets of
 * thousands of patterns have them) keep their edges alone and fall back along their suffixes:
 *
 * <pre>
 *   state     0 ............ fullRows ................................ states
 *   rows      cell per class | firstChild, label of each child, fallback
 *   code      state * width  | fullRows * width + (state - fullRows)
 *             sign bit set where a pattern ends
 * </pre>
 *
 * <p>Letters are folded to one class; a pattern that minds case is compared once more where it
 * ends. Immutable, shared by all workers. Memory: about 14 bytes for each state (at most one for
 * each byte of the patterns), the full rows, and the patterns themselves; {@link #memoryBytes()}.
 */
public final class PatternSet {
    /** Where the scan of a buffer or of a stream begins. */
    public static final int START = 0;

    private static final int ENDS = 1 << 31;
    private static final int CODE = ~ENDS;

    private final int[] classes = new int[256];
    private final int width;
    private final int cells;
    private final int fullRows;
    private final int[] rows;
    private final int[] firstChild;
    private final byte[] label;
    private final int[] fallback;
    private final int[] own;
    private final int[] shorter;
    private final int[] sameBytes;
    private final byte[][] patterns;
    private final boolean[] ignoreCase;
    private final long memoryBytes;

    /** What {@link Trie} hands over; rows hold state numbers, {@code own} the first pattern. */
    record Automaton(
            byte[] classes,
            int width,
            int[] rows,
            int fullRows,
            int[] firstChild,
            byte[] label,
            int[] fallback,
            int[] own,
            int[] shorter) {}

    PatternSet(Automaton automaton, int[] sameBytes, byte[][] patterns, boolean[] ignoreCase) {
        for (int b = 0; b < 256; b++) {
            classes[b] = automaton.classes[b] & 0xff;
        }
        width = automaton.width;
        fullRows = automaton.fullRows;
        rows = automaton.rows;
        cells = rows.length;
        firstChild = automaton.firstChild;
        label = automaton.label;
        fallback = automaton.fallback;
        own = automaton.own;
        shorter = automaton.shorter;
        this.sameBytes = sameBytes;
        this.patterns = patterns;
        this.ignoreCase = ignoreCase;
        for (int cell = 0; cell < cells; cell++) {
            rows[cell] = code(rows[cell]);
        }
        long bytes = 4L * rows.length + 17L * own.length + 5L * patterns.length;
        for (byte[] pattern : patterns) {
            bytes += 16 + pattern.length;
        }
        memoryBytes = bytes;
    }

    /** The number of patterns. */
    public int size() {
        return patterns.length;
    }

    /** The number of states. */
    public int states() {
        return own.length;
    }

    /** Bytes of memory the set takes, headers of objects aside. */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** The bytes of a pattern as they were added; a copy. */
    @ColdPath
    public byte[] pattern(int number) {
        return patterns[number].clone();
    }

    /**
     * Tells the listener of every occurrence of every pattern in {@code length} bytes from {@code
     * offset}, in the order of their ends, at the same end the longest first.
     *
     * <p>For a stream in pieces, the state that one piece ended in is where the next begins, and
     * occurrences across pieces are found. Where such an occurrence began in an earlier piece, case
     * is compared in the bytes at hand only.
     *
     * @param state {@link #START}, or what the scan of the bytes before returned
     * @return the state behind the last byte; meaningful to this set only
     */
    public int scan(
            DirectBuffer buffer, int offset, int length, int state, PatternListener listener) {
        int[] table = rows;
        int[] classOf = classes;
        int limit = cells;
        int code = state;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            int by = classOf[buffer.getByte(i) & 0xff];
            int entry = code < limit ? table[code + by] : deepEntry(code, by);
            code = entry & CODE;
            if (entry < 0) {
                report(code, buffer, offset, i + 1, listener);
            }
        }
        return code;
    }

    private int deepEntry(int code, int by) {
        int state = code - cells + fullRows;
        do {
            int behind = firstChild[state + 1];
            for (int child = firstChild[state]; child < behind; child++) {
                if ((label[child] & 0xff) == by) {
                    return code(child);
                }
            }
            state = fallback[state];
        } while (state >= fullRows);
        return rows[state * width + by];
    }

    private int code(int state) {
        int code = state < fullRows ? state * width : cells + state - fullRows;
        return own[state] >= 0 || shorter[state] >= 0 ? code | ENDS : code;
    }

    private void report(
            int code, DirectBuffer buffer, int offset, int end, PatternListener listener) {
        int state = code < cells ? code / width : code - cells + fullRows;
        do {
            for (int pattern = own[state]; pattern >= 0; pattern = sameBytes[pattern]) {
                if (ignoreCase[pattern] || hasCase(patterns[pattern], buffer, offset, end)) {
                    listener.found(pattern, end);
                }
            }
            state = shorter[state];
        } while (state >= 0);
    }

    private static boolean hasCase(byte[] pattern, DirectBuffer buffer, int offset, int end) {
        for (int i = pattern.length - 1, at = end - 1; i >= 0 && at >= offset; i--, at--) {
            if (buffer.getByte(at) != pattern[i]) {
                return false;
            }
        }
        return true;
    }
}
