package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Phrases;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds paths that climb out of their directory, files that no client should name, and remote files
 * to include.
 *
 * <p>Climbs are counted in a {@link PathText}: a run of dots, at least two, next to a slash.
 */
@HotPath
public final class TraversalJudge implements Judge, Phrases.Match {
    private static final Words LINKED =
            Words.of(
                    "png jpg jpeg gif svg webp ico css js map woff woff2 html htm"
                            + " doc docx xls xlsx ppt pptx odt csv mp3 mp4 md rst adoc pdf scss less ts tsx jsx vue");

    private static final Words SOURCES =
            Words.of("java py c h cpp hpp cs go rs rb kt swift json yaml yml toml xml txt ipynb");

    private static final Words SCRIPTS = Words.of("php asp jsp");

    /** Files of an application that no link names, wherever they lie. */
    private static final Words HIDDEN =
            Words.of(
                    ".git/config .git/head .svn/entries .ssh/id_rsa .aws/credentials"
                            + " web-inf/web.xml meta-inf/context.xml .env .htpasswd .htaccess .npmrc"
                            + " .ds_store .aws/config .git/index .svn/wc.db .hg/hgrc .bash_history"
                            + " .mysql_history .pgpass .netrc .dockerenv .docker/config.json"
                            + " .kube/config");

    /** Directories of a system below which nothing that a page links to ends in such a way. */
    private static final String[] ROOTS = {
        "/usr/", "/opt/", "/home/", "/root/", "/var/", "/srv/", "/private/", "/library/"
    };

    private static final Words SETTINGS =
            Words.of("conf cnf cfg ini log out err pem key pid htpasswd htaccess");

    private static final Words DEVICES =
            Words.of("random urandom zero mem kmem sda sda1 fd/0 fd/1");

    private final PathText whole;
    private final byte[] path;
    private final Text canonical;
    private Judgement out;
    private int fileAt;
    private int filePoints;
    private boolean named;
    private int file;

    public TraversalJudge(int capacity) {
        whole = new PathText(capacity);
        canonical = whole.text();
        path = canonical.bytes();
    }

    @Override
    public void judge(Text text, PartKind part, Judgement judgement) {
        out = judgement;
        int n = whole.read(text);
        int slashes = whole.slashes();
        int climbs = 0;
        int firstClimb = -1;
        int odd = 0;
        boolean hidden = false;
        int run = 0;
        for (int i = 0; i < n; i++) {
            if (path[i] != '.') {
                continue;
            }
            int start = i;
            while (i < n
                    && (path[i] == '.'
                            || path[i] == ' '
                                    && i + 1 < n
                                    && (path[i + 1] == '.' || path[i + 1] == '/'))) {
                i++;
            }
            // ". /x" is how a shell reads a script
            int dots = i - start == 2 && path[start + 1] == ' ' ? 1 : i - start;
            boolean before = start > 0 && path[start - 1] == '/';
            boolean after =
                    i < n && path[i] == '/'
                            || i < n && path[i] == ';' && i + 1 < n && path[i + 1] == '/';
            if (dots >= 2 && (after || before && (i == n || path[i] == '{'))) {
                boolean edge = start == 0 || !PathText.word(path[start - 1]);
                if (edge || before) {
                    climbs++;
                    firstClimb = firstClimb < 0 ? start : firstClimb;
                    odd += dots != 2 ? 1 : 0;
                    hidden |= i < n && path[i] == ';';
                }
            } else if (dots >= 6 && before) {
                odd += 2;
                climbs += 2;
                firstClimb = firstClimb < 0 ? start : firstClimb;
            }
            run = Math.max(run, dots);
        }
        fileAt = -1;
        filePoints = 0;
        named = false;
        SensitiveFiles.NAMES.scan(canonical, this);
        int spoken =
                text.flags()
                        & (Text.ENCODED_TWICE
                                | Text.OVERLONG
                                | Text.LOOKALIKE
                                | Text.PERCENT_U
                                | Text.NUL);
        if (climbs > 0) {
            int points = climbs >= 3 ? 100 : climbs == 2 ? 75 : 45;
            boolean leads = firstClimb <= 1 || climbs > 1 && firstClimb == 2 && path[0] == '.';
            boolean plain = spoken == 0 && slashes == 0 && odd == 0 && filePoints == 0;
            boolean mentioned = plain && firstClimb > 2 && path[firstClimb - 1] == ' ';
            if (climbs < 3) {
                points += leads && !(climbs == 1 && picture(n)) ? 35 : 0;
                points += spoken != 0 ? 40 : 0;
                points += odd > 0 && (leads || climbs > 1) ? 20 : 0;
                points += slashes > 0 ? 25 : 0;
                // ..;/ climbs where a proxy sees a name
                points += hidden ? 40 : 0;
                points += part == PartKind.FILE_NAME || part == PartKind.PATH ? 40 : 0;
                points += filePoints > 0 ? 60 : 0;
            } else {
                points =
                        odd > 2 * climbs / 3
                                        && spoken == 0
                                        && !leads
                                        && slashes == 0
                                        && filePoints == 0
                                ? part == PartKind.PATH ? 85 : 60
                                : 100;
            }
            if (plain && part == PartKind.PATH && inside(firstClimb, climbs) && picture(n)) {
                // a link of a page's style that its reader put together: /css/../img/a.png
                points = Math.min(points, 60);
            } else if (plain && leads && climbs <= 3 && picture(n)) {
                // a page's link to its style
                points = Math.min(points, 45);
            } else if (mentioned && part.multiLine()) {
                points = Math.min(points, 60);
            }
            if (prose(n) && filePoints == 0) {
                points = points * 2 / 5;
            }
            if (part == PartKind.REFERER && spoken == 0 && filePoints == 0 && climbs < 3) {
                points /= 2;
            }
            out.raise(points, "climbs", firstClimb, Math.min(text.length(), firstClimb + 8));
        }
        if (filePoints > 0) {
            file(text, part, n);
        }
        plainPath(text, part, n);
        RemoteFile.judge(text, part, out);
    }

    /** Whether one or two climbs at {@code at} stay inside the directories named before them. */
    private boolean inside(int at, int climbs) {
        int names = 0;
        for (int i = 1; i < at; i++) {
            names += path[i] == '/' && path[i - 1] != '/' ? 1 : 0;
        }
        return climbs <= Math.min(2, names);
    }

    /** A relative link of a page: ../images/logo.png. */
    private boolean picture(int n) {
        int dot = n - 1;
        while (dot > 0 && path[dot] != '.' && n - dot < 6) {
            dot--;
        }
        return LINKED.code(path, dot + 1, n) != 0;
    }

    /** A whole value that is a path of the system: /etc/x, /proc/x, c:\x.ini, x.php and a NUL. */
    private void plainPath(Text text, PartKind part, int n) {
        if (part == PartKind.PATH && canonical.startsWith("/.env", n - 5)) {
            out.raise(85, "sensitive-file", n - 5, n);
        }
        // pages tell their own statistics which of a server's views they are
        boolean view = part != PartKind.PATH && canonical.startsWith(".jsp", n - 4);
        if (part != PartKind.REFERER && n < 200 && !view && inside(n)) {
            out.raise(85, "sensitive-file", 0, n);
        }
        if (part == PartKind.PATH
                || part == PartKind.REFERER
                || part == PartKind.USER_AGENT
                || n > 200) {
            return;
        }
        if (path[0] == '/' && canonical.startsWith("/.env", n - 5) && n > 6) {
            out.raise(85, "sensitive-file", n - 5, n);
        }
        boolean field = part == PartKind.FORM || part == PartKind.MULTIPART;
        if ((part == PartKind.QUERY || part == PartKind.COOKIE || field)
                && HIDDEN.code(path, path[0] == '/' ? 1 : 0, n) != 0) {
            out.raise(85, "sensitive-file", 0, n);
        }
        if (text.startsWith("\\\\", 0) && SCRIPTS.code(path, Math.max(0, n - 3), n) != 0) {
            // \\\\host\\share\\x.php: a remote file by SMB
            out.raise(85, "remote-file", 0, n);
        }
        boolean spaces = text.find(" ", 0, n) >= 0;
        if (text.has(Text.NUL)
                && !spaces
                && (text.find("/", 0, n) >= 0 || text.find(".", 0, n) >= 0)) {
            out.raise(85, "nul", Math.max(0, n - 8), text.length());
        }
        // log shippers, editors and containers name such files in their JSON
        boolean sent = part == PartKind.QUERY || part == PartKind.FORM || part == PartKind.COOKIE;
        boolean device =
                canonical.startsWith("/dev/", 0) && DEVICES.code(canonical.bytes(), 5, n) != 0;
        if (canonical.startsWith("/etc/", 0) && !spaces
                || canonical.startsWith("/proc/", 0)
                || canonical.startsWith("/sys/class/", 0)
                || canonical.startsWith("/sys/kernel/", 0)
                || sent && !spaces && setting(n)
                || device) {
            out.raise(85, "system-path", 0, 6);
        } else if (n > 6 && path[1] == ':' && path[2] == '/' && path[0] >= 'a' && path[0] <= 'z') {
            int dot = n - 1;
            while (dot > 2 && path[dot] != '.' && n - dot < 6) {
                dot--;
            }
            boolean private_ =
                    canonical.startsWith(".ini", dot)
                            || canonical.startsWith(".log", dot)
                            || canonical.startsWith(".err", dot)
                            || canonical.startsWith(".cnf", dot)
                            || canonical.startsWith(".conf", dot)
                            || canonical.startsWith(".config", dot)
                            || canonical.startsWith(".inf", dot)
                            || canonical.startsWith(".dat", dot)
                            || canonical.startsWith(".sys", dot)
                            || canonical.startsWith(".bak", dot)
                            || canonical.startsWith(".asa", dot)
                            || canonical.startsWith(".evt", dot)
                            || canonical.startsWith(".sav", dot)
                            || canonical.startsWith(".myd", dot);
            if (private_) {
                out.raise(85, "system-path", 0, n);
            }
        }
    }

    /** Whether it is a path into what a servlet container shows nobody. */
    private boolean inside(int n) {
        int at = canonical.find("/web-inf/", 0, n);
        at = at < 0 ? canonical.find("/meta-inf/", 0, n) : at;
        boolean begins = at == 0 || at > 0 && path[at - 1] == ';';
        return begins && canonical.find(" ", 0, n) < 0;
    }

    /** Whether it is the path of a log or of settings: {@code /opt/nginx/conf/nginx.conf}. */
    private boolean setting(int n) {
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
        int dot = n - 1;
        while (rooted && dot > 0 && path[dot] != '.' && n - dot < 9) {
            dot--;
        }
        return rooted && path[dot] == '.' && SETTINGS.code(path, dot + 1, n) != 0;
    }

    /**
     * Whether a URL of the user's own computer at {@code from} is of a document in a home, as
     * editors and browsers name what they show: {@code file:///C:/Users/Anna/Documents/plan.pdf}.
     */
    private boolean document(int from, int n) {
        int at = canonical.find("/", from, n) + 1;
        int root = PathText.word(path[at]) && canonical.startsWith(":/", at + 1) ? at + 3 : at;
        boolean home =
                canonical.startsWith("users/", root)
                        || canonical.startsWith("home/", root)
                        || canonical.startsWith("documents", root);
        int end = root;
        while (end < n && path[end] > ' ' && path[end] != '"') {
            end++;
        }
        int dot = end - 1;
        while (dot > root && path[dot] != '.' && end - dot < 6) {
            dot--;
        }
        return home
                && canonical.find("/.", root, end) < 0
                && (LINKED.code(path, dot + 1, end) != 0 || SOURCES.code(path, dot + 1, end) != 0);
    }

    private void file(Text text, PartKind part, int n) {
        int from = fileAt;
        boolean wrapper = filePoints == SensitiveFiles.WRAPPER;
        int points;
        // ~root/.ssh/id_rsa
        boolean home = path[0] == '~' && from < 32;
        boolean leads = from <= 2 || from < 8 && wrapper || home;
        boolean prose = prose(n);
        if (wrapper) {
            points = leads ? 100 : 55;
            if (SensitiveFiles.NAMES.phrase(file).startsWith("file:")) {
                int before = from > 0 ? path[from - 1] : 0;
                points =
                        (leads || named && (before == '/' || before == ':')) && !document(from, n)
                                ? 85
                                : 45;
            }
        } else if (leads && !prose) {
            points = n < 160 ? 95 : 60;
        } else {
            int before = from > 0 ? path[from - 1] : ' ';
            boolean famous =
                    n < 160
                            && (SensitiveFiles.NAMES.phrase(file).endsWith("etc/passwd")
                                    || SensitiveFiles.NAMES.phrase(file).endsWith("boot.ini")
                                    || SensitiveFiles.NAMES.phrase(file).endsWith("win.ini")
                                    || SensitiveFiles.NAMES.phrase(file).startsWith("system32/")
                                    || SensitiveFiles.NAMES.phrase(file).endsWith("etc/issue")
                                    || SensitiveFiles.NAMES.phrase(file).endsWith("etc/hosts")
                                    || SensitiveFiles.NAMES.phrase(file).endsWith("etc/shadow"));
            boolean joined =
                    before == '/'
                            || before == ' '
                            || before == '='
                            || before == '<'
                            || before == '\''
                            || before == '"'
                            || before == ':'
                            || before == '@'
                            || before == '|';
            // a whole value that is a path from the root: no page links like that
            boolean absolute =
                    part != PartKind.PATH
                            && n < 160
                            && (path[0] == '/' || path[1] == ':' && path[2] == '/')
                            && canonical.find(" ", 0, n) < 0;
            boolean hidden =
                    part == PartKind.PATH
                            && (canonical.startsWith("/.", from)
                                    || canonical.startsWith("/web-inf/", from)
                                    || canonical.startsWith("/meta-inf/", from));
            points = prose ? 25 : absolute || hidden ? 85 : famous ? 80 : joined ? 60 : 45;
        }
        if (part == PartKind.PATH) {
            points = Math.min(points, points >= 95 && from <= 2 && !wrapper ? 85 : points);
        }
        if (part == PartKind.REFERER || part == PartKind.USER_AGENT) {
            points /= 2;
        }
        if (text.flags() == 0 && amongWords(n)) {
            points = Math.min(points, 60);
        }
        out.raise(
                points,
                wrapper ? "wrapper" : "sensitive-file",
                from,
                Math.min(text.length(), from + 16));
        if (text.has(Text.NUL)) {
            out.add(40);
        }
    }

    /**
     * Whether the file's name stands among words: two behind it, or two before it and one behind
     * ({@code boot.ini missing after the update}).
     */
    private boolean amongWords(int n) {
        int from = fileAt;
        while (from > 0 && path[from - 1] > ' ') {
            from--;
        }
        int to = fileAt;
        while (to < n && path[to] > ' ') {
            to++;
        }
        int before = 0;
        int i = from;
        while (i > 1 && path[i - 1] == ' ' && (PathText.word(path[i - 2]) || path[i - 2] == ':')) {
            i -= 2;
            while (i > 0 && PathText.word(path[i - 1])) {
                i--;
            }
            before++;
        }
        if (i > 0) {
            return false;
        }
        int behind = 0;
        int k = to;
        while (k + 1 < n && path[k] == ' ' && PathText.word(path[k + 1])) {
            k++;
            while (k < n && PathText.word(path[k])) {
                k++;
            }
            behind++;
        }
        boolean bare = SensitiveFiles.NAMES.phrase(file).indexOf('/') < 0;
        return behind >= 2 || behind > 0 && (before >= 2 || bare);
    }

    @Override
    public void found(int phrase, int end) {
        int value = SensitiveFiles.NAMES.points(phrase);
        int at = end - SensitiveFiles.NAMES.phrase(phrase).length();
        if (SensitiveFiles.longer(canonical, at, end)) {
            return;
        }
        named |= value != SensitiveFiles.WRAPPER;
        if (value > filePoints || fileAt < 0) {
            int before = at > 0 ? path[at - 1] : 0;
            if (SensitiveFiles.NAMES.phrase(phrase).charAt(0) != '/' && PathText.word(before)) {
                return;
            }
            filePoints = value;
            fileAt = at;
            file = phrase;
        }
    }

    /** Whether the text is long or has more than a few spaces. */
    private boolean prose(int n) {
        int spaces = 0;
        for (int i = 0; i < n && spaces < 6; i++) {
            spaces += path[i] == ' ' || path[i] == '\n' ? 1 : 0;
        }
        return spaces >= 5;
    }
}
