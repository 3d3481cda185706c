package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * How a value leaves the quotes it was put into, and cuts off or rejoins what the query holds
 * behind it: a comment ({@code admin'--}) or an operator between quotes ({@code '+'}).
 */
@HotPath
final class SqlBreakouts {
    private final SqlValue value;

    SqlBreakouts(SqlValue value) {
        this.value = value;
    }

    /** A comment at the value's end, which the rest of the query falls into. */
    void cutOff(int i) {
        boolean last = i >= value.count() - 2 || value.type(i + 1) == END;
        boolean few =
                last
                        || i >= value.count() - 4
                                && !value.proseLike()
                                && value.type(value.count() - 1) != WORD;
        if (i > 0 && embedded(i)) {
            value.raise(85, "comment-out", i - 1, i);
        }
        if (!few || i == 0 || value.underlineOrOption(i)) {
            return;
        }
        int broken = value.broken(i);
        int t = value.type(i - 1);
        int length = value.text().length();
        if (t == QUOTE && !quotation(i)) {
            boolean bare = value.text().bytes()[value.start(i)] != '#' || i == value.count() - 1;
            value.raise(bare ? i <= 6 && length < 64 ? 100 : 60 : 40, "comment-out", i - 1, i);
        } else if (t == CLOSE && directive(value.start(i)) && directives()) {
            // a program in C, whose preprocessor has lines of its own
            value.raise(45, "comment-out", i - 1, i);
        } else if (t == CLOSE && !value.proseLike()) {
            boolean keyword = false;
            for (int k = 0; k < i && k < 24; k++) {
                int type = value.type(k);
                keyword |=
                        type == OPERATOR
                                        && value.count() < 14
                                        && value.text().find("'", 0, length) >= 0
                                || type == SELECT
                                || type == MODIFIER
                                || type == LOGIC
                                || type == COMPARE;
            }
            boolean last_ =
                    i == value.count() - 1
                            || i == value.count() - 2 && value.type(i + 1) == OPERATOR;
            boolean closing = length < 24 && i <= 5 && last_ && breaksOut(i);
            value.raise(
                    keyword && !value.proseLike() || closing ? 85 : 60, "comment-out", i - 1, i);
        } else if (t == SEMICOLON && directive(value.start(i)) && directives()) {
            value.raise(40, "comment-out", i - 1, i);
        } else if (t == SEMICOLON) {
            value.raise(i <= 4 ? 70 : 40, "comment-out", i - 1, i);
        } else if (t == NUMBER && i == 1 && i == value.count() - 1) {
            value.raise(45, "comment-out", 0, i);
        } else if (broken == 1 && t == NUMBER) {
            value.raise(40, "comment-out", 0, i);
        }
    }

    /** Whether a line of a preprocessor begins at {@code at}. */
    private boolean directive(int at) {
        Text text = value.text();
        int name = text.skipSpace(at + 1);
        return text.at(at) == '#'
                && text.at(at - 1) == '\n'
                && (text.startsWith("endif", name)
                        || text.startsWith("define ", name)
                        || text.startsWith("else", name)
                        || text.startsWith("ifdef ", name)
                        || text.startsWith("ifndef ", name)
                        || text.startsWith("undef ", name)
                        || text.startsWith("include <", name)
                        || text.startsWith("if ", name));
    }

    /** Whether there are lines enough of a preprocessor to make the value a program. */
    private boolean directives() {
        Text text = value.text();
        int lines = 0;
        int at = text.find("\n#", 0, text.length());
        while (at >= 0 && lines < 2) {
            lines += directive(at + 1) ? 1 : 0;
            at = text.find("\n#", at + 1, text.length());
        }
        return lines == 2 && !value.parameter();
    }

    /** In a string of a language around it: {@code login(user:"admin'--", ...)}. */
    private boolean embedded(int i) {
        Text text = value.text();
        int at = value.start(i);
        return text.startsWith("'--\"", at - 1) && text.find("(", 0, at) >= 0;
    }

    /** {@code "All is well" -- Anna}: words in quotes of their own, and who said them. */
    private boolean quotation(int i) {
        if (value.type(0) != QUOTE || i < 4 || value.type(value.count() - 1) != WORD) {
            return false;
        }
        byte[] b = value.text().bytes();
        int words = 0;
        for (int k = 1; k < i - 1; k++) {
            words += value.type(k) == WORD ? 1 : 0;
            if (value.type(k) == QUOTE || value.type(k) == LOGIC || value.type(k) == COMPARE) {
                return false;
            }
        }
        return words >= 2 && b[value.start(0)] == b[value.start(i - 1)];
    }

    /** {@code '+char(65)+'}: where there are no spaces, plus signs are no tokens. */
    private boolean summed() {
        int n = value.text().length();
        return n > 4
                && value.type(value.count() - 1) == QUOTE
                && value.text().at(1) == '+'
                && value.text().at(n - 2) == '+'
                && value.text().at(n - 1) == value.text().at(0);
    }

    /** Whether nothing but a quote and parentheses stands before token {@code i}: {@code '))--}. */
    private boolean breaksOut(int i) {
        int k = i - 1;
        while (value.type(k) == CLOSE) {
            k--;
        }
        return k <= 1 && value.type(k) == QUOTE;
    }

    /** A quote joined by an operator to what the query holds on its other side. */
    void quote(int i) {
        int t = value.type(i + 1);
        boolean firstQuote = i <= 2;
        if (t == COMPARE && firstQuote) {
            int next = value.type(i + 2);
            boolean short_ = value.count() - i <= 6;
            if (next == QUOTE && short_) {
                // "like", a phrase to search for
                boolean quoted =
                        value.text().at(value.start(i)) == '"'
                                && value.word(i + 1)
                                && value.start(i + 1) == value.end(i);
                boolean named =
                        value.type(i + 3) == WORD && value.start(i + 3) > value.end(i + 2)
                                || quoted && value.count() == 3;
                value.raise((i == 0 || i == 1) && !named ? 90 : 50, "quote-compare", i, i + 2);
            } else if (next == NUMBER && value.ends(i + 3) && value.count() - i <= 6) {
                boolean cut = value.type(i + 3) == COMMENT;
                value.raise(cut && i <= 1 ? 85 : 50, "quote-compare", i, i + 2);
            }
        } else if (t == LOGIC
                && i == 0
                && value.type(2) == QUOTE
                && value.type(3) == COMPARE
                && value.type(4) == QUOTE
                && value.count() <= 8) {
            value.raise(90, "quote-compare", 0, 4);
        } else if ((t == OPERATOR || t == PIPES) && firstQuote) {
            int next = value.type(i + 2);
            int last = value.type(value.count() - 1);
            boolean wrapped = last == QUOTE && value.count() - 1 > i + 1;
            if (next == QUOTE && value.count() <= i + 4) {
                value.raise(i == 0 ? 85 : 50, "quote-operator", i, i + 2);
            } else if (next == OPEN && value.type(i + 3) == SELECT) {
                value.raise(90, "quote-subquery", i, i + 4);
            } else if (wrapped
                    && i <= 1
                    && (next == TOOL || next == SLEEP || next == WEAPON)
                    && value.type(i + 3) == OPEN) {
                value.raise(85, "quote-call", i, i + 4);
            } else if (wrapped && value.count() - i <= 8 && (next == NUMBER || next == OPEN)) {
                boolean whole = i == 0 && value.count() == 5;
                value.raise(whole ? 85 : 50, "quote-operator", i, i + 2);
            } else if (next == NUMBER && value.type(i + 3) == COMPARE) {
                value.raise(60, "quote-operator", i, i + 3);
            }
        } else if ((t == TOOL || t == NUMBER) && i == 0 && summed()) {
            value.raise(85, "quote-operator", i, i + 2);
        } else if (t == COMMA && firstQuote && i == 0) {
            int next = value.type(i + 2);
            if (next == OPEN && value.type(i + 3) == SELECT) {
                value.raise(90, "quote-subquery", i, i + 4);
            }
        }
    }
}
