package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * Undoes the ways in which a shell's word can be written so that no filter knows it: quotes and
 * backslashes inside words, {@code $@}, {@code $*}, {@code ${IFS}}, {@code {a,b}}, carets, empty
 * substitutions. Owned by one judge; its text is reused.
 */
@HotPath
final class ShellQuoting {
    private final Text copy;
    private int undone;

    ShellQuoting(int capacity) {
        copy = new Text(capacity);
    }

    /** How many of them the last text held. */
    int undone() {
        return undone;
    }

    /** Copies the text with the shell's quoting undone. */
    Text undo(Text text, boolean plusIsSpace) {
        byte[] b = copy.bytes();
        byte[] in = text.bytes();
        int size = text.length();
        int to = 0;
        undone = 0;
        for (int i = 0; i < size; i++) {
            byte c = in[i];
            boolean inWord = to > 0 && letter(b[to - 1]);
            if (c == '+' && plusIsSpace) {
                b[to++] = ' ';
                continue;
            }
            if (c == '\\'
                    && inWord
                    && letter(in[Math.min(size - 1, i + 1)])
                    && i + 1 < size
                    && in[i + 1] != 'n'
                    && in[i + 1] != 't'
                    && in[i + 1] != 'r') {
                undone++;
                continue;
            }
            if (c == '\\' && inWord && text.at(i + 1) == '\n') {
                // a line that goes on
                undone++;
                i++;
                continue;
            }
            int cut = c == '$' || c == '%' ? ShellVariables.cutEnd(text, i) : 0;
            if (cut > 0) {
                b[to++] = ShellVariables.cut(text, i);
                undone++;
                i = cut;
                continue;
            }
            if (c == '\\'
                    && i + 1 < size
                    && letter(in[i + 1])
                    && to > 0
                    && (b[to - 1] == ';' || b[to - 1] == '|' || b[to - 1] == '&')) {
                undone++;
                continue;
            }
            if ((c == '\'' || c == '"')
                    && i + 1 < size
                    && in[i + 1] == c
                    && inWord
                    && i + 2 < size
                    && letter(in[i + 2])) {
                undone++;
                i++;
                continue;
            }
            if ((c == '\'' || c == '"')
                    && inWord
                    && i + 2 < size
                    && letter(in[i + 1])
                    && in[i + 2] == c) {
                // w'h'oami
                b[to++] = in[i + 1];
                undone++;
                i += 2;
                continue;
            }
            boolean odd = (c == '\'' || c == '"') && undone > 1 && inWord;
            if (odd && i + 1 < size && letter(in[i + 1])) {
                // w'h'o'a'm'i
                undone++;
                continue;
            }
            if (c == '$' && i + 1 < size) {
                byte d = in[i + 1];
                boolean empty = d == '@' || d == '*' || d == '!' || d >= '1' && d <= '9';
                if (empty && inWord) {
                    undone++;
                    i++;
                    continue;
                }
                int braced = inWord ? braced(in, i + 1, size) : 0;
                if (braced > 0) {
                    undone++;
                    i = braced;
                    continue;
                }
                boolean alone = i + 2 >= size || !letter(in[i + 2]) && in[i + 2] != '_';
                if (letter(d) && inWord && alone) {
                    // a variable of one letter, which is empty: cat$u
                    undone++;
                    i++;
                    continue;
                }
                if (text.startsWith("{ifs", i + 1)) {
                    int close = text.find("}", i + 4, i + 24);
                    if (close > 0) {
                        b[to++] = ' ';
                        undone++;
                        i = close;
                        continue;
                    }
                }
                if (text.startsWith("ifs", i + 1)) {
                    b[to++] = ' ';
                    undone++;
                    i += 3 + (text.at(i + 4) == '$' && text.at(i + 5) == '9' ? 2 : 0);
                    continue;
                }
                if ((text.startsWith("()", i + 1) || text.startsWith("{}", i + 1)) && inWord) {
                    undone++;
                    i += 2;
                    continue;
                }
            }
            if (c == '`' && i + 1 < size && in[i + 1] == '`' && inWord) {
                undone++;
                i++;
                continue;
            }
            if (c == '^' && inWord && i + 1 < size && letter(in[i + 1])) {
                undone++;
                continue;
            }
            if (c == '{' && i + 1 < size && letter(in[i + 1])) {
                int close = text.find("}", i, i + 48);
                int comma = text.find(",", i, close < 0 ? i : close);
                if (comma > 0
                        && text.find(" ", i, close) < 0
                        && (text.find(":", i, close) < 0 || text.find("://", i, close) > 0)) {
                    for (int k = i + 1; k < close; k++) {
                        b[to++] = in[k] == ',' ? (byte) ' ' : in[k];
                    }
                    undone++;
                    i = close;
                    continue;
                }
            }
            b[to++] = c;
        }
        copy.resize(to);
        return copy;
    }

    /**
     * Where the braces at {@code at} end if a variable of one letter stands in them and the word
     * goes on behind it ({@code i${x}d}), or 0.
     */
    private static int braced(byte[] in, int at, int size) {
        boolean empty =
                at + 3 < size
                        && in[at] == '{'
                        && letter(in[at + 1])
                        && in[at + 2] == '}'
                        && letter(in[at + 3]);
        return empty ? at + 2 : 0;
    }

    private static boolean letter(byte c) {
        return c >= 'a' && c <= 'z';
    }
}
