package ips.core.payload.sql;

import static ips.core.payload.sql.SqlWords.*;

import ips.core.HotPath;

/**
 * Reads what is left of a query where a value ends it: signs and numbers behind a quote, a digit
 * twice, two halves of a string, a comment with its space. Owned by one {@link SqlWholes}.
 */
@HotPath
final class SqlRemainders {
    private final SqlValue value;

    SqlRemainders(SqlValue value) {
        this.value = value;
    }

    /**
     * Whether the value ends in a comment as only those write it who want a space behind its
     * dashes: {@code 1-- -}.
     */
    boolean cutOff(int count) {
        int n = value.text().length();
        return value.type(count - 2) == COMMENT
                && value.type(count - 1) == OPERATOR
                && value.text().startsWith("-- -", n - 4)
                && n - 4 == value.start(count - 2);
    }

    /** Whether the first token is a number of feet, of more than one and less than a hundred. */
    boolean feet() {
        int first = value.text().at(value.start(0));
        int length = value.end(0) - value.start(0);
        return first >= '2' && first <= '9' && length <= 2 || first == '1' && length == 2;
    }

    /** Whether two numbers are compared from token {@code i} on. */
    boolean compared(int i) {
        return value.type(i) == NUMBER
                && value.type(i + 1) == COMPARE
                && value.type(i + 2) == NUMBER;
    }

    /** Whether the first token and the third are the same digit. */
    boolean twice() {
        return value.end(0) - value.start(0) == 1
                && value.end(2) - value.start(2) == 1
                && value.text().at(value.start(0)) == value.text().at(value.start(2));
    }

    /** {@code 1'+'1}: the two halves of a number, joined again. */
    boolean halves(int count) {
        int second = count == 5 && value.type(2) == OPERATOR ? 3 : 2;
        boolean spaced = second == 3 || value.start(2) == value.end(1) + 1;
        return count == second + 2
                && value.type(1) == QUOTE
                && value.type(second) == QUOTE
                && value.type(second + 1) == NUMBER
                && spaced
                && value.start(1) == value.end(0)
                && value.start(second + 1) == value.end(second)
                && value.text().at(value.start(1)) == value.text().at(value.start(second));
    }

    /** Ways to go on behind a quote that comes first which take all of a short value. */
    boolean continued(int count) {
        int t = value.type(1);
        int last = value.type(count - 1);
        boolean sign = t == COMPARE && !value.word(1);
        if (sign && value.type(2) == NUMBER && value.type(3) == LOGIC && count == 5) {
            // '>=0 or '
            return last == QUOTE;
        }
        if (t == IS && value.type(2) == CONSTANT && value.type(3) == LOGIC && count == 6) {
            // 'is null or '1
            return value.type(4) == QUOTE && last == NUMBER;
        }
        if (sign && count == 5 && value.type(2) == QUOTE && value.type(3) == QUOTE) {
            // '!=''#
            return last == COMMENT;
        }
        if (t == LOGIC && count >= 4 && count <= 6) {
            // ' or '' '
            int quotes = 2;
            while (value.type(quotes) == QUOTE) {
                quotes++;
            }
            return quotes == count && value.start(1) > value.end(0);
        }
        if (t == COMPARE && count == 5 && last == QUOTE) {
            // '<=>null or '
            return value.type(2) == CONSTANT && value.type(3) == LOGIC;
        }
        if (t == MODIFIER && count == 5 && last == QUOTE && value.type(3) == COMPARE) {
            // ' collate utf8_bin='
            return value.text().startsWith("collate ", value.start(1));
        }
        // '+0=0#
        int from = t == OPERATOR ? 2 : 1;
        return compared(from) && value.type(from + 3) == COMMENT && count == from + 4;
    }
}
