package ips.core.rule.keyword;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Which options of a rule look at which buffer, found by reading it option by option. */
public final class RuleReading {
    /**
     * What a rule asks of one buffer.
     *
     * @param asks in the rule's order, modifiers behind the content they are about
     */
    public record Asked(Buffer buffer, List<String> asks) {}

    private final RuleDraft draft = new RuleDraft(new Names());
    private final Map<Step, StringBuilder> words = new IdentityHashMap<>();

    /**
     * Reads the next option.
     *
     * @throws IllegalArgumentException where it is wrong
     */
    public void option(String keyword, String value) {
        Keyword known = Keywords.of(keyword);
        if (known == null) {
            throw new IllegalArgumentException(keyword + " is no keyword");
        }
        known.apply(value, draft);
        String written = value == null ? keyword : keyword + ": " + value;
        boolean isStep = false;
        for (BufferDraft buffer : draft.drafts()) {
            for (Step step : buffer.steps) {
                isStep |= words.putIfAbsent(step, new StringBuilder(written)) == null;
            }
        }
        boolean modifies =
                switch (keyword) {
                    case "nocase", "depth", "offset", "distance", "within" -> true;
                    case "startswith", "endswith", "fast_pattern" -> true;
                    default -> false;
                };
        if (modifies && !isStep) {
            words.get(draft.modified()).append(", ").append(written);
        }
    }

    /** By buffer, in the order in which the rule comes to them. */
    public List<Asked> asked() {
        List<Asked> all = new ArrayList<>();
        for (BufferDraft buffer : draft.drafts()) {
            List<String> asks = new ArrayList<>();
            if (buffer.absent || buffer.absentOr) {
                asks.add(buffer.absent ? "it is absent" : "it is absent, or");
            }
            buffer.steps.forEach(step -> asks.add(words.get(step).toString()));
            if (!buffer.transforms.isEmpty()) {
                asks.add(0, "transformed first, " + buffer.transforms.size() + " times");
            }
            if (!asks.isEmpty()) {
                all.add(new Asked(buffer.buffer, asks));
            }
        }
        return all;
    }
}
