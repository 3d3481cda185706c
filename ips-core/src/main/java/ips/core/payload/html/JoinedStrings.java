package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Names of script written in pieces: {@code 'al'+'ert'}, {@code "jav" + "ascript"}. Looked for at
 * each plus sign between two quotes, over at most {@value #LONGEST} letters; a name that stands in
 * one piece as a whole is no disguise.
 */
@HotPath
final class JoinedStrings {
    private static final int LONGEST = 24;
    private static final int SHORTEST_NAME = 4;

    private static final Words NAMES =
            Words.of(
                    "alert eval prompt confirm javascript script document location cookie window"
                            + " constructor function settimeout fromcharcode innerhtml onerror onload"
                            + " tostring substring substr vbscript");

    private final byte[] joined = new byte[2 * LONGEST];
    private Text text;

    void begin(Text value) {
        text = value;
    }

    /** Whether the strings on both sides of the plus sign at {@code plus} make a name together. */
    boolean hidesName(int plus) {
        int left = plus - 1;
        while (text.at(left) == ' ' && plus - left < 8) {
            left--;
        }
        if (!quote(text.at(left))) {
            return false;
        }
        int start = left;
        while (HtmlValue.letter(text.at(start - 1)) && left - start < LONGEST) {
            start--;
        }
        int length = 0;
        for (int i = start; i < left; i++) {
            joined[length++] = (byte) text.at(i);
        }
        int seam = length;
        int at = plus;
        while (text.at(at) == '+' && length < LONGEST) {
            at = text.skipSpace(at + 1);
            if (!quote(text.at(at))) {
                break;
            }
            at++;
            while (HtmlValue.letter(text.at(at)) && length < joined.length) {
                joined[length++] = (byte) text.at(at++);
            }
            if (!quote(text.at(at))) {
                break;
            }
            at = text.skipSpace(at + 1);
        }
        return spans(seam, length);
    }

    /** Whether a name begins before {@code seam} and ends behind it. */
    private boolean spans(int seam, int length) {
        for (int from = 0; from < seam; from++) {
            for (int to = Math.max(seam + 1, from + SHORTEST_NAME);
                    to <= length && to - from <= 12;
                    to++) {
                if (NAMES.code(joined, from, to) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean quote(int c) {
        return c == '\'' || c == '"' || c == '`';
    }
}
