package ips.core.rule.keyword;

/**
 * The bytes of a rule that are looked for first, for all rules at once.
 *
 * @param explicit whether the rule says so by {@code fast_pattern}
 * @param reach of the buffer's bytes, from the first on, those within which they have to lie;
 *     {@link #ANYWHERE} where they may lie in any
 */
public record FastPattern(byte[] bytes, boolean ignoreCase, boolean explicit, int reach) {
    public static final int ANYWHERE = Integer.MAX_VALUE;

    /** The reach up to which bytes are looked for apart from those that may lie anywhere. */
    public static final int NEAR = 512;

    /** What it is worth that only a buffer's beginning has to be searched: some rare bytes. */
    private static final int NEAR_SCORE = 16;

    public boolean isNear() {
        return reach <= NEAR;
    }

    /** The better the rarer its bytes are likely to be: long, not all the same, and near. */
    int score() {
        boolean[] seen = new boolean[256];
        int score = isNear() ? NEAR_SCORE : 0;
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
