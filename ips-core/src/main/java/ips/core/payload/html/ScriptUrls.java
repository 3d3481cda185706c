package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * URLs that run script: {@code javascript:} however it is spelled, {@code data:} with a document.
 */
@HotPath
final class ScriptUrls {
    private static final String[] SCHEMES = {
        "javascript", "vbscript", "livescript", "jscript", "mocha"
    };

    private final HtmlValue value;
    private Text text;
    private byte[] b;
    private int n;

    ScriptUrls(HtmlValue value) {
        this.value = value;
    }

    void begin() {
        text = value.text();
        b = text.bytes();
        n = text.length();
    }

    void scheme(int colon) {
        int c = text.at(colon - 1);
        if (c == 'a' && text.startsWith("data:", colon - 4)) {
            if (text.startsWith("text/html", colon + 1)
                    || text.startsWith("text/javascript", colon + 1)
                    || text.startsWith("image/svg", colon + 1)
                    || text.startsWith("application/x-", colon + 1)) {
                // a drawing that stands there openly is judged by its own tags
                boolean drawn =
                        text.startsWith("image/svg", colon + 1)
                                && text.find("<svg", colon, Math.min(n, colon + 48)) > 0;
                value.raise(
                        painted(colon - 4) || drawn ? 30 : 80, "data-url", colon - 4, colon + 10);
            }
            return;
        }
        if (c == 'r'
                && (text.startsWith("behavior", colon - 8)
                        || text.startsWith("behaviour", colon - 9))) {
            if (text.startsWith("url", text.skipSpace(colon + 1))) {
                value.raise(90, "style-behavior", colon - 8, colon + 5);
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
                        || next > colon + 1 && !argument && text.find(" ", next, n) > 0;
        if (harmless || next >= n) {
            value.raise(25, "script-url", start, next);
        } else if (start == 0) {
            value.raise(argument ? 100 : 80, "script-url", start, next + 8);
        } else if (before == '"'
                || before == '\''
                || before == '='
                || before == '('
                || before == '`'
                || before == '/'
                || before == '>') {
            value.raise(
                    argument ? 90 : before == '"' || before == '\'' ? 80 : 60,
                    "script-url",
                    start,
                    next + 8);
        } else {
            value.raise(argument ? 75 : 30, "script-url", start, next + 8);
        }
    }

    /** Whether the URL at {@code at} is a style's picture, in which no script runs. */
    private boolean painted(int at) {
        int open = text.at(at - 1) == '"' || text.at(at - 1) == '\'' ? at - 1 : at;
        return value.rich()
                && text.startsWith("url(", open - 4)
                && text.startsWith("image/", at + 5);
    }

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

    /** Whether a URL at {@code from} runs script, white space and controls in between or not. */
    boolean scriptUrl(int from) {
        int i = from;
        int limit = Math.min(n, from + 80);
        int letters = 0;
        while (i < limit) {
            int c = b[i] & 0xff;
            if (c == ':') {
                return letters > 0 && scriptBefore(i) > 0;
            }
            if (HtmlValue.letter(c)) {
                letters++;
            } else if (c != ' ' && c != '\n' && c != '\\' && c < 0x80 && letters > 0) {
                return false;
            }
            i++;
        }
        return false;
    }

    boolean data(int at) {
        return text.startsWith("data:", at)
                && (text.startsWith("text", at + 5)
                        || text.startsWith(",", at + 5)
                        || text.startsWith("image/svg", at + 5)
                        || text.startsWith(";", at + 5)
                        || text.startsWith("application", at + 5));
    }
}
