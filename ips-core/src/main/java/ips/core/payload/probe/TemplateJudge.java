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
            Words.of("pagecontext applicationscope sessionscope facescontext");

    private static final Phrases REACH =
            Phrases.builder()
                    .add(
                            100,
                            "__class__",
                            "__mro__",
                            "__subclasses__",
                            "__globals__",
                            "__builtins__",
                            "__init__",
                            "__import__",
                            "__base__",
                            "__dict__",
                            "__getitem__",
                            "_self.env",
                            "registerundefinedfiltercallback",
                            "getfilter(",
                            "freemarker.template.utility",
                            "?new()",
                            "?api.",
                            "self._templatereference",
                            "lipsum.",
                            "cycler.",
                            "joiner.",
                            "namespace.__",
                            "os.popen",
                            "os.system",
                            "popen(",
                            ".getclass()",
                            ".class.forname",
                            ".class.classloader",
                            "getruntime",
                            "java.lang",
                            "processbuilder",
                            "$class.inspect",
                            "class.inspect(",
                            "request.application",
                            "config.items()",
                            "settings.secret_key",
                            "config.__",
                            "constructor.constructor",
                            "constructor.name",
                            "math equation=",
                            "math key=",
                            "constructor(",
                            "|attr(",
                            "|map('system",
                            "|filter('system",
                            "|filter('exec",
                            "['id']|",
                            "dump(app",
                            "app.request.server",
                            "file_excerpt",
                            "get_flashed_messages",
                            "url_for.",
                            "template.module",
                            "self.module",
                            "self.attr",
                            "self.context",
                            "self.template",
                            "_tornado",
                            "handler.settings",
                            "global.process",
                            "mainmodule",
                            "t(java",
                            "system.diagnostics",
                            "system.io.file",
                            "file.read(",
                            "file.open(",
                            "io.popen",
                            "%x(",
                            "{ %x|",
                            "{%x|",
                            "#with \"",
                            "#with '",
                            "dir.entries",
                            "kernel.",
                            "`id`",
                            "phpinfo",
                            "{php}",
                            "smarty.version",
                            "$smarty.template",
                            "smarty_internal",
                            "self::getstreamvariable",
                            "debug.getinfo",
                            "#with(",
                            "config}}",
                            "this.push",
                            "lookup string.sub",
                            "string.fromcharcode",
                            "alert(",
                            "system('",
                            "system(\"",
                            "exec('",
                            "exec(\"",
                            "eval(",
                            "passthru(",
                            "import os",
                            "debug %}",
                            "debug%}",
                            "('system'",
                            "(\"system\"",
                            "writefile(",
                            "clearconfig(",
                            "pagecontext",
                            "applicationscope",
                            "sessionscope",
                            "facescontext",
                            "getattribute(",
                            "getsession()",
                            "getservletcontext",
                            ".data_model",
                            "${.version",
                            "?interpret",
                            "?eval",
                            "{{<%[%'",
                            "|reduce('",
                            "|sort('",
                            "printf \"%s\" \"",
                            "secret_key",
                            "from_object(",
                            "request.environ",
                            "signer.key",
                            "settings.databases",
                            "env.to_a",
                            ".getbean(",
                            "smarty->",
                            "lookup this",
                            ".system \"",
                            "lipsum|",
                            ".subclasses(",
                            ".mro(",
                            "#evaluate(",
                            "root.process",
                            "process.env",
                            "from os",
                            ".getclassloader",
                            "get_admin_log",
                            "_context|",
                            "|map(\"system",
                            "|filter(\"system",
                            "|filter(\"exec",
                            "|sort(\"system",
                            "('passthru'",
                            "(\"passthru\"",
                            "getdeclaredconstructor",
                            "getdeclaredmethod",
                            "getprotectiondomain",
                            ".forname(",
                            "interpret3r",
                            "int3rpr3t3r",
                            "beans.get(",
                            "outputfunctionname",
                            "include '/etc",
                            "include \"/etc",
                            "include('/etc",
                            "include(\"/etc",
                            "source('/etc",
                            "source(\"/etc",
                            "file='/etc",
                            "file=\"/etc",
                            "file.read!(",
                            "system.cmd(",
                            "file.readlines",
                            "io.readlines",
                            "io.read(",
                            "{fetch file",
                            "smarty.const",
                            "%perl",
                            "% perl",
                            "_.version",
                            "|system}",
                            "|passthru}",
                            "|exec}")
                    .build();

    /** In a longer text, an object that a template may reach is one of many words. */
    private static final int LONG = 600;

    private Text text;
    private byte[] b;
    private int n;

    /** The first mark that begins an expression, or -1. */
    private int open;

    /** The first mark before a product of literals, or -1. */
    private int probeAt;

    private int reachAt;
    private int reached;

    @Override
    public void judge(Text value, PartKind part, Judgement out) {
        text = value;
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
        REACH.scan(value, this);
        if (reachAt >= open) {
            int points = n > LONG ? 45 : reached > 1 ? 100 : 85;
            out.raise(points, "template-object", reachAt, reachAt + 12);
        } else if (open == 0 && n < 80 && (literalCalled(2) || n < 40 && computed())) {
            out.raise(85, "template", 0, n);
        } else if (open == 0 && n < 40 && value.startsWith("{{", 0)) {
            out.raise(context(), "template", 0, 8);
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
            case '$', '*', '~', '%' -> next == '{';
            case '@' -> next == '{' || next == '(' || text.startsWith("system.", i + 1);
            case '#' ->
                    next == '{'
                            || text.startsWith("set(", i + 1)
                            || text.startsWith("set (", i + 1)
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

    /** Points for a short value that begins with the object it names: {@code {{config}}}. */
    private int context() {
        int first = text.skipSpace(2);
        boolean known =
                text.startsWith("config", first)
                        || text.startsWith("self", first)
                        || text.startsWith("dump(", first)
                        || text.startsWith("session", first)
                        || text.startsWith("request", first)
                        || text.startsWith("settings", first);
        boolean alone = text.startsWith("}}", n - 2) && text.find(".", 0, n) < 0;
        return known ? alone ? 80 : 70 : 15;
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
        return braces && end > start && (sign == '|' && text.find("'", 0, n) < 0 || sign == '~');
    }

    /** Whether a method of a literal is called, which no template needs: {@code 'x'.upper()}. */
    private boolean literalCalled(int from) {
        int start = text.skipSpace(from);
        int quote = text.at(start);
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
        return text.at(i + 1) == '.' && end > name && text.at(end) == '(';
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

    @Override
    public void found(int phrase, int end) {
        int at = end - REACH.phrase(phrase).length();
        if (text.startsWith("__class__.__name__", at)) {
            // how Python's code names a class; it leads nowhere
            return;
        }
        reached++;
        if (reachAt < 0 || reached < 3) {
            reachAt = Math.max(reachAt, at);
        }
    }
}
