package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * How a value leaves the quotes it was put into, and rejoins or cuts off what the query holds
 * behind it: a comment ({@code admin'--}), an operator between quotes ({@code '+'}), or an
 * expression whose last quote the query's own closes ({@code aa'=0 or '1}).
 */
@HotPath
final class SqlBreakouts {
    private final SqlValue value;
    private final SqlOperands operands;

    SqlBreakouts(SqlValue value) {
        this.value = value;
        operands = value.operands();
    }

    /**
     * A value that is one expression from its first quote to its end: {@code aa'=0 or '1}. It reads
     * as operators and operands in turn, so prose, where words follow words, does not.
     */
    void continuation() {
        int q = 0;
        int lead = 0;
        while (q < value.count() && lead < 3 && value.type(q) != QUOTE) {
            // each segment of a path may be a value of its own
            lead = value.path() && value.type(q) == OPERATOR ? 0 : lead + 1;
            q++;
        }
        if (value.type(q) != QUOTE || value.count() < q + 3 || value.count() > q + 64) {
            return;
        }
        if (lead == 2 && value.type(q - 2) == WORD && value.type(q - 1) == WORD) {
            return;
        }
        int i = q + 1;
        while (value.type(i) == CLOSE) {
            i++;
        }
        int joints = 0;
        int signs = 0;
        int words = 0;
        int names = 0;
        boolean ended = false;
        boolean tags = value.tag(q);
        while (i < value.count()) {
            int from = i;
            int t = value.type(i);
            while (t == OPERATOR
                    || t == COMPARE
                    || t == LOGIC
                    || t == PIPES
                    || t == IS
                    || t == NOT
                    || t == MODIFIER) {
                signs += t == OPERATOR || t == PIPES || t == COMPARE && sign(i) ? 1 : 0;
                words += t == LOGIC || t == IS || t == NOT || t == COMPARE && !sign(i) ? 1 : 0;
                t = value.type(++i);
            }
            if (i == from) {
                ended = t == COMMENT || t == SEMICOLON || t == END;
                break;
            }
            joints++;
            if (value.type(i) == QUOTE && i >= value.count() - 2) {
                // the quote that the query's own closes
                i = value.count();
                ended = true;
                break;
            }
            if (t == END || t == COMMENT) {
                ended = joints > 1;
                break;
            }
            if (!operands.read(i) || operands.end() <= i) {
                return;
            }
            names += operands.kind() == SqlOperands.NAME ? 1 : 0;
            i = operands.end();
        }
        ended |= i >= value.count();
        if (!ended || joints == 0) {
            return;
        }
        int points;
        if (joints >= 2) {
            boolean comparison = false;
            for (int k = q; k < value.count(); k++) {
                int t = value.type(k);
                comparison |= t == COMPARE || t == LOGIC || t == PIPES || t == TOOL;
            }
            points = signs > 0 && comparison && !tags ? 95 : words >= 3 ? 60 : 40;
        } else if (words > 0) {
            points = signs > 0 || q > 0 && value.type(value.count() - 2) == QUOTE ? 60 : 45;
            points = value.type(q + 1) == NOT ? 85 : points;
            if (cut(i) && operands.kind() != SqlOperands.NAME
                    || q == 0 && value.count() <= 5 && compares(1)) {
                points = 85;
            }
            if (lead == 1
                    && value.count() <= 8
                    && value.type(value.count() - 2) == QUOTE
                    && value.type(value.count() - 1) != QUOTE) {
                points = 85;
            }
        } else {
            int last = value.type(value.count() - 2);
            points = last == QUOTE && lead == 1 && value.type(value.count() - 1) != WORD ? 80 : 45;
            if (q == 0 && cut(i) && operands.kind() == SqlOperands.CONSTANT_VALUE) {
                points = 85;
            }
        }
        if (joints >= 2 && lead == 1 && open() && !tags) {
            points = Math.max(points, 85);
        }
        if (words == 0 && names > 0) {
            // a password of letters and signs reads like that; an attack compares constants
            points = Math.min(points, 55);
        }
        value.raise(points, "continued-expression", q, value.count() - 1);
    }

    /** Whether token {@code i} is a comment and the last of the value, or nearly. */
    private boolean cut(int i) {
        return value.type(i) == COMMENT && i >= value.count() - 2 && !underlineOrOption(i);
    }

    /** Whether the value's last quote is open: the query's own closes it. */
    private boolean open() {
        int last = value.type(value.count() - 1);
        int before = value.type(value.count() - 2);
        return before == QUOTE && last != QUOTE
                || last == QUOTE && (before == OPERATOR || before == COMPARE);
    }

    /** {@code ' sounds like '}: a comparison by a word, apart from the quotes around it. */
    private boolean compares(int i) {
        return value.type(i) == COMPARE
                && value.word(i)
                && value.start(i) > value.end(i - 1)
                && value.type(value.count() - 1) == QUOTE;
    }

    /** Whether a comparison is written with signs, not a word. */
    private boolean sign(int i) {
        return value.end(i) - value.start(i) <= 2 && !value.word(i);
    }

    /** {@code -----} under a title, {@code '--verbose'}. */
    private boolean underlineOrOption(int i) {
        int end = value.end(i);
        boolean dashes = value.text().at(value.start(i)) == '-';
        return dashes
                && (end - value.start(i) > 3
                        || i + 1 < value.count() && value.start(i + 1) == end && value.word(i + 1));
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
        if (!few || i == 0 || underlineOrOption(i)) {
            return;
        }
        int broken = value.broken(i);
        int t = value.type(i - 1);
        int length = value.text().length();
        if (t == QUOTE && !quotation(i)) {
            boolean bare = value.text().bytes()[value.start(i)] != '#' || i == value.count() - 1;
            value.raise(bare ? i <= 6 && length < 64 ? 100 : 60 : 40, "comment-out", i - 1, i);
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
        } else if (t == SEMICOLON) {
            value.raise(i <= 4 ? 70 : 40, "comment-out", i - 1, i);
        } else if (t == NUMBER && i == 1 && i == value.count() - 1) {
            value.raise(45, "comment-out", 0, i);
        } else if (broken == 1 && t == NUMBER) {
            value.raise(40, "comment-out", 0, i);
        }
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
