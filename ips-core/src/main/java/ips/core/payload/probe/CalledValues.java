package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.text.Text;

/**
 * Finds strings and names in parentheses that are called as functions, which PHP allows and nobody
 * writes but to hide the name: {@code (system)('id')}, {@code "sys"."tem"('id')}, {@code (~...)()}.
 * Owned by one {@link CodeJudge}.
 */
@HotPath
final class CalledValues {
    /** The longest name that is looked at: one put together from pieces and escapes. */
    private static final int LONGEST = 64;

    private static final int LONGEST_VALUE = 200;

    private Text text;

    void judge(Text value, Judgement out) {
        text = value;
        int n = value.length();
        if (n > LONGEST_VALUE) {
            return;
        }
        for (int i = 1; i + 1 < n; i++) {
            if (value.at(i) != '(') {
                continue;
            }
            int before = value.at(i - 1);
            int argument = value.at(value.skipSpace(i + 1));
            boolean given = argument == '\'' || argument == '"' || argument == '$';
            if (before == ')' && given && named(i - 1)
                    || (before == '"' || before == '\'') && given && literal(i - 1)
                    || value.at(i + 1) == '~' && value.at(i + 2) > 0x7f) {
                out.raise(85, "called-value", Math.max(0, i - 8), Math.min(n, i + 8));
                return;
            }
        }
    }

    /**
     * Whether the parenthesis that {@code close} closes holds a name or strings, and stands where a
     * call may begin.
     */
    private boolean named(int close) {
        int letters = 0;
        for (int i = close - 1; i >= 0 && close - i < LONGEST; i--) {
            int c = text.at(i);
            if (c == '(') {
                return letters > 2 && begins(i);
            }
            boolean letter = c >= 'a' && c <= 'z' || c == '_';
            letters += letter ? 1 : 0;
            if (!letter && c != '\'' && c != '"' && c != '.' && c != '\\' && !digit(c)) {
                return false;
            }
        }
        return false;
    }

    /** Whether the string that {@code close} closes is a name, and stands where a call may. */
    private boolean literal(int close) {
        int quote = text.at(close);
        int i = close - 1;
        while (i > 0 && close - i < LONGEST && text.at(i) >= '_' && text.at(i) <= 'z') {
            i--;
        }
        return close - i > 3 && text.at(i) == quote && (begins(i) || text.at(i - 1) == '.');
    }

    private boolean begins(int at) {
        int c = text.at(at - 1);
        return c == -1 || c == ';' || c == '{' || c == '@' || c == '=' || c == '$' || c == '`';
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }
}
