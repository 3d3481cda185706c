package ips.core.match;

import org.agrona.DirectBuffer;

/**
 * Collects which patterns of a {@link PatternSet} occur, each once, over one scan or several.
 *
 * <p>Belongs to one thread; takes 4 bytes and a bit for each pattern. Clearing costs as much as was
 * found, not as many patterns as there are.
 */
public final class PatternMatcher implements PatternListener {
    private final PatternSet set;
    private final int[] found;
    private final long[] seen;
    private int count;

    public PatternMatcher(PatternSet set) {
        this.set = set;
        found = new int[set.size()];
        seen = new long[set.size() + 63 >> 6];
    }

    public PatternSet set() {
        return set;
    }

    /**
     * Adds the patterns that occur to those found since {@link #clear()}.
     *
     * @param state {@link PatternSet#START}, or what the scan of a stream's bytes before returned
     * @return the state behind the last byte
     */
    public int scan(DirectBuffer buffer, int offset, int length, int state) {
        return set.scan(buffer, offset, length, state, this);
    }

    /** How many patterns were found. */
    public int count() {
        return count;
    }

    /** One of the found, in the order they were first found; {@code index} below the count. */
    public int pattern(int index) {
        return found[index];
    }

    /** Whether this pattern was found. */
    public boolean has(int pattern) {
        return (seen[pattern >> 6] & 1L << pattern) != 0;
    }

    /** Forgets what was found. */
    public void clear() {
        for (int i = 0; i < count; i++) {
            seen[found[i] >> 6] = 0;
        }
        count = 0;
    }

    @Override
    public void found(int pattern, int end) {
        long bit = 1L << pattern;
        if ((seen[pattern >> 6] & bit) == 0) {
            seen[pattern >> 6] |= bit;
            found[count++] = pattern;
        }
    }
}
