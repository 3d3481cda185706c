package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Phrases;
import ips.core.payload.text.Text;

/**
 * Finds one of the {@link SensitiveFiles} in a value and judges it by where it stands: at the
 * beginning, behind a sign that joins paths, or among words. Owned by one {@link TraversalJudge}.
 */
@HotPath
final class NamedFile implements Phrases.Match {
    /** A longer value is likely a text that has files in it. */
    private static final int SHORT = 160;

    private final PathText whole;
    private final Text canonical;
    private final byte[] path;
    private int at;
    private int points;
    private int file;

    /** Whether a file was found that is no wrapper. */
    private boolean named;

    /** Whether one of those found is a file that every list of such paths has. */
    private boolean famous;

    NamedFile(PathText whole) {
        this.whole = whole;
        canonical = whole.text();
        path = canonical.bytes();
    }

    /** Whether the path at hand names such a file; the one that counts most is kept. */
    boolean find() {
        at = -1;
        points = 0;
        named = false;
        famous = false;
        SensitiveFiles.NAMES.scan(canonical, this);
        return points > 0;
    }

    @Override
    public void found(int phrase, int end) {
        int value = SensitiveFiles.NAMES.points(phrase);
        int start = end - SensitiveFiles.NAMES.phrase(phrase).length();
        if (SensitiveFiles.longer(canonical, start, end)) {
            return;
        }
        named |= value != SensitiveFiles.WRAPPER;
        famous |= famous(SensitiveFiles.NAMES.phrase(phrase));
        if (value > points || at < 0) {
            int before = start > 0 ? path[start - 1] : 0;
            if (SensitiveFiles.NAMES.phrase(phrase).charAt(0) != '/' && PathText.word(before)) {
                return;
            }
            points = value;
            at = start;
            file = phrase;
        }
    }

    /** Judges what was found. */
    void judge(Text text, PartKind part, Judgement out) {
        boolean wrapper = points == SensitiveFiles.WRAPPER;
        int score = wrapper ? wrapper(part) : path(part);
        if (part == PartKind.PATH && score >= 95 && at <= 2 && !wrapper) {
            score = 85;
        }
        if (part == PartKind.REFERER || part == PartKind.USER_AGENT) {
            score /= 2;
        }
        if (part == PartKind.PATH && shown()) {
            score = Math.min(score, 60);
        }
        if (text.flags() == 0 && amongWords()) {
            score = Math.min(score, 60);
        }
        out.raise(
                score,
                wrapper ? "wrapper" : "sensitive-file",
                at,
                Math.min(text.length(), at + 16));
        if (text.has(Text.NUL)) {
            out.add(40);
        }
    }

    private int wrapper(PartKind part) {
        boolean leads = at < 8 || home();
        if (SensitiveFiles.NAMES.phrase(file).startsWith("file:")) {
            int before = at > 0 ? path[at - 1] : 0;
            boolean read = leads || named && (before == '/' || before == ':');
            return read && !(part.multiLine() && document()) ? 85 : 45;
        }
        return leads ? 100 : 55;
    }

    private int path(PartKind part) {
        int n = canonical.length();
        if (whole.prose()) {
            return 25;
        }
        if (at <= 2 || home()) {
            return n < SHORT ? 95 : 60;
        }
        boolean asPath = part == PartKind.PATH ? hidden() : n < SHORT && absolute();
        return asPath ? 85 : n < SHORT && famous ? 80 : joined() ? 60 : 45;
    }

    /**
     * Whether it is a URL of the user's own computer of a document in a home, as editors and
     * browsers name what they show: {@code file:///C:/Users/Anna/Documents/plan.pdf}.
     */
    private boolean document() {
        int n = canonical.length();
        int begin = canonical.find("/", at, n) + 1;
        boolean drive = PathText.word(path[begin]) && canonical.startsWith(":/", begin + 1);
        int root = drive ? begin + 3 : begin;
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
        boolean ending = PathClimbs.LINKED.code(path, dot + 1, end) != 0;
        return home && ending && canonical.find("/.", root, end) < 0;
    }

    /** A file for others to copy, in a repository that a page shows: /a/b/blob/x/.env.example. */
    private boolean shown() {
        int n = canonical.length();
        boolean example =
                canonical.startsWith("/.env.example", n - 13)
                        || canonical.startsWith("/.env.sample", n - 12)
                        || canonical.startsWith("/.env.template", n - 14);
        return example
                && (canonical.find("/blob/", 1, n) > 0
                        || canonical.find("/tree/", 1, n) > 0
                        || canonical.find("/raw/", 1, n) > 0
                        || canonical.find("/src/branch/", 1, n) > 0);
    }

    /** {@code ~root/.ssh/id_rsa}. */
    private boolean home() {
        return path[0] == '~' && at < 32;
    }

    /** A whole value that is a path from the root: no page links like that. */
    private boolean absolute() {
        return (path[0] == '/' || path[1] == ':' && path[2] == '/')
                && canonical.find(" ", 0, canonical.length()) < 0;
    }

    private boolean hidden() {
        return canonical.startsWith("/.", at)
                || canonical.startsWith("/web-inf/", at)
                || canonical.startsWith("/meta-inf/", at);
    }

    private static boolean famous(String name) {
        return name.endsWith("etc/passwd")
                || name.endsWith("boot.ini")
                || name.endsWith("win.ini")
                || name.startsWith("system32/")
                || name.endsWith("etc/issue")
                || name.endsWith("etc/hosts")
                || name.endsWith("etc/shadow");
    }

    /** Whether a sign stands before it behind which a path begins. */
    private boolean joined() {
        int before = path[at - 1];
        return before == '/'
                || before == ' '
                || before == '='
                || before == '<'
                || before == '\''
                || before == '"'
                || before == ':'
                || before == '@'
                || before == '|';
    }

    /**
     * Whether the file's name stands among words: two behind it, or two before it and one behind
     * ({@code boot.ini missing after the update}).
     */
    private boolean amongWords() {
        int n = canonical.length();
        int from = at;
        while (from > 0 && path[from - 1] > ' ') {
            from--;
        }
        int to = at;
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
}
