package ips.core.rule;

/**
 * Why a rule is refused.
 *
 * @param file where it stands
 * @param line from 1
 * @param column from 1
 * @param keyword the option at fault, or {@code rule}
 */
public record RuleError(String file, int line, int column, String keyword, String reason) {
    /** {@code web.rules:12:34: content: unclosed quote}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + keyword + ": " + reason;
    }
}
