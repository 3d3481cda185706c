package ips.core.payload.probe;

import ips.core.ColdPath;
import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Phrases;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds commands that a shell would run: a separator or substitution, then a command, then an
 * argument or an end.
 *
 * <p>The text is copied with the shell's ways to write the same word undone: quotes and backslashes
 * inside words, {@code $@}, {@code $*}, {@code ${IFS}}, {@code {a,b}}, carets. A command's name
 * alone never counts.
 */
@HotPath
public final class CommandJudge implements Judge {
    private static final int STRONG = 1;
    private static final int SHORT = 2;
    private static final int ENGLISH = 3;
    private static final int TRIVIAL = 4;

    /** Adds what it looks for where the words are written plainly, for a gate before it. */
    @ColdPath
    public static void addPhrases(Phrases.Builder builder, int bit) {
        for (String word : COMMANDS.list()) {
            for (String separator : new String[] {";", "|", "&"}) {
                builder.add(bit, separator + word, separator + " " + word);
            }
        }
    }

    private static final Words COMMANDS =
            Words.builder()
                    .add(
                            STRONG,
                            "whoami uname ifconfig ipconfig netstat wget curl nslookup ping traceroute"
                                    + " tracert nmap bash zsh ksh tcsh csh dash perl python python2"
                                    + " python3 ruby netcat ncat socat telnet powershell pwsh cmd"
                                    + " cmd.exe ping.exe net.exe chmod chown mkfifo mknod tftp ftp"
                                    + " scp rsync crontab printenv tasklist systeminfo certutil"
                                    + " bitsadmin wmic busybox lynx awk gawk nawk mawk sed xxd"
                                    + " base64 passwd useradd adduser usermod sudo pkill killall"
                                    + " reboot iptables sleep lsof rundll32 mshta regsvr32 cscript"
                                    + " wscript schtasks phpinfo nohup setsid xargs tac gzip tar unzip"
                                    + " openssl dig hostname ls dir cat rm mkdir pwd echo printf"
                                    + " grep egrep tee cp mv ps"
                                    + " whois ssh php gcc java env"
                                    + " killall5 poweroff dd od nl"
                                    + " vim vi nano sendmail"
                                    + " getent lsb_release uptime dmesg df du"
                                    + " whereis vmstat logname tty")
                    .add(
                            ENGLISH,
                            "type touch which head tail find kill finger node export eval exec source"
                                    + " shutdown halt more less sort strings ed mail mount free top"
                                    + " locate last groups users")
                    .add(TRIVIAL, "true false")
                    .add(SHORT, "id w sh nc ip at set net reg who ver")
                    .build();

    /** Takes a number or an address as its argument; behind others a number is a version. */
    private static final Words NUMBERED =
            Words.of(
                    "sleep ping ping.exe nslookup traceroute tracert dig whois curl wget nc ncat netcat"
                            + " telnet ssh kill ftp tftp head tail dd nmap usleep timeout host");

    private final ShellQuoting quoting;
    private Text shell;
    private byte[] b;

    /** Bytes with which the same word can be written in another way. */
    private static final boolean[] QUOTING = new boolean[256];

    /** Bytes before which or behind which a command may stand. */
    private static final boolean[] SEPARATORS = new boolean[256];

    /** Bytes that end a command without an argument. */
    private static final boolean[] ENDS = new boolean[256];

    /** Bytes with which an argument begins, and prose does not. */
    private static final boolean[] ARGUMENTS = new boolean[256];

    static {
        mark(QUOTING, "'\"\\$`^{+");
        mark(SEPARATORS, ";|&\n`$(\\");
        mark(ENDS, ";|&`)'\"#<>}");
        mark(ARGUMENTS, "-/$'\"{.~\\*%`");
    }

    private static void mark(boolean[] table, String signs) {
        for (int i = 0; i < signs.length(); i++) {
            table[signs.charAt(i)] = true;
        }
    }

    private int n;
    private int undone;
    private Judgement out;
    private boolean lines;
    private int words;

    public CommandJudge(int capacity) {
        quoting = new ShellQuoting(capacity);
    }

    @Override
    public void judge(Text text, PartKind part, Judgement judgement) {
        out = judgement;
        lines = part.multiLine() || part == PartKind.HEADER || text.length() > 200;
        boolean spaces = false;
        boolean quoted = false;
        boolean separated = false;
        byte[] in = text.bytes();
        for (int i = 0; i < text.length(); i++) {
            spaces |= in[i] == ' ';
            quoted |= QUOTING[in[i] & 0xff];
            separated |= SEPARATORS[in[i] & 0xff];
        }
        undone = 0;
        if (quoted && (separated || text.length() < 200)) {
            shell = quoting.undo(text, !spaces);
            undone = quoting.undone();
        } else {
            shell = text;
        }
        b = shell.bytes();
        n = shell.length();
        words = words(b, n);
        for (int i = 0; i < n; i++) {
            switch (b[i]) {
                case '|' -> {
                    if (i == n - 1) {
                        piped(i);
                    }
                    command(i, i + 1, false);
                }
                case ';', '&', '\n' -> command(i, i + 1, false);
                case '\\' -> {
                    if (shell.at(i + 1) == 'n' && shell.at(i + 2) == '/') {
                        command(i, i + 2, false);
                    }
                }
                case '`' -> command(i, i + 1, true);
                case '$' -> {
                    if (shell.at(i + 1) == '(') {
                        command(i, i + 2, true);
                    }
                }
                case '(' -> {
                    int before = shell.at(i - 1);
                    if (before == '<' || before == '>') {
                        command(i, i + 1, true);
                    }
                }
                default -> {}
            }
        }
        if (part != PartKind.USER_AGENT) {
            whole(text);
        }
    }

    /** A command behind the separator at {@code at}. */
    private void command(int at, int from, boolean substitution) {
        int i = from;
        while (i < n
                && (b[i] == ' '
                        || b[i] == '|'
                        || b[i] == '&'
                        || b[i] == '\n'
                        || b[i] == ';'
                        || b[i] == '{'
                        || b[i] == '('
                        || b[i] == '"'
                        || b[i] == '\''
                        || b[i] == '+'
                        || b[i] == '$'
                        || b[i] == '!')) {
            if (++i - from > 12) {
                return;
            }
        }
        int start = i;
        boolean path = false;
        boolean glob = false;
        // /usr/bin/id, ./x, c:\windows\system32\cmd.exe, /???/??t
        int word = i;
        while (i < n && i - start < 80) {
            int c = b[i] & 0xff;
            if (c == '/' || c == '\\') {
                path = true;
                word = i + 1;
            } else if (c == '?' || c == '*') {
                glob = true;
            } else if (!(c >= 'a' && c <= 'z'
                    || c >= '0' && c <= '9'
                    || c == '.'
                    || c == '_'
                    || c == '-'
                    || c == ':')) {
                break;
            }
            i++;
        }
        if (i == start) {
            return;
        }
        boolean binary =
                path
                        && (shell.startsWith("/bin/", start)
                                || shell.startsWith("/usr/", start)
                                || shell.startsWith("usr/", start)
                                || shell.startsWith("bin/", start)
                                || shell.startsWith("/sbin/", start)
                                || shell.startsWith("c:", start)
                                || shell.startsWith("/tmp/", start));
        if (glob && path && globbed(start, i)) {
            out.raise(90, "globbed-command", at, i);
            return;
        }
        int code = COMMANDS.code(b, word, i);
        if (code == 0 && shell.startsWith(".exe", i - 4)) {
            code = COMMANDS.code(b, word, i - 4);
        }
        if (code == 0) {
            if (binary && substitution) {
                out.raise(70, "command-path", at, i);
            }
            return;
        }
        separator(at, start, word, i, code, binary, substitution);
    }

    private void separator(
            int at, int start, int word, int end, int code, boolean binary, boolean substitution) {
        int c = shell.at(end);
        int next = shell.skipSpace(end);
        int first = shell.at(next);
        boolean closed = first == -1 || ENDS[first];
        boolean number = first >= '0' && first <= '9';
        boolean argument =
                (c == ' ' || c == '\n')
                        && (first >= 0 && ARGUMENTS[first]
                                || number && (binary || NUMBERED.code(b, word, end) != 0)
                                || shell.at(next + 1) == ':'
                                || substitution && shell.find("://", next, next + 8) > 0);
        boolean spaced = c == ' ' && first >= 'a' && first <= 'z';
        boolean tight =
                c == '<'
                        || c == '>'
                        || c == '%'
                        || c == '$'
                        || c == '+'
                                && (shell.at(end + 1) == '-'
                                        || shell.at(end + 1) == 'c'
                                        || shell.at(end + 1) == '/');
        boolean line = b[at] == '\n';
        boolean sole = start - at > 2;
        boolean leading = at <= 2 || shell.at(at - 1) == '\'' || shell.at(at - 1) == '"';
        int points = 0;
        if (substitution) {
            points = closed ? 90 : argument || tight ? 95 : spaced ? 60 : 0;
            points = code == ENGLISH ? points * 3 / 4 : points;
            if (b[at] == '`' && at > 2 && (!argument && !tight || words >= 5)) {
                // `id` in prose is a name in type; alone in a value it is a command
                points = Math.min(points, argument ? 45 : 25);
            } else if (b[at] == '`' && !argument && !tight) {
                points = 85;
            }
            if (code == TRIVIAL) {
                points = leading && closed ? 85 : 0;
            }
        } else if (code == TRIVIAL) {
            points = 0;
        } else if (argument || tight) {
            points = binary ? 100 : code == STRONG ? 80 : code == SHORT ? 60 : 50;
            points += leading || sole || undone > 0 ? 25 : 0;
        } else if (closed) {
            points = binary ? 90 : code == STRONG ? 55 : code == SHORT ? 45 : 20;
            points += leading || undone > 0 && code != SHORT ? 35 : 0;
            points += first == -1 && at > 0 ? 10 : 0;
            points += line && !lines ? 25 : 0;
        } else if (spaced) {
            points = binary ? 90 : code == STRONG ? 50 : 20;
            points += leading || undone > 0 ? 30 : 0;
            points = code == ENGLISH && undone == 0 ? Math.min(points, 30) : points;
        } else if (binary && c == -1) {
            points = 90;
        }
        if (line && !binary && lines) {
            // a line of prose or of a list may begin with any word
            boolean first_ =
                    at == 0
                            || b[at - 1] == '\''
                            || b[at - 1] == '"'
                            || b[at - 1] == ';'
                            || b[at - 1] == '|';
            points = first_ && argument && first != '.' && code != ENGLISH ? points : points / 3;
        } else if (line && n > 200) {
            points /= 2;
        }
        if (words >= 14 && !leading && !binary) {
            points = points * 2 / 3;
        }
        out.raise(points, "command", at, end);
        if (undone > 0 && points >= 40 && (code != SHORT || leading)) {
            out.add(30);
        }
    }

    /** Whether a path with wildcards can stand for a program: /b?n/c*t. */
    private boolean globbed(int from, int to) {
        int slashes = 0;
        int marks = 0;
        int letters = 0;
        for (int i = from; i < to; i++) {
            slashes += b[i] == '/' ? 1 : 0;
            marks += b[i] == '?' || b[i] == '*' ? 1 : 0;
            letters += b[i] >= 'a' && b[i] <= 'z' ? 1 : 0;
        }
        return b[from] == '/' && slashes >= 2 && marks >= 2 && letters <= 8;
    }

    /** Spaces, up to 14: so many words make it likely that one is a command's name by chance. */
    private static int words(byte[] b, int n) {
        int spaces = 0;
        for (int i = 0; i < n && spaces < 14; i++) {
            spaces += b[i] == ' ' || b[i] == '\n' ? 1 : 0;
        }
        return spaces;
    }

    /** {@code /usr/bin/id|}, which Perl's open() runs. */
    private void piped(int pipe) {
        int start = pipe;
        int word = pipe;
        while (start > 0 && pipe - start < 60 && b[start - 1] > ' ' && b[start - 1] != '|') {
            start--;
            word = word == pipe && b[start] == '/' ? start + 1 : word;
        }
        if (word < pipe
                && COMMANDS.code(b, word, pipe) != 0
                && shell.find("bin/", start, word) >= 0) {
            out.raise(85, "piped-command", start, pipe + 1);
        }
    }

    /** A value that is nothing but a command line: ls -la /home, ping 127.0.0.1. */
    private void whole(Text text) {
        int i = 0;
        if (shell.startsWith("$ ", 0)) {
            // a transcript of a terminal
            return;
        }
        if (n < 24 && shell.find("{cmd}", 0, n) >= 0) {
            out.raise(85, "unfilled-template", 0, n);
            return;
        }
        while (i < n
                && (b[i] == ' '
                        || b[i] == '\n'
                        || b[i] == '\''
                        || b[i] == '"'
                        || b[i] == '$'
                        || b[i] == '+')) {
            i++;
        }
        int start = i;
        int word = i;
        while (i < n
                && i - start < 60
                && (b[i] >= 'a' && b[i] <= 'z'
                        || b[i] >= '0' && b[i] <= '9'
                        || b[i] == '/'
                        || b[i] == '.'
                        || b[i] == '_'
                        || b[i] == ':')) {
            if (b[i] == '/') {
                word = i + 1;
            }
            i++;
        }
        int code = COMMANDS.code(b, word, i);
        if (code == 0 && shell.startsWith(".exe", i - 4)) {
            code = COMMANDS.code(b, word, i - 4);
        }
        if (code == 0 || n > 200) {
            return;
        }
        boolean binary =
                shell.startsWith("/bin/", start)
                        || shell.startsWith("/usr/bin/", start)
                        || shell.startsWith("/sbin/", start)
                        || shell.startsWith("/usr/sbin/", start)
                        || shell.startsWith("/usr/local/bin/", start);
        int next = shell.skipSpace(i);
        int c = shell.at(next);
        boolean space = next > i;
        boolean option =
                space
                        && (c == '-' && shell.at(next + 1) >= 'a'
                                || c == '/' && shell.at(next + 1) >= 'a'
                                || c >= '0'
                                        && c <= '9'
                                        && code == STRONG
                                        && shell.find(".", next, next + 5) > 0
                                || shell.at(next + 1) == ':');
        int points = 0;
        if (binary) {
            points = c == -1 || option || space || c == ';' || c == '|' || c == '&' ? 85 : 50;
        } else if (option) {
            points = code == STRONG ? 85 : 30;
            if (shell.find("|", next, n) > 0
                    || shell.find("/etc/", next, n) > 0
                    || shell.find(";", next, n) > 0) {
                points += 25;
            }
        } else if (undone > 0 && (c == -1 || space)) {
            points = 40;
        }
        if (code == STRONG
                && start > 0
                && shell.at(start - 1) == shell.at(i)
                && (shell.at(i) == '\'' || shell.at(i) == '"')
                && undone == 0
                && n <= i + 2) {
            points = Math.max(points, 50);
        }
        out.raise(points, "command-line", start, Math.min(n, i + 8));
    }
}
