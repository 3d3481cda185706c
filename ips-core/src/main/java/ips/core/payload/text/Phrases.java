package ips.core.payload.text;

import ips.core.ColdPath;
import ips.core.HotPath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Many phrases in one pass (Aho and Corasick, 1975), each worth some points.
 *
 * <p>A dense table over the classes of bytes that occur in the phrases: for each state 2 bytes
 * times the next power of two. States are numbered by depth, so that the rows in use lie together,
 * and an entry has its top bit set where a phrase ends: a byte costs two look-ups. Immutable and
 * shared; the position of a search is its caller's.
 */
@HotPath
public final class Phrases {
    /** Called at each match's end; a phrase inside another is told too. */
    public interface Match {
        /**
         * @param phrase its number, in the order they were added
         * @param end the position behind its last byte
         */
        void found(int phrase, int end);
    }

    private static final int STATE = 0x7fff;

    private final byte[] classes;

    private final char[] next;
    private final int shift;
    private final short[] output;
    private final short[] shorter;
    private final int[] all;
    private final String[] phrases;
    private final int[] points;

    private Phrases(List<String> words, List<Integer> values) {
        phrases = words.toArray(new String[0]);
        points = values.stream().mapToInt(Integer::intValue).toArray();
        PhraseTrie trie = new PhraseTrie(words);
        int states = trie.states();
        if (states > STATE) {
            throw new IllegalArgumentException(states + " states, the most is " + STATE);
        }
        classes = trie.classes();
        shift = Integer.SIZE - Integer.numberOfLeadingZeros(trie.width() - 1);
        output = new short[states];
        shorter = new short[states];
        all = new int[states];
        next = new char[states << shift];
        for (int state = 0; state < states; state++) {
            layOut(trie, state);
        }
        for (int state = 0; state < states; state++) {
            connect(trie, state);
        }
        // capitals are letters; words in the phrases are in lower case
        for (int c = 'a'; c <= 'z'; c++) {
            classes[c - 32] = classes[c];
        }
    }

    private void layOut(PhraseTrie trie, int state) {
        int at = trie.order(state);
        int suffix = trie.shorter(state);
        output[at] = (short) trie.phrase(state);
        shorter[at] = suffix == PhraseTrie.NONE ? -1 : (short) trie.order(suffix);
        for (int each = state; each != PhraseTrie.NONE; each = trie.shorter(each)) {
            int phrase = trie.phrase(each);
            all[at] |= phrase == PhraseTrie.NONE ? 0 : points[phrase];
        }
    }

    private void connect(PhraseTrie trie, int state) {
        int row = trie.order(state) << shift;
        for (int c = 0; c < trie.width(); c++) {
            int target = trie.order(trie.next(state, c));
            boolean ends = output[target] >= 0 || shorter[target] >= 0;
            next[row | c] = (char) (target | (ends ? STATE + 1 : 0));
        }
    }

    /** The points of all phrases in the bytes or-ed, for phrases whose points are bits. */
    public int mask(byte[] b, int length) {
        int mask = 0;
        int state = 0;
        for (int i = 0; i < length; i++) {
            int to = next[state << shift | classes[b[i] & 0xff]];
            state = to & STATE;
            if (to != state) {
                mask |= all[state];
            }
        }
        return mask;
    }

    @ColdPath
    public static Builder builder() {
        return new Builder();
    }

    /** Tells {@code match} of every phrase in the text. */
    public void scan(Text text, Match match) {
        byte[] b = text.bytes();
        int n = text.length();
        int state = 0;
        for (int i = 0; i < n; i++) {
            int to = next[state << shift | classes[b[i] & 0xff]];
            state = to & STATE;
            if (to != state) {
                int s = output[state] >= 0 ? state : shorter[state];
                while (s >= 0) {
                    match.found(output[s], i + 1);
                    s = shorter[s];
                }
            }
        }
    }

    /** The number of phrases. */
    public int size() {
        return phrases.length;
    }

    public int points(int phrase) {
        return points[phrase];
    }

    public String phrase(int phrase) {
        return phrases[phrase];
    }

    /** Collects phrases in lower case; one added twice has its points or-ed. */
    public static final class Builder {
        private final Map<String, Integer> points = new LinkedHashMap<>();

        public Builder add(int value, String... words) {
            for (String word : words) {
                points.merge(word, value, (had, more) -> had | more);
            }
            return this;
        }

        /**
         * Leaves out what {@link #mask} need not look for: a phrase that holds others which say all
         * that it says.
         */
        public Builder minimal() {
            points.entrySet().removeIf(each -> (each.getValue() & ~saidWithin(each.getKey())) == 0);
            return this;
        }

        /** The points of all phrases inside another. */
        private int saidWithin(String phrase) {
            int said = 0;
            for (int from = 0; from < phrase.length(); from++) {
                for (int to = from + 1; to <= phrase.length(); to++) {
                    if (to - from < phrase.length()) {
                        said |= points.getOrDefault(phrase.substring(from, to), 0);
                    }
                }
            }
            return said;
        }

        public Phrases build() {
            return new Phrases(List.copyOf(points.keySet()), List.copyOf(points.values()));
        }
    }
}
