package ips.core.rule.keyword;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code 8}, {@code <8}, {@code >=8}, {@code !8}, {@code 7<>20} or {@code 7-20}: ends excluded. A
 * number may have the unit kb, mb or gb.
 */
record NumberTest(Kind kind, long first, long second) {
    enum Kind {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        BETWEEN
    }

    /** What a text begins with that is a test, as far as it has to be read. */
    private static final Pattern BEGINNING =
            Pattern.compile(
                    "\\s*(?<one>(?<how>!=|[<>]=|[!<>=])?\\s*\\d+(?i:[kmg]b)?)"
                            + "(?:\\s*(?:<>|-)\\s*(?<second>\\d+(?i:[kmg]b)?))?");

    /**
     * The test that a text begins with, whatever stands behind it. A range that no number lies in
     * is its first number alone.
     */
    static NumberTest beginning(String text, long most) {
        Matcher found = BEGINNING.matcher(text);
        if (!found.lookingAt()) {
            throw new IllegalArgumentException("not a number: " + text.strip());
        }
        if (found.group("how") == null && found.group("second") != null) {
            try {
                return parse(found.group(), most);
            } catch (IllegalArgumentException e) {
                // no range: what stands behind its first number is not read
            }
        }
        return parse(found.group("one"), most);
    }

    static NumberTest parse(String text, long most) {
        String t = text.strip();
        boolean not = t.startsWith("!");
        if (not) {
            t = t.substring(1).strip();
        }
        int range = t.indexOf("<>");
        int rangeLength = 2;
        if (range < 0 && t.indexOf('-') > 0) {
            range = t.indexOf('-');
            rangeLength = 1;
        }
        if (range > 0) {
            long first = size(t.substring(0, range), most);
            long second = size(t.substring(range + rangeLength), most);
            if (second <= first + 1) {
                throw new IllegalArgumentException("the range " + text + " is empty");
            }
            if (not) {
                throw new IllegalArgumentException("a range cannot be negated");
            }
            return new NumberTest(Kind.BETWEEN, first, second);
        }
        Kind kind = Kind.EQUAL;
        int skip = 0;
        if (not && (t.startsWith("<") || t.startsWith(">"))) {
            throw new IllegalArgumentException("< and > cannot be negated");
        }
        if (t.startsWith("<=")) {
            kind = Kind.LESS_OR_EQUAL;
            skip = 2;
        } else if (t.startsWith(">=")) {
            kind = Kind.GREATER_OR_EQUAL;
            skip = 2;
        } else if (t.startsWith("<")) {
            kind = Kind.LESS;
            skip = 1;
        } else if (t.startsWith(">")) {
            kind = Kind.GREATER;
            skip = 1;
        } else if (t.startsWith("=")) {
            kind = not ? Kind.NOT_EQUAL : Kind.EQUAL;
            skip = 1;
        } else if (not) {
            kind = Kind.NOT_EQUAL;
        }
        long number = size(t.substring(skip), most);
        if (kind == Kind.LESS && number == 0 || kind == Kind.GREATER && number == most) {
            throw new IllegalArgumentException("no number is " + t);
        }
        return new NumberTest(kind, number, 0);
    }

    /** A number, perhaps with a unit. */
    private static long size(String text, long most) {
        String t = text.strip().toLowerCase(Locale.ROOT);
        int shift = t.endsWith("kb") ? 10 : t.endsWith("mb") ? 20 : t.endsWith("gb") ? 30 : 0;
        if (shift == 0 || !t.matches("\\d+..")) {
            return number(t, most);
        }
        long number = number(t.substring(0, t.length() - 2), Long.MAX_VALUE);
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException(t + " does not lie within 0 to " + most);
        }
        return within(number << shift, most);
    }

    static long number(String text, long most) {
        String t = text.strip();
        if (!t.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("not a number: " + t);
        }
        return within(Long.parseLong(t), most);
    }

    /** A number as C reads it: in hexadecimal behind 0x, octal behind 0. */
    static long ofAnyBase(String text, long most) {
        String t = text.strip();
        try {
            return within(Long.decode(t), most);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number: " + t, e);
        }
    }

    private static long within(long value, long most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(value + " does not lie within 0 to " + most);
        }
        return value;
    }

    boolean holds(long value) {
        return switch (kind) {
            case EQUAL -> value == first;
            case NOT_EQUAL -> value != first;
            case LESS -> value < first;
            case LESS_OR_EQUAL -> value <= first;
            case GREATER -> value > first;
            case GREATER_OR_EQUAL -> value >= first;
            case BETWEEN -> value > first && value < second;
        };
    }

    /** Whether a number is greater than the greatest that is named, if none may be above it. */
    boolean excludes(long value) {
        return switch (kind) {
            case EQUAL, LESS -> value > first;
            case BETWEEN -> value > second;
            default -> false;
        };
    }

    /** The greatest number that may hold. */
    long most() {
        return switch (kind) {
            case EQUAL, LESS_OR_EQUAL -> first;
            case LESS -> Math.max(0, first - 1);
            case BETWEEN -> second - 1;
            case NOT_EQUAL, GREATER, GREATER_OR_EQUAL -> Long.MAX_VALUE;
        };
    }
}
