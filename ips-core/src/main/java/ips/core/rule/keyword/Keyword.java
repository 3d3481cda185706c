package ips.core.rule.keyword;

/** What an option of a rule means; {@link Keywords} has a line for each. */
@FunctionalInterface
public interface Keyword {
    /**
     * Adds to a rule what the option asks for.
     *
     * @param value what stands behind the colon, without white space around it; null where there is
     *     none
     * @throws IllegalArgumentException whose message says what is wrong with the value
     */
    void apply(String value, RuleDraft draft);
}
