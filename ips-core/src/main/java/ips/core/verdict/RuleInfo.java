package ips.core.verdict;

import java.util.List;
import java.util.Map;

/**
 * What a rule is called: what an alert says of it.
 *
 * @param message its {@code msg}, or empty
 * @param category the text of its class, or empty
 * @param severity 1, the worst, to 255
 * @param metadata as the rule has it, in its order
 * @param target which end of the packet is attacked
 */
public record RuleInfo(
        SignatureId id,
        String message,
        String category,
        int severity,
        List<String> references,
        Map<String, List<String>> metadata,
        Target target) {
    /** What a rule says of who is attacked. */
    public enum Target {
        UNTOLD,
        SOURCE,
        DESTINATION
    }

    /** Without a target. */
    public RuleInfo(
            SignatureId id,
            String message,
            String category,
            int severity,
            List<String> references,
            Map<String, List<String>> metadata) {
        this(id, message, category, severity, references, metadata, Target.UNTOLD);
    }
}
