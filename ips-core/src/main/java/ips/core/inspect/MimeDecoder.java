package ips.core.inspect;

/** Decodes the lines of a part of a mail (RFC 2045 §6.7, §6.8). */
final class MimeDecoder {
    private final GrowingBytes out;
    private int bits;
    private int digits;
    private boolean over;
    private boolean lineBefore;

    MimeDecoder(GrowingBytes out) {
        this.out = out;
    }

    void begin() {
        bits = 0;
        digits = 0;
        over = false;
        lineBefore = false;
    }

    /** Adds what a line says, up to the padding or to what is no digit of base64. */
    void base64(GrowingBytes line) {
        for (int i = 0; i < line.length() && !over; i++) {
            int digit = digit(line.at(i));
            if (digit < 0) {
                over = true;
                padding();
            } else {
                bits = bits << 6 | digit;
                if (++digits == 4) {
                    out.add((byte) (bits >> 16));
                    out.add((byte) (bits >> 8));
                    out.add((byte) bits);
                    digits = 0;
                }
            }
        }
    }

    /** What the last digits, fewer than four, say. */
    private void padding() {
        if (digits == 2) {
            out.add((byte) (bits >> 4));
        } else if (digits == 3) {
            out.add((byte) (bits >> 10));
            out.add((byte) (bits >> 2));
        }
        digits = 0;
    }

    private static int digit(byte b) {
        if (b >= 'A' && b <= 'Z') {
            return b - 'A';
        }
        if (b >= 'a' && b <= 'z') {
            return b - 'a' + 26;
        }
        if (b >= '0' && b <= '9') {
            return b - '0' + 52;
        }
        return b == '+' ? 62 : b == '/' ? 63 : -1;
    }

    /** Adds what a line says; false where an equals sign has no two digits behind it. */
    boolean quotedPrintable(GrowingBytes line) {
        if (lineBefore) {
            out.add((byte) '\r');
            out.add((byte) '\n');
        }
        lineBefore = true;
        boolean valid = true;
        for (int i = 0; i < line.length(); i++) {
            byte b = line.at(i);
            if (b != '=') {
                out.add(b);
                continue;
            }
            if (i + 1 == line.length()) {
                lineBefore = false; // goes on with the next
                continue;
            }
            int high = Character.digit(line.at(i + 1), 16);
            int low = i + 2 < line.length() ? Character.digit(line.at(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                valid = false;
                out.add(b);
            } else {
                out.add((byte) (high << 4 | low));
                i += 2;
            }
        }
        return valid;
    }
}
