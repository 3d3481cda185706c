package ips.core.rule.keyword;

import java.util.regex.Pattern;

/**
 * Keywords that are read so that their rules load, and that have no effect here: {@code config},
 * {@code replace}, {@code nfq_set_mark}. A warning says so of each rule that has one.
 */
final class IdleKeywords {
    private static final Pattern CONFIG =
            Pattern.compile(
                    "logging\\s+disable\\s*,\\s*type\\s+(tx|flow)\\s*,\\s*scope\\s+(tx|flow)");

    private static final Pattern MARK =
            Pattern.compile("(0x[0-9a-fA-F]{1,8}|\\d{1,10})(/(0x[0-9a-fA-F]{1,8}|\\d{1,10}))?");

    private IdleKeywords() {}

    /** Turns off the log of transactions, of which there is none. */
    static void config(String value, RuleDraft draft) {
        if (!CONFIG.matcher(RuleDraft.required(value).strip()).matches()) {
            throw new IllegalArgumentException(
                    "expected logging disable, type tx or flow, scope tx or flow");
        }
        draft.withoutEffect.put("config", "transactions and flows are not logged");
    }

    /** Other bytes for a content, which takes a sensor that the packets run through. */
    static void replace(String value, RuleDraft draft) {
        ContentKeyword.parse(value);
        draft.lastContent();
        draft.withoutEffect.put("replace", "packets are never changed");
    }

    static void mark(String value, RuleDraft draft) {
        if (!MARK.matcher(RuleDraft.required(value).strip()).matches()) {
            throw new IllegalArgumentException("expected a mark, or mark/mask");
        }
        draft.withoutEffect.put("nfq_set_mark", "packets do not come from a queue of the kernel");
    }
}
