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

    /** Attributes that only say how an element looks or what it is called. */
    private static final Words LOOKS =
            Words.of("type class name value placeholder title width height role lang dir min max");

    private static final Words FORM =
            Words.of("button input title label legend fieldset progress output");

    private final HtmlAttributes attributes;
    private final HtmlValue value;
    private Text text;
    private byte[] b;
    private int n;

    // The tag in hand: where its name begins and ends, what stands behind, what it is.
    private int start;
    private int end;
    private int after;
    private int name;
    private boolean namespaced;
    private boolean script;

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
        int i = nameAt(at + 1);
        if (i < 0) {
            return false;
        }
        boolean closing = text.at(i) == '/';
        if (closing) {
            i++;
        }
        int c = text.at(i);
        if (c == '!') {
            return declaration(at, i);
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
        readName(i);
        boolean delimited = delimits(after);
        boolean broken = brokenOut(at);
        script =
                text.startsWith("script", start)
                        || end - 6 > start && text.startsWith("script", end - 6);
        if (script && !markup(after)) {
            value.raise(
                    delimited
                            ? mentioned(at, end) || value.page() ? 60 : 100
                            : text.startsWith("scrip", start) && after != '(' ? 60 : 20,
                    "script-tag",
                    at,
                    end);
        }
        if (closing) {
            closing(at, broken);
            return true;
        }
        if (!delimited) {
            return name != 0;
        }
        opening(at, broken);
        return true;
    }

    /**
     * Where the name begins, or the slash or sign in its place, or -1. {@code <;script>} and {@code
     * <%00script>} come from broken lists and from filters that lose a byte.
     */
    private int nameAt(int from) {
        int c = text.at(from);
        boolean lost = c == ';' || c == '%' || c == '\\';
        if (!lost && c != ' ' && c != '\n') {
            return from;
        }
        int next = text.skipSpace(from + (lost ? 1 : 0));
        boolean known =
                c == ';'
                        || text.startsWith("script", next)
                        || text.startsWith("iframe", next)
                        || text.startsWith("img", next);
        return known ? next : -1;
    }

    /** What begins with an exclamation mark at {@code mark}. */
    private boolean declaration(int at, int mark) {
        if (text.startsWith("[cdata[", mark + 1)) {
            value.raise(40, "cdata", at, mark + 8);
            return true;
        }
        if (text.startsWith("--", mark + 1)) {
            boolean conditional =
                    text.startsWith("[if", mark + 3) || text.startsWith("#", mark + 3);
            value.raise(conditional ? 90 : 20, "markup-comment", at, mark + 6);
            return true;
        }
        if (text.startsWith("[endif", mark + 1)) {
            value.raise(80, "markup-comment", at, mark + 6);
            return true;
        }
        return false;
    }

    /** Reads the name at {@code from}, and the one behind a namespace: svg:script, t:set. */
    private void readName(int from) {
        start = from;
        end = nameEnd(from);
        name = HtmlWords.TAGS.code(b, start, end);
        namespaced = false;
        after = text.at(end);
        if (after == ':') {
            int local = end + 1;
            int localEnd = nameEnd(local);
            int code = HtmlWords.TAGS.code(b, local, localEnd);
            boolean known = NAMESPACES.code(b, start, end) != 0;
            // any prefix may stand for the namespace of pages, but soap:body is no body
            name = code == 0 ? name : known || code == HtmlWords.ACTIVE ? code : HtmlWords.PLAIN;
            namespaced = code != 0 && known;
            end = localEnd;
            after = text.at(end);
        }
    }

    private int nameEnd(int from) {
        int i = from;
        while (i < n && i - from < 40 && HtmlValue.nameByte(b[i] & 0xff)) {
            i++;
        }
        return i;
    }

    private static boolean delimits(int after) {
        return after == ' '
                || after == '+'
                || after == '\n'
                || after == '/'
                || after == '>'
                || after == -1
                || after == '<'
                || after == '"'
                || after == '\'';
    }

    private void closing(int at, boolean broken) {
        int points;
        if (name == HtmlWords.ACTIVE && !script) {
            points = 50;
        } else if (name == HtmlWords.ACTIVE
                || text.startsWith("title", start)
                || text.startsWith("textarea", start)
                || text.startsWith("style", start)) {
            points = broken ? 70 : 45;
        } else {
            points = broken ? 40 : 10;
        }
        value.raise(points, "closing-tag", at, end);
    }

    private void opening(int at, boolean broken) {
        boolean own = script && !broken && value.page();
        boolean embedded = own || value.rich() && !broken && attributes.embedded(start, end);
        value.raise(embedded ? 40 : points(at) + (broken ? 40 : 0), "tag", at, end);
        if (text.startsWith("style", start)
                && (text.find("{", end, end + 80) > 0 || text.find("@", end, end + 80) > 0)) {
            value.raise(value.rich() && !fetches(end) ? 40 : 85, "style-tag", at, end);
        } else if (text.startsWith("meta", start)
                && end - start == 4
                && after != -1
                && !mentioned(at, end)) {
            value.raise(value.rich() && attributes.described(end) ? 30 : 80, "meta-tag", at, end);
        }
        attributes.judge(at, start, end, embedded ? HtmlWords.RISKY : name);
    }

    /** What an opening tag is worth by its name and by what stands around it. */
    private int points(int at) {
        boolean behindLetter = at > 0 && HtmlValue.letter(b[at - 1] & 0xff);
        boolean generic = after == '>' && behindLetter && text.at(start - 1) == '<';
        boolean typed = behindLetter && !script && value.endOfCode() <= end;
        if (generic && name == HtmlWords.ACTIVE && !script
                || typed && name == HtmlWords.RISKY && n > 40) {
            // List<Object> is a type, C<use strict> is manual
            return 30;
        }
        if (name == HtmlWords.ACTIVE && mentioned(at, end)) {
            return 50;
        }
        if (name == HtmlWords.RISKY
                && value.rich()
                && (drawn(start, end)
                        || attributes.pictured(start, end)
                        || folded(start, end)
                        || value.spoken(at))) {
            return 40;
        }
        if (name == HtmlWords.RISKY
                && !value.rich()
                && (attributes.pictured(start, end) || shown(start, end))) {
            return 60;
        }
        int points =
                switch (name) {
                    case HtmlWords.ACTIVE -> after == -1 ? 60 : 85;
                    case HtmlWords.RISKY -> after == -1 ? 30 : value.bare() ? 80 : 40;
                    case HtmlWords.PLAIN -> 15;
                    default -> 10;
                };
        return namespaced && name != HtmlWords.PLAIN ? Math.max(points, 80) : points;
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

    /** A part of a form, or a title, that has no attribute but what says how it looks. */
    private boolean shown(int start, int end) {
        return FORM.code(b, start, end) != 0 && plain(end);
    }

    /**
     * Whether all attributes from {@code from} to the end of the tag say how an element looks or
     * what it is called, each with a value in quotes that holds no quote and no bracket.
     */
    private boolean plain(int from) {
        int limit = Math.min(n, from + TAG_REACH);
        int i = from;
        while (i < limit && b[i] == ' ') {
            int name = text.skipSpace(i);
            int end = name;
            while (end < limit && HtmlValue.nameByte(b[end] & 0xff)) {
                end++;
            }
            int quote = text.at(end + 1);
            boolean valued = text.at(end) == '=' && (quote == '"' || quote == '\'');
            if (!valued || LOOKS.code(b, name, end) == 0) {
                return false;
            }
            int close = end + 2;
            while (close < limit && b[close] != quote) {
                if (b[close] == '<' || b[close] == '>' || b[close] == '&') {
                    return false;
                }
                close++;
            }
            i = close + 1;
        }
        return i < limit && b[i] == '>';
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
