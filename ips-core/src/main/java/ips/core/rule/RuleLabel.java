package ips.core.rule;

import ips.core.rule.keyword.Keyword;
import ips.core.rule.keyword.Keywords;
import ips.core.rule.keyword.Names;
import ips.core.rule.keyword.RuleDraft;

/**
 * What a rule calls itself, read without understanding the rest of it, so that refused rules have
 * one, too.
 *
 * @param sid 0 where it has none
 * @param classtype or empty
 */
public record RuleLabel(int gid, long sid, int rev, String message, String classtype) {
    /** The label of a rule; what is wrong in it counts as missing. */
    public static RuleLabel of(Rule rule) {
        RuleDraft draft = new RuleDraft(new Names());
        for (Rule.Option option : rule.options()) {
            switch (option.keyword()) {
                case "gid", "sid", "rev", "msg", "classtype" -> apply(option, draft);
                default -> {}
            }
        }
        return new RuleLabel(
                draft.gid,
                Math.max(0, draft.sid),
                draft.rev,
                draft.message,
                draft.classtype == null ? "" : draft.classtype);
    }

    private static void apply(Rule.Option option, RuleDraft draft) {
        Keyword keyword = Keywords.of(option.keyword());
        try {
            keyword.apply(option.value(), draft);
        } catch (IllegalArgumentException e) {
            // Told where the rule is compiled.
        }
    }
}
