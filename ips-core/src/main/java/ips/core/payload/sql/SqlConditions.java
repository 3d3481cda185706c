package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * Conditions put behind a value, so that a query's WHERE is true, false or slow: {@code or 1=1},
 * {@code and sleep(5)}, {@code having 1=1}, {@code case when}.
 *
 * <p>{@link SqlComparisons} judge what is compared. A bare operand, {@code or 1}, counts where the
 * value ends with it or the query goes on.
 */
@HotPath
final class SqlConditions {
    /** Tokens before a condition that is in the midst of a program. */
    static final int CODE_BEFORE = 12;

    /** Tokens of the phrases that somebody searches for. */
    private static final int LONGEST_SEARCH = 40;

    private final SqlValue value;
    private final SqlOperands operands;
    private final SqlComparisons comparisons;

    SqlConditions(SqlValue value) {
        this.value = value;
        operands = value.operands();
        comparisons = new SqlComparisons(value);
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
        if (broken == 2
                && value.type(i + 1) == OPEN
                && value.type(i + 2) == EXISTS
                && value.type(i + 3) == CLOSE) {
            value.raise(85, "condition", i, i + 3);
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
        if (kind == SqlOperands.CALLED && (firstType == WEAPON || firstType == SLEEP)) {
            value.raise(broken > 0 ? 100 : 70, "condition-call", i, end);
            return;
        }
        if (kind == SqlOperands.SUBQUERY && firstType != CASE) {
            int points = value.type(first + 1) == OPEN || value.expression(first + 1) ? 70 : 20;
            value.raise(points + (broken > 0 ? 30 : 0), "condition-subquery", i, end + 2);
            return;
        }
        end = arithmetic(end);
        if (value.type(end) == NOT) {
            end++;
        }
        if (value.type(end) == COMPARE || value.type(end) == IS) {
            comparisons.judge(i, broken, kind, first, end);
        } else {
            bare(i, broken, kind, first, end);
        }
    }

    /** A condition that is an operand and no more: {@code or 1}, {@code and true}. */
    private void bare(int i, int broken, int kind, int first, int end) {
        boolean over = value.ends(end);
        int points = barePoints(i, broken, kind, first, end);
        if (value.type(i) == PIPES && kind != SqlOperands.CALLED && kind != SqlOperands.SUBQUERY) {
            points -= 20;
        }
        if (points <= 0) {
            return;
        }
        boolean cut = over && (value.lastComment(end) || value.type(end) == SEMICOLON);
        points += broken == 2 ? 40 : broken == 1 && i > 0 ? 30 : broken == 1 ? 10 : 0;
        points += cut ? 30 : 0;
        if (value.proseLike() && broken < 2) {
            points /= 2;
        }
        boolean program = i > CODE_BEFORE && value.lines() > 2 && !over;
        // a search's operand is a phrase; or true ends a condition
        boolean decides =
                (kind == SqlOperands.CONSTANT_VALUE && !year(i) || value.type(i + 1) == NOT)
                        && (over || value.type(end) == LIMIT || value.type(end) == ORDER);
        if (program || !cut && !decides && searched(i) || !cut && bracketed(i)) {
            points = Math.min(points, 75);
        }
        value.raise(points, "condition", i, end);
    }

    /** {@code (1957) or (1997)} behind a word: numbers that a text has in brackets. */
    private boolean bracketed(int i) {
        return value.type(i - 4) == WORD
                && value.type(i - 3) == OPEN
                && value.type(i - 2) == NUMBER
                && value.type(i - 1) == CLOSE
                && value.start(i - 3) > value.end(i - 4)
                && value.type(i + 1) == OPEN
                && value.type(i + 2) == NUMBER
                && value.type(i + 3) == CLOSE;
    }

    /** {@code and 2024}. */
    private boolean year(int i) {
        return value.text().startsWith("and", value.start(i))
                && value.type(i + 1) == NUMBER
                && value.end(i + 1) - value.start(i + 1) == 4;
    }

    private int barePoints(int i, int broken, int kind, int first, int end) {
        boolean over = value.ends(end);
        boolean continued = over || clause(value.type(end));
        return switch (kind) {
            case SqlOperands.CONSTANT_VALUE -> constant(i, first, end);
            case SqlOperands.STORED -> continued ? 60 : 20;
            case SqlOperands.TEXT ->
                    leavesQuoteOpen(i, broken)
                            ? 40
                            : opensQuote(i, broken) ? 55 : continued ? 15 : 0;
            case SqlOperands.CALLED -> {
                int type = value.type(first);
                if (type == TOOL || type == IF || value.holdsTool(first + 1, end)) {
                    yield over ? 70 : 60;
                }
                // 1 and json('x')
                yield over && value.behindNumber(i) ? 55 : continued ? 25 : 10;
            }
            case SqlOperands.SUBQUERY -> 70;
            default -> 0;
        };
    }

    /** Whether a query goes on with such a token behind its conditions. */
    private static boolean clause(int type) {
        return type == UNION
                || type == ORDER
                || type == GROUP
                || type == LIMIT
                || type == HAVING
                || type == LOGIC
                || type == PROCEDURE
                || type == INTO;
    }

    private int constant(int i, int first, int end) {
        if (inches(i, end)) {
            return 0;
        }
        boolean over = value.ends(end);
        // 1 or true; true or false is a question
        boolean named = value.type(first) == CONSTANT && value.type(i - 1) == NUMBER;
        boolean signed = value.type(i + 1) == OPERATOR && i == 1;
        if (over && (named || signed)) {
            return 55;
        }
        return over || clause(value.type(end)) ? 45 : 0;
    }

    /** {@code ' or '1} leaves the last quote to the query; {@code "a" or "b"} closes its own. */
    private boolean leavesQuoteOpen(int i, int broken) {
        return broken == 2
                && i <= 4
                && value.count() - i <= 4
                && value.type(i - 1) == QUOTE
                && value.type(value.count() - 1) != QUOTE
                && value.type(value.count() - 2) == QUOTE
                && !titled();
    }

    /** {@code 1 or '1}: a last quote left to the query, behind a number. */
    private boolean opensQuote(int i, int broken) {
        return broken == 1
                && i == 1
                && value.count() == 4
                && value.type(2) == QUOTE
                && value.type(3) == NUMBER;
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
        boolean phrase = value.type(0) == QUOTE && value.word(1) && value.start(1) == value.end(0);
        boolean text = value.type(0) == WORD && value.type(1) == WORD;
        return (phrase || text)
                && value.type(i - 1) == QUOTE
                && quotes > 0
                && quotes % 2 == 0
                && value.start(i) > value.end(i - 1);
    }

    /** Whether a brace at token {@code i} holds a letter and a string. */
    private boolean bracedText(int i) {
        return value.type(i) == BRACE
                && value.type(i + 1) == WORD
                && value.end(i + 1) - value.start(i + 1) <= 2
                && value.type(i + 2) == QUOTE;
    }

    /** {@code "or" gate}: a word in quotes of its own, and what it is a name of. */
    private boolean titled() {
        int last = value.count() - 1;
        return value.text().at(value.start(last - 1)) == '"'
                && value.type(last) == WORD
                && value.start(last) > value.end(last - 1);
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
            boolean whole = value.behindNumber(i) && value.ends(operands.end());
            if (type == HAVING && whole && kind == SqlOperands.CALLED && other) {
                // 0 having count(*)>0
                points = 85;
            }
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
