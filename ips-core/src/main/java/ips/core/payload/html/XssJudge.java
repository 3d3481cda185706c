package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/**
 * Finds script in a value, in the contexts where a page may put it: as content, inside an
 * attribute's quotes, inside a script's string, as a URL, inside a style.
 *
 * <p>One pass from left to right. Tags are read as an HTML5 tokenizer would (a slash is as good as
 * a space, an attribute needs no value, quotes need no end), each over at most {@value #TAG_REACH}
 * bytes, and the scan goes on behind the tag's name, so that tags inside tags are read as well.
 */
@HotPath
public final class XssJudge implements Judge {
    private static final int TAG_REACH = 512;
    private static final int MOST_TAGS = 256;

    private static final boolean[] NOTHING_BUT_SIGNS = new boolean[256];

    static {
        for (byte c : new byte[] {'[', ']', '(', ')', '!', '+'}) {
            NOTHING_BUT_SIGNS[c] = true;
        }
    }

    private Text text;
    private byte[] b;
    private int n;
    private Judgement out;
    private boolean markup;
    private boolean rich;
    private boolean bare;

    @Override
    public void judge(Text value, PartKind part, Judgement judgement) {
        text = value;
        b = value.bytes();
        n = value.length();
        out = judgement;
        int tags = 0;
        int calls = 0;
        int run = 0;
        markup = false;
        // a body may hold a page; nobody writes one into a query, a cookie or a header
        rich = part.multiLine() || part == PartKind.REFERER;
        bare = !rich || n < 100 && (text.at(0) == '<' || text.at(1) == '<' || text.at(1) == '>');
        for (int i = 0; i < n; i++) {
            // []()!+ can spell any program
            run = NOTHING_BUT_SIGNS[b[i] & 0xff] ? run + 1 : b[i] == ' ' ? run : 0;
            if (run == 40 && b[i] != ' ') {
                raise(90, "signs-only-script", Math.max(0, i - 39), i + 1);
            }
            switch (b[i]) {
                case '<' -> {
                    if (tags < MOST_TAGS && tag(i)) {
                        tags++;
                    }
                }
                case ':' -> scheme(i);
                case '=' -> assignment(i);
                case '(' -> calls += call(i);
                case '`' -> {
                    if (i > 4) {
                        template(i);
                    }
                }
                case '&' -> {
                    if (i + 1 < n && b[i + 1] == '{' && text.find("}", i, i + 200) > 0) {
                        raise(45, "javascript-entity", i, i + 8);
                    }
                }
                case '.' -> property(i);
                case '@' -> {
                    if (text.startsWith("@import", i) && quoted(text.skipSpace(i + 7))) {
                        raise(60, "style-import", i, i + 8);
                    }
                }
                case '-' -> {
                    if (text.startsWith("-moz-binding", i)) {
                        raise(90, "style-binding", i, i + 12);
                    }
                }
                case '+' -> {
                    if (text.startsWith("+adw-", i)) {
                        raise(100, "utf7", i, i + 5);
                    }
                }
                default -> {}
            }
        }
        if (calls >= 2) {
            out.add(20);
        }
    }

    private void raise(int points, String why, int from, int to) {
        out.raise(points, why, from, Math.min(to, n));
    }

    private boolean quoted(int at) {
        int c = text.at(at);
        return c == '\'' || c == '"' || text.startsWith("url", at) || text.startsWith("http", at);
    }

    private static boolean letter(int c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean nameByte(int c) {
        return letter(c) || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    /** A tag that opens at {@code at}; whether it is one. */
    private boolean tag(int at) {
        int i = at + 1;
        // <;script> and <%00script> come from broken lists and from filters that lose a byte
        int c = text.at(i);
        if (c == ' ' || c == '\n' || c == ';' || c == '%' || c == '\\') {
            int next = text.skipSpace(i + (c == ';' || c == '%' || c == '\\' ? 1 : 0));
            if (c != ';'
                    && !text.startsWith("script", next)
                    && !text.startsWith("iframe", next)
                    && !text.startsWith("img", next)) {
                return false;
            }
            i = next;
            c = text.at(i);
        }
        boolean closing = c == '/';
        if (closing) {
            c = text.at(++i);
        }
        if (c == '!') {
            if (text.startsWith("[cdata[", i + 1)) {
                raise(40, "cdata", at, i + 8);
                return true;
            }
            if (text.startsWith("--", i + 1)) {
                boolean conditional = text.startsWith("[if", i + 3) || text.startsWith("#", i + 3);
                raise(conditional ? 90 : 20, "markup-comment", at, i + 6);
                return true;
            }
            if (text.startsWith("[endif", i + 1)) {
                raise(80, "markup-comment", at, i + 6);
                return true;
            }
            return false;
        }
        if (c == '?') {
            if (text.startsWith("xml-stylesheet", i + 1) || text.startsWith("import", i + 1)) {
                raise(90, "stylesheet", at, i + 12);
            }
            return false;
        }
        if (!letter(c)) {
            return false;
        }
        int start = i;
        while (i < n && i - start < 40 && nameByte(b[i] & 0xff)) {
            i++;
        }
        int name = HtmlWords.TAGS.code(b, start, i);
        int after = text.at(i);
        if (after == ':') {
            // a namespace: <svg:script, <html:img, <t:set
            int local = i + 1;
            int end = local;
            while (end < n && end - local < 40 && nameByte(b[end] & 0xff)) {
                end++;
            }
            int code = HtmlWords.TAGS.code(b, local, end);
            name = code == 0 ? name : code;
            i = end;
            after = text.at(i);
        }
        boolean generic =
                after == '>' && at > 0 && letter(b[at - 1] & 0xff) && text.at(start - 1) == '<';
        boolean delimited =
                after == ' '
                        || after == '\n'
                        || after == '/'
                        || after == '>'
                        || after == -1
                        || after == '<'
                        || after == '"'
                        || after == '\'';
        boolean script =
                text.startsWith("script", start)
                        || i - 6 > start && text.startsWith("script", i - 6);
        boolean broken = brokenOut(at);
        if (script && !markup(after)) {
            raise(
                    delimited ? 100 : text.startsWith("scrip", start) && after != '(' ? 60 : 20,
                    "script-tag",
                    at,
                    i);
        }
        markup = true;
        if (closing) {
            if (name == HtmlWords.ACTIVE
                    || text.startsWith("title", start)
                    || text.startsWith("textarea", start)
                    || text.startsWith("style", start)) {
                raise(
                        name == HtmlWords.ACTIVE && !script ? 50 : broken ? 70 : 45,
                        "closing-tag",
                        at,
                        i);
            } else {
                raise(broken ? 40 : 10, "closing-tag", at, i);
            }
            return true;
        }
        if (!delimited) {
            return name != 0;
        }
        int base =
                switch (name) {
                    case HtmlWords.ACTIVE -> after == -1 ? 60 : 85;
                    case HtmlWords.RISKY -> after == -1 ? 30 : bare ? 80 : 40;
                    case HtmlWords.PLAIN -> 15;
                    default -> 10;
                };
        if (generic && name == HtmlWords.ACTIVE && !script) {
            // List<Object> is a type
            base = 30;
        }
        raise(base + (broken ? 40 : 0), "tag", at, i);
        if (text.startsWith("style", start)
                && (text.find("{", i, i + 80) > 0 || text.find("@", i, i + 80) > 0)) {
            raise(85, "style-tag", at, i);
        } else if (text.startsWith("meta", start) && i - start == 4 && after != -1) {
            raise(80, "meta-tag", at, i);
        }
        attributes(at, start, i, name);
        return true;
    }

    private static boolean markup(int after) {
        return after >= 0 && (letter(after) || after == '-' || after == '_');
    }

    /** Whether the tag at {@code at} follows the end of an attribute, a script or a comment. */
    private boolean brokenOut(int at) {
        int i = at - 1;
        while (i >= 0 && (b[i] == ' ' || b[i] == '\n')) {
            i--;
        }
        int c = text.at(i);
        if (c == '"' || c == '\'' || c == '`') {
            return i < 3 || at - i <= 1 && i < 8;
        }
        if (c == '>') {
            int d = text.at(i - 1);
            return d == '"' || d == '\'' || d == '`' || d == '-' || i == 0 || d == ' ' && i == 1;
        }
        return false;
    }

    private void attributes(int at, int name, int from, int kind) {
        int limit = Math.min(n, from + TAG_REACH);
        int i = from;
        boolean any = false;
        while (i < limit) {
            while (i < limit && !letter(b[i] & 0xff) && b[i] != '>' && b[i] != '<') {
                i++;
            }
            if (i >= limit || b[i] == '>' && i > from) {
                return;
            }
            if (nextTag(i)) {
                return;
            }
            if (b[i] == '<' || b[i] == '>') {
                i++;
                continue;
            }
            int start = i;
            while (i < limit && (nameByte(b[i] & 0xff) || b[i] == ':')) {
                i++;
            }
            int end = i;
            int equals = text.skipSpace(i);
            if (b[start] == 'o'
                    && text.at(start + 1) == 'n'
                    && end - start > 4
                    && (text.at(equals) == '=' || junkThenEquals(end))) {
                raise(100, "event-handler", at, equals + 1);
                return;
            }
            if (text.at(equals) != '=') {
                continue;
            }
            any = true;
            int value = text.skipSpace(equals + 1);
            int quote = text.at(value);
            if (quote == '"' || quote == '\'' || quote == '`') {
                value++;
                value += text.at(value) == ';' ? 1 : 0;
            }
            attribute(at, name, kind, start, end, value);
            i = value;
            if (quote == '"' || quote == '\'' || quote == '`') {
                int close = value;
                while (close < limit && b[close] != quote) {
                    close++;
                }
                i = close < limit ? close + 1 : value;
            } else {
                while (i < limit && b[i] != ' ' && b[i] != '\n' && b[i] != '>' && !nextTag(i)) {
                    i++;
                }
            }
        }
    }

    /** Whether a further tag opens at {@code at}: it has its attributes read by itself. */
    private boolean nextTag(int at) {
        if (b[at] != '<') {
            return false;
        }
        int c = text.at(at + 1);
        return letter(c) || c == ';' || c == '%' || c == '\\' || c == '/';
    }

    /** onload!#$%&()*~+-_.,:;?@[/|\]^`= works in some browsers. */
    private boolean junkThenEquals(int from) {
        for (int i = from; i < n && i < from + 40; i++) {
            if (b[i] == '=') {
                return true;
            }
            if (letter(b[i] & 0xff) || b[i] == '>') {
                return false;
            }
        }
        return false;
    }

    private void attribute(int at, int name, int kind, int start, int end, int value) {
        int length = end - start;
        if (text.startsWith("style", start) && length == 5) {
            int stop = Math.min(n, value + 300);
            if (text.find("expression", value, stop) >= 0
                    || text.find("behavior", value, stop) >= 0
                    || text.find("binding", value, stop) >= 0
                    || text.find("javascript", value, stop) >= 0
                    || text.find("pression(", value, stop) >= 0
                    || text.find("\\", value, stop) >= 0) {
                raise(100, "style-script", at, value + 10);
            } else if (text.find("url(", value, stop) >= 0) {
                raise(60, "style-url", at, value + 10);
            }
            return;
        }
        boolean url =
                text.startsWith("src", start)
                        || text.startsWith("href", start)
                        || text.startsWith("action", start)
                        || text.startsWith("data", start)
                        || text.startsWith("xlink:href", start)
                        || text.startsWith("formaction", start)
                        || text.startsWith("background", start)
                        || text.startsWith("dynsrc", start)
                        || text.startsWith("lowsrc", start)
                        || text.startsWith("code", start)
                        || text.startsWith("content", start)
                        || text.startsWith("to", start) && length == 2
                        || text.startsWith("values", start)
                        || text.startsWith("from", start)
                        || text.startsWith("poster", start);
        if (text.startsWith("srcdoc", start)
                || text.startsWith("datafld", start)
                || text.startsWith("dataformatas", start)
                || text.startsWith("datasrc", start)
                || text.startsWith("http-equiv", start)
                || text.startsWith("classid", start)
                || text.startsWith("allowscriptaccess", start)
                || text.startsWith("fscommand", start)
                || text.startsWith("implementation", start)
                || text.startsWith("attributename", start)) {
            raise(95, "attribute", at, value + 8);
        }
        if (!url) {
            return;
        }
        if (data(value) || scriptUrl(value)) {
            raise(100, "script-url", at, value + 12);
        } else if (kind == HtmlWords.ACTIVE) {
            raise(100, "active-tag", at, value + 8);
        } else if (kind == HtmlWords.RISKY) {
            boolean form =
                    text.startsWith("form", name)
                            || text.startsWith("link", name)
                            || text.startsWith("svg", name)
                            || text.startsWith("button", name)
                            || text.startsWith("input", name);
            raise(form || bare ? 80 : 45, "tag-url", at, value + 8);
        } else {
            raise(rich ? 30 : 80, "tag-url", at, value + 8);
        }
    }

    private boolean data(int at) {
        return text.startsWith("data:", at)
                && (text.startsWith("text", at + 5)
                        || text.startsWith(",", at + 5)
                        || text.startsWith("image/svg", at + 5)
                        || text.startsWith(";", at + 5)
                        || text.startsWith("application", at + 5));
    }

    /** Whether a URL at {@code from} runs script, white space and controls in between or not. */
    private boolean scriptUrl(int from) {
        int i = from;
        int limit = Math.min(n, from + 80);
        int letters = 0;
        while (i < limit) {
            int c = b[i] & 0xff;
            if (c == ':') {
                return letters > 0 && scriptBefore(i) > 0;
            }
            if (letter(c)) {
                letters++;
            } else if (c != ' ' && c != '\n' && c != '\\' && c < 0x80 && letters > 0) {
                return false;
            }
            i++;
        }
        return false;
    }

    private static final String[] SCHEMES = {
        "javascript", "vbscript", "livescript", "jscript", "mocha"
    };

    /** The start of a scheme of script that ends before {@code colon}, or -1. */
    private int scriptBefore(int colon) {
        for (int s = 0; s < SCHEMES.length; s++) {
            String scheme = SCHEMES[s];
            int k = scheme.length() - 1;
            int i = colon - 1;
            int junk = 0;
            while (i >= 0 && k >= 0 && junk < 40) {
                if (b[i] == scheme.charAt(k)) {
                    k--;
                    i--;
                } else if (b[i] == ' ' || b[i] == '\n' || b[i] == '\\' || (b[i] & 0x80) != 0) {
                    i--;
                    junk++;
                } else {
                    break;
                }
            }
            if (k < 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private void scheme(int colon) {
        int c = text.at(colon - 1);
        if (c == 'a' && text.startsWith("data:", colon - 4)) {
            if (text.startsWith("text/html", colon + 1)
                    || text.startsWith("text/javascript", colon + 1)
                    || text.startsWith("image/svg", colon + 1)
                    || text.startsWith("application/x-", colon + 1)) {
                raise(80, "data-url", colon - 4, colon + 10);
            }
            return;
        }
        if (c == 'r' && text.startsWith("behavior", colon - 8)) {
            if (text.startsWith("url", text.skipSpace(colon + 1))) {
                raise(90, "style-behavior", colon - 8, colon + 5);
            }
            return;
        }
        int start = scriptBefore(colon);
        if (start < 0) {
            return;
        }
        int next = text.skipSpace(colon + 1);
        int before = text.at(start - 1);
        boolean argument = false;
        for (int i = next; i < n && i < next + 80 && !argument; i++) {
            argument =
                    b[i] == '('
                            || b[i] == '`'
                            || b[i] == '='
                            || b[i] == '/' && text.at(i + 1) == '/';
        }
        boolean harmless =
                text.startsWith("void(0)", next)
                        || text.startsWith(";", next)
                        || text.startsWith("//", next) && false;
        if (harmless || next >= n) {
            raise(25, "script-url", start, next);
        } else if (start == 0) {
            raise(argument ? 100 : 80, "script-url", start, next + 8);
        } else if (before == '"'
                || before == '\''
                || before == '='
                || before == '('
                || before == '`'
                || before == '/'
                || before == '>') {
            raise(
                    argument ? 90 : before == '"' || before == '\'' ? 80 : 60,
                    "script-url",
                    start,
                    next + 8);
        } else {
            raise(argument ? 75 : 30, "script-url", start, next + 8);
        }
    }

    /** An event handler without its tag: {@code " onfocus=alert(1)}. */
    private void assignment(int equals) {
        int end = equals;
        while (end > 0 && (b[end - 1] == ' ' || b[end - 1] == '\n')) {
            end--;
        }
        int start = end;
        while (start > 0 && end - start < 32 && letter(b[start - 1] & 0xff)) {
            start--;
        }
        int length = end - start;
        if (length > 4 && b[start] == 'o' && b[start + 1] == 'n') {
            int before = text.at(start - 1);
            boolean edge =
                    before == ' '
                            || before == '\n'
                            || before == '/'
                            || before == '"'
                            || before == '\''
                            || before == '`'
                            || before == -1
                            || before == ','
                            || before == ';'
                            || before == '<'
                            || before == 0x0b;
            if (!edge) {
                return;
            }
            boolean known = HtmlWords.EVENTS.code(b, start, end) != 0;
            boolean quotes = false;
            for (int i = Math.max(0, start - 48); i < start; i++) {
                quotes |= b[i] == '"' || b[i] == '\'' || b[i] == '`' || b[i] == '<';
            }
            int value = text.skipSpace(equals + 1);
            boolean code = false;
            for (int i = value; i < n && i < value + 80 && !code; i++) {
                code = b[i] == '(' || b[i] == '`' || b[i] == '=' || b[i] == '/' && i == value;
            }
            if (known && !code) {
                for (int i = value; i < n && i < value + 24 && !code; i++) {
                    code = text.startsWith("alert", i) || text.startsWith("eval", i);
                }
            }
            int points =
                    known ? quotes ? code ? 100 : 80 : code ? 80 : 45 : quotes && code ? 60 : 10;
            raise(points, "event-handler", start, equals + 1);
            return;
        }
        int next = text.skipSpace(equals + 1);
        if (length >= 6
                && (text.startsWith("location", end - 8)
                        || text.startsWith("innerhtml", end - 9)
                        || text.startsWith("cookie", end - 6) && text.at(end - 7) == '.'
                        || text.startsWith("outerhtml", end - 9)
                        || text.startsWith("href", end - 4) && text.at(end - 5) == '.')) {
            int first = text.at(next);
            if (first != '=') {
                boolean strong =
                        first == '\''
                                || first == '"'
                                || first == '<'
                                || text.startsWith("name", next)
                                || text.startsWith("atob", next)
                                || text.startsWith("unescape", next);
                raise(strong ? 80 : 55, "dom-assignment", start, next);
            }
        } else if (HtmlWords.CALLS.code(b, next, wordEnd(next)) == HtmlWords.SHOWS) {
            int after = text.at(wordEnd(next));
            raise(
                    after == -1
                                    || after == ','
                                    || after == ';'
                                    || after == '('
                                    || after == '<'
                                    || after == ' '
                                    || after == '}'
                                    || after == '\n'
                            ? 85
                            : 20,
                    "alias",
                    start,
                    next + 5);
        }
    }

    private int wordEnd(int from) {
        int i = from;
        while (i < n && i - from < 40 && nameByte(b[i] & 0xff)) {
            i++;
        }
        return i;
    }

    /** A call whose parenthesis is at {@code open}; 1 if it is one of a script's. */
    private int call(int open) {
        int end = open;
        while (end > 0
                && (b[end - 1] == ' '
                        || b[end - 1] == '/'
                        || b[end - 1] == '*'
                        || b[end - 1] == '\n')
                && open - end < 8) {
            end--;
        }
        int argument = text.at(text.skipSpace(open + 1));
        if (end > 0 && (b[end - 1] == ']' || b[end - 1] == ')')) {
            // window['alert'](1), (alert)(1)
            if (b[end - 1] == ')'
                    && end > 7
                    && (text.startsWith("alert", end - 6) || text.startsWith("(eval", end - 6))) {
                raise(80, "script-call", end - 6, open + 1);
                return 1;
            }
            if (b[end - 1] == ']') {
                int k = end - 2;
                int limit = Math.max(0, end - 60);
                while (k > limit && b[k] != '[') {
                    k--;
                }
                int w = k - 1;
                while (w >= 0 && k - w < 12 && letter(b[w] & 0xff)) {
                    w--;
                }
                boolean owner =
                        text.startsWith("window", w + 1)
                                || text.startsWith("top", w + 1)
                                || text.startsWith("self", w + 1)
                                || text.startsWith("this", w + 1)
                                || text.startsWith("parent", w + 1)
                                || text.startsWith("globalthis", w + 1)
                                || text.startsWith("frames", w + 1)
                                || text.startsWith("document", w + 1);
                if (owner
                        && (text.at(k + 1) == '\''
                                || text.at(k + 1) == '"'
                                || text.at(k + 1) == '/'
                                || text.at(k + 1) == '`'
                                || text.at(k + 1) == '(')) {
                    raise(80, "script-call", w + 1, open + 1);
                    return 1;
                }
            }
            return 0;
        }
        int start = end;
        while (start > 0
                && end - start < 32
                && b[start - 1] != '-'
                && nameByte(b[start - 1] & 0xff)) {
            start--;
        }
        if (start == end) {
            return 0;
        }
        int code = HtmlWords.CALLS.code(b, start, end);
        if (code == 0) {
            if (text.startsWith("expression", end - 10)) {
                boolean styled = text.find(":", Math.max(0, end - 40), end) >= 0;
                raise(styled ? 90 : 30, "style-expression", end - 10, open + 1);
            } else if ((text.startsWith("ession", start) || text.startsWith("pression", start))
                    && text.at(start - 1) == '/') {
                raise(95, "style-expression", start, open + 1);
            } else if (text.startsWith("constructor", start)) {
                raise(60, "constructor", start, open + 1);
            }
            return 0;
        }
        boolean value =
                argument == '\''
                        || argument == '"'
                        || argument == '`'
                        || argument == '/'
                        || argument >= '0' && argument <= '9'
                        || argument == ')' && code == HtmlWords.SHOWS
                        || text.startsWith("document", open + 1)
                        || text.startsWith("string", open + 1)
                        || text.startsWith("location", open + 1)
                        || text.startsWith("xss", open + 1)
                        || text.startsWith("self", open + 1)
                        || text.startsWith("window", open + 1)
                        || text.startsWith("name", open + 1)
                        || text.startsWith("this", open + 1)
                        || text.startsWith("atob", open + 1)
                        || text.startsWith("unescape", open + 1);
        int before = text.at(start - 1);
        if (code == HtmlWords.SHOWS) {
            boolean broken =
                    before == '\''
                            || before == '"'
                            || before == ';'
                            || before == '-'
                            || before == '+'
                            || before == '*'
                            || before == '^'
                            || before == '|'
                            || before == '&'
                            || before == '{'
                            || before == '}'
                            || before == ')'
                            || before == '/'
                            || before == ','
                            || before == '`'
                            || before == '>'
                            || before == '='
                            || before == ':'
                            || before == '?';
            boolean owned =
                    before == '.'
                            && (text.startsWith("window", start - 7)
                                    || text.startsWith("self", start - 5)
                                    || text.startsWith("top", start - 4)
                                    || text.startsWith("this", start - 5));
            raise(
                    value
                            ? broken || start == 0 || owned ? 85 : n < 300 ? 80 : 50
                            : broken ? 50 : 20,
                    "script-call",
                    start,
                    open + 1);
            return 1;
        }
        boolean method = before == '.';
        boolean string = text.startsWith("fromcharcode", start);
        boolean document = method && text.startsWith("document.", start - 9);
        if (string) {
            raise(75, "script-call", start, open + 1);
        } else if (document) {
            raise(75, "script-call", start - 9, open + 1);
        } else if (text.startsWith("eval", start) && end - start == 4 && !method) {
            raise(
                    n < 400
                                    && (start == 0
                                            || before == ')'
                                            || before == ';'
                                            || before == '='
                                            || before == '\''
                                            || before == '"'
                                            || value)
                            ? 80
                            : 50,
                    "script-call",
                    start,
                    open + 1);
        } else {
            raise(value && !method ? 35 : 10, "script-call", start, open + 1);
        }
        return 1;
    }

    private void template(int at) {
        int start = at;
        while (start > 0 && at - start < 20 && letter(b[start - 1] & 0xff)) {
            start--;
        }
        if (HtmlWords.CALLS.code(b, start, at) == HtmlWords.SHOWS) {
            raise(85, "script-call", start, at + 1);
        }
    }

    private void property(int dot) {
        if (dot >= 8 && text.startsWith("document", dot - 8)) {
            if (text.startsWith("cookie", dot + 1)) {
                raise(85, "document-cookie", dot - 8, dot + 7);
            } else if (text.startsWith("location", dot + 1)
                    || text.startsWith("domain", dot + 1)
                    || text.startsWith("url", dot + 1)
                    || text.startsWith("write", dot + 1)
                    || text.startsWith("body", dot + 1)
                    || text.startsWith("forms", dot + 1)) {
                raise(50, "document-property", dot - 8, dot + 8);
            }
        } else if (dot >= 6
                && text.startsWith("window", dot - 6)
                && text.startsWith("location", dot + 1)) {
            raise(50, "document-property", dot - 6, dot + 8);
        } else if (dot >= 8
                && text.startsWith("location", dot - 8)
                && (text.startsWith("hash", dot + 1)
                        || text.startsWith("replace(", dot + 1)
                        || text.startsWith("assign(", dot + 1))) {
            raise(60, "document-property", dot - 8, dot + 8);
        } else if (text.startsWith("call(", dot + 1)
                && (text.startsWith("eval", dot - 4)
                        || text.startsWith("unescape", dot - 8)
                        || text.startsWith("alert", dot - 5))) {
            raise(85, "script-call", dot - 4, dot + 5);
        } else if (text.startsWith("__proto__", dot + 1) || text.startsWith("innerhtml", dot + 1)) {
            raise(50, "document-property", dot, dot + 9);
        }
    }
}
