package ips.core.payload.text;

import java.util.Arrays;

/** Decodes a value that is base64 as a whole, if what comes out is text. */
final class Base64Text {
    static final int SHORTEST = 16;
    private static final byte[] SIXTETS = new byte[256];

    static {
        Arrays.fill(SIXTETS, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < 64; i++) {
            SIXTETS[alphabet.charAt(i)] = (byte) i;
        }
        SIXTETS['-'] = 62;
        SIXTETS['_'] = 63;
        // a form turns + into a space
        SIXTETS[' '] = 62;
    }

    /**
     * How serialised objects begin: of Java, of Python (with a function, not with the table of a
     * session), of Ruby (the same), of .NET in base64, of Java in digits.
     */
    private static final String[] OBJECTS = {
        "rO0AB", "gASV", "gANj", "gAJj", "BAhv", "BAhV", "AAEAAAD/", "aced0005", "ACED0005"
    };

    private Base64Text() {}

    /** Whether {@code in} begins as a serialised object does. */
    static boolean object(byte[] in, int size) {
        int first = in[0] | 0x20;
        if (size < SHORTEST || first != 'r' && first != 'g' && first != 'a' && first != 'b') {
            return false;
        }
        for (int k = 0; k < OBJECTS.length; k++) {
            String start = OBJECTS[k];
            int i = 0;
            while (i < start.length() && in[i] == start.charAt(i)) {
                i++;
            }
            if (i == start.length()) {
                return true;
            }
        }
        return false;
    }

    /** The number of bytes written to {@code out}, 0 if {@code in} is not base64 of text. */
    static int decode(byte[] in, int size, byte[] out) {
        int end = size;
        while (end > 0 && in[end - 1] == '=') {
            end--;
        }
        if (size < SHORTEST
                || (size & 3) == 1
                || size - end > 2
                || size > end && (size & 3) != 0
                || (end & 3) == 1) {
            return 0;
        }
        int to = 0;
        int bits = 0;
        int held = 0;
        for (int i = 0; i < end; i++) {
            int sixtet = SIXTETS[in[i] & 0xff];
            if (sixtet < 0) {
                return 0;
            }
            bits = bits << 6 | sixtet;
            held += 6;
            if (held >= 8) {
                held -= 8;
                int b = bits >> held & 0xff;
                if (b < ' ' && b != '\n' && b != '\r' && b != '\t' || b > 126) {
                    return 0;
                }
                out[to++] = (byte) b;
            }
        }
        return to;
    }
}
