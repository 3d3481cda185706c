package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Judges a value that is nothing but a command line, with the shell's quoting undone. Owned by one
 * {@link CommandJudge}.
 */
@HotPath
final class CommandLine {
    private static final Words SHELLS = Words.of("sh bash zsh dash ksh python perl php");

    private Text shell;
    private byte[] b;
    private int n;
    private int undone;
    private Judgement out;

    /** A value that is nothing but a command line: ls -la /home, ping 127.0.0.1. */
    void judge(Text value, int quotingUndone, Judgement judgement) {
        shell = value;
        undone = quotingUndone;
        out = judgement;
        b = value.bytes();
        n = value.length();
        int i = 0;
        if (shell.startsWith("$ ", 0) || shell.startsWith("ps c:", 0)) {
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
                        || b[i] == '-' && i > start
                        || b[i] == '/'
                        || b[i] == '.'
                        || b[i] == '_'
                        || b[i] == ':')) {
            if (b[i] == '/') {
                word = i + 1;
            }
            i++;
        }
        int stop = i;
        while (stop < n && b[stop] != ' ' && stop - start < 60) {
            stop++;
        }
        if (n < 100 && shell.at(start) == '/' && globbed(b, start, stop)) {
            // /???/??t /???/p??s??
            out.raise(85, "globbed-command", start, stop);
        }
        int code = ShellCommands.COMMANDS.code(b, word, i);
        if (code == 0 && shell.startsWith(".exe", i - 4)) {
            code = ShellCommands.COMMANDS.code(b, word, i - 4);
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
                                        && code == ShellCommands.STRONG
                                        && ShellCommands.NUMBERED.code(b, word, i) != 0
                                        && shell.find(".", next, next + 5) > 0
                                || shell.at(next + 1) == ':');
        int points = 0;
        if (space && tells(word, next)) {
            points = 85;
        } else if (binary) {
            boolean interpreter = c == -1 && ShellCommands.DEVELOPMENT.code(b, word, i) != 0;
            boolean run = c == -1 || option || space || c == ';' || c == '|' || c == '&';
            points = interpreter ? 60 : run ? 85 : 50;
        } else if (option) {
            boolean shells = shell.find("/bin/", next, n) > 0;
            points =
                    code != ShellCommands.STRONG
                            ? shells ? 85 : 30
                            : ShellCommands.DEVELOPMENT.code(b, word, i) != 0 ? 60 : 85;
            points = spoken(next) ? 60 : points;
            int argument = shell.at(next + 3);
            boolean program =
                    shell.at(next + 2) == ' ' && (argument == '\'' || argument == '"')
                            || shell.find("/dev/tcp/", next, n) > 0;
            boolean grep = shell.startsWith("grep ", word);
            if (program && code == ShellCommands.STRONG && !grep
                    || shell.find("|", next, n) > 0 && !filtered(next)
                    || shell.find("/etc/", next, n) > 0
                    || shell.startsWith("rm ", word) && root(next)
                    || shell.find(";", next, n) > 0 && !spoken(next)) {
                points += 25;
            }
        } else if (space
                && (shell.startsWith("curl ", word) || shell.startsWith("wget ", word))
                && shell.find("://", next, n) > 0
                && pipedToShell(next)) {
            points = 85;
        } else if (undone > 0 && (c == -1 || space)) {
            boolean asked = c == -1 && ShellCommands.RECONNAISSANCE.code(b, word, i) != 0;
            points = asked || shell.find("/etc/", next, n) > 0 ? 85 : 40;
        } else if (space && shell.startsWith("net ", word)) {
            boolean adds = shell.startsWith("/add", n - 4);
            boolean net = ShellCommands.NET.code(b, next, wordEnd(next)) != 0;
            points = adds && net ? 85 : 0;
        } else if (space && shell.startsWith("netsh ", word)) {
            points = 80;
        } else if (space
                && ShellCommands.NUMBERED.code(b, word, i) != 0
                && shell.find("://", next, Math.min(n, next + 9)) > 0
                && shell.find(" ", next, n) < 0) {
            // curl http://x: nothing but the command and its URL
            points = 80;
        }
        if (code == ShellCommands.STRONG
                && start > 0
                && shell.at(start - 1) == shell.at(i)
                && (shell.at(i) == '\'' || shell.at(i) == '"')
                && undone == 0
                && n <= i + 2) {
            points = Math.max(points, 50);
        }
        out.raise(points, "command-line", start, Math.min(n, i + 8));
    }

    /** A program whose first argument says what it is run for: mshta http://x, busybox wget x. */
    private boolean tells(int word, int argument) {
        if (shell.startsWith("mshta", word) || shell.startsWith("regsvr32", word)) {
            return shell.find("://", argument, n) > 0;
        }
        if (shell.startsWith("busybox", word)) {
            return ShellCommands.COMMANDS.code(b, argument, wordEnd(argument)) != 0;
        }
        boolean whole = shell.find(" ", argument, n) < 0;
        if (shell.startsWith("sh -c ", word)) {
            int quote = shell.at(argument + 3);
            return quote == '\'' || quote == '"' || told(argument + 3);
        }
        int end = argument;
        while (end > word && b[end - 1] == ' ') {
            end--;
        }
        if (ShellCommands.FETCHERS.code(b, word, end) != 0) {
            return shell.find("://", argument, Math.min(n, argument + 9)) > 0;
        }
        if (whole && shell.startsWith("type ", word)) {
            return shell.at(argument + 1) == ':' && shell.find(".", argument, n) > 0;
        }
        return shell.startsWith("wmic process", word)
                || shell.startsWith("reg query hk", word)
                || shell.startsWith("reg add hk", word);
    }

    /** Whether the word at {@code from} is a command's name, and the value's last or followed. */
    private boolean told(int from) {
        return ShellCommands.COMMANDS.code(b, from, wordEnd(from)) != 0;
    }

    /** Whether two words stand behind the first argument: ping 8.8.8.8 works but. */
    private boolean spoken(int argument) {
        int i = argument;
        while (i < n && b[i] > ' ' && i - argument < 64) {
            i++;
        }
        int words = 0;
        while (words < 2 && shell.at(i) == ' ' && wordEnd(i + 1) > i + 2) {
            i = wordEnd(i + 1);
            words++;
        }
        return words == 2 && (shell.at(i) == ' ' || i == n);
    }

    /** Whether the first pipe leads to a command that sorts out what another says. */
    private boolean filtered(int from) {
        int to = shell.skipSpace(shell.find("|", from, n) + 1);
        int end = wordEnd(to);
        end = shell.at(end) == '-' ? wordEnd(end + 1) : end;
        return ShellCommands.FILTERS.code(b, to, end) != 0;
    }

    /** Whether an argument is the root of all files. */
    private boolean root(int from) {
        int at = shell.find(" /", from, n);
        int after = shell.at(at + 2);
        return at > 0 && (after == -1 || after == ' ' || after == '*');
    }

    /** Whether what stands behind {@code from} is handed to a shell at the end: | sh. */
    private boolean pipedToShell(int from) {
        int pipe = shell.find("|", from, n);
        int i = pipe < 0 ? n : shell.skipSpace(pipe + 1);
        int end = wordEnd(i);
        return pipe > 0 && SHELLS.code(b, i, end) != 0 && n - end < 4;
    }

    /** Whether a path with wildcards can stand for a program: /b?n/c*t. */
    static boolean globbed(byte[] b, int from, int to) {
        int slashes = 0;
        int marks = 0;
        int letters = 0;
        for (int i = from; i < to; i++) {
            slashes += b[i] == '/' ? 1 : 0;
            marks += b[i] == '?' || b[i] == '*' || b[i] == '[' ? 1 : 0;
            letters += b[i] >= 'a' && b[i] <= 'z' ? 1 : 0;
        }
        return b[from] == '/' && slashes >= 2 && marks >= 2 && letters <= 8;
    }

    private int wordEnd(int from) {
        int i = from;
        while (i < n && i - from < 32 && b[i] >= 'a' && b[i] <= 'z') {
            i++;
        }
        return i;
    }
}
