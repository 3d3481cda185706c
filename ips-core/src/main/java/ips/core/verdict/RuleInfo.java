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
 */
public record RuleInfo(
        SignatureId id,
        String message,
        String category,
        int severity,
        List<String> references,
        Map<String, List<String>> metadata) {}
