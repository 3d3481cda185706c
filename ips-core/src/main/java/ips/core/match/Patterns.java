package ips.core.match;

import ips.core.ColdPath;
import java.util.Arrays;

/** The bytes of patterns, one behind another; letters in lower case where case does not matter. */
final class Patterns {
    private static final byte[] LOWER = new byte[256];

    static {
        for (int b = 0; b < 256; b++) {
            LOWER[b] = (byte) (b >= 'A' && b <= 'Z' ? b + 32 : b);
        }
    }

    private final byte[] bytes;
    private final int[] starts;
    private final boolean[] ignoreCase;

    Patterns(byte[][] patterns, boolean[] ignoreCase) {
        this.ignoreCase = ignoreCase;
        starts = new int[patterns.length + 1];
        for (int i = 0; i < patterns.length; i++) {
            starts[i + 1] = starts[i] + patterns[i].length;
        }
        bytes = new byte[starts[patterns.length]];
        for (int i = 0; i < patterns.length; i++) {
            for (int at = 0; at < patterns[i].length; at++) {
                byte b = patterns[i][at];
                bytes[starts[i] + at] = ignoreCase[i] ? LOWER[b & 0xff] : b;
            }
        }
    }

    int size() {
        return ignoreCase.length;
    }

    int length(int number) {
        return starts[number + 1] - starts[number];
    }

    byte at(int number, int index) {
        return bytes[starts[number] + index];
    }

    @ColdPath
    byte[] bytes(int number) {
        return Arrays.copyOfRange(bytes, starts[number], starts[number + 1]);
    }

    /** Whether a pattern stands at a place, where there are bytes enough. */
    boolean occurs(int number, byte[] text, int at) {
        int from = starts[number];
        int length = starts[number + 1] - from;
        if (ignoreCase[number]) {
            for (int i = 0; i < length; i++) {
                if (LOWER[text[at + i] & 0xff] != bytes[from + i]) {
                    return false;
                }
            }
        } else {
            for (int i = 0; i < length; i++) {
                if (text[at + i] != bytes[from + i]) {
                    return false;
                }
            }
        }
        return true;
    }

    long memoryBytes() {
        return bytes.length + 5L * ignoreCase.length;
    }
}
