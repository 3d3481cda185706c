package ips.core.rule.keyword;

import ips.core.verdict.RuleInfo;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keywords that describe the rule itself: {@code msg}, {@code sid}, {@code rev}, {@code classtype},
 * {@code reference}, {@code metadata} and others.
 */
final class InfoKeywords {
    /** As Suricata reads it: what follows the first odd character does not matter. */
    private static final Pattern REFERENCE =
            Pattern.compile("[A-Za-z0-9]+\\s*,\\s*\"?\\s*[A-Za-z0-9_./?=-].*");

    private static final Pattern CLASSTYPE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

    private static final Pattern TAG =
            Pattern.compile(
                    "(session|host)"
                            + "(\\s*,\\s*(?<count>\\d{1,18})\\s*,\\s*(packets|bytes|seconds)"
                            + "(\\s*,\\s*(src|dst))?)?");

    private static final String SECOND = "there is one before it";

    private InfoKeywords() {}

    static void msg(String value, RuleDraft draft) {
        if (!draft.message.isEmpty()) {
            throw new IllegalArgumentException(SECOND);
        }
        draft.message = text(value);
        if (draft.message.isEmpty()) {
            throw new IllegalArgumentException("an empty text");
        }
    }

    /** A quoted text with its escapes undone. */
    private static String text(String value) {
        String text = RuleDraft.required(value).strip();
        if (text.startsWith("\"") && text.endsWith("\"") && text.length() > 1) {
            text = text.substring(1, text.length() - 1);
        }
        return text.replaceAll("\\\\([\\\\;\":])", "$1");
    }

    static void sid(String value, RuleDraft draft) {
        if (draft.sid >= 0) {
            throw new IllegalArgumentException(SECOND);
        }
        draft.sid = NumberTest.number(RuleDraft.required(value), 0xffff_ffffL);
        if (draft.sid == 0) {
            throw new IllegalArgumentException("0 is no sid");
        }
    }

    static void gid(String value, RuleDraft draft) {
        draft.gid = (int) NumberTest.number(RuleDraft.required(value), Integer.MAX_VALUE);
    }

    static void rev(String value, RuleDraft draft) {
        if (draft.rev != 0) {
            throw new IllegalArgumentException(SECOND);
        }
        draft.rev = (int) NumberTest.number(RuleDraft.required(value), Integer.MAX_VALUE);
    }

    static void classtype(String value, RuleDraft draft) {
        String name = RuleDraft.required(value).strip();
        if (!CLASSTYPE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "expected a name of letters, digits, - and _, such as trojan-activity");
        }
        draft.classtype = name;
    }

    static void priority(String value, RuleDraft draft) {
        draft.priority =
                (int)
                        Math.min(
                                NumberTest.number(RuleDraft.required(value), Long.MAX_VALUE),
                                Integer.MAX_VALUE);
    }

    static void reference(String value, RuleDraft draft) {
        String reference = value == null ? "" : value.strip();
        if (!REFERENCE.matcher(reference).matches()) {
            throw new IllegalArgumentException(
                    "expected what kind it is and where, such as cve,2021-44228");
        }
        draft.references.add(reference);
    }

    static void metadata(String value, RuleDraft draft) {
        if (value == null) {
            return;
        }
        Quotes.none(value);
        for (String pair : value.split(",")) {
            String[] parts = pair.strip().split("[\\s:]+", 2);
            if (parts.length == 2 && !parts[0].isEmpty()) {
                draft.metadata.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(parts[1]);
            }
        }
    }

    static void noalert(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.noAlert = true;
    }

    static void target(String value, RuleDraft draft) {
        RuleInfo.Target said = draft.target;
        draft.target =
                switch (RuleDraft.required(value).strip()) {
                    case "src_ip" -> RuleInfo.Target.SOURCE;
                    case "dest_ip" -> RuleInfo.Target.DESTINATION;
                    default -> throw new IllegalArgumentException("expected src_ip or dest_ip");
                };
        if (said != RuleInfo.Target.UNTOLD && said != draft.target) {
            throw new IllegalArgumentException("both ends at once");
        }
    }

    /** Whether a rule is of this version at all was asked before, see {@link Requirements}. */
    static void requires(String value, RuleDraft draft) {
        Requirements.met(value);
    }

    /** Asks for packets that follow an alert to be written down, of which there is none here. */
    static void tag(String value, RuleDraft draft) {
        Matcher tag = TAG.matcher(RuleDraft.required(value).strip());
        if (!tag.matches()) {
            throw new IllegalArgumentException(
                    "expected session or host, count, packets, bytes or seconds, and of a host src"
                            + " or dst, such as host,60,seconds,src");
        }
        if (tag.group("count") != null) {
            NumberTest.number(tag.group("count"), 0xffff_ffffL);
        }
    }
}
