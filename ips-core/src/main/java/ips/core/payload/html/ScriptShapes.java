package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * JavaScript without markup, as it is put into a script's string or an attribute: calls that show
 * or run something, event handlers without their tag, assignments to the document.
 */
@HotPath
final class ScriptShapes {
    private final HtmlValue value;
    private Text text;
    private byte[] b;
    private int n;

    ScriptShapes(HtmlValue value) {
        this.value = value;
    }

    void begin() {
        text = value.text();
        b = text.bytes();
        n = text.length();
    }

    /** An event handler without its tag: {@code " onfocus=alert(1)}. */
    void assignment(int equals) {
        int end = equals;
        while (end > 0 && (b[end - 1] == ' ' || b[end - 1] == '\n')) {
            end--;
        }
        int start = end;
        while (start > 0 && end - start < 32 && HtmlValue.letter(b[start - 1] & 0xff)) {
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
            int content = text.skipSpace(equals + 1);
            boolean code = false;
            for (int i = content; i < n && i < content + 80 && !code; i++) {
                code = b[i] == '(' || b[i] == '`' || b[i] == '=' || b[i] == '/' && i == content;
            }
            if (known && !code) {
                for (int i = content; i < n && i < content + 24 && !code; i++) {
                    code = text.startsWith("alert", i) || text.startsWith("eval", i);
                }
            }
            int points =
                    known ? quotes ? code ? 100 : 80 : code ? 80 : 45 : quotes && code ? 60 : 10;
            value.raise(points, "event-handler", start, equals + 1);
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
                value.raise(strong ? 80 : 55, "dom-assignment", start, next);
            }
        } else if (HtmlWords.CALLS.code(b, next, wordEnd(next)) == HtmlWords.SHOWS) {
            int after = text.at(wordEnd(next));
            value.raise(
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
        while (i < n && i - from < 40 && HtmlValue.nameByte(b[i] & 0xff)) {
            i++;
        }
        return i;
    }

    /** A call whose parenthesis is at {@code open}; 1 if it is one of a script's. */
    int call(int open) {
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
                value.raise(80, "script-call", end - 6, open + 1);
                return 1;
            }
            if (b[end - 1] == ']') {
                int k = end - 2;
                int limit = Math.max(0, end - 60);
                while (k > limit && b[k] != '[') {
                    k--;
                }
                int w = k - 1;
                while (w >= 0 && k - w < 12 && HtmlValue.letter(b[w] & 0xff)) {
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
                    value.raise(80, "script-call", w + 1, open + 1);
                    return 1;
                }
            }
            return 0;
        }
        int start = end;
        while (start > 0
                && end - start < 32
                && b[start - 1] != '-'
                && HtmlValue.nameByte(b[start - 1] & 0xff)) {
            start--;
        }
        if (start == end) {
            return 0;
        }
        int code = HtmlWords.CALLS.code(b, start, end);
        if (code == 0) {
            if (text.startsWith("expression", end - 10)) {
                boolean styled = text.find(":", Math.max(0, end - 40), end) >= 0;
                value.raise(styled ? 90 : 30, "style-expression", end - 10, open + 1);
            } else if ((text.startsWith("ession", start) || text.startsWith("pression", start))
                    && text.at(start - 1) == '/') {
                value.raise(95, "style-expression", start, open + 1);
            } else if (text.startsWith("constructor", start)) {
                value.raise(60, "constructor", start, open + 1);
            }
            return 0;
        }
        boolean literal =
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
            value.raise(
                    literal
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
            value.raise(75, "script-call", start, open + 1);
        } else if (document) {
            value.raise(75, "script-call", start - 9, open + 1);
        } else if (text.startsWith("eval", start) && end - start == 4 && !method) {
            value.raise(
                    n < 400
                                    && (start == 0
                                            || before == ')'
                                            || before == ';'
                                            || before == '='
                                            || before == '\''
                                            || before == '"'
                                            || literal)
                            ? 80
                            : 50,
                    "script-call",
                    start,
                    open + 1);
        } else {
            value.raise(literal && !method ? 35 : 10, "script-call", start, open + 1);
        }
        return 1;
    }

    void template(int at) {
        int start = at;
        while (start > 0 && at - start < 20 && HtmlValue.letter(b[start - 1] & 0xff)) {
            start--;
        }
        if (HtmlWords.CALLS.code(b, start, at) == HtmlWords.SHOWS) {
            value.raise(85, "script-call", start, at + 1);
        }
    }

    void property(int dot) {
        if (dot >= 8 && text.startsWith("document", dot - 8)) {
            if (text.startsWith("cookie", dot + 1)) {
                value.raise(85, "document-cookie", dot - 8, dot + 7);
            } else if (text.startsWith("location", dot + 1)
                    || text.startsWith("domain", dot + 1)
                    || text.startsWith("url", dot + 1)
                    || text.startsWith("write", dot + 1)
                    || text.startsWith("body", dot + 1)
                    || text.startsWith("forms", dot + 1)) {
                value.raise(50, "document-property", dot - 8, dot + 8);
            }
        } else if (dot >= 6
                && text.startsWith("window", dot - 6)
                && text.startsWith("location", dot + 1)) {
            value.raise(50, "document-property", dot - 6, dot + 8);
        } else if (dot >= 8
                && text.startsWith("location", dot - 8)
                && (text.startsWith("hash", dot + 1)
                        || text.startsWith("replace(", dot + 1)
                        || text.startsWith("assign(", dot + 1))) {
            value.raise(60, "document-property", dot - 8, dot + 8);
        } else if (text.startsWith("call(", dot + 1)
                && (text.startsWith("eval", dot - 4)
                        || text.startsWith("unescape", dot - 8)
                        || text.startsWith("alert", dot - 5))) {
            value.raise(85, "script-call", dot - 4, dot + 5);
        } else if (text.startsWith("__proto__", dot + 1) || text.startsWith("innerhtml", dot + 1)) {
            value.raise(50, "document-property", dot, dot + 9);
        }
    }
}
