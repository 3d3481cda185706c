package ips.core.payload.sql;

import ips.core.HotPath;

/**
 * Finds where comments of SQL end. Remembers its last search in either direction, so that a value
 * made of thousands of openings is searched to its end once and not once for each.
 */
@HotPath
final class SqlComments {
    /** A comment up to a line end that is longer is not skipped, so as to hide nothing. */
    private static final int LONGEST = 256;

    private static final int NOWHERE = Integer.MAX_VALUE;

    /** From here on no comment has an end. */
    private int unclosedFrom = NOWHERE;

    /** The comment that {@link #lineEnd} searched last, and the line feed it met, or the end. */
    private int lineSoughtFrom;

    private int lineFound = -1;

    /** Forgets what was remembered of the text before. */
    void reset() {
        unclosedFrom = NOWHERE;
        lineSoughtFrom = 0;
        lineFound = -1;
    }

    /** Whether the comment at {@code i} is one that MySQL runs: {@code /*!50000}. */
    static boolean isVersioned(byte[] b, int i, int n) {
        return i + 2 < n && (b[i + 2] == '!' || b[i + 2] == 'm' && i + 3 < n && b[i + 3] == '!');
    }

    /**
     * The position behind the comment at {@code i}, for a versioned one behind its version; -1 if
     * it has no end.
     */
    int end(byte[] b, int i, int n) {
        if (isVersioned(b, i, n)) {
            int k = i + (b[i + 2] == '!' ? 3 : 4);
            int digits = 0;
            while (k < n && digits < 6 && b[k] >= '0' && b[k] <= '9') {
                k++;
                digits++;
            }
            return k;
        }
        if (unclosedFrom <= i) {
            return -1;
        }
        for (int k = i + 2; k + 1 < n; k++) {
            if (b[k] == '*' && b[k + 1] == '/') {
                return k + 2;
            }
        }
        unclosedFrom = i;
        return -1;
    }

    /** The position behind the line feed that ends the comment at {@code i}; 0 if there is none. */
    int lineEnd(byte[] b, int i, int n) {
        if (i > lineFound || i < lineSoughtFrom) {
            int k = i;
            while (k < n && b[k] != '\n') {
                k++;
            }
            lineSoughtFrom = i;
            lineFound = k;
        }
        int next = lineFound + 1;
        return next < n && lineFound - i < LONGEST ? next : 0;
    }
}
