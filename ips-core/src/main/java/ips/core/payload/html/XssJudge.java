package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/**
 * Finds script in a value, in the contexts where a page may put it: as content ({@link HtmlTags}),
 * inside an attribute's quotes, inside a script's string ({@link ScriptShapes}), as a URL ({@link
 * ScriptUrls}), inside a style.
 *
 * <p>One pass from left to right; each byte that can begin or end a shape has the shape tried there
 * with bounded look-ahead and look-behind. What a tag may do decides its points, and where the
 * value stands: a form may hold an editor's markup, a query or cookie never does. Sources: the HTML
 * standard's tokenizer, OWASP's XSS filter evasion cheat sheet, PortSwigger's XSS cheat sheet.
 */
@HotPath
public final class XssJudge implements Judge {
    private static final int MOST_TAGS = 256;

    /** Bytes that can spell any program by themselves (JSFuck). */
    private static final boolean[] NOTHING_BUT_SIGNS = new boolean[256];

    static {
        for (byte c : new byte[] {'[', ']', '(', ')', '!', '+'}) {
            NOTHING_BUT_SIGNS[c] = true;
        }
    }

    private final HtmlValue value = new HtmlValue();
    private final ScriptUrls urls = new ScriptUrls(value);
    private final HtmlTags tags = new HtmlTags(value, urls);
    private final ScriptShapes script = new ScriptShapes(value);

    @Override
    public void judge(Text text, PartKind part, Judgement judgement) {
        value.read(text, part, judgement);
        urls.begin();
        tags.begin();
        script.begin();
        byte[] b = text.bytes();
        int n = text.length();
        int opened = 0;
        int calls = 0;
        int run = 0;
        for (int i = 0; i < n; i++) {
            run = NOTHING_BUT_SIGNS[b[i] & 0xff] ? run + 1 : b[i] == ' ' ? run : 0;
            if (run == 40 && b[i] != ' ') {
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
                case '(' -> calls += script.call(i);
                case '`' -> {
                    if (i > 4) {
                        script.template(i);
                    }
                }
                case '.' -> script.property(i);
                case '&', '@', '-', '+' -> style(text, i);
                default -> {}
            }
        }
        if (calls >= 2) {
            value.add(20);
        }
    }

    /** Old browsers' further ways from a style or an encoding to script. */
    private void style(Text text, int i) {
        if (text.startsWith("&{", i) && text.find("}", i, i + 200) > 0) {
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
