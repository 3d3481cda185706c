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

    /** What builds or runs what a directory holds, and what it is told to do. */
    private static final Words BUILDERS = Words.of("npm yarn pnpm mvn gradle make cargo go dotnet");

    private static final Words GOALS =
            Words.of("start test build run ci clean package verify lint dev serve all");

    /** A longer value is a text that begins with a command's name. */
    private static final int LONGEST = 200;

    // The value.
    private Text shell;
    private byte[] b;
    private int n;
    private int undone;
    private Judgement out;

    // The command: its first byte, its name behind the last slash, the end of that and what it is.
    private int start;
    private int word;
    private int end;
    private int code;

    // What follows it: the next byte that is no space, where, and whether spaces are before it.
    private int next;
    private int first;
    private boolean spaced;

    /** A value that is nothing but a command line: ls -la /home, ping 127.0.0.1. */
    void judge(Text value, int quotingUndone, Judgement judgement) {
        shell = value;
        undone = quotingUndone;
        out = judgement;
        b = value.bytes();
        n = value.length();
        if (shell.startsWith("$ ", 0) || shell.startsWith("ps c:", 0)) {
            // a transcript of a terminal
            return;
        }
        if (n < 24 && shell.find("{cmd}", 0, n) >= 0) {
            out.raise(85, "unfilled-template", 0, n);
            return;
        }
        if (shell.startsWith("-c ", 0) && n <= LONGEST && handed()) {
            // what is left of a shell's arguments: -c 'id'
            out.raise(85, "command-line", 0, n);
            return;
        }
        readName();
        if (n < 100 && shell.at(start) == '/' && globbed(b, start, argumentsBegin())) {
            // /???/??t /???/p??s??
            out.raise(85, "globbed-command", start, argumentsBegin());
        }
        if (code == 0 || n > LONGEST) {
            return;
        }
        next = shell.skipSpace(end);
        first = shell.at(next);
        spaced = next > end;
        int points = quotedName() ? Math.max(points(), 50) : points();
        out.raise(points, "command-line", start, Math.min(n, end + 8));
    }

    /** Whether a command that asks a system about itself, or one with arguments, is all of -c. */
    private boolean handed() {
        int from = b[3] == '\'' || b[3] == '"' ? 4 : 3;
        int stop = wordEnd(from);
        int behind = shell.at(stop);
        boolean over = stop == n || behind == b[3] && stop == n - 1;
        boolean asked = ShellCommands.RECONNAISSANCE.code(b, from, stop) != 0;
        return over && (asked || stop == from + 2 && shell.startsWith("id", from));
    }

    /** Finds the command's name, behind quotes and spaces and at the end of its path. */
    private void readName() {
        // set -e: a shell is told how to run what follows
        int begin = shell.skipSpace(0);
        int i = CommandName.option(shell, begin) ? shell.find("\n", begin, n) : 0;
        while (i < n
                && (b[i] == ' '
                        || b[i] == '\n'
                        || b[i] == '\''
                        || b[i] == '"'
                        || b[i] == '$'
                        || b[i] == '+')) {
            i++;
        }
        start = i;
        word = i;
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
        end = i;
        code = ShellCommands.COMMANDS.code(b, word, end);
        if (code == 0 && shell.startsWith(".exe", end - 4)) {
            code = ShellCommands.COMMANDS.code(b, word, end - 4);
        }
    }

    /** Where the first space behind the name stands, whatever else does in between. */
    private int argumentsBegin() {
        int stop = end;
        while (stop < n && b[stop] != ' ' && stop - start < 60) {
            stop++;
        }
        return stop;
    }

    /** Points for the command by the way it is named and what follows it. */
    private int points() {
        if (spaced && tells(word, next)) {
            return 85;
        }
        if (programPath()) {
            return ofPath();
        }
        if (option()) {
            return withOption();
        }
        if (spaced && fetches() && shell.find("://", next, n) > 0 && pipedToShell(next)) {
            return 85;
        }
        if (undone > 0 && (first == -1 || spaced)) {
            boolean asked = first == -1 && ShellCommands.RECONNAISSANCE.code(b, word, end) != 0;
            return asked || shell.find("/etc/", next, n) > 0 ? 85 : 40;
        }
        if (spaced && shell.startsWith("net ", word)) {
            boolean adds = shell.startsWith("/add", n - 4);
            return adds && ShellCommands.NET.code(b, next, wordEnd(next)) != 0 ? 85 : 0;
        }
        if (spaced && shell.startsWith("netsh ", word)) {
            return 80;
        }
        // curl http://x: nothing but the command and its URL
        boolean url = spaced && numbered() && shell.find("://", next, Math.min(n, next + 9)) > 0;
        return url && shell.find(" ", next, n) < 0 ? 80 : 0;
    }

    private boolean programPath() {
        return shell.startsWith("/bin/", start)
                || shell.startsWith("/usr/bin/", start)
                || shell.startsWith("/sbin/", start)
                || shell.startsWith("/usr/sbin/", start)
                || shell.startsWith("/usr/local/bin/", start);
    }

    /** {@code /bin/cat x}: a program by its path. */
    private int ofPath() {
        if (first == -1 && development()) {
            return 60;
        }
        boolean separated = first == ';' || first == '|' || first == '&';
        return first == -1 || spaced || separated ? 85 : 50;
    }

    /** Whether an option, a drive or the address of a host comes first. */
    private boolean option() {
        boolean letter = shell.at(next + 1) >= 'a';
        boolean digit = first >= '0' && first <= '9';
        boolean host = digit && code == ShellCommands.STRONG && numbered();
        return spaced
                && ((first == '-' || first == '/') && letter
                        || host && shell.find(".", next, next + 5) > 0
                        || shell.at(next + 1) == ':');
    }

    /** {@code ls -la}: a command and an option. */
    private int withOption() {
        int points =
                code != ShellCommands.STRONG
                        ? shell.find("/bin/", next, n) > 0 ? 85 : 30
                        : development() ? 60 : 85;
        points = spoken(next) ? 60 : points;
        return runsMore() ? points + 25 : points;
    }

    /** Whether what follows the option is a program, another command or a file of the system. */
    private boolean runsMore() {
        int argument = shell.at(next + 3);
        boolean program =
                shell.at(next + 2) == ' ' && (argument == '\'' || argument == '"')
                        || shell.find("/dev/tcp/", next, n) > 0;
        return program && code == ShellCommands.STRONG && !shell.startsWith("grep ", word)
                || shell.find("|", next, n) > 0 && !filtered(next)
                || shell.find("/etc/", next, n) > 0
                || shell.startsWith("rm ", word) && root(next)
                || shell.find(";", next, n) > 0 && !spoken(next);
    }

    private boolean fetches() {
        return shell.startsWith("curl ", word) || shell.startsWith("wget ", word);
    }

    /** Whether it is a language's or a tool of those who write programs. */
    private boolean development() {
        return ShellCommands.DEVELOPMENT.code(b, word, end) != 0;
    }

    /** Whether it takes the address of a host. */
    private boolean numbered() {
        return ShellCommands.NUMBERED.code(b, word, end) != 0;
    }

    /** {@code 'whoami'}: nothing but a command's name in quotes. */
    private boolean quotedName() {
        int quote = shell.at(end);
        return code == ShellCommands.STRONG
                && start > 0
                && shell.at(start - 1) == quote
                && (quote == '\'' || quote == '"')
                && undone == 0
                && n <= end + 2;
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
            boolean quoted = quote == '\'' || quote == '"';
            return quoted ? !builds(argument + 4, quote) : told(argument + 3);
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

    /**
     * Whether what is quoted, to the value's end, builds or starts what is there and says so in
     * plain words: {@code sh -c "npm start"}, {@code sh -c 'mvn -q package'}.
     */
    private boolean builds(int from, int quote) {
        int end = wordEnd(from);
        if (BUILDERS.code(b, from, end) == 0 || b[n - 1] != quote) {
            return false;
        }
        int goals = 0;
        int word = end;
        for (int i = end; i < n; i++) {
            boolean letter = b[i] >= 'a' && b[i] <= 'z' || b[i] == '-';
            if (!letter) {
                boolean flag = i == word + 2 && b[word] == '-' && b[word + 1] == 'q';
                goals += GOALS.code(b, word, i) != 0 ? 1 : 0;
                if (i > word && GOALS.code(b, word, i) == 0 && !flag || b[i] != ' ' && i < n - 1) {
                    return false;
                }
                word = i + 1;
            }
        }
        return goals > 0;
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
        // a comment of a program is no path
        boolean comment = from + 1 < to && b[from + 1] == '*' && letters == 0;
        return b[from] == '/'
                && !comment
                && slashes >= 2
                && marks >= 2
                && letters <= 8
                && !grouped(b, from, to);
    }

    /** Whether parentheses make groups of it, as in a regular expression. */
    private static boolean grouped(byte[] b, int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] == '(') {
                return true;
            }
        }
        return false;
    }

    private int wordEnd(int from) {
        int i = from;
        while (i < n && i - from < 32 && b[i] >= 'a' && b[i] <= 'z') {
            i++;
        }
        return i;
    }
}
