package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/**
 * Finds script in a value, in the contexts where a page may put it: as content ({@link HtmlTags}),
 * inside an attribute's quotes, inside a script's string ({@link ScriptShapes}, {@link
 * ScriptCalls}), as a URL ({@link ScriptUrls}), inside a style.
 *
 * <p>One pass from left to right; each byte that can begin or end a shape has the shape tried there
 * with bounded look-ahead and look-behind. What a tag may do decides its points, and where the
 * value stands: a form may hold an editor's markup, a query or cookie never does. Sources: the HTML
 * standard's tokenizer, OWASP's XSS filter evasion cheat sheet, PortSwigger's XSS cheat sheet.
 */
@HotPath
public final class XssJudge implements Judge {
    private static final int MOST_TAGS = 256;
    private static final int MOST_JOINS = 64;

    /** Bytes that can spell any program by themselves (JSFuck). */
    private static final boolean[] NOTHING_BUT_SIGNS = new boolean[256];

    static {
        for (byte c : new byte[] {'[', ']', '(', ')', '!', '+'}) {
            NOTHING_BUT_SIGNS[c] = true;
        }
    }

    /**
     * A longer tag that is shown is read as if it were none, so that each byte is read few times.
     */
    private static final int LONGEST_SHOWN = 256;

    private final HtmlValue value = new HtmlValue();
    private final ScriptUrls urls = new ScriptUrls(value);
    private final HtmlTags tags = new HtmlTags(value, urls);
    private final ScriptShapes script = new ScriptShapes(value);
    private final ScriptCalls calls = new ScriptCalls(value);
    private final JoinedStrings strings = new JoinedStrings();

    @Override
    public void judge(Text text, PartKind part, Judgement judgement) {
        value.read(text, part, judgement);
        urls.begin();
        tags.begin();
        script.begin();
        calls.begin();
        strings.begin(text);
        byte[] b = text.bytes();
        int n = text.length();
        int opened = 0;
        int joins = 0;
        int called = 0;
        int run = 0;
        boolean shows = showsCode(text);
        int code = 0;
        for (int i = 0; i < n; i++) {
            if (shows && b[i] == '<' && i >= code && opensCode(text, i)) {
                code = endOfCode(text, i);
                i = text.find(">", i, n);
                continue;
            } else if (i < code && (b[i] == '<' || text.startsWith("&lt;", i))) {
                i = endOfShown(text, i, code);
            }
            run = NOTHING_BUT_SIGNS[b[i] & 0xff] ? run + 1 : b[i] == ' ' ? run : 0;
            if (run == 40 && b[i] != ' ' && text.find("[", i - 39, i) >= 0) {
                value.raise(90, "signs-only-script", Math.max(0, i - 39), i + 1);
            }
            switch (b[i]) {
                case '<' -> {
                    if (opened < MOST_TAGS && tags.tag(i)) {
                        opened++;
                    }
                }
                case ':' -> urls.scheme(i);
                case '=' -> script.assignment(i);
                case '(' -> called += calls.call(i);
                case '`' -> {
                    if (i > 4) {
                        calls.template(i);
                    }
                }
                case '.' -> script.property(i);
                case ',', '\n' -> script.reference(i);
                case '/', ']' -> encodedTag(text, i);
                case '+' -> {
                    style(text, i);
                    if (joins < MOST_JOINS && strings.hidesName(i)) {
                        value.raise(85, "joined-name", Math.max(0, i - 12), i + 12);
                    }
                    joins++;
                }
                case '&', '@', '-' -> style(text, i);
                default -> {}
            }
        }
        if (called >= 2 && !value.page()) {
            value.add(20);
        }
        if (text.has(Text.PADDED)) {
            value.raise(85, "padded-reference", 0, Math.min(n, 16));
        }
    }

    /**
     * Whether the value is markup with code in it whose own markup is escaped, as editors write it:
     * outside of what is code there are as many tags as were not escaped, and all inside were.
     */
    private boolean showsCode(Text text) {
        if (!value.rich() || text.find("<p", 0, text.length()) < 0 && text.at(0) != '<') {
            return false;
        }
        if (!text.has(Text.ENTITY)) {
            return escapedCode(text);
        }
        if (text.plainAngles() < 2) {
            return false;
        }
        byte[] b = text.bytes();
        int outside = 0;
        boolean any = false;
        for (int i = 0; i < text.length(); i++) {
            if (b[i] == '<') {
                outside++;
                if (opensCode(text, i)) {
                    any = true;
                    i = endOfCode(text, i);
                    if (i < 0) {
                        return false;
                    }
                }
            }
        }
        return any && outside == text.plainAngles();
    }

    /** Whether all code in the markup, its escapes not undone, is escaped markup. */
    private static boolean escapedCode(Text text) {
        boolean any = false;
        byte[] b = text.bytes();
        for (int i = 0; i < text.length(); i++) {
            if (b[i] == '<' && opensCode(text, i)) {
                int end = endOfCode(text, i);
                if (end < 0 || text.find("<", i + 1, end) >= 0 || text.find("&lt;", i, end) < 0) {
                    return false;
                }
                any = true;
                i = end;
            }
        }
        return any;
    }

    private static boolean opensCode(Text text, int at) {
        boolean outer = text.startsWith("pre>", at + 1) && text.startsWith("<code", at + 5);
        return text.startsWith("code>", at + 1)
                || text.startsWith("code ", at + 1) && described(text, at + 5)
                || text.startsWith("pre>", at + 1) && !outer
                || text.startsWith("pre ", at + 1) && described(text, at + 4);
    }

    /** Whether a tag's attributes, to its end, only name and describe it. */
    private static boolean described(Text text, int from) {
        int i = text.skipSpace(from);
        while (text.at(i) != '>') {
            boolean plain =
                    text.startsWith("class=", i)
                            || text.startsWith("id=", i)
                            || text.startsWith("lang=", i)
                            || text.startsWith("data-", i);
            int equals = plain ? text.find("=", i, Math.min(text.length(), i + 32)) : -1;
            int quote = text.at(equals + 1);
            if (equals < 0 || quote != '"' && quote != '\'') {
                return false;
            }
            int end = text.find(quote == '"' ? "\"" : "'", equals + 2, text.length());
            if (end < 0 || text.find("<", i, end) >= 0) {
                return false;
            }
            i = text.skipSpace(end + 1);
        }
        return true;
    }

    private static String closingTag(Text text, int at) {
        return text.startsWith("code", at + 1) ? "</code>" : "</pre>";
    }

    /** The position before the tag that closes the code which opens at {@code at}, or -1. */
    private static int endOfCode(Text text, int at) {
        int end = text.find(closingTag(text, at), at, text.length());
        return end < 0 ? -1 : end - 1;
    }

    /** The end of a shown tag at {@code at}, or {@code at}: an open quote may end a string. */
    private static int endOfShown(Text text, int at, int stop) {
        int end =
                text.find(
                        text.at(at) == '<' ? ">" : "&gt;",
                        at,
                        Math.min(stop, at + LONGEST_SHOWN) + 1);
        int single = 0;
        int twofold = 0;
        for (int i = at; i < end; i++) {
            single += text.at(i) == '\'' ? 1 : 0;
            twofold += text.at(i) == '"' ? 1 : 0;
        }
        return end < 0 || single % 2 + twofold % 2 > 0 ? at : end;
    }

    /**
     * A closing tag of script whose angle brackets some decoder makes: {@code \\xBC/script\\xBE} in
     * US-ASCII of seven bits, {@code [\\xC0][\\xBC]/script>}.
     */
    private void encodedTag(Text text, int at) {
        byte[] b = text.bytes();
        int slash = b[at] == ']' ? at + 1 : at;
        if (text.at(slash) != '/' || !text.startsWith("script", slash + 1) || at == 0) {
            return;
        }
        boolean high = slash == at && quarter(b, at - 1);
        boolean named = slash > at && text.at(slash + 7) == '>';
        int open = text.find("script", Math.max(0, at - 200), at - 6);
        if (open > 0 && (high && quarter(b, open - 1) || named)) {
            value.raise(85, "encoded-script-tag", open - 1, slash + 7);
        }
    }

    /** Whether the byte at {@code at} is 0xBC by itself or as U+00BC, and no part of a letter. */
    private static boolean quarter(byte[] b, int at) {
        return (b[at] & 0xff) == 0xbc && (at == 0 || b[at - 1] >= 0 || (b[at - 1] & 0xff) == 0xc2);
    }

    /** Old browsers' further ways from a style or an encoding to script. */
    private void style(Text text, int i) {
        if (text.startsWith("&{()}", i)) {
            // the end of a probe that holds every sign of importance
            value.raise(80, "probe", Math.max(0, i - 16), i + 5);
        } else if (text.startsWith("&{", i) && text.find("}", i, i + 200) > 0) {
            value.raise(45, "javascript-entity", i, i + 8);
        } else if (text.startsWith("@import", i) && quoted(text, text.skipSpace(i + 7))) {
            value.raise(60, "style-import", i, i + 8);
        } else if (text.startsWith("-moz-binding", i)) {
            value.raise(90, "style-binding", i, i + 12);
        } else if (text.startsWith("+adw-", i)) {
            value.raise(100, "utf7", i, i + 5);
        }
    }

    private static boolean quoted(Text text, int at) {
        int c = text.at(at);
        return c == '\'' || c == '"' || text.startsWith("url", at) || text.startsWith("http", at);
    }
}
