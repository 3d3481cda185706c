package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * What a document type is fetched from: {@code SYSTEM "x.dtd"}, {@code PUBLIC "-//A//B//EN"
 * "http://a.example/b.dtd"}. The public identifier says nothing: whoever sends the document chooses
 * it, and the parser fetches the system identifier.
 */
@HotPath
final class ExternalId {
    /**
     * Who publishes document types, by full name or by registered domain, and no one else's files.
     */
    private static final Words HOSTS =
            Words.of(
                    "w3.org apple.com checkstyle.org puppycrawl.com jetty.org eclipse.org mortbay.org"
                            + " hibernate.org hibernate.sourceforge.net jboss.org jboss.com sun.com"
                            + " oracle.com jcp.org apache.org mybatis.org ibatis.com springframework.org"
                            + " opensymphony.com cxml.org docbook.org oasis-open.org dita.oasis-open.org"
                            + " gnome.org freedesktop.org kde.org qt.io mozilla.org netbeans.org"
                            + " jetbrains.com nih.gov niso.org crossref.org elsevier.com daisy.org"
                            + " idpf.org musicxml.org wapforum.org openmobilealliance.org voicexml.org"
                            + " testng.org zkoss.org quartz-scheduler.org ehcache.org bea.com ibm.com"
                            + " adobe.com macromedia.com netscape.com xmpp.org");

    private ExternalId() {}

    /**
     * Whether the document type of the root element in [name, end) is fetched from beside the
     * document, from one who publishes such, or not at all.
     */
    static boolean known(Text text, int name, int end, int stop) {
        int at = text.skipSpace(end);
        int from;
        if (text.startsWith("system", at)) {
            from = literal(text, at + 6);
        } else if (text.startsWith("public", at)) {
            int after = close(text, literal(text, at + 6), stop);
            if (after < 0) {
                return false;
            }
            int next = text.skipSpace(after);
            if (text.at(next) == '>' || text.at(next) == '[') {
                return true;
            }
            from = literal(text, after);
        } else {
            return false;
        }
        int to = close(text, from, stop) - 1;
        if (to < 0) {
            return false;
        }
        return text.startsWith("urn:", from)
                || published(text, from, to)
                || beside(text, name, end, from, to);
    }

    /** The first byte within the quotes that begin at {@code at}, or -1. */
    private static int literal(Text text, int at) {
        int i = text.skipSpace(at);
        if (text.at(i) == '\\') {
            i++;
        }
        return text.at(i) == '"' || text.at(i) == '\'' ? i + 1 : -1;
    }

    /** Behind the quote that closes the literal at {@code from}, or -1. */
    private static int close(Text text, int from, int stop) {
        if (from < 0) {
            return -1;
        }
        int quote = text.at(from - 1);
        for (int i = from; i < stop && text.at(i) != '<' && text.at(i) != '>'; i++) {
            if (text.at(i) == quote) {
                return i + 1;
            }
        }
        return -1;
    }

    private static boolean published(Text text, int from, int to) {
        int host = from + (text.startsWith("https://", from) ? 8 : 7);
        if (host == from + 7 && !text.startsWith("http://", from)) {
            return false;
        }
        int end = host;
        int label = host;
        int domain = host;
        while (end < to && hostLetter(text.at(end))) {
            if (text.at(end) == '.') {
                domain = label;
                label = end + 1;
            }
            end++;
        }
        return text.at(end) == '/'
                && (HOSTS.code(text.bytes(), host, end) != 0
                        || HOSTS.code(text.bytes(), domain, end) != 0);
    }

    private static boolean hostLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.';
    }

    /** x.dtd, or dtds/x.dtd for a root element called x. */
    private static boolean beside(Text text, int name, int end, int from, int to) {
        int file = from;
        for (int i = from; i < to; i++) {
            int c = text.at(i);
            if (c == ':' || c == '\\' || c == '%' || c == '/' && i == from) {
                return false;
            }
            file = c == '/' ? i + 1 : file;
        }
        if (file == from) {
            return true;
        }
        int length = end - name;
        for (int i = 0; i < length; i++) {
            if (text.at(file + i) != text.at(name + i)) {
                return false;
            }
        }
        return length > 3 && file + length + 4 == to && text.startsWith(".dtd", file + length);
    }
}
