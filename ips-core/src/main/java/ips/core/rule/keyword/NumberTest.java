package ips.core.rule.keyword;

/** {@code 8}, {@code <8}, {@code >=8}, {@code !8}, {@code 7<>20} or {@code 7-20}: ends excluded. */
record NumberTest(Kind kind, long first, long second) {
    enum Kind {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        BETWEEN,
        NOT_BETWEEN
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
            long first = number(t.substring(0, range), most);
            long second = number(t.substring(range + rangeLength), most);
            if (second <= first) {
                throw new IllegalArgumentException("the range " + text + " is empty");
            }
            return new NumberTest(not ? Kind.NOT_BETWEEN : Kind.BETWEEN, first, second);
        }
        Kind kind = Kind.EQUAL;
        int skip = 0;
        if (t.startsWith("<=")) {
            kind = not ? Kind.GREATER : Kind.LESS_OR_EQUAL;
            skip = 2;
        } else if (t.startsWith(">=")) {
            kind = not ? Kind.LESS : Kind.GREATER_OR_EQUAL;
            skip = 2;
        } else if (t.startsWith("<")) {
            kind = not ? Kind.GREATER_OR_EQUAL : Kind.LESS;
            skip = 1;
        } else if (t.startsWith(">")) {
            kind = not ? Kind.LESS_OR_EQUAL : Kind.GREATER;
            skip = 1;
        } else if (t.startsWith("=")) {
            kind = not ? Kind.NOT_EQUAL : Kind.EQUAL;
            skip = 1;
        } else if (not) {
            kind = Kind.NOT_EQUAL;
        }
        return new NumberTest(kind, number(t.substring(skip), most), 0);
    }

    static long number(String text, long most) {
        String t = text.strip();
        long value;
        try {
            value = Long.decode(t.matches("0+\\d+") ? t.replaceFirst("^0+", "") : t);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number: " + t);
        }
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(t + " does not lie within 0 to " + most);
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
            case NOT_BETWEEN -> !(value > first && value < second);
        };
    }

    /** The greatest number that may hold. */
    long most() {
        return switch (kind) {
            case EQUAL, LESS_OR_EQUAL -> first;
            case LESS -> Math.max(0, first - 1);
            case BETWEEN -> second - 1;
            case NOT_EQUAL, GREATER, GREATER_OR_EQUAL, NOT_BETWEEN -> Long.MAX_VALUE;
        };
    }
}
