package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** {@code byte_test}: compares a number in the buffer. */
final class ByteTestStep extends Step {
    private final ByteValue number;
    private final String operator;
    private final boolean negated;
    private final long value;
    private final int variable;

    ByteTestStep(ByteValue number, String operator, boolean negated, long value, int variable) {
        this.number = number;
        this.operator = operator;
        this.negated = negated;
        this.value = value;
        this.variable = variable;
    }

    @Override
    boolean relative() {
        return number.relative;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        int at = number.start(buffer, in);
        if (at < 0 || number.length(buffer, at, in) < 0) {
            return false;
        }
        long found = number.read(buffer, at, in);
        long wanted = variable < 0 ? value : in.variables[variable];
        int order = Long.compareUnsigned(found, wanted);
        boolean holds =
                switch (operator) {
                    case "<" -> order < 0;
                    case ">" -> order > 0;
                    case "<=" -> order <= 0;
                    case ">=" -> order >= 0;
                    case "&" -> (found & wanted) != 0;
                    case "^" -> (found ^ wanted) != 0;
                    default -> order == 0;
                };
        return holds != negated && next.matches(buffer, in);
    }
}
