package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/** Finds URLs of scripts that a page is meant to include from another host. */
@HotPath
final class RemoteFile {
    /** Names of scripts that give a shell. */
    private static final Words SHELLS =
            Words.of("shell cmd c99 r57 c100 webshell backdoor b374k wso");

    private RemoteFile() {}

    /** A parameter that is the URL of a script to include. */
    static void judge(Text text, PartKind part, Judgement out) {
        if (part != PartKind.QUERY
                && part != PartKind.COOKIE
                && part != PartKind.FORM
                && part != PartKind.JSON
                && part != PartKind.MULTIPART) {
            return;
        }
        if (!text.startsWith("http://", 0)
                && !text.startsWith("https://", 0)
                && !text.startsWith("//", 0)
                && !text.startsWith("ftp://", 0)) {
            return;
        }
        int n = text.length();
        int last = text.at(n - 1);
        boolean marked = last == '?';
        if (marked && text.at(n - 2) == '?') {
            n--;
        }
        if (shell(text)) {
            out.raise(85, "remote-file", 0, n);
        }
        boolean script =
                text.startsWith(".txt", n - 4 - (marked ? 1 : 0))
                        || text.startsWith(".php", n - 4 - (marked ? 1 : 0))
                        || text.startsWith(".gif", n - 4 - (marked ? 1 : 0))
                        || text.startsWith(".jpg", n - 4 - (marked ? 1 : 0))
                        || text.startsWith(".dat", n - 4 - (marked ? 1 : 0));
        boolean command =
                text.find("?cmd=", 8, n) > 0
                        || text.find("&cmd=", 8, n) > 0
                        || text.find("c99", 8, n) > 0
                        || text.find("r57", 8, n) > 0
                        || text.find("shell", 8, n) > 0;
        boolean login = text.startsWith("ftp://", 0) && text.find("@", 6, n) > 0;
        if (script && !marked && (login || part == PartKind.QUERY && numeric(text))) {
            out.raise(80, "remote-file", 0, n);
        }
        if (marked) {
            out.raise(script ? 90 : 60, "remote-file", 0, n);
        } else if (command) {
            boolean handed = text.find("?&cmd=", 8, n) > 0 || text.find("?cmd=", 8, n) > 0;
            out.raise(handed ? 80 : 70, "remote-file", 0, n);
        } else if (script && (text.startsWith(".txt", n - 4))) {
            out.raise(40, "remote-file", 0, n);
        }
        if (text.has(Text.NUL)) {
            out.raise(85, "remote-file", 0, n);
        }
    }

    /** Whether a file at a host without a name, right below its root: http://1.2.3.4/id.txt. */
    private static boolean numeric(Text text) {
        int at = text.find("://", 0, 8) + 3;
        int i = at;
        while (text.at(i) >= '0' && text.at(i) <= '9' || text.at(i) == '.') {
            i++;
        }
        return i > at + 6
                && text.at(i) == '/'
                && text.find("/", i + 1, text.length()) < 0
                && !text.startsWith("127.", at)
                && !text.startsWith("192.168.", at)
                && !text.startsWith("10.", at)
                && !private172(text, at);
    }

    /** Whether an address of 172.16/12 begins at {@code at} (RFC 1918). */
    private static boolean private172(Text text, int at) {
        if (!text.startsWith("172.", at) || text.at(at + 6) != '.') {
            return false;
        }
        int second = (text.at(at + 4) - '0') * 10 + text.at(at + 5) - '0';
        return second >= 16 && second < 32;
    }

    /** Whether the URL's file is named as scripts are that give a shell: /c99.txt, /shell.php. */
    private static boolean shell(Text text) {
        int n = Math.min(text.length(), 300);
        int slash = -1;
        for (int i = 8; i < n && text.bytes()[i] != '?'; i++) {
            slash = text.bytes()[i] == '/' ? i : slash;
        }
        int dot = text.find(".", slash, n);
        return slash > 0
                && dot > slash
                && SHELLS.code(text.bytes(), slash + 1, dot) != 0
                && (text.startsWith(".php", dot)
                        || text.startsWith(".txt", dot)
                        || text.startsWith(".jsp", dot)
                        || text.startsWith(".asp", dot));
    }
}
