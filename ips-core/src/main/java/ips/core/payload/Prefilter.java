package ips.core.payload;

import ips.core.HotPath;

/**
 * Tells in one pass over its bytes whether a value can be an attack at all.
 *
 * <p>Each byte has a class; the classes that occur decide. Letters, digits and the signs of names,
 * numbers and addresses say nothing.
 */
@HotPath
final class Prefilter {
    private static final int WORD = 1;
    private static final int MARK = 2;
    private static final int SPACE = 4;
    private static final int META = 8;

    private static final byte[] CLASS = new byte[256];

    static {
        java.util.Arrays.fill(CLASS, (byte) META);
        for (int c = 0; c < 128; c++) {
            if (Character.isLetterOrDigit(c) || c == '_' || c == '-') {
                CLASS[c] = WORD;
            } else if (c == '.' || c == ',' || c == '/' || c == ':') {
                CLASS[c] = MARK;
            } else if (c == ' ' || c == '+') {
                CLASS[c] = SPACE;
            }
        }
    }

    private Prefilter() {}

    static boolean suspicious(byte[] bytes, int length, PartKind part) {
        int seen = 0;
        for (int i = 0; i < length; i++) {
            seen |= CLASS[bytes[i] & 0xff];
        }
        if (part == PartKind.USER_AGENT) {
            return true;
        }
        return seen != WORD || length >= 16;
    }
}
