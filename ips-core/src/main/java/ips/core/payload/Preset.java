package ips.core.payload;

/** How much doubt it takes to let a request pass. */
public enum Preset {
    /** Accuses what leaves no doubt. */
    CAUTIOUS(100),
    /** The default: hardly an honest request among a thousand is accused. */
    BALANCED(80),
    /** Accuses what is odd too; for sites whose honest traffic is plain. */
    STRICT(60);

    private final int threshold;

    Preset(int threshold) {
        this.threshold = threshold;
    }

    /** The score from which on a request is an attack. */
    public int threshold() {
        return threshold;
    }
}
