package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Phrases;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds expressions of template engines that a server would evaluate: arithmetic as a probe, or a
 * way from any object to the system, inside the marks of Jinja, Twig, Freemarker, Velocity, ERB,
 * Razor, Thymeleaf, Mako, Smarty or Angular.
 */
@HotPath
public final class TemplateJudge implements Judge, Phrases.Match {
    /** Objects of Java's expression language that no template of a page's own names. */
    private static final Words IMPLICIT =
            Words.of(
                    "pagecontext applicationscope sessionscope facescontext requestscope initparam"
                            + " headervalues paramvalues");

    /** Objects that engines give to every template, and that lead out of it. */
    private static final Words OBJECTS =
            Words.of(
                    "config self session request settings app _self _context g lipsum cycler joiner"
                            + " namespace beans global globals constructor __proto__ handler locals this"
                            + " process environ ctx forloop velocitycount");

    /** What a tag shows of the server by a name alone. */
    private static final Words ENVIRONMENT = Words.of("self env binding request session config");

    /** Filters that themes have work on literals: translations, addresses, dates. */
    private static final Words HELPERS =
            Words.of("t tr trans translate i asset asset_url url date money img image lang icon");

    private static final Words DIRECTIVES =
            Words.of("assign include import macro function global local setting ftl attempt");

    /** The longest value that is one directive. */
    private static final int LONGEST_DIRECTIVE = 60;

    private static final int LONGEST_TAG = 120;

    /** In a longer text, an object that a template may reach is one of many words. */
    private static final int LONG = 600;

    private Text text;
    private Judgement out;
    private byte[] b;
    private int n;

    /** The first mark that begins an expression, or -1. */
    private int open;

    /** The first mark before a product of literals, or -1. */
    private int probeAt;

    private int reachAt;
    private int reached;

    @Override
    public void judge(Text value, PartKind part, Judgement judgement) {
        text = value;
        out = judgement;
        b = value.bytes();
        n = value.length();
        findMarks();
        if (open < 0) {
            if (n > 4 && n < 16 && b[0] == '{' && product(1) && b[n - 1] == '}') {
                out.raise(85, "arithmetic", 0, n);
            }
            return;
        }
        if (probeAt >= 0) {
            out.raise(90, "arithmetic", probeAt, probeAt + 8);
        }
        reachAt = -1;
        reached = 0;
        TemplatePhrases.REACH.scan(value, this);
        if (reachAt >= open) {
            int points = n > LONG ? 45 : reached > 1 ? 100 : 85;
            out.raise(points, "template-object", reachAt, reachAt + 12);
        } else if (open == 0 && n < 80 && (literalCalled(2) || n < 40 && computed())) {
            out.raise(shown(part) ? 70 : 85, "template", 0, n);
        } else if (open == 0 && n < 40 && value.startsWith("{{", 0)) {
            out.raise(named(part), "template", 0, 8);
        } else if (open == 0) {
            directive(part);
        } else if (value.startsWith("#set", open) || value.startsWith("<#assign", open)) {
            out.raise(60, "template", open, open + 8);
        }
    }

    /** Finds where expressions begin, and whether one of them is a probe by arithmetic. */
    private void findMarks() {
        open = -1;
        probeAt = -1;
        for (int i = 0; i + 2 < n; i++) {
            if (mark(i) && !(b[i] == '$' && variable(i + 2))) {
                open = open < 0 ? i : open;
                probeAt = probeAt < 0 && product(expression(i)) ? i : probeAt;
            }
        }
    }

    /** Whether an engine's mark of an expression stands at {@code i}. */
    private boolean mark(int i) {
        int next = b[i + 1];
        return switch (b[i]) {
            case '{' ->
                    next == '{'
                            || next == '%'
                            || next == '#'
                            || next == '$'
                            || next == '*'
                            || next == '='
                            || next == '!'
                            || tag(i + 1);
            case '$' -> next == '{' || i == 0 && text.startsWith("class.inspect(", 1);
            case '*', '~', '%' -> next == '{';
            case '@' ->
                    next == '{'
                            || next == '('
                            || text.startsWith("system.", i + 1)
                            || i == 0
                                    && (text.startsWith("datetime.", 1)
                                            || text.startsWith("environment.", 1));
            case '#' ->
                    next == '{'
                            || text.startsWith("set(", i + 1)
                            || text.startsWith("set (", i + 1)
                            || text.startsWith("foreach(", i + 1)
                            || text.startsWith("foreach (", i + 1)
                            || text.startsWith("parse(", i + 1)
                            || text.startsWith("evaluate(", i + 1);
            case '<' -> next == '%' || next == '#' || next == '@';
            case '!' -> next == '{' && text.at(i - 1) == '$';
            case '[' -> next == '[' || next == '=' || next == '#' || next == '%';
            default -> false;
        };
    }

    /** Whether a tag of Smarty begins at {@code i}, behind its brace. */
    private boolean tag(int i) {
        return text.startsWith("php}", i)
                || text.startsWith("self::", i)
                || text.startsWith("smarty", i)
                || text.startsWith("if ", i)
                || text.startsWith("math ", i)
                || text.startsWith("@math ", i)
                || text.startsWith("fetch ", i)
                || text.startsWith("include ", i)
                || text.startsWith("system", i);
    }

    /** Where the expression behind the mark at {@code i} begins. */
    private int expression(int i) {
        int k = i + 2;
        while (k < n
                && k < i + 8
                && (b[k] == '{'
                        || b[k] == '='
                        || b[k] == ' '
                        || b[k] == '('
                        || b[k] == '@'
                        || b[k] == '!'
                        || b[k] == '+'
                        || b[k] == '%'
                        || b[k] == '\''
                        || b[k] == '"')) {
            k++;
        }
        boolean statement = b[i] == '{' && b[i + 1] == '%';
        if (statement && !product(k)) {
            k = argument(k);
        }
        if (statement || b[i] == '#' || b[i] == '<' && b[i + 1] == '#') {
            // {% set x = 7*7 %}, #set($x=7*7)
            int equals = text.find("=", k, Math.min(n, k + 16));
            k = equals > 0 && !product(k) ? text.skipSpace(equals + 1) : k;
        }
        return k;
    }

    /** What a directive at {@code from} is given: {@code {%print(7*7)%}}, {@code {% if 7*7 %}}. */
    private int argument(int from) {
        int i = from;
        while (text.at(i) >= 'a' && text.at(i) <= 'z' && i - from < 8) {
            i++;
        }
        int behind = text.skipSpace(text.at(i) == '(' ? i + 1 : i);
        return i > from && behind > i && product(behind) ? behind : from;
    }

    /** Points for a short value that begins with braces, by the object that is named in them. */
    private int named(PartKind part) {
        int first = text.skipSpace(2);
        int end = first;
        while (text.at(end) >= 'a' && text.at(end) <= 'z' || text.at(end) == '_') {
            end++;
        }
        if (OBJECTS.code(text.bytes(), first, end) == 0) {
            return !text.startsWith("dump(", first) ? 15 : text.startsWith("}}", n - 2) ? 80 : 70;
        }
        if (text.startsWith("forloop.", first)) {
            // how far a loop of a page is, which pages ask all the time
            return 70;
        }
        boolean whole = text.startsWith("}}", n - 2);
        // a template may name what belongs to an object of the same name
        boolean alone = text.find(".", 0, n) < 0 || !part.multiLine();
        return whole && alone ? 80 : 70;
    }

    /**
     * A value that is one directive as a whole: {@code <%= self %>}, {@code #foreach($i in ..)}.
     */
    private void directive(PartKind part) {
        boolean macro = text.startsWith("#set", 0) || text.startsWith("#foreach", 0);
        boolean marker = text.startsWith("<#", 0) || text.startsWith("[#", 0);
        boolean tag =
                text.startsWith("<%", 0)
                        && text.startsWith("%>", n - 2)
                        && text.find("<%", 2, n) < 0
                        && text.at(2) != '@'
                        && text.at(2) != '-'
                        && n > 5;
        boolean short_ = n < (tag ? LONGEST_TAG : LONGEST_DIRECTIVE) && !text.has(Text.LINES);
        boolean known =
                tag && evaluates()
                        || macro && text.find("$", 0, n) > 0
                        || marker && DIRECTIVES.code(text.bytes(), 2, wordEnd(2)) != 0;
        if (known && short_) {
            out.raise(tag || !part.multiLine() ? 85 : 70, "template", 0, n);
        } else if (macro || marker && text.startsWith("assign", 2)) {
            out.raise(60, "template", 0, 8);
        }
    }

    /** Whether a tag prints or runs something: what is no name of a variable alone. */
    private boolean evaluates() {
        int first = text.skipSpace(text.at(2) == '=' || text.at(2) == '!' ? 3 : 2);
        int end = first;
        while (text.at(end) >= 'a' && text.at(end) <= 'z' || text.at(end) == '_') {
            end++;
        }
        boolean variable = end > first && text.skipSpace(end) == n - 2;
        return !variable || ENVIRONMENT.code(text.bytes(), first, end) != 0;
    }

    private int wordEnd(int from) {
        int i = from;
        while (text.at(i) >= 'a' && text.at(i) <= 'z' && i - from < 16) {
            i++;
        }
        return i;
    }

    /**
     * Whether the value is nothing but marks around a literal that is worked on, {@code
     * {{'a'~'b'}}}, {@code {{7|abs}}}, or around the whole context, {@code {{.}}}.
     */
    private boolean computed() {
        int start = text.skipSpace(2);
        boolean braces = text.startsWith("{{", 0) && text.startsWith("}}", n - 2);
        if (braces && text.at(start) == '.' && text.skipSpace(start + 1) == n - 2) {
            return true;
        }
        int quote = text.at(start);
        int end = start;
        if (quote == '\'' || quote == '"') {
            end = text.find(quote == '"' ? "\"" : "'", start + 1, n) + 1;
        } else {
            while (text.at(end) >= '0' && text.at(end) <= '9') {
                end++;
            }
        }
        int next = text.skipSpace(end);
        int sign = text.at(next);
        int filter = text.skipSpace(next + 1);
        boolean helper = HELPERS.code(text.bytes(), filter, wordEnd(filter)) != 0;
        return braces
                && end > start
                && (sign == '|' && !helper
                        || sign == '~'
                        || sign == '+' && text.at(filter) == quote);
    }

    /**
     * Whether a template may hold it: the context as a whole in a body, or a literal and a filter
     * with spaces around it, {@code {{ 100 | currency }}}.
     */
    private boolean shown(PartKind part) {
        int start = text.skipSpace(2);
        boolean context = text.at(start) == '.' && text.skipSpace(start + 1) == n - 2;
        return part.multiLine() && context || text.find(" | ", start, n) > 0 && !literalCalled(2);
    }

    /** Whether a method of a literal is called, which no template needs: {@code 'x'.upper()}. */
    private boolean literalCalled(int from) {
        int start = text.skipSpace(from);
        int quote = text.at(start);
        if (text.startsWith("[].class", start)) {
            return true;
        }
        if (quote != '\'' && quote != '"') {
            return false;
        }
        int i = start + 1;
        while (i < text.length() && text.at(i) != quote) {
            i++;
        }
        int name = i + 2;
        int end = name;
        while (text.at(end) >= 'a' && text.at(end) <= 'z') {
            end++;
        }
        boolean called = text.at(end) == '(' || text.startsWith("class", name);
        // 'x'?upper_case, a function of FreeMarker's
        boolean builtin = text.at(i + 1) == '?' && end > name;
        return builtin || text.at(i + 1) == '.' && end > name && called;
    }

    /** Whether nothing but a name stands in braces from {@code from} on: a shell's variable. */
    private boolean variable(int from) {
        int i = from;
        while (i - from < 48 && (text.at(i) >= 'a' && text.at(i) <= 'z' || text.at(i) == '_')) {
            i++;
        }
        return i > from && text.at(i) == '}' && IMPLICIT.code(text.bytes(), from, i) == 0;
    }

    /** 7*7, 7 * '7', 3+4 and the like: a product of literals. */
    private boolean product(int from) {
        int i = from;
        int digits = 0;
        while (i < text.length() && digits < 12 && text.at(i) >= '0' && text.at(i) <= '9') {
            i++;
            digits++;
        }
        if (digits == 0) {
            return repeated(from);
        }
        while (text.at(i) == '\'' || text.at(i) == '"') {
            i++;
        }
        i = text.skipSpace(i);
        int operator = text.at(i);
        if (operator != '*' && operator != '+' && operator != '-' && operator != '/') {
            return false;
        }
        while (text.at(i) == '*' || text.at(i) == '+' || text.at(i) == '-' || text.at(i) == '/') {
            i++;
        }
        i = text.skipSpace(i);
        while (text.at(i) == '\'' || text.at(i) == '"') {
            i++;
        }
        return text.at(i) >= '0' && text.at(i) <= '9';
    }

    /** "a"*9, behind the quote: a letter that is repeated. */
    private boolean repeated(int from) {
        int quote = text.at(from + 1);
        int star = text.skipSpace(from + 2);
        int count = text.at(text.skipSpace(star + 1));
        return (quote == '\'' || quote == '"')
                && text.at(from - 1) == quote
                && text.at(star) == '*'
                && count >= '0'
                && count <= '9';
    }

    /**
     * Whether a phrase at {@code at} is what pages are made of: a table of dbt's, {@code
     * source('shop', 'orders')}, a class's constant of Twig's, a request's own header of Django's.
     */
    private boolean own(int at, int end) {
        if (text.startsWith("request.meta", at)) {
            return text.startsWith(".http_", end) || text.startsWith(".remote_addr", end);
        }
        int name = text.skipSpace(at + 2);
        int close = text.find(")", end, Math.min(n, end + LONGEST_DIRECTIVE));
        if (close < 0) {
            return false;
        }
        if (text.startsWith("source(", name)) {
            boolean two = text.find("',", end, close) > 0 || text.find("\",", end, close) > 0;
            int last = text.at(close - 1);
            return two
                    && (last == '\'' || last == '"')
                    && text.find("/", end, close) < 0
                    && text.find(".", end, close) < 0;
        }
        return text.startsWith("constant(", name) && text.find("::", end, close) > 0;
    }

    @Override
    public void found(int phrase, int end) {
        int at = end - TemplatePhrases.REACH.phrase(phrase).length();
        if (text.startsWith("__class__.__name__", at)) {
            // how Python's code names a class; it leads nowhere
            return;
        }
        if (own(at, end)) {
            return;
        }
        reached++;
        if (reachAt < 0 || reached < 3) {
            reachAt = Math.max(reachAt, at);
        }
    }
}
