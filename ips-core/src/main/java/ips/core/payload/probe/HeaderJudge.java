package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/** Finds line ends that begin a header or a whole response inside a value (response splitting). */
@HotPath
public final class HeaderJudge implements Judge {
    private static final Words HEADERS =
            Words.of(
                    "set-cookie set-cookie2 location content-type content-length contenttype contentlength"
                            + " transfer-encoding refresh link x-xss-protection"
                            + " content-security-policy access-control-allow-origin"
                            + " content-encoding content-disposition host connection"
                            + " x-forwarded-for x-forwarded-host cookie last-modified etag"
                            + " cache-control expires status bcc cc to subject from"
                            + " strict-transport-security x-accel-redirect x-sendfile"
                            + " access-control-allow-credentials"
                            + " mime-version reply-to referer user-agent");

    private static final Words MAIL =
            Words.of("bcc cc to subject from reply-to status link host connection expires");

    /** What memcached stores at most under one key, unless it is told otherwise. */
    private static final int LONGEST_DATA = 1 << 20;

    /** Whether the value begins with two line ends. */
    private static boolean two(Text text) {
        return text.at(0) == '\n' && text.at(1) == '\n';
    }

    /** The longest value behind which a header of any name counts. */
    private static final int LONGEST_VALUE = 80;

    /** A header of someone's own: X-Name. */
    private static boolean own(Text text, int from, int to) {
        return text.startsWith("x-", from) && to - from > 3;
    }

    /** Whether the value is a message of HTTP from its first byte on, as people show each other. */
    private static boolean message(Text text) {
        return text.startsWith("http/1.", 0)
                || method(text, 0) && text.find(" http/1.", 0, text.find("\n", 0, 160)) > 0;
    }

    /**
     * Whether a line is a command of a protocol that a server speaks to its neighbours: SMTP, Redis
     * or memcached.
     */
    private static boolean line(Text text, int at) {
        return text.startsWith("mail from:", at)
                || text.startsWith("rcpt to:", at)
                || text.startsWith("flushall\n", at)
                || text.startsWith("flush_all\n", at)
                || text.startsWith("config set dir", at)
                || text.startsWith("config set dbfilename ", at)
                || text.startsWith("slaveof ", at)
                || text.startsWith("set ", at) && stored(text, at + 4);
    }

    /**
     * Whether a key, three numbers and a line end follow, and data of the length that the last of
     * them tells: {@code set key 0 3600 10}. Drawings have {@code set color 255 0 0}.
     */
    private static boolean stored(Text text, int from) {
        int i = from;
        while (text.at(i) > ' ' && i - from < 250) {
            i++;
        }
        int count = 0;
        int number = 0;
        while (text.at(i) == ' ' && text.at(i + 1) >= '0' && text.at(i + 1) <= '9' && count < 4) {
            i++;
            number = 0;
            while (text.at(i) >= '0' && text.at(i) <= '9' && i - from < 300) {
                number = Math.min(number * 10 + text.at(i) - '0', LONGEST_DATA);
                i++;
            }
            count++;
        }
        int end = i + 1 + number;
        return count == 3
                && text.at(i) == '\n'
                && (text.at(end) == '\n' || end == text.length() && number > 0);
    }

    private static boolean method(Text text, int at) {
        return text.startsWith("get /", at)
                || text.startsWith("post /", at)
                || text.startsWith("put /", at)
                || text.startsWith("head /", at);
    }

    /** Whether what stands before the line end at {@code end} is a mail address. */
    private static boolean address(Text text, int end) {
        int at = text.find("@", 1, Math.min(end, 80));
        return at > 0 && text.find(" ", 0, end) < 0 && text.find(".", at, end) > 0;
    }

    /** Whether the header's value is one mail address and nothing else. */
    private static boolean recipient(Text text, int from) {
        int start = text.skipSpace(from);
        int at = text.find("@", start, start + 64);
        return at > 0 && text.find(" ", start, at + 64) < 0 && text.find(".", at, at + 64) > 0;
    }

    /**
     * Whether a line end where none is due stands behind nothing, a path, a URL or a word, and what
     * follows can be any header: {@code /x\nA: b}. Lists of settings have a colon in each line.
     */
    private static boolean placed(Text text, int feed, int colon) {
        if (feed > LONGEST_VALUE || text.find(" ", 0, feed) >= 0) {
            return false;
        }
        boolean url = text.startsWith("http://", 0) || text.startsWith("https://", 0);
        boolean list = text.find(":", url ? 6 : 0, feed) >= 0;
        int value = text.at(colon + 1);
        return !list && value > ' ' - 1 && value != '/' && text.find("{", 0, text.length()) < 0;
    }

    /**
     * Whether a URL in brackets follows, as a header has it; a text has such a link too, but says
     * nothing more of it.
     */
    private static boolean linked(Text text, int colon, boolean lines) {
        int end = text.find("\n", colon, text.length());
        int to = end < 0 ? text.length() : end;
        return (text.startsWith(": <http", colon) || text.startsWith(":<http", colon))
                && (!lines || text.find(">;", colon, to) > 0);
    }

    /** Whether the line says where something takes place, and leads nowhere: Location: Berlin. */
    private static boolean place(Text text, int start, int colon) {
        if (!text.startsWith("location:", start)) {
            return false;
        }
        int end = text.find("\n", colon, text.length());
        int to = end < 0 ? text.length() : end;
        return text.find("/", colon, to) < 0
                && text.find("\\", colon, to) < 0
                && text.find(":", colon + 1, to) < 0;
    }

    /** Line ends written as escapes, before the names of headers that answers have. */
    private static void written(Text text, Judgement out) {
        int at = text.find("\\n", 0, Math.min(text.length(), 200));
        if (at < 0) {
            return;
        }
        if (text.startsWith("set-cookie:", at + 2)
                || text.startsWith("location:", at + 2)
                || text.startsWith("content-length:", at + 2)
                || text.startsWith("x-forwarded-", at + 2)) {
            out.raise(85, "header", at, at + 12);
        }
    }

    @Override
    public void judge(Text text, PartKind part, Judgement out) {
        int n = text.length();
        byte[] b = text.bytes();
        if (!text.has(Text.LINES)) {
            written(text, out);
            return;
        }
        boolean prose = part.multiLine() && n > 160;
        // has headers of its own, and nothing else that begins behind a line end
        boolean shown = prose || part.multiLine() && message(text);
        for (int i = 0; i < n; i++) {
            if (b[i] != '\n') {
                continue;
            }
            int start = i + 1;
            while (start < n && (b[start] == ' ' || b[start] == '\n')) {
                start++;
            }
            int k = start;
            while (k < n && k - start < 32 && (b[k] >= 'a' && b[k] <= 'z' || b[k] == '-')) {
                k++;
            }
            if (text.at(k) == ':' && k > start && HEADERS.code(b, start, k) != 0) {
                boolean mail = MAIL.code(b, start, k) != 0;
                boolean sent = address(text, i) || recipient(text, k + 1);
                boolean lines = part.multiLine();
                boolean answer = !mail && !(lines && place(text, start, k));
                boolean certain = answer || linked(text, k, lines);
                int points = certain ? 95 : sent || !lines ? 85 : 60;
                out.raise(shown ? points / 3 : points, "header", i, k + 1);
            } else if (text.at(k) == ':' && own(text, start, k)) {
                out.raise(shown ? 30 : 85, "header", i, k + 1);
            } else if (text.at(k) == ':' && k > start && !part.multiLine() && placed(text, i, k)) {
                out.raise(85, "header", i, k + 1);
            } else if (method(text, start) && text.find(" http/1.", start, n) > 0) {
                out.raise(prose ? 40 : 95, "request", i, start + 4);
            } else if (text.startsWith("http/1.", start)) {
                out.raise(prose ? 40 : 100, "response", i, start + 8);
            } else if (b[Math.min(n - 1, start)] == '<'
                    && start - i >= 2
                    && (text.startsWith("<html", start) || text.startsWith("<script", start))) {
                out.raise(prose ? 40 : 90, "response", i, start + 6);
            } else if (i == 0 && !part.multiLine() && two(text) && text.at(start) == '<') {
                // nothing, the end of the head, and a page
                out.raise(85, "response", 0, start + 4);
            } else if (line(text, start)) {
                out.raise(prose ? 40 : 85, "command", i, start + 8);
            } else if (start >= n && !part.multiLine() && text.at(i - 1) < 'a') {
                out.raise(n <= 4 && part == PartKind.QUERY ? 80 : 20, "line-end", i, n);
            }
        }
    }
}
