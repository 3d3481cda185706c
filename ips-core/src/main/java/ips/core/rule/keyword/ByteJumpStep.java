package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** {@code byte_jump}: goes on as far behind a number in the buffer as that number says. */
final class ByteJumpStep extends Step {
    final ByteValue number;
    boolean fromBeginning;
    boolean fromEnd;
    boolean align;
    long postOffset;

    ByteJumpStep(ByteValue number) {
        this.number = number;
    }

    @Override
    boolean relative() {
        return number.relative;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        int at = number.start(buffer, in);
        if (at < 0) {
            return false;
        }
        int length = 0;
        long value = 0;
        if (number.text || number.width(in) > 0) {
            length = number.length(buffer, at, in);
            if (length < 0) {
                return false;
            }
            value = number.read(buffer, at, in);
        }
        value *= number.multiplier;
        if (align && value % 4 != 0) {
            value += 4 - value % 4;
        }
        value += postOffset;
        long to = value + (fromBeginning ? 0 : fromEnd ? buffer.length : (long) at + length);
        if (to > buffer.length || to < Integer.MIN_VALUE) {
            return false; // far before the buffer is as far from it as far behind
        }
        in.position = (int) Math.max(0, to);
        return next.matches(buffer, in);
    }
}
