package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/** Finds XML that declares entities, reads foreign ones or includes other documents. */
@HotPath
public final class XxeJudge implements Judge {
    /** Whether the text had a document type with declarations of its own. */
    private boolean subset;

    @Override
    public void judge(Text text, PartKind part, Judgement out) {
        int n = text.length();
        byte[] b = text.bytes();
        subset = false;
        boolean based = false;
        boolean body = part == PartKind.XML_PROLOG || part == PartKind.XML || part == PartKind.BODY;
        for (int i = 0; i + 4 < n; i++) {
            if (b[i] == '<') {
                markup(text, i, body, out);
            } else if (b[i] == 'x') {
                based |= text.startsWith("xml:base", i);
                if (text.startsWith("xi:include", i) && text.at(i - 1) == '<') {
                    out.raise(!based && beside(text, i + 10) ? 40 : 85, "xinclude", i, i + 8);
                } else if (text.startsWith("xinclude", i) && text.at(i - 1) == '/') {
                    out.raise(usual(text, i) ? 40 : 85, "xinclude", i, i + 8);
                }
            }
        }
    }

    /**
     * Whether the namespace has its usual prefix, so that each of its elements is judged itself.
     */
    private static boolean usual(Text text, int at) {
        int quote = at - "http://www.w3.org/2001/".length() - 1;
        return text.startsWith("xmlns:xi=", quote - 9)
                || text.at(quote) == '\\' && text.startsWith("xmlns:xi=", quote - 10);
    }

    /**
     * Whether what the element whose attributes begin at {@code at} includes lies beside the
     * document, {@code href="chapter1.xml"}: told only of a whole element that names one thing and
     * moves no base.
     */
    private static boolean beside(Text text, int at) {
        int to = text.find(">", at, Math.min(text.length(), at + 160));
        int href = text.find("href", at, to);
        if (href < 0
                || text.at(href - 1) > ' '
                || !text.startsWith("=\"", href + 4)
                || text.find("href", href + 4, to) > 0
                || text.find("xml:base", at, to) > 0) {
            return false;
        }
        int from = href + 6;
        int c = text.at(from);
        boolean name = c >= 'a' && c <= 'z';
        int end = from;
        while (name && end < to && text.at(end) != '"') {
            name = text.at(end) != ':' && !text.startsWith("..", end);
            end++;
        }
        return name && end < to;
    }

    private void markup(Text text, int at, boolean body, Judgement out) {
        if (text.startsWith("xsl:", at + 1)) {
            int read = text.find("document('", at, Math.min(text.length(), at + 120));
            if (read > 0 && (text.at(read + 10) == '/' || text.find(":", read, read + 16) > 0)) {
                out.raise(85, "foreign-document", at, read + 10);
            }
        } else if (text.startsWith("!entity", at + 1)) {
            out.raise(100, "entity", at, at + 8);
        } else if (text.startsWith("!doctype", at + 1)) {
            doctype(text, at, body, out);
        } else if (text.startsWith("!element", at + 1) || text.startsWith("!attlist", at + 1)) {
            out.raise(body ? 40 : 70, "declaration", at, at + 9);
        } else if (body && text.startsWith("![cdata[", at + 1)) {
            int inside = at + 9;
            int c = text.at(inside);
            boolean split = c == '<' && text.startsWith("]]>", inside + 1);
            out.raise(
                    split || text.startsWith("<script", inside) || text.startsWith("<img", inside)
                            ? 95
                            : 20,
                    "cdata",
                    at,
                    inside);
        } else if (body && text.startsWith("!--#", at + 1)) {
            out.raise(90, "include", at, at + 8);
        }
    }

    /** Whether a subset is there to its end and declares nothing that is fetched or replaced. */
    private static boolean declaresElements(Text text, int from) {
        int close = text.find("]>", from, text.length());
        return close > 0
                && text.find("<!element", from, close) > 0
                && text.find("entity", from, close) < 0
                && text.find("%", from, close) < 0;
    }

    /**
     * {@code <!doctype x [} declares things, {@code <!doctype x system "url">} has them fetched.
     */
    private void doctype(Text text, int at, boolean body, Judgement out) {
        int name = text.skipSpace(at + 9);
        if (text.startsWith("html", name)) {
            return;
        }
        int stop = Math.min(text.length(), at + 400);
        byte[] b = text.bytes();
        boolean external = false;
        int end = name;
        while (end < stop && b[end] > ' ' && b[end] != '[') {
            end++;
        }
        int i = name;
        while (i < stop && b[i] != '[' && b[i] != '>' && b[i] != '<') {
            external |= text.startsWith("system", i) || text.startsWith("public", i);
            i++;
        }
        if (i < stop && b[i] == '[') {
            // looked into once: a document has one subset, and it may be as long as the window
            boolean harmless = !external && !subset && declaresElements(text, i);
            subset = true;
            out.raise(harmless ? 40 : 95, "doctype-subset", at, at + 9);
        } else if (external) {
            boolean known = ExternalId.known(text, name, end, stop);
            out.raise(known ? 40 : 90, "doctype-system", at, at + 9);
        } else if (body) {
            out.raise(40, "doctype", at, at + 9);
        }
    }
}
