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

    /** Operators that no document has outside of a field. */
    private static final Words FILTERING =
            Words.of("ne gt gte lt lte eq in nin regex exists not type");

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

    /** A longer value is a program, and no condition put into one. */
    private static final int LONGEST_SCRIPT = 300;

    private Text text;
    private byte[] b;
    private int n;
    private PartKind part;
    private Judgement out;

    @Override
    public void judge(Text value, PartKind kind, Judgement judgement) {
        text = value;
        b = value.bytes();
        n = value.length();
        part = kind;
        out = judgement;
        boolean returns = false;
        for (int i = 0; i < n; i++) {
            switch (b[i]) {
                case '$' -> operator(i);
                case 'r' -> returns |= text.startsWith("return", i) && returned(i);
                case '|', '&' -> {
                    if (text.at(i + 1) == b[i]) {
                        logic(i);
                    }
                }
                default -> {}
            }
        }
        if (n < LONGEST_SCRIPT) {
            shell(returns);
            delay();
        }
    }

    /** An operator that may begin at {@code i}: {@code user[$ne]}, {@code {"$gt":""}}. */
    private void operator(int i) {
        int end = i + 1;
        while (end < n && end - i < 14 && b[end] >= 'a' && b[end] <= 'z') {
            end++;
        }
        if (OPERATORS.code(b, i + 1, end) == 0) {
            return;
        }
        boolean whole = i == 0 && end == n;
        boolean where = text.startsWith("$where", i);
        int before = text.at(i - 1);
        int after = text.at(end);
        if (where && (after == '=' || after == ':' && !typed(text, end + 1))) {
            out.raise(80, "where", i, end);
        }
        if (where && whole) {
            out.raise(85, "where", 0, n);
        } else if (before == '[' && after == ']') {
            out.raise(bracketed(text, i - 1, end), "operator", i - 1, end + 1);
        } else if (key(i, before, after)) {
            int colon = text.skipSpace(after == '"' || after == '\'' ? end + 1 : end);
            if (text.at(colon) == ':') {
                int operand = text.skipSpace(colon + 1);
                // a search for names says that capitals do not matter
                boolean search =
                        text.startsWith("\"^", operand)
                                && text.find("$options", operand, n) > 0
                                && !keyed(text, i, true);
                boolean any = any(text, operand) && !search;
                boolean left = b[0] == '\'' && text.find("}", i - LONGEST_NAME, i) > 0;
                boolean exists = text.startsWith("$exists", i);
                boolean runs =
                        text.startsWith("$function", i) || text.startsWith("$accumulator", i);
                boolean certain = any || left || runs || keyed(text, i, exists);
                boolean grouped = text.startsWith("$and", i) && !empty(colon + 1);
                out.raise(i <= 4 && !grouped ? 90 : certain ? 85 : 60, "operator", i, colon + 1);
            }
        } else if (whole && part == PartKind.JSON) {
            // a JSON key that is an operator
            boolean compares = COMPARING.code(b, 1, end) != 0 && b[1] != 'o';
            out.raise(compares ? 60 : 80, "operator", 0, end);
        }
    }

    /** Whether a list whose first condition is empty, and so always true, begins at {@code at}. */
    private boolean empty(int at) {
        int open = text.skipSpace(at);
        int first = text.skipSpace(open + 1);
        return text.at(open) != '['
                || text.at(first) == '{' && text.at(text.skipSpace(first + 1)) == '}';
    }

    /** Whether an operator stands where JSON or JavaScript has the key of an object. */
    private boolean key(int i, int before, int after) {
        boolean quoted = (before == '"' || before == '\'') && after == before;
        int spaced = before == ' ' ? text.at(i - 2) : before;
        return quoted || spaced == '{' || spaced == ',';
    }

    /**
     * Whether a string is left at {@code i} for a RETURN of what is true: {@code ';return true}.
     */
    private boolean returned(int i) {
        int before = text.at(i - 1);
        int at = text.skipSpace(i + 6);
        boolean broken =
                before == ';'
                        || before == '\''
                        || before == '"'
                        || before == ' ' && (text.at(i - 2) == ';' || text.at(i - 2) == '\'');
        boolean value =
                text.startsWith("true", at)
                        || text.startsWith("(true", at)
                        || text.at(at) == '\''
                        || text.startsWith("!", at)
                        || text.startsWith("this.", at)
                        || text.startsWith("1", at);
        if (!broken || !value || n >= LONGEST_SCRIPT) {
            return false;
        }
        out.raise(i <= 4 ? 85 : 70, "javascript", i - 1, at + 4);
        return true;
    }

    /** Commands of the database's shell: {@code db.users.find()}. */
    private void shell(boolean returns) {
        boolean calls =
                text.find(".insert(", 0, n) > 0
                        || text.find(".find(", 0, n) > 0
                        || text.find("getcollectionnames", 0, n) > 0
                        || text.find(".drop(", 0, n) > 0;
        if (text.find("db.", 0, Math.min(n, 200)) < 0 || !calls) {
            return;
        }
        boolean whole = text.startsWith("db.", 0) && n < 120;
        boolean next = text.find("; db.", 0, n) > 0 || text.find(";db.", 0, n) > 0;
        boolean left = next && (b[0] == '\'' || b[0] == '"');
        out.raise(returns || whole || left ? 90 : 60, "javascript", 0, n);
    }

    /** A loop that waits, to tell whether it is run. */
    private void delay() {
        int loop = text.find("while(", 0, n);
        if (loop <= 0) {
            return;
        }
        boolean endless = text.startsWith("while(true)", loop) || text.startsWith("while(1)", loop);
        int before = text.at(loop - 1) == ' ' ? loop - 2 : loop - 1;
        boolean broken = text.at(before) == ';' && text.at(before - 1) == '\'';
        boolean clock = text.find("new date()", 0, n) >= 0 || text.find("date.now()", 0, n) >= 0;
        if (endless && broken || clock) {
            out.raise(85, "javascript", 0, n);
        }
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
        if (open == 0 && end == text.length() - 1) {
            // the document itself is an operator: {"$gt":""} in the place of a value
            return FILTERING.code(b, 2, end) != 0 ? 85 : b[2] == 'o' ? 80 : 60;
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

    /**
     * Whether the operator at {@code at} is the first of an object that a key holds of what no
     * search may look at: {@code {"password":{"$ne":"x"}}}; of what one signs in with at all, where
     * it is asked whether that exists.
     */
    private static boolean keyed(Text text, int at, boolean exists) {
        int open = text.at(at - 1) == '{' ? at - 1 : at - 2;
        int colon = text.at(open - 1) == ' ' ? open - 2 : open - 1;
        int end = text.at(colon - 1) == '"' || text.at(colon - 1) == '\'' ? colon - 1 : colon;
        int start = end;
        while (start > 0 && end - start < LONGEST_NAME && text.at(start - 1) > ' ') {
            int c = text.at(start - 1);
            if (c == '"' || c == '\'' || c == '{' || c == ',') {
                break;
            }
            start--;
        }
        int operator = at + 1;
        int stop = operator;
        while (text.at(stop) >= 'a' && text.at(stop) <= 'z') {
            stop++;
        }
        boolean ordering = exists || ORDERING.code(text.bytes(), operator, stop) != 0;
        boolean held =
                (exists ? credential(text, start, end) : secret(text, start, end))
                        || ordering && proof(text, start, end);
        return held && text.at(open) == '{' && text.at(colon) == ':';
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
        boolean given = text.at(text.skipSpace(i)) == '=' && operation(text);
        return i > start
                && (c == '!' || c == ',' || given || c == ')' && text.find("$where", 0, start) > 0);
    }

    /** Whether the value is an operation of GraphQL with variables from its first word on. */
    private static boolean operation(Text text) {
        return text.startsWith("query ", 0)
                || text.startsWith("mutation ", 0)
                || text.startsWith("subscription ", 0);
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
    private void logic(int at) {
        int i = text.skipSpace(at + 2);
        int before = text.at(at - 1);
        if (before == ' ') {
            before = text.at(at - 2);
        }
        boolean broken = before == '\'' || before == '"';
        boolean own = text.startsWith("this.", i) || text.startsWith("tojson(this", i);
        if (own && (broken || at <= 2)) {
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
