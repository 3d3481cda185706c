package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * What variables of a shell say that every system has, or that the value itself gave them: a piece
 * cut out of one is a way to write a sign that a filter looks for, one that was set before and
 * stands where a command is due is a way to write its name.
 */
@HotPath
final class ShellVariables {
    private static final int LONGEST = 40;

    private ShellVariables() {}

    /**
     * The last byte of a piece cut out of a variable at {@code at}, {@code ${PATH:0:1}} or {@code
     * %ProgramFiles:~10,-5%}, or 0.
     */
    static int cutEnd(Text text, int at) {
        boolean unix = text.at(at) == '$' && text.at(at + 1) == '{';
        int start = unix ? at + 2 : at + 1;
        int i = name(text, start);
        if (i == start || i - start > LONGEST || text.at(i) != ':') {
            return 0;
        }
        if (!unix && text.at(++i) != '~') {
            return 0;
        }
        int from = ++i;
        int separator = unix ? ':' : ',';
        int parts = 0;
        while (i - from < 12) {
            int c = text.at(i);
            if (c == separator) {
                parts++;
            } else if (!(c >= '0' && c <= '9' || c == '-')) {
                break;
            }
            i++;
        }
        return i > from && parts == 1 && text.at(i) == (unix ? '}' : '%') ? i : 0;
    }

    /** The byte that {@link #cutEnd} found: a slash, a semicolon or a space. */
    static byte cut(Text text, int at) {
        if (text.at(at) == '%') {
            return ' ';
        }
        return (byte) (text.startsWith("ls_colors", at + 2) ? ';' : '/');
    }

    /**
     * Whether a variable that was set before stands at {@code at} as a command: {@code
     * ;a=wh;b=oami;$a$b}.
     */
    static boolean run(Text text, int at) {
        boolean braced = text.at(at + 1) == '{';
        int start = braced ? at + 2 : at + 1;
        int end = name(text, start);
        int before = text.at(at - 1) == ' ' ? text.at(at - 2) : text.at(at - 1);
        boolean separated = before == ';' || before == '|' || before == '&';
        if (!separated || end == start || end - start > LONGEST) {
            return false;
        }
        if (text.startsWith("shell", start) && text.at(braced ? end + 1 : end) == ' ') {
            return true;
        }
        for (int i = 0; i < at; i++) {
            int c = text.at(i - 1);
            boolean begins = c == -1 || c == ';' || c == '&' || c == ' ' || c == '|';
            if (begins && text.at(i + end - start) == '=' && same(text, i, start, end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(Text text, int at, int from, int to) {
        int i = 0;
        while (from + i < to && text.at(at + i) == text.at(from + i)) {
            i++;
        }
        return from + i == to;
    }

    private static int name(Text text, int from) {
        int i = from;
        while (text.at(i) >= 'a' && text.at(i) <= 'z'
                || text.at(i) == '_'
                || i > from && text.at(i) >= '0' && text.at(i) <= '9') {
            i++;
        }
        return i;
    }
}
