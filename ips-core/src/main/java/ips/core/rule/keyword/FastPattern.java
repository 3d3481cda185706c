package ips.core.rule.keyword;

/**
 * The bytes of a rule that are looked for first, for all rules at once.
 *
 * @param explicit whether the rule says so by {@code fast_pattern}
 */
public record FastPattern(byte[] bytes, boolean ignoreCase, boolean explicit) {
    /** The better the rarer its bytes are likely to be: long, and not all the same. */
    int score() {
        boolean[] seen = new boolean[256];
        int score = 0;
        for (byte b : bytes) {
            boolean isText = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == ' ' || b == 0;
            if (!seen[b & 0xff]) {
                seen[b & 0xff] = true;
                score += isText ? 3 : 4;
            } else {
                score += 1;
            }
        }
        return score;
    }
}
