package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * Short values that are nothing but an injection: each is decided by all of its tokens, from the
 * first to the last, so that shapes count here that would be too common inside other text.
 */
@HotPath
final class SqlWholes {
    private static final int LONGEST = 16;

    private final SqlValue value;
    private final SqlRemainders remainders;

    SqlWholes(SqlValue value) {
        this.value = value;
        remainders = new SqlRemainders(value);
    }

    void judge() {
        int count = value.count();
        if (count < 2 || count > LONGEST) {
            return;
        }
        switch (value.type(0)) {
            case LOGIC -> {
                // and true, and f()=f()
                if (count == 2 && constant(1) || callsCompared(1)) {
                    raise(80, "condition");
                }
            }
            case CASE -> caseEnd(count);
            case SELECT -> numbers(count);
            case WORD -> word(count);
            case FUNCTION -> {
                int k = call(0);
                if (k > 0 && value.type(k) == LOGIC && callsCompared(k + 1)) {
                    raise(80, "condition");
                }
            }
            case NUMBER -> number(count);
            case NOT -> {
                // !1 or !0
                int k = value.type(3) == NOT ? 4 : 3;
                boolean joined = value.type(2) == LOGIC || value.type(2) == PIPES;
                if (value.type(1) == NUMBER
                        && joined
                        && value.type(k) == NUMBER
                        && count == k + 1) {
                    raise(85, "condition");
                }
            }
            case QUOTE -> quote(count);
            case SLEEP -> waits(count);
            case PIPES -> {
                // ||6
                if (count == 2 && value.type(1) == NUMBER) {
                    raise(80, "quote-operator");
                }
            }
            case OPEN -> computed(count);
            case CREATE -> {
                // create user name identified by ...
                if (value.type(1) == OBJECT && value.type(4) == BY && identified(3)) {
                    raise(85, "statement");
                }
            }
            default -> {}
        }
        if (count >= 4 && left() && remainders.cutOff(count)) {
            // 1' for update-- -
            raise(85, "comment-out");
        }
        if (count <= 4
                && value.type(count - 1) == SEMICOLON
                && value.type(count - 2) == QUOTE
                && value.text().has(Text.NUL)) {
            // admin';%00
            raise(85, "statement-end");
        }
        if (count >= 4
                && count <= 5
                && value.type(count - 1) == COMMENT
                && value.type(count - 2) == SEMICOLON
                && value.type(0) == WORD) {
            // desc users; --
            raise(80, "comment-out");
        }
    }

    /** Whether the value leaves a quote right at its beginning. */
    private boolean left() {
        return value.type(0) == QUOTE
                || value.type(1) == QUOTE && value.start(1) == value.end(0)
                || value.type(1) == CLOSE && value.type(2) == QUOTE;
    }

    private boolean identified(int i) {
        return value.end(i) - value.start(i) == 10
                && value.text().startsWith("identified", value.start(i));
    }

    /**
     * {@code pi() and cos(1)=sin(1)}; {@code a' || 'b}, a string put together of two halves.
     *
     * <p>A bare name before a condition is a query of other languages too: {@code up and
     * count(load)>3} is PromQL.
     */
    private void word(int count) {
        int k = call(0);
        boolean called = k > 0;
        k = called ? k : 1;
        if (value.type(k) == LOGIC && callsCompared(k + 1)) {
            raise(called || functionsCompared(k + 1) ? 80 : 60, "condition");
        }
        if (value.type(1) == COMMA
                && value.type(2) == OPEN
                && value.type(3) == SELECT
                && (value.type(4) == NUMBER || value.type(4) >= TOOL)
                && value.type(count - 1) == CLOSE) {
            // asc,(select 1)
            raise(85, "subquery");
        }
        if (count >= 3 && count <= 5 && remainders.cutOff(count)) {
            // name asc -- -
            raise(80, "comment-out");
        }
        if (value.type(1) == WHERE
                && value.type(2) == NUMBER
                && value.type(3) == COMPARE
                && value.type(4) == NUMBER
                && value.ends(5)) {
            // users where 1=1--
            raise(85, "tautology");
        }
        if (value.type(1) == WHERE
                && (value.type(2) == SLEEP || value.type(2) == WEAPON)
                && value.type(3) == OPEN
                && value.type(count - 1) == COMMENT) {
            // users where sleep(5)--
            raise(85, "condition-call");
        }
        if (count == 4
                && value.type(1) == QUOTE
                && value.type(2) == LOGIC
                && value.type(3) == QUOTE
                && value.start(3) > value.end(2)) {
            // admin' or '
            raise(85, "quote-operator");
        }
        if ((count == 5 || count == 4)
                && value.type(1) == QUOTE
                && value.type(2) == PIPES
                && value.type(3) == QUOTE
                && (count == 4 || value.type(4) == WORD)
                && value.text().at(value.start(1)) == value.text().at(value.start(3))) {
            raise(85, "quote-operator");
        }
    }

    /**
     * Whether the value is, from token {@code i} on, one call compared with another or a number.
     */
    private boolean callsCompared(int i) {
        int k = call(i);
        if (k == 0 || value.type(k) != COMPARE || value.word(k)) {
            return false;
        }
        int right = value.type(k + 1) == OPERATOR ? k + 2 : k + 1;
        int end = value.type(right) == NUMBER ? right + 1 : call(right);
        return end > 0 && value.ends(end);
    }

    /** Whether both of the calls that are compared from token {@code i} on are of SQL's own. */
    private boolean functionsCompared(int i) {
        int compare = call(i);
        int right = value.type(compare + 1) == OPERATOR ? compare + 2 : compare + 1;
        return value.type(i) >= TOOL && value.type(right) >= TOOL;
    }

    /** The token behind a call of a name without a space before its parenthesis, or 0. */
    private int call(int i) {
        int t = value.type(i);
        if (t != WORD && t < TOOL && t != OBJECT
                || value.type(i + 1) != OPEN
                || value.start(i + 1) != value.end(i)) {
            return 0;
        }
        int depth = 0;
        for (int k = i + 1; k < value.count(); k++) {
            depth += value.type(k) == OPEN ? 1 : value.type(k) == CLOSE ? -1 : 0;
            if (depth == 0) {
                return k + 1;
            }
        }
        return 0;
    }

    /** {@code case when 1 then 2 end}. */
    private void caseEnd(int count) {
        int last = count - 1;
        boolean ended =
                value.end(last) - value.start(last) == 3
                        && value.text().startsWith("end", value.start(last));
        int parts = 0;
        for (int i = 1; i < last; i++) {
            boolean tested = value.type(i) == WHEN && (tested(i + 1) || call(i + 1) > 0);
            parts |= tested ? 1 : value.type(i) == THEN ? 2 : 0;
        }
        if (ended && parts == 3) {
            raise(85, "case-when");
        }
    }

    /**
     * {@code select 1,2,0xef`}: a query of numbers alone, to find out how many columns there are.
     */
    private void numbers(int count) {
        int i = 1;
        while (value.type(i) == NUMBER && value.type(i + 1) == COMMA) {
            i += 2;
        }
        if (i > 1 && value.type(i) == NUMBER && (i == count - 1 || value.ends(i + 1))) {
            raise(80, "statement");
        }
    }

    /** {@code (select 198766*667891)}: arithmetic that shows whether the database does it. */
    private void computed(int count) {
        int i = 2;
        while (value.type(i) == NUMBER && value.type(i + 1) == OPERATOR) {
            i += 2;
        }
        boolean over = value.type(i) == NUMBER && i > 2;
        boolean closed = value.type(i + 1) == CLOSE && i + 2 == count;
        boolean from = value.type(i + 1) == FROM && value.type(i + 3) == CLOSE && i + 4 == count;
        if (value.type(1) == SELECT && over && (closed || from)) {
            raise(85, "subquery");
        } else if (value.type(1) == PIPES && value.type(2) == NUMBER && count == 4) {
            raise(80, "quote-operator");
        }
    }

    private boolean tested(int i) {
        int t = value.type(i);
        return t == NUMBER || t == QUOTE || t == CONSTANT || t == OPEN || t == MODIFIER;
    }

    /** {@code 1-true}; {@code 1 | 1=1}, joined bit by bit as no arithmetic is. */
    private void number(int count) {
        if (count == 3 && value.type(1) == SEMICOLON && value.type(2) == COMMENT) {
            // 1;--
            raise(80, "statement-end");
        }
        if (value.type(1) == LOGIC
                && value.type(2) == NOT
                && value.type(3) == NUMBER
                && value.ends(4)) {
            // 1 and not 0
            raise(80, "condition");
        }
        if (value.type(1) == WHERE && remainders.compared(2) && value.ends(5)) {
            // 1 where 1=1
            raise(85, "tautology");
        }
        if (count == 3 && remainders.cutOff(count)
                || count == 3
                        && value.type(1) == QUOTE
                        && value.type(2) == LOGIC
                        && !remainders.feet()) {
            // 1-- -, 1' and
            raise(80, "comment-out");
        }
        boolean listed = value.type(2) == OPEN && value.type(3) == NUMBER && value.type(4) == CLOSE;
        if (value.type(1) == COMPARE
                && value.word(1)
                && (count == 5 && listed
                        || count == 3 && value.type(2) == NUMBER && remainders.twice())) {
            // 1 in (1), 1 like 1
            raise(80, "condition");
        }
        if (count == 3 && value.type(1) == LOGIC && value.type(2) == NUMBER && remainders.twice()) {
            // 1 or 1
            raise(80, "condition");
        }
        if (remainders.halves(count)) {
            raise(85, "quote-operator");
        }
        if (value.type(1) != OPERATOR) {
            return;
        }
        int sign = value.text().at(value.start(1));
        if (value.type(2) == OPEN
                && value.type(3) == NUMBER
                && value.type(4) == COMPARE
                && value.type(5) == NUMBER
                && value.type(6) == CLOSE
                && value.ends(7)) {
            // 1^(1=1)
            raise(80, "tautology");
        } else if (count == 3 && constant(2)) {
            raise(80, "condition");
        } else if ((sign == '|' || sign == '&' || sign == '^')
                && value.type(2) == NUMBER
                && value.type(3) == COMPARE
                && value.type(4) == NUMBER
                && value.ends(5)) {
            raise(80, "tautology");
        }
    }

    /** {@code '^1^'1}, {@code '<<'0}: signs and numbers between two quotes; {@code ' div '}. */
    private void quote(int count) {
        boolean spaced = value.start(1) > value.end(0);
        if (count == 2) {
            // ' or, '+'
            boolean added = value.type(1) == QUOTE && value.text().at(value.end(0)) == '+';
            if (value.type(1) == LOGIC || added && value.start(1) == value.end(0) + 1) {
                raise(80, "quote-operator");
            }
            return;
        }
        if (remainders.continued(count)) {
            raise(85, "quote-operator");
            return;
        }
        if (value.type(1) == IS
                && value.type(count - 1) == QUOTE
                && value.type(count - 2) == LOGIC) {
            // ' is not null or '
            raise(85, "condition");
            return;
        }
        if (count == 7
                && value.type(1) == OPERATOR
                && value.type(2) == OPEN
                && value.type(3) == NUMBER
                && value.type(4) == CLOSE
                && value.type(5) == OPERATOR
                && value.type(6) == QUOTE) {
            // '-(1)-'
            raise(85, "quote-operator");
            return;
        }
        if (value.type(1) == WORD && spaced && value.divides(1)) {
            boolean over = count == 3 || count == 4 && value.type(3) == NUMBER;
            boolean joined = value.type(2) == QUOTE && value.start(2) > value.end(1) && over;
            boolean cut = value.type(2) == NUMBER && value.type(3) == COMMENT && count == 4;
            if (joined || cut) {
                raise(85, "quote-operator");
            }
            return;
        }
        int i = joints(1);
        if (i == 1) {
            return;
        }
        if (value.type(i) == NUMBER && value.end(i) - value.start(i) < 4) {
            int next = joints(i + 1);
            if (next == i + 1) {
                return;
            }
            i = next;
        }
        if (value.type(i) != QUOTE
                || value.text().at(value.start(i)) != value.text().at(value.start(0))) {
            return;
        }
        i++;
        i += value.type(i) == NUMBER ? 1 : 0;
        if (i == count && value.type(i - 1) == NUMBER) {
            raise(85, "quote-operator");
        }
    }

    /** The token behind operators and comparisons by signs from {@code i} on. */
    private int joints(int i) {
        int k = i;
        while (k < i + 3
                && (value.type(k) == OPERATOR
                        || value.type(k) == PIPES
                        || value.type(k) == COMPARE && !value.word(k))) {
            k++;
        }
        return k;
    }

    /** A function that waits, with a comment or an open quote behind it, or a huge argument. */
    private void waits(int count) {
        if (value.type(1) != OPEN) {
            return;
        }
        int last = value.type(count - 1);
        if (count == 4
                && value.type(2) == NUMBER
                && last == CLOSE
                && value.parameter()
                && value.start(1) == value.end(0)) {
            // sleep(5), and nothing else in a parameter
            raise(80, "time-function");
        }
        boolean huge = value.type(2) == NUMBER && value.end(2) - value.start(2) >= 6;
        boolean cut =
                last == COMMENT
                        || last == QUOTE && value.type(count - 2) == CLOSE
                        || last == CLOSE && value.tokens().comments() > 0;
        if (cut || huge && last == CLOSE) {
            raise(85, "time-function");
        }
    }

    /** TRUE or FALSE, not a null that code hands on. */
    private boolean constant(int i) {
        int first = value.type(i) == CONSTANT ? value.text().at(value.start(i)) : 0;
        return first == 't' || first == 'f';
    }

    private void raise(int points, String why) {
        value.raise(points, why, 0, value.count() - 1);
    }
}
