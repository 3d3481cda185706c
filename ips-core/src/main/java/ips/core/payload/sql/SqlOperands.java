package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;

/**
 * Reads one operand of an SQL expression from the tokens: a number, a string, a name, a call, a
 * subquery, with the parentheses, quotes and signs around it. Looks at most {@value #REACH} tokens
 * ahead.
 */
@HotPath
final class SqlOperands {
    static final int NONE = 0;
    static final int CONSTANT_VALUE = 1;
    static final int TEXT = 2;
    static final int NAME = 3;
    static final int CALLED = 4;
    static final int SUBQUERY = 5;
    static final int STORED = 6;

    private static final int REACH = 48;

    private final SqlTokenizer tokens;
    private int kind;
    private int end;
    private int first;

    SqlOperands(SqlTokenizer tokens) {
        this.tokens = tokens;
    }

    /** What the operand last read was. */
    int kind() {
        return kind;
    }

    /** The token behind it. */
    int end() {
        return end;
    }

    /** Its first token behind signs and parentheses. */
    int first() {
        return first;
    }

    /** Whether one begins at token {@code at}; tells where it ends and what it is. */
    boolean read(int at) {
        kind = NONE;
        end = at;
        int limit = at + REACH;
        int i = at;
        int quotes = 0;
        while (i < limit) {
            int t = tokens.type(i);
            boolean every = t == ALL && tokens.type(i + 1) == OPEN;
            if (t == QUOTE && quotes == 0
                    || t == OPEN
                    || t == NOT
                    || t == MODIFIER
                    || t == BRACE
                    || every) {
                quotes += t == QUOTE ? 1 : 0;
                i++;
            } else if (t == OPERATOR) {
                i++;
            } else if (escape(i)) {
                // {fn user()}
                i++;
            } else {
                break;
            }
        }
        first = i;
        int t = tokens.type(i);
        if (quotes > 0) {
            return text(i, limit);
        }
        switch (t) {
            case NUMBER, CONSTANT -> {
                kind = CONSTANT_VALUE;
                i++;
                // a row: (1,2)
                while (i < limit
                        && tokens.type(at) == OPEN
                        && tokens.type(i) == COMMA
                        && tokens.type(i + 1) == NUMBER) {
                    i += 2;
                }
            }
            case VARIABLE -> {
                kind = STORED;
                i++;
                while (tokens.type(i) == DOT && i < limit) {
                    i += 2;
                }
            }
            case SELECT, CASE, EXISTS -> {
                if (t == CASE && !when(i) || t == EXISTS && tokens.type(i + 1) > OPEN) {
                    // in case of, if it exists
                    return false;
                }
                kind = SUBQUERY;
                end = i + 1;
                return true;
            }
            case WEAPON, SLEEP, TOOL, FUNCTION, WORD, NICHE, IF, SCHEMA, OBJECT, DELAY, INSERT -> {
                i = name(i, limit);
            }
            default -> {
                return false;
            }
        }
        end = closing(i, limit);
        return true;
    }

    /** Whether token {@code i} names an escape of ODBC, which means nothing by itself. */
    private boolean escape(int i) {
        int next = tokens.type(i + 1);
        return tokens.type(i) == WORD
                && tokens.type(i - 1) == BRACE
                && tokens.end(i) - tokens.start(i) <= 2
                && tokens.start(i + 1) > tokens.end(i)
                && (next == NUMBER || next >= SCHEMA || next == OBJECT);
    }

    /** Whether a CASE is SQL's: a WHEN follows, behind one operand at most. */
    private boolean when(int at) {
        for (int i = at + 1; i < at + 12; i++) {
            int t = tokens.type(i);
            if (t == WHEN || t == END) {
                return t == WHEN;
            }
        }
        return false;
    }

    /** A string whose quote is open: up to the next quote, or nothing between two. */
    private boolean text(int from, int limit) {
        int i = from;
        while (i < limit && i - from < 8) {
            int t = tokens.type(i);
            if (t == QUOTE || t == END) {
                kind = TEXT;
                end = closing(t == QUOTE ? i + 1 : i, limit);
                while (end < limit && adjacent(end)) {
                    end += 3;
                }
                return true;
            }
            if (t == SELECT && i > from) {
                break;
            }
            i++;
        }
        return false;
    }

    /**
     * Whether a string of one token follows directly, as part of the one before: {@code 'a' 'b'}.
     */
    private boolean adjacent(int at) {
        return tokens.type(at) == QUOTE
                && tokens.type(at + 1) != QUOTE
                && tokens.type(at + 2) == QUOTE
                && (tokens.type(at + 3) == COMPARE || tokens.type(at + 3) == QUOTE);
    }

    private int name(int from, int limit) {
        int i = from + 1;
        while (i < limit && tokens.type(i) == DOT && tokens.type(i + 1) != END) {
            i += 2;
        }
        if (tokens.type(i) != OPEN) {
            kind = tokens.type(from) == NICHE ? STORED : NAME;
            return i;
        }
        kind = CALLED;
        int depth = 0;
        while (i < limit) {
            int t = tokens.type(i++);
            if (t == OPEN) {
                depth++;
            } else if (t == CLOSE && --depth == 0 || t == END) {
                break;
            }
        }
        return i;
    }

    private int closing(int from, int limit) {
        int i = from;
        while (i < limit && (tokens.type(i) == CLOSE || tokens.type(i) == BRACE)) {
            i++;
        }
        return i;
    }
}
