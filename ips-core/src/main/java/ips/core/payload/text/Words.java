package ips.core.payload.text;

import ips.core.ColdPath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/**
 * A fixed table from words to small numbers, looked up by byte range without allocation.
 *
 * <p>Open addressing, at most a quarter full; 4 bytes a slot plus the words. Built once, then
 * immutable and shared by all threads.
 */
public final class Words {
    private final byte[][] words;
    private final int[] codes;
    private final int mask;
    private final int longest;

    private Words(byte[][] words, int[] codes, int longest) {
        this.words = words;
        this.codes = codes;
        this.mask = words.length - 1;
        this.longest = longest;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** All {@code text}'s words, separated by white space, with code 1. */
    public static Words of(String text) {
        return builder().add(1, text).build();
    }

    /** All words, in no order. */
    @ColdPath
    public List<String> list() {
        return Arrays.stream(words)
                .filter(Objects::nonNull)
                .map(word -> new String(word, StandardCharsets.ISO_8859_1))
                .toList();
    }

    /** The code of the word in [from, to), or 0. */
    public int code(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > longest) {
            return 0;
        }
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        for (int slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
            byte[] word = words[slot];
            if (word == null) {
                return 0;
            }
            if (word.length == length && same(word, bytes, from)) {
                return codes[slot];
            }
        }
    }

    private static boolean same(byte[] word, byte[] bytes, int from) {
        for (int i = 0; i < word.length; i++) {
            if (word[i] != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9e3779b9;
        return mixed ^ (mixed >>> 15);
    }

    /** Collects words; a word added twice keeps its first code. */
    public static final class Builder {
        private final LinkedHashMap<String, Integer> entries = new LinkedHashMap<>();

        /** Adds every word of {@code text}, lower case and separated by white space. */
        public Builder add(int code, String text) {
            for (String word : text.strip().split("\\s+")) {
                entries.putIfAbsent(word, code);
            }
            return this;
        }

        public Words build() {
            int size = Integer.highestOneBit(Math.max(4, entries.size() * 4)) * 2;
            byte[][] words = new byte[size][];
            int[] codes = new int[size];
            int longest = 0;
            for (var entry : entries.entrySet()) {
                byte[] word = entry.getKey().getBytes(StandardCharsets.ISO_8859_1);
                int hash = 0;
                for (byte b : word) {
                    hash = hash * 31 + b;
                }
                int slot = spread(hash) & (size - 1);
                while (words[slot] != null) {
                    slot = (slot + 1) & (size - 1);
                }
                words[slot] = word;
                codes[slot] = entry.getValue();
                longest = Math.max(longest, word.length);
            }
            return new Words(words, codes, longest);
        }
    }
}
