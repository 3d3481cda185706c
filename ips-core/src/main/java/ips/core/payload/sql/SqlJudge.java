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
 * <p>One pass over the tokens of {@link SqlTokenizer}; at each token that can begin a shape, the
 * shape is tried with bounded look-ahead: a condition behind a break-out, UNION and SELECT, a
 * stacked statement, a subquery, a call that only attacks make, a comment that cuts off the rest. A
 * shape's points grow with the break-out before it and shrink in prose: runs of words that SQL does
 * not know.
 */
@HotPath
public final class SqlJudge implements Judge {
    private static final int PROSE_RUN = 4;

    private final SqlTokenizer tokens;
    private final SqlOperands operands;
    private Judgement out;
    private int count;
    private int prose;
    private int encoded;
    private int toolCalls;
    private int depth;
    private boolean path;
    private int unmatched;

    /**
     * @param capacity the longest text, in bytes
     */
    public SqlJudge(int capacity) {
        tokens = new SqlTokenizer(capacity);
        operands = new SqlOperands(tokens);
    }

    @Override
    public void judge(Text text, PartKind part, Judgement judgement) {
        tokens.reset();
        tokens.run(text);
        out = judgement;
        count = tokens.count();
        encoded = 0;
        toolCalls = 0;
        path = part == PartKind.PATH;
        prose = proseRuns();
        depth = 0;
        unmatched = -1;
        continuation();
        for (int i = 0; i < count; i++) {
            switch (tokens.type(i)) {
                case OPEN -> depth++;
                case CLOSE -> {
                    if (--depth < 0) {
                        depth = 0;
                        unmatched = i;
                    }
                }
                case UNION -> union(i);
                case SELECT -> select(i);
                case LOGIC, PIPES -> logic(i);
                case SEMICOLON -> stacked(i);
                case COMMENT -> cutOff(i, text);
                case QUOTE -> quote(i, text);
                case WEAPON -> weapon(i);
                case SLEEP -> sleep(i);
                case TOOL, IF -> tool(i, text);
                case SCHEMA -> out.add(tokens.type(i + 1) == DOT ? 30 : 12);
                case VARIABLE -> variable(i, text);
                case ORDER, GROUP -> orderBy(i);
                case HAVING, WHERE, COMPARE -> condition(i);
                case EXECUTE, WAITFOR, DECLARE, INTO, PROCEDURE, SHUTDOWN -> clause(i, text);
                case CASE -> caseWhen(i);
                case LIMIT -> limit(i);
                case NUMBER -> {
                    if (tokens.end(i) - tokens.start(i) > 7
                            && text.bytes()[tokens.start(i) + 1] == 'x') {
                        encoded++;
                    }
                }
                default -> {}
            }
        }
        if (count > 0 && !proseLike()) {
            wholeStatement();
        }
        out.add(Math.min(30, encoded * 10));
        if (toolCalls >= 3) {
            raise(90, "encoded-calls", 0, count - 1);
        }
        if (tokens.versionComments() > 0 && judgement.score() > 0) {
            out.add(40);
        }
        if (tokens.splitWords() > 0) {
            raise(80, "split-keyword", 0, count - 1);
        }
        if (tokens.comments() > 1 && judgement.score() >= 30 && !proseLike()) {
            out.add(25);
        }
    }

    /** Bytes read so far cannot exceed a constant times the value's; for the test of that. */
    SqlTokenizer tokens() {
        return tokens;
    }

    private void raise(int points, String why, int from, int to) {
        int last = Math.min(to, count - 1);
        out.raise(points, why, tokens.start(Math.max(0, from)), tokens.end(Math.max(from, last)));
    }

    /** Runs of {@value #PROSE_RUN} and more words that SQL does not know. */
    private int proseRuns() {
        int runs = 0;
        int run = 0;
        for (int i = 0; i < count; i++) {
            int t = tokens.type(i);
            if (t == WORD) {
                if (++run == PROSE_RUN) {
                    runs++;
                }
            } else if (!(t >= UNION && run > 0)) {
                run = 0;
            }
        }
        return runs;
    }

    private boolean proseLike() {
        return prose > 0;
    }

    /**
     * 2: behind a quote or closing parenthesis, 1: behind a leading number or at the start, 0: no.
     */
    private int broken(int i) {
        int p = i - 1;
        boolean closed = false;
        while (p >= 0 && tokens.type(p) == CLOSE && i - p < 16) {
            p--;
            closed = true;
        }
        int t = tokens.type(p);
        if (p < 0) {
            return closed ? 2 : 1;
        }
        if (t == QUOTE || closed && unmatched > p) {
            return 2;
        }
        if (t == NUMBER || t == CONSTANT || t == VARIABLE) {
            int before = tokens.type(p - 1);
            boolean leading =
                    path && before == OPERATOR
                            || p == 0
                            || p == 1 && (before == OPERATOR || before == OPEN || before == QUOTE)
                            || p <= 4 && (before == OPERATOR || before == OPEN);
            return leading ? closed ? 2 : 1 : 0;
        }
        if (t == WORD && p == 0) {
            return closed ? 2 : 0;
        }
        return 0;
    }

    /** Whether nothing but closing signs and a comment follows token {@code i}. */
    private boolean ends(int i) {
        for (int k = i; k < i + 12; k++) {
            int t = tokens.type(k);
            if (t == END || t == COMMENT || t == SEMICOLON) {
                return true;
            }
            if (t != CLOSE && t != QUOTE && t != OPERATOR) {
                return false;
            }
        }
        return false;
    }

    private boolean expression(int i) {
        int t = tokens.type(i);
        return switch (t) {
            case NUMBER, CONSTANT, VARIABLE, QUOTE, OPEN, CASE -> true;
            case OPERATOR, MODIFIER, ALL ->
                    tokens.type(i + 1) != WORD || tokens.type(i + 2) == FROM;
            case TOOL, FUNCTION, SLEEP, WEAPON, IF -> tokens.type(i + 1) == OPEN;
            case WORD, NICHE, OBJECT, SCHEMA -> {
                int next = tokens.type(i + 1);
                yield next == COMMA
                        || next == FROM
                        || next == DOT
                        || next == COMMENT
                        || next == OPEN
                        || next == PIPES
                        || next == OPERATOR && tokens.type(i + 2) == NUMBER;
            }
            default -> false;
        };
    }

    private void union(int i) {
        int k = i + 1;
        while (tokens.type(k) == ALL
                || tokens.type(k) == OPEN
                || tokens.type(k) == COMMENT
                || tokens.type(k) == OPERATOR) {
            k++;
            if (k - i > 8) {
                return;
            }
        }
        boolean commented = tokens.commented(i + 1) || tokens.commented(k);
        int t = tokens.type(k);
        if (t == SELECT) {
            int next = k + 1;
            int nt = tokens.type(next);
            if (expression(next)) {
                int points =
                        proseLike() && nt == WORD ? 40 : proseLike() && broken(i) == 0 ? 70 : 100;
                raise(points, "union-select", i, next + 4);
            } else if (nt == END || nt == COMMENT) {
                raise(broken(i) > 0 || k > i + 1 ? 100 : 70, "union-select", i, k);
            } else if (!proseLike()) {
                raise(broken(i) > 0 && i > 0 ? 100 : 60, "union-select", i, k + 2);
            } else {
                raise(25, "union-select", i, k);
            }
            out.add(commented ? 40 : 0);
        } else if (t == VALUES && tokens.type(k + 1) == OPEN
                || t == OBJECT && broken(i) > 0 && i > 0 && tokens.type(k + 1) == WORD) {
            raise(broken(i) > 0 ? 100 : 60, "union-values", i, k + 1);
        } else if (commented && broken(i) > 0) {
            raise(70, "union-comment", i, k);
        } else if (k > i + 1 && broken(i) > 0 && i > 0 && t == END) {
            raise(80, "union-all", i, k);
        } else if ((t == COMMENT || t == END && tokens.commented(i)) && i > 0 && broken(i) > 0) {
            raise(80, "union-comment", i, k);
        }
    }

    private void select(int i) {
        int before = tokens.type(i - 1);
        int k = i + 1;
        while (tokens.type(k) == ALL) {
            k++;
        }
        if (tokens.type(k) == WORD && tokens.type(k + 1) == NUMBER && before == OPEN) {
            // select top 1 x
            k += 2;
        }
        if (!expression(k)) {
            return;
        }
        boolean strong = false;
        boolean from = false;
        for (int j = k; j < k + 24; j++) {
            int t = tokens.type(j);
            if (t == END) {
                break;
            }
            strong |= t == SCHEMA || t == SLEEP || t == WEAPON || t == VARIABLE || t == CASE;
            strong |= t == TOOL && tokens.type(j + 1) == OPEN;
            from |= t == FROM && tokens.type(j + 1) != END;
        }
        int points = 0;
        if (before == OPEN) {
            int outer = tokens.type(i - 2);
            boolean joined =
                    outer == OPERATOR
                            || outer == PIPES
                            || outer == LOGIC
                            || outer == COMPARE
                            || outer == COMMA
                            || outer == END
                            || outer == OPEN
                            || outer == QUOTE
                            || outer == TOOL
                            || outer == IF;
            points = from || strong ? joined ? 90 : 60 : joined ? 55 : 30;
            points +=
                    tokens.type(0) == QUOTE || broken(i - 1) == 2 || tokens.type(i - 3) == QUOTE
                            ? 20
                            : 0;
        } else if (before == QUOTE || before == CLOSE || before == OPERATOR) {
            points = from || strong ? 80 : 50;
        } else if (before == LOGIC) {
            points = from || strong ? 60 : 30;
        }
        if (proseLike()) {
            points = strong && tokens.type(0) == QUOTE ? points : points / 2;
        }
        if (points > 0) {
            raise(points, "subquery", i - 1, k + 4);
        }
    }

    private void logic(int i) {
        int broken = broken(i);
        int type = tokens.type(i);
        if (type == PIPES && broken == 0) {
            return;
        }
        if (!operands.read(i + 1)) {
            if (broken == 2 && type != PIPES && tokens.type(i + 1) == NOT) {
                raise(60, "condition", i, i + 2);
            }
            return;
        }
        int kind = operands.kind();
        int end = operands.end();
        int first = operands.first();
        int firstType = tokens.type(first);
        boolean called = kind == SqlOperands.CALLED;
        if (called && (firstType == WEAPON || firstType == SLEEP)) {
            raise(broken > 0 ? 100 : 70, "condition-call", i, end);
            return;
        }
        if (kind == SqlOperands.SUBQUERY && firstType != CASE) {
            int points = tokens.type(first + 1) == OPEN || expression(first + 1) ? 70 : 20;
            raise(points + (broken > 0 ? 30 : 0), "condition-subquery", i, end + 2);
            return;
        }
        end = arithmetic(end);
        int t = tokens.type(end);
        boolean negated = t == NOT;
        if (negated) {
            t = tokens.type(++end);
        }
        if (t == COMPARE || t == IS) {
            compared(i, broken, kind, first, end);
            return;
        }
        int points = 0;
        boolean over = ends(end);
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
            case SqlOperands.CONSTANT_VALUE -> points = continued ? 45 : 0;
            case SqlOperands.STORED -> points = continued ? 60 : 20;
            case SqlOperands.TEXT -> {
                // ' or '1 leaves the last quote to the query; "wood" or "stone" closes its own
                boolean open =
                        broken == 2
                                && i <= 4
                                && count - i <= 4
                                && tokens.type(i - 1) == QUOTE
                                && tokens.type(count - 1) != QUOTE
                                && tokens.type(count - 2) == QUOTE;
                points = open ? 40 : continued ? 15 : 0;
            }
            case SqlOperands.CALLED ->
                    points =
                            firstType == TOOL || firstType == IF
                                    ? over ? 70 : 60
                                    : continued ? 25 : 10;
            case SqlOperands.SUBQUERY -> points = 70;
            default -> points = 0;
        }
        if (type == PIPES && kind != SqlOperands.CALLED && kind != SqlOperands.SUBQUERY) {
            points -= 20;
        }
        if (points > 0) {
            boolean cut = over && (lastComment(end) || tokens.type(end) == SEMICOLON);
            points += broken == 2 ? 40 : broken == 1 && i > 0 ? 30 : broken == 1 ? 10 : 0;
            points += cut ? 30 : 0;
            if (proseLike() && broken < 2) {
                points /= 2;
            }
            raise(points, "condition", i, end);
        }
    }

    /** Past operators and further operands: 1+1, a||b, sleep(5)*1. */
    private int arithmetic(int from) {
        int end = from;
        for (int rounds = 0; rounds < 6; rounds++) {
            int t = tokens.type(end);
            if (t != OPERATOR && t != PIPES && !(t == QUOTE && tokens.type(end + 1) == COMPARE)) {
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

    private boolean lastComment(int from) {
        for (int k = from; k < from + 6; k++) {
            int t = tokens.type(k);
            if (t == COMMENT) {
                return true;
            }
            if (t == END) {
                return false;
            }
        }
        return false;
    }

    private void compared(int i, int broken, int left, int leftFirst, int at) {
        int next = at + 1;
        while (tokens.type(next) == COMPARE || tokens.type(next) == NOT) {
            next++;
        }
        if (!operands.read(next)) {
            int t = tokens.type(next);
            boolean open = t == END || t == COMMENT;
            boolean constant = left == SqlOperands.CONSTANT_VALUE || left == SqlOperands.TEXT;
            raise(
                    open && broken == 2 ? 90 : open && constant && broken > 0 ? 70 : 0,
                    "condition",
                    i,
                    next);
            return;
        }
        int right = operands.kind();
        int rightFirst = operands.first();
        int rightType = tokens.type(rightFirst);
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
            int f = tokens.type(leftFirst);
            points =
                    f == TOOL || rightType == TOOL || holdsTool(leftFirst, operands.end())
                            ? 65
                            : 45;
        } else if (left == SqlOperands.NAME && right == SqlOperands.NAME) {
            points = same(leftFirst, rightFirst) ? 70 : 20;
        } else {
            points = 35;
        }
        int end = operands.end();
        points += broken == 2 ? 40 : broken == 1 && i > 0 ? 30 : 0;
        points += lastComment(end) ? 20 : 0;
        points += broken == 2 && i <= 3 ? 10 : 0;
        if (proseLike() && broken < 2) {
            points /= 2;
        }
        raise(points, "tautology", i, end);
    }

    private boolean holdsTool(int from, int to) {
        for (int i = from; i < to; i++) {
            int t = tokens.type(i);
            if (t == TOOL && tokens.type(i + 1) == OPEN || t == SCHEMA || t == SELECT) {
                return true;
            }
        }
        return false;
    }

    /**
     * A value that is one expression from its first quote to its end: {@code aa'=0 or '1}. It reads
     * as operators and operands in turn, so prose, where words follow words, does not.
     */
    private void continuation() {
        int q = 0;
        int lead = 0;
        while (q < count && lead < 3 && tokens.type(q) != QUOTE) {
            // each segment of a path may be a value of its own
            lead = path && tokens.type(q) == OPERATOR ? 0 : lead + 1;
            q++;
        }
        if (tokens.type(q) != QUOTE || count < q + 3 || count > q + 64) {
            return;
        }
        if (lead == 2 && tokens.type(q - 2) == WORD && tokens.type(q - 1) == WORD) {
            return;
        }
        int i = q + 1;
        while (tokens.type(i) == CLOSE) {
            i++;
        }
        int joints = 0;
        int signs = 0;
        int words = 0;
        boolean ended = false;
        boolean tags = tokens.tag(q);
        while (i < count) {
            int from = i;
            int t = tokens.type(i);
            while (t == OPERATOR
                    || t == COMPARE
                    || t == LOGIC
                    || t == PIPES
                    || t == IS
                    || t == NOT
                    || t == MODIFIER) {
                signs += t == OPERATOR || t == PIPES || t == COMPARE && sign(i) ? 1 : 0;
                words += t == LOGIC || t == IS || t == NOT || t == COMPARE && !sign(i) ? 1 : 0;
                t = tokens.type(++i);
            }
            if (i == from) {
                ended = t == COMMENT || t == SEMICOLON || t == END;
                break;
            }
            joints++;
            if (tokens.type(i) == QUOTE && i >= count - 2) {
                // the quote that the query's own closes
                i = count;
                ended = true;
                break;
            }
            if (t == END || t == COMMENT) {
                ended = joints > 1;
                break;
            }
            if (!operands.read(i) || operands.end() <= i) {
                return;
            }
            i = operands.end();
        }
        ended |= i >= count;
        if (!ended || joints == 0) {
            return;
        }
        int points;
        if (joints >= 2) {
            boolean comparison = false;
            for (int k = q; k < count; k++) {
                int t = tokens.type(k);
                comparison |= t == COMPARE || t == LOGIC || t == PIPES || t == TOOL;
            }
            points = signs > 0 && comparison && !tags ? 95 : words >= 3 ? 60 : 40;
        } else if (words > 0) {
            points = signs > 0 || q > 0 && tokens.type(count - 2) == QUOTE ? 60 : 45;
            points = tokens.type(q + 1) == NOT ? 85 : points;
            if (lead == 1
                    && count <= 8
                    && tokens.type(count - 2) == QUOTE
                    && tokens.type(count - 1) != QUOTE) {
                points = 85;
            }
        } else {
            int last = tokens.type(count - 2);
            points = last == QUOTE && lead == 1 && tokens.type(count - 1) != WORD ? 80 : 45;
        }
        boolean open =
                tokens.type(count - 2) == QUOTE && tokens.type(count - 1) != QUOTE
                        || tokens.type(count - 1) == QUOTE
                                && (tokens.type(count - 2) == OPERATOR
                                        || tokens.type(count - 2) == COMPARE);
        if (joints >= 2 && lead == 1 && open && !tags) {
            points = Math.max(points, 85);
        }
        raise(points, "continued-expression", q, count - 1);
    }

    /** Whether a comparison is written with signs, not a word. */
    private boolean sign(int i) {
        return tokens.end(i) - tokens.start(i) <= 2 && !tokens.word(i);
    }

    private boolean same(int a, int b) {
        return tokens.end(a) - tokens.start(a) == tokens.end(b) - tokens.start(b)
                && tokens.type(a) == tokens.type(b);
    }

    private void stacked(int i) {
        int k = i + 1;
        while (tokens.type(k) == SEMICOLON || tokens.type(k) == OPEN || tokens.type(k) == QUOTE) {
            k++;
            if (k - i > 8) {
                return;
            }
        }
        int points = statement(k);
        if (points > 0) {
            boolean broken = broken(i) > 0;
            points += broken ? 15 : 0;
            raise(proseLike() && !broken ? points / 2 : points, "stacked-statement", i, k + 4);
        } else if (broken(i) == 2 && ends(i + 1) && lastComment(i + 1)) {
            raise(80, "statement-end", i, i + 2);
        }
    }

    /** Points for a statement that begins at token {@code k}. */
    private int statement(int k) {
        int a = tokens.type(k + 1);
        int b = tokens.type(k + 2);
        return switch (tokens.type(k)) {
            case SELECT -> expression(k + 1) ? 90 : 0;
            case INSERT -> a == INTO ? 90 : 0;
            case UPDATE -> (a == WORD || a == OBJECT) && (b == SET || b == DOT) ? 90 : 0;
            case DELETE -> a == FROM || a == WORD && b == FROM ? 90 : 0;
            case DROP -> a == OBJECT || a == PROCEDURE || a == WORD && ends(k + 2) ? 90 : 0;
            case CREATE ->
                    a == OBJECT || a == PROCEDURE || a == LOGIC || a == WORD && b == OBJECT
                            ? 85
                            : 0;
            case EXECUTE -> a == WEAPON || a == OPEN || a == WORD || a == VARIABLE ? 90 : 0;
            case CALL -> a == WEAPON || a == WORD && b == OPEN || a == WORD && b == DOT ? 90 : 0;
            case DECLARE -> a == VARIABLE || a == WORD ? 90 : 0;
            case WAITFOR -> a == DELAY ? 100 : 0;
            case SHUTDOWN -> ends(k + 1) || a == WORD && ends(k + 2) ? 80 : 0;
            case GRANT -> a == ALL || a == SELECT || a == WORD ? 60 : 0;
            case LOAD -> a == WORD ? 65 : 0;
            case COPY -> a == WORD && (b == FROM || b == TO) || a == OPEN ? 80 : 0;
            case SLEEP, WEAPON -> a == OPEN ? 80 : 0;
            case IF ->
                    a == NUMBER && b == COMPARE
                                    || a == OPEN && (b == SELECT || b == OPEN || b == NUMBER)
                            ? 70
                            : 0;
            case SET -> a == VARIABLE ? 80 : 0;
            default -> 0;
        };
    }

    private void wholeStatement() {
        int k = 0;
        while (tokens.type(k) == OPEN) {
            k++;
        }
        int points = statement(k);
        if (points > 0) {
            boolean finished =
                    tokens.type(count - 1) == COMMENT || tokens.type(count - 1) == SEMICOLON;
            int t = tokens.type(k);
            boolean from = false;
            for (int j = k; j < count && j < k + 64; j++) {
                from |=
                        tokens.type(j) == FROM
                                || tokens.type(j) == VARIABLE
                                || tokens.type(j) == SCHEMA;
            }
            boolean worse =
                    t == EXECUTE || t == WAITFOR || t == DECLARE || t == DROP || t == SHUTDOWN;
            boolean named = true;
            for (int j = k + 1; j < k + 16 && j < count && tokens.type(j) != FROM; j++) {
                int type = tokens.type(j);
                named &=
                        type == WORD
                                || type == ALL
                                || type == COMMA
                                || type == DOT
                                || type == QUOTE
                                || type == OPERATOR
                                || type >= TOOL && tokens.type(j + 1) != OPEN;
            }
            raise(
                    (worse ? 75 : from ? named ? 60 : 80 : 45) + (finished ? 20 : 0),
                    "statement",
                    k,
                    k + 4);
        }
    }

    private void cutOff(int i, Text text) {
        boolean last = i >= count - 2 || tokens.type(i + 1) == END;
        boolean few = last || i >= count - 4 && !proseLike() && tokens.type(count - 1) != WORD;
        if (!few || i == 0) {
            return;
        }
        int broken = broken(i);
        int t = tokens.type(i - 1);
        int length = text.length();
        if (t == QUOTE) {
            boolean bare = text.bytes()[tokens.start(i)] != '#' || i == count - 1;
            raise(bare ? i <= 6 && length < 64 ? 100 : 60 : 40, "comment-out", i - 1, i);
        } else if (t == CLOSE && !proseLike()) {
            boolean keyword = false;
            for (int k = 0; k < i && k < 24; k++) {
                int type = tokens.type(k);
                keyword |=
                        type == OPERATOR && count < 14 && text.find("'", 0, length) >= 0
                                || type == SELECT
                                || type == MODIFIER
                                || type == LOGIC
                                || type == COMPARE;
            }
            raise(keyword && !proseLike() ? 85 : 60, "comment-out", i - 1, i);
        } else if (t == SEMICOLON) {
            raise(i <= 4 ? 70 : 40, "comment-out", i - 1, i);
        } else if (t == NUMBER && i == 1 && i == count - 1) {
            raise(45, "comment-out", 0, i);
        } else if (broken == 1 && t == NUMBER) {
            raise(40, "comment-out", 0, i);
        }
    }

    /** A quote joined by an operator to what the query holds on its other side. */
    private void quote(int i, Text text) {
        int t = tokens.type(i + 1);
        boolean firstQuote = i <= 2;
        if (t == COMPARE && firstQuote) {
            int next = tokens.type(i + 2);
            boolean short_ = count - i <= 6;
            if (next == QUOTE && short_) {
                raise(i == 0 || i == 1 ? 90 : 50, "quote-compare", i, i + 2);
            } else if (next == NUMBER && ends(i + 3) && count - i <= 6) {
                raise(50, "quote-compare", i, i + 2);
            }
        } else if ((t == OPERATOR || t == PIPES) && firstQuote) {
            int next = tokens.type(i + 2);
            int last = tokens.type(count - 1);
            boolean wrapped = last == QUOTE && count - 1 > i + 1;
            if (next == QUOTE && count <= i + 4) {
                raise(i == 0 ? 85 : 50, "quote-operator", i, i + 2);
            } else if (wrapped && count - i <= 8 && (next == NUMBER || next == OPEN)) {
                raise(50, "quote-operator", i, i + 2);
            } else if (next == OPEN && tokens.type(i + 3) == SELECT) {
                raise(90, "quote-subquery", i, i + 4);
            } else if (next == NUMBER && tokens.type(i + 3) == COMPARE) {
                raise(60, "quote-operator", i, i + 3);
            }
        } else if (t == COMMA && firstQuote && i == 0) {
            int next = tokens.type(i + 2);
            if (next == OPEN && tokens.type(i + 3) == SELECT) {
                raise(90, "quote-subquery", i, i + 4);
            }
        }
    }

    private void weapon(int i) {
        int t = tokens.type(i + 1);
        boolean call = t == OPEN || t == DOT;
        int broken = broken(i);
        boolean statement = tokens.type(i - 1) == EXECUTE || tokens.type(i - 1) == DOT;
        if (call) {
            int before = tokens.type(i - 1);
            boolean joined =
                    before == OPERATOR
                            || before == COMPARE
                            || before == OPEN
                            || before == COMMA
                            || before == LOGIC
                            || before == SELECT;
            int points = joined || broken > 0 ? 100 : 85;
            raise(proseLike() ? points / 2 : points, "attack-function", i, i + 3);
        } else if (statement) {
            raise(100, "attack-procedure", i - 1, i);
        } else {
            out.add(30);
        }
    }

    private void sleep(int i) {
        if (tokens.type(i + 1) != OPEN) {
            return;
        }
        int before = tokens.type(i - 1);
        int argument = tokens.type(i + 2);
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
                        || before == END;
        int points =
                joined ? before == END && i == 0 ? 60 : 90 : before == CLOSE && i < 6 ? 80 : 20;
        raise(proseLike() && before != LOGIC ? points / 2 : points, "time-function", i, i + 3);
    }

    private void tool(int i, Text text) {
        if (tokens.type(i + 1) != OPEN) {
            return;
        }
        int before = tokens.type(i - 1);
        int argument = tokens.type(i + 2);
        boolean code = tokens.end(i) - tokens.start(i) <= 4 && text.bytes()[tokens.start(i)] == 'c';
        if (code && argument == NUMBER && tokens.type(i + 3) == CLOSE) {
            int joint = tokens.type(i + 4);
            toolCalls +=
                    joint == PIPES || joint == OPERATOR || joint == COMMA || joint == TOOL ? 1 : 0;
        }
        if (argument == OPEN && tokens.type(i + 3) == SELECT || argument == SELECT) {
            raise(80, "nested-subquery", i, i + 4);
        } else if (argument == NUMBER
                && tokens.type(i + 3) == COMPARE
                && tokens.type(i + 4) == NUMBER
                && !proseLike()) {
            raise(80, "conditional-call", i, i + 5);
        } else if (argument == TOOL && tokens.type(i + 3) == OPEN && !proseLike()) {
            out.add(15);
        }
        boolean joined =
                before == COMPARE
                        || before == COMMA
                        || before == OPERATOR
                        || before == PIPES
                        || before == SELECT;
        if (joined && !proseLike()) {
            out.add(argument == CLOSE ? 10 : 6);
        }
        if (before == QUOTE && i == 1 || before == END && i == 0) {
            out.add(8);
        }
    }

    private void variable(int i, Text text) {
        if (tokens.end(i) - tokens.start(i) > 4 && text.bytes()[tokens.start(i) + 1] == '@') {
            int before = tokens.type(i - 1);
            raise(
                    proseLike()
                            ? 35
                            : before == COMMA
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

    private void orderBy(int i) {
        if (tokens.type(i + 1) != BY) {
            return;
        }
        int broken = broken(i);
        int t = tokens.type(i + 2);
        if (t == NUMBER || t == OPEN || t == TOOL || t == SLEEP || t == IF || t == CASE) {
            int k = i + 3;
            while (tokens.type(k) == COMMA || tokens.type(k) == NUMBER) {
                k++;
            }
            boolean over = ends(k);
            int points =
                    broken == 2
                            ? 100
                            : broken == 1 && i > 0 ? 90 : lastComment(k) && !proseLike() ? 80 : 30;
            raise(over || t != NUMBER ? points : points / 2, "order-by", i, i + 3);
        } else if (broken == 2) {
            raise(proseLike() ? 30 : 80, "order-by", i, i + 3);
        } else if (broken == 1 && i > 0 && lastComment(i + 3)) {
            raise(80, "order-by", i, i + 3);
        }
    }

    private void condition(int i) {
        int broken = broken(i);
        int type = tokens.type(i);
        if (broken == 0 && type != HAVING || broken == 1 && type == COMPARE && i == 0) {
            return;
        }
        if (!operands.read(i + 1)) {
            return;
        }
        int kind = operands.kind();
        int first = operands.first();
        int f = tokens.type(first);
        int at = operands.end();
        if (type == COMPARE) {
            // 1 = sleep(5), ' like (select ...), 1 in (select ...)
            if (kind == SqlOperands.SUBQUERY && f == SELECT && expression(first + 1)) {
                raise(90, "compare-subquery", i, at + 2);
            } else if (kind == SqlOperands.CALLED && (f == SLEEP || f == WEAPON)) {
                raise(100, "compare-call", i, at);
            }
            return;
        }
        int t = tokens.type(at);
        if (t == COMPARE && operands.read(at + 1)) {
            boolean constant = kind == SqlOperands.CONSTANT_VALUE || kind == SqlOperands.TEXT;
            boolean other =
                    operands.kind() == SqlOperands.CONSTANT_VALUE
                            || operands.kind() == SqlOperands.TEXT;
            int points = constant && other ? 90 : 40;
            points += broken == 2 ? 40 : 0;
            raise(proseLike() && broken < 2 ? points / 2 : points, "condition", i, operands.end());
        } else if (kind == SqlOperands.CALLED && (f == SLEEP || f == WEAPON)) {
            raise(100, "condition-call", i, at);
        }
    }

    private void clause(int i, Text text) {
        int a = tokens.type(i + 1);
        int b = tokens.type(i + 2);
        switch (tokens.type(i)) {
            case WAITFOR -> {
                if (a == DELAY && (b == QUOTE || b == NUMBER || b == END || b == VARIABLE)) {
                    raise(100, "waitfor-delay", i, i + 3);
                }
            }
            case DECLARE -> {
                if (a == VARIABLE) {
                    raise(broken(i) > 0 ? 90 : 60, "declare", i, i + 3);
                }
            }
            case EXECUTE -> {
                if (a == WEAPON || a == WORD && b == DOT && tokens.type(i + 3) == DOT) {
                    raise(100, "execute", i, i + 3);
                } else if (a == OPEN && b == VARIABLE) {
                    raise(90, "execute", i, i + 3);
                }
            }
            case INTO -> {
                if (a == OUTFILE) {
                    raise(
                            b == QUOTE || b == OPEN || b == NUMBER || b == TOOL
                                    ? 100
                                    : b == END || broken(i) > 0 ? 80 : 20,
                            "into-outfile",
                            i,
                            i + 2);
                } else if (a == VARIABLE && broken(i) > 0) {
                    raise(60, "into-variable", i, i + 2);
                }
            }
            case PROCEDURE -> {
                if (a == ANALYSE) {
                    raise(b == OPEN ? 100 : 60, "procedure-analyse", i, i + 3);
                }
            }
            case SHUTDOWN -> {
                if (broken(i) == 2 && ends(i + 1)) {
                    raise(90, "shutdown", i, i + 1);
                }
            }
            default -> {}
        }
    }

    private void caseWhen(int i) {
        if (tokens.type(i + 1) != WHEN) {
            return;
        }
        int before = tokens.type(i - 1);
        boolean tested = operands.read(i + 2);
        boolean constant = tested && operands.kind() != SqlOperands.NAME;
        if (constant
                && (before == OPEN
                        || before == SELECT
                        || before == OPERATOR
                        || before == COMPARE
                        || before == COMMA)) {
            raise(proseLike() ? 50 : 85, "case-when", i, i + 4);
        }
    }

    private void limit(int i) {
        int broken = broken(i);
        if (tokens.type(i + 1) != NUMBER) {
            return;
        }
        int k = i + 2;
        if (tokens.type(k) == COMMA || tokens.type(k) == OFFSET) {
            k += 2;
        }
        int t = tokens.type(k);
        if (broken > 0 && i > 0 && (t == COMMENT || t == INTO || t == UNION || t == PROCEDURE)) {
            raise(80, "limit", i, k);
        } else if (broken == 2 && t == END) {
            raise(70, "limit", i, k);
        }
    }
}
