package ips.core.payload.sql;

import static ips.core.payload.sql.SqlLetters.LETTER;
import static ips.core.payload.sql.SqlLetters.fusedKeyword;
import static ips.core.payload.sql.SqlLetters.kind;
import static ips.core.payload.sql.SqlLetters.word;

import ips.core.HotPath;

/** The signs of SQL and how long each is, with what single dialects make of them. */
@HotPath
final class SqlSigns {
    private static final int NONE = -1;
    private static final int LENGTH_SHIFT = 8;

    private SqlSigns() {}

    /** The sign at {@code i}, as a token: see {@link #type} and {@link #length}. */
    static int read(byte[] b, int i, int n) {
        int c = b[i];
        int next = i + 1 < n ? b[i + 1] & 0xff : NONE;
        return switch (c) {
            case '\'', '"', '`' -> token(SqlWords.QUOTE, 1);
            case '\\' ->
                    next == '\'' || next == '"'
                            ? token(SqlWords.QUOTE, 2)
                            : next == 'n'
                                            && (kind(b, i + 2, n) > LETTER
                                                    || fusedKeyword(b, i + 2, n)
                                                    || tested(b, i + 2, n))
                                    // MySQL's null: \Nunion
                                    ? token(SqlWords.CONSTANT, 2)
                                    : token(SqlWords.OTHER, 1);
            case '(' -> token(SqlWords.OPEN, 1);
            case ')' -> token(SqlWords.CLOSE, 1);
            case ',' -> token(SqlWords.COMMA, 1);
            case ';' -> token(SqlWords.SEMICOLON, 1);
            case '.' -> token(SqlWords.DOT, 1);
            case '{', '}' -> {
                // a name of an ODBC escape, which means nothing: {`x`1}
                int end = c == '{' && next == '`' ? word(b, i + 2, n) : n;
                boolean named = end > i + 2 && end < n && b[end] == '`';
                yield token(SqlWords.BRACE, named ? end + 1 - i : 1);
            }
            case '[' -> {
                // a name of SQL Server's: [users]
                int end = next != NONE && kind(next) == LETTER ? word(b, i + 1, n) : n;
                yield end < n && b[end] == ']'
                        ? token(SqlWords.WORD, end + 1 - i)
                        : token(SqlWords.OTHER, 1);
            }
            case '|' -> next == '|' ? token(SqlWords.PIPES, 2) : token(SqlWords.OPERATOR, 1);
            case '&' -> next == '&' ? token(SqlWords.LOGIC, 2) : token(SqlWords.OPERATOR, 1);
            case '=' -> token(SqlWords.COMPARE, next == '=' ? 2 : 1);
            case '<' ->
                    next == '@'
                            ? token(SqlWords.COMPARE, 2)
                            : next == '=' && i + 2 < n && b[i + 2] == '>'
                                    ? token(SqlWords.COMPARE, 3)
                                    : token(SqlWords.COMPARE, next == '=' || next == '>' ? 2 : 1);
            case '>' -> token(SqlWords.COMPARE, next == '=' ? 2 : 1);
            case '!' ->
                    next == '=' || next == '<' || next == '>'
                            ? token(SqlWords.COMPARE, 2)
                            : token(SqlWords.NOT, 1);
            case ':' -> next == '=' ? token(SqlWords.COMPARE, 2) : token(SqlWords.OTHER, 1);
            case '+', '-', '*', '/', '%', '^', '~' -> token(SqlWords.OPERATOR, 1);
            case '@' -> {
                if (next == '>') {
                    // holds, of PostgreSQL's JSON
                    yield token(SqlWords.COMPARE, 2);
                }
                int k = i + 1;
                while (k < n && b[k] == '@') {
                    k++;
                }
                yield token(SqlWords.VARIABLE, word(b, k, n) - i);
            }
            default -> token(SqlWords.OTHER, 1);
        };
    }

    /** Whether {@code is} stands behind a space at {@code i}: {@code \N is null}. */
    private static boolean tested(byte[] b, int i, int n) {
        return i + 2 < n && b[i] == ' ' && b[i + 1] == 'i' && b[i + 2] == 's';
    }

    static int type(int token) {
        return token & 0xff;
    }

    static int length(int token) {
        return token >>> LENGTH_SHIFT;
    }

    private static int token(int type, int length) {
        return type | length << LENGTH_SHIFT;
    }
}
