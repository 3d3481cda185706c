package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * JavaScript without markup, as it is put into a script's string or an attribute: calls that show
 * or run something, event handlers without their tag, assignments to the document.
 */
@HotPath
final class ScriptShapes {
    /** Attributes that a value which leaves its quotes would add. */
    private static final Words BREAKOUTS =
            Words.of(
                    "src href style srcdoc action formaction data autofocus background dynsrc type");

    /** Methods that call the function they are given. */
    private static final Words HANDED =
            Words.of(
                    "map find findindex filter foreach some every reduce flatmap sort replace then"
                            + " findlast findlastindex reduceright apply");

    /** Objects that script finds in every page. */
    private static final Words GLOBALS =
            Words.of(
                    "document window location self top parent this body frames globalthis opener head"
                            + " documentelement");

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

    /** What is assigned to: an event handler, the document, a name for a function, an attribute. */
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
            handler(start, end, equals);
            return;
        }
        int next = text.skipSpace(equals + 1);
        if (length >= 4 && isOfDocument(end)) {
            if (text.at(next) != '=') {
                document(start, end, next);
            }
        } else if (!comparison(equals)) {
            alias(start, next, next == equals + 1);
        }
        if (start > 0 && length > 2) {
            attribute(start, end);
        }
    }

    /** An event handler without its tag: {@code " onfocus=alert(1)}. */
    private void handler(int start, int end, int equals) {
        if (value.harmless(start)) {
            return;
        }
        int before = text.at(start - 1);
        int content = text.skipSpace(equals + 1);
        boolean owned =
                before == '.'
                        && text.startsWith("window", start - 7)
                        && HtmlWords.CALLS.code(b, content, wordEnd(content)) == HtmlWords.SHOWS;
        if (!owned && before >= 0 && " \n/\"'`,;<{".indexOf(before) < 0) {
            return;
        }
        boolean known = HtmlWords.EVENTS.code(b, start, end) != 0;
        boolean quotes = false;
        for (int i = Math.max(0, start - 48); i < start; i++) {
            quotes |= b[i] == '"' || b[i] == '\'' || b[i] == '`' || b[i] == '<';
        }
        boolean code = false;
        for (int i = content; i < n && i < content + 80 && !code; i++) {
            code = b[i] == '(' || b[i] == '`' || b[i] == '=' || b[i] == '/' && i == content;
        }
        if (known && !code) {
            for (int i = content; i < n && i < content + 24 && !code; i++) {
                code = text.startsWith("alert", i) || text.startsWith("eval", i);
            }
        }
        int points = known ? quotes ? code ? 100 : 80 : code ? 80 : 45 : quotes && code ? 60 : 10;
        value.raise(points, "event-handler", start, equals + 1);
    }

    /** Whether the name that ends at {@code end} is one by which script changes the page. */
    private boolean isOfDocument(int end) {
        return text.startsWith("location", end - 8) && !HtmlValue.nameByte(text.at(end - 9))
                || text.startsWith("innerhtml", end - 9)
                || text.startsWith("cookie", end - 6) && text.at(end - 7) == '.'
                || text.startsWith("outerhtml", end - 9)
                || text.startsWith("href", end - 4) && text.at(end - 5) == '.';
    }

    /** An assignment to the document of what stands at {@code next}. */
    private void document(int start, int end, int next) {
        boolean quoted = text.at(0) == '\'' || text.at(0) == '"';
        // a string is left before href is set, or it is a line of a program
        boolean left = end - start > 4 || quoted && text.find(";", 0, Math.min(start, 64)) >= 0;
        boolean own =
                !quoted && text.at(next + 1) == '/' && letterAt(next + 2)
                        || text.startsWith("innerhtml", end - 9) && words(next);
        boolean strong =
                left
                        && !own
                        && literal(text.at(next), next)
                        && (value.bare() || !ofVariable(start));
        value.raise(strong ? 80 : 55, "dom-assignment", start, next);
    }

    /** Whether a string at {@code from} is of words alone, with no markup and nothing escaped. */
    private boolean words(int from) {
        int quote = text.at(from);
        int i = from + 1;
        while (i < n && i - from < 80 && b[i] != quote && b[i] != '<' && b[i] != '\\') {
            i++;
        }
        return (quote == '"' || quote == '\'') && i > from + 3 && text.at(i) == quote;
    }

    private boolean letterAt(int at) {
        return HtmlValue.letter(text.at(at));
    }

    private boolean literal(int first, int next) {
        return first == '\''
                || first == '"'
                || first == '<'
                || text.startsWith("name", next)
                || text.startsWith("atob", next)
                || text.startsWith("unescape", next);
    }

    /**
     * Whether what is assigned is a property of a variable ({@code button.innerHTML}), as in a
     * program that somebody shows: code that is put into a page knows none of its variables, and
     * has to make its own first.
     */
    private boolean ofVariable(int property) {
        if (text.at(property - 1) != '.') {
            return false;
        }
        int start = property - 1;
        while (start > 0 && HtmlValue.nameByte(b[start - 1] & 0xff)) {
            start--;
        }
        int before = text.at(start - 1);
        return start < property - 1
                && before != '.'
                && before != '\''
                && before != '"'
                && GLOBALS.code(b, start, property - 1) == 0;
    }

    private boolean comparison(int equals) {
        int before = text.at(equals - 1);
        return before == '<' || before == '>' || before == '!' || before == '=';
    }

    /** A function of script as a value: {@code x=alert,x(1)}. */
    private void alias(int start, int next, boolean tight) {
        int end = wordEnd(next);
        int code = HtmlWords.CALLS.code(b, next, end);
        boolean evaluates = code == HtmlWords.RUNS && reference(next, end);
        if (code != HtmlWords.SHOWS && !evaluates) {
            return;
        }
        int after = text.at(end);
        boolean closed =
                after == -1 || after == ',' || after == ';' || after == '<' || after == '}';
        boolean called = text.find("(", end, Math.min(n, end + 200)) >= 0;
        boolean open = !evaluates && (after == '(' || (after == ' ' || after == '\n') && called);
        value.raise(
                closed && (called || !evaluates && tight) || open ? 85 : closed ? 60 : 20,
                "alias",
                start,
                next + 5);
    }

    /** Functions that only code that hides takes as values. */
    private boolean reference(int start, int end) {
        return end - start == 4 && text.startsWith("eval", start)
                || end - start == 8 && text.startsWith("unescape", start);
    }

    /** {@code alert.call(null,1)}, {@code Reflect.apply(alert,null,[1])}. */
    private void applied(int dot) {
        int start = dot;
        while (start > 0 && dot - start < 12 && HtmlValue.letter(b[start - 1] & 0xff)) {
            start--;
        }
        int code = HtmlWords.CALLS.code(b, start, dot);
        if (code == HtmlWords.SHOWS || reference(start, dot)) {
            value.raise(85, "script-call", start, dot + 5);
        } else if (text.startsWith("reflect", dot - 7)) {
            handed(dot);
        }
    }

    /** {@code [document.domain].map(alert)}: a function of script is all that is handed over. */
    private void handed(int dot) {
        int open = wordEnd(dot + 1);
        int start = text.skipSpace(open + 1);
        int end = wordEnd(start);
        int after = text.at(end);
        if (text.at(open) == '('
                && (after == ')' || after == ',')
                && (HtmlWords.CALLS.code(b, start, end) == HtmlWords.SHOWS
                        || reference(start, end))) {
            value.raise(85, "alias", dot, end);
        }
    }

    /** A function behind a dot or bracket, not called but handed on: {@code .7.eval,$(x)}. */
    void reference(int comma) {
        int start = comma;
        while (start > 0 && comma - start < 12 && HtmlValue.letter(b[start - 1] & 0xff)) {
            start--;
        }
        int code = HtmlWords.CALLS.code(b, start, comma);
        if (code != HtmlWords.SHOWS && !reference(start, comma)) {
            return;
        }
        int before = text.at(start - 1);
        boolean listed = before == ',' && text.find("]", comma, Math.min(n, comma + 200)) >= 0;
        boolean called = text.find("(", comma, Math.min(n, comma + 200)) >= 0;
        if (called && (before == '.' || before == '/' || listed)) {
            value.raise(85, "alias", start, comma + 1);
        }
    }

    /** An attribute behind a quote that ends the one before: {@code "src=x a="}. */
    private void attribute(int start, int end) {
        int quote = start - 1;
        while (quote > 0 && (b[quote] == ' ' || b[quote] == '+' || b[quote] == '/')) {
            quote--;
        }
        boolean leads = quote <= 1 && (b[quote] == '"' || b[quote] == '\'' || b[quote] == '`');
        if (leads && BREAKOUTS.code(b, start, end) != 0) {
            value.raise(80, "attribute-breakout", quote, end + 1);
        }
    }

    private int wordEnd(int from) {
        int i = from;
        while (i < n && i - from < 40 && HtmlValue.nameByte(b[i] & 0xff)) {
            i++;
        }
        return i;
    }

    void property(int dot) {
        if (dot >= 8 && text.startsWith("document", dot - 8)) {
            if (text.startsWith("cookie", dot + 1)) {
                int before = text.at(dot - 9);
                boolean named =
                        (before == -1 || before == ' ' && HtmlValue.letter(text.at(dot - 10)))
                                && text.at(dot + 7) == ' '
                                && HtmlValue.letter(text.at(dot + 8));
                value.raise(named ? 45 : 85, "document-cookie", dot - 8, dot + 7);
            } else if (text.startsWith("createstylesheet(", dot + 1)) {
                value.raise(85, "document-property", dot - 8, dot + 8);
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
            int argument = text.at(text.find("(", dot, n) + 1);
            int before = text.at(dot - 9);
            boolean placed = before == '\'' || before == '"' || before == '-' || before == -1;
            boolean quoted = argument == '\'' || argument == '"' || argument == '`';
            value.raise(placed && quoted ? 80 : 60, "document-property", dot - 8, dot + 8);
        } else if (text.startsWith("call(", dot + 1)
                || text.startsWith("apply(", dot + 1)
                || text.startsWith("bind(", dot + 1)) {
            applied(dot);
        } else if (HANDED.code(b, dot + 1, wordEnd(dot + 1)) != 0) {
            handed(dot);
        } else if (text.startsWith("__proto__", dot + 1) || text.startsWith("innerhtml", dot + 1)) {
            value.raise(50, "document-property", dot, dot + 9);
        }
    }
}
