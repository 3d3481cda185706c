package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/**
 * Judges a command behind a separator or in a substitution, with the shell's quoting undone.
 *
 * <p>What follows the name decides: an argument that prose does not have, an end, or a word. Then
 * where the separator stands: at the value's beginning, behind a quote or an address it was put
 * there, in the midst of many words it is likely a text. Owned by one {@link CommandJudge}.
 */
@HotPath
final class SeparatedCommand {
    /** Bytes that end a command without an argument. */
    private static final boolean[] ENDS = new boolean[256];

    /** Bytes with which an argument begins, and prose does not. */
    private static final boolean[] ARGUMENTS = new boolean[256];

    static {
        CommandJudge.mark(ENDS, ";|&`)'\"#<>}");
        CommandJudge.mark(ARGUMENTS, "-/$'\"{.~\\*%`");
    }

    /** What follows the way up in a path. */
    private static final String ENDS_PATH = "/;|&";

    /** How far behind its separator a command may begin, words of the shell between. */
    private static final int LONGEST_KEYWORDS = 24;

    /** What is left of a line behind the name of a command, at most, that an address leads to. */
    private static final int SHORT_LINE = 24;

    private final CommandName name = new CommandName();
    private final CommandPlace place = new CommandPlace();

    // The value.
    private Text shell;
    private byte[] b;
    private int n;
    private int undone;
    private boolean path;
    private boolean lines;
    private Judgement out;

    // The command: its separator, its first byte, its name, and how it was found.
    private int at;
    private int start;
    private int word;
    private int end;
    private int code;
    private boolean binary;
    private boolean substitution;

    // What follows it: the byte behind the name, the next that is no space and where.
    private int after;
    private int next;
    private int first;
    private boolean closed;
    private boolean argument;
    private boolean spaced;
    private boolean tight;

    /** Whether its separator is the first of the value, or stands behind a quote. */
    private boolean leading;

    void begin(Text value, int quotingUndone, int lineFeeds, PartKind part, Judgement judgement) {
        shell = value;
        b = value.bytes();
        n = value.length();
        undone = quotingUndone;
        place.begin(value, lineFeeds, part);
        path = part == PartKind.PATH || part == PartKind.REFERER;
        lines = part.multiLine() || part == PartKind.HEADER || n > 200;
        out = judgement;
        name.begin(value);
    }

    /**
     * Judges what stands behind the separator at {@code at}.
     *
     * @param from where the command may begin
     * @param substitution whether a shell would run it inside another
     */
    void judge(int at, int from, boolean substitution) {
        if (!name.read(from)) {
            return;
        }
        if (CommandName.option(shell, name.start())) {
            return;
        }
        if (name.globbed()) {
            out.raise(90, "globbed-command", at, name.end());
            return;
        }
        if (name.keyword() && name.end() - at < LONGEST_KEYWORDS) {
            // ;then sleep 3
            if (place.keyword(at)) {
                judge(at, name.end() + 1, substitution);
            }
            return;
        }
        if (shell.startsWith("for /", name.start()) && b[at] != '\n') {
            // the loop of Windows' shell over what a command says
            int option = shell.at(name.start() + 5);
            out.raise(option == 'f' || option == 'l' ? 90 : 0, "command", at, name.start() + 6);
        }
        if (name.code() == 0) {
            if (name.binary() && substitution) {
                out.raise(70, "command-path", at, name.end());
            }
            return;
        }
        this.at = at;
        this.substitution = substitution;
        start = name.start();
        word = name.word();
        end = name.end();
        code = name.code();
        binary = name.binary();
        points();
    }

    private void points() {
        follow();
        int points = 0;
        if (substitution) {
            points = substituted();
        } else if (code == ShellCommands.TRIVIAL) {
            points = 0;
        } else if (argument || tight) {
            points = argued();
        } else if (closed) {
            points = ended();
        } else if (spaced && wraps()) {
            points = 85;
        } else if (spaced) {
            points = spoken();
        } else if (binary && after == -1) {
            points = 90;
        }
        boolean line = b[at] == '\n';
        if (line && !binary && lines && !(closed && points >= 85)) {
            // a line of prose or of a list may begin with any word
            int before = shell.at(at - 1);
            boolean quoted = before == '\'' || before == '"';
            boolean put = at == 0 || quoted || before == ';' || before == '|';
            points =
                    put && argument && first != '.' && code != ShellCommands.ENGLISH
                            ? points
                            : points / 3;
        } else if (line && n > 200) {
            points /= 2;
        }
        if (place.words() >= 14 && !leading && !binary) {
            points = points * 2 / 3;
        }
        boolean shown = !(substitution && place.leads(at)) && place.script(at, word, end);
        if (b[at] == '|' && place.filtered(at, word, end, next)
                || substitution
                        && b[at] == '$'
                        && (place.assigned(at) || !leading && place.built(word, end))
                || shown) {
            points = Math.min(points, 60);
        }
        out.raise(points, "command", at, end);
        if (undone > 0 && !shown && points >= 40 && (code != ShellCommands.SHORT || leading)) {
            out.add(30);
        }
    }

    /** Reads what follows the name, and where the separator stands. */
    private void follow() {
        after = shell.at(end);
        next = shell.skipSpace(end);
        first = shell.at(next);
        // two letters and a sign are found in any password
        boolean angle = after == '<' || after == '>';
        boolean redirected =
                angle
                        && (substitution
                                || end - word > 2
                                || !letter(end + 1)
                                || at == 0 && b[0] == ';');
        boolean lineEnd = first == '\\' && shell.at(next + 1) == 'n' && next + 2 >= n;
        closed = first == -1 || lineEnd || ENDS[first] && (!angle || redirected);
        spaced = after == ' ' && first >= 'a' && first <= 'z';
        boolean numbered = ShellCommands.NUMBERED.code(b, word, end) != 0;
        argument =
                (after == ' ' || after == '\n')
                        && (first >= 0 && ARGUMENTS[first] && !dash()
                                || first == '+' && letter(next + 1)
                                || (number() || first == '@') && (binary || numbered)
                                || shell.at(next + 1) == ':'
                                || substitution && shell.find("://", next, next + 8) > 0);
        if (spaced && numbered) {
            // a host, by its dots: nc evil.com 80
            argument = host(next);
        } else if (spaced && code == ShellCommands.SHORT && shell.startsWith("net ", word)) {
            argument = ShellCommands.NET.code(b, next, wordEnd(next)) != 0;
            code = argument ? ShellCommands.STRONG : code;
        } else if (spaced && code == ShellCommands.SHORT && shell.startsWith("ip ", word)) {
            argument = ShellCommands.IP.code(b, next, wordEnd(next)) != 0;
            code = argument ? ShellCommands.STRONG : code;
        } else if (spaced && administers()) {
            argument = leads();
            code = argument ? ShellCommands.STRONG : code;
        } else if (number() && after == ' ' && (leads() || given(at))) {
            argument = true;
        }
        int second = shell.at(end + 1);
        boolean plus = after == '+' && (second == '-' || second == 'c' || second == '/');
        tight = redirected || after == '%' || after == '$' || plus;
        int before = shell.at(at - 1);
        leading = at <= 2 || before == '\'' || before == '"' || path && before == '/';
    }

    /** {@code reg query}, {@code sc stop}, {@code query user}. */
    private boolean administers() {
        return (shell.startsWith("reg ", word)
                        || shell.startsWith("sc ", word)
                        || shell.startsWith("query ", word))
                && ShellCommands.ADMINISTRATION.code(b, next, wordEnd(next)) != 0;
    }

    /** Whether a dash and no option follows: Python - a guide, Python -- a guide. */
    private boolean dash() {
        int behind = shell.at(next + 1) == '-' ? next + 2 : next + 1;
        return first == '-' && shell.at(behind) == ' ';
    }

    private boolean number() {
        return first >= '0' && first <= '9';
    }

    /** Whether the value begins with the separator. */
    private boolean leads() {
        return at <= 2 && !substitution && b[at] != '\n';
    }

    /** {@code $(id)}, {@code `cat /etc/hosts`}. */
    private int substituted() {
        if (code == ShellCommands.TRIVIAL) {
            return leading && closed ? 85 : 0;
        }
        boolean strong = argument || tight;
        boolean called = b[at] == '$' && code == ShellCommands.STRONG && place.words() < 6;
        int points = closed ? 90 : strong ? 95 : spaced ? called ? 85 : 60 : 0;
        points = code == ShellCommands.ENGLISH && first != '/' ? points * 3 / 4 : points;
        if (b[at] != '`') {
            return points;
        }
        if (first == '`' && at > 0 && letter(at - 1) && letter(next + 2) && told()) {
            // image.jpg`id`.jpg: no name in type stands inside a word
            return 85;
        }
        boolean chained = argument && at > 0 && isSeparator(b[at - 1]);
        boolean alone = closed && n - end <= 1 && place.headed(at, word, end);
        if (chained || alone) {
            return 95;
        }
        if (at > 2 && !path && (!strong || place.words() >= 5)) {
            // `id` in prose is a name in type; alone in a value it is a command
            return Math.min(points, argument ? 45 : 25);
        }
        return !strong && points > 0 ? 85 : points;
    }

    /** {@code ;cat /etc/hosts}: a command with an argument. */
    private int argued() {
        int points =
                binary
                        ? 100
                        : code == ShellCommands.STRONG ? 80 : code == ShellCommands.SHORT ? 60 : 50;
        boolean sole = start - at > 2;
        points += leading || sole || undone > 0 ? 25 : 0;
        boolean option = first == '-' || first == '/' && shell.at(next + 1) != ' ';
        boolean up = shell.startsWith("..", next) && ENDS_PATH.indexOf(shell.at(next + 2)) >= 0;
        boolean file =
                first == '/' || first == '.' && after == ' ' && shell.at(next + 1) != '.' || up;
        boolean addressed = ShellCommands.NUMBERED.code(b, word, end) != 0 && host(next);
        boolean certain =
                option
                        || number()
                        || code == ShellCommands.ENGLISH && (file || addressed || first == '$')
                        || (first == '"' || first == '\'')
                                && ShellCommands.WRAPPERS.code(b, word, end) != 0;
        boolean written = tight && shell.at(end + 1) == '/';
        return certain && leads() || (file || written) && place.headed(at, word, end)
                ? Math.max(points, 85)
                : points;
    }

    /** {@code ;id}: a command and nothing more. */
    private int ended() {
        int points =
                binary
                        ? 90
                        : code == ShellCommands.STRONG ? 55 : code == ShellCommands.SHORT ? 45 : 20;
        boolean line = b[at] == '\n';
        points += leading || undone > 0 && code != ShellCommands.SHORT ? 35 : 0;
        points += first == -1 && at > 0 ? 10 : 0;
        points += line && !lines ? 25 : 0;
        boolean over = first == -1 || isSeparator(first) && next == n - 1;
        boolean lone = line && at == 0 && n - end <= 1 && n < 16;
        boolean english = code == ShellCommands.ENGLISH && b[at] == '&' && shell.at(at + 1) != '&';
        int before = shell.at(at - 1);
        boolean wrapped =
                (before == '\'' || before == '"')
                        && (first == ';' && next == n - 2 && b[n - 1] == before
                                || first == '#' && next == n - 1);
        boolean whole = at == 0 && first == -1 && code != ShellCommands.SHORT && !english;
        return over && place.headed(at, word, end) || lone || whole || wrapped
                ? Math.max(points, 85)
                : points;
    }

    /** {@code ;command id}: a command that runs another, and no more. */
    private boolean wraps() {
        int stop = wordEnd(first > 0 ? next : n);
        int behind = shell.at(stop);
        return leading
                && ShellCommands.WRAPPERS.code(b, word, end) != 0
                && ShellCommands.COMMANDS.code(b, next, stop) != 0
                && (behind == -1 || ENDS[behind]);
    }

    /** {@code ;cat hosts}: a command and a word. */
    private int spoken() {
        int points = binary ? 90 : code == ShellCommands.STRONG ? 50 : 20;
        points += leading || undone > 0 ? 30 : 0;
        points = code == ShellCommands.ENGLISH && undone == 0 ? Math.min(points, 30) : points;
        if (given(at)) {
            // 8.8.8.8 | printf abc
            return 85;
        }
        return leads() && code == ShellCommands.SHORT && n - end < 8 ? 80 : points;
    }

    /** Whether a short command follows an address or a file: {@code 8.8.8.8 | expr 7 + 7}. */
    private boolean given(int at) {
        return code == ShellCommands.STRONG && n - end < SHORT_LINE && place.headed(at, word, end);
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

    /** Whether it says who one is: what a shell is asked to see whether it is there. */
    private boolean told() {
        return shell.startsWith("id", word) && end - word == 2
                || ShellCommands.RECONNAISSANCE.code(b, word, end) != 0;
    }

    private static boolean isSeparator(int c) {
        return c == '|' || c == ';' || c == '&';
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
}
