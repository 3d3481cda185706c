package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.text.Words;

/** Clauses that read something else with the query at hand: UNION, subqueries, ORDER BY, LIMIT. */
@HotPath
final class SqlQueries {
    private static final Words DIRECTIONS = Words.of("asc desc");

    /** Tokens of a query before its UNION. */
    private static final int LONGEST_QUERY = 64;

    private final SqlValue value;

    /** Whether the subquery at hand holds what only attacks do. */
    private boolean strong;

    /** Whether it reads a table. */
    private boolean from;

    SqlQueries(SqlValue value) {
        this.value = value;
    }

    void union(int i) {
        int k = i + 1;
        while (value.type(k) == ALL
                || value.type(k) == OPEN
                || value.type(k) == COMMENT
                || value.type(k) == OPERATOR && !value.hyphen(k)
                || value.type(k) == BRACE
                || value.type(k - 1) == BRACE && value.type(k + 1) == NUMBER) {
            // {x 1}, an escape of ODBC, holds its number alone
            k += value.type(k - 1) == BRACE && value.type(k) == WORD ? 2 : 1;
            if (k - i > 8) {
                return;
            }
        }
        boolean commented = value.commented(i + 1) || value.commented(k);
        int t = value.type(k);
        if (t == SELECT && !commented && ownQuery(i)) {
            value.raise(60, "union-select", i, k + 4);
            return;
        }
        if (t == SELECT) {
            int next = k + 1;
            int nt = value.type(next);
            if (value.expression(next)) {
                int points =
                        value.proseLike() && nt == WORD
                                ? 40
                                : value.proseLike() && value.broken(i) == 0 ? 70 : 100;
                value.raise(points, "union-select", i, next + 4);
            } else if (nt == END || nt == COMMENT) {
                value.raise(value.broken(i) > 0 || k > i + 1 ? 100 : 70, "union-select", i, k);
            } else if (!value.proseLike()) {
                value.raise(value.broken(i) > 0 && i > 0 ? 100 : 60, "union-select", i, k + 2);
            } else {
                value.raise(25, "union-select", i, k);
            }
            value.add(commented ? 40 : 0);
        } else if (t == VALUES && (value.type(k + 1) == OPEN || value.type(k + 1) == TOOL)
                || t == OBJECT && value.broken(i) > 0 && i > 0 && value.type(k + 1) == WORD) {
            value.raise(value.broken(i) > 0 ? 100 : 60, "union-values", i, k + 1);
        } else if (commented && value.broken(i) > 0) {
            value.raise(70, "union-comment", i, k);
        } else if (k > i + 1 && value.broken(i) > 0 && i > 0 && t == END) {
            value.raise(80, "union-all", i, k);
        } else if ((t == COMMENT || t == END && value.commented(i))
                && i > 0
                && value.broken(i) > 0) {
            value.raise(80, "union-comment", i, k);
        }
    }

    /**
     * Whether a query that a body tells of, {@code select a from b union select c from d}, begins
     * before the UNION at token {@code i}: nothing was left to get to it.
     */
    private boolean ownQuery(int i) {
        if (value.parameter() || i > LONGEST_QUERY || value.broken(i) == 2) {
            return false;
        }
        int select = 0;
        while (select < i && value.type(select) != SELECT) {
            int t = value.type(select++);
            if (t != WORD
                    && t != CREATE
                    && t != OBJECT
                    && t != INSERT
                    && t != INTO
                    && t != AS
                    && t != OTHER) {
                return false;
            }
        }
        return select < i && value.type(value.count() - 1) != COMMENT && reads(select, i);
    }

    /** Whether a FROM stands between, as deep in parentheses as token {@code to} or around it. */
    private boolean reads(int select, int to) {
        int depth = 0;
        int read = 0;
        for (int k = select; k < to; k++) {
            int t = value.type(k);
            if (t == OPEN) {
                depth++;
                read &= ~(1 << depth);
            } else if (t == CLOSE) {
                depth--;
            } else if (t == FROM) {
                read |= 1 << depth;
            }
            if (depth < 0 || depth > 30) {
                return false;
            }
        }
        boolean union = value.type(to) == UNION;
        return (read & 1 << (union ? depth : 0)) != 0;
    }

    void select(int i) {
        int before = value.type(i - 1);
        int k = i + 1;
        while (value.type(k) == ALL) {
            k++;
        }
        if (value.type(k) == WORD
                && value.type(k + 1) == NUMBER
                && (before == OPEN || before == LOGIC)) {
            // select top 1 x
            k += 2;
        }
        boolean called = value.type(k) == OPEN && value.type(k + 1) == DOT;
        boolean slug = value.hyphen(i - 1) && value.hyphen(i + 1);
        if (called || slug || !value.expression(k)) {
            // select(.name == "x") is a filter of jq, how-to-select-from a title
            return;
        }
        reach(k);
        int points =
                switch (before) {
                    case OPEN -> inParentheses(i);
                    case QUOTE, CLOSE, OPERATOR -> strong || from ? 80 : 50;
                    case LOGIC -> behindLogic(i);
                    default -> 0;
                };
        if (value.proseLike() || quoted(i)) {
            points = strong && value.type(0) == QUOTE ? points : points / 2;
        }
        if (points > 0) {
            points = i > 0 && ownQuery(i) ? Math.min(points, 75) : points;
            value.raise(points, "subquery", i - 1, k + 4);
        }
    }

    /** Looks what the query behind token {@code k} reads: a table, or what only attacks do. */
    private void reach(int k) {
        strong = false;
        from = false;
        for (int j = k; j < k + 24; j++) {
            int t = value.type(j);
            if (t == END) {
                return;
            }
            boolean tool = t == TOOL || t == OBJECT && value.type(j + 2) == CLOSE;
            strong |= t == SCHEMA || t == SLEEP || t == WEAPON || t == VARIABLE || t == CASE;
            strong |= tool && value.type(j + 1) == OPEN;
            from |= t == FROM && value.type(j + 1) != END;
        }
    }

    private int inParentheses(int i) {
        boolean joined =
                switch (value.type(i - 2)) {
                    case OPERATOR, PIPES, LOGIC, COMPARE, COMMA, END, OPEN, QUOTE, TOOL, JOIN, IF ->
                            true;
                    default -> false;
                };
        boolean whole =
                i == 1 && value.type(2) == NUMBER && value.type(3) == CLOSE && value.ends(4);
        int points =
                from || strong ? joined ? 90 : 60 : computed(i) || whole ? 85 : joined ? 55 : 30;
        boolean brokenOut =
                value.type(0) == QUOTE || value.broken(i - 1) == 2 || value.type(i - 3) == QUOTE;
        return brokenOut ? points + 20 : points;
    }

    /** Whether the value is a number or a string that a query in parentheses is joined to. */
    private boolean computed(int i) {
        int outer = value.type(i - 2);
        boolean operand =
                value.type(0) == NUMBER
                        || value.type(0) == QUOTE && value.type(value.count() - 1) == QUOTE;
        return i <= 4
                && operand
                && (outer == OPERATOR || outer == PIPES || outer == JOIN || outer == COMMA);
    }

    private int behindLogic(int i) {
        boolean behindNumber = i == 2 && value.type(0) == NUMBER && !value.proseLike();
        return from || strong ? behindNumber ? 85 : 60 : 30;
    }

    /** Whether it is talked about: a query in backticks, in quotes, or handed to a function. */
    private boolean quoted(int i) {
        if (value.type(i - 1) != QUOTE) {
            return false;
        }
        boolean shown =
                value.type(i - 2) == WORD
                        && (value.text().at(value.start(i - 1)) == '`' || opensQuotation(i));
        boolean argument = i > 2 && value.type(i - 2) == OPEN && value.word(i - 3);
        return shown || argument || cited(i);
    }

    /** I ran "select ...": a quote that opens, behind a space, after two words. */
    private boolean opensQuotation(int i) {
        return value.type(i - 3) == WORD
                && value.start(i) == value.end(i - 1)
                && value.start(i - 1) > value.end(i - 2);
    }

    /** The note said: 'select ...' works: quotes around a query of its own, behind words. */
    private boolean cited(int i) {
        int at = value.start(i - 1);
        boolean opens =
                i > 3
                        && value.start(i) == at + 1
                        && value.text().at(at - 1) == ' '
                        && value.text().at(at - 2) == ':';
        int close = i;
        while (opens && close < value.count() && value.type(close) != QUOTE) {
            close++;
        }
        return opens
                && value.text().at(value.start(close)) == value.text().at(at)
                && (close == value.count() - 1 || value.type(close + 1) == WORD);
    }

    void orderBy(int i) {
        if (value.type(i + 1) != BY) {
            return;
        }
        int broken = value.broken(i);
        int t = value.type(i + 2);
        if (t == NUMBER || t == OPEN || t == TOOL || t == SLEEP || t == IF || t == CASE) {
            int k = i + 3;
            while (value.type(k) == COMMA || value.type(k) == NUMBER) {
                k++;
            }
            k += sorted(k) ? 1 : 0;
            boolean over = value.ends(k) || value.type(k) == HAVING && broken > 0;
            int points =
                    broken == 2
                            ? 100
                            : broken == 1 && i > 0
                                    ? 90
                                    : value.lastComment(k) && !value.proseLike() ? 80 : 30;
            if (t == SLEEP && value.type(k) == OPEN) {
                points = 90;
            }
            value.raise(over || t != NUMBER ? points : points / 2, "order-by", i, i + 3);
        } else if (broken == 2) {
            value.raise(value.proseLike() ? 30 : 80, "order-by", i, i + 3);
        } else if (broken == 1 && i > 0 && value.lastComment(i + 3)) {
            value.raise(80, "order-by", i, i + 3);
        }
    }

    /** Whether token {@code i} says in which order: ASC, DESC. */
    private boolean sorted(int i) {
        return value.type(i) == WORD
                && DIRECTIONS.code(value.text().bytes(), value.start(i), value.end(i)) != 0;
    }

    void limit(int i) {
        int broken = value.broken(i);
        if (value.type(i + 1) != NUMBER) {
            return;
        }
        int k = i + 2;
        if (value.type(k) == COMMA || value.type(k) == OFFSET) {
            k += 2;
        }
        int t = value.type(k);
        if (broken > 0 && i > 0 && (t == COMMENT || t == INTO || t == UNION || t == PROCEDURE)) {
            value.raise(80, "limit", i, k);
        } else if (broken == 2 && t == END) {
            value.raise(70, "limit", i, k);
        }
    }
}
