package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.text.Text;

/**
 * Finds a value that begins with a separator of a shell and goes on like a command line, whatever
 * the command is called: {@code ;dpkg -l}, {@code |wc -l /etc/hosts}, {@code & forfiles /p c:\}. No
 * list of commands is complete, and no text begins like that.
 */
@HotPath
final class LeadingCommand {
    private static final int LONGEST_NAME = 14;

    private LeadingCommand() {}

    static void judge(Text shell, Judgement out) {
        int first = shell.at(0);
        if (first != ';' && first != '|' && first != '&') {
            return;
        }
        int start = shell.at(1) == first ? 2 : 1;
        start += shell.at(start) == ' ' ? 1 : 0;
        int end = start;
        while (letter(shell, end) || end > start && digit(shell, end)) {
            end++;
        }
        if (end - start < 2 || end - start > LONGEST_NAME || shell.at(end) != ' ') {
            return;
        }
        int argument = shell.skipSpace(end);
        if (option(shell, argument) || path(shell, argument) || last(shell, argument)) {
            out.raise(85, "command", 0, Math.min(shell.length(), argument + 8));
        }
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
        return after == ' ' || after == -1 || after == ';' || after == '=' || after == '|';
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
                || root && (shell.at(end) == '/' || shell.at(end) == '\\') && end > at + 1
                || shell.startsWith("\\\\", at);
    }

    /** Whether the last word, the second or the third, is a URL or a program: start calc.exe. */
    private static boolean last(Text shell, int at) {
        int from = at;
        int n = shell.length();
        int space = shell.find(" ", from, n);
        if (space > 0 && space < n - 1) {
            from = space + 1;
        }
        return shell.find(" ", from, n) < 0
                && (shell.find("://", from, Math.min(n, from + 9)) > 0
                        || from == at && shell.startsWith(".exe", n - 4));
    }

    private static boolean letter(Text shell, int at) {
        return shell.at(at) >= 'a' && shell.at(at) <= 'z';
    }

    private static boolean digit(Text shell, int at) {
        return shell.at(at) >= '0' && shell.at(at) <= '9';
    }
}
