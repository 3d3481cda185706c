package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Calls that show that script runs ({@code alert(1)}) or run what they are given ({@code eval(x)}),
 * by their name, by an index ({@code window['al'+'ert'](1)}) or with a template.
 *
 * <p>An argument in quotes or digits, and a sign before the name that leaves a string or an
 * attribute, are what tells them from code that people talk about.
 */
@HotPath
final class ScriptCalls {
    /** Objects whose members are called by name. */
    private static final Words OWNERS =
            Words.of("window top self this parent globalthis frames document");

    /** Values that only script has: the beginning of an argument. */
    private static final Words VALUES =
            Words.of(
                    "document string location xss self window name this atob unescape origin domain"
                            + " cookie");

    /** Words of JavaScript and VBScript behind which a call may stand in the same line. */
    private static final Words LEADING =
            Words.of(
                    "return void typeof delete new in of instanceof do else case throw yield await"
                            + " let var const default extends export import async static get set if"
                            + " then call and or not xor mod is eqv imp to step with while until"
                            + " print javascript vbscript");

    /** Elements that run nothing and fetch nothing, whatever is done to them first. */
    private static final Words INERT =
            Words.of(
                    "div span p a li ul ol td tr th table tbody thead button label canvas option select"
                            + " textarea h1 h2 h3 h4 pre code section article template");

    private static final boolean[] BREAKING = new boolean[256];

    static {
        String signs = "'\";-+*^|&{})/,`>=:?";
        for (int i = 0; i < signs.length(); i++) {
            BREAKING[signs.charAt(i)] = true;
        }
    }

    /** How far behind the making of an element its address may be set. */
    private static final int NEAR = 120;

    /** The longest value that is a string left, a call of print and what makes up for the rest. */
    private static final int LONGEST_PROOF = 64;

    private final HtmlValue value;
    private Text text;
    private byte[] b;
    private int n;

    ScriptCalls(HtmlValue value) {
        this.value = value;
    }

    void begin() {
        text = value.text();
        b = text.bytes();
        n = text.length();
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
        if (end == open && text.startsWith("?.", open - 2)) {
            // alert?.(1)
            end -= 2;
        }
        if (end > 0 && b[end - 1] == ']') {
            return indexed(end - 1, open);
        }
        if (end > 0 && b[end - 1] == ')') {
            // (alert)(1)
            boolean wrapped =
                    text.startsWith("alert", end - 6)
                            || text.startsWith("(eval", end - 6)
                            || chosen(end - 1);
            if (wrapped) {
                value.raise(80, "script-call", end - 6, open + 1);
            }
            return wrapped ? 1 : 0;
        }
        int start = end;
        while (start > 0
                && end - start < 32
                && b[start - 1] != '-'
                && HtmlValue.nameByte(b[start - 1] & 0xff)) {
            start--;
        }
        return start == end ? 0 : named(start, end, open);
    }

    /** {@code (alert||x)(1)}: a function that an expression in parentheses leaves over. */
    private boolean chosen(int close) {
        int k = close - 1;
        int word = close;
        while (k > 0 && close - k < 32 && b[k] != '(' && b[k] != ')') {
            boolean edge = !HtmlValue.nameByte(b[k] & 0xff);
            if (edge) {
                if (HtmlWords.CALLS.code(b, k + 1, word) == HtmlWords.SHOWS) {
                    return true;
                }
                word = k;
            }
            k--;
        }
        return text.at(k) == '('
                && word < close
                && HtmlWords.CALLS.code(b, k + 1, word) == HtmlWords.SHOWS;
    }

    /** window['alert'](1), top[/al/.source+/ert/.source](1): back to the bracket that opens. */
    private int indexed(int close, int open) {
        int depth = 0;
        int k = close;
        int limit = Math.max(0, close - 200);
        while (k > limit) {
            depth += b[k] == ']' ? 1 : b[k] == '[' ? -1 : 0;
            if (depth == 0) {
                break;
            }
            k--;
        }
        int start = k;
        while (start > 0 && k - start < 12 && HtmlValue.letter(b[start - 1] & 0xff)) {
            start--;
        }
        int first = text.at(k + 1);
        boolean computed =
                first == '\'' || first == '"' || first == '/' || first == '`' || first == '(';
        if (computed && OWNERS.code(b, start, k) != 0) {
            value.raise(80, "script-call", start, open + 1);
            return 1;
        }
        return 0;
    }

    private int named(int start, int end, int open) {
        int code = HtmlWords.CALLS.code(b, start, end);
        if (code == 0) {
            style(start, end, open);
            if (printed(start, end, open)) {
                value.raise(85, "script-call", start, open + 1);
            }
            return 0;
        }
        int before = text.at(start - 1);
        boolean broken = before >= 0 && BREAKING[before];
        if (namedInProse(start, before, open)) {
            value.raise(30, "script-call", start, open + 1);
            return 0;
        }
        if (code == HtmlWords.SHOWS && before == ' ' && behindWord(start - 1)) {
            value.raise(60, "script-call", start, open + 1);
            return 0;
        }
        boolean asked = before == '(' && text.startsWith("if ", start - 4);
        boolean line = before == ' ' || before == '\n';
        if (code == HtmlWords.SHOWS && (line || asked) && sentence(open, asked ? 2 : 3)) {
            value.raise(50, "script-call", start, open + 1);
            return 0;
        }
        if (code == HtmlWords.SHOWS) {
            boolean literal = literal(open) || text.at(text.skipSpace(open + 1)) == ')';
            boolean owned =
                    before == '.'
                            && (text.startsWith("window", start - 7)
                                    || text.startsWith("self", start - 5)
                                    || text.startsWith("top", start - 4)
                                    || text.startsWith("this", start - 5));
            value.raise(
                    literal
                            ? start == 0 && spokenOf(open)
                                    ? 60
                                    : broken || start == 0 || owned ? 85 : n < 300 ? 80 : 50
                            : broken ? 50 : 20,
                    "script-call",
                    start,
                    open + 1);
        } else if (code == HtmlWords.LOADS) {
            int url = text.skipSpace(open + 1) + 1;
            boolean far =
                    text.startsWith("//", url)
                            || text.startsWith("http", url)
                            || text.startsWith("data:", url);
            if (far && (start == 0 || broken || before == '.')) {
                value.raise(85, "script-load", start, url);
            }
        } else {
            runs(start, end, open, before, broken);
        }
        return 1;
    }

    /** Whether a call with no argument is how a text names a function: {@code the alert() box}. */
    private boolean namedInProse(int start, int before, int open) {
        return (before == -1 || before == ' ' && HtmlValue.letter(text.at(start - 2)))
                && text.startsWith(") ", open + 1)
                && HtmlValue.letter(text.at(open + 3));
    }

    /** {@code ';print()//}: what shows that script runs where alert is looked for. */
    private boolean printed(int start, int end, int open) {
        int before = text.at(start - 1);
        int first = text.at(0) == '\\' ? text.at(1) : text.at(0);
        int behind = text.at(open + 2);
        boolean joined = behind == '-' || behind == '+' || behind == ';' || behind == '*';
        return n <= LONGEST_PROOF
                && end - start == 5
                && text.startsWith("print", start)
                && text.at(open + 1) == ')'
                && (first == '\'' || first == '"' || first == '`')
                && (before == ';' || before == '-' || before == '+' || before == '*')
                && (text.startsWith("//", open + 2) || text.startsWith(";//", open + 2) || joined);
    }

    /**
     * Whether a word, a space and nothing else stand before a call, as in {@code what does alert(1)
     * do}: no grammar of scripts has two words side by side in a line, but for its own.
     */
    private boolean behindWord(int space) {
        int start = space;
        while (start > 0 && HtmlValue.letter(b[start - 1] & 0xff)) {
            start--;
        }
        int before = text.at(start - 1);
        return space - start >= 2
                && (before == ' ' || before == -1)
                && LEADING.code(b, start, space) == 0;
    }

    /** Whether so many spaces stand in quotes, the argument: a program talks to its user. */
    private boolean sentence(int open, int least) {
        int start = text.skipSpace(open + 1);
        int quote = text.at(start);
        int spaces = 0;
        int i = start + 1;
        while (i < n && i - start < 200 && b[i] != quote && b[i] != '<' && b[i] != '(') {
            spaces += b[i] == ' ' ? 1 : 0;
            i++;
        }
        return (quote == '\'' || quote == '"') && spaces >= least && text.at(i) == quote;
    }

    /** Whether three words follow a call that begins a value: it is what the sentence is about. */
    private boolean spokenOf(int open) {
        int i = text.find(")", open, Math.min(n, open + 32));
        if (i < 0) {
            return false;
        }
        i++;
        int words = 0;
        while (words < 3 && text.at(i) == ' ' && HtmlValue.letter(text.at(i + 1))) {
            i++;
            while (HtmlValue.letter(text.at(i))) {
                i++;
            }
            i += text.at(i) == ',' || text.at(i) == '.' ? 1 : 0;
            words++;
        }
        return words == 3;
    }

    /** A call that runs its argument, or writes it into the page. */
    private void runs(int start, int end, int open, int before, boolean broken) {
        boolean method = before == '.';
        boolean literal = literal(open);
        int points;
        if (text.startsWith("createelement", start) && inert(open)) {
            points = 10;
        } else if (text.startsWith("settimeout(alert", start)
                || text.startsWith("setinterval(alert", start)) {
            points = 85;
        } else if (text.startsWith("createelement", start)
                && !value.rich()
                && scriptNamed(open)
                && sourced(open)) {
            points = 85;
        } else if (text.startsWith("fromcharcode", start)
                || method && text.startsWith("document.", start - 9)) {
            points = 75;
        } else if (text.startsWith("createelement", start) && scriptNamed(open) && n < 300) {
            points = 85;
        } else if (text.startsWith("eval", start) && end - start == 4 && !method) {
            points = n < 400 && (start == 0 || broken && before != '/' || literal) ? 80 : 50;
        } else if (!method && literal) {
            points = (broken || start == 0) && n < 300 ? 80 : 35;
        } else {
            points = 10;
        }
        value.raise(points, "script-call", start, open + 1);
    }

    /** Whether the argument is the name of the element that runs script. */
    private boolean scriptNamed(int open) {
        int at = text.skipSpace(open + 1);
        int quote = text.at(at);
        return (quote == '\'' || quote == '"' || quote == '`')
                && text.startsWith("script", at + 1)
                && text.at(at + 7) == quote;
    }

    /** Whether an element that is made at {@code open} is given an address, then or soon. */
    private boolean sourced(int open) {
        int at = text.find(".src", open, Math.min(n, open + NEAR));
        return at > 0 && text.at(text.skipSpace(at + 4)) == '=';
    }

    /** Whether the argument is the name of an element that does nothing by itself. */
    private boolean inert(int open) {
        int quote = text.at(open + 1);
        int end = open + 2;
        while (HtmlValue.nameByte(text.at(end))) {
            end++;
        }
        return (quote == '\'' || quote == '"')
                && text.at(end) == quote
                && text.at(end + 1) == ')'
                && INERT.code(b, open + 2, end) != 0;
    }

    /** Whether the argument behind {@code open} is a literal, or a name that only script has. */
    private boolean literal(int open) {
        int at = text.skipSpace(open + 1);
        int c = text.at(at);
        if (c == '\'' || c == '"' || c == '`' || c == '/' || c >= '0' && c <= '9') {
            return true;
        }
        int end = open + 1;
        while (end < n && end - open < 12 && HtmlValue.letter(b[end] & 0xff)) {
            end++;
        }
        return VALUES.code(b, open + 1, end) != 0;
    }

    /** expression(), which old browsers ran in a style, split by comments or not. */
    private void style(int start, int end, int open) {
        if (text.startsWith("expression", end - 10)) {
            boolean styled = text.find(":", Math.max(0, end - 40), end) >= 0;
            value.raise(styled ? 90 : 30, "style-expression", end - 10, open + 1);
        } else if ((text.startsWith("ession", start) || text.startsWith("pression", start))
                && text.at(start - 1) == '/') {
            value.raise(95, "style-expression", start, open + 1);
        } else if (text.startsWith("alert", end - 5)
                && text.find("script", start, end) >= 0
                && text.find("/script", open, Math.min(n, open + 80)) > 0) {
            // a tag whose brackets something took out or wrote otherwise
            value.raise(80, "bare-script-tag", start, open + 1);
        } else if (text.startsWith("constructor", start)) {
            value.raise(member(start) ? 20 : 60, "constructor", start, open + 1);
        }
    }

    /**
     * Whether the name at {@code at} begins a member of a class: {@code class A{constructor(x){}}}.
     */
    private boolean member(int at) {
        int i = at - 1;
        while (i > 0 && (b[i] == ' ' || b[i] == '\n')) {
            i--;
        }
        int c = text.at(i);
        return c == ';' || c == '}' || c == '{' && text.at(i - 1) != '{';
    }

    /** alert`1`; `alert` is a name in type. */
    void template(int at) {
        int start = at;
        while (start > 0 && at - start < 20 && HtmlValue.letter(b[start - 1] & 0xff)) {
            start--;
        }
        if (HtmlWords.CALLS.code(b, start, at) == HtmlWords.SHOWS && text.at(start - 1) != '`') {
            value.raise(85, "script-call", start, at + 1);
        }
    }
}
