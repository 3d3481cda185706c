package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/**
 * Finds SQL injection by the structure of a value's tokens, never by a word alone.
 *
 * <p>An injected value must do three things, and each leaves a shape. It leaves the place it was
 * put into: a quote, a parenthesis, or nothing but a number ({@link SqlValue#broken}). It goes on
 * in SQL's grammar: a condition ({@link SqlConditions}), a further query ({@link SqlQueries}), a
 * statement ({@link SqlStatements}), a call ({@link SqlCalls}). And it makes peace with the rest of
 * the query: a comment ({@link SqlBreakouts}), or a quote left open ({@link SqlContinuation}).
 * English may hold the same words but not in this order, so words alone score nothing.
 *
 * <p>One pass over the tokens of {@link SqlTokenizer}; at each token that can begin a shape the
 * shape is tried with bounded look-ahead. A shape's points grow with the break-out before it and
 * shrink in prose: runs of words that SQL does not know.
 *
 * <p>After libinjection (Galbreath, Black Hat 2012), which showed that tokens decide where patterns
 * fail; unlike it this reads all contexts in one pass, looks behind the first five tokens, and
 * reads shapes instead of looking fingerprints up.
 */
@HotPath
public final class SqlJudge implements Judge {
    private final SqlValue value;
    private final SqlConditions conditions;
    private final SqlContinuation continuation;
    private final SqlBreakouts breakouts;
    private final SqlQueries queries;
    private final SqlStatements statements;
    private final SqlCalls calls;
    private final SqlWholes wholes;

    /**
     * @param capacity the longest text, in bytes
     */
    public SqlJudge(int capacity) {
        value = new SqlValue(capacity);
        conditions = new SqlConditions(value);
        continuation = new SqlContinuation(value);
        breakouts = new SqlBreakouts(value);
        queries = new SqlQueries(value);
        statements = new SqlStatements(value);
        calls = new SqlCalls(value);
        wholes = new SqlWholes(value);
    }

    @Override
    public void judge(Text text, PartKind part, Judgement judgement) {
        value.read(text, part, judgement);
        calls.begin();
        continuation.judge();
        int count = value.count();
        for (int i = 0; i < count; i++) {
            shape(i);
        }
        if (count > 0 && !value.proseLike()) {
            statements.wholeStatement();
        }
        calls.end();
        wholes.judge();
        disguises(judgement);
    }

    /** Tries the shapes that token {@code i} can begin. */
    private void shape(int i) {
        switch (value.type(i)) {
            case OPEN -> value.open();
            case CLOSE -> value.close(i);
            case UNION -> queries.union(i);
            case SELECT -> queries.select(i);
            case ORDER, GROUP -> queries.orderBy(i);
            case LIMIT -> queries.limit(i);
            case LOGIC, PIPES -> conditions.logic(i);
            case HAVING, WHERE, COMPARE -> conditions.condition(i);
            case CASE -> conditions.caseWhen(i);
            case QUOTE -> breakouts.quote(i);
            case COMMENT -> breakouts.cutOff(i);
            case SEMICOLON -> statements.stacked(i);
            case EXECUTE, WAITFOR, DECLARE, INTO, PROCEDURE, SHUTDOWN -> statements.clause(i);
            case WEAPON -> calls.weapon(i);
            case SLEEP -> calls.sleep(i);
            case TOOL, IF -> calls.tool(i);
            case VARIABLE -> calls.variable(i);
            case SCHEMA -> value.add(value.type(i + 1) == DOT ? 30 : 12);
            case NUMBER -> calls.number(i);
            default -> {}
        }
    }

    /** What nobody writes who does not hide: comments inside words, code in comments. */
    private void disguises(Judgement judgement) {
        SqlTokenizer tokens = value.tokens();
        if (tokens.versionComments() > 0 && judgement.score() > 0) {
            judgement.add(40);
        }
        if (tokens.splitWords() > 0) {
            value.raise(80, "split-keyword", 0, value.count() - 1);
        }
        if (tokens.comments() > 1 && judgement.score() >= 30 && !value.proseLike()) {
            judgement.add(25);
        }
    }
}
