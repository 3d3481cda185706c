package ips.core.payload;

import java.util.HexFormat;

/**
 * What a judge found in one value: a score and what decided it. Mutable and reused.
 *
 * <p>Scores add up over what is found: {@value #CERTAIN} and more is an attack beyond doubt, half
 * of it is odd, 0 is nothing. The span lies in the normalised text.
 */
public final class Judgement {
    /** A score from which on there is no doubt. */
    public static final int CERTAIN = 100;

    private int best;
    private int extra;
    private String reason = "";
    private int start;
    private int end;

    /** Forgets everything. */
    public void clear() {
        best = 0;
        extra = 0;
        reason = "";
        start = 0;
        end = 0;
    }

    /** Something that counts by itself: the highest of these is the score's base. */
    public void raise(int points, String why, int from, int to) {
        if (points > best) {
            best = points;
            reason = why;
            start = from;
            end = to;
        }
    }

    /** Something that makes the rest more likely: these add up. */
    public void add(int points) {
        extra += points;
    }

    /** The score so far, 0 to 200. */
    public int score() {
        int bonus = Math.min(extra, best == 0 ? 40 : 60);
        return Math.max(0, Math.min(200, best + bonus));
    }

    /** A fixed word for what decided: {@code union-select}. */
    public String reason() {
        return reason;
    }

    /** Where it begins in the normalised text. */
    public int start() {
        return start;
    }

    /** Where it ends, exclusive. */
    public int end() {
        return end;
    }

    /** The bytes in [from, to) as text, for people: whatever is not printable ASCII as \xNN. */
    static String escaped(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            int b = bytes[i] & 0xff;
            if (b >= ' ' && b < 127 && b != '\\') {
                text.append((char) b);
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits((byte) b));
            }
        }
        return text.toString();
    }
}
