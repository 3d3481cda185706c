package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** {@code isdataat}: whether the buffer reaches so far. */
final class DataAtStep extends Step {
    private final boolean negated;
    private final boolean relative;
    private final int bytes;
    private final int variable;

    DataAtStep(boolean negated, boolean relative, int bytes, int variable) {
        this.negated = negated;
        this.relative = relative;
        this.bytes = bytes;
        this.variable = variable;
    }

    @Override
    boolean relative() {
        return relative;
    }

    @Override
    int reach(int before) {
        return before;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        long wanted = variable < 0 ? bytes : in.variables[variable];
        boolean there = relative ? in.position + wanted <= buffer.length : wanted < buffer.length;
        return there != negated && next.matches(buffer, in);
    }
}
