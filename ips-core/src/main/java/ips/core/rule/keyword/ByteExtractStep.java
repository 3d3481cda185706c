package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** {@code byte_extract} and {@code byte_math}: keeps a number of the buffer in a variable. */
final class ByteExtractStep extends Step {
    private final ByteValue number;
    private final int result;
    private final String operator;
    private final long operand;
    private final int operandVariable;

    ByteExtractStep(
            ByteValue number, int result, String operator, long operand, int operandVariable) {
        this.number = number;
        this.result = result;
        this.operator = operator;
        this.operand = operand;
        this.operandVariable = operandVariable;
    }

    @Override
    boolean relative() {
        return number.relative;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        int at = number.start(buffer, in);
        int length = at < 0 ? -1 : number.length(buffer, at, in);
        if (length < 0 || length == 0 && number.ofMath) {
            return false;
        }
        if (number.ofMath && !number.text && length > Integer.BYTES) {
            return false; // Suricata computes with four bytes at most, whatever it lets rules say
        }
        long value = number.read(buffer, at, in) * number.multiplier;
        if (number.align > 0 && value % number.align != 0) {
            value += number.align - value % number.align;
        }
        long with = operandVariable < 0 ? operand : in.variables[operandVariable];
        switch (operator) {
            case "+" -> value += with;
            case "-" -> value -= with;
            case "*" -> value *= with;
            case "/" -> {
                if (with == 0) {
                    return false;
                }
                value = Long.divideUnsigned(value, with);
            }
            case "<<" -> value = with < 64 ? value << with : 0;
            case ">>" -> value = with < 64 ? value >>> with : 0;
            default -> {}
        }
        in.variables[result] = number.ofMath ? number.mask(value) : value;
        in.position = at + length;
        return next.matches(buffer, in);
    }
}
