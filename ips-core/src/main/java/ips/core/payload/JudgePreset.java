package ips.core.payload;

/**
 * How much doubt it takes to let a request pass. What each finds, and whom it accuses wrongly, is
 * measured in docs/http.md.
 */
public enum JudgePreset {
    /** Accuses what leaves no doubt. */
    CAUTIOUS(100),
    /** The default. */
    BALANCED(80),
    /** Accuses what is odd too; for sites whose honest traffic is plain. */
    STRICT(60);

    private final int threshold;

    JudgePreset(int threshold) {
        this.threshold = threshold;
    }

    /** The score from which on a request is an attack: 100 leaves no doubt. */
    public int threshold() {
        return threshold;
    }
}
