package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/** Calls of functions and variables: those that only attacks use, and those they are fond of. */
@HotPath
final class SqlCalls {
    private final SqlValue value;

    /** Calls of char() and its kin that are joined to the next. */
    private int toolCalls;

    private int hexNumbers;

    SqlCalls(SqlValue value) {
        this.value = value;
    }

    void weapon(int i) {
        int t = value.type(i + 1);
        boolean call = t == OPEN || t == DOT;
        int broken = value.broken(i);
        boolean statement = value.type(i - 1) == EXECUTE || value.type(i - 1) == DOT;
        if (call && method(i)) {
            value.add(10);
        } else if (call) {
            int before = value.type(i - 1);
            boolean joined =
                    before == OPERATOR
                            || before == COMPARE
                            || before == OPEN
                            || before == COMMA
                            || before == LOGIC
                            || before == SELECT;
            int points = joined || broken > 0 ? 100 : 85;
            value.raise(value.proseLike() ? points / 2 : points, "attack-function", i, i + 3);
        } else if (statement) {
            value.raise(100, "attack-procedure", i - 1, i);
        } else {
            value.add(30);
        }
    }

    /**
     * Whether the name at token {@code i} is a member of an object, as in {@code loader.load_file(}
     * or {@code ->load_file(}; names of SQL have a package or a schema before them.
     */
    private boolean method(int i) {
        Text text = value.text();
        int at = value.start(i);
        boolean file = text.startsWith("load_file", at);
        return file
                && (text.at(at - 1) == '.'
                        || text.startsWith("->", at - 2)
                        || text.startsWith("def ", at - 4));
    }

    void sleep(int i) {
        if (value.type(i + 1) != OPEN) {
            return;
        }
        int before = value.type(i - 1);
        int argument = value.type(i + 2);
        if (argument != NUMBER
                && argument != QUOTE
                && argument != OPEN
                && argument != TOOL
                && argument != IF
                && argument != SELECT) {
            return;
        }
        boolean joined =
                before == OPERATOR
                        || before == COMPARE
                        || before == COMMA
                        || before == LOGIC
                        || before == SELECT
                        || before == OPEN
                        || before == QUOTE
                        || before == PIPES
                        || before == THEN
                        || before == BY
                        || before == NUMBER && i == 1 && !spaced(i)
                        || before == END;
        int points =
                joined
                        ? before == END && i == 0 && !hidden(i + 4) ? 60 : 90
                        : before == CLOSE && i < 6 ? 80 : 20;
        value.raise(
                value.proseLike() && before != LOGIC ? points / 2 : points,
                "time-function",
                i,
                i + 3);
    }

    /** Whether a space stands before token {@code i}: "1 sleep(8)" is talk, 1+sleep(8) is not. */
    private boolean spaced(int i) {
        return value.text().at(value.start(i) - 1) == ' ';
    }

    /** A comment that holds a quote, behind which the value goes on in another context. */
    private boolean hidden(int i) {
        if (value.type(i) != COMMENT || value.text().at(value.start(i)) != '/') {
            return false;
        }
        int from = value.start(i);
        return value.text().find("'", from, from + 8) > 0
                || value.text().find("\"", from, from + 8) > 0;
    }

    void tool(int i) {
        if (value.type(i + 1) != OPEN) {
            return;
        }
        int before = value.type(i - 1);
        int argument = value.type(i + 2);
        boolean code =
                value.end(i) - value.start(i) <= 4 && value.text().bytes()[value.start(i)] == 'c';
        if (code && argument == NUMBER && value.type(i + 3) == CLOSE) {
            int joint = value.type(i + 4);
            toolCalls +=
                    joint == PIPES || joint == OPERATOR || joint == COMMA || joint == TOOL ? 1 : 0;
        }
        if (subquery(i + 2) || argument == OPEN && subquery(i + 3)) {
            value.raise(80, "nested-subquery", i, i + 4);
        } else if (argument == NUMBER
                && value.type(i + 3) == COMPARE
                && value.type(i + 4) == NUMBER
                && !value.proseLike()) {
            value.raise(80, "conditional-call", i, i + 5);
        } else if (argument == TOOL && value.type(i + 3) == OPEN && !value.proseLike()) {
            boolean computed = i == 3 && value.type(0) == NUMBER && value.type(1) == OPERATOR;
            if (computed && value.type(i) == IF) {
                value.raise(80, "conditional-call", 0, i + 4);
            }
            value.add(15);
        }
        boolean joined =
                before == COMPARE
                        || before == COMMA
                        || before == OPERATOR
                        || before == PIPES
                        || before == SELECT;
        if (joined && !value.proseLike()) {
            value.add(argument == CLOSE ? 10 : 6);
        }
        if (before == QUOTE && i == 1 || before == END && i == 0) {
            value.add(8);
        }
    }

    void variable(int i) {
        if (value.end(i) - value.start(i) > 4 && value.text().bytes()[value.start(i) + 1] == '@') {
            int before = value.type(i - 1);
            value.raise(
                    value.proseLike()
                            ? 35
                            : value.count() == 1
                                            || before == COMMA
                                            || before == SELECT
                                            || before == OPEN
                                            || before == COMPARE
                                    ? 80
                                    : 50,
                    "server-variable",
                    i,
                    i);
        }
    }

    private boolean subquery(int i) {
        return value.type(i) == SELECT && (value.expression(i + 1) || value.type(i + 1) == END);
    }

    void begin() {
        toolCalls = 0;
        hexNumbers = 0;
    }

    /** A string written as one hexadecimal number. */
    void number(int i) {
        if (value.end(i) - value.start(i) > 7 && value.text().bytes()[value.start(i) + 1] == 'x') {
            hexNumbers++;
        }
    }

    void end() {
        value.add(Math.min(30, hexNumbers * 10));
        if (toolCalls >= 3) {
            value.raise(90, "encoded-calls", 0, value.count() - 1);
        }
    }
}
