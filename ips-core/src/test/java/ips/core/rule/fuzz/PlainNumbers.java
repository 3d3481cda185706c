package ips.core.rule.fuzz;

import static ips.core.rule.fuzz.PlainChain.when;

import java.util.List;
import java.util.Random;

/** {@code byte_test}, {@code byte_jump}, {@code byte_extract} and {@code byte_math}. */
final class PlainNumbers {
    private static final int NONE = -1;

    private PlainNumbers() {}

    /** How a number is read. */
    private record Reading(
            int bytes, int skip, int variable, boolean relative, boolean little, int radix) {
        static Reading random(PlainChain chain, boolean mayBeText, boolean mayVary) {
            Random random = chain.random;
            boolean text = mayBeText && chain.chance(4);
            return new Reading(
                    1 + random.nextInt(text ? 3 : 4),
                    random.nextInt(6),
                    mayVary ? chain.variable() : NONE,
                    chain.relative(random.nextBoolean()),
                    !text && chain.chance(3),
                    text ? List.of(8, 10, 16).get(random.nextInt(3)) : 0);
        }

        String place() {
            return variable < 0 ? "" + skip : PlainChain.name(variable);
        }

        String base() {
            return radix == 16 ? "hex" : radix == 8 ? "oct" : "dec";
        }

        /** The words that byte_test and its kin say it by. */
        String words() {
            return when(relative, ",relative")
                    + when(little, ",little")
                    + when(radix > 0, ",string," + base());
        }

        int place(byte[] buffer, int position, long[] variables) {
            long at = (relative ? position : 0) + (variable < 0 ? skip : variables[variable]);
            return at < 0 || at + bytes > buffer.length ? NONE : (int) at;
        }

        /** How many bytes it takes, or none where there is no number. */
        int length(byte[] buffer, int at) {
            if (radix == 0) {
                return bytes;
            }
            int length = 0;
            while (length < bytes && Character.digit(buffer[at + length], radix) >= 0) {
                length++;
            }
            return length == 0 ? NONE : length;
        }

        long value(byte[] buffer, int at) {
            if (radix > 0) {
                return Long.parseLong(PlainChain.text(buffer, at, length(buffer, at)), radix);
            }
            long value = 0;
            for (int i = 0; i < bytes; i++) {
                value = value << 8 | buffer[little ? at + bytes - 1 - i : at + i] & 0xff;
            }
            return value;
        }
    }

    private static long masked(long value, long mask) {
        return mask == 0 ? value : (value & mask) >> Long.numberOfTrailingZeros(mask);
    }

    private static long mask(PlainChain chain, boolean wanted) {
        return wanted ? 1 + chain.random.nextInt(0xfff) : 0;
    }

    private static String text(long mask) {
        return when(mask != 0, ",bitmask 0x" + Long.toHexString(mask));
    }

    static void test(PlainChain chain) {
        Random random = chain.random;
        Reading reading = Reading.random(chain, true, true);
        boolean negated = chain.chance(4);
        long mask = mask(chain, chain.chance(4));
        int with = chain.variable();
        long limit = reading.radix > 0 ? 64 : reading.bytes == 1 ? 100 : 1L << 7 * reading.bytes;
        long constant = (long) (random.nextDouble() * limit);
        String operator = List.of("<", ">", "=", "&", "^", "<=", ">=").get(random.nextInt(7));
        String text =
                "byte_test:%d,%s%s,%s,%s%s%s; "
                        .formatted(
                                reading.bytes,
                                when(negated, "!"),
                                operator,
                                with < 0 ? "" + constant : PlainChain.name(with),
                                reading.place(),
                                reading.words(),
                                text(mask));
        chain.add(
                text,
                (buffer, position, variables, rest) -> {
                    int at = reading.place(buffer, position, variables);
                    if (at < 0 || reading.length(buffer, at) < 0) {
                        return false;
                    }
                    long found = masked(reading.value(buffer, at), mask);
                    long value = with < 0 ? constant : variables[with];
                    int order = Long.compareUnsigned(found, value); // a difference may be below 0
                    boolean holds =
                            switch (operator) {
                                case "<" -> order < 0;
                                case ">" -> order > 0;
                                case "<=" -> order <= 0;
                                case ">=" -> order >= 0;
                                case "&" -> (found & value) != 0;
                                case "^" -> (found ^ value) != 0;
                                default -> found == value;
                            };
                    return holds != negated && rest.holds(position);
                });
    }

    static void jump(PlainChain chain) {
        Random random = chain.random;
        Reading reading = Reading.random(chain, true, true);
        int from = random.nextInt(5);
        int factor = chain.chance(4) ? 2 : 1;
        int post = chain.chance(3) ? random.nextInt(9) - 4 : 0;
        boolean align = chain.chance(5);
        String text =
                "byte_jump:%d,%s%s%s%s%s%s%s; "
                        .formatted(
                                reading.bytes,
                                reading.place(),
                                reading.words(),
                                when(factor > 1, ",multiplier " + factor),
                                when(align, ",align"),
                                when(from == 0, ",from_beginning"),
                                when(from == 1, ",from_end"),
                                when(post != 0, ",post_offset " + post));
        chain.add(
                text,
                (buffer, position, variables, rest) -> {
                    int at = reading.place(buffer, position, variables);
                    if (at < 0 || reading.length(buffer, at) < 0) {
                        return false;
                    }
                    long value = reading.value(buffer, at) * factor;
                    if (align) {
                        value = (value + 3) / 4 * 4;
                    }
                    int base =
                            switch (from) {
                                case 0 -> 0;
                                case 1 -> buffer.length;
                                default -> at + reading.length(buffer, at);
                            };
                    long to = base + value + post;
                    return to <= buffer.length && rest.holds((int) Math.max(0, to));
                });
        chain.anchored = true;
    }

    static void extract(PlainChain chain) {
        if (chain.variables == PlainChain.VARIABLES) {
            return;
        }
        Reading reading = Reading.random(chain, true, false);
        int factor = chain.chance(4) ? 3 : 1;
        int align = chain.chance(5) ? chain.random.nextBoolean() ? 2 : 4 : 0;
        int result = chain.variables++;
        String text =
                "byte_extract:%d,%s,%s%s%s%s; "
                        .formatted(
                                reading.bytes,
                                reading.place(),
                                PlainChain.name(result),
                                reading.words(),
                                when(factor > 1, ",multiplier " + factor),
                                when(align > 0, ",align " + align));
        chain.add(
                text,
                (buffer, position, variables, rest) -> {
                    int at = reading.place(buffer, position, variables);
                    int length = at < 0 ? NONE : reading.length(buffer, at);
                    if (length < 0) {
                        return false;
                    }
                    long value = reading.value(buffer, at) * factor;
                    variables[result] = align == 0 ? value : (value + align - 1) / align * align;
                    return rest.holds(at + length);
                });
        chain.anchored = true;
    }

    static void math(PlainChain chain) {
        if (chain.variables == PlainChain.VARIABLES) {
            return;
        }
        Reading reading = Reading.random(chain, true, false);
        String operator = List.of("+", "-", "*", "/", "<<", ">>").get(chain.random.nextInt(6));
        int with = chain.variable();
        int constant = 1 + chain.random.nextInt(operator.length() == 2 ? 5 : 40);
        long mask = mask(chain, chain.chance(4));
        int result = chain.variables++;
        String text =
                "byte_math:bytes %d, offset %d, oper %s, rvalue %s, result %s%s%s%s%s; "
                        .formatted(
                                reading.bytes,
                                reading.skip,
                                operator,
                                with < 0 ? "" + constant : PlainChain.name(with),
                                PlainChain.name(result),
                                when(reading.relative, ", relative"),
                                when(reading.little, ", endian little"),
                                when(reading.radix > 0, ", string " + reading.base()),
                                text(mask).replace(",", ", "));
        chain.add(
                text,
                (buffer, position, variables, rest) -> {
                    int at = reading.place(buffer, position, variables);
                    int length = at < 0 ? NONE : reading.length(buffer, at);
                    long operand = with < 0 ? constant : variables[with];
                    if (length < 0 || operator.equals("/") && operand == 0) {
                        return false;
                    }
                    long value = reading.value(buffer, at);
                    long made =
                            switch (operator) {
                                case "+" -> value + operand;
                                case "-" -> value - operand;
                                case "*" -> value * operand;
                                case "/" -> Long.divideUnsigned(value, operand);
                                case "<<" -> operand > 63 ? 0 : value << operand;
                                default -> operand > 63 ? 0 : value >>> operand;
                            };
                    variables[result] =
                            mask == 0 ? made : (made & mask) >>> Long.numberOfTrailingZeros(mask);
                    return rest.holds(at + length);
                });
        chain.anchored = true;
    }
}
