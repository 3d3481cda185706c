package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

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
    private final ShellQuoting quoting;
    private final CommandLine line = new CommandLine();
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
    private int lineEnds;
    private boolean path;

    public CommandJudge(int capacity) {
        quoting = new ShellQuoting(capacity);
    }

    @Override
    public void judge(Text text, PartKind part, Judgement judgement) {
        out = judgement;
        path = part == PartKind.PATH || part == PartKind.REFERER;
        lines = part.multiLine() || part == PartKind.HEADER || text.length() > 200;
        boolean spaces = false;
        boolean quoted = false;
        boolean separated = false;
        lineEnds = 0;
        byte[] in = text.bytes();
        for (int i = 0; i < text.length(); i++) {
            spaces |= in[i] == ' ';
            lineEnds += in[i] == '\n' ? 1 : 0;
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
                case '>' -> socket(i);
                case '\\' -> {
                    if (shell.at(i + 1) == 'n' && shell.at(i + 2) == '/') {
                        command(i, i + 2, false);
                    }
                }
                case '`' -> {
                    if (shell.at(i + 1) == '`' && shell.at(i + 2) == '`') {
                        i = fence(i);
                    } else {
                        command(i, i + 1, true);
                    }
                }
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
            line.judge(shell, undone, judgement);
        }
    }

    /**
     * The last byte of a fence of Markdown at {@code at}, with the name of a language: what stands
     * between two fences is shown, not run.
     */
    private int fence(int at) {
        int i = at + 3;
        while (i < n && i - at < 24 && (b[i] >= 'a' && b[i] <= 'z' || b[i] == '-')) {
            i++;
        }
        return i - 1;
    }

    /** {@code >& /dev/tcp/1.2.3.4/443}: a shell that talks to a host. */
    private void socket(int at) {
        int i = at + 1;
        while (i < n && i - at < 4 && (b[i] == ' ' || b[i] == '&')) {
            i++;
        }
        if (shell.startsWith("/dev/tcp/", i) || shell.startsWith("/dev/udp/", i)) {
            out.raise(95, "shell-socket", at, i + 9);
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
            } else if (c == '?' || c == '*' || path && bracketed(i)) {
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
        if (i == start || b[start] == '\\' && word == start + 1) {
            // \w is a class of a pattern
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
        boolean program = shell.startsWith("/bin/", start) || shell.startsWith("/usr/bin/", start);
        if (glob && path && (program || CommandLine.globbed(b, start, i))) {
            out.raise(90, "globbed-command", at, i);
            return;
        }
        int code = ShellCommands.COMMANDS.code(b, word, i);
        if (code == 0 && shell.startsWith(".exe", i - 4)) {
            code = ShellCommands.COMMANDS.code(b, word, i - 4);
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
        // two letters and a sign are found in any password
        boolean angle = c == '<' || c == '>';
        boolean redirected = angle && (end - word > 2 || !letter(end + 1));
        boolean closed = first == -1 || ENDS[first] && (!angle || redirected);
        boolean number = first >= '0' && first <= '9';
        boolean argument =
                (c == ' ' || c == '\n')
                        && (first >= 0 && ARGUMENTS[first]
                                || first == '+' && letter(next + 1)
                                || number
                                        && (binary
                                                || ShellCommands.NUMBERED.code(b, word, end) != 0)
                                || shell.at(next + 1) == ':'
                                || substitution && shell.find("://", next, next + 8) > 0);
        boolean spaced = c == ' ' && first >= 'a' && first <= 'z';
        boolean leads = at <= 2 && !substitution && b[at] != '\n';
        if (spaced && ShellCommands.NUMBERED.code(b, word, end) != 0) {
            // a host, by its dots: nc evil.com 80
            argument = host(next);
        } else if (spaced && code == ShellCommands.SHORT && shell.startsWith("net ", word)) {
            argument = ShellCommands.NET.code(b, next, wordEnd(next)) != 0;
            code = argument ? ShellCommands.STRONG : code;
        } else if (number && c == ' ' && leads) {
            argument = true;
        }
        boolean tight =
                redirected
                        || c == '%'
                        || c == '$'
                        || c == '+'
                                && (shell.at(end + 1) == '-'
                                        || shell.at(end + 1) == 'c'
                                        || shell.at(end + 1) == '/');
        boolean line = b[at] == '\n';
        boolean sole = start - at > 2;
        boolean leading =
                at <= 2
                        || shell.at(at - 1) == '\''
                        || shell.at(at - 1) == '"'
                        || path && shell.at(at - 1) == '/';
        int points = 0;
        if (substitution) {
            boolean called = b[at] == '$' && code == ShellCommands.STRONG && words < 6;
            points = closed ? 90 : argument || tight ? 95 : spaced ? called ? 85 : 60 : 0;
            points = code == ShellCommands.ENGLISH ? points * 3 / 4 : points;
            boolean chained = argument && at > 0 && isSeparator(b[at - 1]);
            boolean alone = closed && n - end <= 1 && headed(at, word, end);
            if (b[at] == '`' && (chained || alone)) {
                points = 95;
            } else if (b[at] == '`' && at > 2 && !path && (!argument && !tight || words >= 5)) {
                // `id` in prose is a name in type; alone in a value it is a command
                points = Math.min(points, argument ? 45 : 25);
            } else if (b[at] == '`' && !argument && !tight && points > 0) {
                points = 85;
            }
            if (code == ShellCommands.TRIVIAL) {
                points = leading && closed ? 85 : 0;
            }
        } else if (code == ShellCommands.TRIVIAL) {
            points = 0;
        } else if (argument || tight) {
            points =
                    binary
                            ? 100
                            : code == ShellCommands.STRONG
                                    ? 80
                                    : code == ShellCommands.SHORT ? 60 : 50;
            points += leading || sole || undone > 0 ? 25 : 0;
            boolean option = first == '-' || first == '/' && shell.at(next + 1) != ' ';
            if (leads && (option || number || code == ShellCommands.ENGLISH && first == '/')) {
                points = Math.max(points, 85);
            }
        } else if (closed) {
            points =
                    binary
                            ? 90
                            : code == ShellCommands.STRONG
                                    ? 55
                                    : code == ShellCommands.SHORT ? 45 : 20;
            points += leading || undone > 0 && code != ShellCommands.SHORT ? 35 : 0;
            points += first == -1 && at > 0 ? 10 : 0;
            points += line && !lines ? 25 : 0;
            boolean over = first == -1 || first == '|' && next == n - 1;
            boolean lone = line && at == 0 && n - end <= 1 && n < 16;
            if (over && headed(at, word, end) || lone) {
                points = Math.max(points, 85);
            }
        } else if (spaced) {
            points = binary ? 90 : code == ShellCommands.STRONG ? 50 : 20;
            points += leading || undone > 0 ? 30 : 0;
            points = code == ShellCommands.ENGLISH && undone == 0 ? Math.min(points, 30) : points;
            if (leads && code == ShellCommands.SHORT && n - end < 8) {
                points = 80;
            }
        } else if (binary && c == -1) {
            points = 90;
        }
        if (line && !binary && lines && !(closed && points >= 85)) {
            // a line of prose or of a list may begin with any word
            boolean first_ =
                    at == 0
                            || b[at - 1] == '\''
                            || b[at - 1] == '"'
                            || b[at - 1] == ';'
                            || b[at - 1] == '|';
            points =
                    first_ && argument && first != '.' && code != ShellCommands.ENGLISH
                            ? points
                            : points / 3;
        } else if (line && n > 200) {
            points /= 2;
        }
        if (words >= 14 && !leading && !binary) {
            points = points * 2 / 3;
        }
        if (b[at] == '|' && filtered(at, word, end, next)) {
            points = Math.min(points, 60);
        } else if (substitution && b[at] == '$' && assigned(at)) {
            points = Math.min(points, 60);
        }
        out.raise(points, "command", at, end);
        if (undone > 0 && points >= 40 && (code != ShellCommands.SHORT || leading)) {
            out.add(30);
        }
    }

    /**
     * Whether the value before the separator at {@code at}, the only one, is one word: an address
     * or a host, which a tool of the network is given ({@code 127.0.0.1;id}), or before a command
     * that nobody lists ({@code test|whoami}).
     */
    private boolean headed(int at, int word, int end) {
        int last = at;
        while (last > 0
                && (b[last - 1] == ' '
                        || b[last - 1] == ';'
                        || b[last - 1] == '&'
                        || b[last - 1] == '|')) {
            last--;
        }
        if (last == 0 || last > 64) {
            return false;
        }
        int dots = 0;
        for (int i = 0; i < last; i++) {
            int c = b[i];
            boolean name =
                    c >= 'a' && c <= 'z'
                            || c >= '0' && c <= '9'
                            || c == '-'
                            || c == '/'
                            || c == '_'
                            || c == '@';
            if (!name && c != '.') {
                return false;
            }
            dots += c == '.' ? 1 : 0;
        }
        if (b[at] == '\n') {
            return dots == 3 && b[0] <= '9';
        }
        return dots > 0 && last > 5 || ShellCommands.RECONNAISSANCE.code(b, word, end) != 0;
    }

    /**
     * Whether a line that began as a command line of three words and more goes on to a command that
     * sorts out its output: {@code kubectl get pods | grep web} is what developers tell each other.
     */
    private boolean filtered(int at, int word, int end, int argument) {
        int spaces = 0;
        for (int i = 0; i < at && spaces < 3; i++) {
            spaces += b[i] == ' ' ? 1 : 0;
        }
        return spaces >= 3
                && letter(0)
                && ShellCommands.FILTERS.code(b, word, end) != 0
                && shell.find("/etc/", argument, Math.min(n, argument + 64)) < 0;
    }

    /** Whether a script of some lines gives a variable what a command says: {@code a=$(date)}. */
    private boolean assigned(int at) {
        int before = shell.at(at - 1) == '"' ? at - 2 : at - 1;
        return lineEnds > 2 && shell.at(before) == '=';
    }

    /** Whether a name with dots, as hosts have, stands at {@code from}. */
    private boolean host(int from) {
        int i = from;
        int dots = 0;
        while (i < n && i - from < 64 && b[i] > ' ' && b[i] != ';' && b[i] != '|') {
            boolean inside = i > from && i + 1 < n && b[i + 1] >= '0';
            dots += b[i] == '.' && inside ? 1 : 0;
            i++;
        }
        return dots > 0;
    }

    private static boolean isSeparator(int c) {
        return c == '|' || c == ';' || c == '&';
    }

    /** A class of one letter, which stands for it: /b[i]n. */
    private boolean bracketed(int at) {
        int open = b[at] == ']' ? at - 2 : at;
        return shell.at(open) == '[' && letter(open + 1) && shell.at(open + 2) == ']';
    }

    private boolean letter(int at) {
        return at < n && b[at] >= 'a' && b[at] <= 'z';
    }

    private int wordEnd(int from) {
        int i = from;
        while (i < n && i - from < 32 && b[i] >= 'a' && b[i] <= 'z') {
            i++;
        }
        return i;
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
        boolean asks = start == 0 && ShellCommands.RECONNAISSANCE.code(b, 0, pipe) != 0;
        if (asks
                || word < pipe
                        && ShellCommands.COMMANDS.code(b, word, pipe) != 0
                        && shell.find("bin/", start, word) >= 0) {
            out.raise(85, "piped-command", start, pipe + 1);
        }
    }
}
