package ips.core.rule.fuzz;

import static ips.core.rule.fuzz.PlainChain.when;

import java.util.function.IntPredicate;

/** {@code dsize}, {@code bsize} and {@code isdataat}. */
final class PlainSizes {
    private PlainSizes() {}

    /** The size of the buffer: of a payload by dsize, of another by bsize. */
    static void size(PlainChain chain) {
        int least = chain.ofPayload ? 1 : 3; // no content is longer, as a bsize must not say
        int size = least + chain.random.nextInt(20);
        int form = chain.random.nextInt(chain.ofPayload ? 5 : 6);
        String word = chain.ofPayload ? "dsize" : "bsize";
        IntPredicate holds;
        String text;
        switch (form) {
            case 0 -> {
                holds = length -> length > size;
                text = ">" + size;
            }
            case 1 -> {
                holds = length -> length < size;
                text = "<" + size;
            }
            case 2 -> {
                holds = length -> length > size && length < size + 9;
                text = size + "<>" + (size + 9);
            }
            case 3 -> {
                holds = length -> length >= size;
                text = ">=" + size;
            }
            case 4 -> {
                holds = length -> length != size;
                text = "!" + size;
                if (chain.ofPayload) {
                    chain.sizeNotAllowed = size;
                }
            }
            default -> {
                holds = length -> length <= size;
                text = "<=" + size;
            }
        }
        chain.sizeBounded |= form != 0 && form != 3; // to exceed a size bounds nothing
        chain.add(
                word + ":" + text + "; ",
                (buffer, position, variables, rest) ->
                        holds.test(buffer.length) && rest.holds(position));
    }

    static void dataAt(PlainChain chain) {
        boolean negated = chain.chance(3);
        boolean relative = chain.relative(chain.random.nextBoolean());
        int variable = chain.variable();
        int size = chain.random.nextInt(12);
        // !1 behind a content is another way to write endswith
        int bytes = negated && relative && size == 1 ? 0 : size;
        String text =
                "isdataat:%s%s%s; "
                        .formatted(
                                when(negated, "!"),
                                variable < 0 ? "" + bytes : PlainChain.name(variable),
                                when(relative, ",relative"));
        chain.add(
                text,
                (buffer, position, variables, rest) -> {
                    long wanted = variable < 0 ? bytes : variables[variable];
                    boolean there =
                            relative ? position + wanted <= buffer.length : wanted < buffer.length;
                    return there != negated && rest.holds(position);
                });
    }
}
