package ips.core.inspect;

/** What names of header fields are made of (RFC 9110 §5.6.2), and a hash that minds no case. */
final class HeaderNames {
    private static final boolean[] TOKEN = new boolean[256];
    private static final byte[] LOWER = new byte[256];

    static {
        for (int b = 0; b < 256; b++) {
            TOKEN[b] = b > ' ' && b < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(b) < 0;
            LOWER[b] = (byte) (b >= 'A' && b <= 'Z' ? b + 32 : b);
        }
    }

    private HeaderNames() {}

    /** The place of the first byte that no name may hold, or {@code to}. */
    static int end(byte[] text, int from, int to) {
        int at = from;
        while (at < to && TOKEN[text[at] & 0xff]) {
            at++;
        }
        return at;
    }

    /** That of the same name as a {@link String} in lower case. */
    static int hash(byte[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + (LOWER[text[i] & 0xff] & 0xff);
        }
        return hash;
    }
}
