package ips.core.match;

import ips.core.ColdPath;
import java.util.Arrays;

/**
 * Byte patterns, all found in one pass over a buffer. Immutable, shared by all workers.
 *
 * <p>Of each pattern a few bytes are picked that are rare in traffic. The pass looks at what stands
 * at each place and asks a bit set whether some pattern has it there; only where the bit is set are
 * patterns compared. Unlike an automaton (Aho-Corasick), in which each step waits for the table
 * cell of the one before, the looks do not depend on each other, so the processor does several at
 * once: 0.2 to 0.5 ns a byte of text with few hits, whatever the number of patterns, where an
 * automaton of 10,000 takes 2 to 4 ({@code PatternSetBenchmark}). There are three kinds:
 *
 * <ul>
 *   <li>{@link FourBytes}: patterns of five bytes and more, by four bytes at every other place, or
 *       at every fourth where all have seven bytes
 *   <li>{@link TwoBytes}: patterns of two to four bytes, by two of them at every place
 *   <li>single bytes
 * </ul>
 *
 * <p>Letters are compared in lower case unless the pattern minds case. Memory: {@link
 * #memoryBytes()}, about 40 bytes a pattern and its bytes.
 */
public final class PatternSet {
    private final Patterns patterns;
    private final FourBytes fours;
    private final TwoBytes twos;
    private final int[][] singles;

    PatternSet(Patterns patterns) {
        this.patterns = patterns;
        fours = FourBytes.of(patterns);
        twos = TwoBytes.of(patterns);
        singles = singles(patterns);
    }

    /** By byte, the patterns that are it; null without any. */
    @ColdPath
    private static int[][] singles(Patterns patterns) {
        int[][] found = null;
        for (int number = 0; number < patterns.size(); number++) {
            if (patterns.length(number) != 1) {
                continue;
            }
            if (found == null) {
                found = new int[256][0];
            }
            for (int b = 0; b < 256; b++) {
                if (patterns.occurs(number, new byte[] {(byte) b}, 0)) {
                    found[b] = Arrays.copyOf(found[b], found[b].length + 1);
                    found[b][found[b].length - 1] = number;
                }
            }
        }
        return found;
    }

    /** The number of patterns. */
    public int size() {
        return patterns.size();
    }

    /** Bytes of memory the set takes, headers of objects aside. */
    public long memoryBytes() {
        return patterns.memoryBytes()
                + (fours == null ? 0 : fours.memoryBytes())
                + (twos == null ? 0 : twos.memoryBytes())
                + (singles == null ? 0 : 256 * 20);
    }

    /** The bytes of a pattern as they were added; a copy. */
    @ColdPath
    public byte[] pattern(int number) {
        return patterns.bytes(number);
    }

    /**
     * The most patterns that are compared at one place, whatever the bytes: what an attacker can
     * make of it.
     */
    @ColdPath
    public int mostCompared() {
        return (fours == null ? 0 : fours.mostCompared())
                + (twos == null ? 0 : twos.mostCompared());
    }

    /**
     * Tells the listener of every occurrence of every pattern in {@code length} bytes from {@code
     * offset}, each once, in no particular order.
     */
    public void scan(byte[] bytes, int offset, int length, PatternListener listener) {
        if (fours != null) {
            fours.scan(bytes, offset, offset + length, listener);
        }
        if (twos != null) {
            twos.scan(bytes, offset, offset + length, listener);
        }
        if (singles != null) {
            scanSingles(bytes, offset, offset + length, listener);
        }
    }

    private void scanSingles(byte[] bytes, int from, int to, PatternListener listener) {
        for (int i = from; i < to; i++) {
            for (int number : singles[bytes[i] & 0xff]) {
                listener.found(number, i + 1);
            }
        }
    }
}
