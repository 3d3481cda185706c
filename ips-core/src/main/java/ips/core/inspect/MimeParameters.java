package ips.core.inspect;

/** The parameters of a header of MIME, {@code name="a.txt"} (RFC 2045 §5.1). */
final class MimeParameters {
    private MimeParameters() {}

    /**
     * Where the value of a parameter begins, behind a quote; -1 where it is not there.
     *
     * @param word its name in lower case, with the equals sign
     */
    static int find(GrowingBytes header, int from, String word) {
        for (int at = from; at + word.length() < header.length(); at++) {
            boolean begins = at == from || !isNamePart(header.at(at - 1));
            if (begins && header.same(at, word.length(), word)) {
                int value = at + word.length();
                return header.at(value) == '"' ? value + 1 : value;
            }
        }
        return -1;
    }

    private static boolean isNamePart(byte b) {
        return b > ' ' && b != ';' && b != ',';
    }

    /** Where a value ends. */
    static int end(GrowingBytes header, int value) {
        boolean quoted = value > 0 && header.at(value - 1) == '"';
        int end = value;
        while (end < header.length()
                && (quoted ? header.at(end) != '"' : isNamePart(header.at(end)))) {
            end++;
        }
        return end;
    }
}
