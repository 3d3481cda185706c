package ips.core.rule.fuzz;

import static ips.core.rule.fuzz.PlainChain.when;

import java.util.Random;

/** Contents with their modifiers. */
final class PlainContents {
    private PlainContents() {}

    /** A bound of a content: none, a number, or a variable. */
    private record Bound(boolean there, int number, int variable) {
        long value(long[] variables) {
            return variable < 0 ? number : variables[variable];
        }

        String text(String word) {
            String value = variable < 0 ? "" + number : PlainChain.name(variable);
            return there ? word + ":" + value + "; " : "";
        }
    }

    private static Bound bound(PlainChain chain, boolean wanted, int number) {
        return new Bound(wanted, wanted ? number : 0, wanted ? chain.variable() : -1);
    }

    static void add(PlainChain chain) {
        Random random = chain.random;
        String wanted = chain.word(3);
        int length = wanted.length();
        boolean negated = chain.chance(4);
        boolean noCase = chain.mayIgnoreCase && chain.chance(3);
        boolean relative = chain.relative(random.nextBoolean());
        boolean hasDistance = relative && !chain.chance(4);
        boolean hasWithin = relative && (!hasDistance || random.nextBoolean());
        Bound distance = bound(chain, hasDistance, random.nextInt(8) - 2);
        Bound within = bound(chain, hasWithin, length + random.nextInt(6));
        Bound offset = bound(chain, !relative && chain.chance(3), random.nextInt(6));
        boolean hasDepth = !relative && chain.chance(3);
        boolean start = !relative && !offset.there && !hasDepth && chain.chance(6);
        Bound depth =
                start
                        ? new Bound(true, length, -1)
                        : bound(chain, hasDepth, length + random.nextInt(8));
        boolean end = chain.chance(8);
        int number = chain.count();
        boolean[] others = new boolean[1];
        chain.retried = others;
        chain.positive |= !negated;
        chain.matched = true;
        chain.placed |= offset.there || depth.there;
        if (negated && !relative && !offset.there && !depth.there && length > chain.soughtLength) {
            chain.sought = number;
            chain.soughtLength = length;
        }
        String text =
                "content:%s\"%s\"; ".formatted(negated ? "!" : "", written(random, wanted))
                        + when(noCase, "nocase; ")
                        + when(chain.ofPayload && chain.chance(12), "rawbytes; ")
                        + distance.text("distance")
                        + within.text("within")
                        + offset.text("offset")
                        + (start ? "startswith; " : depth.text("depth"))
                        + when(end, "endswith; ");
        Place place = new Place(relative, distance, within, offset, depth);
        chain.add(
                text,
                (buffer, position, variables, rest) -> {
                    boolean before = !relative && place.end(variables) < buffer.length;
                    if (negated && end && (relative || before)) {
                        return rest.holds(position); // whatever the end, as in Suricata
                    }
                    boolean nowhere =
                            chain.ofPayload
                                    && chain.sought == number
                                    && !chain.positive
                                    && !chain.sizeBounded;
                    for (int at = 0; at + length <= buffer.length; at++) {
                        int behind = at + length;
                        boolean found =
                                place.holds(at, behind, position, variables, chain)
                                        && (!end || negated || behind == buffer.length)
                                        && same(buffer, at, wanted, noCase);
                        if (found && negated) {
                            long skip = offset.value(variables);
                            boolean elsewhere = end && !nowhere && behind != buffer.length - skip;
                            return elsewhere && rest.holds(position);
                        }
                        if (found && rest.holds(behind)) {
                            return true;
                        }
                        if (found && !others[0]) {
                            return false;
                        }
                    }
                    return negated && rest.holds(position);
                });
        chain.anchored |= !negated;
    }

    /** Where a content may lie. */
    private record Place(
            boolean relative, Bound distance, Bound within, Bound offset, Bound depth) {
        /** Where one that is not relative ends at the latest. */
        long end(long[] variables) {
            long skip = offset.value(variables);
            return depth.there ? skip + depth.value(variables) : Long.MAX_VALUE;
        }

        boolean holds(int at, int behind, int position, long[] variables, PlainChain chain) {
            if (!relative) {
                long skip = offset.value(variables);
                return skip >= 0 // a variable below 0 is no offset
                        && at >= skip
                        && behind <= chain.sizeNotAllowed
                        && (!depth.there || behind <= skip + depth.value(variables));
            }
            long from = position + distance.value(variables);
            long to = from + within.value(variables);
            // Suricata lets within fall where the distance is a variable.
            boolean unbound = !within.there || distance.variable >= 0 || to < 0;
            return at >= from && (unbound || behind <= to);
        }
    }

    /** The content as it stands in a rule: letters, or some of them in hexadecimal. */
    private static String written(Random random, String wanted) {
        StringBuilder text = new StringBuilder();
        for (char c : wanted.toCharArray()) {
            text.append(random.nextInt(5) == 0 ? "|%02x|".formatted((int) c) : "" + c);
        }
        return text.toString();
    }

    private static boolean same(byte[] buffer, int at, String wanted, boolean noCase) {
        String there = PlainChain.text(buffer, at, wanted.length());
        return noCase ? there.equalsIgnoreCase(wanted) : there.equals(wanted);
    }
}
