package ips.core.match;

import ips.core.ColdPath;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The trie of the folded patterns, built level by level from their sorted order: a state is a range
 * of patterns that share a prefix, and the children of a state get consecutive numbers.
 */
@ColdPath
final class Trie {
    /** Cells of full rows at most: 4 MiB, which a second-level cache and its neighbour hold. */
    private static final int MAX_CELLS = 1 << 20;

    private final byte[][] patterns;
    private final boolean[] ignoreCase;
    private final byte[][] folded;
    private final byte[] classes = new byte[256];
    private int width;
    private int states = 1;
    private int[] firstChild;
    private byte[] label;
    private int[] own;
    private final int[] sameBytes;

    Trie(byte[][] patterns, boolean[] ignoreCase) {
        this.patterns = patterns;
        this.ignoreCase = ignoreCase;
        folded = new byte[patterns.length][];
        sameBytes = new int[patterns.length];
        for (int i = 0; i < patterns.length; i++) {
            folded[i] = fold(patterns[i]);
        }
        numberClasses();
        growFromSortedOrder();
    }

    private static byte[] fold(byte[] pattern) {
        byte[] result = pattern.clone();
        for (int i = 0; i < result.length; i++) {
            if (result[i] >= 'A' && result[i] <= 'Z') {
                result[i] += 'a' - 'A';
            }
        }
        return result;
    }

    /** Class 0 is any byte that occurs in no pattern. */
    private void numberClasses() {
        boolean[] used = new boolean[256];
        for (byte[] pattern : folded) {
            for (byte b : pattern) {
                used[b & 0xff] = true;
            }
        }
        width = 1;
        for (int b = 0; b < 256; b++) {
            if (used[b]) {
                classes[b] = (byte) width++;
            }
        }
        for (int b = 'a'; b <= 'z'; b++) {
            classes[b - ('a' - 'A')] = classes[b];
        }
    }

    private void growFromSortedOrder() {
        int[] order =
                IntStream.range(0, folded.length)
                        .boxed()
                        .sorted(Comparator.comparing(i -> folded[i], Arrays::compareUnsigned))
                        .mapToInt(Integer::intValue)
                        .toArray();
        int most = 1;
        for (byte[] pattern : folded) {
            most += pattern.length;
        }
        firstChild = new int[most + 1];
        label = new byte[most];
        own = new int[most];
        Arrays.fill(own, -1);
        int[] low = new int[most];
        int[] high = new int[most];
        int[] depth = new int[most];
        high[0] = order.length;
        for (int state = 0; state < states; state++) {
            firstChild[state] = states;
            int at = low[state];
            int below = depth[state];
            while (at < high[state] && folded[order[at]].length == below) {
                sameBytes[order[at]] = own[state];
                own[state] = order[at++];
            }
            while (at < high[state]) {
                byte b = folded[order[at]][below];
                int child = states++;
                label[child] = classes[b & 0xff];
                low[child] = at;
                depth[child] = below + 1;
                while (at < high[state] && folded[order[at]][below] == b) {
                    at++;
                }
                high[child] = at;
            }
        }
        firstChild = Arrays.copyOf(firstChild, states + 1);
        firstChild[states] = states;
        label = Arrays.copyOf(label, states);
        own = Arrays.copyOf(own, states);
    }

    PatternSet toPatternSet() {
        int fullRows = Math.min(states, MAX_CELLS / width);
        int[] fallback = new int[states];
        int[] shorter = new int[states];
        int[] rows = new int[fullRows * width];
        shorter[0] = -1;
        for (int state = 0; state < states; state++) {
            int back = fallback[state];
            if (state > 0) {
                shorter[state] = own[back] >= 0 ? back : shorter[back];
            }
            if (state < fullRows && state > 0) {
                System.arraycopy(rows, back * width, rows, state * width, width);
            }
            for (int child = firstChild[state]; child < firstChild[state + 1]; child++) {
                int by = label[child] & 0xff;
                fallback[child] = state == 0 ? 0 : next(rows, fullRows, fallback, back, by);
                if (state < fullRows) {
                    rows[state * width + by] = child;
                }
            }
        }
        return new PatternSet(
                new PatternSet.Automaton(
                        classes, width, rows, fullRows, firstChild, label, fallback, own, shorter),
                sameBytes,
                patterns,
                ignoreCase);
    }

    private int next(int[] rows, int fullRows, int[] fallback, int from, int by) {
        int state = from;
        while (state >= fullRows) {
            for (int child = firstChild[state]; child < firstChild[state + 1]; child++) {
                if ((label[child] & 0xff) == by) {
                    return child;
                }
            }
            state = fallback[state];
        }
        return rows[state * width + by];
    }
}
