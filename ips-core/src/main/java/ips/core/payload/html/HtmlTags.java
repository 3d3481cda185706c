package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Tags, read as an HTML5 tokenizer would (WHATWG HTML, 13.2.5): a slash is as good as a space, an
 * attribute needs no value, quotes need no end. Each is read over at most {@value #TAG_REACH}
 * bytes, and the scan goes on behind the tag's name, so that tags inside tags are read as well.
 */
@HotPath
final class HtmlTags {
    private static final int TAG_REACH = 512;

    private static final Words NAMESPACES = Words.of("svg html xhtml math");

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

    HtmlTags(HtmlValue value, ScriptUrls urls) {
        this.value = value;
        this.urls = urls;
    }

    void begin() {
        text = value.text();
        b = text.bytes();
        n = text.length();
    }

    /** A tag that opens at {@code at}; whether it is one. */
    boolean tag(int at) {
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
                value.raise(40, "cdata", at, i + 8);
                return true;
            }
            if (text.startsWith("--", i + 1)) {
                boolean conditional = text.startsWith("[if", i + 3) || text.startsWith("#", i + 3);
                value.raise(conditional ? 90 : 20, "markup-comment", at, i + 6);
                return true;
            }
            if (text.startsWith("[endif", i + 1)) {
                value.raise(80, "markup-comment", at, i + 6);
                return true;
            }
            return false;
        }
        if (c == '?') {
            if (text.startsWith("xml-stylesheet", i + 1) || text.startsWith("import", i + 1)) {
                value.raise(90, "stylesheet", at, i + 12);
            }
            return false;
        }
        if (!HtmlValue.letter(c)) {
            return false;
        }
        int start = i;
        while (i < n && i - start < 40 && HtmlValue.nameByte(b[i] & 0xff)) {
            i++;
        }
        boolean namespaced = false;
        int name = HtmlWords.TAGS.code(b, start, i);
        int after = text.at(i);
        if (after == ':') {
            // a namespace: <svg:script, <html:img, <t:set
            int local = i + 1;
            int end = local;
            while (end < n && end - local < 40 && HtmlValue.nameByte(b[end] & 0xff)) {
                end++;
            }
            int code = HtmlWords.TAGS.code(b, local, end);
            boolean known = NAMESPACES.code(b, start, i) != 0;
            // any prefix may stand for the namespace of pages, but soap:body is no body
            name = code == 0 ? name : known || code == HtmlWords.ACTIVE ? code : HtmlWords.PLAIN;
            namespaced = code != 0 && known;
            i = end;
            after = text.at(i);
        }
        boolean generic =
                after == '>'
                        && at > 0
                        && HtmlValue.letter(b[at - 1] & 0xff)
                        && text.at(start - 1) == '<';
        boolean delimited =
                after == ' '
                        || after == '+'
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
            value.raise(
                    delimited
                            ? mentioned(at, i) ? 60 : 100
                            : text.startsWith("scrip", start) && after != '(' ? 60 : 20,
                    "script-tag",
                    at,
                    i);
        }
        if (closing) {
            if (name == HtmlWords.ACTIVE
                    || text.startsWith("title", start)
                    || text.startsWith("textarea", start)
                    || text.startsWith("style", start)) {
                value.raise(
                        name == HtmlWords.ACTIVE && !script ? 50 : broken ? 70 : 45,
                        "closing-tag",
                        at,
                        i);
            } else {
                value.raise(broken ? 40 : 10, "closing-tag", at, i);
            }
            return true;
        }
        if (!delimited) {
            return name != 0;
        }
        int base =
                switch (name) {
                    case HtmlWords.ACTIVE -> after == -1 ? 60 : 85;
                    case HtmlWords.RISKY -> after == -1 ? 30 : value.bare() ? 80 : 40;
                    case HtmlWords.PLAIN -> 15;
                    default -> 10;
                };
        boolean typed =
                at > 0 && HtmlValue.letter(b[at - 1] & 0xff) && !script && value.endOfCode() <= i;
        if (generic && name == HtmlWords.ACTIVE && !script
                || typed && name == HtmlWords.RISKY && n > 40) {
            // List<Object> is a type, C<use strict> is manual
            base = 30;
        } else if (name == HtmlWords.ACTIVE && mentioned(at, i)) {
            base = 50;
        } else if (name == HtmlWords.RISKY
                && value.rich()
                && (drawn(start, i) || pictured(start, i) || value.spoken(at))) {
            base = 40;
        } else if (namespaced && name != HtmlWords.PLAIN) {
            base = Math.max(base, 80);
        }
        value.raise(base + (broken ? 40 : 0), "tag", at, i);
        if (text.startsWith("style", start)
                && (text.find("{", i, i + 80) > 0 || text.find("@", i, i + 80) > 0)) {
            value.raise(85, "style-tag", at, i);
        } else if (text.startsWith("meta", start) && i - start == 4 && after != -1) {
            value.raise(80, "meta-tag", at, i);
        }
        attributes(at, start, i, name);
        return true;
    }

    /**
     * Whether a tag is one that people write about: {@code the <script> tag is used}. Words stand
     * around it, it has no attribute, and nothing behind it is code or closes it.
     */
    private boolean mentioned(int at, int end) {
        int c = text.at(end);
        int next = text.at(end + 1);
        if (c != '>' || next != ' ' && next != -1 && next != ',' && next != '.' && next != '`') {
            return false;
        }
        return (value.rich() || value.spoken(at) || at > 12)
                && text.at(end + 2) != '<'
                && value.endOfCode() <= end
                && value.spaces() >= 4;
    }

    /** An image that is drawn where it stands: {@code <svg width="10">}, and runs nothing. */
    private boolean drawn(int start, int end) {
        if (end - start != 3 || !text.startsWith("svg ", start)) {
            return false;
        }
        int at = text.skipSpace(end);
        return text.startsWith("width=", at)
                || text.startsWith("height=", at)
                || text.startsWith("viewbox=", at)
                || text.startsWith("fill=", at)
                || text.startsWith("class=", at)
                || text.startsWith("xmlns=", at);
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
    private boolean pictured(int start, int end) {
        if (PICTURES.code(b, start, end) == 0) {
            return false;
        }
        int limit = Math.min(n, end + TAG_REACH);
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
        while (i < n && i - url < TAG_REACH && b[i] != quote && b[i] != '?') {
            i++;
        }
        return text.at(i) == '?' && FILES.code(b, text.find(".", i - 5, i) + 1, i) == 0;
    }

    /** Whether a path of a file with an extension ends at the quote: {@code images/a.jpg}. */
    private boolean extended(int from, int quote) {
        int i = from;
        while (i < n
                && i - from < TAG_REACH
                && (HtmlValue.nameByte(b[i] & 0xff) || b[i] == '/' || b[i] == '.')) {
            i++;
        }
        return text.at(i) == quote && text.find(".", i - 5, i) > 0;
    }

    private static boolean markup(int after) {
        return after >= 0 && (HtmlValue.letter(after) || after == '-' || after == '_');
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
            boolean quoted = d == '"' || d == '\'' || d == '`';
            return quoted && !ownTag(i - 1) || d == '-' || i == 0 || d == ' ' && i == 1;
        }
        return false;
    }

    /**
     * Whether the quote at {@code quote} ends an attribute of a tag that the value itself opens.
     */
    private boolean ownTag(int quote) {
        int from = Math.max(0, quote - TAG_REACH);
        for (int i = quote; i >= from; i--) {
            if (b[i] == '>') {
                return false;
            }
            if (b[i] == '<') {
                int c = text.at(i + 1);
                int end = i + 1;
                while (end < quote && b[end] != ' ' && b[end] != '"' && b[end] != '\'') {
                    end++;
                }
                // <x a="b">, not <">
                return HtmlValue.letter(c) && b[end] == ' ';
            }
        }
        return false;
    }

    private void attributes(int at, int name, int from, int kind) {
        int limit = Math.min(n, from + TAG_REACH);
        int i = from;
        boolean any = false;
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
                value.raise(100, "event-handler", at, equals + 1);
                return;
            }
            if (BINDINGS.code(b, start, end) != 0
                    || text.startsWith("v-on:", start)
                    || text.startsWith("ng-mouse", start)) {
                value.raise(90, "framework-directive", at, end);
            }
            if (text.at(equals) != '=') {
                continue;
            }
            any = true;
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
            value.raise(95, "attribute", at, from + 8);
        }
        if (!url) {
            return;
        }
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
            value.raise(form || value.bare() ? 80 : 45, "tag-url", at, from + 8);
        } else {
            boolean odd = oddHost(from);
            boolean link =
                    !odd && (text.startsWith("https://", from) || text.startsWith("mailto:", from));
            value.raise(value.rich() && !odd ? 30 : link ? 70 : 80, "tag-url", at, from + 8);
        }
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
