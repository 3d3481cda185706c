package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds what somebody left lying in a web server's directories and no page links to: a working
 * copy's own files, what an editor keeps of a script, dumps of a database. Owned by one {@link
 * TraversalJudge}.
 */
@HotPath
final class LeftFile {
    /** A longer value is no path that someone types. */
    private static final int LONGEST = 200;

    /** The longest ending. */
    private static final int LONGEST_ENDING = 10;

    /** Directories of working copies, wherever they lie. */
    private static final String[] WORKING_COPIES = {"/.git/", "/.svn/", "/.hg/", "/.bzr/", "/cvs/"};

    /**
     * Directories of editors and accounts, which sites that show repositories have further down.
     */
    private static final Words AT_ROOT =
            Words.of(".idea .vscode .composer .ssh .aws .docker .kube .azure .gnupg .circleci");

    /** What a server runs or reads, and shows nobody. */
    private static final Words SOURCES =
            Words.of(
                    "php php3 php4 php5 php7 phtml inc asp aspx ashx asmx ascx jsp jspx cfm pl cgi py rb"
                            + " config conf cnf ini env yml yaml properties htaccess htpasswd sql");

    /** What an editor or a hand puts behind the name of what it keeps. */
    private static final Words KEPT =
            Words.of("bak bak1 bak2 bkp old old1 orig original save saved swp swo copy backup tmp");

    /** How dumps and copies of whole sites are called. */
    private static final Words DUMPS =
            Words.of(
                    "backup backups dump dumps database db db1 mysql mysqldump sql data site www wwwroot"
                            + " users localhost db_backup db-backup dbdump site_backup htdocs"
                            + " public_html web website wordpress wp test temp prod production");

    /** Names of copies of sites that are nothing else's. */
    private static final Words SITES =
            Words.of("wwwroot www htdocs public_html db_backup backup backups site website");

    /** Files of a working copy or an account, right below the root. */
    private static final Words OWN =
            Words.of(
                    ".gitignore .gitattributes .gitmodules .gitlab-ci.yml .travis.yml .dockerignore"
                            + " .dockerenv .babelrc .npmignore .bashrc .bash_profile .profile .zshrc"
                            + " .viminfo .mysql_history .psql_history .pgpass .netrc .ftpconfig .s3cfg"
                            + " server.key private.key privkey.pem ssl.key id_dsa id_ecdsa id_ed25519"
                            + " .boto .yarnrc .git-credentials .gitconfig .wgetrc .my.cnf .rediscli_history");

    private static final Words ARCHIVES = Words.of("zip rar tar tgz gz bz2 7z");

    private final Text canonical;
    private final byte[] path;
    private int n;

    /** Where the last part of the path begins. */
    private int name;

    LeftFile(PathText whole) {
        canonical = whole.text();
        path = canonical.bytes();
    }

    void judge(Text text, PartKind part, Judgement out) {
        n = canonical.length();
        boolean request = part == PartKind.PATH;
        boolean value = part == PartKind.QUERY || part == PartKind.FORM || part == PartKind.COOKIE;
        if (!request && !value || n < 5 || n > LONGEST || text.find(" ", 0, text.length()) >= 0) {
            return;
        }
        for (int i = 0; request && i < WORKING_COPIES.length; i++) {
            int at = canonical.find(WORKING_COPIES[i], 0, n);
            if (at >= 0 && (at == 0 || WORKING_COPIES[i].charAt(1) == '.')) {
                out.raise(85, "left-file", at, n);
            }
        }
        int second = canonical.find("/", 1, n);
        if (request && second > 0 && AT_ROOT.code(path, 1, second) != 0) {
            out.raise(85, "left-file", 0, n);
        }
        name = n;
        while (name > 0 && path[name - 1] != '/' && path[name - 1] != '=') {
            name--;
        }
        if (kept() || request && (dump() || known())) {
            out.raise(85, "left-file", name, n);
        }
    }

    /** {@code index.php.bak}, {@code settings.php~}, {@code .config.php.swp}. */
    private boolean kept() {
        if (n - name < 5) {
            return false;
        }
        if (path[n - 1] == '~') {
            return SOURCES.code(path, behindDot(n - 1), n - 1) != 0;
        }
        int ending = behindDot(n);
        if (KEPT.code(path, ending, n) == 0) {
            return false;
        }
        int inner = ending - 1;
        return SOURCES.code(path, behindDot(inner), inner) != 0;
    }

    /** {@code /backup.sql}, {@code /dump.sql.gz}, {@code /wwwroot.zip}, right below the root. */
    private boolean dump() {
        int dot = canonical.find(".", name, n);
        if (name != 1 || dot < 0) {
            return false;
        }
        boolean sql = canonical.startsWith(".sql", dot);
        boolean packed = sql || canonical.startsWith(".tar", dot);
        int ending = packed && n > dot + 5 ? dot + 5 : dot + 1;
        boolean archive = ARCHIVES.code(path, ending, n) != 0;
        return sql && (n == dot + 4 || archive) && DUMPS.code(path, name, dot) != 0
                || archive && SITES.code(path, name, dot) != 0;
    }

    /**
     * Settings in a form that a server shows: {@code /wp-config.txt}, {@code /sftp-config.json}.
     */
    private boolean known() {
        boolean blog = canonical.startsWith("wp-config.", name);
        return name == 1 && OWN.code(path, 1, n) != 0
                || blog && !canonical.startsWith("php", name + 10)
                || canonical.startsWith("sftp-config.json", name)
                || canonical.startsWith("/storage/logs/laravel.log", n - 25)
                || canonical.startsWith("/util/php/eval-stdin.php", n - 24);
    }

    /** Behind the last dot before {@code end}, or {@code end} if there is none near. */
    private int behindDot(int end) {
        int i = end;
        while (i > name && end - i < LONGEST_ENDING) {
            if (path[i - 1] == '.') {
                return i;
            }
            i--;
        }
        return end;
    }
}
