package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.text.Text;
import java.util.Arrays;

/**
 * Conditions put behind a value, so that a query's WHERE is true, false or slow: {@code or 1=1},
 * {@code and sleep(5)}, {@code having 1=1}, {@code case when}.
 *
 * <p>What counts is what is compared: two constants compare only to make a tautology (a query's own
 * conditions name a column), and a subquery or a call of the database on either side is there to be
 * read out bit by bit. A bare operand, {@code or 1}, counts where the value ends with it.
 */
@HotPath
final class SqlConditions {
    /** Tokens before a condition that is in the midst of a program. */
    private static final int CODE_BEFORE = 12;

    /** Tokens of the phrases that somebody searches for. */
    private static final int LONGEST_SEARCH = 40;

    private final SqlValue value;
    private final SqlOperands operands;

    SqlConditions(SqlValue value) {
        this.value = value;
        operands = value.operands();
    }

    void logic(int i) {
        int broken = value.broken(i);
        int type = value.type(i);
        if (type == PIPES && broken == 0) {
            return;
        }
        if (broken > 0 && value.type(i + 1) == QUOTE && document(value.end(i + 1))) {
            value.raise(90, "json-condition", i, i + 3);
            return;
        }
        if (broken == 2 && value.type(i + 1) == SLEEP && value.type(i + 2) == NUMBER) {
            // ' and sleep 3#
            value.raise(value.ends(i + 3) ? 85 : 40, "condition-call", i, i + 2);
            return;
        }
        if (broken == 2 && bracedText(i + 1)) {
            // ' and {x '1'}='1, an escape of ODBC
            value.raise(85, "condition", i, i + 4);
            return;
        }
        if (!operands.read(i + 1)) {
            if (broken == 2 && type != PIPES && value.type(i + 1) == NOT) {
                value.raise(60, "condition", i, i + 2);
            }
            return;
        }
        int kind = operands.kind();
        int end = operands.end();
        int first = operands.first();
        int firstType = value.type(first);
        boolean called = kind == SqlOperands.CALLED;
        if (called && (firstType == WEAPON || firstType == SLEEP)) {
            value.raise(broken > 0 ? 100 : 70, "condition-call", i, end);
            return;
        }
        if (kind == SqlOperands.SUBQUERY && firstType != CASE) {
            int points = value.type(first + 1) == OPEN || value.expression(first + 1) ? 70 : 20;
            value.raise(points + (broken > 0 ? 30 : 0), "condition-subquery", i, end + 2);
            return;
        }
        end = arithmetic(end);
        int t = value.type(end);
        boolean negated = t == NOT;
        if (negated) {
            t = value.type(++end);
        }
        if (t == COMPARE || t == IS) {
            compared(i, broken, kind, first, end);
            return;
        }
        int points = 0;
        boolean over = value.ends(end);
        boolean clause =
                t == UNION
                        || t == ORDER
                        || t == GROUP
                        || t == LIMIT
                        || t == HAVING
                        || t == LOGIC
                        || t == PROCEDURE
                        || t == INTO;
        boolean continued = clause || over;
        switch (kind) {
            case SqlOperands.CONSTANT_VALUE -> {
                // 1 or true; true or false is a question
                boolean named = firstType == CONSTANT && value.type(i - 1) == NUMBER && over;
                boolean signed = value.type(i + 1) == OPERATOR && i == 1 && over;
                points = inches(i, end) ? 0 : named || signed ? 55 : continued ? 45 : 0;
            }
            case SqlOperands.STORED -> points = continued ? 60 : 20;
            case SqlOperands.TEXT -> {
                // ' or '1 leaves the last quote to the query; "wood" or "stone" closes its own
                boolean open =
                        broken == 2
                                && i <= 4
                                && value.count() - i <= 4
                                && value.type(i - 1) == QUOTE
                                && value.type(value.count() - 1) != QUOTE
                                && value.type(value.count() - 2) == QUOTE;
                // 1 or '1 the same behind a number
                boolean bare =
                        broken == 1
                                && i == 1
                                && value.count() == 4
                                && value.type(2) == QUOTE
                                && value.type(3) == NUMBER;
                points = open ? 40 : bare ? 55 : continued ? 15 : 0;
            }
            case SqlOperands.CALLED ->
                    points =
                            firstType == TOOL || firstType == IF || holdsTool(first + 1, end)
                                    ? over ? 70 : 60
                                    // 1 and json('x')
                                    : over && behindNumber(i) ? 55 : continued ? 25 : 10;
            case SqlOperands.SUBQUERY -> points = 70;
            default -> points = 0;
        }
        if (type == PIPES && kind != SqlOperands.CALLED && kind != SqlOperands.SUBQUERY) {
            points -= 20;
        }
        if (points > 0) {
            boolean cut = over && (value.lastComment(end) || value.type(end) == SEMICOLON);
            points += broken == 2 ? 40 : broken == 1 && i > 0 ? 30 : broken == 1 ? 10 : 0;
            points += cut ? 30 : 0;
            if (value.proseLike() && broken < 2) {
                points /= 2;
            }
            boolean program = i > CODE_BEFORE && value.lines() > 2 && !over;
            if (program || !cut && searched(i)) {
                points = Math.min(points, 75);
            }
            value.raise(points, "condition", i, end);
        }
    }

    /** A literal of JSON and an operator on it: {@code or '{"a":1}'::jsonb <@ '{}'}. */
    private boolean document(int at) {
        Text text = value.text();
        int c = text.at(at);
        if (c != '{' && c != '[') {
            return false;
        }
        int close = text.find(c == '{' ? "}'" : "]'", at, at + 200);
        int next = close < 0 ? -1 : text.skipSpace(close + 2);
        return next > 0
                && (text.startsWith("::", next)
                        || text.startsWith("@>", next)
                        || text.startsWith("<@", next)
                        || text.startsWith("->", next)
                        || text.startsWith("#>", next)
                        || text.startsWith("?", next)
                        || text.startsWith("=", next));
    }

    /**
     * {@code "deep learning" or "neural nets" and 2024}: phrases in double quotes that all close
     * before token {@code i}, the first of them of words, as people and engines search.
     */
    private boolean searched(int i) {
        byte[] b = value.text().bytes();
        int quotes = 0;
        for (int k = 0; k < i && i <= LONGEST_SEARCH; k++) {
            if (value.type(k) == QUOTE) {
                if (b[value.start(k)] != '"') {
                    return false;
                }
                quotes++;
            }
        }
        return value.type(0) == QUOTE
                && value.type(i - 1) == QUOTE
                && quotes > 0
                && quotes % 2 == 0
                && value.word(1)
                && value.start(1) == value.end(0)
                && value.end(i - 2) == value.start(i - 1);
    }

    /** Whether a brace at token {@code i} holds a letter and a string. */
    private boolean bracedText(int i) {
        return value.type(i) == BRACE
                && value.type(i + 1) == WORD
                && value.end(i + 1) - value.start(i + 1) <= 2
                && value.type(i + 2) == QUOTE;
    }

    /** 16" or 18" is a size. */
    private boolean inches(int i, int end) {
        byte[] b = value.text().bytes();
        return i >= 2
                && value.type(i - 2) == NUMBER
                && b[value.start(i - 1)] == '"'
                && value.start(i - 1) == value.end(i - 2)
                && value.type(end) == QUOTE
                && b[value.start(end)] == '"'
                && value.start(end) == value.end(end - 1);
    }

    /** Past operators and further operands: 1+1, a||b, sleep(5)*1. */
    private int arithmetic(int from) {
        int end = from;
        for (int rounds = 0; rounds < 6; rounds++) {
            int t = value.type(end);
            boolean divided = t == WORD && value.type(end + 1) == NUMBER && value.divides(end);
            if (t != OPERATOR
                    && t != PIPES
                    && !divided
                    && !(t == QUOTE && value.type(end + 1) == COMPARE)) {
                break;
            }
            if (t == QUOTE) {
                return end + 1;
            }
            int keptKind = operands.kind();
            if (!operands.read(end + 1)) {
                break;
            }
            end = operands.end();
            if (keptKind == SqlOperands.NONE) {
                break;
            }
        }
        return end;
    }

    private void compared(int i, int broken, int left, int leftFirst, int at) {
        int next = at + 1;
        while (value.type(next) == COMPARE || value.type(next) == NOT) {
            next++;
        }
        if (!operands.read(next)) {
            int t = value.type(next);
            boolean open = t == END || t == COMMENT;
            boolean constant = left == SqlOperands.CONSTANT_VALUE || left == SqlOperands.TEXT;
            value.raise(
                    open && broken == 2 ? 90 : open && constant && broken > 0 ? 70 : 0,
                    "condition",
                    i,
                    next);
            return;
        }
        int right = operands.kind();
        int rightFirst = operands.first();
        int rightType = value.type(rightFirst);
        int points;
        boolean leftConstant = left == SqlOperands.CONSTANT_VALUE || left == SqlOperands.TEXT;
        boolean rightConstant = right == SqlOperands.CONSTANT_VALUE || right == SqlOperands.TEXT;
        if (rightType == WEAPON || rightType == SLEEP) {
            points = 95;
        } else if (right == SqlOperands.SUBQUERY || left == SqlOperands.SUBQUERY) {
            points = 90;
        } else if (leftConstant && rightConstant) {
            points = 85;
        } else if (left == SqlOperands.STORED || right == SqlOperands.STORED) {
            points = 70;
        } else if (left == SqlOperands.CALLED || right == SqlOperands.CALLED) {
            int f = value.type(leftFirst);
            points =
                    f == TOOL || rightType == TOOL || holdsTool(leftFirst, operands.end())
                            ? 65
                            : f == FUNCTION || rightType == FUNCTION ? 55 : 45;
        } else if (left == SqlOperands.NAME && right == SqlOperands.NAME) {
            points = same(leftFirst, rightFirst) ? 70 : 20;
        } else {
            points = 35;
        }
        int end = operands.end();
        points += broken == 2 ? 40 : broken == 1 && i > 0 ? 30 : 0;
        points += value.lastComment(end) ? 20 : 0;
        points += broken == 2 && i <= 3 ? 10 : 0;
        // 1 or name like '%a%
        points += points == 65 && right == SqlOperands.TEXT && behindNumber(i) ? 15 : 0;
        if (points == 75 && behindNumber(i) && value.ends(operands.end())) {
            // 1 and crc32('a')>0
            points = 80;
        }
        if (i == 0 && left == SqlOperands.CONSTANT_VALUE && points == 65) {
            // and 12=convert(int,...
            points = 80;
        }
        if (value.proseLike() && broken < 2) {
            points /= 2;
        }
        if (value.type(at) == IS && broken < 2 && rightType == NUMBER || quotation(i, end)) {
            // 2 and 2 is 4; what does "or 1=1" mean
            points = Math.min(points, 75);
        }
        if (i > CODE_BEFORE && value.lines() > 2 && !value.ends(end)) {
            // a line of a program, in the midst of others
            points = Math.min(points, 75);
        }
        value.raise(points, "tautology", i, end);
    }

    /** Whether nothing but a number stands before token {@code i}, and little behind it. */
    private boolean behindNumber(int i) {
        return i == 1 && value.type(0) == NUMBER && value.count() <= 24;
    }

    /** Whether quotes, opened behind a word and closed before one, hold the condition alone. */
    private boolean quotation(int i, int end) {
        int close = value.type(end) == QUOTE ? end : end - 1;
        return value.type(i - 1) == QUOTE
                && value.type(i - 2) == WORD
                && value.type(i - 3) == WORD
                && value.start(i) == value.end(i - 1)
                && value.start(i - 1) > value.end(i - 2)
                && value.type(close) == QUOTE
                && value.start(close) == value.end(close - 1)
                && value.type(close + 1) == WORD
                && value.start(close + 1) > value.end(close);
    }

    private boolean holdsTool(int from, int to) {
        for (int i = from; i < to; i++) {
            int t = value.type(i);
            boolean named = t == OBJECT && value.type(i + 2) == CLOSE;
            if ((t == TOOL || named) && value.type(i + 1) == OPEN || t == SCHEMA || t == SELECT) {
                return true;
            }
        }
        return false;
    }

    private boolean same(int a, int b) {
        byte[] bytes = value.text().bytes();
        return Arrays.equals(
                bytes, value.start(a), value.end(a), bytes, value.start(b), value.end(b));
    }

    void condition(int i) {
        int broken = value.broken(i);
        int type = value.type(i);
        if (broken == 0 && type != HAVING || broken == 1 && type == COMPARE && i == 0) {
            return;
        }
        if (!operands.read(i + 1)) {
            return;
        }
        int kind = operands.kind();
        int first = operands.first();
        int f = value.type(first);
        int at = operands.end();
        if (type == COMPARE) {
            // 1 = sleep(5), ' like (select ...), 1 in (select ...)
            boolean inner = value.type(first - 1) == OPEN;
            if (kind == SqlOperands.SUBQUERY
                    && f == SELECT
                    && inner
                    && value.expression(first + 1)) {
                value.raise(90, "compare-subquery", i, at + 2);
            } else if (kind == SqlOperands.CALLED && (f == SLEEP || f == WEAPON)) {
                value.raise(100, "compare-call", i, at);
            }
            return;
        }
        int t = value.type(at);
        if (t == COMPARE && operands.read(at + 1)) {
            boolean constant = kind == SqlOperands.CONSTANT_VALUE || kind == SqlOperands.TEXT;
            boolean other =
                    operands.kind() == SqlOperands.CONSTANT_VALUE
                            || operands.kind() == SqlOperands.TEXT;
            int points = constant && other ? 90 : 40;
            points += broken == 2 ? 40 : 0;
            value.raise(
                    value.proseLike() && broken < 2 ? points / 2 : points,
                    "condition",
                    i,
                    operands.end());
        } else if (kind == SqlOperands.CALLED && (f == SLEEP || f == WEAPON)) {
            value.raise(100, "condition-call", i, at);
        }
    }

    void caseWhen(int i) {
        if (value.type(i + 1) != WHEN) {
            return;
        }
        int before = value.type(i - 1);
        boolean tested = operands.read(i + 2);
        boolean constant = tested && operands.kind() != SqlOperands.NAME;
        if (constant
                && (before == OPEN
                        || before == SELECT
                        || before == OPERATOR
                        || before == COMPARE
                        || before == COMMA
                        || before == END && value.type(operands.end()) == COMPARE)) {
            value.raise(value.proseLike() ? 50 : 85, "case-when", i, i + 4);
        }
    }
}
