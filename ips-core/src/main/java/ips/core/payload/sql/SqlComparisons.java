package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import java.util.Arrays;

/**
 * Conditions that compare: {@code or 1=1}, {@code and (select ...)>'a'}, {@code or name like 'a%}.
 *
 * <p>What counts is what is compared: two constants compare only to make a tautology (a query's own
 * conditions name a column), and a subquery or a call of the database on either side is there to be
 * read out bit by bit. Owned by one {@link SqlConditions}.
 */
@HotPath
final class SqlComparisons {
    private final SqlValue value;
    private final SqlOperands operands;

    SqlComparisons(SqlValue value) {
        this.value = value;
        operands = value.operands();
    }

    /**
     * Judges one.
     *
     * @param i the token that joins the condition to what is before it
     * @param broken see {@link SqlValue#broken}
     * @param left the kind of the operand before the comparison, {@code leftFirst} its first token
     * @param at the token that compares
     */
    void judge(int i, int broken, int left, int leftFirst, int at) {
        int next = at + 1;
        while (value.type(next) == COMPARE || value.type(next) == NOT) {
            next++;
        }
        if (!operands.read(next)) {
            unfinished(i, broken, left, next);
            return;
        }
        int rightType = value.type(operands.first());
        int end = operands.end();
        int points = operandPoints(left, leftFirst);
        points += broken == 2 ? 40 : broken == 1 && i > 0 ? 30 : 0;
        points += value.lastComment(end) ? 20 : 0;
        points += broken == 2 && i <= 3 ? 10 : 0;
        points = shortConditionPoints(points, i, left);
        if (value.proseLike() && broken < 2) {
            points /= 2;
        }
        boolean counted = value.type(at) == IS && broken < 2 && rightType == NUMBER;
        if (counted || quotation(i, end) || broken == 0 && said(at)) {
            // 2 and 2 is 4; what does "or 1=1" mean
            points = Math.min(points, 75);
        }
        if (i > SqlConditions.CODE_BEFORE && value.lines() > 2 && !value.ends(end)) {
            // a line of a program, in the midst of others
            points = Math.min(points, 75);
        }
        value.raise(points, "tautology", i, end);
    }

    /** A comparison with nothing behind it but what the query puts there. */
    private void unfinished(int i, int broken, int left, int next) {
        int t = value.type(next);
        boolean open = t == END || t == COMMENT;
        value.raise(
                open && broken == 2 ? 90 : open && constant(left) && broken > 0 ? 70 : 0,
                "condition",
                i,
                next);
    }

    private static boolean constant(int kind) {
        return kind == SqlOperands.CONSTANT_VALUE || kind == SqlOperands.TEXT;
    }

    /** Points for what is compared; the right operand is the one last read. */
    private int operandPoints(int left, int leftFirst) {
        int right = operands.kind();
        int rightType = value.type(operands.first());
        if (rightType == WEAPON || rightType == SLEEP) {
            return 95;
        }
        if (right == SqlOperands.SUBQUERY || left == SqlOperands.SUBQUERY) {
            return 90;
        }
        if (constant(left) && constant(right)) {
            return 85;
        }
        if (left == SqlOperands.STORED || right == SqlOperands.STORED) {
            return 70;
        }
        if (left == SqlOperands.CALLED || right == SqlOperands.CALLED) {
            int type = value.type(leftFirst);
            if (type == TOOL || rightType == TOOL || value.holdsTool(leftFirst, operands.end())) {
                return 65;
            }
            return type == FUNCTION || rightType == FUNCTION ? 55 : 45;
        }
        if (left == SqlOperands.NAME && right == SqlOperands.NAME) {
            return same(leftFirst, operands.first()) ? 70 : 20;
        }
        return 35;
    }

    /** Raises the points of conditions that are most of a short value. */
    private int shortConditionPoints(int points, int i, int left) {
        int raised = points;
        // 1 or name like '%a%
        raised +=
                raised == 65 && operands.kind() == SqlOperands.TEXT && value.behindNumber(i)
                        ? 15
                        : 0;
        if (raised == 75 && value.behindNumber(i) && value.ends(operands.end())) {
            // 1 and crc32('a')>0
            return 80;
        }
        if (raised == 65 && i == 0 && left == SqlOperands.CONSTANT_VALUE) {
            // and 12=convert(int,...
            return 80;
        }
        return raised;
    }

    /** Whether words lead to an order of numbers: it is said that 2 > 1 and 3 > 2. */
    private boolean said(int at) {
        return value.type(0) == WORD
                && value.type(1) == WORD
                && value.end(at) - value.start(at) == 1
                && value.text().at(value.start(at)) != '=';
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

    private boolean same(int a, int b) {
        byte[] bytes = value.text().bytes();
        return Arrays.equals(
                bytes, value.start(a), value.end(a), bytes, value.start(b), value.end(b));
    }
}
