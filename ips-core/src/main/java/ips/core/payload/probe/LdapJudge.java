package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/** Finds filters of LDAP and predicates of XPath put into a value: {@code *)(uid=*))(|(uid=*}. */
@HotPath
public final class LdapJudge implements Judge {
    /** A longer value is a text. */
    private static final int LONGEST = 400;

    /** The longest path of XPath that is a parameter, and no line of a style sheet. */
    private static final int LONGEST_WALK = 80;

    private Text text;
    private int n;
    private Judgement out;

    // What was read.
    private int stars;
    private int filters;
    private int firstAt;
    private boolean joined;
    private boolean closedStar;
    private boolean pattern;

    @Override
    public void judge(Text value, PartKind part, Judgement judgement) {
        text = value;
        n = value.length();
        out = judgement;
        read();
        if (n > LONGEST || pattern) {
            return;
        }
        if (n <= 12 && text.startsWith("*()|", 0)) {
            // a probe of every sign at once
            out.raise(85, "filter", 0, n);
            return;
        }
        if (walks(text)) {
            out.raise(85, "xpath", 0, n);
            return;
        }
        if (complete(text)) {
            // a filter that a directory is asked, out of which nothing breaks
            return;
        }
        int from = Math.max(0, firstAt);
        out.raise(points(), "filter", from, Math.min(n, from + 12));
    }

    private void read() {
        stars = 0;
        filters = 0;
        firstAt = -1;
        joined = false;
        closedStar = false;
        pattern = false;
        byte[] b = text.bytes();
        for (int i = 0; i < n; i++) {
            switch (b[i]) {
                case '*' -> star(i);
                case '(' -> open(i);
                case ')' -> {
                    if (joint(i)) {
                        joined = true;
                        firstAt = firstAt < 0 ? i : firstAt;
                    }
                }
                case '\'', '"' -> xpath(i);
                default -> {}
            }
        }
    }

    private void star(int i) {
        int next = text.at(i + 1);
        stars++;
        closedStar |= next == ')' || next == '(' && assertion(text, i + 2);
        // (.*), [a-z]*, \\s*: a pattern or a pointer of C, not a filter
        int before = text.at(i - 1);
        pattern |= before == '.' || before == ']' || before == '\\' || before == '*';
        // void (*)(int): a pointer to a function
        int type = text.at(i - 3);
        pattern |=
                text.startsWith(" (*)(", i - 2)
                        && (type >= 'a' && type <= 'z' || type == '*')
                        && i > 3;
    }

    /** A parenthesis that may begin a filter: {@code (uid=*}, {@code (|(}. */
    private void open(int i) {
        int next = text.at(i + 1);
        int behind = text.at(i + 2);
        pattern |= next == '?' || next == '*' && behind == '*';
        boolean begins =
                behind == '(' || behind == ')' || behind == -1 || behind >= 'a' && behind <= 'z';
        if (operator(next) && begins) {
            filters++;
            firstAt = firstAt < 0 ? i : firstAt;
        }
        if (assertion(text, i + 1)) {
            filters++;
        }
    }

    private static boolean operator(int c) {
        return c == '|' || c == '&' || c == '!';
    }

    /** Whether one filter ends at {@code i} and another begins: {@code )(uid=}, {@code )(|}. */
    private boolean joint(int i) {
        return text.at(i + 1) == '('
                && (!word(text.at(i - 1)) || operator(text.at(i + 2)) || assertion(text, i + 2));
    }

    private int points() {
        if (joined && stars > 0 && (closedStar || filters > 0)) {
            return 95;
        }
        if (joined && filters > 0) {
            return 85;
        }
        if (filters > 0 && closedStar) {
            return n < 160 ? 85 : 40;
        }
        boolean closed = text.startsWith("*)", 0) && text.at(2) != ' ' || text.startsWith("(*)", 0);
        boolean cut = joined && n < 40 && text.has(Text.NUL);
        return closedStar && n <= 16 && closed || cut ? 80 : 0;
    }

    /**
     * Whether the text is one filter from its first parenthesis to its last, each of whose values
     * says something.
     */
    private static boolean complete(Text text) {
        int n = text.length();
        int depth = 0;
        if (text.at(0) != '(' || text.at(n - 1) != ')') {
            return false;
        }
        for (int i = 0; i < n; i++) {
            int c = text.bytes()[i];
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            boolean any = c == '=' && text.at(i + 1) == '*' && text.at(i + 2) == ')';
            if (depth == 0 && i < n - 1 || any || c == '(' && text.at(i + 1) == ')') {
                return false;
            }
        }
        return depth == 0;
    }

    private static boolean word(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == ')' || c == ']' || c == '_';
    }

    /** cn=*, objectclass=*, uid=x) : an attribute, a comparison, a value. */
    private static boolean assertion(Text text, int from) {
        int i = from;
        while (text.at(i) >= 'a' && text.at(i) <= 'z' && i - from < 24) {
            i++;
        }
        if (i - from < 1) {
            return false;
        }
        int c = text.at(i);
        if (c == '~' || c == '>' || c == '<') {
            i++;
        }
        if (text.at(i) != '=') {
            return false;
        }
        boolean attribute =
                text.startsWith("cn=", from)
                        || text.startsWith("uid=", from)
                        || text.startsWith("sn=", from)
                        || text.startsWith("mail=", from)
                        || text.startsWith("objectclass=", from)
                        || text.startsWith("userpassword=", from)
                        || text.startsWith("password=", from)
                        || text.startsWith("samaccountname=", from)
                        || text.startsWith("member", from)
                        || text.startsWith("ou=", from)
                        || text.startsWith("dc=", from)
                        || text.startsWith("givenname=", from)
                        || text.startsWith("user=", from)
                        || text.startsWith("attribute=", from)
                        || text.startsWith("department=", from)
                        || text.startsWith("security=", from);
        return attribute || text.at(i + 1) == '*';
    }

    /** Whether a path of XPath goes on here: an element, or any. */
    private static boolean step(Text text, int at) {
        return text.at(at) == '*' || text.at(at) >= 'a' && text.at(at) <= 'z';
    }

    /**
     * Whether the value, no longer than a parameter is, walks from the root of a document by axes:
     * {@code count(/child::node())}.
     */
    private static boolean walks(Text text) {
        int n = text.length();
        return n < LONGEST_WALK
                && text.find(" ", 0, n) < 0
                && text.find("(/", 0, n) >= 0
                && (text.find("child::", 0, n) > 0
                        || text.find("::node()", 0, n) > 0
                        || text.find("descendant::", 0, n) > 0);
    }

    /** ' or count(/*)=1 or ', '] | //user/*[contains(*,' */
    private void xpath(int at) {
        int i = text.skipSpace(at + 1);
        if (text.at(i) == ')') {
            // ')] | //x, ') or contains(., 'x
            i = text.skipSpace(i + 1);
        }
        if (text.startsWith("or /", i) && step(text, text.at(i + 4) == '/' ? i + 5 : i + 4)) {
            out.raise(85, "xpath", at, i + 6);
        } else if (text.at(i) == ']' && text.at(text.skipSpace(i + 1)) == '|') {
            out.raise(90, "xpath", at, i + 8);
        } else if (text.startsWith("or ", i) || text.startsWith("and ", i)) {
            int k = text.skipSpace(i + 3);
            if (text.startsWith("name()", k)
                    || text.startsWith("true()", k)
                    || text.startsWith("position()", k)
                    || text.startsWith("count(/", k)
                    || text.startsWith("string-length(", k)
                    || text.startsWith("last()", k)
                    || text.startsWith("contains(", k)
                    || text.startsWith("starts-with(", k)
                    || text.startsWith("node()", k)
                    || text.startsWith("substring(//", k)
                    || text.startsWith("count(//", k)) {
                out.raise(95, "xpath", at, k + 6);
            }
        }
    }
}
