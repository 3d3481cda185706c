package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds operators of document databases where a plain value is due, in values ({@code {"$gt":""}})
 * and in names ({@code user[$ne]}), and JavaScript put into their conditions.
 */
@HotPath
public final class NoSqlJudge implements Judge {
    private static final Words OPERATORS =
            Words.of(
                    "ne gt gte lt lte eq in nin or and not nor regex where exists elemmatch size all mod"
                            + " type expr text comment slice func accumulator function");

    /** Operators that compare with what is given, as every search does that has a from and a to. */
    private static final Words COMPARING =
            Words.of(
                    "gt gte lt lte eq in size all mod text type or and nor not exists elemmatch"
                            + " comment slice");

    /** Operators that run what they are given. */
    private static final Words RUNNING = Words.of("where expr function accumulator func");

    /** Operators that ask for more or less, which nobody asks of what proves who somebody is. */
    private static final Words ORDERING = Words.of("gt gte lt lte");

    /** What proves who somebody is, as a word of its own: neither postcode nor author. */
    private static final Words PROOFS =
            Words.of(
                    "pin pincode otp totp otpcode code key apikey authkey accesskey hash auth authcode"
                            + " cred creds credential credentials");

    /** How searches are called that are made of operators from the outside on. */
    private static final Words SEARCHES = Words.of("filter filters where query conditions search");

    /** The longest name of a parameter that is read back from an operator in it. */
    private static final int LONGEST_NAME = 40;

    @Override
    public void judge(Text text, PartKind part, Judgement out) {
        int n = text.length();
        byte[] b = text.bytes();
        int returns = -1;
        for (int i = 0; i < n; i++) {
            if (b[i] == '$') {
                int k = i + 1;
                while (k < n && k - i < 14 && b[k] >= 'a' && b[k] <= 'z') {
                    k++;
                }
                if (OPERATORS.code(b, i + 1, k) == 0) {
                    continue;
                }
                int before = text.at(i - 1);
                int after = text.at(k);
                if (text.startsWith("$where", i)
                        && (after == '=' || after == ':' && !typed(text, k + 1))) {
                    out.raise(80, "where", i, k);
                }
                if (i == 0 && k == n && text.startsWith("$where", 0)) {
                    out.raise(85, "where", 0, n);
                } else if (before == '[' && after == ']') {
                    out.raise(bracketed(text, i - 1, k), "operator", i - 1, k + 1);
                } else if ((before == '"' || before == '\'') && after == before
                        || before == '{'
                        || before == ' ' && (text.at(i - 2) == '{' || text.at(i - 2) == ',')
                        || before == ',') {
                    int colon = text.skipSpace(after == '"' || after == '\'' ? k + 1 : k);
                    if (text.at(colon) == ':') {
                        boolean any = any(text, text.skipSpace(colon + 1));
                        boolean left = b[0] == '\'' && text.find("}", 0, i) > 0;
                        out.raise(i <= 4 ? 90 : any || left ? 85 : 60, "operator", i, colon + 1);
                    }
                } else if (i == 0 && k == n && part == PartKind.JSON) {
                    // a JSON key that is an operator
                    boolean compares = COMPARING.code(b, 1, k) != 0 && b[1] != 'o';
                    out.raise(compares ? 60 : 80, "operator", 0, k);
                }
            } else if (b[i] == 'r' && text.startsWith("return", i)) {
                int c = text.at(i - 1);
                int at = text.skipSpace(i + 6);
                boolean broken =
                        c == ';'
                                || c == '\''
                                || c == '"'
                                || c == ' ' && (text.at(i - 2) == ';' || text.at(i - 2) == '\'');
                boolean value =
                        text.startsWith("true", at)
                                || text.startsWith("(true", at)
                                || text.at(at) == '\''
                                || text.startsWith("!", at)
                                || text.startsWith("this.", at)
                                || text.startsWith("1", at);
                if (broken && value && n < 300) {
                    out.raise(i <= 4 ? 85 : 70, "javascript", i - 1, at + 4);
                    returns = i;
                }
            } else if (b[i] == '|' && text.at(i + 1) == '|'
                    || b[i] == '&' && text.at(i + 1) == '&') {
                logic(text, i, out);
            }
        }
        if (text.find("db.", 0, Math.min(n, 200)) >= 0
                && (text.find(".insert(", 0, n) > 0
                        || text.find(".find(", 0, n) > 0
                        || text.find("getcollectionnames", 0, n) > 0
                        || text.find(".drop(", 0, n) > 0)
                && n < 300) {
            boolean whole = text.startsWith("db.", 0) && n < 120;
            boolean next = text.find("; db.", 0, n) > 0 || text.find(";db.", 0, n) > 0;
            boolean left = next && (b[0] == '\'' || b[0] == '"');
            out.raise(returns >= 0 || whole || left ? 90 : 60, "javascript", 0, n);
        }
        int loop = text.find("while(", 0, n);
        boolean endless = text.startsWith("while(true)", loop) || text.startsWith("while(1)", loop);
        int before = text.at(loop - 1) == ' ' ? loop - 2 : loop - 1;
        boolean broken = text.at(before) == ';' && text.at(before - 1) == '\'';
        if (n < 300 && loop > 0 && (endless && broken || clock(text, n))) {
            // waits, to tell whether it is run
            out.raise(85, "javascript", 0, n);
        }
    }

    private static boolean clock(Text text, int n) {
        return text.find("new date()", 0, n) >= 0 || text.find("date.now()", 0, n) >= 0;
    }

    /**
     * Points for an operator in the name of a parameter, {@code user[$ne]}, or of a field of JSON:
     * searches have operators too, but not on what proves who somebody is.
     *
     * @param open the bracket before the operator
     */
    private static int bracketed(Text text, int open, int end) {
        byte[] b = text.bytes();
        if (RUNNING.code(b, open + 2, end) != 0) {
            return 95;
        }
        int start = open;
        while (start > 0 && open - start < LONGEST_NAME && b[start - 1] > ' ') {
            start--;
        }
        int root = start;
        while (root < open && b[root] >= 'a' && b[root] <= 'z') {
            root++;
        }
        boolean search = root < open && SEARCHES.code(b, start, root) != 0;
        boolean comparing = COMPARING.code(b, open + 2, end) != 0;
        if (search) {
            return secret(text, start, open) ? 95 : 60;
        }
        boolean proof = ORDERING.code(b, open + 2, end) != 0 && proof(text, start, open);
        return proof || credential(text, start, open) ? 95 : comparing ? 60 : 85;
    }

    /** Whether a name is of what one signs in with. */
    private static boolean credential(Text text, int from, int to) {
        return text.find("user", from, to) >= 0
                || text.find("login", from, to) >= 0
                || text.find("mail", from, to) >= 0
                || secret(text, from, to);
    }

    /** Whether one of a name's words is of what proves who somebody is: {@code api_key}. */
    private static boolean proof(Text text, int from, int to) {
        int word = from;
        for (int i = from; i <= to; i++) {
            boolean letter = i < to && text.at(i) >= 'a' && text.at(i) <= 'z';
            if (!letter) {
                if (PROOFS.code(text.bytes(), word, i) != 0) {
                    return true;
                }
                word = i + 1;
            }
        }
        return false;
    }

    /** Whether a name is of what no search may look at. */
    private static boolean secret(Text text, int from, int to) {
        return text.find("pass", from, to) >= 0
                || text.find("pwd", from, to) >= 0
                || text.find("token", from, to) >= 0
                || text.find("secret", from, to) >= 0
                || text.find("session", from, to) >= 0;
    }

    /**
     * Whether a name of a type follows, as behind a variable of GraphQL: {@code $where: filter!}.
     */
    private static boolean typed(Text text, int from) {
        int i = text.skipSpace(from);
        int start = i;
        while (text.at(i) >= 'a' && text.at(i) <= 'z' || text.at(i) == '_') {
            i++;
        }
        int c = text.at(i);
        return i > start && (c == '!' || c == ',' || c == ')' && text.find("$where", 0, start) > 0);
    }

    /** Whether what an operator compares with lets everything match. */
    private static boolean any(Text text, int at) {
        return text.startsWith("\"\"", at)
                || text.startsWith("''", at)
                || text.startsWith("null", at)
                || text.startsWith("\".*", at)
                || text.startsWith("\"^", at);
    }

    /** ' || '1'=='1, || 1==1, && this.password.match(...). */
    private static void logic(Text text, int at, Judgement out) {
        int i = text.skipSpace(at + 2);
        int before = text.at(at - 1);
        if (before == ' ') {
            before = text.at(at - 2);
        }
        boolean broken = before == '\'' || before == '"';
        if (text.startsWith("this.", i) && (broken || at <= 2)) {
            out.raise(85, "javascript", at, i + 5);
            return;
        }
        int c = text.at(i);
        int equals = text.find("==", i, i + 16);
        if (equals > 0 && broken && (c == '\'' || c == '"' || c >= '0' && c <= '9')) {
            out.raise(85, "tautology", at, equals + 2);
        }
    }
}
