package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * Reads the name of a command behind a separator: {@code /usr/bin/id}, {@code ./x}, {@code
 * c:\windows\system32\cmd.exe}, {@code /???/??t}. Owned by one {@link SeparatedCommand}.
 */
@HotPath
final class CommandName {
    /** Spaces and signs that may stand between a separator and the name. */
    private static final int LONGEST_LEAD = 12;

    private static final int LONGEST = 80;

    private Text shell;
    private byte[] b;
    private int n;
    private int start;
    private int word;
    private int end;
    private int code;
    private boolean slashes;
    private boolean wildcards;

    void begin(Text value) {
        shell = value;
        b = value.bytes();
        n = value.length();
    }

    /** Whether a name begins at {@code from}, or behind signs there. */
    boolean read(int from) {
        start = from;
        while (start < n && lead(b[start])) {
            if (++start - from > LONGEST_LEAD) {
                return false;
            }
        }
        path();
        if (end == start || b[start] == '\\' && word == start + 1) {
            // \w is a class of a pattern
            return false;
        }
        code = ShellCommands.COMMANDS.code(b, word, end);
        if (code == 0 && shell.startsWith(".exe", end - 4)) {
            code = ShellCommands.COMMANDS.code(b, word, end - 4);
        }
        return true;
    }

    private static boolean lead(int c) {
        return c == ' ' || c == '|' || c == '&' || c == '\n' || c == ';' || c == '{' || c == '('
                || c == '"' || c == '\'' || c == '+' || c == '$' || c == '!';
    }

    private void path() {
        slashes = false;
        wildcards = false;
        word = start;
        int i = start;
        while (i < n && i - start < LONGEST) {
            int c = b[i] & 0xff;
            if (c == '\\' && shell.at(i + 1) == 'n' && i + 2 >= n) {
                // a line end, written out: \n/usr/bin/id\n
                break;
            }
            if (c == '/' || c == '\\') {
                slashes = true;
                word = i + 1;
            } else if (c == '?' || c == '*' || slashes && bracketed(i)) {
                wildcards = true;
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
        end = i;
    }

    /** A class of one letter, which stands for it: /b[i]n. */
    private boolean bracketed(int at) {
        int open = b[at] == ']' ? at - 2 : at;
        int letter = shell.at(open + 1);
        return shell.at(open) == '[' && letter >= 'a' && letter <= 'z' && shell.at(open + 2) == ']';
    }

    /** Where it begins, its path included. */
    int start() {
        return start;
    }

    /** Where its last part begins. */
    int word() {
        return word;
    }

    int end() {
        return end;
    }

    /** What it is in {@link ShellCommands#COMMANDS}, or 0. */
    int code() {
        return code;
    }

    /** Whether it is the path of a program. */
    boolean binary() {
        return slashes
                && (shell.startsWith("/bin/", start)
                        || shell.startsWith("/usr/", start)
                        || shell.startsWith("usr/", start)
                        || shell.startsWith("bin/", start)
                        || shell.startsWith("/sbin/", start)
                        || shell.startsWith("c:", start)
                        || shell.startsWith("/tmp/", start));
    }

    /** Whether it is a path with wildcards that can stand for a program. */
    boolean globbed() {
        return wildcards
                && slashes
                && (shell.startsWith("/bin/", start)
                        || shell.startsWith("/usr/bin/", start)
                        || CommandLine.globbed(b, start, end));
    }

    /** Whether it is a word of the shell's own, which a command follows. */
    boolean keyword() {
        return shell.at(end) == ' ' && ShellCommands.KEYWORDS.code(b, start, end) != 0;
    }

    /**
     * Whether {@code set -e} and a line end stand at {@code at}: how a script has its shell stop
     * where something fails, which does nothing by itself.
     */
    static boolean option(Text shell, int at) {
        if (!shell.startsWith("set -", at)) {
            return false;
        }
        int end = at + 5;
        while (end - at < 10 && shell.at(end) >= 'a' && shell.at(end) <= 'z') {
            end++;
        }
        return end > at + 5 && shell.at(end) == '\n';
    }
}
