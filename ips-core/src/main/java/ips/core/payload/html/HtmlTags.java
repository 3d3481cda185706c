package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Tags, read as an HTML5 tokenizer would (WHATWG HTML, 13.2.5): a slash is as good as a space, an
 * attribute needs no value, quotes need no end. The scan goes on behind a tag's name, so that tags
 * inside tags are read as well.
 */
@HotPath
final class HtmlTags {
    private static final int TAG_REACH = 512;

    private static final Words NAMESPACES = Words.of("svg html xhtml math");

    private final HtmlAttributes attributes;
    private final HtmlValue value;
    private Text text;
    private byte[] b;
    private int n;

    HtmlTags(HtmlValue value, ScriptUrls urls) {
        this.value = value;
        attributes = new HtmlAttributes(value, urls);
    }

    void begin() {
        text = value.text();
        b = text.bytes();
        n = text.length();
        attributes.begin();
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
                && (drawn(start, i)
                        || attributes.pictured(start, i)
                        || folded(start, i)
                        || value.spoken(at))) {
            base = 40;
        } else if (namespaced && name != HtmlWords.PLAIN) {
            base = Math.max(base, 80);
        }
        boolean embedded = value.rich() && !broken && attributes.embedded(start, i);
        value.raise(embedded ? 40 : base + (broken ? 40 : 0), "tag", at, i);
        if (text.startsWith("style", start)
                && (text.find("{", i, i + 80) > 0 || text.find("@", i, i + 80) > 0)) {
            value.raise(value.rich() && !fetches(i) ? 40 : 85, "style-tag", at, i);
        } else if (text.startsWith("meta", start)
                && i - start == 4
                && after != -1
                && !mentioned(at, i)) {
            value.raise(value.rich() && attributes.described(i) ? 30 : 80, "meta-tag", at, i);
        }
        attributes.judge(at, start, i, embedded ? HtmlWords.RISKY : name);
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

    /** A part of a text that folds away: {@code <details><summary>}. */
    private boolean folded(int start, int end) {
        return text.startsWith("details>", start)
                && text.startsWith("<summary", text.skipSpace(end + 1));
    }

    /** Whether a style sheet that begins behind {@code from} fetches something, or hides what. */
    private boolean fetches(int from) {
        int stop = Math.min(n, from + TAG_REACH);
        int first = text.skipSpace(text.find(">", from, stop) + 1);
        return text.find("@import", from, stop) > 0
                || text.find("url(", from, stop) > 0
                || text.find("<!--", first + 1, stop) > 0
                || text.find("\\", from, stop) > 0;
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
            boolean comment = d == '-' && text.find("<!--", Math.max(0, i - TAG_REACH), i) < 0;
            return quoted && !ownTag(i - 1) || comment || i == 0 || d == ' ' && i == 1;
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
                return (HtmlValue.letter(c) || c == '!') && b[end] == ' ';
            }
        }
        return false;
    }
}
