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
    private static final int NONE = -1;

    private final Text copy;
    private Text text;
    private byte[] in;
    private int size;
    private byte[] b;
    private int to;
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
        this.text = text;
        in = text.bytes();
        b = copy.bytes();
        size = text.length();
        to = 0;
        undone = 0;
        for (int i = 0; i < size; i++) {
            byte c = in[i];
            if (c == '+' && plusIsSpace) {
                b[to++] = ' ';
                continue;
            }
            int last =
                    switch (c) {
                        case '\\' -> backslash(i);
                        case '\'', '"' -> quote(i, c);
                        case '$' -> variable(i);
                        case '%' -> cutVariable(i);
                        case '`' -> inWord() && text.at(i + 1) == '`' ? i + 1 : NONE;
                        case '^' -> inWord() && letter(text.at(i + 1)) ? i : NONE;
                        case '{' -> list(i);
                        default -> NONE;
                    };
            if (last == NONE) {
                b[to++] = c;
            } else {
                undone++;
                i = last;
            }
        }
        copy.resize(to);
        return copy;
    }

    // Each of these undoes what begins at i, and says where it ends, or NONE.

    private int backslash(int i) {
        int next = text.at(i + 1);
        if (inWord() && letter(next) && next != 'n' && next != 't' && next != 'r') {
            return i;
        }
        if (inWord() && next == '\n') {
            // a line that goes on
            return i + 1;
        }
        boolean begins = to > 0 && (b[to - 1] == ';' || b[to - 1] == '|' || b[to - 1] == '&');
        return begins && letter(next) ? i : NONE;
    }

    private int quote(int i, byte quote) {
        if (!inWord()) {
            return NONE;
        }
        int next = text.at(i + 1);
        if (next == quote && letter(text.at(i + 2))) {
            return i + 1;
        }
        if (letter(next) && text.at(i + 2) == quote) {
            // w'h'oami
            b[to++] = in[i + 1];
            return i + 2;
        }
        // w'h'o'a'm'i
        return undone > 1 && letter(next) ? i : NONE;
    }

    private int cutVariable(int i) {
        int cut = ShellVariables.cutEnd(text, i);
        if (cut <= 0) {
            return NONE;
        }
        b[to++] = ShellVariables.cut(text, i);
        return cut;
    }

    private int variable(int i) {
        int cut = cutVariable(i);
        if (cut != NONE || i + 1 >= size) {
            return cut;
        }
        if (inWord()) {
            int end = emptyVariable(i);
            if (end != NONE) {
                return end;
            }
        }
        if (text.startsWith("{ifs", i + 1)) {
            int close = text.find("}", i + 4, i + 24);
            if (close > 0) {
                b[to++] = ' ';
                return close;
            }
        }
        if (text.startsWith("ifs", i + 1)) {
            b[to++] = ' ';
            return i + 3 + (text.at(i + 4) == '$' && text.at(i + 5) == '9' ? 2 : 0);
        }
        boolean nothing = text.startsWith("()", i + 1) || text.startsWith("{}", i + 1);
        return nothing && inWord() ? i + 2 : NONE;
    }

    /** A variable that holds nothing, as a rule: $@, $1, ${x}, cat$u. */
    private int emptyVariable(int i) {
        int c = text.at(i + 1);
        if (c == '@' || c == '*' || c == '!' || c >= '1' && c <= '9') {
            return i + 1;
        }
        int braced = braced(in, i + 1, size);
        if (braced > 0) {
            return braced;
        }
        int behind = text.at(i + 2);
        return letter(c) && !letter(behind) && behind != '_' ? i + 1 : NONE;
    }

    /** {a,b}, which stands for both. */
    private int list(int i) {
        if (!letter(text.at(i + 1))) {
            return NONE;
        }
        int close = text.find("}", i, i + 48);
        int comma = text.find(",", i, close < 0 ? i : close);
        if (comma <= 0
                || text.find(" ", i, close) >= 0
                || text.find(":", i, close) >= 0 && text.find("://", i, close) <= 0) {
            return NONE;
        }
        for (int k = i + 1; k < close; k++) {
            b[to++] = in[k] == ',' ? (byte) ' ' : in[k];
        }
        return close;
    }

    private boolean inWord() {
        return to > 0 && letter(b[to - 1]);
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

    private static boolean letter(int c) {
        return c >= 'a' && c <= 'z';
    }
}
