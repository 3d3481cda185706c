package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * A value read as SQL tokens, with what every shape asks of it: where the value broke out of its
 * context, whether it ends here, whether it is prose. Reused for each value.
 */
@HotPath
final class SqlValue {
    private static final int PROSE_RUN = 4;

    private static final Words DIVISIONS = Words.of("div mod");

    private final SqlTokenizer tokens;
    private final SqlOperands operands;
    private Text text;
    private Judgement out;
    private int count;
    private int prose;
    private int depth;
    private int unmatched;
    private boolean path;
    private boolean parameter;
    private int lines;

    /** Quotes that end a string which the value itself began: {@code name = 'x'}. */
    private final boolean[] literal;

    SqlValue(int capacity) {
        tokens = new SqlTokenizer(capacity);
        literal = new boolean[capacity + 2];
        operands = new SqlOperands(tokens);
    }

    void read(Text value, PartKind part, Judgement judgement) {
        tokens.run(value);
        text = value;
        out = judgement;
        count = tokens.count();
        path = part == PartKind.PATH;
        parameter = !part.multiLine() && part != PartKind.REFERER;
        prose = proseRuns();
        depth = 0;
        unmatched = -1;
        lines = -1;
        literals();
    }

    /** Follows the parentheses while the tokens are passed in order. */
    void open() {
        depth++;
    }

    void close(int i) {
        if (--depth < 0) {
            depth = 0;
            unmatched = i;
        }
    }

    SqlTokenizer tokens() {
        return tokens;
    }

    SqlOperands operands() {
        return operands;
    }

    Text text() {
        return text;
    }

    int count() {
        return count;
    }

    /** Line ends, up to three; counted when they are first asked for. */
    int lines() {
        if (lines < 0) {
            lines = 0;
            int at = text.find("\n", 0, text.length());
            while (at >= 0 && lines < 3) {
                lines++;
                at = text.find("\n", at + 1, text.length());
            }
        }
        return lines;
    }

    /** Whether a line ends between two tokens. */
    boolean newLine(int from, int to) {
        int at = text.find("\n", tokens.end(from), to < count ? tokens.start(to) : text.length());
        return at >= 0;
    }

    /** Whether it stands where no text of people's own does. */
    boolean parameter() {
        return parameter;
    }

    /** Whether the value is a path, whose segments may be values of their own. */
    boolean path() {
        return path;
    }

    int type(int i) {
        return tokens.type(i);
    }

    int start(int i) {
        return tokens.start(i);
    }

    int end(int i) {
        return tokens.end(i);
    }

    boolean commented(int i) {
        return tokens.commented(i);
    }

    /** Whether token {@code i} is a hyphen between two words. */
    boolean hyphen(int i) {
        return tokens.type(i) == OPERATOR
                && text.at(tokens.start(i)) == '-'
                && i > 0
                && i + 1 < count
                && tokens.end(i - 1) == tokens.start(i)
                && tokens.start(i + 1) == tokens.end(i)
                && tokens.word(i - 1)
                && tokens.word(i + 1);
    }

    /** Whether token {@code i} is a word that divides: DIV, MOD. */
    boolean divides(int i) {
        return DIVISIONS.code(text.bytes(), tokens.start(i), tokens.end(i)) != 0;
    }

    boolean word(int i) {
        return tokens.word(i);
    }

    boolean tag(int i) {
        return tokens.tag(i);
    }

    void add(int points) {
        out.add(points);
    }

    void raise(int points, String why, int from, int to) {
        int last = Math.min(to, count - 1);
        out.raise(points, why, tokens.start(Math.max(0, from)), tokens.end(Math.max(from, last)));
    }

    /** Finds the pairs of quotes, of each sign by itself, that begin behind a comparison. */
    private void literals() {
        int openSingle = -1;
        int openDouble = -1;
        for (int i = 0; i < count; i++) {
            literal[i] = false;
            if (tokens.type(i) != QUOTE) {
                continue;
            }
            int c = text.at(tokens.start(i));
            if (c == '\'') {
                literal[i] = openSingle >= 0 && compared(openSingle);
                openSingle = openSingle < 0 ? i : -1;
            } else if (c == '"') {
                literal[i] = openDouble >= 0 && compared(openDouble);
                openDouble = openDouble < 0 ? i : -1;
            }
        }
    }

    /**
     * Whether the quote at token {@code i} begins what a name is compared with, or a list of it.
     */
    private boolean compared(int i) {
        int before = tokens.type(i - 1);
        int name = tokens.type(i - 2);
        boolean like = before == OPERATOR && text.at(tokens.start(i - 1)) == '~';
        return (before == COMPARE || like) && (name == WORD || name == OBJECT)
                || before == OPEN && name == COMPARE
                || before == COMMA && i > 2;
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

    boolean proseLike() {
        return prose > 0;
    }

    /**
     * 2: behind a quote or closing parenthesis, 1: behind a leading number or at the start, 0: no.
     */
    int broken(int i) {
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
        if (t == QUOTE && literal[p]) {
            return 0;
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
    boolean ends(int i) {
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

    boolean expression(int i) {
        int t = tokens.type(i);
        return switch (t) {
            case NUMBER, CONSTANT, VARIABLE, QUOTE, OPEN, CASE -> true;
            case OPERATOR, MODIFIER, ALL ->
                    tokens.type(i + 1) != WORD
                            || tokens.type(i + 2) == FROM
                            || tokens.type(i + 2) == OPERATOR
                                    && (tokens.type(i + 3) == FROM || tokens.type(i + 3) == NUMBER);
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

    boolean lastComment(int from) {
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

    /** Whether nothing but a number stands before token {@code i}, and little behind it. */
    boolean behindNumber(int i) {
        return i == 1 && tokens.type(0) == NUMBER && count <= 24;
    }

    /** Whether tokens [from, to) hold a call or a schema that reads out a database. */
    boolean holdsTool(int from, int to) {
        for (int i = from; i < to; i++) {
            int t = tokens.type(i);
            boolean named = t == OBJECT && tokens.type(i + 2) == CLOSE;
            if ((t == TOOL || named) && tokens.type(i + 1) == OPEN || t == SCHEMA || t == SELECT) {
                return true;
            }
        }
        return false;
    }

    /** {@code -----} under a title, {@code '--verbose'}. */
    boolean underlineOrOption(int i) {
        int end = tokens.end(i);
        boolean dashes = text.at(tokens.start(i)) == '-';
        return dashes
                && (end - tokens.start(i) > 3
                        || i + 1 < count && tokens.start(i + 1) == end && tokens.word(i + 1));
    }
}
