package ips.core.payload.text;

/**
 * Characters that some decoder, database or browser takes for an ASCII one: full-width forms,
 * enclosed letters and digits, slashes, quotes and white space of other alphabets.
 */
final class Lookalikes {
    /** The character is invisible: it is left out. */
    static final int NOTHING = -2;

    private Lookalikes() {}

    /** The ASCII character that {@code point} stands for, {@link #NOTHING}, or -1 for none. */
    static int ascii(int point) {
        if (point < 0x80) {
            return point;
        }
        if (point >= 0xff01 && point <= 0xff5e) {
            return point - 0xfee0;
        }
        if (point >= 0x2460 && point <= 0x2468) {
            return '1' + point - 0x2460;
        }
        if (point >= 0x24b6 && point <= 0x24cf) {
            return 'a' + point - 0x24b6;
        }
        if (point >= 0x24d0 && point <= 0x24e9) {
            return 'a' + point - 0x24d0;
        }
        if (point >= 0xd800 && point <= 0xdfff || point >= 0x202a && point <= 0x202e) {
            // half a surrogate pair, a change of direction
            return NOTHING;
        }
        return switch (point) {
            case 0x85, 0xa0, 0x1680, 0x180e, 0x202f, 0x205f, 0x3000 -> ' ';
            case 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008 -> ' ';
            case 0x2009, 0x200a -> ' ';
            case 0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0xfeff -> NOTHING;
            case 0x2b9, 0x2bb, 0x2bc, 0x2c8, 0x2032 -> '\'';
            case 0x2ba, 0x2033 -> '"';
            // the last two are what dotdotpwn and broken code pages take for a slash
            case 0x2215, 0x2044, 0x29f8, 0xefc8, 0xf025 -> '/';
            case 0x2216, 0x29f5, 0xfe68 -> '\\';
            case 0x2039, 0x2329, 0x3008, 0xfe64 -> '<';
            case 0x203a, 0x232a, 0x3009, 0xfe65 -> '>';
            case 0x3002, 0x2024, 0xff61 -> '.';
            case 0x24ea, 0x24ff -> '0';
            // line ends to JavaScript; cut to a byte, the last two are line ends
            case 0x2028, 0x2029, 0x560a, 0x560d -> '\n';
            case 0x17f -> 's';
            case 0x212a -> 'k';
            case 0x131 -> 'i';
            default -> -1;
        };
    }
}
