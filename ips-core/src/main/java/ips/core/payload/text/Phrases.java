package ips.core.payload.text;

import ips.core.ColdPath;
import ips.core.HotPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    private final byte[] classes = new byte[256];
    private static final int STATE = 0x7fff;

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
        int classCount = 1;
        int total = 1;
        for (String phrase : phrases) {
            total += phrase.length();
            for (byte c : phrase.getBytes(StandardCharsets.ISO_8859_1)) {
                if (classes[c & 0xff] == 0) {
                    classes[c & 0xff] = (byte) classCount++;
                }
            }
        }
        int width = classCount;
        shift = Integer.SIZE - Integer.numberOfLeadingZeros(width - 1);
        char[] table = new char[total * width];
        short[] out = new short[total];
        Arrays.fill(out, (short) -1);
        int states = 1;
        for (int p = 0; p < phrases.length; p++) {
            int state = 0;
            for (byte c : phrases[p].getBytes(StandardCharsets.ISO_8859_1)) {
                int cell = state * width + classes[c & 0xff];
                if (table[cell] == 0) {
                    table[cell] = (char) states++;
                }
                state = table[cell];
            }
            out[state] = (short) p;
        }
        short[] chain = new short[states];
        Arrays.fill(chain, (short) -1);
        int[] fail = new int[states];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int c = 0; c < width; c++) {
            if (table[c] != 0) {
                queue.add((int) table[c]);
            }
        }
        int[] order = new int[states];
        int numbered = 1;
        while (!queue.isEmpty()) {
            int state = queue.remove();
            order[state] = numbered++;
            int back = fail[state];
            chain[state] = out[back] >= 0 ? (short) back : chain[back];
            for (int c = 0; c < width; c++) {
                int to = table[state * width + c];
                if (to == 0) {
                    table[state * width + c] = table[back * width + c];
                } else {
                    fail[to] = table[back * width + c];
                    queue.add(to);
                }
            }
        }
        if (states > STATE) {
            throw new IllegalArgumentException(states + " states, the most is " + STATE);
        }
        output = new short[states];
        shorter = new short[states];
        all = new int[states];
        next = new char[states << shift];
        for (int s = 0; s < states; s++) {
            int to = order[s];
            output[to] = out[s];
            shorter[to] = chain[s] < 0 ? -1 : (short) order[chain[s]];
            for (int k = s; k >= 0; k = chain[k]) {
                all[to] |= out[k] >= 0 ? points[out[k]] : 0;
            }
        }
        for (int s = 0; s < states; s++) {
            for (int c = 0; c < width; c++) {
                int target = order[table[s * width + c]];
                boolean ends = output[target] >= 0 || shorter[target] >= 0;
                next[order[s] << shift | c] = (char) (target | (ends ? STATE + 1 : 0));
            }
        }
        // capitals are letters; words in the phrases are in lower case
        for (int c = 'a'; c <= 'z'; c++) {
            classes[c - 32] = classes[c];
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
        private final List<String> phrases = new ArrayList<>();
        private final List<Integer> points = new ArrayList<>();

        public Builder add(int value, String... words) {
            for (String word : words) {
                int at = phrases.indexOf(word);
                if (at < 0) {
                    phrases.add(word);
                    points.add(value);
                } else {
                    points.set(at, points.get(at) | value);
                }
            }
            return this;
        }

        /**
         * Leaves out what {@link #mask} need not look for: a phrase that holds others which say all
         * that it says.
         */
        public Builder minimal() {
            for (int p = phrases.size() - 1; p >= 0; p--) {
                String phrase = phrases.get(p);
                int said = 0;
                for (int other = 0; other < phrases.size(); other++) {
                    if (other != p && phrase.contains(phrases.get(other))) {
                        said |= points.get(other);
                    }
                }
                if ((points.get(p) & ~said) == 0) {
                    phrases.remove(p);
                    points.remove(p);
                }
            }
            return this;
        }

        public Phrases build() {
            return new Phrases(phrases, points);
        }
    }
}
