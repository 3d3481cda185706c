package ips.core.regex;

/** An expression that cannot be compiled. The message says what is wrong and in which column. */
public final class RegexSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int column;

    RegexSyntaxException(String problem, int index) {
        super("column " + (index + 1) + ": " + problem);
        column = index + 1;
    }

    /** Column of the expression's text the message is about, from 1. */
    public int column() {
        return column;
    }
}
