package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds a whole value that is a path of the system or into what an application hides: {@code
 * /etc/x}, {@code /proc/x}, {@code c:\x.ini}, {@code .git/config}, {@code x.php} and a NUL. Owned
 * by one {@link TraversalJudge}.
 */
@HotPath
final class SystemPath {
    /** A longer value is no path that someone types. */
    private static final int LONGEST = 200;

    /** Endings of scripts, of three letters each. */
    private static final Words SCRIPTS = Words.of("php asp jsp");

    /** Files of an application that no link names, wherever they lie. */
    private static final Words HIDDEN =
            Words.of(
                    ".git/config .git/head .svn/entries .ssh/id_rsa .aws/credentials"
                            + " web-inf/web.xml meta-inf/context.xml .env .htpasswd .htaccess .npmrc"
                            + " .ds_store .aws/config .git/index .svn/wc.db .hg/hgrc .bash_history"
                            + " .mysql_history .pgpass .netrc .dockerenv .docker/config.json"
                            + " .kube/config .idea/workspace.xml"
                            + " meta-inf/manifest.mf");

    /** Directories of a system below which nothing that a page links to ends in such a way. */
    private static final String[] ROOTS = {
        "/usr/", "/opt/", "/home/", "/root/", "/var/", "/srv/", "/private/", "/library/"
    };

    /** Endings of settings and logs below {@link #ROOTS}. */
    private static final Words SETTINGS =
            Words.of("conf cnf cfg ini log out err pem key pid htpasswd htaccess");

    /** Endings of what runs below {@link #ROOTS} where no account's own files are. */
    private static final Words SOURCES =
            Words.of("php jsp asp xml yml yaml properties sql mdf gpg bak");

    /** Directories in which a system keeps what it knows of itself, and no page anything. */
    private static final String[] KEPT = {
        "/root/", "/var/lib/", "/var/backups/", "/var/run/", "/var/cache/", "/var/spool/"
    };

    /** How endings of settings, logs and data on a drive of Windows begin. */
    private static final String[] ON_DRIVES = {
        ".ini", ".log", ".err", ".cnf", ".conf", ".inf", ".dat", ".sys", ".bak", ".asa", ".evt",
        ".sav", ".myd", ".mdf", ".ldf"
    };

    private static final Words DEVICES =
            Words.of("random urandom zero mem kmem sda sda1 fd/0 fd/1");

    private final Text canonical;
    private final byte[] path;
    private int n;

    SystemPath(PathText whole) {
        canonical = whole.text();
        path = canonical.bytes();
    }

    void judge(Text text, PartKind part, Judgement out) {
        n = canonical.length();
        if (part == PartKind.PATH && canonical.startsWith("/.env", n - 5)) {
            out.raise(85, "sensitive-file", n - 5, n);
        }
        // pages tell their own statistics which of a server's views they are
        boolean view = part != PartKind.PATH && canonical.startsWith(".jsp", n - 4);
        if (part != PartKind.REFERER && n < LONGEST && !view && insideContainer()) {
            out.raise(85, "sensitive-file", 0, n);
        }
        if (part == PartKind.PATH
                || part == PartKind.REFERER
                || part == PartKind.USER_AGENT
                || n > LONGEST) {
            return;
        }
        hiddenFile(part, out);
        byDisguise(text, out);
        boolean spaces = text.find(" ", 0, n) >= 0;
        boolean kept = false;
        for (int i = 0; i < KEPT.length && named(part) && !spaces; i++) {
            kept |= canonical.startsWith(KEPT[i], 0) && n > KEPT[i].length();
        }
        if (ofSystem(spaces) || kept || named(part) && !spaces && setting()) {
            out.raise(85, "system-path", 0, 6);
        } else if (onDrive()) {
            out.raise(85, "system-path", 0, n);
        }
    }

    private void hiddenFile(PartKind part, Judgement out) {
        if (path[0] == '/' && canonical.startsWith("/.env", n - 5) && n > 6) {
            out.raise(85, "sensitive-file", n - 5, n);
        }
        if ((named(part) || part == PartKind.MULTIPART)
                && HIDDEN.code(path, path[0] == '/' ? 1 : 0, n) != 0) {
            out.raise(85, "sensitive-file", 0, n);
        }
    }

    /** Whether a page's own script sends the part; JSON of log shippers and editors names files. */
    private static boolean named(PartKind part) {
        return part == PartKind.QUERY || part == PartKind.FORM || part == PartKind.COOKIE;
    }

    private void byDisguise(Text text, Judgement out) {
        if (text.startsWith("\\\\", 0) && SCRIPTS.code(path, Math.max(0, n - 3), n) != 0) {
            // \\\\host\\share\\x.php: a remote file by SMB
            out.raise(85, "remote-file", 0, n);
        }
        if (text.has(Text.NUL)
                && text.find(" ", 0, n) < 0
                && (text.find("/", 0, n) >= 0 || text.find(".", 0, n) >= 0)) {
            out.raise(85, "nul", Math.max(0, n - 8), text.length());
        }
    }

    private boolean ofSystem(boolean spaces) {
        return canonical.startsWith("/etc/", 0) && !spaces
                || canonical.startsWith("/proc/", 0)
                || canonical.startsWith("/sys/class/", 0)
                || canonical.startsWith("/sys/kernel/", 0)
                || canonical.startsWith("/dev/", 0) && DEVICES.code(path, 5, n) != 0;
    }

    /** Whether it is a path into what a servlet container shows nobody. */
    private boolean insideContainer() {
        int at = canonical.find("/web-inf/", 0, n);
        at = at < 0 ? canonical.find("/meta-inf/", 0, n) : at;
        boolean begins = at == 0 || at > 0 && path[at - 1] == ';';
        return begins && canonical.find(" ", 0, n) < 0;
    }

    /** Whether it is the path of a log or of settings: {@code /opt/nginx/conf/nginx.conf}. */
    private boolean setting() {
        boolean rooted = false;
        for (int i = 0; i < ROOTS.length && !rooted; i++) {
            rooted = canonical.startsWith(ROOTS[i], 0);
        }
        int below =
                canonical.startsWith("/home/", 0)
                        ? 6
                        : canonical.startsWith("/library/", 0) ? 9 : 0;
        // pages may be called /home/change.log, /library/member/sign.out
        rooted &=
                below == 0
                        || canonical.find("/", below, n) > 0
                                && !canonical.startsWith(".out", n - 4);
        if (!rooted) {
            return false;
        }
        int dot = lastDot(0, 11);
        boolean source = below == 0 && SOURCES.code(path, dot + 1, n) != 0;
        return path[dot] == '.' && (source || SETTINGS.code(path, dot + 1, n) != 0);
    }

    /** Whether it is a file of settings, a log or data on a drive of Windows. */
    private boolean onDrive() {
        if (n <= 6 || path[1] != ':' || path[2] != '/' || path[0] < 'a' || path[0] > 'z') {
            return false;
        }
        int dot = lastDot(2, 6);
        for (int i = 0; i < ON_DRIVES.length; i++) {
            if (canonical.startsWith(ON_DRIVES[i], dot)) {
                return true;
            }
        }
        return false;
    }

    /** The last dot behind {@code from} among the last bytes; if there is none, where it stops. */
    private int lastDot(int from, int last) {
        int dot = n - 1;
        while (dot > from && path[dot] != '.' && n - dot < last) {
            dot--;
        }
        return dot;
    }
}
