package ips.core.rule;

import java.util.List;

/**
 * The text of a rule, taken apart but not yet understood.
 *
 * @param file where it stands
 * @param line the line it begins on, from 1
 * @param text the rule as one line
 */
public record Rule(
        String file,
        int line,
        String text,
        String action,
        String protocol,
        String source,
        String sourcePort,
        boolean bidirectional,
        String destination,
        String destinationPort,
        List<Option> options) {
    /**
     * @param value what stands behind the colon, or null
     * @param line where the option begins
     * @param column where the option begins
     */
    public record Option(String keyword, String value, int line, int column) {}
}
