package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Statements: a second one behind a semicolon, a value that is one, clauses that reach the system.
 */
@HotPath
final class SqlStatements {
    private static final Words DECLARED =
            Words.of(
                    "cursor handler condition exception record table int integer bigint smallint"
                            + " tinyint number numeric decimal float real char nchar varchar"
                            + " nvarchar varchar2 text date datetime timestamp boolean");

    /** What else may follow a semicolon, and behind it, what it is about. */
    private static final Words VERBS =
            Words.builder()
                    .add(1, "flush")
                    .add(2, "use")
                    .add(3, "pragma dbcc")
                    .add(4, "bulk")
                    .add(5, "do")
                    .add(6, "prepare")
                    .add(7, "explain")
                    .add(8, "lock")
                    .add(9, "commit rollback checkpoint vacuum")
                    .build();

    /** How far behind COPY its program is looked for. */
    private static final int LONGEST_REACH = 400;

    /** With what else files of SQL begin. */
    private static final Words SCRIPTED = Words.of("begin start use with pragma");

    private static final Words OBJECTS =
            Words.builder()
                    .add(1, "privileges hosts logs status tables")
                    .add(2, "mysql master msdb tempdb information_schema")
                    .build();

    private final SqlValue value;

    SqlStatements(SqlValue value) {
        this.value = value;
    }

    void stacked(int i) {
        int k = i + 1;
        while (value.type(k) == SEMICOLON || value.type(k) == OPEN || value.type(k) == QUOTE) {
            k++;
            if (k - i > 8) {
                return;
            }
        }
        int points = statement(k);
        if (points > 0) {
            boolean listed = value.newLine(i, k) && !reaches(k) && script();
            boolean broken = value.broken(i) > 0 && !listed;
            points += broken ? 15 : 0;
            if (listed
                    || !broken && !value.parameter() && value.lines() > 2 && value.newLine(i, k)) {
                // a script that somebody shows, a statement a line
                points = Math.min(points, 60);
            }
            value.raise(
                    value.proseLike() && !broken ? points / 2 : points,
                    "stacked-statement",
                    i,
                    k + 4);
        } else if (value.broken(i) == 2
                && value.ends(i + 1)
                && value.lastComment(i + 1)
                && value.count() - i < 10) {
            value.raise(80, "statement-end", i, i + 2);
        } else if (value.type(i - 1) == QUOTE
                && i <= 4
                && value.count() - i <= 16
                && !value.proseLike()
                && value.type(value.count() - 1) == COMMENT
                && value.type(value.count() - 2) == SEMICOLON) {
            // whatever stands between: x'; vacuum; --
            value.raise(85, "statement-end", i, value.count() - 1);
        }
    }

    /** Whether a body holds statements from its first token on, as a file of SQL does. */
    private boolean script() {
        int last = value.count() - 1;
        int begin = 0;
        while (value.type(begin) == COMMENT && value.newLine(begin, begin + 1)) {
            begin++;
        }
        if (value.parameter()
                || value.lines() <= 0
                || !begins(begin)
                || value.type(last) == COMMENT && !value.newLine(last - 1, last)) {
            return false;
        }
        boolean whole = statement(begin) > 0;
        int more = 0;
        for (int k = 1; k < last && more < 2; k++) {
            if (value.type(k) == SEMICOLON) {
                if (!whole && value.broken(k) > 0) {
                    return false;
                }
                whole = true;
                more += begins(k + 1) ? 1 : 0;
            }
        }
        return more == 2;
    }

    private boolean begins(int k) {
        return statement(k) > 0
                || SCRIPTED.code(value.text().bytes(), value.start(k), value.end(k)) != 0
                || value.type(k) == ADMINISTER
                || value.type(k) == SET;
    }

    /**
     * Whether the statement at token {@code k} reaches the system or its users, whatever it is in.
     */
    private boolean reaches(int k) {
        int t = value.type(k);
        Text text = value.text();
        int from = value.start(k);
        int to = Math.min(text.length(), from + LONGEST_REACH);
        boolean administers = t == CREATE || t == ADMINISTER || t == GRANT;
        return t == SHUTDOWN
                || t == WAITFOR
                || t == COPY && text.find("program", from, to) > 0
                || text.startsWith("attach", from)
                || administers
                        && (text.startsWith("user", value.start(k + 1))
                                || text.startsWith("login", value.start(k + 1))
                                || text.startsWith("role", value.start(k + 1)));
    }

    /** Points for a statement that begins at token {@code k}. */
    private int statement(int k) {
        int a = value.type(k + 1);
        int b = value.type(k + 2);
        return switch (value.type(k)) {
            case SELECT -> value.expression(k + 1) ? 90 : 0;
            // insert into select, delete from where: what somebody asks about
            case INSERT -> a == INTO && b != SELECT ? 90 : 0;
            case UPDATE ->
                    (a == WORD || a == OBJECT) && (b == SET || b == DOT && value.type(k + 4) == SET)
                            ? 90
                            : 0;
            case DELETE -> a == FROM && b != WHERE || a == WORD && b == FROM ? 90 : 0;
            case DROP -> {
                boolean named = a == WORD && value.ends(k + 2);
                yield a == OBJECT || a == PROCEDURE || named && value.lastComment(k + 2)
                        ? 90
                        : named ? 45 : 0;
            }
            case ADMINISTER ->
                    a == OBJECT || value.type(k + 3) == TO ? 90 : value.ends(k + 1) ? 65 : 0;
            case ANALYSE -> a == OBJECT ? 80 : 0;
            case HANDLER -> a == WORD && (b == WORD || b == SEMICOLON) ? 80 : 0;
            case CREATE ->
                    a == OBJECT || a == PROCEDURE || a == LOGIC || a == WORD && b == OBJECT
                            ? 85
                            : 0;
            case EXECUTE -> {
                boolean called = a == OPEN && (b == QUOTE || b == VARIABLE || b >= TOOL);
                yield a == WEAPON || called || a == VARIABLE || procedure(k + 1) ? 90 : 0;
            }
            case CALL -> a == WEAPON || a == WORD && b == OPEN || a == WORD && b == DOT ? 90 : 0;
            case DECLARE -> a == VARIABLE || a == WORD && declares(k + 2) ? 90 : 0;
            case WAITFOR -> a == DELAY ? 100 : 0;
            case SHUTDOWN -> {
                boolean with = a == WORD && (value.ends(k + 2) || b == WORD && value.ends(k + 3));
                yield value.ends(k + 1) || with ? 80 : 0;
            }
            case GRANT -> granted(k) ? 90 : a == ALL ? 70 : a == SELECT || a == WORD ? 60 : 0;
            case LOAD -> a == WORD ? 65 : 0;
            case COPY -> {
                boolean columns = b == OPEN && value.type(k + 5) == FROM;
                yield a == WORD && (b == FROM || b == TO || columns) || a == OPEN ? 80 : 0;
            }
            case SLEEP, WEAPON -> a == OPEN ? 80 : 0;
            case IF ->
                    (a == NUMBER || a == TOOL || a == NICHE) && b == COMPARE
                                    || a == TOOL && b == OPEN
                                    || a == EXISTS && b == OPEN
                                    || a == OPEN && (b == SELECT || b == OPEN || b == NUMBER)
                            ? 70
                            : 0;
            case SET ->
                    a == VARIABLE || a == WORD && b == WORD && value.type(k + 3) == COMPARE
                            ? 80
                            : 0;
            case WORD -> verb(k, a);
            default -> 0;
        };
    }

    /** Points for a statement that only some databases know, by its verb and what that is about. */
    private int verb(int k, int a) {
        byte[] b = value.text().bytes();
        int verb = VERBS.code(b, value.start(k), value.end(k));
        boolean about =
                switch (verb) {
                    case 1, 2 -> OBJECTS.code(b, value.start(k + 1), value.end(k + 1)) == verb;
                    case 3 -> a == WORD && value.type(k + 2) != WORD;
                    case 4 -> a == INSERT;
                    case 5 -> a == SLEEP || value.text().startsWith("$$", value.end(k) + 1);
                    case 6 -> a == WORD && value.type(k + 2) == FROM;
                    case 7 -> a == SELECT;
                    case 8 -> a == OBJECT && value.type(k + 2) == WORD;
                    default -> false;
                };
        // a statement that is one word must follow what was left
        return verb == 9 && value.ends(k + 1) ? 65 : about ? 80 : 0;
    }

    /** {@code grant create session to name}, {@code grant connect to name;}. */
    private boolean granted(int k) {
        int a = value.type(k + 1);
        boolean right = a == CREATE || a == SELECT || a == INSERT || a == UPDATE || a == EXECUTE;
        for (int j = k + 2; j < k + 8; j++) {
            if (value.type(j) == TO) {
                return right || j == k + 2 && value.type(j + 2) == SEMICOLON;
            }
        }
        return false;
    }

    /** Whether token {@code i} says what a name is declared as. */
    private boolean declares(int i) {
        return value.type(i) != END
                && DECLARED.code(value.text().bytes(), value.start(i), value.end(i)) != 0;
    }

    /** A name that EXEC may call: a path, an underscore in it, or nothing but arguments behind. */
    private boolean procedure(int i) {
        if (value.type(i) != WORD) {
            return false;
        }
        int next = value.type(i + 1);
        return next != WORD && next < UNION
                || value.text().find("_", value.start(i), value.end(i)) >= 0;
    }

    /** A value that is a statement from its first token on. */
    void wholeStatement() {
        int k = 0;
        while (value.type(k) == OPEN) {
            k++;
        }
        int points = statement(k);
        int type = value.type(k);
        boolean schema =
                type == DROP
                        || type == CREATE
                        || type == ADMINISTER && !reaches(k)
                        || type == GRANT && value.text().startsWith("revoke", value.start(k));
        if (points == 0 || schema && !value.parameter() && value.lines() > 1) {
            // a script of a schema that somebody shows
            return;
        }
        boolean grave = grave(type, points);
        int whole = grave ? 75 : !reads(k) ? 45 : onlyNames(k) ? 60 : 80;
        int last = value.type(value.count() - 1);
        whole += last == COMMENT || last == SEMICOLON ? 20 : 0;
        boolean shown = changes(type) && !value.parameter();
        int least = certain(k, points) ? 85 : grave && type == GRANT ? 80 : 0;
        value.raise(Math.max(least, shown ? Math.min(whole, 75) : whole), "statement", k, k + 4);
    }

    private static boolean changes(int type) {
        return type == INSERT || type == UPDATE || type == DELETE;
    }

    /** Whether a statement does more than read or change rows. */
    private static boolean grave(int type, int points) {
        return type == EXECUTE
                || type == WAITFOR
                || type == DECLARE
                || type == DROP
                || type == SHUTDOWN
                || type == GRANT && points == 90;
    }

    /** Whether the statement at token {@code k} names a table or a variable to read from. */
    private boolean reads(int k) {
        for (int j = k; j < value.count() && j < k + 64; j++) {
            int type = value.type(j);
            boolean variable = type == VARIABLE && value.start(j) > value.end(j - 1);
            if (type == FROM || type == SCHEMA || variable) {
                return true;
            }
        }
        return false;
    }

    /** Whether a query asks for columns by their names, as people do who show one. */
    private boolean onlyNames(int k) {
        for (int j = k + 1; j < k + 16 && j < value.count() && value.type(j) != FROM; j++) {
            int type = value.type(j);
            boolean name =
                    type == WORD
                            || type == OBJECT
                            || type == ALL
                            || type == COMMA
                            || type == DOT
                            || type == QUOTE
                            || type == OPERATOR
                            || type >= TOOL && value.type(j + 1) != OPEN;
            if (!name) {
                return false;
            }
        }
        return true;
    }

    /** Whether the statement at token {@code k} is one that nobody sends for an honest reason. */
    private boolean certain(int k, int points) {
        int type = value.type(k);
        boolean accounts = type == INSERT && value.type(k + 3) == DOT && system(k + 2);
        return type == EXECUTE && assembled(k)
                || accounts
                || type == INSERT && spelled(k)
                || type == SELECT && value.parameter() && (ofCatalogue(k) || ofPasswords(k))
                || changes(type) && value.parameter() && points >= 85 && complete(k);
    }

    /** {@code exec('dr'+'op ...')}: a statement put together from strings. */
    private boolean assembled(int k) {
        return value.type(k + 2) == QUOTE
                && value.type(k + 4) == QUOTE
                && (value.type(k + 5) == OPERATOR || value.type(k + 5) == QUOTE);
    }

    /** Whether a query reads a table of the server's own. */
    private boolean ofCatalogue(int k) {
        for (int j = k + 1; j < k + 32 && j < value.count(); j++) {
            boolean own = value.type(j + 2) == DOT && system(j + 1);
            if (value.type(j) == FROM && (value.type(j + 1) == SCHEMA || own)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a query asks for a column of passwords. */
    private boolean ofPasswords(int k) {
        for (int j = k + 1; j < k + 16 && j < value.count(); j++) {
            if (value.type(j) == FROM) {
                return value.text().find("passw", value.start(k), value.start(j)) > 0;
            }
        }
        return false;
    }

    /** {@code values(char(0x70)+char(0x65), ...)}: values spelled letter by letter. */
    private boolean spelled(int k) {
        for (int j = k + 3; j < k + 40 && j < value.count(); j++) {
            if (value.type(j) == TOOL
                    && value.type(j + 1) == OPEN
                    && value.type(j + 2) == NUMBER
                    && value.type(j + 3) == CLOSE
                    && value.type(j + 4) == OPERATOR
                    && value.type(j + 5) == TOOL) {
                return true;
            }
        }
        return false;
    }

    /** Whether token {@code i} names a database of the server's own. */
    private boolean system(int i) {
        return OBJECTS.code(value.text().bytes(), value.start(i), value.end(i)) == 2;
    }

    /**
     * Whether a statement that changes rows names which, or their values. In a body people may talk
     * about it, and queries are sent to services that read such a language; changes are not.
     */
    private boolean complete(int k) {
        for (int j = k + 2; j < k + 32 && j < value.count(); j++) {
            int t = value.type(j);
            if (t == VALUES && value.type(j + 1) == OPEN
                    || (t == WHERE || t == SET)
                            && (value.type(j + 2) == COMPARE || value.type(j + 2) == IS)) {
                return true;
            }
        }
        return false;
    }

    void clause(int i) {
        int a = value.type(i + 1);
        int b = value.type(i + 2);
        switch (value.type(i)) {
            case WAITFOR -> {
                if (a == DELAY && (b == QUOTE || b == NUMBER || b == END || b == VARIABLE)) {
                    value.raise(100, "waitfor-delay", i, i + 3);
                }
            }
            case DECLARE -> {
                if (a == VARIABLE) {
                    value.raise(value.broken(i) > 0 ? 90 : 60, "declare", i, i + 3);
                }
            }
            case EXECUTE -> {
                if (a == WEAPON || a == WORD && b == DOT && value.type(i + 3) == DOT) {
                    value.raise(100, "execute", i, i + 3);
                } else if (a == OPEN && b == VARIABLE) {
                    value.raise(90, "execute", i, i + 3);
                }
            }
            case INTO -> {
                if (a == OUTFILE) {
                    value.raise(
                            b == QUOTE || b == OPEN || b == NUMBER || b == TOOL
                                    ? 100
                                    : b == END || value.broken(i) > 0 ? 80 : 20,
                            "into-outfile",
                            i,
                            i + 2);
                } else if (a == VARIABLE && value.broken(i) > 0) {
                    value.raise(i > 0 ? 85 : 60, "into-variable", i, i + 2);
                }
            }
            case PROCEDURE -> {
                if (a == ANALYSE) {
                    value.raise(b == OPEN ? 100 : 60, "procedure-analyse", i, i + 3);
                }
            }
            case SHUTDOWN -> {
                if (value.broken(i) == 2 && value.ends(i + 1)) {
                    value.raise(90, "shutdown", i, i + 1);
                }
            }
            default -> {}
        }
    }
}
