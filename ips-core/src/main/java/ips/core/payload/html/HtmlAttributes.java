package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * The attributes of a tag, read over at most {@value #REACH} bytes: handlers of events, directives
 * of frameworks, styles, and URLs that run or fetch something. Owned by one {@link HtmlTags}.
 */
@HotPath
final class HtmlAttributes {
    private static final int REACH = 512;

    private static final Words PICTURES = Words.of("img video audio source picture track");

    private static final Words FILES =
            Words.of("png jpg jpeg gif webp svg avif bmp ico mp3 mp4 ogg webm wav vtt");

    /** Attributes that frameworks of the browser take for code. */
    private static final Words BINDINGS =
            Words.of(
                    "ng-app ng-init ng-focus ng-click ng-csp ng-bind-html ng-include v-html v-on"
                            + " v-bind x-init x-data x-html x-on hx-on");

    private final ScriptUrls urls;
    private final HtmlValue value;
    private Text text;
    private byte[] b;
    private int n;

    HtmlAttributes(HtmlValue value, ScriptUrls urls) {
        this.value = value;
        this.urls = urls;
    }

    void begin() {
        text = value.text();
        b = text.bytes();
        n = text.length();
    }

    private int nameEnd(int from) {
        int i = from;
        while (i < n && i - from < 40 && HtmlValue.nameByte(b[i] & 0xff)) {
            i++;
        }
        return i;
    }

    /**
     * A picture or a player as editors write it: what it shows is a path or a web address in
     * quotes, and the tag is complete.
     */
    boolean pictured(int start, int end) {
        if (PICTURES.code(b, start, end) == 0) {
            return false;
        }
        int limit = Math.min(n, end + REACH);
        int close = text.find(">", end, limit);
        int source = text.find(" src=", end, limit);
        if (source < 0 || source > close) {
            return close == end || text.startsWith(" controls", end);
        }
        int quote = text.at(source + 5);
        int url = source + 6;
        boolean address =
                text.startsWith("https://", url)
                        || text.startsWith("http://", url)
                        || text.at(url) == '/' && text.at(url + 1) != '/'
                        || HtmlValue.letter(text.at(url)) && extended(url, quote);
        return (quote == '"' || quote == '\'') && address && !oddHost(url) && !asked(url, quote);
    }

    /** Whether a URL asks a script for something: a query behind what is no picture. */
    private boolean asked(int url, int quote) {
        int i = url;
        while (i < n && i - url < REACH && b[i] != quote && b[i] != '?') {
            i++;
        }
        return text.at(i) == '?' && FILES.code(b, text.find(".", i - 5, i) + 1, i) == 0;
    }

    /** Whether a path of a file with an extension ends at the quote: {@code images/a.jpg}. */
    private boolean extended(int from, int quote) {
        int i = from;
        while (i < n
                && i - from < REACH
                && (HtmlValue.nameByte(b[i] & 0xff) || b[i] == '/' || b[i] == '.')) {
            i++;
        }
        return text.at(i) == quote && text.find(".", i - 5, i) > 0;
    }

    void judge(int at, int name, int from, int kind) {
        int limit = Math.min(n, from + REACH);
        int i = from;
        while (i < limit) {
            while (i < limit && !HtmlValue.letter(b[i] & 0xff) && b[i] != '>' && b[i] != '<') {
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
            while (i < limit && (HtmlValue.nameByte(b[i] & 0xff) || b[i] == ':')) {
                i++;
            }
            int end = i;
            int equals = text.skipSpace(i);
            if (b[start] == 'o'
                    && text.at(start + 1) == 'n'
                    && end - start > 4
                    && (text.at(equals) == '=' || junkThenEquals(end))) {
                int over = text.at(equals) == '=' ? harmless(text.skipSpace(equals + 1)) : -1;
                if (over < 0) {
                    value.raise(100, "event-handler", at, equals + 1);
                    return;
                }
                value.harmless(start, over);
                i = over;
                continue;
            }
            if (BINDINGS.code(b, start, end) != 0
                    || text.startsWith("v-on:", start)
                    || text.startsWith("ng-mouse", start)) {
                value.raise(90, "framework-directive", at, end);
            }
            if (text.at(equals) != '=') {
                continue;
            }
            int content = text.skipSpace(equals + 1);
            int quote = text.at(content);
            if (quote == '"' || quote == '\'' || quote == '`') {
                content++;
                content += text.at(content) == ';' ? 1 : 0;
            }
            attribute(at, name, kind, start, end, content);
            i = content;
            if (quote == '"' || quote == '\'' || quote == '`') {
                int close = content;
                while (close < limit && b[close] != quote) {
                    close++;
                }
                i = close < limit ? close + 1 : content;
            } else {
                while (i < limit && b[i] != ' ' && b[i] != '\n' && b[i] != '>' && !nextTag(i)) {
                    i++;
                }
            }
        }
    }

    /**
     * The position behind a handler's content in quotes that does nothing, or only gives its own
     * element another look: {@code onerror="this.src='none.png'"}. -1 where it may do more.
     */
    private int harmless(int open) {
        int quote = text.at(open);
        if (!value.rich()) {
            return -1;
        }
        if (quote == '{') {
            return component(open + 1);
        }
        if (quote != '"' && quote != '\'') {
            return -1;
        }
        int limit = Math.min(n, open + 200);
        int i = text.skipSpace(open + 1);
        if (text.startsWith("return false", i)) {
            int end = i + 12;
            end += text.at(end) == ';' ? 1 : 0;
            return text.at(end) == quote ? end + 1 : -1;
        }
        while (i < limit && b[i] != quote) {
            if (!text.startsWith("this.", i)) {
                return -1;
            }
            i += text.startsWith("style.", i + 5) ? 11 : 5;
            while (i < limit && HtmlValue.nameByte(b[i] & 0xff)) {
                i++;
            }
            i = text.skipSpace(i);
            i = text.at(i) == '=' ? literal(text.skipSpace(i + 1), quote) : -1;
            if (i < 0) {
                return -1;
            }
            i = text.skipSpace(i);
            i = text.at(i) == ';' ? text.skipSpace(i + 1) : i;
        }
        return i < limit ? i + 1 : -1;
    }

    /**
     * The position behind a handler as components written in JavaScript have it, {@code
     * onClick={save}}, {@code onClick={(e) => save(e)}}: to a page it is a block that calls
     * nothing. -1 where it is another.
     */
    private int component(int from) {
        int i = text.skipSpace(from);
        if (text.startsWith("async ", i)) {
            i += 6;
        }
        boolean listed = text.at(i) == '(';
        int end = listed ? i + 1 : i;
        while (end < n
                && end - i < 64
                && (HtmlValue.nameByte(b[end] & 0xff)
                        || b[end] == '.' && !listed
                        || (b[end] == ',' || b[end] == ' ') && listed)) {
            end++;
        }
        if (listed && text.at(end++) != ')') {
            return -1;
        }
        int next = text.skipSpace(end);
        return text.startsWith("=>", next) ? next + 2 : !listed && text.at(end) == '}' ? end : -1;
    }

    /** The position behind null or a string of letters, digits and paths at {@code from}, or -1. */
    private int literal(int from, int outer) {
        if (text.startsWith("null", from)) {
            return from + 4;
        }
        int inner = text.at(from);
        if (inner == outer || inner != '"' && inner != '\'') {
            return -1;
        }
        int i = from + 1;
        while (i < n
                && i - from < 100
                && (HtmlValue.nameByte(b[i] & 0xff)
                        || b[i] == '/' && b[i - 1] != '/'
                        || b[i] == '.'
                        || b[i] == '#'
                        || b[i] == ' ')) {
            i++;
        }
        return text.at(i) == inner ? i + 1 : -1;
    }

    /** Whether a further tag opens at {@code at}: it has its attributes read by itself. */
    private boolean nextTag(int at) {
        if (b[at] != '<') {
            return false;
        }
        int c = text.at(at + 1);
        return HtmlValue.letter(c) || c == ';' || c == '%' || c == '\\' || c == '/';
    }

    /** onload!#$%&()*~+-_.,:;?@[/|\]^`= works in some browsers. */
    private boolean junkThenEquals(int from) {
        for (int i = from; i < n && i < from + 40; i++) {
            if (b[i] == '=') {
                return true;
            }
            if (HtmlValue.letter(b[i] & 0xff) || b[i] == '>') {
                return false;
            }
        }
        return false;
    }

    private void attribute(int at, int name, int kind, int start, int end, int from) {
        int length = end - start;
        if (text.startsWith("style", start) && length == 5) {
            style(at, from);
            return;
        }
        if (text.startsWith("srcdoc", start)
                || text.startsWith("datafld", start)
                || text.startsWith("dataformatas", start)
                || text.startsWith("datasrc", start)
                || text.startsWith("http-equiv", start) && !typed(from)
                || text.startsWith("classid", start)
                || text.startsWith("allowscriptaccess", start)
                || text.startsWith("fscommand", start)
                || text.startsWith("implementation", start)
                || text.startsWith("attributename", start)) {
            value.raise(95, "attribute", at, from + 8);
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
        boolean nothing =
                value.rich() && text.startsWith("javascript:void(0", from) && closes(from + 17);
        if (url && !nothing) {
            url(at, name, kind, start, from);
        }
    }

    /** The content of a {@code style} from {@code from} on. */
    private void style(int at, int from) {
        int stop = Math.min(n, from + 300);
        if (text.find("expression", from, stop) >= 0
                || text.find("behavior", from, stop) >= 0
                || text.find("binding", from, stop) >= 0
                || text.find("javascript", from, stop) >= 0
                || text.find("pression(", from, stop) >= 0
                || text.find("\\", from, stop) >= 0) {
            value.raise(100, "style-script", at, from + 10);
        } else if (text.find("url(", from, stop) >= 0) {
            value.raise(60, "style-url", at, from + 10);
        }
    }

    /** A URL from {@code from} on, of the attribute at {@code start}. */
    private void url(int at, int name, int kind, int start, int from) {
        if (urls.data(from)
                || urls.scriptUrl(from)
                || text.startsWith("xlink", start) && text.startsWith("file:", from)) {
            value.raise(100, "script-url", at, from + 12);
        } else if (kind == HtmlWords.ACTIVE) {
            value.raise(100, "active-tag", at, from + 8);
        } else if (kind == HtmlWords.RISKY && value.rich() && pictured(name, nameEnd(name))) {
            value.raise(45, "tag-url", at, from + 8);
        } else if (kind == HtmlWords.RISKY) {
            boolean form =
                    text.startsWith("form", name)
                            || text.startsWith("link", name)
                            || text.startsWith("svg", name)
                            || text.startsWith("button", name)
                            || text.startsWith("input", name);
            boolean own = value.rich() && !text.startsWith("svg", name) && local(from);
            value.raise(form && !own || value.bare() ? 80 : 45, "tag-url", at, from + 8);
        } else {
            boolean odd = oddHost(from);
            boolean link =
                    !odd && (text.startsWith("https://", from) || text.startsWith("mailto:", from));
            value.raise(value.rich() && !odd ? 30 : link ? 70 : 80, "tag-url", at, from + 8);
        }
    }

    /** Whether a call and the attribute around it end at {@code at}: {@code );"}. */
    private boolean closes(int at) {
        int quote = text.at(at + 1) == ';' ? at + 2 : at + 1;
        return text.at(at) == ')' && (text.at(quote) == '"' || text.at(quote) == '\'');
    }

    /** Whether a meta element tells of the page, and has nothing done: its name, its type. */
    boolean described(int from) {
        int at = text.skipSpace(from);
        int quoted = at + 12;
        return text.startsWith("name=", at)
                || text.startsWith("charset=", at) && ascii(at + 9)
                || text.startsWith("property=", at)
                || text.startsWith("http-equiv=", at) && typed(quoted);
    }

    /** Whether a character set's name, quoted or not, is one in which markup is ASCII. */
    private boolean ascii(int quoted) {
        boolean quote = text.at(quoted - 1) == '"' || text.at(quoted - 1) == '\'';
        int at = quote ? quoted : quoted - 1;
        return text.startsWith("utf-8", at)
                || text.startsWith("iso-8859", at)
                || text.startsWith("windows-", at)
                || text.startsWith("us-ascii", at);
    }

    /** Whether a header of that name is what pages repeat of how they are to be read. */
    private boolean typed(int at) {
        return value.rich()
                && (text.startsWith("content-type", at)
                        || text.startsWith("content-language", at)
                        || text.startsWith("x-ua-compatible", at)
                        || text.startsWith("cache-control", at)
                        || text.startsWith("expires", at)
                        || text.startsWith("pragma", at));
    }

    /** Whether a URL leads to the site it stands on: a path with no host before it. */
    private boolean local(int from) {
        int i = from;
        while (i < n
                && i - from < REACH
                && (HtmlValue.nameByte(b[i] & 0xff) || b[i] == '/' || b[i] == '.')) {
            i++;
        }
        int c = text.at(i);
        return i > from && !text.startsWith("//", from) && (c == '"' || c == '\'' || c == '?');
    }

    /**
     * A frame as sites offer it to be embedded: a web address and a size, in quotes, and the tag is
     * complete.
     */
    boolean embedded(int start, int end) {
        if (end - start != 6 || !text.startsWith("iframe ", start)) {
            return false;
        }
        int limit = Math.min(n, end + REACH);
        int close = text.find(">", end, limit);
        int source = close < 0 ? -1 : text.find(" src=\"https://", end, close);
        return source > 0
                && !oddHost(source + 6)
                && text.find(" width=\"", end, close) > 0
                && text.find(" height=\"", end, close) > 0;
    }

    /** Whether a URL's host is a number, or its scheme is broken up: nobody links like that. */
    private boolean oddHost(int from) {
        int i = from;
        int spaces = 0;
        while (i < n && i < from + 16 && b[i] != ':' && b[i] != '/') {
            spaces += b[i] == ' ' || b[i] == '\n' ? 1 : 0;
            i++;
        }
        if (spaces > 0 && text.at(i) == ':' && text.startsWith("h", from)) {
            return true;
        }
        i += text.at(i) == ':' ? 1 : 0;
        while (text.at(i) == '/') {
            i++;
        }
        int start = i;
        boolean digits = true;
        boolean padded = false;
        while (i < n && i - start < 64 && (HtmlValue.nameByte(b[i] & 0xff) || b[i] == '.')) {
            boolean leads = i == start || b[i - 1] == '.';
            padded |= leads && b[i] == '0' && (text.at(i + 1) == 'x' || text.at(i + 1) == '0');
            digits &= b[i] >= '0' && b[i] <= '9';
            i++;
        }
        return padded || digits && i - start >= 7;
    }
}
