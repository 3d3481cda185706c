package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds a value that begins with a separator of a shell and goes on like a command line, whatever
 * the command is called: {@code ;dpkg -l}, {@code |wc -l /etc/hosts}, {@code & forfiles /p c:\}. No
 * list of commands is complete, and few texts begin like that: rows of a table, comments of a
 * settings file and the second half of "Smith & sons" do, and are told apart here.
 */
@HotPath
final class LeadingCommand {
    private static final int LONGEST_NAME = 14;

    /** The longest value that a command line is put behind. */
    private static final int LONGEST_HEAD = 40;

    /** A command line that is put in place of a value is short, and one line. */
    private static final int LONGEST_LINE = 80;

    /** What takes a URL, and is no word that leads to a link in a text. */
    private static final Words FETCHING =
            Words.of(
                    "hh git svn hg npm npx pip pip3 gem docker podman wget wget2 curl axel aria2c lynx"
                            + " elinks w3m lftp mshta msiexec certutil bitsadmin iwr irm start explorer");

    /** How many arguments a command has that no option or path tells from words. */
    private static final int MOST_ARGUMENTS = 3;

    /** The longest of such command lines. */
    private static final int LONGEST_BARE = 32;

    private static final Words BLOCKS = Words.of("for while until if case");

    /** Names behind an ampersand that are characters of HTML. */
    private static final Words ENTITIES =
            Words.of("copy reg times sect sort date order part image and or not at set");

    /** Commands that titles and menus have as well. */
    private static final Words PLAIN =
            Words.of("git title history read free info make watch last path screen script test");

    private static final Words ROOTS =
            Words.of(
                    "etc usr bin sbin lib lib64 var tmp home root proc dev opt srv mnt sys boot windows");

    private LeadingCommand() {}

    /** Whether a command that is known stands at {@code at}. */
    static boolean known(Text shell, int at) {
        int end = at;
        while (letter(shell, end) || end > at && (digit(shell, end) || shell.at(end) == '-')) {
            end++;
        }
        byte[] b = shell.bytes();
        return ShellCommands.COMMANDS.code(b, at, end) > 0
                        && ShellCommands.COMMANDS.code(b, at, end) != ShellCommands.TRIVIAL
                || ShellCommands.BUILTINS.code(b, at, end) != 0
                || ShellCommands.MANAGERS.code(b, at, end) != 0;
    }

    /** A word and what a command says, and no more: {@code foo`docker ps`}, {@code foo$(date)}. */
    static void inside(Text shell, Judgement out) {
        int n = shell.length();
        int i = 0;
        while (i < LONGEST_NAME && letter(shell, i)) {
            i++;
        }
        boolean ticks = shell.at(i) == '`' && shell.at(n - 1) == '`';
        boolean dollar = shell.startsWith("$(", i) && shell.at(n - 1) == ')';
        if (i >= 2
                && n < LONGEST_LINE
                && (ticks || dollar)
                && known(shell, ticks ? i + 1 : i + 2)) {
            out.raise(85, "command", i, n);
        }
    }

    static void judge(Text shell, PartKind part, Judgement out) {
        boolean line = shell.at(0) == '\n' && !part.multiLine();
        int at = line ? 0 : head(shell);
        int first = line ? ';' : shell.at(at);
        int n = shell.length();
        // a cookie's value ends at a semicolon, so that one behind it is a separator of cookies
        if (first != ';' && first != '|' && first != '&'
                || n > LONGEST_LINE
                || part == PartKind.COOKIE
                || several(shell, line ? 1 : 0)
                || first == '|' && shell.find(" |", at + 1, n) > 0) {
            return;
        }
        int start = shell.at(at + 1) == first ? at + 2 : at + 1;
        boolean joined = shell.at(start) == ' ' && first == '&' && start == at + 1;
        start += shell.at(start) == ' ' ? 1 : 0;
        int end = start;
        while (letter(shell, end) || end > start && digit(shell, end)) {
            end++;
        }
        boolean begins = at == 0 && !joined;
        if (begins && bare(shell, start, end, first == '&' && start == 1)
                || begins && loops(shell, start, end)
                || begins && first != '&' && manages(shell, start)) {
            out.raise(85, "command", 0, end);
        }
        int behind = shell.startsWith(".exe", end) ? end + 4 : end;
        if (end - start < 2 || end - start > LONGEST_NAME || shell.at(behind) != ' ') {
            return;
        }
        int argument = shell.skipSpace(behind);
        if (option(shell, argument)
                        && !(joined && shell.at(argument) == '-')
                        && words(shell, argument) < 3
                || path(shell, argument) && words(shell, argument) < 2
                || last(shell, start, end, argument)) {
            out.raise(85, "command", at, Math.min(shell.length(), argument + 8));
        }
    }

    /**
     * Where the separator may stand: at the beginning, behind quotes that are left, or behind an
     * address, a file or a number, as {@code 127.0.0.1;dpkg -l} has it.
     */
    private static int head(Text shell) {
        int i = 0;
        while (i < 3 && (shell.at(i) == '\'' || shell.at(i) == '"' || shell.at(i) == ')')) {
            i++;
        }
        boolean named = false;
        boolean number = true;
        int start = i;
        int c = shell.at(i);
        while (host(c) && start == 0 && i < LONGEST_HEAD) {
            named |= c == '.' && i > start;
            number &= c >= '0' && c <= '9';
            c = shell.at(++i);
        }
        if (i > start && !named && !number) {
            return 0;
        }
        return shell.skipSpace(i);
    }

    /** A byte of an address, a host or a file. */
    private static boolean host(int c) {
        return c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c == '.'
                || c == '-'
                || c == '_'
                || c == '/'
                || c == ':';
    }

    /**
     * Whether a command that is known, an English word or not, is all there is, or has few and
     * short arguments: {@code ;touch x}, {@code |sort flag}, {@code &where cmd}.
     */
    private static boolean bare(Text shell, int start, int end, boolean entity) {
        byte[] b = shell.bytes();
        int length = shell.length();
        int n = b[length - 1] == '\n' ? length - 1 : length;
        boolean own = ShellCommands.BUILTINS.code(b, start, end) != 0;
        int code = ShellCommands.COMMANDS.code(b, start, end);
        // "| more info" and "; read on" are the second half of something
        boolean spoken = b[start - 1] == ' ' && (code == 0 || code == ShellCommands.ENGLISH);
        if (!own && code == 0
                || spoken
                || n - start > LONGEST_BARE
                || entity && ENTITIES.code(b, start, end) != 0) {
            return false;
        }
        if (PLAIN.code(b, start, end) != 0 && plain(shell, end, 0)
                || (own || code == ShellCommands.ENGLISH) && plain(shell, end, 2)) {
            return false;
        }
        int spaces = 0;
        for (int i = end; i < n; i++) {
            int c = b[i];
            spaces += c == ' ' && i + 1 < n ? 1 : 0;
            boolean stop = (c == '.' || c == '?') && (i == n - 1 || b[i + 1] == ' ');
            if (c == ',' || c == '!' || c < ' ' || stop && b[i - 1] != '.' && b[i - 1] != ' ') {
                return false;
            }
        }
        boolean alone = end == n && own && shell.at(0) != '&';
        return alone || shell.at(end) == ' ' && end + 1 < n && spaces <= MOST_ARGUMENTS;
    }

    /** Whether nothing but words of letters follow, {@code least} or more: |free shipping. */
    private static boolean plain(Text shell, int end, int least) {
        int words = 0;
        for (int i = end; i < shell.length(); i++) {
            boolean space = shell.at(i) == ' ';
            if (!space && !letter(shell, i)) {
                return false;
            }
            words += space && letter(shell, i + 1) ? 1 : 0;
        }
        return words >= least;
    }

    /** {@code ;while true;do id;done}, {@code ;true && id}. */
    private static boolean loops(Text shell, int start, int end) {
        int n = shell.length();
        boolean block =
                BLOCKS.code(shell.bytes(), start, end) != 0
                        && (shell.find(";do ", end, n) > 0
                                || shell.find("; do ", end, n) > 0
                                || shell.find("then ", end, n) > 0);
        int next = shell.skipSpace(end);
        boolean joined = shell.startsWith("&&", next) || shell.startsWith("||", next);
        int word = shell.skipSpace(next + 2);
        int last = word;
        while (letter(shell, last)) {
            last++;
        }
        return block
                || joined
                        && (shell.startsWith("true", start) || shell.startsWith("false", start))
                        && ShellCommands.COMMANDS.code(shell.bytes(), word, last) != 0;
    }

    /** {@code ;apt-get install nc}, {@code |kubectl get pods}, with few words behind. */
    private static boolean manages(Text shell, int start) {
        int end = start;
        while (letter(shell, end) || shell.at(end) == '-') {
            end++;
        }
        int verb = end + 1;
        int last = verb;
        while (letter(shell, last) || digit(shell, last)) {
            last++;
        }
        byte[] b = shell.bytes();
        return shell.at(end) == ' '
                && ShellCommands.MANAGERS.code(b, start, end) != 0
                && ShellCommands.MANAGED.code(b, verb, last) != 0
                && words(shell, last) <= 2;
    }

    /** Whether another line follows the first. */
    private static boolean several(Text shell, int from) {
        int feed = shell.find("\n", from, shell.length());
        return feed >= 0 && shell.skipSpace(feed) < shell.length();
    }

    /** The most words of letters alone that follow each other: arguments are rarely that. */
    private static int words(Text shell, int at) {
        int most = 0;
        int row = 0;
        int from = at;
        int n = shell.length();
        while (from < n) {
            int end = from;
            while (letter(shell, end)) {
                end++;
            }
            boolean stop = shell.at(end) == '.' || shell.at(end) == ',' || shell.at(end) == ':';
            int after = shell.at(stop ? end + 1 : end);
            row = end > from + 1 && (after == ' ' || after == -1) ? row + 1 : 0;
            most = Math.max(most, row);
            int space = shell.find(" ", from, n);
            from = space < 0 ? n : shell.skipSpace(space);
        }
        return most;
    }

    /** -l, --help, /all */
    private static boolean option(Text shell, int at) {
        int c = shell.at(at);
        int name = c == '-' && shell.at(at + 1) == '-' ? at + 2 : at + 1;
        if (c != '-' && c != '/' || !letter(shell, name)) {
            return false;
        }
        int end = name;
        while (letter(shell, end)) {
            end++;
        }
        int after = shell.at(end);
        return after == ' '
                || after == -1
                || after == '\n'
                || after == ';'
                || after == '='
                || after == '|'
                || after == ':' && c == '/';
    }

    /** Whether the value from {@code at} on is the path of a file of the system, and no more. */
    static boolean file(Text shell, int at) {
        int n = shell.length();
        return shell.at(at) == '/' && path(shell, at) && shell.find(" ", at, n) < 0;
    }

    /** /etc/hosts, \\host\share, c:\windows */
    private static boolean path(Text shell, int at) {
        int c = shell.at(at);
        boolean root = c == '/' || c == '\\';
        int end = at + 1;
        while (root && (letter(shell, end) || digit(shell, end) || shell.at(end) == '.')) {
            end++;
        }
        boolean drive = letter(shell, at) && shell.at(at + 1) == ':' && shell.at(at + 2) == '\\';
        return drive
                || root
                        && (shell.at(end) == '/' || shell.at(end) == '\\')
                        && ROOTS.code(shell.bytes(), at + 1, end) != 0
                || shell.startsWith("\\\\", at);
    }

    /**
     * Whether the last word, the second or the third, is a program, as in start calc.exe, or a URL
     * for the command in [start, end), which fetches.
     */
    private static boolean last(Text shell, int start, int end, int at) {
        int from = at;
        int n = shell.length();
        int space = shell.find(" ", from, n);
        if (space > 0 && space < n - 1) {
            from = space + 1;
        }
        return shell.find(" ", from, n) < 0
                && (shell.find("://", from, Math.min(n, from + 9)) > 0
                                && FETCHING.code(shell.bytes(), start, end) != 0
                        || from == at && shell.startsWith(".exe", n - 4));
    }

    private static boolean letter(Text shell, int at) {
        return shell.at(at) >= 'a' && shell.at(at) <= 'z';
    }

    private static boolean digit(Text shell, int at) {
        return shell.at(at) >= '0' && shell.at(at) <= '9';
    }
}
