package ips.core.regex;

/** An expression that cannot be compiled. The message says what is wrong and in which column. */
public final class RegexSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    RegexSyntaxException(String problem, int index) {
        super("column " + (index + 1) + ": " + problem);
    }
}
