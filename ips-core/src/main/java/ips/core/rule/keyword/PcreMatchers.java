package ips.core.rule.keyword;

import ips.core.regex.Regex;
import ips.core.regex.RegexBudget;
import ips.core.regex.RegexMatcher;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * One worker's matchers of the rules' expressions, each made when it is first asked for. Together
 * they take {@value #BUDGET_BYTES} bytes at most for the states they learn.
 */
final class PcreMatchers {
    private static final long BUDGET_BYTES = 32 << 20;

    private final RegexBudget budget = new RegexBudget(BUDGET_BYTES);
    private final Map<Regex, RegexMatcher> matchers = new IdentityHashMap<>();

    /** Searches that were given up because they took too many steps. */
    long limitHits() {
        return budget.limitHits();
    }

    RegexMatcher of(Regex regex) {
        RegexMatcher matcher = matchers.get(regex);
        if (matcher == null) {
            matcher = regex.matcher(budget);
            matchers.put(regex, matcher);
        }
        return matcher;
    }
}
