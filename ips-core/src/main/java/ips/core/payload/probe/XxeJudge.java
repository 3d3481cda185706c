package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/** Finds XML that declares entities, reads foreign ones or includes other documents. */
@HotPath
public final class XxeJudge implements Judge {
    @Override
    public void judge(Text text, PartKind part, Judgement out) {
        int n = text.length();
        byte[] b = text.bytes();
        boolean body = part == PartKind.XML_PROLOG || part == PartKind.XML || part == PartKind.BODY;
        for (int i = 0; i + 4 < n; i++) {
            if (b[i] == '<') {
                markup(text, i, body, out);
            } else if (b[i] == 'x'
                    && (text.startsWith("xinclude", i) && text.at(i - 1) == '/'
                            || text.startsWith("xi:include", i) && text.at(i - 1) == '<')) {
                out.raise(beside(text, i) ? 40 : 85, "xinclude", i, i + 8);
            }
        }
    }

    /** Whether what is included lies beside the document: {@code href="chapter1.xml"}. */
    private static boolean beside(Text text, int at) {
        int to = Math.min(text.length(), at + 160);
        int from = text.find("href=\"", at, to) + 6;
        int c = text.at(from);
        boolean name = c >= 'a' && c <= 'z';
        int end = from;
        while (name && end < to && text.at(end) != '"') {
            name = text.at(end) != ':' && !text.startsWith("..", end);
            end++;
        }
        return from > 6 && name;
    }

    private static void markup(Text text, int at, boolean body, Judgement out) {
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

    /** Whether the file at {@code at} is named after the root element: x.dtd. */
    private static boolean own(Text text, int name, int end, int at) {
        int i = 0;
        while (name + i < end && text.at(at + i) == text.at(name + i)) {
            i++;
        }
        return name + i == end && i > 3 && text.startsWith(".dtd", at + i);
    }

    /**
     * Whether the owner that a public identifier at {@code at} names has the document too: {@code
     * "-//Jetty//Configure//EN" "https://jetty.org/configure.dtd"}.
     */
    private static boolean owned(Text text, int at, int stop) {
        int quote = text.find("\"", at, stop);
        int url = quote < 0 ? -1 : text.find("://", quote, stop);
        if (url < 0) {
            return false;
        }
        int owner = at + 3;
        for (int i = url; i < stop && text.at(i) != '>'; i++) {
            boolean same = true;
            for (int k = 0; k < 3 && same; k++) {
                same = text.at(owner + k) == text.at(i + k) && text.at(owner + k) >= '0';
            }
            if (same) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@code <!doctype x [} declares things, {@code <!doctype x system "url">} has them fetched.
     */
    private static void doctype(Text text, int at, boolean body, Judgement out) {
        int name = text.skipSpace(at + 9);
        if (text.startsWith("html", name)) {
            return;
        }
        int stop = Math.min(text.length(), at + 400);
        byte[] b = text.bytes();
        boolean external = false;
        boolean known = false;
        boolean addressed = false;
        int end = name;
        while (end < stop && b[end] > ' ' && b[end] != '[') {
            end++;
        }
        int i = name;
        while (i < stop && b[i] != '[' && b[i] != '>' && b[i] != '<') {
            external |= text.startsWith("system", i) || text.startsWith("public", i);
            known |=
                    text.startsWith("dtd ", i) && (text.at(i - 1) == '/' || text.at(i - 1) == ' ')
                            || text.startsWith("-//", i) && owned(text, i, stop)
                            || text.startsWith("\"urn:", i)
                            || b[i] == '/' && own(text, name, end, i + 1);
            addressed |= b[i] == ':' || b[i] == '/' || b[i] == '\\' || b[i] == '%';
            i++;
        }
        if (i < stop && b[i] == '[') {
            out.raise(declaresElements(text, i) ? 40 : 95, "doctype-subset", at, at + 9);
        } else if (external) {
            // a public identifier such as "-//Sun//DTD x//EN" is what honest documents begin with;
            // a bare name lies beside the document
            out.raise(known || !addressed ? 40 : 90, "doctype-system", at, at + 9);
        } else if (body) {
            out.raise(40, "doctype", at, at + 9);
        }
    }
}
