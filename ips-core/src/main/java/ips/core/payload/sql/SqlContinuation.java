package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;

/**
 * A value that is one expression from its first quote to its end, where the query's own quote
 * closes it: {@code aa'=0 or '1}. It reads as operators and operands in turn, so prose, where words
 * follow words, does not.
 */
@HotPath
final class SqlContinuation {
    /** Tokens from the quote to the value's end; a longer value is not one expression. */
    private static final int LONGEST = 64;

    private final SqlValue value;
    private final SqlOperands operands;

    /** The quote, and the tokens before it in the same segment of a path. */
    private int quote;

    private int lead;

    // What was read: places where operators join operands, their signs and words, names joined.
    private int joints;
    private int signs;
    private int words;
    private int names;

    /** The token behind what was read. */
    private int end;

    SqlContinuation(SqlValue value) {
        this.value = value;
        operands = value.operands();
    }

    void judge() {
        if (!begins() || !read() || joints == 0) {
            return;
        }
        boolean tags = value.tag(quote);
        int points = joints >= 2 ? several(tags) : words > 0 ? joinedByWord() : joinedBySign();
        if (joints >= 2 && lead == 1 && open() && !tags) {
            points = Math.max(points, 85);
        }
        if (words == 0 && names > 0) {
            // a password of letters and signs reads like that; an attack compares constants
            points = Math.min(points, 55);
        }
        value.raise(points, "continued-expression", quote, value.count() - 1);
    }

    /** Finds the quote; whether the value may be an expression that begins with it. */
    private boolean begins() {
        quote = 0;
        lead = 0;
        while (quote < value.count() && lead < 3 && value.type(quote) != QUOTE) {
            // each segment of a path may be a value of its own
            lead = value.path() && value.type(quote) == OPERATOR ? 0 : lead + 1;
            quote++;
        }
        boolean prose = lead == 2 && value.type(quote - 2) == WORD && value.type(quote - 1) == WORD;
        return value.type(quote) == QUOTE
                && value.count() >= quote + 3
                && value.count() <= quote + LONGEST
                && !prose;
    }

    /** Reads operators and operands in turn; whether they are all there is. */
    private boolean read() {
        joints = 0;
        signs = 0;
        words = 0;
        names = 0;
        end = quote + 1;
        while (value.type(end) == CLOSE) {
            end++;
        }
        while (end < value.count()) {
            int from = end;
            int t = operators();
            if (end == from) {
                return t == COMMENT || t == SEMICOLON || t == END;
            }
            joints++;
            if (t == QUOTE && end >= value.count() - 2) {
                // the quote that the query's own closes
                end = value.count();
                return true;
            }
            if (t == END || t == COMMENT) {
                return joints > 1 || end >= value.count();
            }
            if (!operands.read(end) || operands.end() <= end) {
                return false;
            }
            names += operands.kind() == SqlOperands.NAME ? 1 : 0;
            end = operands.end();
        }
        return true;
    }

    /** Reads operators that follow each other; the type of the token behind them. */
    private int operators() {
        int t = value.type(end);
        while (t == OPERATOR
                || t == COMPARE
                || t == LOGIC
                || t == PIPES
                || t == IS
                || t == NOT
                || t == MODIFIER) {
            signs += t == OPERATOR || t == PIPES || t == COMPARE && sign(end) ? 1 : 0;
            words += t == LOGIC || t == IS || t == NOT || t == COMPARE && !sign(end) ? 1 : 0;
            t = value.type(++end);
        }
        return t;
    }

    /** Points for several operands joined. */
    private int several(boolean tags) {
        boolean comparison = false;
        for (int k = quote; k < value.count(); k++) {
            int t = value.type(k);
            comparison |= t == COMPARE || t == LOGIC || t == PIPES || t == TOOL;
        }
        return signs > 0 && comparison && !tags ? 95 : words >= 3 ? 60 : 40;
    }

    /** Points for one operand joined by a word: {@code ' or 1}. */
    private int joinedByWord() {
        boolean lastButOneQuote = value.type(value.count() - 2) == QUOTE;
        boolean constant = cut() && operands.kind() != SqlOperands.NAME;
        boolean whole = quote == 0 && value.count() <= 5 && compares(1);
        boolean behindOne =
                lead == 1
                        && value.count() <= 8
                        && lastButOneQuote
                        && value.type(value.count() - 1) != QUOTE;
        if (value.type(quote + 1) == NOT || constant || whole || behindOne) {
            return 85;
        }
        return signs > 0 || quote > 0 && lastButOneQuote ? 60 : 45;
    }

    /** Points for one operand joined by a sign: {@code ' + '1}. */
    private int joinedBySign() {
        if (quote == 0 && cut() && operands.kind() == SqlOperands.CONSTANT_VALUE) {
            return 85;
        }
        boolean lastButOneQuote = value.type(value.count() - 2) == QUOTE;
        return lastButOneQuote && lead == 1 && value.type(value.count() - 1) != WORD ? 80 : 45;
    }

    /** Whether a comment follows what was read, and ends the value, or nearly. */
    private boolean cut() {
        return value.type(end) == COMMENT
                && end >= value.count() - 2
                && !value.underlineOrOption(end);
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
}
