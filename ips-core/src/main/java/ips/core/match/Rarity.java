package ips.core.match;

import ips.core.ColdPath;

/**
 * How rare a byte is in traffic, letters in either case: about its information in bits, over text
 * of HTTP, scripts and binary data alike.
 */
@ColdPath
final class Rarity {
    private static final int[] BITS = new int[256];

    static {
        for (int b = 0; b < 256; b++) {
            BITS[b] = b < 32 ? 10 : b < 127 ? 8 : 9;
        }
        String[] byCommonness = {
            " et", "aoinrs", "/-ldchu0", ".=pmf1\"2", ";:gybw,()", "vk&3_4568790", "{}<>%+?'"
        };
        for (int i = 0; i < byCommonness.length; i++) {
            for (char c : byCommonness[i].toCharArray()) {
                BITS[c] = i == 0 ? 3 : i < 3 ? 4 : i < 5 ? 5 : 6;
                BITS[Character.toUpperCase(c)] = BITS[c];
            }
        }
        BITS[0] = 3;
        BITS[0xff] = 6;
        BITS['\r'] = 5;
        BITS['\n'] = 5;
    }

    private Rarity() {}

    /** The bits of {@code count} bytes of a pattern. */
    static int bits(Patterns patterns, int number, int from, int count) {
        int bits = 0;
        for (int i = 0; i < count; i++) {
            bits += BITS[patterns.at(number, from + i) & 0xff];
        }
        return bits;
    }
}
