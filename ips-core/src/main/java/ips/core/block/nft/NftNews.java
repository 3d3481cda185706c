package ips.core.block.nft;

import java.util.function.Consumer;

/**
 * What people hear of the table's state: each trouble once, and once that it is over. Written by
 * the keeper's thread; {@link #health} is for any.
 */
final class NftNews {
    private final Consumer<String> notices;
    private volatile String health = "";

    NftNews(Consumer<String> notices) {
        this.notices = notices;
    }

    /** One sentence on what is wrong, or "". */
    String health() {
        return health;
    }

    /** Something is wrong from now on. */
    void trouble(String sentence) {
        if (!sentence.equals(health)) {
            health = sentence;
            notices.accept(sentence);
        }
    }

    /** Something happened that is over already. */
    void note(String sentence) {
        notices.accept(sentence);
    }

    /** Nothing is wrong any more. */
    void recovered(String sentence) {
        if (!health.isEmpty()) {
            health = "";
            notices.accept(sentence);
        }
    }
}
