package ips.core.payload.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Phrases on their way to the automaton of {@link Phrases}: a trie, whose missing edges are then
 * filled with those of the longest proper suffix that is in the trie, too (Aho and Corasick, 1975).
 * States are numbered as they are made, 0 is the root.
 */
final class PhraseTrie {
    static final int NONE = -1;

    private final byte[] classes = new byte[256];
    private final int width;
    private final char[] edges;
    private final short[] phraseOf;
    private final short[] shorter;
    private final int[] order;
    private int states = 1;

    PhraseTrie(List<String> phrases) {
        width = classify(phrases);
        int most = 1 + phrases.stream().mapToInt(String::length).sum();
        edges = new char[most * width];
        phraseOf = new short[most];
        shorter = new short[most];
        order = new int[most];
        Arrays.fill(phraseOf, (short) NONE);
        Arrays.fill(shorter, (short) NONE);
        for (int i = 0; i < phrases.size(); i++) {
            enter(bytes(phrases.get(i)), i);
        }
        link();
    }

    private static byte[] bytes(String phrase) {
        return phrase.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Numbers the bytes that occur, from 1 on; returns how many numbers there are. */
    private int classify(List<String> phrases) {
        int count = 1;
        for (String phrase : phrases) {
            for (byte b : bytes(phrase)) {
                if (classes[b & 0xff] == 0) {
                    classes[b & 0xff] = (byte) count++;
                }
            }
        }
        return count;
    }

    private void enter(byte[] phrase, int number) {
        int state = 0;
        for (byte b : phrase) {
            int edge = state * width + classes[b & 0xff];
            if (edges[edge] == 0) {
                edges[edge] = (char) states++;
            }
            state = edges[edge];
        }
        phraseOf[state] = (short) number;
    }

    /** Takes the states breadth first, so that a state's suffixes are complete before it. */
    private void link() {
        int[] suffix = new int[states];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int c = 0; c < width; c++) {
            if (edges[c] != 0) {
                queue.add((int) edges[c]);
            }
        }
        for (int number = 1; !queue.isEmpty(); number++) {
            int state = queue.remove();
            order[state] = number;
            int back = suffix[state];
            shorter[state] = phraseOf[back] != NONE ? (short) back : shorter[back];
            complete(state, back, suffix, queue);
        }
    }

    private void complete(int state, int back, int[] suffix, ArrayDeque<Integer> queue) {
        for (int c = 0; c < width; c++) {
            int to = edges[state * width + c];
            if (to == 0) {
                edges[state * width + c] = edges[back * width + c];
            } else {
                suffix[to] = edges[back * width + c];
                queue.add(to);
            }
        }
    }

    /** The number of each byte that occurs; 0 for all others. */
    byte[] classes() {
        return classes;
    }

    /** How many numbers there are, 0 included. */
    int width() {
        return width;
    }

    int states() {
        return states;
    }

    /** Where a state goes with a byte of a class. */
    int next(int state, int byteClass) {
        return edges[state * width + byteClass];
    }

    /** The phrase that ends in a state, or {@link #NONE}. */
    int phrase(int state) {
        return phraseOf[state];
    }

    /** The state of the longest proper suffix that is a phrase, or {@link #NONE}. */
    int shorter(int state) {
        return shorter[state];
    }

    /** A state's place when all are sorted by depth. */
    int order(int state) {
        return order[state];
    }
}
