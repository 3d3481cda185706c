package ips.core.regex;

/** A condition on a place between two bytes, decided by what lies left and right of it. */
enum Place {
    SUBJECT_START,
    LINE_START,
    SUBJECT_END,
    END_OR_FINAL_NEWLINE,
    LINE_END,
    WORD_BOUNDARY,
    NO_WORD_BOUNDARY;

    private static final Place[] VALUES = values();

    // What may lie beside a place.
    /** The subject's begin or end. */
    static final int EDGE = 0;

    static final int NEWLINE = 1;

    /** A newline that is the subject's last byte. */
    static final int FINAL_NEWLINE = 2;

    static final int WORD = 3;
    static final int OTHER = 4;

    static Place of(int ordinal) {
        return VALUES[ordinal];
    }

    /** What a byte is to a place beside it. */
    static int side(int b, boolean last) {
        if (b == '\n') {
            return last ? FINAL_NEWLINE : NEWLINE;
        }
        return ByteSet.isWord(b) ? WORD : OTHER;
    }

    boolean holds(int left, int right) {
        return switch (this) {
            case SUBJECT_START -> left == EDGE;
            case LINE_START -> left == EDGE || isNewline(left) && right != EDGE;
            case SUBJECT_END -> right == EDGE;
            case END_OR_FINAL_NEWLINE -> right == EDGE || right == FINAL_NEWLINE;
            case LINE_END -> right == EDGE || isNewline(right);
            case WORD_BOUNDARY -> (left == WORD) != (right == WORD);
            case NO_WORD_BOUNDARY -> (left == WORD) == (right == WORD);
        };
    }

    private static boolean isNewline(int side) {
        return side == NEWLINE || side == FINAL_NEWLINE;
    }
}
