package ips.core.match;

import ips.core.ColdPath;
import java.util.Arrays;

/**
 * Patterns by a few bytes of them, packed into an {@code int}: a table of buckets, those of a
 * bucket one behind another, three numbers each.
 */
final class GramTable {
    private static final int SCATTER = 0x9e37_79b1;
    private static final int GRAM = 0;
    private static final int PATTERN = 1;
    private static final int PLACE = 2;
    private static final int FIELDS = 3;

    private final int shift;
    private final int[] starts;
    private final int[] entries;

    // While it is filled: chains, newest first.
    private int[] heads;
    private int[] before;
    private int[] added;
    private int count;

    GramTable(int entries) {
        int bits = Math.max(4, 32 - Integer.numberOfLeadingZeros(entries));
        shift = 32 - bits;
        starts = new int[(1 << bits) + 1];
        this.entries = new int[entries * FIELDS];
        heads = new int[1 << bits];
        Arrays.fill(heads, -1);
        before = new int[entries];
        added = new int[entries * FIELDS];
    }

    @ColdPath
    void add(int gram, int pattern, int place) {
        added[count * FIELDS + GRAM] = gram;
        added[count * FIELDS + PATTERN] = pattern;
        added[count * FIELDS + PLACE] = place;
        int bucket = gram * SCATTER >>> shift;
        before[count] = heads[bucket];
        heads[bucket] = count++;
    }

    /** How many were added by a gram. */
    @ColdPath
    int count(int gram) {
        int found = 0;
        for (int at = heads[gram * SCATTER >>> shift]; at >= 0; at = before[at]) {
            found += added[at * FIELDS + GRAM] == gram ? 1 : 0;
        }
        return found;
    }

    /** All were added. */
    @ColdPath
    void seal() {
        int to = 0;
        for (int bucket = 0; bucket < heads.length; bucket++) {
            starts[bucket] = to;
            for (int at = heads[bucket]; at >= 0; at = before[at]) {
                System.arraycopy(added, at * FIELDS, entries, to, FIELDS);
                to += FIELDS;
            }
        }
        starts[heads.length] = to;
        heads = null;
        before = null;
        added = null;
    }

    /** Compares the patterns of a gram that stands at a place; reports those that occur there. */
    void compare(
            int gram,
            Patterns patterns,
            byte[] bytes,
            int at,
            int from,
            int to,
            PatternListener listener) {
        int bucket = gram * SCATTER >>> shift;
        int end = starts[bucket + 1];
        for (int entry = starts[bucket]; entry < end; entry += FIELDS) {
            if (entries[entry + GRAM] == gram) {
                int pattern = entries[entry + PATTERN];
                int start = at - entries[entry + PLACE];
                int behind = start + patterns.length(pattern);
                if (start >= from && behind <= to && patterns.occurs(pattern, bytes, start)) {
                    listener.found(pattern, behind);
                }
            }
        }
    }

    /** The most patterns that share a gram. */
    @ColdPath
    int mostShared() {
        int most = 0;
        for (int bucket = 0; bucket + 1 < starts.length; bucket++) {
            for (int a = starts[bucket]; a < starts[bucket + 1]; a += FIELDS) {
                int same = 0;
                for (int b = starts[bucket]; b < starts[bucket + 1]; b += FIELDS) {
                    same += entries[a] == entries[b] ? 1 : 0;
                }
                most = Math.max(most, same);
            }
        }
        return most;
    }

    long memoryBytes() {
        return 4L * (starts.length + entries.length);
    }
}
